import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Tokens } from '../../src/access/tokens.js';
import type { Block } from '../../src/content/types.js';
import type { CorrectionItem } from '../../src/history/answers.js';
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
    const { status, words, html } = await ask(story);
    expect(status).toBe(200);
    expect(words).toContain(
      'Retracted, Thursday 14 May 2026, 17:00 CESTThe publisher no longer stands by this story. It was another quay.',
    );
    expect(words).toContain('A fire in the baggage hall');
    expect(html).toContain('<title>Retracted: Ferries stopped');
    for (const path of ['/versions/2', '/versions', '/compare/1...2', '?at=2026-05-14T11:30:00Z']) {
      expect((await ask(story + path)).words).toContain('It was another quay.');
    }
  });

  test('with notices of several kinds has them all at its top, each under its name and time', async () => {
    told.corrections = [
      correction,
      { ...correction, id: 'c2', kind: 'clarification', notice: 'The *hall* is\nthe old one.', at: at('14:00') },
      { ...correction, id: 'c3', kind: 'editors-note', notice: 'We have <asked> the operator.', at: at('15:00') },
    ];
    const { words, html } = await ask(story);
    const first = words.slice(0, words.indexOf('You are reading'));
    expect(first).toContain('Correction, 15:05An earlier version gave');
    expect(first).toContain('Clarification, 16:00The *hall* is the old one.');
    expect(first).toContain('Editor’s note, 17:00We have <asked> the operator.');
    expect(html).toContain('role="note" aria-label="Clarification"');
  });

  test('that brings back an earlier version says which', async () => {
    told.versions = [
      ...harrowBay.slice(0, 3),
      { ...harrowBay[1]!, acts: ['VersionRestored'], restored: 2, from: at('13:05'), until: null, statements: [] },
    ];
    const { words, html } = await ask(story);
    expect(words).toContain('You are reading version 4, which brings back version 2, in force since 15:05');
    expect(html).toContain(`which brings back <a href="${story}/versions/2">version 2</a>`);
    expect((await ask(`${story}/versions`)).words).toContain('Version 2 restored');
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
        language: 'ar',
      },
      statements: [{ id: 's1', speaker: gone, organisation: gone }],
      body: [
        paragraph('Everyone is safe.', { statement: 's1' }),
        { _key: 'r1', _type: 'removed', absence: 'hidden' } as Block,
      ],
    };
    told.versions = [{ ...harrowBay[0]!, content, until: null, note: gone }];
    told.corrections = [{ ...correction, version: 1, corrects: [], notice: { _absent: 'hidden' } }];
    for (const path of [story, `${story}/versions`, '/']) expect((await ask(path)).status).toBe(200);
    const { words, html } = await ask(story);
    expect(words).toContain('[Headline erased for good]');
    expect(words).toContain('[Standfirst removed by the publisher]');
    expect(words).toContain('[Image erased for good]');
    expect(words).toContain('Statement by [Name erased for good]');
    expect(words).toContain('[Passage removed by the publisher]');
    expect(words).toContain('[Notice removed by the publisher]');
    expect(html).toContain('<title>Headline removed – ');
    // Our own words in the midst of the story's are read in our language.
    expect(html).toContain('<h1 lang="ar" dir="rtl"><span class="removed" lang="en" dir="ltr">');
  });

  test('is revalidated by readers and never kept for the signed-in', async () => {
    const first = await ask(story);
    expect(first.headers.get('cache-control')).toMatch(/^public, max-age=\d\b/);
    const again = await ask(story, { headers: { 'if-none-match': first.headers.get('etag')! } });
    expect([again.status, again.html]).toEqual([304, '']);
    const signedIn = await ask(story, { as: 'editor' });
    expect(signedIn.headers.get('cache-control')).toBe('private, no-store, no-transform');
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
    expect(words).toContain('Version 1 had an error, corrected in version 4, 15:05An earlier version gave');
    expect(html).toContain(`<a href="${story}/compare/1...4">See the change</a>`);
    expect(words).not.toContain('Lena Okafor for');
    expect(html).toMatch(new RegExp(`<link rel="canonical" href="http://[^"/]+${story}"`));
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

  test('may be asked for as the API does, with `asOf`', async () => {
    const { words } = await ask(`${story}?asOf=2026-05-14T11%3A30%3A00Z`);
    expect(words).toContain('You are reading version 1');
  });

  test('where the version in force was removed says so and shows no other', async () => {
    told.versions = harrowBay.map((one, index) => (index === 1 ? { ...one, acts: [], changes: null } : one));
    const { status, words } = await ask(`${story}?at=2026-05-14T12:25:00Z`);
    expect(status).toBe(410);
    expect(words).toContain(
      'Version 2 was in force as of Thursday 14 May 2026, 14:25 CEST: from Thursday 14 May 2026, 14:20 CEST to 14:41.',
    );
    expect(words).not.toContain('baggage hall');
  });

  test('while it was away says so, with the notice, and leads to what it says now', async () => {
    told.refusals = { asOf: { code: 'withdrawn-then', detail: 'Away.', notice: 'We were checking it.' } };
    const { status, words, html, headers } = await ask(`${story}?at=2026-05-14T12:25:00Z`);
    expect(status).toBe(410);
    expect(words).toContain('the story was withdrawn. It has been reinstated since.');
    expect(words).toContain('We were checking it.');
    expect(html).toContain(`<a href="${story}">The story as it is now</a>`);
    expect(headers.get('cache-control')).toMatch(/^public, max-age=\d\b/);
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

  test('that is removed says when it was in force and leads to its neighbours and to now, never to its words', async () => {
    told.versions = harrowBay.map((one, index) => (index === 1 ? { ...one, acts: [], changes: null } : one));
    const { status, words, html, headers } = await ask(`${story}/versions/2`);
    expect(status).toBe(410);
    expect(headers.get('cache-control')).toMatch(/^public, max-age=\d\b/);
    expect(html).toContain('<title>Version 2 is removed – ');
    expect(words).toContain('Version 2 was in force from Thursday 14 May 2026, 14:20 CEST to 14:41. The publisher has');
    for (const [path, name] of [
      ['/versions/1', 'The version before it: version 1'],
      ['/versions/3', 'The version after it: version 3'],
      ['', 'The story as it is now'],
      ['/versions', 'All its versions'],
    ]) {
      expect(html).toContain(`<a href="${story}${path}">${name}</a>`);
    }
    expect(words).not.toMatch(/baggage hall|Lena Okafor/);
    const history = await ask(`${story}/versions`);
    expect(history.words).toContain('2 14:20 – 14:41 [This version was removed by the publisher]');
    expect(history.words).not.toContain('Lena Okafor');
  });

  test.each([
    ['correction', 'Version 2 had an error, corrected in version 4'],
    ['clarification', 'Version 2 was clarified in version 4'],
    ['editors-note', 'The editors added a note on version 2 with version 4'],
  ] as const)('that a later %s names carries its notice', async (kind, heading) => {
    told.corrections = [{ ...correction, kind, corrects: [2] }];
    expect((await ask(`${story}/versions/2`)).words).toContain(`${heading}, 15:05An earlier version gave`);
    expect((await ask(`${story}/versions/3`)).words).not.toContain('An earlier version gave');
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
    expect(words).toContain(
      '4 since 15:05 Correction Passenger figure was 140, not 240An earlier version gave the number of passengers',
    );
    expect(words).toContain('3 14:41 – 15:05 recorded 14:30 Update Fire under control');
    expect(words).toContain('2 14:20 – 14:41 Statement added Lena Okafor, Bay Island Ferries');
    expect(words).toContain('53 minutes');
    expect(words).not.toContain('21 minutes');
    expect(words).toContain('1 13:27 – 14:20 Published');
    expect(words).toContain('Update Fire under controlCorrected in version 4');
  });

  test('tells of times away between the versions, with the notice where there is one', async () => {
    told.withdrawals = [
      { kind: 'unpublished', from: at('12:30'), until: at('12:35'), notice: null, version: 2 },
      { kind: 'killed', from: at('12:35'), until: at('12:41'), notice: 'Not to be used.', version: 2 },
    ];
    const { words } = await ask(`${story}/versions`);
    const [third, killed, unpublished, second] = [
      '3 14:41 – 15:05',
      '14:35 – 14:41 Withdrawn: not for useNot to be used.',
      '14:30 – 14:35 Unpublished',
      '2 14:20 – 14:41',
    ].map((row) => words.indexOf(row));
    expect([third, killed, unpublished, second].every((place) => place! > 0)).toBe(true);
    expect(third! < killed! && killed! < unpublished! && unpublished! < second!).toBe(true);
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

  test('too long for its line says with which version that begins, and leads to the rest', async () => {
    const begins = /The line begins with version (\d+); the story has (\d+ versions)\./;
    told.versions = Array.from({ length: 201 }, () => harrowBay[0]!);
    const { html, words } = await ask(story);
    expect(begins.exec(words)?.slice(1)).toEqual(['2', '201 versions']);
    expect(html).toContain(`the story has <a href="${story}/versions">201 versions</a>`);
    told.versions = harrowBay;
    expect((await ask(story)).words).not.toMatch(begins);
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
    expect(words).toContain('Moved here from below ↓ Bay Island Ferries carries about 900');
    expect(words).toContain('Removed Smoke could be seen from the lighthouse. Moved up ↑ “Bay Island Ferries');
    const [, there] = /<a href="#(passage-\d+-before)">Moved here/.exec(html)!;
    const [, here] = /<a href="#(passage-\d+)">Moved up/.exec(html)!;
    for (const id of [there, here]) expect(html.split(`id="${id}"`)).toHaveLength(2);
    expect(words).toContain('Correction, 15:05An earlier version gave the number of passengers');
    expect(words).toContain('[removed: Harbour ferries halted by blaze] [added: Ferries stopped after fire at Quay 9]');
  });

  test('is shown side by side and as plain text too, each by a link, with the other links as they are', async () => {
    const { html, words } = await ask(`${story}/compare/2...4?view=side-by-side`);
    expect(html).toContain(`<a href="${story}/compare/2...4" >In place</a>`.replace(' >', '>'));
    expect(html).toContain(`<a href="${story}/compare/2...4?view=side-by-side" aria-current="true">`);
    expect(html).toContain(`<a href="${story}/compare/4...2?view=side-by-side">The other way round</a>`);
    expect(words).toContain('Before: The alarm was raised');
    expect(words).toMatch(
      /Before: [\s\S]*Her \[removed: 240\] passengers[\s\S]*After: [\s\S]*Her \[added: 140\] passengers/,
    );
    const plain = await ask(`${story}/compare/2...4?view=plain`);
    expect(plain.words).toContain('[-240-]{+140+}');
    expect((await ask(`${story}/compare/2...4?view=upside-down`)).words).toContain('[removed: 240] [added: 140]');
    const chosen = await ask(`${story}/compare?a=1&b=3&view=plain`);
    expect(chosen.headers.get('location')).toBe(`${story}/compare/1...3?view=plain`);
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
    const unsaid = await ask(`${story}/compare`);
    expect([unsaid.status, unsaid.headers.get('location')]).toEqual([303, `${story}/versions#a`]);
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

  test('has a search box, which keeps the moment and what was typed', async () => {
    const { html } = await ask('/?q=quay&at=2026-05-14+13:30');
    expect(html).toContain('<search><form method="get" action="/" class="search">');
    expect(html).toContain('<input type="hidden" name="at" value="2026-05-14T11:30:00.000Z"');
    expect(html).toMatch(/<label class="field" for="q">.*<input id="q"[^>]* value="quay"/);
    expect(html).toContain('<input type="hidden" name="q" value="quay"');
    expect(html).toContain('<a href="/?q=quay">Read them as they are now</a>');
    expect(html).toContain('<meta name="robots" content="noindex"');
  });

  test('as of a moment shows each as it stood, and leads there', async () => {
    const { words, html } = await ask('/?at=2026-05-14+13:30');
    expect(words).toContain('As of Thursday 14 May 2026, 13:30 CEST');
    expect(words).toContain('Harbour ferries halted by blaze');
    expect(html).toContain(`href="${story}?at=2026-05-14T11%3A30%3A00.000Z"`);
    expect((await ask('/?at=2020-01-01')).words).toContain('No story was in force then.');
    const ahead = await ask('/?at=2099-01-01');
    expect(ahead.words).toContain('is yet to come; these are the stories as they are now');
    expect(ahead.words).not.toContain('As it was');
  });

  test('with nothing on it tells readers so, and editors how to begin', async () => {
    told.versions = [];
    const reader = await ask('/');
    expect(reader.words).toContain('Nothing has been published yet.');
    // Where every page's "Search" leads.
    expect(reader.html).toContain('id="q"');
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
      expect(answer.html).toContain('<a href="/">The latest stories</a>');
      expect(answer.html).not.toContain(`href="${story}`);
      // Kept as briefly as what can be shown: it may come back.
      expect(answer.headers.get('cache-control')).toMatch(/^public, max-age=\d\b/);
      expect((await ask(story + path, { as: 'editor' })).headers.get('cache-control')).toBe(
        'private, no-store, no-transform',
      );
    }
  });

  test('what is unpublished is not explained', async () => {
    told.refusal = { code: 'unpublished', detail: 'It is gone.' };
    const { words } = await ask(story);
    expect(words).toContain('The story is no longer published There was a story here.');
    expect(words).not.toContain('From the publisher');
  });

  test('a 451 says who blocks, where the publisher’s address is set; other answers do not', async () => {
    told.refusal = { code: 'takedown', detail: 'It is gone.' };
    const named = await servePages(madeUpHistory(told), { PALIMPSEST_PUBLIC_URL: 'https://courier.example' });
    try {
      const link = async () => (await fetch(`${named.url}${story}`)).headers.get('link');
      expect(await link()).toBe('<https://courier.example>; rel="blocked-by"');
      expect((await ask(story)).headers.get('link')).toBeNull();
      told.refusal = { code: 'killed', detail: 'It is gone.' };
      expect(await link()).toBeNull();
    } finally {
      await named.stop();
    }
  });

  test('a story that is not there leads to those that are', async () => {
    const { status, html, words } = await ask('/stories/nobody-knows');
    expect(status).toBe(404);
    expect(words).toContain('There is no story at this address.');
    expect(html).toContain('<a href="/">The latest stories</a>');
  });
});

describe('the corrections', () => {
  test('of all stories have the story, the notice in its editor’s words, when, and what it corrects', async () => {
    const { status, words, html } = await ask('/corrections');
    expect(status).toBe(200);
    expect(words).toContain('Correction Thursday 14 May 2026, 15:05 CEST');
    expect(words).toContain('An earlier version gave the number of passengers on board as 240.');
    expect(html).toContain(`<a href="${story}"><bdi>Ferries stopped after fire at Quay 9</bdi></a>`);
    expect(html).toContain(`<a href="${story}/compare/3...4">See the change</a>`);
    for (const version of [1, 2, 3]) expect(html).toContain(`<a href="${story}/compare/${version}...4">`);
    expect((await ask('/')).html).toContain('<a href="/corrections">Corrections</a>');
  });

  test('tell a retraction from a correction, and a notice that is gone', async () => {
    const listed = (await madeUpHistory({}).corrections({ audience: 'public', may: () => false })) as {
      value: { items: CorrectionItem[] };
    };
    const { version: _, against: __, ...item } = listed.value.items[0]!;
    told.listed = [
      { ...item, kind: 'retraction', corrects: [], notice: null },
      { ...item, id: 'c2', kind: 'editors-note', notice: { _absent: 'erased' }, headline: { _absent: 'hidden' } },
    ];
    const { words, html } = await ask('/corrections');
    expect(words).toContain('Retraction Thursday 14 May 2026, 15:05 CEST');
    expect(words).toContain('The publisher no longer stands by this story.');
    expect(words).toContain('Editor’s note');
    expect(words).toContain('[Notice erased for good]');
    expect(words).toContain('[Headline removed by the publisher]');
    expect(html).toContain('<a href="/corrections?cursor=more" rel="next">');
  });

  test('of one story are found from its history', async () => {
    expect((await ask(`${story}/versions`)).html).toContain('href="/corrections?story=ferries-stopped"');
    const { words, html } = await ask('/corrections?story=ferries-stopped');
    expect(words).toContain('Corrections of one story');
    expect(html).toContain('<a href="/corrections">Corrections of all stories</a>');
    expect((await ask('/corrections?story=nobody-knows')).status).toBe(404);
  });

  test('that there are none of says so; a cursor of another list is refused', async () => {
    told.listed = [];
    expect((await ask('/corrections')).words).toContain('Nothing has been corrected.');
    expect((await ask('/corrections?cursor=nonsense')).status).toBe(400);
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
