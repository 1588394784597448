/**
 * The service on material that nobody here wrote, run as its users run it: the built command line, real HTTP, a data
 * folder that is stopped, started and rebuilt. REAL_INPUT names the folder with the material.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import MarkdownIt from 'markdown-it';
import { palimpsest, type Served, serve } from '../support/serve.js';

jest.setTimeout(300_000);

const input = process.env.REAL_INPUT;
if (!input) throw new Error('REAL_INPUT must name the folder with the real input');

/** File, and how many versions its revisions make: those that change only markup, front matter or white space make none. */
const policies = [
  ['acceptable-use-policies', 36],
  ['dmca-takedown-policy', 26],
  ['terms-of-service', 41],
] as const;

let data: string;
let service: Served;
let tokens: Record<string, string>;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'palimpsest-real-'));
  service = await serve(data);
  tokens = JSON.parse((await palimpsest(data, 'tokens', '--json')).stdout);
});
afterAll(async () => {
  await service.stop();
  await rm(data, { recursive: true, force: true });
});

const ask = async (path: string, body?: unknown) => {
  const response = await fetch(`${service.url}/api${path}`, {
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    headers:
      body === undefined
        ? {}
        : { authorization: `Bearer ${tokens.standards}`, 'content-type': 'application/json', 'if-match': '*' },
  });
  return {
    status: response.status,
    // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes.
    json: (await response.json()) as any,
  };
};
const asOf = (story: string, at: string) => ask(`/stories/${story}?asOf=${encodeURIComponent(at)}`);

interface Said {
  _type: string;
  children?: { text: string }[];
  rows?: { cells: { children: { text: string }[] }[] }[];
  code?: string;
  statement?: string;
}
const textOf = (block: Said): string =>
  block.code ??
  (block.rows
    ? block.rows
        .map(({ cells }) => cells.map((cell) => cell.children.map((span) => span.text).join('')).join(' '))
        .join(' ')
    : (block.children ?? []).map((span) => span.text).join(''));
const wordsOf = (text: string) => text.match(/[\p{L}\p{N}]+/gu) ?? [];

/** The words of Markdown by a renderer that is not ours. */
const renderer = new MarkdownIt({ html: true });
function wordsOfMarkdown(markdown: string): string[] {
  const words: string[] = [];
  const collect = (tokens: ReturnType<typeof renderer.parse>) => {
    let line = '';
    for (const token of tokens) {
      if (token.type === 'inline') {
        collect(token.children ?? []);
      } else if (token.type === 'image') {
        line += ` ${token.content} `;
      } else if (token.type === 'html_block') {
        line += ` ${token.content.replace(/<[^>]*>/g, '')} `;
      } else if (token.type === 'softbreak' || token.type === 'hardbreak') {
        line += ' ';
      } else if (token.type !== 'html_inline') {
        line += token.content;
        if (token.block) line += ' ';
      }
    }
    words.push(...wordsOf(line));
  };
  collect(renderer.parse(markdown.replace(/^---\n[\s\S]*?\n---\n/, ''), {}));
  return words;
}

test('the story of 21 March 2012: published at 11:27, a statement at 12:20, and what it said at 11:30', async () => {
  const [dateline = '', headline, ...paragraphs] = (await readFile(join(input, 'story-2012-03-21.txt'), 'utf8'))
    .trim()
    .split(/\n\n+/);
  const [published, updated] = [...dateline.matchAll(/(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d)/g)].map(
    ([, day, month, year, time]) => `${year}-${month}-${day}T${time}:00Z`,
  );
  const [before, statement] = [paragraphs.slice(0, -6), paragraphs.slice(-6)];
  const speaker = /^(.*?) said:/.exec(statement[0]!)![1]!;

  const first = await ask('/stories', {
    headline,
    slug: 'march',
    body: { text: before.join('\n\n') },
    inForceFrom: published,
    imported: true,
  });
  expect(first.status).toBe(201);
  const second = await ask('/stories/march/versions', {
    statements: [{ speaker, body: { text: statement.join('\n\n') } }],
    inForceFrom: updated,
    imported: true,
  });
  expect(second.json).toMatchObject({ version: 2, acts: ['StatementAdded'] });

  const nothing = await asOf('march', '2012-03-21T11:26:59Z');
  expect([nothing.status, nothing.json.code]).toEqual([404, 'not-yet-in-force']);
  const at1130 = await asOf('march', '2012-03-21T11:30:00Z');
  expect(at1130.json).toMatchObject({ version: 1, headline });
  expect((at1130.json.body as Said[]).map(textOf)).toEqual(before);
  const at1220 = await asOf('march', '2012-03-21T12:20:00Z');
  expect(at1220.json).toMatchObject({ version: 2 });
  expect((at1220.json.body as Said[]).map(textOf)).toEqual([...before, ...statement]);

  const { json } = await ask('/stories/march/compare/1...2');
  const { fields, blocks, statements, summary } = json.comparison as {
    fields: unknown[];
    blocks: { kind: string; after: { statement?: string }[] }[];
    statements: { added: unknown[]; removed: unknown[]; changed: unknown[] };
    summary: { sentence: string };
  };
  expect(fields).toEqual([]);
  expect([statements.added.length, statements.removed.length, statements.changed.length]).toEqual([1, 0, 0]);
  const changed = blocks.filter(({ kind }) => kind !== 'same');
  expect(changed.map(({ kind }) => kind)).toEqual(Array(6).fill('added'));
  expect(new Set(changed.map(({ after }) => after[0]!.statement)).size).toBe(1);
  expect(summary.sentence).toMatch(/^Adds a statement by /);
});

/** Every answer of the service about the policies, in short, to be the same after a rebuild. */
const answers = new Map<string, string>();

for (const [name, versions] of policies) {
  test(`${name}: as of each revision’s time the words are those of that revision`, async () => {
    const file = join(input, 'policies', `${name}.jsonl`);
    const imported = await palimpsest(data, 'import', 'versions', file, '--story', name, '--json');
    expect([imported.code, imported.stderr]).toEqual([0, expect.any(String)]);
    const { json } = await ask(`/stories/${name}/versions?limit=200`);
    expect((json.items as unknown[]).length).toBe(versions);

    const lines = (await readFile(file, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const { committedAt, markdown } of lines) {
      const { status, json } = await asOf(name, committedAt);
      expect(status).toBe(200);
      expect(wordsOf((json.body as Said[]).map(textOf).join(' '))).toEqual(wordsOfMarkdown(markdown));
      answers.set(`${name} ${committedAt}`, digest(json));
    }
    const again = await palimpsest(data, 'import', 'versions', file, '--story', name, '--json');
    expect(again.code).toBe(0);
    expect((await ask(`/stories/${name}/versions?limit=200`)).json).toEqual(json);
  });
}

const digest = (json: unknown) => createHash('sha256').update(JSON.stringify(json)).digest('hex');

test('the whole log verifies', async () => {
  const verified = await palimpsest(data, 'verify');
  expect([verified.code, verified.stderr]).toEqual([0, expect.any(String)]);
});

test('with the views deleted and built again, every answer is the same', async () => {
  await service.stop();
  const views = (await readdir(data)).filter((file) => file.startsWith('views-'));
  expect(views.length).toBeGreaterThan(0);
  for (const file of views) await rm(join(data, file));
  service = await serve(data);
  await untilReady();
  for (const [asked, was] of answers) {
    const [name, at] = asked.split(' ');
    expect(digest((await asOf(name!, at!)).json)).toBe(was);
  }
  expect(answers.size).toBe(139);
});

async function untilReady(): Promise<void> {
  for (;;) if ((await fetch(`${service.url}/health/ready`)).ok) return;
}
