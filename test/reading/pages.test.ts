import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Tokens } from '../../src/access/tokens.js';
import { type Service } from '../web/app.js';
import { at, correction, harrowBay, type MadeUp, madeUpHistory, paragraph } from './harrow-bay.js';
import { servePages } from './serve.js';

const story = '/stories/ferries-stopped';
const told: MadeUp = {};
let service: Service;
let token: (role: 'editor' | 'standards') => string;

beforeAll(async () => {
  service = await servePages(madeUpHistory(told));
  const tokens = service.app.get(Tokens);
  tokens.firstStart();
  token = (role) => tokens.firstStartSecrets()[role]!;
});
afterAll(() => service.stop());
afterEach(() => {
  for (const key of Object.keys(told)) delete told[key as keyof MadeUp];
});

async function ask(path: string, { as, headers = {} }: { as?: 'editor' | 'standards'; headers?: object } = {}) {
  const response = await fetch(service.url + path, {
    redirect: 'manual',
    headers: { accept: 'text/html', ...(as && { authorization: `Bearer ${token(as)}` }), ...headers },
  });
  const html = await response.text();
  return { status: response.status, headers: response.headers, html, words: wordsOf(html) };
}

/** What a person reads, roughly: no markup, single spaces. */
const wordsOf = (html: string) =>
  html
    .replace(/<head>.*<\/head>/s, '')
    .replace(/<br\/?>|<\/(p|li|td|div|h\d|small)>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');

describe('the story', () => {
  test('is shown with its speaker, its correction and when it changed', async () => {
    const { status, html, words } = await ask(story);
    expect(status).toBe(200);
    expect(html).toContain('<title>Ferries stopped after fire at Quay 9 – The Harrow Bay Courier</title>');
    expect(words).toContain('Published Thursday 14 May 2026, 13:27 CEST, last updated 15:05 · 4 versions');
    expect(html).toContain('<time datetime="2026-05-14T11:27:00.000Z"');
    expect(words).toContain('Statement by Lena Okafor for Bay Island Ferries');
    expect(words).toContain('Correction, 15:05An earlier version gave the number of passengers on board as 240.');
    expect(html).toContain(`<a href="${story}/compare/3...4">See the change</a>`);
    expect(words).toContain('You are reading version 4, in force since 15:05');
  });

  test('shows everything a body can hold, and only as links what lies elsewhere', async () => {
    const { html, words } = await ask(story);
    expect(html).toContain(
      '<ul><li><p>The terminal is closed.</p><ul><li><p>The baggage hall is gutted.</p></li></ul></li>',
    );
    expect(html).toContain('<ol start="3"><li><p>Call the harbour office.');
    expect(html).toContain('<blockquote><p>We heard a bang');
    expect(html).toContain('<th scope="col">Day</th>');
    expect(html).toMatch(
      /<a href="https:\/\/pictures\.example\/quay-9\.jpg" rel="noopener noreferrer">.*The terminal in smoke/,
    );
    expect(html).not.toContain('<img');
    expect(words).toContain('Content of the type tideTable, which this page cannot show');
    expect(words).toContain('Passage removed by the publisher');
    expect(html).toContain('<a href="https://ferries.example/timetable" rel="noopener noreferrer">the timetable</a>');
    // Headings begin below the headline and skip no level.
    expect(html).toContain('<h2>What is known</h2>');
  });

  test('says its own language and direction', async () => {
    const content = { ...harrowBay[0]!.content, fields: { headline: 'حريق في الميناء', language: 'ar' } };
    told.versions = [{ ...harrowBay[0]!, content, until: null }];
    const { html } = await ask(story);
    expect(html).toContain('<html lang="en">');
    expect(html).toContain('<h1 lang="ar" dir="rtl">');
  });

  test('that was retracted says so above its last text', async () => {
    told.story = {
      status: 'retracted',
      withdrawal: { kind: 'retracted', from: at('15:00'), notice: 'It was another quay.' },
    };
    const { status, words } = await ask(story);
    expect(status).toBe(200);
    expect(words).toContain('Retracted, Thursday 14 May 2026, 17:00 CESTIt was another quay.');
    expect(words).toContain('A fire in the baggage hall');
  });

  test('whose texts are gone says so in words', async () => {
    const gone = { _absent: 'erased' as const };
    const content = {
      fields: {
        headline: gone,
        standfirst: { _absent: 'hidden' as const },
        byline: gone,
        section: gone,
        leadImage: gone,
      },
      statements: [{ id: 's1', speaker: gone, organisation: gone }],
      body: [paragraph('Everyone is safe.', { statement: 's1' })],
    };
    told.versions = [{ ...harrowBay[0]!, content, until: null, note: gone }];
    told.corrections = [{ ...correction, version: 1, corrects: [], notice: { _absent: 'hidden' } }];
    for (const path of [story, `${story}/versions`, '/']) expect((await ask(path)).status).toBe(200);
    const { words } = await ask(story);
    expect(words).toContain('Headline erased on order');
    expect(words).toContain('Standfirst removed by the publisher');
    expect(words).toContain('Statement by Name erased on order');
    expect(words).toContain('Notice removed by the publisher');
  });

  test('is revalidated by readers and never kept for the signed-in', async () => {
    const first = await ask(story);
    expect(first.headers.get('cache-control')).toBe('public, max-age=5');
    const again = await ask(story, { headers: { 'if-none-match': first.headers.get('etag')! } });
    expect([again.status, again.html]).toEqual([304, '']);
    const signedIn = await ask(story, { as: 'editor' });
    expect(signedIn.headers.get('cache-control')).toBe('private, no-store');
    expect(signedIn.words).toContain('Sign out');
  });

  test('does not mind what links have gathered on their way', async () => {
    expect((await ask(`${story}?utm_source=letter&fbclid=1`)).status).toBe(200);
  });

  test('with old names leads to the present one, whatever was asked of it', async () => {
    for (const rest of ['', '?at=2026-05-14T11%3A30%3A00Z', '/versions/2', '/compare/1...2']) {
      for (const old of ['harbour-fire', '%68arbour%2Dfire']) {
        const { status, headers } = await ask(`/stories/${old}${rest}`);
        expect([status, headers.get('location')]).toEqual([308, `${story}${rest}`]);
      }
    }
  });
});

describe('the story as it was', () => {
  test.each([
    ['2026-05-14T11:30:00Z', 'Thursday 14 May 2026, 13:30 CEST'],
    ['2026-05-14 13:30', 'Thursday 14 May 2026, 13:30 CEST'],
    ['2026-05-14T13:30:15', 'Thursday 14 May 2026, 13:30:15 CEST'],
  ])('at %s is the version in force then', async (typed, shown) => {
    const { status, words, html } = await ask(`${story}?at=${encodeURIComponent(typed)}`);
    expect(status).toBe(200);
    expect(words).toContain(`As of ${shown}The story stood at version 1, in force 13:27 – 14:20. Read it as it is now`);
    expect(words).toContain('Her 240 passengers');
    expect(words).toContain('Correction made later, 15:05');
    expect(words).not.toContain('Lena Okafor for');
    expect(html).toContain(`<link rel="canonical" href="${story}"`);
  });

  test('says when a version was recorded if that was not when it came into force', async () => {
    const { words } = await ask(`${story}?at=2026-05-14T12:50:00Z`);
    expect(words).toContain('version 3, in force 14:41 – 15:05. Recorded Thursday 14 May 2026, 14:30 CEST.');
  });

  test('before its first version is a page that says when that was', async () => {
    const { status, words, html } = await ask(`${story}?at=2026-05-14T11:26:59Z`);
    expect(status).toBe(404);
    expect(words).toContain(
      'As of Thursday 14 May 2026, 13:26:59 CEST this story had not been published. It was first published Thursday 14 May 2026, 13:27 CEST.',
    );
    expect(html).toContain(`href="${story}?at=2026-05-14T11%3A27%3A00.000Z"`);
  });

  test.each(['yesterday', '"><script>alert(1)</script>', '2026-02-30'])(
    'at %s, which is no moment, keeps what was typed and says what can be read',
    async (typed) => {
      for (const page of [story, '/']) {
        const { status, html, words } = await ask(`${page}?at=${encodeURIComponent(typed)}`);
        expect(status).toBe(400);
        expect(html).toContain(`value="${typed.replaceAll('"', '&quot;').replaceAll('<', '&lt;')}"`);
        expect(words).toContain('2026-05-14 11:30');
      }
    },
  );

  test('where the version in force was removed says so and shows no other', async () => {
    told.versions = harrowBay.map((one, index) => (index === 1 ? { ...one, acts: [], changes: null } : one));
    const { status, words } = await ask(`${story}?at=2026-05-14T12:25:00Z`);
    expect(status).toBe(410);
    expect(words).toContain('Version 2 was in force as of Thursday 14 May 2026, 14:25:00 CEST; it has been removed');
    expect(words).not.toContain('baggage hall');
  });
});

describe('a version', () => {
  test('says when it was in force', async () => {
    const { words, html } = await ask(`${story}/versions/2`);
    expect(words).toContain('Version 2In force from Thursday 14 May 2026, 14:20 CEST to 14:41. Read it as it is now');
    expect(html).toContain(`href="${story}/compare/2...now"`);
  });

  test.each([
    ['99', 404],
    ['0', 400],
    ['two', 400],
    ['1e3', 400],
  ])('%s is refused with a page', async (version, status) => {
    const answer = await ask(`${story}/versions/${version}`);
    expect(answer.status).toBe(status);
    expect(answer.html).toContain('<h1>');
  });

  test('that waits is marked for staff', async () => {
    const waiting = {
      ...harrowBay[3]!,
      waiting: true as const,
      from: at('18:00'),
      recordedAt: at('13:40'),
    };
    told.versions = [...harrowBay.slice(0, 3), waiting];
    const { words } = await ask(`${story}/versions`, { as: 'editor' });
    expect(words).toContain('from 20:00 recorded 15:40');
    expect(words).toContain('Waiting');
    expect((await ask(`${story}/versions`)).words).not.toContain('Waiting');
    const version = await ask(`${story}/versions/4`, { as: 'editor' });
    expect(version.words).toContain('Waiting: in force from Thursday 14 May 2026, 20:00 CEST');
  });
});

describe('the history', () => {
  test('tells what happened, when, how much changed, and the time between', async () => {
    const { words } = await ask(`${story}/versions`);
    expect(words).toContain('4 versions · first Thursday 14 May 2026, 13:27 CEST · in force: 4');
    expect(words).toContain('4 since 15:05 Correction Passenger figure was 140, not 240');
    expect(words).toContain('3 14:41 – 15:05 recorded 14:30 Update Fire under control');
    expect(words).toContain('2 14:20 – 14:41 Statement added Lena Okafor, Bay Island Ferries');
    expect(words).toContain('53 minutes');
    expect(words).not.toContain('21 minutes');
    expect(words).toContain('1 13:27 – 14:20 Published');
  });

  test('in pages leads on to earlier ones and back', async () => {
    const many = Array.from({ length: 150 }, (_, index) => ({ ...harrowBay[0]!, from: at(`1${index % 10}:30`) }));
    told.versions = many;
    const first = await ask(`${story}/versions`);
    expect(first.html).toContain(`<a href="${story}/versions?cursor=100" rel="next">Earlier versions</a>`);
    const second = await ask(`${story}/versions?cursor=100`);
    expect(second.words).toContain('Newest versions');
    expect(second.words).not.toContain('Earlier versions');
  });
});

describe('a comparison', () => {
  test('of a statement added shows that and folds the rest', async () => {
    const { words, html } = await ask(`${story}/compare/1...2`);
    expect(words).toContain('Adds a statement by Lena Okafor.');
    expect(words).toContain('4 paragraphs unchanged');
    expect(words).toContain('Statement added Statement by Lena Okafor for Bay Island Ferries');
    expect(html).not.toMatch(/<(ins|del)>/);
  });

  test('shows words in place, with labels for those who listen', async () => {
    const { html, words } = await ask(`${story}/compare/2...4`);
    expect(words).toContain('Her [removed: 240] [added: 140] passengers');
    expect(html).toContain('<del><span class="hidden">[removed: </span>240');
    expect(words).toContain('Moved up (it stood after “Smoke could be seen from the …”)');
    expect(words).toContain('Removed Smoke could be seen from the lighthouse.');
    expect(words).toContain('[removed: Harbour ferries halted by blaze] [added: Ferries stopped after fire at Quay 9]');
  });

  test.each([
    ['1...now', 'Version 1', 'Version 4'],
    ['2026-05-14T11:30:00Z...2026-05-14T12:25:00Z', 'Version 1', 'Version 2'],
    ['2026-05-14 13:30...now', 'Version 1', 'Version 4'],
  ])('%s takes moments and now', async (sides, a, b) => {
    const { status, words } = await ask(`${story}/compare/${encodeURIComponent(sides)}`);
    expect(status).toBe(200);
    expect(words).toMatch(new RegExp(`${a},.*→.*${b},`));
  });

  test.each(['1', '1..2', '1...2...3', 'a...b', '...'])('%s is refused with a page', async (sides) => {
    expect((await ask(`${story}/compare/${sides}`)).status).toBe(400);
  });

  test('is chosen by a form', async () => {
    const { status, headers } = await ask(`${story}/compare?a=1&b=3`);
    expect([status, headers.get('location')]).toEqual([303, `${story}/compare/1...3`]);
    expect((await ask(`${story}/compare?a=1&b=//evil.example`)).status).toBe(400);
  });

  test('of fields besides the headline lists them', async () => {
    const content = {
      ...harrowBay[0]!.content,
      fields: {
        ...harrowBay[0]!.content.fields,
        authors: [{ name: 'Ines Varga', role: 'reporter' }],
        fields: { desk: { floor: 3 } },
      },
    };
    told.versions = [harrowBay[0]!, { ...harrowBay[1]!, content }];
    const { words } = await ask(`${story}/compare/1...2`);
    expect(words).toContain('Authors Added: Ines Varga (reporter)');
    expect(words).toContain('floor: 3');
  });
});

describe('the front', () => {
  test('lists stories with what happened to them and when', async () => {
    const { words, html } = await ask('/');
    expect(words).toContain('Ferries stopped after fire at Quay 9');
    expect(words).toContain('Correction 15:05 CEST · Passenger figure was 140, not 240');
    expect(html).toContain('<a href="/?cursor=more" rel="next">');
  });

  test('as of a moment shows each as it stood, and leads there', async () => {
    const { words, html } = await ask('/?at=2026-05-14+13:30');
    expect(words).toContain('As of Thursday 14 May 2026, 13:30 CEST');
    expect(words).toContain('Harbour ferries halted by blaze');
    expect(html).toContain(`href="${story}?at=2026-05-14T11%3A30%3A00.000Z"`);
    expect((await ask('/?at=2020-01-01')).words).toContain('No story was in force then.');
  });

  test('with nothing on it tells readers so, and editors how to begin', async () => {
    told.versions = [];
    const reader = await ask('/');
    expect(reader.words).toContain('Nothing has been published yet.');
    expect(reader.html).not.toContain('/example');
    const editor = await ask('/', { as: 'editor' });
    expect(editor.html).toContain('<form method="post" action="/example">');
    expect(editor.words).toContain(`curl ${service.url}/api/stories`);
  });

  test('refuses a cursor that is not its own', async () => {
    expect((await ask('/?cursor=nonsense')).status).toBe(400);
  });
});

describe('what cannot be shown', () => {
  test.each([
    ['unpublished', 410],
    ['killed', 410],
    ['takedown', 451],
  ] as const)('%s: a page with the status and the notice, and nothing of the story', async (code, status) => {
    told.refusal = { code, detail: 'It is gone.', notice: 'By order of <the> court.' };
    for (const path of ['', '/versions', '/versions/1', '/compare/1...2', '?at=2026-05-14']) {
      const answer = await ask(story + path);
      expect(answer.status).toBe(status);
      expect(answer.words).toContain('By order of <the> court.');
      expect(answer.words).not.toContain('baggage hall');
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });

  test('a story that is not there', async () => {
    expect(await ask('/stories/nobody-knows')).toMatchObject({ status: 404 });
  });
});

describe('problems', () => {
  test('are explained on pages and as JSON', async () => {
    const page = await ask('/problems/version-hidden');
    expect(page.words).toContain('The version is removed');
    const json = await ask('/problems/version-hidden', { headers: { accept: 'application/json' } });
    expect(JSON.parse(json.html)).toMatchObject({ code: 'version-hidden', status: 410 });
    expect((await ask('/problems')).html).toContain('<a href="/problems/version-hidden">');
    expect((await ask('/problems/no-such-code')).status).toBe(404);
  });
});
