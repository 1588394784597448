/** Stories as machines read them: schema.org in the page and by itself, ninjs, and the publisher whom they name. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { publiclyCached } from '../../src/web/caching.js';
import { type RunningApp, startApp } from '../support/start-app.js';
import { documents, everyState, hostile, newClock, publisher } from './every-state.js';
import { ninjs } from './ninjs-3.1.js';
import { validator } from './validator.js';

const clock = newClock();
let app: RunningApp;
let versions: Record<string, number>;
beforeAll(async () => {
  app = await startApp({ clock: () => clock.now, env: publisher });
  versions = await everyState(app, clock);
}, 120_000);
afterAll(() => app.dispose());

const here = publisher.PALIMPSEST_PUBLIC_URL;
const faultsOf = validator(ninjs);
const item = async (path: string, as?: 'editor') =>
  app.ask(`/api/stories/${path}${path.includes('?') ? '&' : '?'}format=ninjs`, as ? { as } : {});
const article = async (path: string) => (await app.ask(`/api/stories/${path}?format=schema.org`)).json;
/** As a browser would read it. */
const dataIn = (html: string) =>
  [...html.matchAll(/<script([^>]*)>(.*?)<\/script>/gs)].flatMap(([, attributes, data]) => {
    if (/^ type="module" src="\/assets\/palimpsest\.\w+\.js"$/.test(attributes!) && data === '') return [];
    expect(attributes).toBe(' type="application/ld+json"');
    return [JSON.parse(data!)];
  });

describe('ninjs', () => {
  test('keeps to the standard in every state and after every act', async () => {
    const items = await documents(app, versions, 'ninjs');
    expect(items.map(({ document }) => document.pubStatus)).toEqual(
      expect.arrayContaining(['usable', 'withheld', 'canceled']),
    );
    for (const { from, document } of items) expect([from, ...faultsOf(document)]).toEqual([from]);
  }, 60_000);

  test('which notices a member that the standard does not have', async () => {
    const { json } = await item('ferries');
    expect(faultsOf({ ...json, correction: 'x' })).toHaveLength(1);
    expect(faultsOf({ ...json, version: 7, uri: undefined, embargoedUntil: 'soon' })).toHaveLength(3);
  });

  test('says what the version says, under one uri for all of them', async () => {
    const [first, third, now] = [
      await item('ferries/versions/1'),
      await item('ferries/versions/3'),
      await item('ferries'),
    ];
    expect(now.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(new Set([first, third, now].map(({ json }) => json.uri)).size).toBe(1);
    expect(now.json.uri).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
    expect(third.json).toMatchObject({
      version: '3',
      pubStatus: 'usable',
      language: 'en-GB',
      slugline: 'ferries',
      by: 'By our staff',
      headlines: [{ role: 'main', value: 'Ferries stopped after fire at Quay 9' }],
      descriptions: [{ role: 'standfirst', value: 'Most sailings are cancelled.' }],
      bodies: [
        { contentType: 'text/html', value: expect.stringContaining('<strong>stopped</strong>') },
        { contentType: 'text/plain', value: expect.stringContaining('Statement by Lena Okafor, Bay Island Ferries:') },
      ],
      altIds: [{ value: `${here}/stories/ferries` }, { value: `${here}/stories/ferries/versions/3` }],
    });
    expect(third.json.firstCreated).toBe(first.json.versionCreated);
  });

  test('tells of corrections in the note to editors, also of the version that had the error', async () => {
    expect((await item('ferries/versions/1')).json.edNote).toBe(
      'Correction: Not all sailings were cancelled.\n\nChange note: First word',
    );
    expect((await item('ferries/versions/2')).json.edNote).toBe('Change note: Adds the company');
    expect((await item('ferries')).json.edNote).toContain('Clarification: Quay 9 is the new quay.');
  });

  test.each([
    ['killed', 410, 'canceled', 'Kill: Notice of killed'],
    ['takedown', 451, 'canceled', 'Takedown: Notice of takedown'],
    ['unpublished', 410, 'withheld', undefined],
  ])(
    'tells takers of a story %s, with the status of every answer and no word of it',
    async (slug, status, pubStatus, edNote) => {
      const standard = expect.objectContaining({ name: 'ninjs', version: '3.1' });
      const uri = expect.stringMatching(/^urn:uuid:/);
      const told = { standard, uri, type: 'text', representationType: 'partial', pubStatus, ...(edNote && { edNote }) };
      for (const path of [slug, `${slug}/versions/1`]) {
        const answer = await item(path);
        expect([path, answer.status, answer.json]).toEqual([path, status, told]);
        expect(answer.headers.get('cache-control')).toBe(publiclyCached);
      }
      expect((await item(slug, 'editor')).json).toEqual(told);
      expect((await item(`${slug}/versions/9`)).json).toMatchObject({ code: 'version-not-found' });
    },
  );

  test('cancels what is retracted, which may still be read', async () => {
    const { status, json } = await item('retracted');
    expect([status, json.pubStatus, json.bodies.length]).toEqual([200, 'canceled', 2]);
    expect(json.edNote).toMatch(/^Retraction: Notice of retracted\n\n/);
    expect((await item('silent')).json.edNote).toBe('Retracted.');
  });

  test('is withheld from those who may see it until its time has come', async () => {
    expect((await item('to-come')).json.code).toBe('story-not-found');
    const { json } = await item('to-come/versions/1', 'editor');
    expect(json).toMatchObject({ pubStatus: 'withheld', embargoedUntil: '2031-03-03T06:00:00.000Z' });
    const { json: imported } = await item('archive');
    expect([imported.contentCreated, imported.versionCreated]).toEqual([
      '1998-02-03T04:05:06.000Z',
      expect.stringMatching(/^2026-05-14/),
    ]);
  });
});

describe('schema.org', () => {
  test('is a NewsArticle with its publisher, its picture and who wrote it', async () => {
    const { headers, json } = await app.ask('/api/stories/ferries', { headers: { accept: 'application/ld+json' } });
    expect(headers.get('content-type')).toBe('application/ld+json; charset=utf-8');
    expect(json).toMatchObject({
      '@context': 'https://schema.org',
      '@type': 'NewsArticle',
      url: `${here}/stories/ferries`,
      mainEntityOfPage: `${here}/stories/ferries`,
      headline: 'Ferries stopped after fire',
      author: [
        { '@type': 'Person', name: 'Ines Varga', jobTitle: 'Harbour correspondent' },
        { name: 'Tom Achterberg' },
      ],
      keywords: ['ferries', 'fire'],
      articleSection: 'Harbour',
      inLanguage: 'en-GB',
      image: { '@type': 'ImageObject', caption: 'The quay at noon', creditText: 'Lena Okafor' },
      version: 7,
      creativeWorkStatus: 'Published',
      articleBody: expect.stringContaining('A fire stopped all sailings to Eyot Island.'),
      hasPart: [{ '@type': 'Quotation', text: 'Everyone is accounted for.', author: { name: 'Lena Okafor' } }],
      publisher: {
        '@type': 'NewsMediaOrganization',
        name: 'The Harrow Bay Courier',
        url: 'https://courier.example/',
        logo: { url: 'https://courier.example/logo;v=2,a.png?x' },
        correctionsPolicy: 'https://courier.example/corrections',
        email: 'desk@courier.example',
      },
    });
  });

  test('has each correction with its notice and when readers got it', async () => {
    const corrections = [
      { '@type': 'CorrectionComment', name: 'Correction', text: 'Not all sailings were cancelled.' },
      { '@type': 'CorrectionComment', name: 'Clarification', text: 'Quay 9 is the new quay.' },
      { '@type': 'CorrectionComment', name: 'Editor’s note', text: 'We have asked again.' },
    ];
    const { correction } = await article('ferries');
    expect(correction).toMatchObject(corrections);
    const third = await app.ask('/api/stories/ferries/versions/3');
    expect(correction[0].datePublished).toBe(third.json.inForceFrom);
    expect((await article('ferries/versions/1')).correction).toMatchObject(corrections.slice(0, 1));
    expect((await article('ferries/versions/2')).correction).toBeUndefined();
  });

  test('is dated by the last public change; an old version, by its own', async () => {
    const [now, old] = [await article('ferries'), await article('ferries/versions/2')];
    const { json } = await app.ask('/api/stories/ferries/versions');
    const of = (version: number) => json.items.find((one: { version: number }) => one.version === version).inForceFrom;
    expect([now.datePublished, now.dateModified]).toEqual([of(1), of(7)]);
    expect([old.datePublished, old.dateModified]).toEqual([of(1), of(2)]);
    expect([old.creativeWorkStatus, old.url]).toEqual(['Obsolete', `${here}/stories/ferries/versions/2`]);
    const back = await article('back');
    expect(back.dateModified > back.datePublished).toBe(true);
  });

  test('of a retracted story says so, with the notice among the corrections', async () => {
    const retracted = await article('retracted');
    expect(retracted).toMatchObject({ creativeWorkStatus: 'Retracted', url: `${here}/stories/retracted` });
    expect(retracted.correction[0]).toMatchObject({ name: 'Retraction', text: 'Notice of retracted' });
    expect(retracted.dateModified).toBe(retracted.correction[0].datePublished);
    expect(await article('killed')).toMatchObject({ code: 'killed' });
  });

  test('of a story without a language is in the publisher’s', async () => {
    expect((await article('plain')).inLanguage).toBe('en-GB');
  });

  test('stands in every page of a story, without the words that the page shows', async () => {
    for (const path of ['ferries', 'ferries/versions/2', 'ferries?at=2026-05-14T11:05:30Z', 'retracted']) {
      const { text } = await app.ask(`/stories/${path}`);
      const [data] = dataIn(text);
      expect([path, data['@type']]).toEqual([path, 'NewsArticle']);
      expect([data.articleBody, data.hasPart]).toEqual([undefined, undefined]);
    }
    const { articleBody, hasPart, ...rest } = await article('ferries');
    expect(dataIn((await app.ask('/stories/ferries')).text)).toEqual([rest]);
  });

  test('holds whatever was typed, and nothing of it gets out', async () => {
    const { text, headers } = await app.ask('/stories/inert/versions/1');
    const [data, ...more] = dataIn(text);
    expect([data.description, data.creditText, more]).toEqual([hostile, hostile, []]);
    expect(/<script[^>]*>(.*?)<\/script>/s.exec(text)![1]).not.toMatch(/[<>&\u2028\u2029]/);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';/);
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
  });
});

describe('a page', () => {
  test.each(['', '/versions/1', '/versions/2', '?at=2026-05-14T11:02:30Z'])(
    'of a story, at %j, leads search engines to the story as it is now',
    async (path) => {
      const canonical = async (slug: string) =>
        /<link rel="canonical" href="([^"]*)"/.exec((await app.ask(`/stories/${slug}${path}`)).text)?.[1];
      expect(await canonical('elsewhere')).toBe('https://courier.example/ferries?a=1&amp;b=2');
      if (!path.startsWith('?')) expect(await canonical('ferries')).toBe(`${here}/stories/ferries`);
    },
  );

  test('tells those who show a link to it its headline, its own address and its times', async () => {
    const { text } = await app.ask('/stories/ferries');
    const told = Object.fromEntries(
      [...text.matchAll(/<meta property="([^"]+)" content="([^"]*)"/g)].map((m) => m.slice(1)),
    );
    expect(told).toMatchObject({
      'og:type': 'article',
      'og:site_name': 'The Harrow Bay Courier',
      'og:url': `${here}/stories/ferries`,
      'og:title': expect.stringMatching(/./),
      'article:published_time': expect.stringMatching(/^\d{4}-/),
      'article:modified_time': expect.stringMatching(/^\d{4}-/),
    });
  });

  test('names its publisher, whose logo is all that it loads from elsewhere', async () => {
    const { text, headers } = await app.ask('/');
    expect(text).toContain(
      '<img class="logo" src="https://courier.example/logo;v=2,a.png?x" alt/>The Harrow Bay Courier',
    );
    expect(text).toMatch(
      /<nav aria-label="Publisher"><a href="https:\/\/courier.example\/">The Harrow Bay Courier<\/a><a href="https:\/\/courier.example\/corrections">How we correct<\/a><a href="mailto:desk@courier.example">Contact<\/a>/,
    );
    const images = /img-src ([^;]*)/.exec(headers.get('content-security-policy')!)![1];
    expect(images).toBe("'self' https://courier.example/logo%3Bv=2%2Ca.png");
  });
});
