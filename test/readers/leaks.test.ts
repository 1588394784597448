/**
 * What no reader has been given leaves no trace. Marker words are planted in every text of versions that are embargoed,
 * superseded while embargoed, or cancelled; then every address is asked, those of openapi.json and the pages.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningApp, startApp } from '../support/start-app.js';

const minute = 60_000;
const start = Date.parse('2026-05-14T11:27:00.000Z');
const later = start + 60 * minute;
let clock = start;
let app: RunningApp;

/** In every text of a version that readers may not have, and in no other. The year is that of its time. */
const marker = /quokka|2031-/i;
const embargo = '2031-03-03T06:00:00Z';

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
  const { status } = await app.ask(path, { as: 'standards', method: 'DELETE', headers: { 'if-match': '*' } });
  expect(status).toBe(200);
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
}

/** The instants a reader may ask about: before, at and after what is public, the embargo's, and the ends of time. */
const instants = [
  '2026-05-14T11:26:59Z',
  '2026-05-14T11:27:01Z',
  '2026-05-14T12:27:00Z',
  '2026-05-14T14:27:00%2B02:00',
  embargo,
  '2031-03-03T05:59:60Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
];
const formats = ['json', 'markdown', 'text', 'html'];
const acts = ['StoryPublished', 'StoryUpdated', 'StatementAdded', 'VersionCancelled', 'VersionLabelled'];
const sides = ['1', '2', '4', '5', 'now', ...instants.map((instant) => instant.replace('%2B', '+'))];
const pairs = sides.flatMap((a) => sides.map((b) => `${a}...${b}`));

const cursor = (kind: string, value: unknown) => Buffer.from(JSON.stringify([kind, value])).toString('base64url');
const far = '9999-12-31T23:59:59.999Z';
const tampered = {
  versions: [1, 2, 5, 99, 0, -1].map((number) => cursor('versions', number)),
  stories: [
    cursor('stories', { at: far, clock: far, from: far, story: '' }),
    cursor('stories', { at: '2031-03-03T06:00:00.000Z', clock: far, from: '2031-03-03T06:00:00.001Z', story: '' }),
    cursor('stories', { at: far, clock: '0001-01-01T00:00:00.000Z', from: far, story: 'zzz' }),
  ],
};

const asked = (path: string, name: string, values: readonly string[]) =>
  values.map((value) => `${path}?${name}=${value}`);
const moments = (path: string, name: string) => [path, ...asked(path, name, instants)];

/** Every GET route of openapi.json, as a reader might ask it of a story. One that is not here fails the test below. */
const routes: Record<string, (story: string) => string[]> = {
  '/health/live': () => ['/health/live'],
  '/health/ready': () => ['/health/ready'],
  '/api/stories': () => [
    ...moments('/api/stories', 'asOf'),
    ...asked('/api/stories', 'tag', ['harbour', 'quokka%20tag']),
    ...asked('/api/stories', 'cursor', tampered.stories),
    '/api/stories?limit=1',
    '/api/stories?limit=200',
  ],
  '/api/stories/{story}': (story) => [
    ...moments(`/api/stories/${story}`, 'asOf'),
    ...moments(`/api/stories/${story}`, 'knownAt'),
    ...asked(`/api/stories/${story}`, 'format', formats),
    ...instants.flatMap((at) => asked(`/api/stories/${story}`, 'format', formats).map((path) => `${path}&asOf=${at}`)),
  ],
  '/api/stories/{story}/versions': (story) => [
    `/api/stories/${story}/versions`,
    ...asked(`/api/stories/${story}/versions`, 'limit', ['1', '2', '200']),
    ...asked(`/api/stories/${story}/versions`, 'act', acts),
    ...asked(`/api/stories/${story}/versions`, 'editor', ['standards', 'editor']),
    ...asked(`/api/stories/${story}/versions`, 'cursor', tampered.versions),
  ],
  '/api/stories/{story}/versions/{version}': (story) =>
    [1, 2, 3, 4, 5, 99].flatMap((version) => [
      `/api/stories/${story}/versions/${version}`,
      ...asked(`/api/stories/${story}/versions/${version}`, 'format', formats),
    ]),
  '/api/stories/{story}/compare/{sides}': (story) => [
    ...pairs.map((pair) => `/api/stories/${story}/compare/${pair}`),
    ...asked(`/api/stories/${story}/compare/1...now`, 'format', formats),
  ],
  '/api/stories/{story}/events': (story) => [`/api/stories/${story}/events`],
  '/api/stories/{story}/replay': (story) => [`/api/stories/${story}/replay`],
  '/api/events': () => ['/api/events', '/api/events?limit=1'],
};

/** What openapi.json does not describe: pages, and what explains. */
const pages = (story: string) => [
  ...moments('/', 'at'),
  ...asked('/', 'cursor', tampered.stories),
  ...moments(`/stories/${story}`, 'at'),
  `/stories/${story}?at=yesterday`,
  `/stories/${story}/versions`,
  ...asked(`/stories/${story}/versions`, 'cursor', tampered.versions),
  ...[1, 2, 3, 4, 5, 99].map((version) => `/stories/${story}/versions/${version}`),
  `/stories/${story}/compare?a=1&b=2`,
  ...pairs.map((pair) => `/stories/${story}/compare/${pair}`),
  '/example',
  '/problems',
  '/problems/version-not-found',
  '/sign-in',
  '/api/openapi.json',
  '/api/docs',
];
const everything = (story: string) => [...Object.values(routes).flatMap((route) => route(story)), ...pages(story)];

/** Status, headers and body as a reader gets them; what differs from request to request by nature is left out. */
async function bytes(path: string, method = 'GET', more: Record<string, string> = {}): Promise<string> {
  const accept = /^\/(api|health)/.test(path) ? '*/*' : 'text/html';
  const headers = { accept, 'x-correlation-id': 'c', ...more };
  const answer = await fetch(`${app.url}${path}`, { method, redirect: 'manual', headers });
  const told = [...answer.headers].filter(([name]) => !['date', 'x-correlation-id'].includes(name));
  const body = (await answer.text()).replace(/"correlationId":"[^"]*"/, '');
  return `${answer.status}\n${told.map((header) => header.join(': ')).join('\n')}\n${body}`;
}
async function all(paths: readonly string[]): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  for (const path of new Set(paths)) answers.set(path, await bytes(path));
  return answers;
}
/** What a reader typed comes back to them. */
const withoutAsked = (answer: string, path: string) => answer.replaceAll(path.split('?')[0]!, '');

let before: Map<string, string>;
let after: Map<string, string>;

beforeAll(async () => {
  app = await startApp({ clock: () => clock });
  await publish({ ...telling('ordinary'), slug: 'ferries' });
  clock = later;
  before = await all(everything('ferries'));
  clock = start + minute;
  await plant();
  clock = later;
  after = await all([...everything('ferries'), ...everything(idOf.ferries!)]);
}, 120_000);
afterAll(() => app.dispose());

test('every GET route of openapi.json is asked', async () => {
  const { paths } = JSON.parse(await readFile(new URL('../../openapi.json', import.meta.url), 'utf8'));
  const described = Object.entries<object>(paths).filter(([, operations]) => 'get' in operations);
  expect(described.map(([path]) => path).sort()).toEqual(Object.keys(routes).sort());
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
      ['/', '/stories/ferries', '/api/stories', '/api/stories/ferries'].map((path) => bytes(path, 'HEAD')),
    )),
    await bytes('/api/stories/ferries', 'GET', { 'if-none-match': staff.headers.get('etag')! }),
    await bytes(`/api/stories/ferries/versions?cursor=${list.json.next}`),
    await bytes(`/api/stories?cursor=${stories.json.next}`),
    await bytes(`/?cursor=${stories.json.next}`),
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
      path.replace(/(versions\/|compare\/)99|\.\.\.99|(a|b)=99/, (found) => found.replace('99', String(version)));
    for (const path of [
      '/api/stories/ferries/versions/99',
      '/api/stories/ferries/versions/99?format=markdown',
      '/api/stories/ferries/compare/99...now',
      '/api/stories/ferries/compare/1...99',
      '/stories/ferries/versions/99',
      '/stories/ferries/compare/1...99',
      '/stories/ferries/compare/99...now',
    ]) {
      const plain = (answer: string, version: number) => answer.replaceAll(new RegExp(`\\b${version}\\b`, 'g'), 'n');
      const [there, unused] = [await bytes(of(path, number)), await bytes(path)];
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
        for (const path of everything(name).filter((path) => path.includes(name))) {
          const answer = withoutAsked(await bytes(path), path).replaceAll(name, 'name');
          const absent = path.replace(name, other);
          const expected = withoutAsked(await bytes(absent), absent).replaceAll(other, 'name');
          expect([path, withoutLengths(answer)]).toEqual([path, withoutLengths(expected)]);
        }
      }
    },
    60_000,
  );
});

/** Names of different lengths make answers of different lengths, and so of other tags. */
const withoutLengths = (answer: string) => answer.replace(/^(content-length|etag): .*$/gm, '$1');

test('after the next public version all that shows of the others is a gap in the numbers', async () => {
  clock = later + minute;
  // Staff say outright that the waiting one goes.
  await newVersion('ferries', { headline: 'Ferries sail again', supersedes: [4] });
  clock = later + 2 * minute;
  const { json } = await app.ask('/api/stories/ferries/versions');
  expect(json.items.map(({ version }: { version: number }) => version)).toEqual([5, 1]);
  expect(json.story.versions).toBe(2);
  expect(json.items[0].changes.against).toBe(1);
  for (const [path, answer] of await all(everything('ferries'))) {
    if (/2031|quokka/.test(path)) continue;
    expect([path, marker.exec(answer)?.[0]]).toEqual([path, undefined]);
  }
  expect(await app.ask('/api/stories/ferries/versions/5').then(({ json }) => [json.previous, json.next])).toEqual([
    1,
    null,
  ]);
}, 60_000);
