/** The example, as whoever loads it first meets it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Tokens } from '../../src/access/tokens.js';
import { exampleSlug, exampleVersions } from '../../src/desk/example.js';
import { fromMs, type Instant } from '../../src/story/instant.js';
import { type RunningApp, startApp } from '../support/start-app.js';

let app: RunningApp;
const noon = Date.parse('2026-05-14T12:00:00Z');
beforeAll(async () => {
  app = await startApp({ clock: () => noon });
});
afterAll(() => app.dispose());

const load = (as: 'standards' | 'editor' | 'auditor' = 'standards') => app.ask('/example', { as, method: 'POST' });
const story = (query = '') => app.ask(`/api/stories/${exampleSlug}${query}`);
const versions = async () => (await app.ask(`/api/stories/${exampleSlug}/versions`, { as: 'editor' })).json;

test('is not for readers or auditors to load', async () => {
  expect((await app.ask('/example', { method: 'POST' })).status).toBe(401);
  expect((await load('auditor')).status).toBe(403);
});

test('leads to the story, and loading it again, or as somebody else, finds it', async () => {
  const loaded = await load();
  expect([loaded.status, loaded.headers.get('location')]).toEqual([303, `/stories/${exampleSlug}`]);
  const before = await versions();
  expect((await load()).status).toBe(303);
  const { secret } = new Tokens(app.data, () => noon).create({ name: 'another', role: 'standards' });
  const another = await app.ask('/example', { method: 'POST', headers: { authorization: `Bearer ${secret}` } });
  expect(another.status).toBe(303);
  expect(await versions()).toEqual(before);
});

test('says at 11:30 what was published at 11:27, and at 12:20 has the statement', async () => {
  await load();
  expect((await story('?asOf=2026-05-13T11:26:59Z')).json.code).toBe('not-yet-in-force');
  const first = (await story('?asOf=2026-05-13T11:30:00Z')).json;
  expect(first).toMatchObject({ version: 1, headline: 'Ferries stopped after fire at Quay 9', statements: [] });
  const second = (await story('?asOf=2026-05-13T12:20:00Z')).json;
  expect(second).toMatchObject({
    version: 2,
    statements: [{ speaker: 'Lena Okafor', organisation: 'Bay Island Ferries' }],
  });
});

test('keeps the statement through all that follows, and its embargo from readers', async () => {
  await load();
  const now = (await story()).json;
  expect(now).toMatchObject({ version: 6, statements: [{ speaker: 'Lena Okafor' }] });
  expect((await app.ask(`/api/stories/${exampleSlug}/versions/7`)).status).toBe(404);
  expect((await versions()).items[0]).toMatchObject({
    version: 7,
    waiting: true,
    inForceFrom: '2026-05-15T06:00:00.000Z',
  });
});

test('moves a paragraph and changes a figure between its third and fourth version', async () => {
  await load();
  const { json } = await app.ask(`/api/stories/${exampleSlug}/compare/3...4`);
  expect(json.comparison.summary).toMatchObject({
    figures: [{ before: '140', after: '118' }],
    blocks: { moved: 1, edited: 1, added: 0, removed: 0 },
  });
});

test('corrects the figure of its fifth version, and the list of corrections says so', async () => {
  await load();
  const { items } = (await app.ask('/api/corrections')).json;
  expect(items).toMatchObject([{ kind: 'correction', version: 6, corrects: [5], against: 5 }]);
  expect(items[0].notice).toMatch(/62.* There were 26/);
  const { comparison } = (await app.ask(`/api/stories/${exampleSlug}/compare/5...6`)).json;
  expect(comparison.summary).toMatchObject({ figures: [{ before: '62', after: '26' }] });
});

test('its day is yesterday at any hour', () => {
  for (const now of ['2026-03-01T00:00:00.000Z', '2026-03-01T23:59:59.999Z']) {
    const times = exampleVersions(fromMs(Date.parse(now))! as Instant).map(({ at }) => at);
    expect(times.slice(0, -1).every((at) => at.startsWith('2026-02-28'))).toBe(true);
    expect(times.at(-1)).toBe('2026-03-02T06:00:00.000Z');
    expect(times).toEqual([...times].sort());
  }
});
