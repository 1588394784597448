/**
 * Memento (RFC 7089) as archives' tools need it: every kind of request that they make, and what each of them has been
 * seen to trip over.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import LinkHeader from 'http-link-header';
import memento from 'memento-client';
import { instant, type Newsroom, openNewsroom } from './newsroom.js';
import { type OnTheWire, onTheWire } from './wire.js';

let room: Newsroom;
let url: string;
let page: string;
const ask = (path: string, headers: Record<string, string> = {}): Promise<OnTheWire> => onTheWire(url, path, headers);
const versionAt = (number: number) => `${page}/versions/${number}`;
const http = (time: string) => new Date(instant(time)).toUTCString();
const gate = (time?: string, original = page) =>
  ask(`/timegate/${original}`, time === undefined ? {} : { 'Accept-Datetime': time });
const leadsTo = async (time: string | undefined, original = page) =>
  (await gate(time && http(time), original)).header('Location');

/** What links say, by relation. */
function linksOf(answer: Pick<OnTheWire, 'header'> | string): Map<string, { uri: string; datetime?: string }[]> {
  const text = typeof answer === 'string' ? answer : (answer.header('Link') ?? '');
  const links = new Map<string, { uri: string; datetime?: string }[]>();
  for (const { rel, uri, datetime } of LinkHeader.parse(text).refs) {
    links.set(rel, [...(links.get(rel) ?? []), { uri, ...(datetime && { datetime }) }]);
  }
  return links;
}
const uris = (answer: Pick<OnTheWire, 'header'> | string, rel: string) =>
  (linksOf(answer).get(rel) ?? []).map(({ uri }) => uri);

beforeAll(async () => {
  room = await openNewsroom();
  url = room.app.url;
  page = `${url}/stories/ferry-fire`;
  room.at('11:27:00.100');
  await room.publish({ slug: 'fire', headline: 'Ferries stopped' });
  room.at('12:20:00.100');
  await room.version('fire', { headline: 'Fire on the quay' });
  room.at('12:20:00.700');
  await room.version('fire', { headline: 'Fire in the terminal' });
  room.at('13:05');
  await room.version('fire', { headline: 'Ferries back by the weekend' });
  room.at('13:30');
  await room.version('fire', { headline: 'Removed later' });
  room.at('14:00');
  await room.version('fire', { headline: 'Ferries back' });
  room.at('14:30');
  await room.tell('POST', '/fire/withdrawals', { kind: 'unpublished' });
  await room.version('fire', { headline: 'Written while away' });
  room.at('15:00');
  await room.version('fire', { headline: 'Ferries back, really' });
  await room.tell('POST', '/fire/reinstatements');
  await room.version('fire', { headline: 'Waiting', inForceFrom: instant('18:00') });
  await room.tell('PATCH', '/fire/versions/5', { hidden: true, reason: 'A slip' });
  await room.tell('PUT', '/fire/slug', { slug: 'ferry-fire' });
  await room.publish({
    slug: 'with-page',
    headline: 'On its own page',
    url: 'https://News.example:443/a;b,c?id=5&id=6',
  });
  for (const kind of ['unpublished', 'retracted', 'killed', 'takedown']) {
    await room.publish({ slug: kind, headline: kind, url: `https://news.example/${kind}` });
    await room.version(kind, { headline: `${kind} again` });
    await room.tell('POST', `/${kind}/withdrawals`, { kind, notice: 'Why it went.' });
  }
  await room.publish({
    slug: 'early',
    headline: 'Waiting',
    url: 'https://news.example/early',
    inForceFrom: instant('18:00'),
  });
  room.at('16:00');
}, 60_000);
afterAll(() => room.app.dispose());

describe('the page of a story', () => {
  test('names its TimeGate, its TimeMap, its first memento and its last; it is neither a memento nor a TimeGate', async () => {
    const answer = await ask('/stories/ferry-fire');
    expect(answer.status).toBe(200);
    expect([...linksOf(answer)]).toEqual([
      ['timegate', [{ uri: `${url}/timegate/${page}` }]],
      ['timemap', [{ uri: `${url}/timemap/link/${page}` }]],
      ['first', [{ uri: versionAt(1), datetime: http('11:27') }]],
      [
        'memento',
        [
          { uri: versionAt(1), datetime: http('11:27') },
          { uri: versionAt(8), datetime: http('15:00') },
        ],
      ],
      ['last', [{ uri: versionAt(8), datetime: http('15:00') }]],
    ]);
    expect(answer.header('Memento-Datetime')).toBeUndefined();
    expect(answer.header('Vary')).not.toMatch(/datetime/i);
  });

  test('with a moment in its query is no resource of its own', async () => {
    const answer = await ask('/stories/ferry-fire?at=2026-05-14T12:30:00Z');
    expect([answer.status, answer.header('Link'), answer.header('Memento-Datetime')]).toEqual([
      200,
      undefined,
      undefined,
    ]);
  });
});

describe('the TimeGate', () => {
  test.each([
    ['11:27:00', 1],
    ['11:30:00', 1],
    ['12:19:59', 1],
    ['12:20:00', 3],
    ['13:05:00', 4],
    ['13:59:59', 5],
    ['14:00:00', 6],
  ])('leads to the version in force: for %s to version %i', async (time, version) => {
    const answer = await gate(http(time));
    expect([answer.status, answer.header('Location')]).toEqual([302, versionAt(version)]);
    expect(answer.header('Vary')).toMatch(/^Accept-Datetime(,|$)/);
    expect(answer.header('Memento-Datetime')).toBeUndefined();
    expect([answer.body, answer.header('content-length')]).toEqual(['', '0']);
    expect(uris(answer, 'original')).toEqual([page]);
    expect(uris(answer, 'timemap')).toEqual([`${url}/timemap/link/${page}`]);
    expect(uris(answer, 'memento')).toContain(versionAt(version === 5 ? 4 : version));
  });

  test.each([undefined, '', ' '])('without a date (%j) leads to the latest', async (date) => {
    expect((await gate(date)).header('Location')).toBe(versionAt(8));
  });

  test('before the first leads to the first, after the last to the last, also after the end of today', async () => {
    expect(await leadsTo('11:26:59')).toBe(versionAt(1));
    expect((await gate('Mon, 01 Jan 0001 00:00:00 GMT')).header('Location')).toBe(versionAt(1));
    expect(await leadsTo('15:59:59')).toBe(versionAt(8));
    expect(await leadsTo('18:00:00')).toBe(versionAt(8));
    expect((await gate('Fri, 31 Dec 9999 23:59:59 GMT')).header('Location')).toBe(versionAt(8));
  });

  test('for a time away that has ended leads to the version last in force before it', async () => {
    expect(await leadsTo('14:30:00')).toBe(versionAt(6));
    expect(await leadsTo('14:59:59')).toBe(versionAt(6));
  });

  test('for the time of a version that is hidden leads to its address, where it is said to be gone', async () => {
    expect(await leadsTo('13:30:00')).toBe(versionAt(5));
    const hidden = await ask('/stories/ferry-fire/versions/5');
    expect([hidden.status, hidden.header('Memento-Datetime'), hidden.header('Link')]).toEqual([
      410,
      undefined,
      undefined,
    ]);
  });

  test.each([
    ['a wrong weekday', 'Mon, 14 May 2026 12:30:00 GMT', 302],
    ['small letters', 'thu, 14 may 2026 12:30:00 gmt', 302],
    ['words', 'yesterday', 400],
    ['RFC 3339', '2026-05-14T12:30:00Z', 400],
    ['seconds since 1970', '1778761800', 400],
    ['another zone', 'Thu, 14 May 2026 12:30:00 +0200', 400],
    ['30 February', 'Mon, 30 Feb 2026 12:30:00 GMT', 400],
    ['two dates', 'Thu, 14 May 2026 12:30:00 GMT, Thu, 14 May 2026 12:30:00 GMT', 400],
  ])('given %s (%s) answers %i, and always says that the date matters', async (_, date, status) => {
    const answer = await gate(date);
    expect([answer.status, answer.header('Location')]).toEqual([status, status === 302 ? versionAt(3) : undefined]);
    expect(answer.header('Vary')).toMatch(/^Accept-Datetime(,|$)/);
    if (status === 400) expect(answer.body).toContain('bad-accept-datetime');
  });

  test.each(['/timegate/', '/timemap/link/'])(
    '%s knows a story however its address was joined, and no other',
    async (door) => {
      const { host } = new URL(url);
      const status = door === '/timegate/' ? 302 : 200;
      for (const joined of [
        page,
        `/${page}`,
        `${page}?`,
        `/${page}?`,
        encodeURIComponent(page),
        `http:/${host}/stories/ferry-fire`,
        `https://${host}/stories/ferry-fire`,
        `HTTP://${host}/stories/ferry-fire`,
        `http://${host}/stories/fire`,
      ]) {
        const answer = await ask(door + joined);
        expect([joined, answer.status]).toEqual([joined, status]);
        const original = uris(status === 302 ? answer : answer.body.replaceAll('\n', ' '), 'original');
        expect([joined, original]).toEqual([joined, [page]]);
      }
      for (const other of [
        `${url}/stories/no-such-story`,
        `${url}/stories/early`,
        `${url}/stories/ferry-fire/versions/1`,
        `${url}/stories/ferry-fire?at=2026-05-14T12:30:00Z`,
        `${url}/`,
        'http://elsewhere.example/stories/ferry-fire',
        'https://news.example/early',
        'ferry-fire',
        'ftp://news.example/ferry-fire',
        '',
        '%zz',
        `${url}/stories/%E0%A4%A`,
        `${url}/stories/${'x'.repeat(5000)}`,
      ]) {
        const answer = await ask(door + other);
        expect([other, [400, 404].includes(answer.status), answer.header('Location')]).toEqual([
          other,
          true,
          undefined,
        ]);
        if (!other.includes('%')) expect([other, answer.status]).toEqual([other, 404]);
      }
    },
  );
});

describe('a version', () => {
  test('says when readers first got it, and where it stands', async () => {
    const answer = await ask('/stories/ferry-fire/versions/4');
    expect([answer.status, answer.header('Memento-Datetime')]).toEqual([200, http('13:05')]);
    const said = linksOf(answer);
    expect(said.get('original')).toEqual([{ uri: page }]);
    expect(said.get('timegate')).toEqual([{ uri: `${url}/timegate/${page}` }]);
    expect(said.get('timemap')).toEqual([{ uri: `${url}/timemap/link/${page}` }]);
    expect(said.get('first')).toEqual([{ uri: versionAt(1), datetime: http('11:27') }]);
    expect(said.get('prev')).toEqual([{ uri: versionAt(3), datetime: http('12:20') }]);
    expect(said.get('next')).toEqual([{ uri: versionAt(6), datetime: http('14:00') }]);
    expect(said.get('last')).toEqual([{ uri: versionAt(8), datetime: http('15:00') }]);
    expect(said.get('memento')?.map(({ uri }) => uri)).toEqual([1, 3, 4, 6, 8].map(versionAt));
    expect(said.get('version-history')).toEqual([{ uri: `${page}/versions` }]);
    expect(said.get('predecessor-version')).toEqual([{ uri: versionAt(3) }]);
    expect(said.get('successor-version')).toEqual([{ uri: versionAt(6) }]);
    expect(said.get('latest-version')).toEqual([{ uri: versionAt(8) }]);
  });

  test('sent back the date that it was announced with is what the TimeGate leads to', async () => {
    for (const number of [1, 3, 4, 6, 8]) {
      const { header } = await ask(`/stories/ferry-fire/versions/${number}`);
      expect((await gate(header('Memento-Datetime'))).header('Location')).toBe(versionAt(number));
    }
    // Of several in one second the last is found.
    expect((await ask('/stories/ferry-fire/versions/2')).header('Memento-Datetime')).toBe(http('12:20'));
  });

  test('never in force is no memento to anybody, staff included', async () => {
    const authorization = `Bearer ${room.app.token('editor')}`;
    for (const number of [7, 9]) {
      expect((await ask(`/stories/ferry-fire/versions/${number}`)).status).toBe(404);
      const toStaff = await ask(`/stories/ferry-fire/versions/${number}`, { authorization });
      expect([toStaff.status, toStaff.header('Memento-Datetime'), toStaff.header('Link')]).toEqual([
        200,
        undefined,
        undefined,
      ]);
    }
    expect((await ask('/stories/ferry-fire/versions/5', { authorization })).header('Memento-Datetime')).toBeUndefined();
    expect((await ask(`/timemap/link/${page}`, { authorization })).body).not.toMatch(/versions\/[579]>/);
  });
});

describe('the TimeMap', () => {
  test('is the whole list in one answer: the original, itself, the TimeGate, then every memento', async () => {
    const answer = await ask(`/timemap/link/${page}`);
    expect([answer.status, answer.header('content-type')]).toEqual([200, 'application/link-format']);
    const memento = (number: number, time: string, rel = 'memento') =>
      `<${versionAt(number)}>; rel="${rel}"; datetime="${http(time)}"`;
    expect(answer.body.trimEnd().split(',\n')).toEqual([
      `<${page}>; rel="original"`,
      `<${url}/timemap/link/${page}>; rel="self"; type="application/link-format"; from="${http('11:27')}"; until="${http('15:00')}"`,
      `<${url}/timegate/${page}>; rel="timegate"`,
      memento(1, '11:27', 'first memento'),
      memento(2, '12:20'),
      memento(3, '12:20'),
      memento(4, '13:05'),
      memento(6, '14:00'),
      memento(8, '15:00', 'last memento'),
    ]);
  });

  test('is revalidated', async () => {
    const first = await ask(`/timemap/link/${page}`);
    expect(first.header('cache-control')).toMatch(/^public, max-age=\d\b/);
    const again = await ask(`/timemap/link/${page}`, { 'If-None-Match': first.header('etag')! });
    expect([again.status, again.body]).toEqual([304, '']);
  });
});

test('HEAD answers exactly like GET, without the body', async () => {
  for (const path of [
    '/stories/ferry-fire',
    '/stories/ferry-fire/versions/4',
    '/stories/ferry-fire/versions/5',
    '/stories/ferry-fire/versions/99',
    `/timegate/${page}`,
    `/timegate/${page}x`,
    `/timemap/link/${page}`,
    `/timemap/link/${url}/stories/killed`,
  ]) {
    for (const date of ['', http('12:30'), 'yesterday']) {
      const [get, head] = [
        await ask(path, { 'Accept-Datetime': date }),
        await ask(path, { method: 'HEAD', 'Accept-Datetime': date }),
      ];
      expect([path, head.status, head.lines.toSorted()]).toEqual([path, get.status, get.lines.toSorted()]);
      expect(head.body).toBe('');
    }
  }
});

describe('on the wire', () => {
  const told = async () => [
    await ask('/stories/ferry-fire'),
    await ask('/stories/ferry-fire/versions/4'),
    await gate(http('12:30')),
    await ask('/stories/fire'),
  ];

  test('names have their capitals, and there is one Link header', async () => {
    for (const { lines } of await told()) {
      const names = lines.map((line) => line.split(':', 1)[0]!);
      for (const name of names.filter((name) => /^(link|location|vary|memento-datetime)$/i.test(name))) {
        expect(['Link', 'Location', 'Vary', 'Memento-Datetime']).toContain(name);
      }
      expect(names.filter((name) => name === 'Link').length).toBeLessThanOrEqual(1);
    }
    expect((await told()).map(({ header }) => header('Location'))).toEqual([
      undefined,
      undefined,
      versionAt(3),
      '/stories/ferry-fire',
    ]);
  });

  test('a link is an address and right behind it a semicolon; the original stands alone; no address holds , or ;', async () => {
    const texts = [
      ...(await told()).map(({ header }) => header('Link') ?? ''),
      (await ask(`/timemap/link/${page}`)).body,
      (await ask('/timemap/link/https://news.example/a;b,c?id=5&id=6')).body,
      (await ask('/stories/with-page/versions/1')).header('Link')!,
    ];
    for (const text of texts) {
      for (const link of text.matchAll(/<([^>]*)>(.{0,6})/g)) {
        expect(link[2]).toBe('; rel=');
        expect(link[1]).toMatch(/^https?:\/\/[^,;\s"]+$/);
      }
      for (const [, rel] of text.matchAll(/rel="([^"]*)"/g)) if (/original/.test(rel!)) expect(rel).toBe('original');
    }
  });
});

describe('a story with a page of its publisher’s own', () => {
  const own = 'https://news.example/a%3Bb%2Cc?id=5&id=6';

  test('has that page as the original of its versions', async () => {
    const answer = await ask('/stories/with-page/versions/1');
    expect(uris(answer, 'original')).toEqual([own]);
    expect(uris(answer, 'timegate')).toEqual([`${url}/timegate/${own}`]);
    expect(uris(answer, 'timemap')).toEqual([`${url}/timemap/link/${own}`]);
  });

  test.each([own, 'https://news.example/a;b,c?id=5&id=6', '/HTTPS://news.EXAMPLE:443/a;b,c?id=5&id=6', `/${own}`])(
    'is found by it: %s',
    async (original) => {
      const answer = await ask(`/timegate/${original}`);
      expect([answer.status, answer.header('Location')]).toEqual([302, `${url}/stories/with-page/versions/1`]);
      expect(uris(answer, 'original')).toEqual([own]);
      const map = (await ask(`/timemap/link/${original}`)).body.replaceAll('\n', ' ');
      expect([uris(map, 'original'), uris(map, 'timegate')]).toEqual([[own], [`${url}/timegate/${own}`]]);
      expect(uris(map, 'memento')).toEqual([`${url}/stories/with-page/versions/1`]);
    },
  );

  test('is found by ours too', async () => {
    const answer = await gate(undefined, `${url}/stories/with-page`);
    expect(uris(answer, 'original')).toEqual([`${url}/stories/with-page`]);
  });
});

describe('a story that is', () => {
  test.each([
    ['unpublished', 410],
    ['killed', 410],
    ['takedown', 451],
  ])('%s answers everywhere like its page: %i and no memento', async (kind, status) => {
    for (const original of [`${url}/stories/${kind}`, `https://news.example/${kind}`]) {
      for (const path of [`/stories/${kind}`, `/timegate/${original}`, `/timemap/link/${original}`]) {
        const answer = await ask(path, { 'Accept-Datetime': http('15:30') });
        expect([path, answer.status, answer.header('Location')]).toEqual([path, status, undefined]);
        expect(answer.header('Link') ?? '').not.toContain('memento');
        expect(/Why it went/.test(answer.body)).toBe(kind !== 'unpublished');
      }
    }
  });

  test('retracted is there as in force', async () => {
    const retracted = `${url}/stories/retracted`;
    expect((await ask('/stories/retracted')).status).toBe(200);
    expect(await leadsTo(undefined, retracted)).toBe(`${retracted}/versions/2`);
    expect((await ask(`/timemap/link/${retracted}`)).body.match(/versions\/\d/g)).toHaveLength(2);
    expect((await ask('/stories/retracted/versions/1')).header('Memento-Datetime')).toBeDefined();
  });
});

describe('memento-client, as it comes from npm,', () => {
  type Found = { href: string; rel: string; datetime?: string }[];
  const fetched = (original: string, options: { host: string; time?: string }): Promise<Found> =>
    new Promise((resolve, reject) => {
      memento(original, options, (error: Error | null, found: Found) => (error ? reject(error) : resolve(found)));
    });

  test.each(['', '/'])('reads the TimeMap (joined with %j)', async (slash) => {
    const found = await fetched(page, { host: `${url}/timemap/link/${slash}` });
    const mementos = found.filter(({ rel }) => rel.split(' ').includes('memento'));
    expect(mementos.map(({ href }) => href)).toEqual([1, 2, 3, 4, 6, 8].map(versionAt));
    expect(mementos.map(({ datetime }) => datetime)).toContain(http('13:05'));
  });

  test('finds what was said at a time by the TimeGate', async () => {
    const found = await fetched(page, { host: `${url}/timegate/`, time: instant('12:30') });
    expect(found.find(({ rel }) => rel === 'memento')).toMatchObject({ href: versionAt(3), datetime: http('12:20') });
  });

  test('finds a story by its publisher’s page, and nothing where nothing is', async () => {
    const found = await fetched('https://news.example/a;b,c?id=5&id=6', { host: `${url}/timemap/link/` });
    expect(found.filter(({ rel }) => rel.includes('memento'))).toHaveLength(1);
    expect(await fetched('https://news.example/nothing', { host: `${url}/timemap/link/` })).toEqual([]);
  });
});
