/** What caches may do with answers: give them again for a few seconds, then ask; and never show one person's to another. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Newsroom, openNewsroom } from './newsroom.js';

let room: Newsroom;
beforeAll(async () => {
  room = await openNewsroom();
  room.at('11:20');
  for (let k = 0; k < 24; k++) await room.publish({ slug: `story-${k}`, headline: `Story ${k}` });
  room.at('11:27');
  await room.publish({ slug: 'ferry-fire', headline: 'Ferries stopped', url: 'https://news.example/fire' });
  room.at('12:20');
  await room.version('ferry-fire', { headline: 'Ferries back', correction: { notice: 'Not all had stopped.' } });
  room.at('12:30');
}, 60_000);
afterAll(() => room.app.dispose());

const page = () => `${room.app.url}/stories/ferry-fire`;
const answers = (): string[] => [
  '/',
  '/?at=2026-05-14T11:30:00Z',
  '/stories/ferry-fire',
  '/stories/ferry-fire?at=2026-05-14T11:30:00Z',
  '/stories/ferry-fire/versions',
  '/stories/ferry-fire/versions/1',
  '/stories/ferry-fire/compare/1...now',
  '/corrections',
  '/problems',
  '/api/stories',
  '/api/stories?limit=5',
  '/api/stories?url=https://news.example/fire',
  '/api/stories?asOf=2026-05-14T11:30:00Z',
  '/api/stories/ferry-fire',
  ...['markdown', 'html', 'text', 'schema.org', 'ninjs'].map((format) => `/api/stories/ferry-fire?format=${format}`),
  '/api/stories/ferry-fire?asOf=2026-05-14T11:30:00Z',
  '/api/stories/ferry-fire?asOf=2031-05-14T11:30:00Z',
  '/api/stories/ferry-fire/versions',
  '/api/stories/ferry-fire/versions/1',
  '/api/stories/ferry-fire/compare/1...now',
  '/api/stories/ferry-fire/authorship',
  '/api/corrections',
  '/api/openapi.json',
  `/timemap/link/${page()}`,
];
let ticks = 0;
/** A little later. */
const later = () => room.at(`12:30:${String(++ticks / 10).padStart(4, '0')}`);
const ask = (path: string, headers: Record<string, string> = {}, as?: 'editor' | 'auditor') =>
  room.app.ask(path, { headers, ...(as && { as }) });

describe('a reader', () => {
  test('asks again at no cost, later too, for as long as nothing has changed', async () => {
    for (const path of answers()) {
      const first = await ask(path);
      expect([path, first.status, first.headers.get('cache-control')]).toEqual([
        path,
        200,
        'public, max-age=5, must-revalidate',
      ]);
      expect(first.headers.get('vary')).toMatch(/Accept.*Authorization.*Cookie/);
      later();
      const etag = first.headers.get('etag')!;
      const again = await ask(path, { 'if-none-match': `"other", ${etag}` });
      expect([path, again.status, again.text]).toEqual([path, 304, '']);
      for (const name of ['etag', 'cache-control', 'vary']) {
        expect([path, again.headers.get(name)]).toEqual([path, first.headers.get(name)]);
      }
    }
  }, 60_000);

  test('is given a weak tag only where a cursor in the answer holds times', async () => {
    const weak = [];
    for (const path of answers()) if ((await ask(path)).headers.get('etag')!.startsWith('W/')) weak.push(path);
    expect(weak).toEqual(['/', '/?at=2026-05-14T11:30:00Z', '/api/stories?limit=5']);
  });

  test('is told the instant of an answer only where it is the one they asked about', async () => {
    const told = async (query: string) => {
      const [story, list] = [await ask(`/api/stories/ferry-fire${query}`), await ask(`/api/stories${query}`)];
      return [story.json.asOf.at, list.json.asOf];
    };
    expect(await told('')).toEqual([undefined, undefined]);
    expect(await told('?asOf=2026-05-14T11:30:00Z')).toEqual(Array(2).fill('2026-05-14T11:30:00.000Z'));
    expect(await told('?asOf=2031-05-14T11:30:00Z')).toEqual([undefined, undefined]);
  });

  test.each([
    ['/stories/no-such-story', 404],
    ['/api/stories/no-such-story', 404],
    ['/api/stories/ferry-fire/versions/9', 404],
    ['/nothing/here', 404],
  ])('who finds nothing (%s) finds what comes there as soon as anything', async (path, status) => {
    const { status: answered, headers } = await ask(path);
    expect([answered, headers.get('cache-control')]).toEqual([status, 'public, max-age=5, must-revalidate']);
  });

  test.each(['/api/stories?cursor=x', '/api/stories/ferry-fire?knownAt=2026-05-14T11:30:00Z', '/api/events', '/?at=x'])(
    'who is refused (%s) is refused each time anew',
    async (path) => {
      expect((await ask(path)).headers.get('cache-control')).toBe('no-store');
    },
  );

  test('is led on by a TimeGate each time anew', async () => {
    expect((await ask(`/timegate/${page()}`)).headers.get('cache-control')).toBe('no-cache');
  });
});

test('staff’s answers are kept by nobody, and theirs are never a reader’s 304', async () => {
  for (const path of answers()) {
    const { headers } = await ask(path, {}, 'editor');
    expect([path, headers.get('cache-control')]).toEqual([path, 'private, no-store, no-transform']);
  }
  const { headers } = await ask('/api/stories/ferry-fire', {}, 'auditor');
  expect((await ask('/api/stories/ferry-fire', { 'if-none-match': headers.get('etag')! })).status).toBe(200);
});

test('a tag that is none is refused before anything is asked', async () => {
  for (const path of ['/', '/api/stories/ferry-fire', '/nothing/here']) {
    expect((await ask(path, { 'if-none-match': 'ferry', accept: 'application/json' })).json).toMatchObject({
      status: 400,
      code: 'bad-etag',
    });
  }
});

/** Last: it changes what the others ask about. */
test('a version hidden, words erased, a story taken down: whoever asks again is given the new answer', async () => {
  const about = answers().filter(
    (path) => /ferry-fire|^\/(\?|$)|corrections|url=/.test(path) && !/asOf|at=/.test(path),
  );
  const tags = async () => Promise.all(about.map(async (path) => (await ask(path)).headers.get('etag') ?? ''));
  const stale = async (paths: RegExp, before: string[]) => {
    const again = await Promise.all(about.map((path, i) => ask(path, { 'if-none-match': before[i]! })));
    return about.filter((path, i) => paths.test(path) && again[i]!.status === 304);
  };
  let before = await tags();
  await room.tell('PATCH', '/ferry-fire/versions/1', { hidden: true, reason: 'A slip' });
  expect(await stale(/versions|compare|timemap/, before)).toEqual([]);
  before = await tags();
  const { token } = await room.tell('POST', '/ferry-fire/erasures', { phrase: 'Ferries back' });
  await room.tell('POST', '/ferry-fire/erasures', {
    phrase: 'Ferries back',
    token,
    authority: 'court-order',
    force: true,
  });
  expect(await stale(/^\/$|^(\/api)?\/stories\/ferry-fire$|format=|api\/corrections|url=/, before)).toEqual([]);
  before = await tags();
  await room.tell('POST', '/ferry-fire/withdrawals', { kind: 'takedown' });
  expect(await stale(/./, before)).toEqual([]);
}, 60_000);
