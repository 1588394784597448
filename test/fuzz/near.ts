/** A valid request with one thing wrong, or right at a limit. */
import { gzipSync } from 'node:zlib';
import type { Random } from './random.js';
import { type Asked, isWrite, type Source, withJson } from './valid.js';

type Change = (r: Random, asked: Asked, source: Source) => Asked | undefined;

export function nearRequest(r: Random, source: Source, valid: Asked): Asked {
  const changes: Change[] =
    valid.json === undefined ? [inPath, inQuery, inHeaders] : [inJson, inJson, inJson, asSent, inHeaders, inPath];
  const changed = r.pick(changes)(r, valid, source) ?? valid;
  return { ...changed, kind: 'near' };
}

/** Written into JSON as they stand. */
const oddJson = [
  'null',
  'true',
  'false',
  '0',
  '-1',
  '-0',
  '1.5',
  '1e308',
  '1e999',
  '9007199254740993',
  '2147483648',
  '""',
  '" "',
  '[]',
  '{}',
  '[[]]',
  '[null]',
  '{"_type":"removed"}',
  '{"_absent":"erased"}',
  '{"markdown":null}',
  '{"html":[]}',
  '"\\ud800"',
  '"\\udc00x"',
  '"\\u0000"',
  '"a\\u001bb"',
  '"\\u202e"',
  '"\\u2028"',
  '"\\ufeff"',
  '"a\\r\\nb"',
  '"javascript:alert(1)"',
  '"data:text/html,x"',
  '"//x"',
  '"http://[::1"',
  '"__proto__"',
  '"constructor"',
  '"2026-13-45T99:99:99Z"',
  '"0000-01-01T00:00:00Z"',
  '"9999-12-31T23:59:59.999Z"',
  '"+275760-09-13T00:00:00Z"',
  '"2026-05-14T11:27:00.123456789+14:00"',
  '"2016-12-31T23:59:60Z"',
  '"now"',
  '"\'; DROP TABLE stories; --"',
  '"%00"',
  '"../../etc/passwd"',
  '"NaN"',
  '"٣"',
  '"\\"*^(AND OR NEAR"',
  '[0,0,0]',
  '{"then":"x"}',
  '{"toJSON":"x"}',
  '{"length":-1}',
  '"Ａ"',
  '"e\\u0301"',
];

const oddNames = [
  '"__proto__"',
  '"constructor"',
  '"prototype"',
  '"toString"',
  '"hasOwnProperty"',
  '"\\u005f_proto__"',
  '""',
  '"unknown"',
  '"_key"',
  '"\\ud800"',
  '"then"',
];

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** Long enough to meet the limits named in the description, one less and one more; and far beyond. */
function longText(r: Random): string {
  const length = r.pick([50, 51, 100, 101, 200, 201, 500, 501, 2000, 2001, 5000, 5001, 65_536, r.int(1, 200_000)]);
  return JSON.stringify(r.pick(['x', 'x', 'é', '🚢', 'word ']).repeat(length).slice(0, length));
}

const manyItems = (r: Random): string =>
  `[${Array(r.pick([50, 51, 100, 101, 1000, 1001, 2001, 10_001]))
    .fill(r.pick(['1', '"x"', '{}', '{"_type":"rule"}']))
    .join()}]`;

const odd = (r: Random): string =>
  r.pick([
    () => r.pick(oddJson),
    () => r.pick(oddJson),
    () => longText(r),
    () => nested(r.pick([19, 20, 21, 63, 64, 65, 20_000])),
    () => manyItems(r),
  ])();

/** One value, or the name of one member, is another; or a member is gone, new or there twice. */
function inJson(r: Random, asked: Asked): Asked {
  const mark = '\u0007here';
  const json = structuredClone(asked.json) as Record<string, unknown>;
  const places = placesIn(json);
  if (!places.length) return withJson(asked, odd(r));
  const { holder, name } = r.pick(places);
  const value = holder[name];
  const write = (replacement: string) =>
    withJson(
      asked,
      JSON.stringify(json).replace(JSON.stringify(mark), () => replacement),
    );
  switch (r.int(0, 5)) {
    case 0:
      Reflect.deleteProperty(holder, name);
      return withJson(asked, JSON.stringify(json));
    case 1:
      if (Array.isArray(holder)) return withJson(asked, odd(r));
      Reflect.deleteProperty(holder, name);
      holder[mark] = value;
      return write(r.chance(0.5) ? r.pick(oddNames) : `"unknown":${odd(r)},${JSON.stringify(name)}`);
    case 2:
      if (Array.isArray(holder)) break;
      holder[name] = mark;
      return write(`${JSON.stringify(value)},${JSON.stringify(name)}:${odd(r)}`);
  }
  holder[name] = mark;
  return write(odd(r));
}

interface Place {
  holder: Record<string, unknown>;
  name: string;
}

function placesIn(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null || found.length > 60) return found;
  for (const name of Object.keys(value)) {
    found.push({ holder: value as Record<string, unknown>, name });
    placesIn((value as Record<string, unknown>)[name], found);
  }
  return found;
}

/** The same words, sent otherwise than as JSON in UTF-8. */
function asSent(r: Random, asked: Asked): Asked {
  const bytes = asked.body ?? Buffer.alloc(0);
  const as = (type: string | undefined, body: Buffer, more: Record<string, string> = {}): Asked => {
    const { 'content-type': _, ...headers } = asked.headers;
    return { ...asked, headers: { ...headers, ...(type !== undefined && { 'content-type': type }), ...more }, body };
  };
  const json = 'application/json';
  return r.pick([
    () => as(json, bytes.subarray(0, r.int(0, bytes.length))),
    () => as(json, Buffer.concat([bytes, Buffer.from(r.pick(['x', '}', ',{}', '\0', ' \n']))])),
    () => as(json, Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes])),
    () =>
      as(
        json,
        Buffer.concat([
          bytes.subarray(0, bytes.length >> 1),
          Buffer.from([r.int(128, 255)]),
          bytes.subarray(bytes.length >> 1),
        ]),
      ),
    () => as(json, Buffer.from(bytes.toString(), 'utf16le')),
    () => as(json, gzipSync(bytes), { 'content-encoding': 'gzip' }),
    () => as(json, bytes, { 'content-encoding': r.pick(['gzip', 'br', 'identity', 'x']) }),
    () =>
      as(
        r.pick([
          'text/plain',
          'application/xml',
          'multipart/form-data; boundary=x',
          'application/x-www-form-urlencoded',
          'x',
          '',
          'application/json; charset=utf-16',
          'APPLICATION/JSON',
          'application/json;;',
          'application/merge-patch+json',
          '*/*',
        ]),
        bytes,
      ),
    () => as(undefined, bytes),
    () => as(json, Buffer.alloc(0)),
    () => as(json, Buffer.from(`"${'x'.repeat(1024 * 1024 - r.int(0, 3))}"`)),
    () =>
      as(
        'application/x-www-form-urlencoded',
        Buffer.from(r.pick(['headline=x', 'a=1&a=2', '%zz=%', '&&==', '__proto__=x'])),
      ),
  ])();
}

const oddSegments = [
  '%00',
  '%2e%2e',
  '..',
  '.',
  '%2F',
  '%',
  '%zz',
  '%E0%A4%A',
  '%ff',
  '%20',
  '0',
  '-1',
  '01',
  '1e3',
  '99999999999',
  '9007199254740993',
  'now',
  'NaN',
  'null',
  '__proto__',
  'constructor',
  'x'.repeat(300),
  'x'.repeat(301),
  'x'.repeat(5000),
  '%F0%9F%9A%A2',
  'A',
  '...',
  '1...',
  '...2',
  '1...2...3',
  '00000000-0000-0000-0000-000000000000',
  'now...now',
  '1..2',
  '%3Cscript%3E',
  ';',
  ':',
  '*',
  '%0d%0aX-A:b',
  "'",
  '%22',
];

/** One segment of the path is another. */
function inPath(r: Random, asked: Asked): Asked {
  const [path = '', query] = asked.path.split('?');
  const segments = path.split('/');
  const at = r.int(1, segments.length - 1);
  const replaced = r.pick([
    () => segments.with(at, r.pick(oddSegments)),
    () => segments.with(at, r.pick(oddSegments)),
    () => segments.with(at, segments[at]!.toUpperCase()),
    () => segments.toSpliced(at, 1),
    () => segments.toSpliced(at, 0, r.pick(['', 'x', '.', '..'])),
    () => [...segments, ''],
  ])();
  return { ...asked, path: replaced.join('/') + (query === undefined ? '' : `?${query}`) };
}

const oddValues = [
  '',
  '0',
  '-1',
  '201',
  '1.5',
  '1e9',
  'NaN',
  'null',
  'x',
  '%00',
  '%',
  '%zz',
  '%ff',
  '%F0%9F%9A%A2',
  'now',
  '2026',
  '2026-05-14',
  '2026-05-14T11:27:00',
  '2026-05-14T11:27:00+01:00',
  '9999-12-31T23:59:59.999Z',
  '0000-00-00T00:00:00Z',
  'WyJ4Iiwx',
  'W10',
  'bnVsbA',
  'WyJ2ZXJzaW9ucyIsLTFd',
  'WyJ2ZXJzaW9ucyIsMWU5OV0',
  '%22',
  '"',
  "'",
  '*',
  '%28',
  'AND',
  'NEAR%28',
  'a%22b',
  '%E2%80%AE',
  'x'.repeat(2001),
  'x'.repeat(9000),
  '__proto__',
  '[]',
  '%5B%5D',
  '9223372036854775808',
  '18446744073709551616',
  '-9223372036854775809',
  '0x10',
  '%2B1',
  ' 1',
  '1%20',
];

/** One parameter, known or not, has a value that it should not have; or is there twice. */
function inQuery(r: Random, asked: Asked, { api }: Source): Asked {
  const [path, query = ''] = asked.path.split('?');
  const parameters =
    api.operations.find(({ label }) => label === asked.label)?.parameters.filter((one) => one.in === 'query') ?? [];
  const names = [...parameters.map(({ name }) => name), 'unknown', '__proto__', 'asOf[]', 'limit[x]', '%00', ''];
  const name = r.pick(names);
  const added = `${name}=${r.pick(oddValues)}`;
  const rest = query.split('&').filter((pair) => pair && (r.chance(0.3) || !pair.startsWith(`${name}=`)));
  return { ...asked, path: `${path}?${[...rest, added, ...(r.chance(0.1) ? [added] : [])].join('&')}` };
}

/** One header is missing, another, or not to be read. */
function inHeaders(r: Random, asked: Asked, { writers, knowledge }: Source): Asked {
  const headers = { ...asked.headers };
  const given = asked.story?.etag ?? '"0.1"';
  const set: Record<string, () => string | undefined> = {
    'if-match': () =>
      r.pick([
        undefined,
        '"0.1"',
        '"999.1"',
        '"x"',
        'x',
        '',
        '**',
        `W/${given}`,
        `${given}, "x"`,
        ',,',
        '"',
        '"0.1',
        given.replaceAll('"', ''),
        '"-1.-1"',
        '"1e9.1"',
        `${'"x",'.repeat(500)}"y"`,
        '"\u00ff"',
      ]),
    'idempotency-key': () => r.pick(['', ' ', 'x'.repeat(255), 'x'.repeat(256), '\u00ff', 'key 1', 'a\tb']),
    authorization: () =>
      r.pick([
        undefined,
        'Bearer',
        'Bearer x',
        'Basic aTp2',
        `Bearer ${writers.expired}`,
        `Bearer ${writers.revoked}`,
        `bearer  ${writers.editor}`,
        `Bearer ${writers.editor}x`,
        `Bearer ${writers.editor} ${writers.auditor}`,
        `Bearer ${writers.auditor}`,
        `Bearer ${writers.wire}`,
      ]),
    accept: () =>
      r.pick([
        '',
        'x',
        '*',
        'image/png',
        'text/html',
        'text/html;q=0.1, */*;q=0',
        'application/json;q=2',
        ',,;;',
        'a/b;q=',
        `${'a/b,'.repeat(500)}*/*`,
      ]),
    'x-correlation-id': () => r.pick(['0123456789abcdef', 'mine-1', '', 'x'.repeat(65), '<b>', '\u00ff', '..']),
    'palimpsest-position': () => r.pick(['', '0', '00', ' ']),
    'if-none-match': () => r.pick(['*', 'x', given, '"x", W/"y"', '"']),
    cookie: () =>
      r.pick([
        'palimpsest_session=x',
        'palimpsest_session=a.b.c',
        'palimpsest_session=',
        '=',
        ';;;',
        'a=%zz',
        '__proto__=x',
        `palimpsest_session=${'x'.repeat(5000)}`,
      ]),
    host: () => r.pick(['', 'x', 'evil.example', '[::1', 'a b', 'localhost:99999', 'http://x']),
    origin: () => r.pick(['null', 'https://evil.example', 'x', '']),
    range: () => 'bytes=0-1',
    'x-http-method-override': () => 'DELETE',
    forwarded: () => 'for=evil;proto=https',
    'x-forwarded-for': () => r.pick(['127.0.0.1', 'x', '']),
    expect: () => r.pick(['100-continue', 'x']),
    'accept-encoding': () => r.pick(['gzip', 'br;q=0', 'x']),
    'transfer-encoding': () => 'chunked',
    'if-modified-since': () => 'x',
    te: () => 'trailers',
  };
  // Waiting for what will never come takes two seconds: seldom.
  if (r.chance(0.0005))
    headers['palimpsest-position'] = String(Number(knowledge.told.get('position')?.at(-1) ?? 0) + 1_000_000);
  const usual = isWrite(asked)
    ? ['if-match', 'idempotency-key', 'authorization']
    : ['accept', 'authorization', 'if-none-match'];
  const name = r.chance(0.5) ? r.pick(usual) : r.pick(Object.keys(set));
  const value = set[name]!();
  if (value === undefined) delete headers[name];
  else headers[name] = value;
  return { ...asked, headers };
}
