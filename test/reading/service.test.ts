/** What was written by way of the API, read on the pages of the whole service, from the first story to an embargo. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { msOf, plusMs } from '../../src/story/instant.js';
import { type RunningApp, startApp } from '../support/start-app.js';
import { at } from './harrow-bay.js';

let app: RunningApp;
let clock = at('11:00');
beforeAll(async () => {
  app = await startApp({ clock: () => msOf(clock) });
});
afterAll(() => app.dispose());

const page = (path: string, as?: 'editor' | 'standards') =>
  app.ask(path, { ...(as && { as }), headers: { accept: 'text/html,*/*;q=0.8' } });
const change = (body: object) =>
  app.ask('/api/stories/ferries-stopped/versions', { as: 'editor', body, headers: { 'if-match': '*' } });

test('a reader follows a story from before it was there to the end of an embargo', async () => {
  expect((await page('/')).text).toContain('Nothing has been published yet');
  expect((await page('/', 'standards')).text).toContain('action="/example"');

  clock = at('11:27');
  await app.ask('/api/stories', {
    as: 'editor',
    body: {
      headline: 'Harbour ferries halted by blaze',
      slug: 'ferries-stopped',
      body: { markdown: 'A fire stopped all sailings.\n\nHer 240 passengers were led ashore.' },
    },
  });
  clock = at('12:20');
  await change({
    statements: [{ speaker: 'Lena Okafor', organisation: 'Bay Island Ferries', body: { text: 'Everyone is safe.' } }],
  });
  const front = await page('/');
  expect(front.text).toContain('Harbour ferries halted by blaze');
  expect(front.text).toContain('Statement added');

  const story = await page('/stories/ferries-stopped');
  expect(story.status).toBe(200);
  expect(story.text).toContain('Statement by <bdi>Lena Okafor</bdi>');

  // While nothing changes, neither do the bytes: a cache that asks again is told so.
  clock = at('12:21');
  for (const [path, { headers }] of [
    ['/', front],
    ['/stories/ferries-stopped', story],
  ] as const) {
    const again = await app.ask(path, { headers: { 'if-none-match': headers.get('etag')! } });
    expect([path, again.status]).toEqual([path, 304]);
  }

  const then = await page('/stories/ferries-stopped?at=2026-05-14T11:30:00Z');
  expect(then.text).toContain('<a href="/stories/ferries-stopped/versions/1">version 1</a>');
  expect(then.text).not.toContain('Everyone is safe');
  expect((await page('/stories/ferries-stopped?at=2026-05-14T11:26:59.999Z')).status).toBe(404);

  const compared = await page('/stories/ferries-stopped/compare/1...2');
  expect(compared.text).toContain('Adds a statement by Lena Okafor.');

  clock = at('13:05');
  await change({ headline: 'Sailings from Friday', note: 'Embargoed', inForceFrom: at('18:00') });

  // No page a reader can ask for knows of what is still to come; an editor's do.
  const paths = [
    '/',
    '/?at=2030-01-01',
    ...['', '/versions', '/versions/2'].map((rest) => `/stories/ferries-stopped${rest}`),
  ];
  for (const path of paths) expect((await page(path)).text).not.toMatch(/Sailings from Friday|Embargoed|18:00/);
  expect((await page('/stories/ferries-stopped/versions/3')).status).toBe(404);
  expect((await page('/stories/ferries-stopped/compare/2...3')).status).toBe(404);
  expect((await page('/stories/ferries-stopped/versions', 'editor')).text).toContain('Waiting');

  clock = at('18:00');
  expect((await page('/stories/ferries-stopped')).text).toContain('Sailings from Friday');
  expect((await page('/stories/ferries-stopped/versions/3')).text).toContain(
    'Recorded <time datetime="2026-05-14T13:05',
  );
});

test('a reader sees what became of a story: corrected, a version removed, away for a while, renamed, taken down', async () => {
  const api = async (path: string, body?: object, method?: string) => {
    clock = plusMs(clock, 60_000);
    const headers = { 'if-match': '*' };
    const answer = await app.ask(`/api/stories${path}`, { as: 'standards', body, headers, ...(method && { method }) });
    expect([path, answer.status < 300, answer.json?.detail]).toEqual([path, true, undefined]);
    return answer.json;
  };
  const market = '/stories/market';
  clock = at('19:00');
  await api('', { headline: 'Market hall reopens', slug: 'market', body: { text: 'It was shut for six years.' } });
  await api('/market/versions', {
    body: { text: 'It was shut for eight years.' },
    correction: { notice: 'We had said six years.', corrects: [1] },
  });
  await api('/market/versions', { headline: 'Market hall reopens on Friday' });

  const corrections = await page('/corrections');
  expect(corrections.status).toBe(200);
  for (const words of ['We had said six years.', 'Market hall reopens on Friday', `${market}/compare/1...2`]) {
    expect(corrections.text).toContain(words);
  }
  const [listed] = (await app.ask('/api/corrections')).json.items;
  expect(listed).toMatchObject({ kind: 'correction', version: 2, corrects: [1], against: 1 });
  expect((await page(`${market}/versions/1`)).text).toContain('Version 1 had an error, corrected in version 2');

  await api(`/market/corrections/${listed.id}`, { notice: 'We had said six years, which was wrong.' }, 'PATCH');
  expect((await page(market)).text).toContain('six years, which was wrong.');

  await api('/market/versions/1', { hidden: true, reason: 'x' }, 'PATCH');
  const removed = await page(`${market}/versions/1`);
  expect([removed.status, removed.text.includes('six years')]).toEqual([410, false]);
  expect(removed.text).toContain(`<a href="${market}/versions/2">The version after it: version 2</a>`);

  await api('/market/withdrawals', { kind: 'killed', notice: 'Two halls were confused.' });
  const away = clock;
  const killed = await page(market);
  expect([killed.status, killed.text.includes('Two halls were confused.')]).toEqual([410, true]);
  expect((await page('/corrections')).text).not.toContain('Market hall');
  await api('/market/reinstatements', {});
  expect((await page(`${market}?at=${away}`)).status).toBe(410);
  expect((await page(`${market}/versions`)).text).toContain('Two halls were confused.');

  await api('/market/slug', { slug: 'market-hall' }, 'PUT');
  expect((await page(`${market}/versions/2`)).headers.get('location')).toBe('/stories/market-hall/versions/2');

  await api('/market-hall/withdrawals', { kind: 'retracted', notice: 'There is no market hall.' });
  const retracted = await page('/stories/market-hall');
  expect(retracted.status).toBe(200);
  expect(retracted.text).toMatch(/<title>Retracted: .*There is no market hall\./s);
  expect((await page('/corrections')).text).toContain('There is no market hall.');

  await api('/market-hall/withdrawals', { kind: 'takedown' });
  for (const path of ['/stories/market-hall', '/api/stories/market-hall', '/stories/market-hall/versions/2']) {
    expect([path, (await page(path)).status]).toEqual([path, 451]);
  }
});

test('the front leads on to earlier stories, each once', async () => {
  for (let i = 0; i < 25; i++) {
    await app.ask('/api/stories', { as: 'editor', body: { headline: `Story ${i}`, body: { text: 'Words.' } } });
  }
  const seen: string[] = [];
  let path: string | undefined = '/';
  while (path) {
    const { text } = await page(path);
    seen.push(...[...text.matchAll(/<h2[^>]*><a href="([^"]+)"/g)].map((match) => match[1]!));
    path = /href="([^"]+)" rel="next"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
  }
  expect(seen).toHaveLength(26);
  expect(new Set(seen).size).toBe(26);
});
