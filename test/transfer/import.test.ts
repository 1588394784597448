/** A history kept elsewhere, brought in over real HTTP: once, again, after a break, and where it does not fit. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Tokens } from '../../src/access/tokens.js';
import { type ReadLine, readLine } from '../../src/transfer/import-line.js';
import { type Ask, type Importing, importVersions } from '../../src/transfer/import-versions.js';
import { type RunningApp, startApp } from '../support/start-app.js';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.dispose());

const askAs =
  (authorization?: string): Ask =>
  async ({ method, path, headers, body }) => {
    const { status, json } = await app.ask(path, {
      ...(authorization ? {} : { as: 'standards' as const }),
      method,
      ...(body !== undefined && { body }),
      headers: { ...headers, ...(authorization && { authorization }) },
    });
    return { status, body: json };
  };

async function* linesFrom(said: object[]): AsyncGenerator<ReadLine> {
  for (const [index, line] of said.entries()) {
    yield readLine({ number: index + 1, bytes: Buffer.from(JSON.stringify(line)) });
  }
}

async function imported(story: string, said: object[], ask = askAs()): Promise<Importing[]> {
  const outcomes: Importing[] = [];
  for await (const outcome of importVersions(story, linesFrom(said), ask)) outcomes.push(outcome);
  return outcomes;
}
const shortly = (outcomes: Importing[]) =>
  outcomes.map((one) => (one.ok ? [one.line, one.outcome, one.version] : [one.line, one.problem]));

const day = (time: string, text: string, more: object = {}) => ({
  at: `2024-05-14T${time}:00Z`,
  headline: 'Ferries stopped after fire at Quay 9',
  text,
  editor: 'Ines Varga',
  ...more,
});
const history = [
  day('11:27', 'A fire stopped all sailings.'),
  day('12:20', 'A fire stopped all sailings.\n\nNobody was hurt.', { note: 'The harbour office has confirmed it.' }),
  day('12:21', 'A fire stopped all sailings.\n\n\nNobody was hurt.\n'),
  day('12:41', 'A fire stopped all sailings.\n\nNobody was hurt.\n\nFerries sail again at four.'),
];
const saidAt = async (story: string, time: string) =>
  (await app.ask(`/api/stories/${story}?asOf=2024-05-14T${time}Z`, { as: 'editor' })).json;

test('each line is a version at its own time, and one that changes nothing is skipped', async () => {
  expect(shortly(await imported('own-times', history))).toEqual([
    [1, 'imported', 1],
    [2, 'imported', 2],
    [3, 'unchanged', 2],
    [4, 'imported', 3],
  ]);
  expect((await saidAt('own-times', '11:26:59')).code).toBe('not-yet-in-force');
  expect(await saidAt('own-times', '11:30:00')).toMatchObject({ version: 1, imported: true });
  expect(await saidAt('own-times', '12:20:00')).toMatchObject({
    version: 2,
    note: 'The harbour office has confirmed it.',
    editor: { id: 'Ines Varga', name: 'Ines Varga' },
  });
});

test('a second run finds everything there and adds nothing, with another token too', async () => {
  await imported('twice', history);
  const versions = (await app.ask('/api/stories/twice/versions', { as: 'editor' })).json;
  const all = history.map((_, index) => [index + 1, 'there']);
  const again = await imported('twice', history);
  expect(again.map((one) => one.ok && [one.line, one.outcome])).toEqual(all);
  const { secret } = new Tokens(app.data).create({ name: 'archive', role: 'standards', onBehalf: true });
  const byAnother = await imported('twice', history, askAs(`Bearer ${secret}`));
  expect(byAnother.map((one) => one.ok && [one.line, one.outcome]).slice(0, -1)).toEqual(all.slice(0, -1));
  expect((await app.ask('/api/stories/twice/versions', { as: 'editor' })).json).toEqual(versions);
});

test('a run that broke off is taken up where it ended, and a longer file adds to the story', async () => {
  await imported('broken-off', history.slice(0, 2));
  expect(shortly(await imported('broken-off', history)).map(([, outcome]) => outcome)).toEqual([
    'there',
    'there',
    'unchanged',
    'imported',
  ]);
});

test('a line older than the story’s last time is refused by number, and what came before it stays', async () => {
  const slipped = [...history, day('12:00', 'Slipped under.'), day('13:05', 'Never sent.')];
  const outcomes = await imported('slipped', slipped);
  expect(outcomes).toHaveLength(5);
  expect(outcomes[4]).toMatchObject({
    ok: false,
    line: 5,
    problem: expect.stringContaining('2024-05-14T12:41:00.000Z'),
  });
  expect(await saidAt('slipped', '23:00:00')).toMatchObject({ version: 3 });
});

test('a line that was altered after it was imported does not rewrite history', async () => {
  await imported('altered', history);
  const altered = history.with(0, day('11:27', 'A fire stopped most sailings.'));
  expect(await imported('altered', altered)).toMatchObject([{ ok: false, line: 1 }]);
  expect((await saidAt('altered', '11:30:00')).body[0].children[0].text).toBe('A fire stopped all sailings.');
});

test('a broken line ends the run by its number; mended, the run goes on', async () => {
  const broken: object[] = history.map((line, index) =>
    index === 1 ? { ...line, html: '<p>Nobody was hurt.</p>' } : line,
  );
  expect(shortly(await imported('mended', broken))).toEqual([
    [1, 'imported', 1],
    [2, expect.stringContaining('give exactly one of markdown, html, text, body')],
  ]);
  expect((await imported('mended', history)).every(({ ok }) => ok)).toBe(true);
});

test('a story needs a headline from somewhere, and the first line without one says so', async () => {
  const { headline: _, ...bare } = history[0]!;
  expect(await imported('no-headline', [bare])).toMatchObject([
    { ok: false, line: 1, problem: expect.stringContaining('--headline') },
  ]);
});

test('who may not import, or not in others’ names, is told so at the first line', async () => {
  const editor = await imported('not-mine', history, askAs(`Bearer ${app.token('editor')}`));
  expect(editor).toMatchObject([{ ok: false, line: 1, problem: expect.stringContaining('import') }]);
  const { secret } = new Tokens(app.data).create({ name: 'own name only', role: 'standards' });
  const standards = await imported('not-mine', history, askAs(`Bearer ${secret}`));
  expect(standards).toMatchObject([{ ok: false, line: 1, problem: expect.stringContaining('editor') }]);
});
