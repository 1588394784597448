/** Every way in which a reader can ask about a story: all the server's GET routes with every parameter, as addresses. */
import type { RunningApp } from '../support/start-app.js';

/** The instants a reader may ask about: before, at and after what is public, an embargo's, and the ends of time. */
export const embargo = '2031-03-03T06:00:00Z';
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
/** For `Accept-Datetime`. */
const dates = ['2026-05-14T11:26:59Z', '2026-05-14T11:27:01Z', '2026-05-14T12:27:00Z', embargo, '9999-12-31T23:59:59Z'];
const formats = ['json', 'markdown', 'text', 'html', 'schema.org', 'ninjs'];
const acts = ['StoryPublished', 'StoryUpdated', 'StatementAdded', 'CorrectionIssued', 'VersionRestored'];
const sides = ['1', '2', '4', '5', 'now'];
/** Each version with each, and each instant on either side. */
const pairs = [
  ...sides.flatMap((a) => sides.map((b) => `${a}...${b}`)),
  ...instants.map((instant) => instant.replace('%2B', '+')).flatMap((at) => [`${at}...now`, `1...${at}`]),
];
const statuses = ['in-force', 'waiting', 'withdrawn', 'never-in-force'];

const cursor = (kind: string, value: unknown) => Buffer.from(JSON.stringify([kind, value])).toString('base64url');
const far = '9999-12-31T23:59:59.999Z';
const tampered = {
  versions: [1, 2, 5, 99, 0, -1].map((number) => cursor('versions', number)),
  removed: [1, 2, 99, 0, -1].map((number) => cursor('removed', number)),
  stories: [
    cursor('stories', { at: far, clock: far, from: far, story: '' }),
    cursor('stories', { at: '2031-03-03T06:00:00.000Z', clock: far, from: '2031-03-03T06:00:00.001Z', story: '' }),
    cursor('stories', { at: far, clock: '0001-01-01T00:00:00.000Z', from: far, story: 'zzz' }),
  ],
  corrections: [cursor('corrections', { at: far, story: '', id: '' }), cursor('corrections', { at: far })],
};

const leftAt = (id: string | null, at: string, node = 'ffffffffffffffff') => cursor('changes', { node, id, at });
const unknownId = '7d1f3c52-64f1-4c70-9a53-0f2b7a2f9c11';
const lost = {
  changes: [
    leftAt(null, '2026-05-14T11:27:30.000Z'),
    leftAt(unknownId, '0001-01-01T00:00:00.000Z'),
    leftAt(null, far),
    cursor('stories', {}),
  ],
  latest: [
    cursor('changes-latest', { id: unknownId, at: far }),
    cursor('changes-latest', { id: unknownId, at: '2026-05-14T11:27:30.000Z' }),
    cursor('changes-latest', { at: far }),
  ],
};
const changeTypes = ['version', 'correction', 'withdrawal', 'reinstatement', 'notice', 'changed'];

const asked = (path: string, name: string, values: readonly string[]) =>
  values.map((value) => `${path}?${name}=${value}`);
const moments = (path: string, name: string) => [path, ...asked(path, name, instants)];

/** Behind another parameter. */
const andAt = (path: string) => path.replace(/\?(?=asOf)/, '&');

/** By the story's own page and by publishers'. Behind `#` stands the `Accept-Datetime` that is sent. */
const byOriginal = (door: string, story: string, words: readonly string[]) =>
  [`{origin}/stories/${story}`, ...words.map((word) => `https://news.example/${word}`)].map(
    (original) => door + original,
  );
const atDates = (path: string) => [path, ...dates.map((date) => `${path}#${new Date(date).toUTCString()}`)];

/** `story`: an id or a slug; `words`: what a reader may search for, and what they may try to find. */
type Ask = (story: string, words: readonly string[]) => string[];

/** By route as the server names it. One that is not here fails a test. */
export const routes: Record<string, Ask> = {
  '/health/live': () => ['/health/live'],
  '/health/ready': () => ['/health/ready'],
  '/api/stories': (_, words) => [
    ...moments('/api/stories', 'asOf'),
    ...asked('/api/stories', 'tag', ['harbour', ...words]),
    ...asked('/api/stories', 'status', statuses),
    ...asked('/api/stories', 'cursor', tampered.stories),
    ...words.flatMap((word) => moments(`/api/stories?url=https://news.example/${word}`, 'asOf')).map(andAt),
    ...words.flatMap((word) => moments(`/api/stories?q=${word}`, 'asOf')).map(andAt),
    '/api/stories?limit=1',
    '/api/stories?limit=200',
  ],
  '/api/stories/:story': (story) => [
    ...moments(`/api/stories/${story}`, 'asOf'),
    ...moments(`/api/stories/${story}`, 'knownAt'),
    ...asked(`/api/stories/${story}`, 'format', formats),
    ...instants.flatMap((at) => asked(`/api/stories/${story}`, 'format', formats).map((path) => `${path}&asOf=${at}`)),
  ],
  '/api/stories/:story/versions': (story, words) => [
    `/api/stories/${story}/versions`,
    ...asked(`/api/stories/${story}/versions`, 'limit', ['1', '2', '200']),
    ...asked(`/api/stories/${story}/versions`, 'act', acts),
    ...asked(`/api/stories/${story}/versions`, 'editor', ['standards', 'editor', ...words]),
    ...asked(`/api/stories/${story}/versions`, 'cursor', tampered.versions),
  ],
  '/api/stories/:story/versions/:version': (story) =>
    [1, 2, 3, 4, 5, 99].flatMap((version) => [
      `/api/stories/${story}/versions/${version}`,
      ...asked(`/api/stories/${story}/versions/${version}`, 'format', formats),
    ]),
  '/api/stories/:story/compare/:sides': (story) => [
    ...pairs.map((pair) => `/api/stories/${story}/compare/${pair}`),
    ...asked(`/api/stories/${story}/compare/1...now`, 'format', [...formats, 'unified', 'side-by-side']),
  ],
  '/api/stories/:story/authorship': (story, words) => [
    ...moments(`/api/stories/${story}/authorship`, 'asOf'),
    ...asked(`/api/stories/${story}/authorship`, 'version', ['1', '2', '3', '4', '5', '99']),
    ...asked(`/api/stories/${story}/authorship`, 'by', ['1', '2', '4', '99', 'editor', ...words]),
    ...asked(`/api/stories/${story}/authorship`, 'format', formats),
    ...asked(`/api/stories/${story}/authorship`, 'limit', ['1', '200']),
    ...asked(`/api/stories/${story}/authorship`, 'cursor', tampered.removed),
  ],
  '/api/corrections': (story) => [
    '/api/corrections',
    ...asked('/api/corrections', 'limit', ['1', '200']),
    ...asked('/api/corrections', 'story', [story]),
    ...asked('/api/corrections', 'cursor', tampered.corrections),
  ],
  '/api/changes': (story) =>
    ['json', 'events'].flatMap((format) => [
      `/api/changes?format=${format}`,
      `/api/changes?format=${format}&story=${story}`,
      ...[...instants, ...lost.changes].map((after) => `/api/changes?format=${format}&after=${after}`),
      ...changeTypes.map((type) => `/api/changes?format=${format}&after=${instants[6]}&type=${type}`),
      `/api/changes?format=${format}&after=${instants[6]}&story=${story}`,
    ]),
  '/feed.atom': () => ['/feed.atom', ...asked('/feed.atom', 'cursor', lost.latest)],
  '/corrections/feed.atom': () => [
    '/corrections/feed.atom',
    ...asked('/corrections/feed.atom', 'cursor', tampered.corrections),
  ],
  '/stories/:story/feed.atom': (story) => [
    `/stories/${story}/feed.atom`,
    ...asked(`/stories/${story}/feed.atom`, 'cursor', lost.latest),
  ],
  '/api/stories/:story/events': (story) => [`/api/stories/${story}/events`],
  '/api/stories/:story/replay': (story) => [`/api/stories/${story}/replay`],
  '/api/events': () => ['/api/events', '/api/events?limit=1'],
  '/': (_, words) => [...moments('/', 'at'), ...asked('/', 'cursor', tampered.stories), ...asked('/', 'q', words)],
  '/stories/:story': (story) => [...moments(`/stories/${story}`, 'at'), `/stories/${story}?at=yesterday`],
  '/stories/:story/versions': (story, words) => [
    `/stories/${story}/versions`,
    ...asked(`/stories/${story}/versions`, 'act', acts),
    ...asked(`/stories/${story}/versions`, 'editor', ['standards', ...words]),
    ...asked(`/stories/${story}/versions`, 'cursor', tampered.versions),
  ],
  '/stories/:story/versions/:version': (story) =>
    [1, 2, 3, 4, 5, 99].map((version) => `/stories/${story}/versions/${version}`),
  '/stories/:story/authorship': (story) => [
    ...moments(`/stories/${story}/authorship`, 'at'),
    ...asked(`/stories/${story}/authorship`, 'version', ['1', '2', '3', '4', '5', '99']),
    ...asked(`/stories/${story}/authorship`, 'by', ['1', '2', '4', '99']),
    ...asked(`/stories/${story}/authorship`, 'cursor', tampered.removed),
  ],
  '/stories/:story/compare': (story) => [`/stories/${story}/compare?a=1&b=2`],
  '/stories/:story/compare/:sides': (story) =>
    pairs.flatMap((pair) =>
      ['', '?view=side-by-side', '?view=plain'].map((view) => `/stories/${story}/compare/${pair}${view}`),
    ),
  '/timegate/*': (story, words) => byOriginal('/timegate/', story, words).flatMap(atDates),
  '/timemap/link/*': (story, words) => byOriginal('/timemap/link/', story, words),
  '/corrections': (story) => ['/corrections', ...asked('/corrections', 'story', [story])],
  '/embed/example': () => ['/embed/example'],
  '/embed/story-history.js': () => ['/embed/story-history.js'],
  '/desk': () => ['/desk', '/desk?q=harbour'],
  '/desk/new': () => ['/desk/new'],
  '/desk/stories/:story': (story) => [`/desk/stories/${story}`],
  '/desk/stories/:story/:action': (story) =>
    ['write', 'withdraw', 'slug', 'words', 'hide?of=2', 'no-such-action'].map(
      (action) => `/desk/stories/${story}/${action}`,
    ),
  '/desk/stories/:story/replay': (story) => [`/desk/stories/${story}/replay`, `/desk/stories/${story}/replay?at=1`],
  '/favicon.ico': () => ['/favicon.ico'],
  '/robots.txt': () => ['/robots.txt'],
  '/sitemap.xml': () => ['/sitemap.xml'],
  '/sitemap-news.xml': () => ['/sitemap-news.xml'],
  '/sitemap-:part.xml': () => ['/sitemap-0.xml', '/sitemap-00.xml'],
  '/problems': () => ['/problems'],
  '/problems/:code': () => ['/problems/version-not-found'],
  '/sign-in': () => ['/sign-in', '/sign-in?to=/desk'],
  '/api/openapi.json': () => ['/api/openapi.json'],
  '/api/docs': () => ['/api/docs'],
};

export const everything: Ask = (story, words) => Object.values(routes).flatMap((route) => route(story, words));

/** The body; of a stream that does not end, up to now. */
async function whole(answer: Response): Promise<string> {
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream') || !answer.body) return answer.text();
  let text = '';
  for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.endsWith(': caught up\n\n')) break;
  }
  return text;
}

/**
 * Status, headers and body as a reader gets them; what differs from request to request by nature is left out. In a path
 * `{origin}` stands for the service's.
 */
export async function bytes(
  { url }: Pick<RunningApp, 'url'>,
  path: string,
  method = 'GET',
  more: Record<string, string> = {},
): Promise<string> {
  const [address = '', date] = path.replace('{origin}', url).split('#');
  const accept = /^\/(api|health)/.test(path) ? '*/*' : 'text/html';
  const headers = { accept, 'x-correlation-id': 'c0ffee00c0ffee00', ...(date && { 'accept-datetime': date }), ...more };
  const answer = await fetch(`${url}${address}`, { method, redirect: 'manual', headers });
  const told = [...answer.headers].filter(([name]) => !['date', 'x-correlation-id'].includes(name));
  const body = (await whole(answer)).replace(/"correlationId":"[^"]*"/, '');
  return `${answer.status}\n${told.map((header) => header.join(': ')).join('\n')}\n${body}`;
}

export async function ask(app: Pick<RunningApp, 'url'>, paths: readonly string[]): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  for (const path of new Set(paths)) answers.set(path, await bytes(app, path));
  return answers;
}

/** What a reader typed comes back to them. */
export const withoutAsked = (answer: string, path: string): string => answer.replaceAll(path.split('?')[0]!, '');

/** Names of different lengths make answers of different lengths, and so of other tags. */
export const withoutLengths = (answer: string): string => answer.replace(/^(content-length|etag): .*$/gm, '$1');
