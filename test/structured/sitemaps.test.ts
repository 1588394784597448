/** What search engines are told: every story that readers may be shown, at one address, and nothing of any other. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readerViewer } from '../../src/access/viewer.js';
import { openCaches } from '../../src/history/caches.js';
import { openSitemaps } from '../../src/history/sitemaps.js';
import { at, publish } from '../../src/story/telling.test-support.js';
import { type RunningApp, startApp } from '../support/start-app.js';
import { Newsroom } from '../views/newsroom.js';
import { everyState, newClock, publisher } from './every-state.js';

const hour = 60 * 60 * 1000;
const here = publisher.PALIMPSEST_PUBLIC_URL;
const storiesIn = (xml: string) => [...xml.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, address]) => address!);
const open = ['archive', 'back', 'ferries', 'inert', 'plain', 'removed', 'retracted', 'silent', 'wordless'];

describe('of a newsroom in every state', () => {
  const clock = newClock();
  let app: RunningApp;
  beforeAll(async () => {
    app = await startApp({ clock: () => clock.now, env: publisher });
    await everyState(app, clock);
  }, 120_000);
  afterAll(() => app.dispose());

  test('robots.txt leads to the sitemaps, and away from comparisons without end', async () => {
    const { status, headers, text } = await app.ask('/robots.txt');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(text).toMatch(/^User-agent: \*\n(Disallow: \S+\n)+\nSitemap: /);
    expect(text).toContain('Disallow: /stories/*/compare\n');
    for (const [, address] of text.matchAll(/^Sitemap: (.*)$/gm)) {
      expect(address!.startsWith(`${here}/`)).toBe(true);
      expect((await app.ask(new URL(address!).pathname)).status).toBe(200);
    }
  });

  test('the sitemap has the stories that readers may be shown, once each, at their own address', async () => {
    const { headers, text } = await app.ask('/sitemap.xml');
    expect(headers.get('content-type')).toBe('application/xml; charset=utf-8');
    expect(text).toMatch(/^<\?xml version="1.0" encoding="utf-8"\?>\n<urlset xmlns="http:\/\/www.sitemaps.org/);
    // The one of the publisher's own pages is for the publisher's own sitemap to tell.
    expect(storiesIn(text).toSorted()).toEqual(open.map((slug) => `${here}/stories/${slug}`));
    expect((await app.ask('/sitemap.xml', { as: 'editor' })).text).toBe(text);
  });

  test('each with the last change that readers could see', async () => {
    const { text } = await app.ask('/sitemap.xml');
    const changed = (slug: string) => new RegExp(`/stories/${slug}</loc><lastmod>([^<]*)<`).exec(text)?.[1];
    const article = async (slug: string) => (await app.ask(`/api/stories/${slug}?format=schema.org`)).json.dateModified;
    for (const slug of ['ferries', 'retracted', 'back', 'archive']) {
      expect([slug, changed(slug)]).toEqual([slug, await article(slug)]);
    }
  });

  test('is revalidated, and does not stay as it was after a story is withdrawn', async () => {
    const tag = (await app.ask('/sitemap.xml')).headers.get('etag')!;
    const again = () => app.ask('/sitemap.xml', { headers: { 'if-none-match': tag } });
    expect((await again()).status).toBe(304);
    clock.now += 1000;
    const body = { kind: 'unpublished' };
    await app.ask('/api/stories/wordless/withdrawals', { as: 'standards', body, headers: { 'if-match': '*' } });
    const { status, text } = await again();
    expect([status, storiesIn(text).length]).toEqual([200, open.length - 1]);
    expect((await app.ask('/sitemap-0.xml')).status).toBe(404);
    expect((await app.ask('/sitemap-.xml')).status).toBe(404);
  });

  test('the news sitemap has what was first published in two days, with its headline', async () => {
    const { text } = await app.ask('/sitemap-news.xml');
    const fresh = ['back', 'ferries', 'inert', 'plain', 'removed'];
    expect(storiesIn(text).toSorted()).toEqual(fresh.map((slug) => `${here}/stories/${slug}`));
    expect(text).toContain(
      '<news:publication><news:name>The Harrow Bay Courier</news:name><news:language>en</news:language></news:publication>',
    );
    const { json } = await app.ask('/api/stories/ferries');
    expect(text).toContain(
      `<news:publication_date>${json.story.firstPublishedAt}</news:publication_date><news:title>Ferries stopped after fire</news:title>`,
    );
    clock.now += 48 * hour;
    const headers = { 'if-match': '*' };
    await app.ask('/api/stories/ferries/versions', {
      as: 'editor',
      body: { headline: 'Ferries still out', supersedes: [8] },
      headers,
    });
    expect(storiesIn((await app.ask('/sitemap-news.xml')).text)).toEqual([]);
    expect(storiesIn((await app.ask('/sitemap.xml')).text)).toContain(`${here}/stories/ferries`);
  });
});

test('of many stories the sitemap has parts, in which each stands once', async () => {
  const newsroom = await Newsroom.open();
  try {
    const ids = Array.from({ length: 40 }, newsroom.newId);
    for (const [n, id] of ids.entries()) await newsroom.tell(id, publish({ slug: `story-${n}` }), at('11:27'));
    await newsroom.tell(newsroom.newId(), publish({ slug: 'to-come', inForceFrom: at('18:00') }), at('11:28'));
    const describing = {
      policy: { publicHistory: 'all' as const, editorsNames: 'none' as const },
      caches: openCaches(newsroom.views),
      writes: readerViewer.may('new-version'),
    };
    const viewing = { audience: readerViewer.audience, publicHistory: 'all' as const };
    const sitemaps = openSitemaps(newsroom.views, viewing, () => at('12:00'), describing, 3);
    const parts = await sitemaps.parts();
    expect([parts.length, parts[0], parts.at(-1)]).toEqual([16, '0', 'f']);
    const listed = await Promise.all(parts.map((part) => sitemaps.part(part)));
    expect(listed.flatMap((stories) => stories!.map(({ story }) => story.id))).toEqual(ids.toSorted());
    for (const unknown of ['', 'g', '00']) expect(await sitemaps.part(unknown)).toEqual(unknown === 'g' ? [] : null);
  } finally {
    await newsroom.close();
  }
}, 60_000);
