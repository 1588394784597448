/** Who said this word at that time: search over HTTP, as readers and the desk meet it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newsroom } from '../editing/newsroom.js';
import { type RunningApp, startApp } from '../support/start-app.js';

const minute = 60_000;
let clock = Date.parse('2026-05-14T11:27:00.000Z');
const pass = (minutes = 1) => {
  clock += minutes * minute;
  return new Date(clock).toISOString();
};
let app: RunningApp;
let desk: ReturnType<typeof newsroom>;
const told: Record<string, string> = {};

beforeAll(async () => {
  app = await startApp({ clock: () => clock });
  desk = newsroom(app);
  await desk.published('Ferries stopped after fire at Quay 9', {
    slug: 'ferries',
    tags: ['harbour'],
    body: { markdown: 'Smoke was seen over the **old** harbour.\n\nNobody was hurt.' },
  });
  told.before = pass();
  pass();
  await desk.change('ferries', {
    statements: [
      { speaker: 'Lena Okafor', organisation: 'Bay Island Ferries', body: { text: 'Everyone is accounted for.' } },
    ],
  });
  told.stated = pass();
  pass();
  await desk.change('ferries', { headline: 'Ferries back on Friday', inForceFrom: '2026-05-14T18:00:00Z' });
  await desk.published('Market hall reopens', { slug: 'market', body: { text: 'Stalls are open on Friday.' } });
  pass();
  await desk.published('Waiting for quokkas', { slug: 'waiting', inForceFrom: '2026-05-15T06:00:00Z' });
  await desk.published('Quokkas that never came', { slug: 'never', inForceFrom: '2026-05-15T07:00:00Z' });
  await desk.cancel('never', 1);
  pass();
}, 60_000);
afterAll(() => app.dispose());

interface Found {
  story: { slug: string };
  version: number;
  matches: { field: string; block?: string; statement?: object; excerpt: { text: string; match?: true }[] }[];
}
async function search(
  q: string,
  { as, ...more }: { as?: 'editor'; asOf?: string; cursor?: string; limit?: string } = {},
) {
  const { status, json } = await app.ask(`/api/stories?${new URLSearchParams({ q, ...more })}`, { ...(as && { as }) });
  expect([q, status]).toEqual([q, 200]);
  return json as { items: Found[]; next: string | null; partial?: true };
}
const slugs = async (...asked: Parameters<typeof search>) =>
  (await search(...asked)).items.map(({ story }) => story.slug);
const inWords = ({ excerpt }: Found['matches'][number]) =>
  excerpt.map(({ text, match }) => (match ? `[${text}]` : text)).join('');

describe('a search', () => {
  test('says who said the word, and where', async () => {
    const { items, next, partial } = await search('accounted');
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ story: { slug: 'ferries' }, version: 2, acts: ['StatementAdded'] });
    const [match] = items[0]!.matches;
    expect(match).toMatchObject({
      field: 'body',
      block: expect.any(String),
      statement: { speaker: 'Lena Okafor', organisation: 'Bay Island Ferries' },
    });
    expect(inWords(match!)).toBe('Everyone is [accounted] for.');
    expect([next, partial]).toEqual([null, undefined]);
  });

  test('is of the time asked about', async () => {
    expect(await slugs('accounted', { asOf: told.before! })).toEqual([]);
    expect(await slugs('smoke', { asOf: told.before! })).toEqual(['ferries']);
    expect(await slugs('accounted', { asOf: told.stated! })).toEqual(['ferries']);
  });

  test.each([
    ['FERRIES quay', ['ferries']],
    ['quay okafor', ['ferries']],
    ['quay market', []],
    ['"old harbour"', ['ferries']],
    ['“old harbour”', ['ferries']],
    ['"harbour old"', []],
    ['"quay 9 smoke"', []],
    ['harb*', ['ferries']],
    ['harb', []],
    ['"the old harb*"', ['ferries']],
    ['harbour', ['ferries']],
    ['Bay-Island', ['ferries']],
    ['"open', ['market']],
    ['open" AND NOT (', []],
  ])('%s finds %j', async (q, expected) => expect(await slugs(q)).toEqual(expected));

  test('shows each of its words, in the order of the version', async () => {
    const { items } = await search('smoke okafor ferries');
    expect(items[0]!.matches.map((match) => [match.field, inWords(match)])).toEqual([
      ['headline', '[Ferries] stopped after fire at Quay 9'],
      ['speaker', 'Lena [Okafor]'],
      ['body', '[Smoke] was seen over the old harbour.'],
    ]);
  });

  test.each([
    ['', 'bad-query'],
    ['… !', 'bad-query'],
    ['fe*', 'bad-query'],
    ['x'.repeat(201), 'bad-query'],
    [Array.from({ length: 17 }, (_, i) => `w${i}`).join(' '), 'bad-query'],
  ])('for "%s" is refused: %s', async (q, code) => {
    const { status, json } = await app.ask(`/api/stories?${new URLSearchParams({ q })}`);
    expect([status, json.code, json.detail]).toEqual([400, code, expect.any(String)]);
  });
});

describe('what readers may not know of', () => {
  test.each(['friday* back', 'quokkas', 'quokk*'])('%s is not found by them, nor is it counted', async (q) => {
    const plain = await app.ask(`/api/stories?${new URLSearchParams({ q, limit: '1' })}`);
    expect(plain.json).toMatchObject({ items: [], next: null });
    expect(plain.json.partial).toBeUndefined();
    expect(await slugs(q, { asOf: '2027-01-01T00:00:00Z' })).toEqual([]);
  });

  test('staff find it at the time when it is to be in force', async () => {
    expect(await slugs('quokkas', { as: 'editor' })).toEqual([]);
    expect(await slugs('quokkas', { as: 'editor', asOf: '2026-05-15T06:00:00Z' })).toEqual(['waiting']);
  });

  test('the words of a hidden version are found by staff alone', async () => {
    await desk.published('Zebra crossing', { slug: 'zebra' });
    pass();
    const then = pass();
    pass();
    await desk.change('zebra', { headline: 'Crossing closed' });
    pass();
    expect(await slugs('zebra', { asOf: then })).toEqual(['zebra']);
    expect((await desk.amend('zebra', 1, { hidden: true })).status).toBe(200);
    pass();
    expect(await slugs('zebra', { asOf: then })).toEqual([]);
    expect(await slugs('zebra', { asOf: then, as: 'editor' })).toEqual(['zebra']);
  });

  test.each([
    ['unpublished', []],
    ['retracted', ['walrus']],
    ['killed', []],
    ['takedown', []],
  ])('of a story withdrawn as %s they find %j', async (kind, expected) => {
    if (kind === 'unpublished') await desk.published('Walrus seen', { slug: 'walrus' });
    pass();
    expect((await desk.withdraw('walrus', { kind })).status).toBeLessThan(300);
    pass();
    expect(await slugs('walrus')).toEqual(expected);
    expect(await slugs('walrus', { as: 'editor' })).toEqual(['walrus']);
  });
});

test.each([
  ['東京都の港でフェリーが止まった', ['京都', '"フェリー"', 'ﾌｪﾘー'], ['港東']],
  ['เรือข้ามฟากหยุดให้บริการ', ['เรือ', 'หยุดให้'], ['ฟากเรือ']],
  ['بندرگاه می\u200cماند، مُغلق', ['ميماند', 'مغلق'], ['بندر']],
  ['बंदरगाह बंद है', ['बंदरगाह', '"बंद है"'], ['बदरगाह']],
  ['부산항은 닫혔다', ['부산항', '닫혔'], ['항부산']],
  ['Die Straße nach Łódź', ['STRASSE', 'lodz'], ['stra']],
])('%s is found as its readers type it', async (headline, finding, missing) => {
  const slug = `words-${clock}`;
  await desk.published(headline, { slug });
  pass();
  for (const q of finding) expect([q, await slugs(q)]).toEqual([q, [slug]]);
  for (const q of missing) expect([q, await slugs(q)]).toEqual([q, []]);
});

test('pages follow one another without a gap, each of the same moment', async () => {
  const all: string[] = [];
  for (let i = 0; i < 7; i++) {
    await desk.published(`Narwhal ${i}`, { slug: `narwhal-${i}` });
    pass();
    all.unshift(`narwhal-${i}`);
  }
  const found: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 3; page++) {
    const { items, next } = await search('narwhal', { limit: '3', ...(cursor && { cursor }) });
    found.push(...items.map(({ story }) => story.slug));
    cursor = next ?? undefined;
    if (page === 0) await desk.published('Narwhal late', { slug: 'narwhal-late' });
    pass();
  }
  expect(found).toEqual(all);
  expect(cursor).toBeUndefined();
});

describe('the lists of the desk', () => {
  const list = (status: string, as?: 'editor') => app.ask(`/api/stories?status=${status}`, { ...(as && { as }) });

  test('have what waits, the soonest first, with when it comes', async () => {
    const { json } = await list('waiting', 'editor');
    expect(json.items).toMatchObject([
      {
        story: { slug: 'ferries' },
        version: 3,
        headline: 'Ferries back on Friday',
        inForceFrom: '2026-05-14T18:00:00.000Z',
        waiting: true,
      },
      { story: { slug: 'waiting', status: 'not-yet-in-force' }, version: 1, waiting: true },
    ]);
  });

  test('have what has never been in force', async () => {
    const { json } = await list('never-in-force', 'editor');
    expect(
      json.items.map(({ story, cancelled }: { story: { slug: string }; cancelled?: true }) => [story.slug, cancelled]),
    ).toEqual([
      ['never', true],
      ['waiting', undefined],
    ]);
  });

  test('have what is withdrawn, in any way or in one', async () => {
    const slugsOf = async (status: string) =>
      (await list(status, 'editor')).json.items.map(({ story }: { story: { slug: string } }) => story.slug);
    expect(await slugsOf('withdrawn')).toEqual(['walrus']);
    expect(await slugsOf('takedown')).toEqual(['walrus']);
    expect(await slugsOf('killed')).toEqual([]);
  });

  test('go on from page to page', async () => {
    const first = (await app.ask('/api/stories?status=waiting&limit=1', { as: 'editor' })).json;
    const second = (await app.ask(`/api/stories?status=waiting&limit=1&cursor=${first.next}`, { as: 'editor' })).json;
    expect([...first.items, ...second.items].map(({ version }) => version)).toEqual([3, 1]);
    expect(second.next).toBeNull();
    expect((await app.ask(`/api/stories?cursor=${first.next}`, { as: 'editor' })).json.code).toBe('bad-cursor');
  });

  test.each(['waiting', 'never-in-force', 'withdrawn', 'killed'])('%s is not for readers', async (status) => {
    const { json } = await list(status);
    expect([json.status, json.code]).toEqual([403, 'status-forbidden']);
  });

  test.each([
    ['status=waiting&q=ferries', 400, 'bad-status'],
    ['status=waiting&asOf=2026-05-14T12:00:00Z', 400, 'bad-status'],
    ['status=nothing', 422, 'invalid'],
  ])('?%s is refused: %i %s', async (query, status, code) => {
    const { json } = await app.ask(`/api/stories?${query}`, { as: 'editor' });
    expect([json.status, json.code]).toEqual([status, code]);
  });
});

describe('the front page', () => {
  const page = async (query: string) => (await app.ask(`/?${query}`, { headers: { accept: 'text/html' } })).text;

  test('shows whose words they are, with what was looked for marked', async () => {
    const html = await page('q=accounted');
    expect(html).toContain('<bdi>Lena Okafor</bdi>, <bdi>Bay Island Ferries</bdi>: </b>');
    expect(html).toContain('Everyone is <mark>accounted</mark> for.');
  });

  test('says that nobody has said so, then or at all', async () => {
    expect(await page('q=giraffe')).toContain('No story says “<bdi>giraffe</bdi>”.');
    expect(await page(`q=accounted&at=${told.before}`)).toContain(
      'No story in force then says “<bdi>accounted</bdi>”.',
    );
  });

  test('says in the search box what is wrong with a query', async () => {
    const html = await page('q=fe*');
    expect(html).toContain('value="fe*"');
    expect(html).toMatch(/<p id="q-problem" role="alert"[^>]*>At least 3 letters stand before a \*\./);
    expect(await page(`q=${'x'.repeat(5000)}`)).toContain('a query may have at most 200');
  });

  test('shows what was typed as text', async () => {
    expect(await page('q=%3Cscript%3Ealert(1)%3C%2Fscript%3E')).not.toContain('<script>');
  });
});
