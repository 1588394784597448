/** The feeds, read by a strict parser and held against RFC 4287: every state a story can be in, and hostile headlines. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DOMParser, type Element } from '@xmldom/xmldom';
import { type RunningApp, startApp } from '../support/start-app.js';

const atom = 'http://www.w3.org/2005/Atom';
const hour = 3_600_000;
let clock = Date.parse('2026-05-14T11:27:00.000Z');
let app: RunningApp;

async function send(method: string, path: string, body: object) {
  clock += 1000;
  const answer = await app.ask(`/api/stories${path}`, { as: 'standards', method, body, headers: { 'if-match': '*' } });
  expect([method, path, Math.floor(answer.status / 100), answer.json.code]).toEqual([method, path, 2, undefined]);
  return answer.json;
}
const publish = (slug: string, more: object = {}) =>
  send('POST', '', { slug, headline: `News of ${slug}`, body: { text: 'The ferry sails.' }, ...more });
const version = (slug: string, body: object) => send('POST', `/${slug}/versions`, body);

const hostile = '"]]> <script>alert(1)</script> & &amp; <!-- \u202eevil\u202c \ud83d\ude00 \u{1f1e9} \uffff \ufffe';

beforeAll(async () => {
  app = await startApp({ clock: () => clock });
  await publish('ferries');
  await version('ferries', { headline: 'No ferry sails', note: 'The strike began.' });
  await version('ferries', { headline: 'Two sail', correction: { notice: 'Two ferries do sail.' } });
  await send('PATCH', '/ferries/versions/2', { hidden: true });
  await publish('hall', { headline: 'The hall reopens' });
  await send('POST', '/hall/withdrawals', { kind: 'retracted', notice: 'It did not.' });
  await publish('quarry', { headline: 'A secret quokka' });
  await send('POST', '/quarry/withdrawals', { kind: 'killed', notice: 'Do not use.' });
  await publish('pier', { headline: 'A secret quokka' });
  await send('POST', '/pier/withdrawals', { kind: 'takedown', notice: 'By order.' });
  await publish('hostile', { headline: hostile, note: hostile });
  await version('hostile', { correction: { notice: `${hostile}\n\nSecond line.` } });
  await publish('waiting', { headline: 'A secret quokka', inForceFrom: new Date(clock + hour).toISOString() });
}, 60_000);
afterAll(() => app.dispose());

interface Entry {
  id: string;
  title: string;
  updated: string;
  summary?: string | undefined;
  page: string;
  related?: string | undefined;
  categories: string[];
}
interface Feed extends Pick<Entry, 'id' | 'title' | 'updated'> {
  links: Record<string, string>;
  entries: Entry[];
}

/** What RFC 4287 asks of a feed (section 4.1.1) and of each entry (4.1.2), and that every address leads somewhere. */
function read(xml: string): Feed {
  const faults: string[] = [];
  const onError = (level: string, message: string) => void faults.push(`${level}: ${message}`);
  const root = new DOMParser({ onError }).parseFromString(xml, 'application/xml').documentElement!;
  expect(faults).toEqual([]);
  expect([root.localName, root.namespaceURI]).toEqual(['feed', atom]);
  const children = (of: Element, name: string) =>
    Array.from(of.childNodes).filter((node): node is Element => node.nodeName === name);
  const only = (of: Element, name: string) => {
    const found = children(of, name);
    expect([name, found.length]).toEqual([name, 1]);
    return found[0]!.textContent!;
  };
  const linksOf = (of: Element) =>
    children(of, 'link').map((link): [string, string] => {
      const href = link.getAttribute('href')!;
      expect(new URL(href).origin).toBe(app.url);
      return [link.getAttribute('rel')!, href];
    });
  const common = (of: Element) => {
    const [id, title, updated] = [only(of, 'id'), only(of, 'title'), only(of, 'updated')];
    expect(URL.canParse(id)).toBe(true);
    expect(updated).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(title.trim()).not.toBe('');
    return { id, title, updated };
  };
  expect(only(children(root, 'author')[0]!, 'name')).toBe('Palimpsest');
  const entries = children(root, 'entry').map((entry): Entry => {
    const links = linksOf(entry);
    expect(links.filter(([rel]) => rel === 'alternate')).toHaveLength(1);
    const { alternate, related } = Object.fromEntries(links);
    const terms = children(entry, 'category').map((category) => category.getAttribute('term')!);
    const summary = children(entry, 'summary')[0]?.textContent;
    return { ...common(entry), page: alternate!, related, categories: terms, summary: summary ?? undefined };
  });
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  expect(entries.map(({ updated }) => updated)).toEqual(
    entries
      .map(({ updated }) => updated)
      .sort()
      .reverse(),
  );
  return { ...common(root), links: Object.fromEntries(linksOf(root)), entries };
}

async function feed(path: string): Promise<Feed> {
  const answer = await app.ask(path);
  expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
    path,
    200,
    'application/atom+xml; charset=utf-8',
  ]);
  return read(answer.text);
}

describe('the feed of a story', () => {
  test('has each change, newest first; a correction says that it is one; a hidden version says no word', async () => {
    const { title, links, entries, updated } = await feed('/stories/ferries/feed.atom');
    expect(title).toBe('Two sail – Palimpsest');
    expect(entries.map(({ title }) => title)).toEqual([
      'Changed: version 2, removed',
      'Correction: Two sail',
      'Version: version 2, removed',
      'News of ferries',
    ]);
    expect(entries[1]).toMatchObject({
      summary: 'Two ferries do sail.',
      page: `${app.url}/stories/ferries/versions/3`,
      related: `${app.url}/stories/ferries/compare/1...3`,
      categories: expect.arrayContaining(['correction', 'CorrectionIssued']),
    });
    expect(updated).toBe(entries[0]!.updated);
    expect(links).toEqual({
      self: `${app.url}/stories/ferries/feed.atom`,
      first: `${app.url}/stories/ferries/feed.atom`,
      alternate: `${app.url}/stories/ferries`,
    });
    expect(JSON.stringify(entries)).not.toMatch(/No ferry|strike/);
    for (const { page, related } of entries) {
      for (const address of [page, related]) {
        if (address) expect([200, 410]).toContain((await app.ask(new URL(address).pathname)).status);
      }
    }
  });

  test('says that a story is retracted, and why', async () => {
    const { entries } = await feed('/stories/hall/feed.atom');
    expect(entries[0]).toMatchObject({ summary: 'It did not.', page: `${app.url}/stories/hall` });
    expect(entries[0]!.title).toMatch(/^Retracted: /);
    expect(entries[0]!.categories).toEqual(['withdrawal', 'retracted']);
  });

  test.each([
    ['quarry', 410],
    ['pier', 451],
    ['waiting', 404],
    ['no-such-story', 404],
  ])('of %s answers as its page does: %i', async (slug, status) => {
    const [answer, page] = [await app.ask(`/stories/${slug}/feed.atom`), await app.ask(`/stories/${slug}`)];
    expect([answer.status, page.status]).toEqual([status, status]);
    expect(answer.text).not.toMatch(/quokka/);
    expect(answer.headers.get('link')).toBe(page.headers.get('link'));
  });

  test('under an old name leads to the present one', async () => {
    await publish('old-name');
    await send('PUT', '/old-name/slug', { slug: 'new-name' });
    const answer = await app.ask('/stories/old-name/feed.atom?cursor=x');
    expect([answer.status, answer.headers.get('location')]).toEqual([308, '/stories/new-name/feed.atom?cursor=x']);
  });
});

describe('the feed of all stories', () => {
  test('tells of a killed story that it is, and no word more', async () => {
    const { entries } = await feed('/feed.atom');
    const killed = entries.filter(({ title }) => title.startsWith('Withdrawn: not for use'));
    expect(killed.map(({ summary }) => summary)).toEqual(['Do not use.']);
    expect(JSON.stringify(entries)).not.toMatch(/quokka|quarry|pier/);
    expect(entries.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Removed by legal demand: a story', 'News of ferries']),
    );
  });

  test('keeps ids and addresses of the entries of one story, also at another time', async () => {
    const of = async (path: string) => new Map((await feed(path)).entries.map((entry) => [entry.id, entry.page]));
    const [all, one] = [await of('/feed.atom'), await of('/stories/ferries/feed.atom')];
    for (const [id, page] of one) expect(all.get(id)).toBe(page);
    clock += 100;
    expect([...(await of('/feed.atom')).keys()]).toEqual([...all.keys()]);
  });

  test('has a version when its time comes', async () => {
    const waiting = async () => (await feed('/feed.atom')).entries.some(({ title }) => title === 'Harvest in');
    const due = clock + hour;
    await publish('harvest', { headline: 'Harvest in', inForceFrom: new Date(due).toISOString() });
    expect(await waiting()).toBe(false);
    clock = due - 1;
    expect(await waiting()).toBe(false);
    clock = due;
    expect(await waiting()).toBe(true);
  });

  test('comes in pages that hold every entry once (RFC 5005)', async () => {
    await publish('long');
    for (let i = 0; i < 60; i++) await send('PATCH', '/long/versions/1', { note: `Note ${i}` });
    const ids: string[] = [];
    let path: string | undefined = '/stories/long/feed.atom';
    const sizes: number[] = [];
    while (path) {
      const { entries, links } = await feed(path);
      expect([links.self, links.first]).toEqual([`${app.url}${path}`, `${app.url}/stories/long/feed.atom`]);
      ids.push(...entries.map(({ id }) => id));
      sizes.push(entries.length);
      path = links.next?.replace(app.url, '');
    }
    expect(sizes).toEqual([50, 11]);
    expect(new Set(ids).size).toBe(61);
    expect((await app.ask('/feed.atom?cursor=nonsense')).status).toBe(400);
  });
});

test('the feed of corrections has corrections and retractions with their notices', async () => {
  const { entries, links } = await feed('/corrections/feed.atom');
  expect(links.alternate).toBe(`${app.url}/corrections`);
  const told = entries.map(({ title, summary, categories }) => [title, summary, categories]);
  expect(told).toEqual(
    expect.arrayContaining([
      ['Correction: Two sail', 'Two ferries do sail.', ['correction']],
      ['Retraction: The hall reopens', 'It did not.', ['retraction']],
    ]),
  );
});

test('whatever a headline holds, the feed is well-formed, and says it as it is but for what turns text around', async () => {
  const { entries } = await feed('/stories/hostile/feed.atom');
  const shown = hostile.replace(/[\u202e\u202c\uffff\ufffe]/g, '');
  expect(entries.map(({ title }) => title)).toEqual([`Correction: ${shown}`, shown]);
  expect(entries[0]!.summary).toContain('Second line.');
});

test('a feed is asked for again by its tag, and kept for seconds only', async () => {
  for (const path of ['/feed.atom', '/corrections/feed.atom', '/stories/ferries/feed.atom']) {
    const { headers } = await app.ask(path);
    expect(headers.get('cache-control')).toMatch(/^public, max-age=\d\b/);
    const again = await app.ask(path, { headers: { 'if-none-match': headers.get('etag')! } });
    expect([again.status, again.text]).toEqual([304, '']);
  }
});

test('what staff are given in a feed is what readers are', async () => {
  for (const path of [
    '/feed.atom',
    '/stories/ferries/feed.atom',
    '/api/changes?after=2020-01-01T00:00:00Z&limit=200',
  ]) {
    const [reader, staff] = [await app.ask(path), await app.ask(path, { as: 'auditor' })];
    expect(staff.text).toBe(reader.text);
  }
  expect((await app.ask('/stories/quarry/feed.atom', { as: 'auditor' })).status).toBe(410);
});

test('pages lead to the feeds', async () => {
  const feedsOf = async (path: string) =>
    [...(await app.ask(path)).text.matchAll(/<link rel="alternate" type="application\/atom\+xml"[^>]*href="([^"]*)"/g)]
      .map(([, href]) => href)
      .sort();
  expect(await feedsOf('/')).toEqual(['/feed.atom']);
  expect(await feedsOf('/stories/ferries')).toEqual(['/feed.atom', '/stories/ferries/feed.atom']);
  expect(await feedsOf('/stories/ferries/versions')).toEqual(['/feed.atom', '/stories/ferries/feed.atom']);
  expect(await feedsOf('/corrections')).toEqual(['/corrections/feed.atom', '/feed.atom']);
});

test('addresses are those by which the world reaches the service', async () => {
  const public_ = await startApp({ env: { PALIMPSEST_PUBLIC_URL: 'https://courier.example' } });
  try {
    const { text } = await public_.ask('/feed.atom');
    expect(text).toContain('<id>https://courier.example/feed.atom</id>');
    expect(text).toContain('<updated>1970-01-01T00:00:00.000Z</updated>');
    expect(text).not.toContain('127.0.0.1');
  } finally {
    await public_.dispose();
  }
}, 30_000);
