/** Stories read over HTTP: formats, conditional requests, redirects, pages, and waiting for one's own change. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openLog } from '../../src/event-store/log.js';
import { openSqliteStore } from '../../src/event-store/sqlite/store.js';
import { plusMs } from '../../src/story/instant.js';
import { type RunningApp, startApp } from '../support/start-app.js';

let app: RunningApp;
let clock = Date.parse('2026-05-14T11:27:00.000Z');
const pass = (ms: number) => {
  clock += ms;
};
const minute = 60_000;

beforeAll(async () => {
  app = await startApp({ clock: () => clock });
  await app.ask('/api/stories', {
    as: 'editor',
    body: {
      slug: 'ferries',
      headline: 'Ferries stopped',
      tags: ['harbour'],
      note: 'First word',
      body: { markdown: 'A fire stopped **all** sailings.\n\nNobody was hurt.' },
    },
  });
  pass(53 * minute);
  await app.ask('/api/stories/ferries/versions', {
    as: 'editor',
    headers: { 'if-match': '*' },
    body: { statements: [{ speaker: 'Lena Okafor', body: { text: 'Everyone is accounted for.' } }] },
  });
  pass(minute);
  await app.ask('/api/stories/ferries/versions', {
    as: 'editor',
    headers: { 'if-match': '*' },
    body: { headline: 'Not before six', inForceFrom: '2026-05-14T18:00:00Z' },
  });
}, 60_000);
afterAll(() => app.dispose());

describe('a version', () => {
  test('comes as JSON with its content under the names it was sent with', async () => {
    const { status, json, headers } = await app.ask('/api/stories/ferries?asOf=2026-05-14T11:30:00Z');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(json).toMatchObject({
      version: 1,
      headline: 'Ferries stopped',
      tags: ['harbour'],
      statements: [],
      note: 'First word',
      story: { slug: 'ferries', status: 'published', versions: 2 },
      asOf: { at: '2026-05-14T11:30:00.000Z', reign: { until: '2026-05-14T12:20:00.000Z' } },
    });
    expect(json.body).toHaveLength(2);
    expect(json.content).toBeUndefined();
  });

  test('comes as Markdown and as text, by format or by Accept', async () => {
    const markdown = await app.ask('/api/stories/ferries?format=markdown');
    expect(markdown.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(markdown.text).toContain('A fire stopped **all** sailings.');
    const text = await app.ask('/api/stories/ferries/versions/1', { headers: { accept: 'text/plain' } });
    expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(text.text).toContain('A fire stopped all sailings.');
    expect((await app.ask('/api/stories/ferries?format=docx')).json.code).toBe('unknown-format');
    expect((await app.ask('/api/stories/ferries', { headers: { accept: 'image/png' } })).status).toBe(406);
  });

  test.each([
    ['/api/stories/nothing', 404, 'story-not-found'],
    ['/api/stories/ferries?asOf=2026-05-14T11:26:59Z', 404, 'not-yet-in-force'],
    ['/api/stories/ferries?asOf=yesterday', 400, 'bad-instant'],
    ['/api/stories/ferries?knownAt=2026-05-14T12:00:00Z', 403, 'known-at-forbidden'],
    ['/api/stories/ferries/versions/3', 404, 'version-not-found'],
    ['/api/stories/ferries/versions/0', 400, 'bad-version'],
    ['/api/stories/ferries/versions/one', 400, 'bad-version'],
    ['/api/stories/ferries/versions?cursor=x', 400, 'bad-cursor'],
    ['/api/stories/ferries/versions?limit=1000', 422, 'invalid'],
    ['/api/stories/ferries/versions?act=Nothing', 422, 'invalid'],
    ['/api/stories/ferries/versions?editor=Ines', 403, 'editors-not-public'],
    ['/api/stories/ferries/compare/1', 400, 'bad-version'],
    ['/api/stories/ferries/compare/1...2...3', 400, 'bad-version'],
    ['/api/stories/ferries/compare/1...3', 404, 'version-not-found'],
    ['/api/stories?cursor=x', 400, 'bad-cursor'],
    ['/api/stories?wrong=1', 422, 'invalid'],
  ])('%s is refused: %i %s', async (path, status, code) => {
    const answer = await app.ask(path);
    expect(answer.json).toMatchObject({ status, code, type: `/problems/${code}` });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  test.each(['2026-05-14T12:30:00%2B01:00', '2026-05-14T12:30:00+01:00'])('an offset is read: %s', async (asOf) => {
    expect((await app.ask(`/api/stories/ferries?asOf=${asOf}`)).json.asOf.at).toBe('2026-05-14T11:30:00.000Z');
  });
});

describe('asking again', () => {
  test('costs a reader nothing while nothing has changed', async () => {
    const first = await app.ask('/api/stories/ferries/versions/1');
    expect(first.headers.get('cache-control')).toMatch(/^public, max-age=\d\b/);
    const again = await fetch(`${app.url}/api/stories/ferries/versions/1`, {
      headers: { 'if-none-match': first.headers.get('etag')! },
    });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  test('gives writers the tag that If-Match takes, and auditors none of it', async () => {
    for (const path of ['', '/versions', '/versions/1']) {
      const { headers } = await app.ask(`/api/stories/ferries${path}`, { as: 'editor' });
      expect(headers.get('etag')).toBe('"2.2"');
      expect(headers.get('cache-control')).toBe('private, no-store, no-transform');
    }
    const auditor = await app.ask('/api/stories/ferries', { as: 'auditor' });
    expect(auditor.headers.get('etag')).not.toMatch(/^"\d+\.\d+"$/);
    expect(auditor.json.story.revision).toBeUndefined();
  });
});

describe('lists', () => {
  test('lead to their next page', async () => {
    const first = await app.ask('/api/stories/ferries/versions?limit=1');
    expect(first.json.items.map((item: { version: number }) => item.version)).toEqual([2]);
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link')!)![1]!;
    const second = await app.ask(next);
    expect(second.json.items.map((item: { version: number }) => item.version)).toEqual([1]);
    expect(second.json.next).toBeNull();
    expect(second.headers.get('link')).toBeNull();
  });

  test('stories in force at an instant, by tag', async () => {
    expect((await app.ask('/api/stories?asOf=2026-05-14T11:00:00Z')).json.items).toEqual([]);
    const { json } = await app.ask('/api/stories?tag=harbour');
    expect(json.items).toMatchObject([{ headline: 'Ferries stopped', version: 2, story: { slug: 'ferries' } }]);
  });
});

describe('comparing', () => {
  test('as JSON and as text', async () => {
    const { json } = await app.ask('/api/stories/ferries/compare/1...now');
    expect(json).toMatchObject({ a: { version: 1 }, b: { version: 2 } });
    expect(json.comparison.summary.statementsAdded).toEqual(['Lena Okafor']);
    const text = await app.ask('/api/stories/ferries/compare/2026-05-14T11:30:00Z...2?format=text');
    expect(text.text).toContain('Everyone is accounted for.');
  });

  test.each([
    ['json', undefined, 'application/json', /"sentence":"Adds a statement by Lena Okafor\."/],
    ['text', 'text/plain', 'text/plain', /\{\+Everyone is accounted for\.\+\}/],
    ['html', 'text/html', 'text/html', /<ins>.*Everyone is accounted for\..*<\/ins>/],
    ['side-by-side', undefined, 'text/html', /<th scope="col">Before<\/th><th scope="col">After<\/th>/],
    ['unified', 'text/x-diff', 'text/x-diff', /^\+Everyone is accounted for\.$/m],
  ])('in the form %s', async (format, accept, type, found) => {
    const path = '/api/stories/ferries/compare/1...2';
    const asked = await app.ask(`${path}?format=${format}`);
    expect([asked.status, asked.headers.get('content-type')]).toEqual([200, `${type}; charset=utf-8`]);
    expect(asked.text).toMatch(found);
    if (accept) expect((await app.ask(path, { headers: { accept } })).text).toBe(asked.text);
    expect((await app.ask(path, { headers: { accept: 'image/png' } })).status).toBe(406);
    const again = { headers: { 'if-none-match': asked.headers.get('etag')! } };
    expect((await fetch(`${app.url}${path}?format=${format}`, again)).status).toBe(304);
  });
});

describe('one’s own change', () => {
  test('is there when its position is sent', async () => {
    pass(minute);
    const written = await app.ask('/api/stories', {
      as: 'editor',
      body: { slug: 'harbour', headline: 'Harbour reopens', body: { text: 'At once.' } },
    });
    const position = written.headers.get('palimpsest-position')!;
    const read = await app.ask('/api/stories/harbour', { as: 'editor', headers: { 'palimpsest-position': position } });
    expect(read.json.headline).toBe('Harbour reopens');
  });

  test('is not promised when it does not arrive', async () => {
    const ahead = { 'palimpsest-position': '9'.repeat(16) };
    const late = await app.ask('/api/stories/ferries', { as: 'editor', headers: ahead });
    expect([late.status, late.json.code, late.headers.get('retry-after')]).toEqual([503, 'not-there-yet', '1']);
  });

  test('goes for writes as well: nothing is written upon what has not arrived', async () => {
    const headers = { 'palimpsest-position': '9'.repeat(16), 'if-match': '*' };
    const body = { headline: 'Written too early' };
    const late = await app.ask('/api/stories/ferries/versions', { as: 'editor', body, headers });
    expect([late.status, late.json.code]).toEqual([503, 'not-there-yet']);
    expect((await app.ask('/api/stories/ferries')).json.headline).not.toBe('Written too early');
  });

  test('is waited for by staff alone: to a reader it would tell how much has been recorded', async () => {
    const ahead = { 'palimpsest-position': '9'.repeat(16) };
    expect((await app.ask('/api/stories/ferries', { headers: ahead })).status).toBe(200);
  });
});

describe('an old slug', () => {
  test('leads to the same question about the present one', async () => {
    const { data, stop } = await startApp().then(async (before) => {
      await before.ask('/api/stories', {
        as: 'editor',
        body: { slug: 'old-quay', headline: 'Quay 9', body: { text: 'It reopens.' } },
      });
      return before;
    });
    await stop();
    await rename(data, 'new-quay');
    const after = await startApp({ data });
    try {
      const moved = await after.ask('/api/stories/old-quay/versions?limit=1');
      expect([moved.status, moved.headers.get('location')]).toEqual([308, '/api/stories/new-quay/versions?limit=1']);
      expect((await after.ask('/api/stories/new-quay')).json.story.slug).toBe('new-quay');
    } finally {
      await after.dispose();
    }
  });

  async function rename(data: string, slug: string): Promise<void> {
    const store = await openSqliteStore(data);
    const log = openLog(store);
    const [last] = (await log.readAll('', 100)).slice(-1);
    await log.append({
      story: last!.story,
      expected: { revision: last!.revision, hash: last!.hash },
      commandId: randomUUID(),
      actor: 'desk',
      recordedAt: plusMs(last!.metadata.recordedAt, 1),
      events: [{ type: 'SlugChanged', data: {}, texts: { slug } }],
    });
    await store.close();
  }
});
