/** What auditors get over HTTP, and nobody else. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningApp, startApp } from '../support/start-app.js';

let app: RunningApp;
let id: string;
beforeAll(async () => {
  app = await startApp();
  const published = await app.ask('/api/stories', {
    as: 'editor',
    body: {
      headline: 'Ferries stopped after fire at Quay 9',
      slug: 'ferries-stopped',
      body: { text: 'A fire stopped all sailings.' },
    },
  });
  id = published.json.story.id;
  for (const headline of ['Ferries sail again', 'Ferries sail again at four']) {
    await app.ask('/api/stories/ferries-stopped/versions', {
      as: 'editor',
      body: { headline },
      headers: { 'if-match': '*' },
    });
  }
});
afterAll(() => app.dispose());

const doors = ['/api/stories/ferries-stopped/events', '/api/stories/ferries-stopped/replay', '/api/events'];

test.each(doors)('%s is for auditors only', async (door) => {
  expect((await app.ask(door)).status).toBe(401);
  expect((await app.ask(door, { as: 'standards' })).status).toBe(403);
  expect((await app.ask(door, { as: 'auditor' })).status).toBe(200);
});

test('the record is given byte for byte, so that anybody can check the chain', async () => {
  const { json } = await app.ask('/api/stories/ferries-stopped/events', { as: 'auditor' });
  expect(json).toMatchObject({ story: id, next: null });
  let previous: string | null = null;
  for (const [revision, event] of json.items.entries()) {
    const bytes = Buffer.from(event.bytes, 'base64');
    expect(event.hash).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(event.record).toEqual(JSON.parse(bytes.toString('utf8')));
    expect(event.record).toMatchObject({ stream: `story-${id}`, revision, previous });
    expect(event.faults).toEqual([]);
    previous = event.hash;
  }
  expect(json.items).toHaveLength(3);
  expect(json.items[1].texts.headline).toEqual({ state: 'verified', text: 'Ferries sail again' });
  expect(Buffer.from(json.items[1].bytes, 'base64').toString('utf8')).not.toMatch('sail again');
});

test('replay shows the story grow', async () => {
  const { json } = await app.ask(`/api/stories/${id}/replay`, { as: 'auditor' });
  expect(json.items.map(({ state }: never) => state)).toMatchObject([
    { status: 'published', versions: 1, inForce: 1, headline: 'Ferries stopped after fire at Quay 9' },
    { versions: 2, inForce: 2, headline: 'Ferries sail again' },
    { versions: 3, inForce: 3, headline: 'Ferries sail again at four' },
  ]);
  for (const step of json.items) {
    expect(step).toMatchObject({ faults: [], illegalities: [] });
    expect(new Set(Object.values(step.texts))).toEqual(new Set(['verified']));
  }
});

test.each([
  ['/api/stories/ferries-stopped/events', 'revision'],
  ['/api/stories/ferries-stopped/replay', 'revision'],
  ['/api/events', 'position'],
])('%s in pages is the same as at once', async (door, key) => {
  const whole = await app.ask(door, { as: 'auditor' });
  const paged: unknown[] = [];
  for (let path: string | undefined = `${door}?limit=2`; path; ) {
    const page = await app.ask(path, { as: 'auditor' });
    expect(page.json.items.length).toBeLessThanOrEqual(2);
    paged.push(...page.json.items);
    path = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    expect(path === undefined).toBe(page.json.next === null);
  }
  expect(paged).toEqual(whole.json.items);
  const places = whole.json.items.map((item: { [key: string]: unknown }) => item[key]);
  expect(places).toEqual([...places].sort());
});

test('nothing there, and cursors of another list, are refused by name', async () => {
  const codeOf = async (path: string) => (await app.ask(path, { as: 'auditor' })).json.code;
  expect(await codeOf('/api/stories/no-such/replay')).toBe('story-not-found');
  expect(await codeOf('/api/stories/no-such/events')).toBe('story-not-found');
  expect(await codeOf('/api/events?after=soon')).toBe('bad-cursor');
  expect(await codeOf('/api/stories/ferries-stopped/events?cursor=WyJyZXBsYXkiLDFd')).toBe('bad-cursor');
  expect(await codeOf('/api/events?limit=0')).toBe('invalid');
});
