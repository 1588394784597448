/**
 * What no reader has been given leaves no trace. Marker words are planted in every text of versions that are embargoed,
 * superseded while embargoed, or cancelled; then every address is asked, those of openapi.json and the pages.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningApp, startApp } from '../support/start-app.js';
import { ask, bytes, embargo, everything, routes, withoutAsked, withoutLengths } from './asking.js';

const minute = 60_000;
const start = Date.parse('2026-05-14T11:27:00.000Z');
const later = start + 60 * minute;
let clock = start;
let app: RunningApp;

/** In every text of a version that readers may not have, and in no other. The year is that of its time. */
const marker = /quokka|2031-/i;
const words = ['quokka', 'ordinary'];

const telling = (word: string) => ({
  headline: `${word} headline`,
  standfirst: `${word} standfirst`,
  byline: `By ${word}`,
  authors: [{ name: `${word} author`, role: `${word} role` }],
  section: `${word} section`,
  tags: ['harbour', `${word} tag`],
  language: 'en-GB',
  leadImage: { url: `https://images.example/${word}.jpg`, alt: `${word} picture`, caption: `${word} caption` },
  source: `${word} source`,
  url: `https://news.example/${word}`,
  fields: { [`${word}Field`]: `${word} value` },
  body: { markdown: `A ${word} paragraph.\n\nAnother ${word} paragraph.` },
  note: `${word} note`,
  statements: [{ speaker: `${word} speaker`, organisation: `${word} office`, body: { text: `${word} words.` } }],
});

const idOf: Record<string, string> = {};

async function write(path: string, body: object): Promise<void> {
  clock += 1000;
  const { status, json } = await app.ask(path, { as: 'standards', body, headers: { 'if-match': '*' } });
  expect([path, status, json.code]).toEqual([path, 201, undefined]);
  idOf[json.story.slug] = json.story.id;
}
const publish = (body: object) => write('/api/stories', body);
const newVersion = (story: string, body: object) => write(`/api/stories/${story}/versions`, body);
async function cancel(story: string, version: number): Promise<void> {
  clock += 1000;
  const path = `/api/stories/${story}/versions/${version}`;
  const body = { reason: 'quokka reason' };
  const { status } = await app.ask(path, { as: 'standards', method: 'DELETE', body, headers: { 'if-match': '*' } });
  expect(status).toBe(200);
}

async function amend(story: string, version: number, body: object): Promise<void> {
  clock += 1000;
  const path = `/api/stories/${story}/versions/${version}`;
  const headers = { 'if-match': '*' };
  const { status, json } = await app.ask(path, { as: 'standards', method: 'PATCH', body, headers });
  expect([path, status, json.code]).toEqual([path, 200, undefined]);
}

/** Everything that readers may not know of: behind `ferries`, and two stories of their own. */
async function plant(): Promise<void> {
  await newVersion('ferries', { ...telling('quokka'), inForceFrom: embargo });
  await newVersion('ferries', { headline: 'Quokka again', base: 2 });
  await cancel('ferries', 3);
  await newVersion('ferries', { ...telling('quokka'), inForceFrom: embargo });
  await publish({ ...telling('quokka'), slug: 'quokka-story', inForceFrom: embargo });
  await publish({ ...telling('quokka'), slug: 'quokka-gone', inForceFrom: embargo });
  await cancel('quokka-gone', 1);
  // Of what is public, what is said for staff alone.
  await amend('ferries', 1, { labels: ['quokka label'] });
  await amend('ferries', 4, { note: 'quokka later note', labels: ['quokka label'], significance: 'minor' });
  await amend('quokka-story', 1, { hidden: true, force: true, reason: 'quokka reason' });
}

let before: Map<string, string>;
let after: Map<string, string>;

beforeAll(async () => {
  app = await startApp({ clock: () => clock });
  await publish({ ...telling('ordinary'), slug: 'ferries' });
  clock = later;
  before = await ask(app, everything('ferries', words));
  clock = start + minute;
  await plant();
  clock = later;
  after = await ask(app, [...everything('ferries', words), ...everything(idOf.ferries!, words)]);
}, 120_000);
afterAll(() => app.dispose());

test('every GET route that the server has is asked', () => {
  const files = /^\/(assets\/|api\/docs\/|\*)/;
  expect(
    app
      .routes()
      .filter((path) => !files.test(path))
      .sort(),
  ).toEqual(Object.keys(routes).sort());
});

test('the markers are there to be found: staff are given them', async () => {
  for (const path of [
    '/api/stories/ferries/versions/2',
    '/api/stories/ferries/versions',
    '/api/stories/quokka-story',
  ]) {
    expect((await app.ask(path, { as: 'editor' })).text).toMatch(marker);
  }
});

test('readers get byte for byte what they got before anything was written that they may not know of', () => {
  expect([...before].filter(([path, answer]) => after.get(path) !== answer)).toEqual([]);
});

test('no answer to a reader has a word of what is waiting, superseded or cancelled', () => {
  for (const [path, answer] of after) {
    if (/2031|quokka/.test(path)) continue;
    expect([path, marker.exec(answer)?.[0]]).toEqual([path, undefined]);
  }
});

test('nor has any header of HEAD, and nobody learns by the tags or cursors that staff were given', async () => {
  const staff = await app.ask('/api/stories/ferries', { as: 'editor' });
  const list = await app.ask('/api/stories/ferries/versions?limit=1', { as: 'editor' });
  const stories = await app.ask(`/api/stories?limit=1&asOf=${embargo}`, { as: 'editor' });
  expect([list.json.next, stories.json.next]).toEqual([expect.any(String), expect.any(String)]);
  const answers = [
    ...(await Promise.all(
      ['/', '/stories/ferries', '/api/stories', '/api/stories/ferries'].map((path) => bytes(app, path, 'HEAD')),
    )),
    await bytes(app, '/api/stories/ferries', 'GET', { 'if-none-match': staff.headers.get('etag')! }),
    await bytes(app, `/api/stories/ferries/versions?cursor=${list.json.next}`),
    await bytes(app, `/api/stories?cursor=${stories.json.next}`),
    await bytes(app, `/?cursor=${stories.json.next}`),
  ];
  for (const answer of answers) {
    expect(answer).toMatch(/^200\n/);
    expect(answer).not.toMatch(marker);
    expect(answer).not.toContain(staff.headers.get('etag')!);
  }
});

describe('a reader cannot tell apart', () => {
  test.each([2, 3, 4])('version %i, never in force, and a number never used', async (number) => {
    const of = (path: string, version: number) =>
      path.replace(/(versions\/|compare\/)99|\.\.\.99|(version|by)=99/, (found) =>
        found.replace('99', String(version)),
      );
    for (const path of [
      '/api/stories/ferries/versions/99',
      '/api/stories/ferries/versions/99?format=markdown',
      '/api/stories/ferries/compare/99...now',
      '/api/stories/ferries/compare/1...99',
      '/stories/ferries/versions/99',
      '/stories/ferries/compare/1...99',
      '/stories/ferries/compare/99...now',
      '/stories/ferries/authorship?version=99',
      '/stories/ferries/authorship?by=99',
    ]) {
      const plain = (answer: string, version: number) => answer.replaceAll(new RegExp(`\\b${version}\\b`, 'g'), 'n');
      const [there, unused] = [await bytes(app, of(path, number)), await bytes(app, path)];
      expect(withoutLengths(plain(there, number))).toBe(withoutLengths(plain(unused, 99)));
    }
  });

  test.each(['quokka-story', 'quokka-gone'])(
    'the story %s, never in force, and one that never was',
    async (slug) => {
      const unused = { slug: 'wombat-story', id: '7d1f3c52-64f1-4c70-9a53-0f2b7a2f9c11' };
      for (const [name, other] of [
        [slug, unused.slug],
        [idOf[slug]!, unused.id],
      ] as const) {
        for (const path of everything(name, ['ordinary']).filter((path) => path.includes(name))) {
          const answer = withoutAsked(await bytes(app, path), path).replaceAll(name, 'name');
          const absent = path.replace(name, other);
          const expected = withoutAsked(await bytes(app, absent), absent).replaceAll(other, 'name');
          expect([path, withoutLengths(answer)]).toEqual([path, withoutLengths(expected)]);
        }
      }
    },
    60_000,
  );
});

test('after the next public version all that shows of the others is a gap in the numbers', async () => {
  clock = later + minute;
  // Staff say outright that the waiting one goes.
  await newVersion('ferries', { headline: 'Ferries sail again', supersedes: [4] });
  clock = later + 2 * minute;
  const { json } = await app.ask('/api/stories/ferries/versions');
  expect(json.items.map(({ version }: { version: number }) => version)).toEqual([5, 1]);
  expect(json.story.versions).toBe(2);
  expect(json.items[0].changes.against).toBe(1);
  for (const [path, answer] of await ask(app, everything('ferries', words))) {
    if (/2031|quokka/.test(path)) continue;
    expect([path, marker.exec(answer)?.[0]]).toEqual([path, undefined]);
  }
  expect(await app.ask('/api/stories/ferries/versions/5').then(({ json }) => [json.previous, json.next])).toEqual([
    1,
    null,
  ]);
}, 60_000);
