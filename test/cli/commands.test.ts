/** The commands that read and import, beside a running service and without one. Needs `npm run build`. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { palimpsest, type Served, serve } from '../support/serve.js';

jest.setTimeout(60_000);

const story = 'harrow-bay-ferry-fire';
let data: string;
let yesterday: string;
beforeAll(async () => {
  delete process.env.FORCE_COLOR;
  data = await mkdtemp(join(tmpdir(), 'palimpsest-cli-'));
  expect(await run('example')).toMatchObject({ code: 0 });
  const { items } = JSON.parse((await run('history', story, '--json')).stdout);
  yesterday = items.at(-1).inForceFrom.slice(0, 10);
});
afterAll(() => rm(data, { recursive: true, force: true }));

const run = (...args: string[]) => palimpsest(data, ...args);
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);

/** A line of each command's answer that it must have. */
const questions: [string[], RegExp][] = [
  [['as-of', story, 'DAY 11:30'], /^Version 1, in force from \S+ 11:27:00Z to \S+ 12:20:00Z/m],
  [['as-of', story, 'DAYT12:20:00Z', '--format', 'markdown'], /Lena Okafor/],
  [['history', story], /^ +2 {2}\S+ 12:20:00Z {2}statement added/m],
  [['history', story, '--as', 'editor'], /\[waiting\]/],
  [['compare', story, '3', '4'], /\[-140-\]\{\+118\+\}/],
  [['compare', story, '3', '4', '--format', 'unified'], /^-.*\b140\b[\s\S]*^\+.*\b118\b/m],
  [['compare', story, '3', '4', '--format', 'json'], /"figures": \[\s*\{\s*"before": "140"/],
  [['compare', story, 'DAY 11:30', 'now'], /version 1 .* → version 6 /],
  [['authorship', story, '--version', '2'], /^ +2 │ /m],
  [['authorship', story, '--as-of', 'DAY 11:30', '--by', '1'], /^The words of version 1$/m],
  [['replay', story], /^7 events, the chain unbroken/m],
];
const dated = (args: string[]) => args.map((arg) => arg.replace('DAY', yesterday));

test('without a service, commands start one for themselves', async () => {
  for (const [args, line] of questions.filter((_, index) => index % 3 === 0)) {
    const { code, stdout, stderr } = await run(...dated(args));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(line);
  }
  expect(await readdir(data)).not.toContain('service.json');
});

test('a copy of the data folder proves the same', async () => {
  const copy = await mkdtemp(join(tmpdir(), 'palimpsest-cli-copy-'));
  const { code, stdout } = await run('copy', '--from', data, '--to', copy);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^7 events copied; 7 events of 1 story and \d+ texts/)]);
  expect(JSON.parse((await run('copy', '--from', data, '--to', copy, '--json')).stdout)).toMatchObject({ added: 0 });
  const { heads } = await json('verify');
  expect(JSON.parse((await palimpsest(copy, 'verify', '--json')).stdout)).toMatchObject({ ok: true, heads });
  expect((await run('copy', '--from', data, '--to', data)).code).toBe(2);
  await rm(copy, { recursive: true });
});

test('an export taken in by another folder proves the same, and holds what it says on standard error', async () => {
  const there = await mkdtemp(join(tmpdir(), 'palimpsest-cli-import-'));
  const file = join(there, 'stories.jsonl');
  const { code, stdout, stderr } = await run('export', '-o', file);
  expect([code, stdout]).toEqual([0, '']);
  expect(stderr).toMatch(/^This holds everything: .*\n1 story, 7 events, \d+ texts in /);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await run('export', story)).stdout.split('\n').slice(1)).toEqual(
    (await readFile(file, 'utf8')).split('\n').slice(1),
  );
  expect((await palimpsest(there, 'import', '--check', file)).stdout).toMatch(/^1 story in order/);
  expect((await readdir(there)).sort()).toEqual(['stories.jsonl']);
  expect(await palimpsest(there, 'import', file)).toMatchObject({ code: 0, stdout: '1 story imported, 7 events\n' });
  expect(JSON.parse((await palimpsest(there, 'import', file, '--json')).stdout)).toMatchObject({ there: 1, events: 0 });
  const { heads } = await json('verify');
  expect(JSON.parse((await palimpsest(there, 'verify', '--json')).stdout)).toMatchObject({ ok: true, heads });
  await writeFile(file, (await readFile(file, 'utf8')).replace(/"kind":"end".*/, ''));
  const damaged = await palimpsest(there, 'import', '--check', file);
  expect([damaged.code, damaged.stderr]).toEqual([1, expect.stringMatching(/line 10: it is not JSON/)]);
  expect((await run('export', 'no-such-story')).stderr).toMatch('there is no story "no-such-story"');
  await rm(there, { recursive: true });
});

test('a history becomes a git repository', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'palimpsest-cli-git-')), 'ferry');
  expect(await run('export', story, '--format', 'git', '-o', path)).toMatchObject({
    code: 0,
    stderr: `6 commits in ${path}\n`,
  });
  expect(await readFile(join(path, 'story.md'), 'utf8')).toMatch(/^---\ntitle: /);
  const { stdout } = await run('export', story, '--format', 'git-fast-import');
  expect(stdout.match(/^commit refs\/heads\/main$/gm)).toHaveLength(6);
  await rm(join(path, '..'), { recursive: true });
});

test.each([
  [['as-of']],
  [['export', '--format', 'git', '-o', 'here']],
  [['export', story, '--format', 'git']],
  [['export', '--as', 'editor']],
  [['import', 'no-such-file.jsonl']],
  [['import', 'package.json']],
  [['as-of', story, 'noon']],
  [['import', 'versions', 'x.jsonl']],
  [['history', story, '--as', 'owner']],
])('%j is wrong usage: 2', async (args) => {
  expect((await run(...args)).code).toBe(2);
});

test.each([
  [['histroy', story], /unknown command 'histroy'\n\(Did you mean history\?\)\n.*--help/],
  [['history', story, '--jsn'], /unknown option '--jsn'\n\(Did you mean --json\?\)\n.*--help/],
])('%j is wrong usage, with the word that was meant', async (args, hint) => {
  expect(await run(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(hint) });
});

describe('beside a running service', () => {
  let service: Served;
  beforeAll(async () => {
    service = await serve(data);
  });
  afterAll(() => service.stop());

  test.each(questions)('%j', async (args, line) => {
    const { code, stdout } = await run(...dated(args));
    expect([code, stdout]).toEqual([0, expect.stringMatching(line)]);
  });

  test('what is refused ends with 1, in words, and as JSON where that was asked for', async () => {
    const early = await run('as-of', story, '2001-01-01', '--json');
    expect(early.code).toBe(1);
    expect(early.stderr).toMatch(/^palimpsest: .*no version of this story was in force yet/);
    expect(JSON.parse(early.stdout)).toMatchObject({ code: 'not-yet-in-force', status: 404 });
    expect((await run('history', 'no-such-story')).code).toBe(1);
    expect((await run('compare', story, '1', '7')).code).toBe(1);
    expect((await run('replay', story, '--as', 'editor')).code).toBe(1);
  });

  test('words are coloured on request and never where NO_COLOR is set', async () => {
    process.env.FORCE_COLOR = '1';
    const coloured = (await run('compare', story, '3', '4')).stdout;
    process.env.NO_COLOR = '1';
    const plain = (await run('compare', story, '3', '4')).stdout;
    delete process.env.FORCE_COLOR;
    delete process.env.NO_COLOR;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are told colours by them
    expect(coloured).toMatch(/\u001b\[32;4m118/);
    expect(plain).toMatch('{+118+}');
    const always = (await run('compare', story, '3', '4', '--color=always', '--format', 'unified')).stdout;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are told colours by them
    expect(always).toMatch(/\u001b\[31;9m-.*140[\s\S]*\u001b\[32;4m\+.*118/);
    expect((await run('compare', story, '3', '4', '--color=never')).stdout).toMatch('{+118+}');
  });

  test('the log verifies, and its heads are printed', async () => {
    const verified = await json('verify');
    expect(verified).toMatchObject({ ok: true, stories: 1, events: 7, views: 'equal', findings: [] });
    const { items } = await json('replay', story);
    expect(verified.heads).toEqual([expect.objectContaining({ revision: 6, hash: items.at(-1).hash })]);
  });

  test('stories are exported beside it, and not imported under it', async () => {
    const file = join(data, 'stories.jsonl');
    expect((await run('export', '-o', file)).code).toBe(0);
    const { code, stderr } = await run('import', file);
    expect([code, stderr]).toEqual([3, expect.stringContaining('stop it, then import')]);
  });

  test('the views are not rebuilt under it', async () => {
    const { code, stderr } = await run('rebuild');
    expect([code, stderr]).toEqual([3, expect.stringContaining('stop it first')]);
  });

  test('another token may be given, in an option or in the environment', async () => {
    const { secret } = await json('tokens', 'create', '--name', 'reader', '--role', 'editor');
    expect((await run('history', story, '--token', secret)).stdout).toMatch('[waiting]');
    process.env.PALIMPSEST_TOKEN = secret;
    const { stdout } = await run('history', story);
    delete process.env.PALIMPSEST_TOKEN;
    expect(stdout).toMatch('[waiting]');
    expect((await run('history', story, '--token', 'pal_nonsense')).code).toBe(1);
  });
});

describe('import versions', () => {
  const lines = [
    { at: '2024-05-14T11:27:00Z', headline: 'Quay 9', text: 'A fire.', editor: 'Ines Varga' },
    { at: '2024-05-14T12:20:00Z', text: 'A fire. Nobody was hurt.' },
    { at: '2024-05-14T12:20:00Z', text: 'A fire. Nobody was hurt.' },
    { at: '2024-05-14T12:41:00Z', text: 'A fire. All is well.', note: 'It is out.' },
  ];
  const file = async (said: object[]) => {
    const path = join(data, 'lines.jsonl');
    await writeFile(path, said.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return path;
  };

  test('without a service, then beside one: the second run finds everything', async () => {
    const path = await file(lines);
    const first = await run('import', 'versions', path, '--story', 'quay-9');
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(/^3 versions imported into quay-9\n1 line skipped: nothing changed \(line 3\)/);
    const service = await serve(data);
    try {
      const second = await json('import', 'versions', path, '--story', 'quay-9');
      expect(second).toMatchObject({ imported: 0, refused: null });
      const versions = await json('history', 'quay-9');
      expect(versions.items.map(({ inForceFrom }: { inForceFrom: string }) => inForceFrom)).toEqual([
        '2024-05-14T12:41:00.000Z',
        '2024-05-14T12:20:00.000Z',
        '2024-05-14T11:27:00.000Z',
      ]);
    } finally {
      await service.stop();
    }
  });

  test('a refused line is named, and the rest of the file is not sent', async () => {
    const path = await file([...lines, { at: '2024-05-14T12:00:00Z', text: 'Slipped under.' }, lines[0]!]);
    const { code, stderr } = await run('import', 'versions', path, '--story', 'quay-9');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^palimpsest: line 5: .*2024-05-14T12:41:00/)]);
    expect((await json('history', 'quay-9')).items).toHaveLength(3);
  });

  test('a file that is not there is wrong usage', async () => {
    const { code, stderr } = await run('import', 'versions', join(data, 'nowhere.jsonl'), '--story', 'quay-9');
    expect([code, stderr]).toEqual([2, expect.stringContaining('nowhere.jsonl')]);
  });
});

describe('with the views gone or wrong', () => {
  const viewsFiles = async () => (await readdir(data)).filter((name) => name.startsWith('views-'));

  test('rebuild makes them anew, and they verify', async () => {
    for (const name of await viewsFiles()) await rm(join(data, name));
    const { code, stdout } = await run('rebuild');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/made anew from \d+ events/)]);
    expect(await json('verify')).toMatchObject({ ok: true, views: 'equal' });
  });

  test('verify ends with 1 and names the row that was altered; rebuild mends it', async () => {
    const [name] = await viewsFiles();
    const views = new DatabaseSync(join(data, name!));
    views.exec(`UPDATE versions SET in_force_from = '2026-01-01T00:00:00.000Z' WHERE version = 2`);
    views.close();
    const { code, stdout } = await run('verify');
    expect([code, stdout]).toEqual([1, expect.stringMatching(/✗ views-differ: .*version=2/)]);
    await run('rebuild');
    expect((await run('verify')).code).toBe(0);
  });
});

test('a folder without a store has nothing to verify or rebuild, and gets none', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'palimpsest-empty-'));
  for (const command of ['verify', 'rebuild']) expect((await palimpsest(empty, command)).code).toBe(3);
  expect(await readdir(empty)).toEqual([]);
  await rm(empty, { recursive: true });
});
