/** Stories written out with their record and taken into other stores: whole or not at all, once however often, erased words never. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { takeInto } from '../../src/cli/import.js';
import { openKurrentStore } from '../../src/event-store/kurrentdb/store.js';
import type { EventStore, StoredEvent } from '../../src/event-store/port.js';
import { hashOf, seal } from '../../src/event-store/sealing.js';
import { openSqliteStore } from '../../src/event-store/sqlite/store.js';
import { readExport } from '../../src/transfer/read-export.js';
import { startServer } from '../event-store/kurrentdb/server.js';
import { filesWith } from '../support/bytes.js';
import { type RunningApp, startApp } from '../support/start-app.js';
import { exported, exportTo, importFrom, proved, provedIn } from './moving.js';

let app: RunningApp;
let log: EventStore;
/** Of everything, after the erasure; and of what there was before it. */
let file: string;
let before: string;
let lines: string[];
const ids: Record<string, string> = {};
const opened: (() => Promise<unknown>)[] = [];

const folder = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'palimpsest-export-'));
  opened.push(() => rm(path, { recursive: true, force: true }));
  return path;
};
const fileOf = async (text: string): Promise<string> => {
  const path = join(await folder(), 'stories.jsonl');
  await writeFile(path, text);
  return path;
};
const write = async (path: string, body: object, method = 'POST') => {
  const answer = await app.ask(`/api/stories${path}`, {
    as: 'standards',
    method,
    headers: { 'if-match': '*', ...(path.endsWith('/versions') && { 'idempotency-key': randomUUID() }) },
    body,
  });
  if (answer.status >= 300) throw new Error(answer.text);
  return answer.json;
};
const publish = async (slug: string, text: string) => {
  ids[slug] = (await write('', { slug, headline: `On ${slug}`, body: { text } })).story.id;
};
const takeAway = async (slug: string, how: 'hidings' | 'erasures', phrase: string, more: object = {}) => {
  const asked = { phrase, force: true, ...more };
  const { token } = await write(`/${slug}/${how}`, asked);
  return write(`/${slug}/${how}`, { ...asked, token });
};

beforeAll(async () => {
  app = await startApp();
  await publish('ferry', 'The ferry is late.\n\nTom Achterberg lives at 4 Quay Street.\n\nSmoke\u2028rose \u{1f525}.');
  await publish('harbour', 'The harbour is closed.');
  await write('/ferry/versions', { headline: 'The ferry has arrived', note: 'More is known.' });
  await write('/ferry/versions', { standfirst: 'Everyone is safe' });
  await write('/harbour/versions', { headline: 'Not yet', inForceFrom: '2200-01-01T00:00:00Z' });
  await write('/ferry/versions/2', { hidden: true, reason: 'A name.' }, 'PATCH');
  await takeAway('harbour', 'hidings', 'closed');
  before = join(await folder(), 'before.jsonl');
  await exportTo(app.data, before);
  await takeAway('ferry', 'erasures', 'Quay Street', { authority: 'court-order', reason: 'An order.' });
  log = await openSqliteStore(app.data, { readOnly: true });
  opened.push(() => log.close());
  file = await fileOf(await exported(log));
  lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
});
afterAll(async () => {
  for (const close of opened.reverse()) await close();
  await app.dispose();
});

const lineOf = (index: number) => JSON.parse(lines[index]!);
const whole = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');

describe('an export', () => {
  test('has every event of every story, what is hidden and what is gone marked, and says where it ends', () => {
    const read = lines.map((line) => JSON.parse(line));
    const events = read.filter(({ kind }) => kind === 'event');
    expect(read.at(0)).toMatchObject({ format: 'palimpsest-export', version: 1, stories: 2 });
    expect(read.filter(({ kind }) => kind === 'story')).toEqual([
      expect.objectContaining({ story: ids.ferry, events: 5, hiddenVersions: [2] }),
      expect.objectContaining({ story: ids.harbour, events: 3 }),
    ]);
    expect(read.at(-1)).toMatchObject({ kind: 'end', stories: 2, events: events.length });
    expect(events[0].gone).toEqual([
      { name: expect.stringMatching(/^body\//), because: 'erased', order: 4, authority: 'court-order' },
    ]);
    const hidden = events.flatMap(({ texts }) => texts.filter((text: { hidden?: true }) => text.hidden));
    expect(hidden).toEqual([expect.objectContaining({ text: expect.stringContaining('closed') })]);
  });

  test('made after an erasure holds none of the words, made before it holds them', async () => {
    expect(await readFile(before, 'utf8')).toContain('Quay Street');
    expect(lines.join()).not.toContain('Quay Street');
  });

  test('is split by no program that takes other signs for ends of lines', () => {
    expect(lines.join()).toContain('Smoke\\u2028rose');
    expect(lines.join()).not.toMatch(/[\u0085\u2028\u2029]/);
  });

  test('holds the stories asked for, by slug or id', async () => {
    const stories = async (...names: string[]) =>
      (await exported(log, names)).match(/"kind":"story","story":"[^"]+/g)?.map((found) => found.slice(-36));
    expect(await stories('harbour')).toEqual([ids.harbour]);
    expect(await stories(ids.harbour!, 'ferry', 'harbour')).toEqual([ids.harbour, ids.ferry]);
    await expect(stories('ferry', 'no-such')).rejects.toMatchObject({ code: 'no-such-story' });
    await expect(stories(crypto.randomUUID())).rejects.toMatchObject({ code: 'no-such-story' });
  });

  test('is not made of a damaged log', async () => {
    const without: EventStore = {
      ...log,
      async *readStream(...asked) {
        for await (const event of log.readStream(...asked)) yield { ...event, texts: event.texts.slice(1) };
      },
    };
    await expect(exported(without)).rejects.toMatchObject({ code: 'damaged' });
    const altered: EventStore = {
      ...log,
      async *readRecords(...asked) {
        for await (const stored of log.readRecords(...asked))
          yield { ...stored, record: Buffer.from(Buffer.from(stored.record).toString().replace('major', 'minor')) };
      },
    };
    await expect(exported(altered)).rejects.toMatchObject({ code: 'damaged' });
  });

  test('words erased while it is made are told, not taken for damage', async () => {
    const old = await openSqliteStore(await folder());
    opened.push(() => old.close());
    await takeInto(old, { data: await folder() }, before);
    let asked = 0;
    const meanwhile: EventStore = {
      ...log,
      // The first look at the facts comes before the order (and before it whether the story is there).
      readRecords: (...at) => (asked++ < 2 ? old : log).readRecords(...at),
    };
    await expect(exported(meanwhile, [ids.ferry!])).rejects.toMatchObject({ code: 'changed' });
  });

  test('is checked by the program that docs/export.md prints', async () => {
    const page = await readFile(join(import.meta.dirname, '../../docs/export.md'), 'utf8');
    const program = await fileOf(/```js\n([\s\S]*?)```/.exec(page)![1]!).then(async (path) => {
      await writeFile(`${path}.mjs`, await readFile(path));
      return `${path}.mjs`;
    });
    const check = (path: string) => promisify(execFile)(process.execPath, [program, path], { env: {} });
    const { heads } = await proved(log);
    const { stdout } = await check(file);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[2]),
    ).toEqual(lines.flatMap((line) => JSON.parse(line).head ?? []));
    expect(Object.values(heads).every((head) => stdout.includes(head))).toBe(true);
    const altered = lines.map((line) => line.replace('More is known.', 'Less is known.'));
    await expect(check(await fileOf(whole(altered)))).rejects.toThrow('note');
    await expect(check(await fileOf(whole(lines.slice(0, -1))))).rejects.toThrow('cut off');
  });
});

describe('taken into another store', () => {
  test.each([
    ['a folder', async () => openSqliteStore(await folder())],
    [
      'a cluster',
      async () => {
        const server = await startServer();
        opened.push(async () => server.close());
        return openKurrentStore(server.address);
      },
    ],
  ])('%s: the same records and heads, and exported again the same lines', async (_, open) => {
    const to: EventStore = await open();
    opened.push(() => to.close());
    const data = await folder();
    const { outcomes, damaged } = await takeInto(to, { data }, file);
    expect([damaged, outcomes.map(({ outcome }) => outcome)]).toEqual([undefined, ['imported', 'imported']]);
    expect(await proved(to)).toEqual(await proved(log));
    expect(await exported(to)).toBe(await exported(log));
    const again = await takeInto(to, { data }, file);
    expect(again.outcomes.map((one) => one.outcome !== 'refused' && [one.outcome, one.added])).toEqual([
      ['there', 0],
      ['there', 0],
    ]);
  });

  test('a story too long to keep in memory is read from the file each time, and is the same', async () => {
    const events = async (kept?: number) => {
      const all: StoredEvent[] = [];
      for await (const part of readExport(file, kept)) {
        if (part.kind === 'story') for (const _ of [1, 2]) for await (const event of part.read()) all.push(event);
      }
      return all;
    };
    expect(await events(100)).toEqual(await events());
  });

  test('it is served there: the same answers at the same addresses', async () => {
    const data = await folder();
    await importFrom(file, data);
    const there = await startApp({ data });
    for (const path of [
      '/ferry',
      '/ferry/versions',
      '/ferry/versions/1',
      '/harbour',
      '/ferry/versions/2',
      '/harbour/versions/2',
    ]) {
      const [here, other] = [await app.ask(`/api/stories${path}`), await there.ask(`/api/stories${path}`)];
      const { correlationId: _, ...same } = here.json;
      expect([other.status, other.json]).toEqual([here.status, expect.objectContaining(same)]);
    }
    await there.stop();
  });

  test('a later export continues what an earlier one brought, and takes out what was erased since', async () => {
    const data = await folder();
    await importFrom(before, data);
    expect(await filesWith(data, 'Quay Street')).not.toEqual([]);
    const { outcomes, pending } = await importFrom(file, data);
    expect(outcomes).toEqual([
      expect.objectContaining({ outcome: 'continued', added: 1 }),
      expect.objectContaining({ outcome: 'there', added: 0 }),
    ]);
    expect(pending).toBe(0);
    expect(await filesWith(data, 'Quay Street')).toEqual([]);
    expect(await provedIn(data)).toEqual(await proved(log));
    expect(await readFile(join(data, 'erasures.jsonl'), 'utf8')).toContain(ids.ferry);
    const back = await importFrom(before, data);
    expect(back.outcomes.map(({ outcome }) => outcome)).toEqual(['there', 'there']);
    expect(await filesWith(data, 'Quay Street')).toEqual([]);
  });

  test('words that the ledger there names are not brought back by an older export', async () => {
    const data = await folder();
    await writeFile(join(data, 'erasures.jsonl'), await readFile(join(app.data, 'erasures.jsonl')));
    expect(await importFrom(before, data)).toMatchObject({ orderedAgain: 1, pending: 0 });
    expect(await filesWith(data, 'Quay Street')).toEqual([]);
    expect((await provedIn(data)).wrong).toEqual([]);
  });

  test('a story that has gone on there otherwise is refused by name, and the others are taken', async () => {
    const data = await folder();
    await importFrom(await fileOf(await exported(log, ['ferry'])), data);
    const other = await startApp({ data });
    await other.ask('/api/stories/ferry/slug', {
      as: 'standards',
      method: 'PUT',
      headers: { 'if-match': '*' },
      body: { slug: 'the-ferry' },
    });
    await other.stop();
    await write('/ferry/slug', { slug: 'ferry-at-last' }, 'PUT');
    const was = (await provedIn(data)).heads[ids.ferry!];
    const { outcomes } = await importFrom(await fileOf(await exported(log)), data);
    expect(outcomes).toEqual([
      { story: ids.ferry, outcome: 'refused', because: expect.stringContaining('revision 5') },
      expect.objectContaining({ story: ids.harbour, outcome: 'imported' }),
    ]);
    expect((await provedIn(data)).heads[ids.ferry!]).toBe(was);
  });

  test('a slug that is taken there stays with its story; the one imported is told and goes by its id', async () => {
    const other = await startApp();
    await other.ask('/api/stories', {
      as: 'editor',
      body: { slug: 'harbour', headline: 'Another', body: { text: 'x' } },
    });
    const { id: owner } = (await other.ask('/api/stories/harbour')).json.story;
    await other.stop();
    const { slugsTaken } = await importFrom(file, other.data);
    expect(slugsTaken).toEqual([{ story: ids.harbour, slug: 'harbour', owner }]);
    const again = await startApp({ data: other.data });
    expect((await again.ask('/api/stories/harbour')).json.story.id).toBe(owner);
    expect((await again.ask(`/api/stories/${ids.harbour}`)).json.story).toMatchObject({ id: ids.harbour, slug: null });
    await again.dispose();
  });
});

describe('a file that is not as it was written', () => {
  const taken = async (text: string) => {
    const data = await folder();
    const { outcomes, damaged } = await importFrom(await fileOf(text), data);
    const { heads, wrong } = await provedIn(data);
    expect(wrong).toEqual([]);
    // Of a story there is all, or nothing.
    for (const head of Object.values(heads)) expect(lines.join()).toContain(`"head":"${head}"`);
    expect(Object.keys(heads)).toEqual(outcomes.map(({ story }) => story));
    return { line: damaged?.line, problem: damaged?.message, stories: outcomes.length };
  };
  const harbourAt = () => lines.findIndex((line) => line.includes(`"story":"${ids.harbour}"`));

  test('cut off: it says so, and the stories before it are in, whole', async () => {
    const at = harbourAt();
    const cut = (n: number) => taken(whole(lines.slice(0, n)));
    expect(await cut(lines.length - 1)).toEqual({
      line: lines.length,
      problem: expect.stringContaining('cut off'),
      stories: 2,
    });
    expect(await cut(at + 2)).toMatchObject({ line: at + 3, problem: expect.stringContaining('cut off'), stories: 1 });
    expect(await taken(whole(lines).slice(0, -20))).toMatchObject({ line: lines.length, stories: 2 });
    expect(await cut(3)).toMatchObject({ stories: 0 });
  });

  const altered = (at: number, change: (line: ReturnType<typeof lineOf>) => object) =>
    whole(lines.map((line, index) => (index === at ? JSON.stringify(change(JSON.parse(line))) : line)));

  test.each<[string, () => string, number, RegExp]>([
    ['a letter of a record', () => whole(lines).replace('StoryUpdated', 'StoryUpdateb'), 4, /hash names/],
    ['a letter of a text', () => whole(lines).replace('More is known', 'Less is known'), 4, /gone or altered/],
    [
      'a hash',
      () => altered(3, (line) => ({ ...line, hash: line.hash.replace(/^./, (c: string) => (c === '0' ? '1' : '0')) })),
      4,
      /hash names/,
    ],
    ['a text taken out', () => altered(2, (line) => ({ ...line, texts: line.texts.slice(1) })), 3, /gone or altered/],
    [
      'a text put in',
      () => altered(3, (line) => ({ ...line, texts: [...line.texts, { ...line.texts[0], name: 'x' }] })),
      4,
      /commit/,
    ],
    ['a line twice', () => whole([...lines.slice(0, 4), ...lines.slice(3)]), 5, /where 2 should come/],
    [
      'two lines in the wrong order',
      () => whole([...lines.slice(0, 3), lines[4]!, lines[3]!, ...lines.slice(5)]),
      4,
      /where 1 should come/,
    ],
    ['a line left out', () => whole([...lines.slice(0, 4), ...lines.slice(5)]), 5, /where 2 should come/],
    ['the last event left out', () => whole([...lines.slice(0, 6), ...lines.slice(7)]), 7, /event should stand here/],
    ['a line that is no JSON', () => whole(lines.with(3, lines[3]!.slice(0, 50))), 4, /not JSON/],
    ['the file’s version', () => whole(lines).replace('"version":1', '"version":2'), 1, /newer Palimpsest/],
    ['a story twice', () => whole([...lines.slice(0, 7), ...lines.slice(1)]), 8, /came before/],
    [
      'the count at the end',
      () => whole(lines).replace(/"events":\d+,"texts"/, '"events":7,"texts"'),
      12,
      /counts 7 events/,
    ],
    ['something after the end', () => whole([...lines, lines.at(-1)!]), 13, /after the end/],
  ])('%s: stopped at that line', async (_, text, line, problem) => {
    expect(await taken(text())).toMatchObject({ line, problem: expect.stringMatching(problem) });
  });

  test('an invented history with hashes that fit is held against what a story may do', async () => {
    const { createHash } = await import('node:crypto');
    const event = lineOf(2);
    const record = event.record.replace('StoryPublished', 'VersionHidden');
    const hash = createHash('sha256').update(record).digest('hex');
    const text = whole([
      lines[0]!,
      JSON.stringify({ ...lineOf(1), events: 1, head: hash }),
      JSON.stringify({ ...event, record, hash }),
    ]);
    expect(await taken(text)).toMatchObject({ line: 3, stories: 0 });
  });

  test.each<[string, object, object?]>([
    ['a headline that is a number', { headline: 42 }],
    ['a headline that is nothing', { headline: null }],
    ['a headline without end', { headline: 'x'.repeat(10_000) }],
    ['an address that is a script', { url: 'javascript:alert(1)' }],
    ['a slug that is a path', { slug: '../harbour' }],
    ['an editor without a name', { editor: 'Ines Varga' }],
    ['a block that is none', { 'body/k': { _type: 'block' } }],
    ['a text that no event has', { constructor: 'x' }],
    ['a time that is none', {}, { inForceFrom: '2026-13-45T00:00:00.000Z' }],
    [
      'one block twice',
      {},
      {
        manifest: {
          fields: { headline: 0 },
          body: [
            ['k', 0],
            ['k', 0],
          ],
        },
      },
    ],
  ])('an invented history with %s is not taken, though its hashes fit', async (_what, texts, data = {}) => {
    const { commitments: _, ...facts } = JSON.parse(lineOf(2).record);
    const told: { name: string; text: string }[] = lineOf(2).texts;
    const own = Object.fromEntries(told.map(({ name, text }) => [name, JSON.parse(text)]));
    const block = {
      _type: 'block',
      style: 'normal',
      markDefs: [],
      children: [{ _type: 'span', text: 'x', marks: [] }],
    };
    const { record, texts: sealed } = seal({
      ...facts,
      data: { ...facts.data, manifest: { fields: { headline: 0 }, body: [['k', 0]] }, ...data },
      texts: { slug: 'invented', headline: own.headline ?? 'Ferries', editor: own.editor, 'body/k': block, ...texts },
    });
    const event = {
      ...lineOf(2),
      hash: hashOf(record),
      record: Buffer.from(record).toString(),
      texts: sealed.map(({ name, key, bytes }) => ({
        name,
        key: Buffer.from(key).toString('base64url'),
        text: Buffer.from(bytes).toString(),
      })),
      gone: undefined,
    };
    const text = whole([
      lines[0]!,
      JSON.stringify({ ...lineOf(1), events: 1, head: event.hash }),
      JSON.stringify(event),
    ]);
    expect(await taken(text)).toMatchObject({
      line: 3,
      stories: 0,
      problem: expect.stringMatching(/may say|time|twice/),
    });
  });

  test('run again when mended, it goes on', async () => {
    const data = await folder();
    const path = await fileOf(whole(lines.slice(0, -2)));
    expect((await importFrom(path, data)).damaged).toBeDefined();
    await appendFile(path, whole(lines.slice(-2)));
    expect((await importFrom(path, data)).outcomes.map(({ outcome }) => outcome)).toEqual(['there', 'imported']);
  });
});
