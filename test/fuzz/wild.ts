/** Bytes that are hardly a request, or none: sent on a connection of their own. */
import type { Random } from './random.js';
import type { Asked } from './valid.js';

const methods = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'QUERY',
  'PURGE',
  'get',
  'G\0T',
  'XYZZY',
  '',
];
const versions = ['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', 'HTTP/1.1 x', '', 'PRI'];

const noise = (r: Random, most: number): string => String.fromCharCode(...r.list(0, most, () => r.int(0, 255)));
const printable = (r: Random, most: number): string => String.fromCharCode(...r.list(1, most, () => r.int(0x21, 0x7e)));

const targets: ((r: Random) => string)[] = [
  (r) => `/${printable(r, 40)}`,
  (r) => `/api/stories/${printable(r, 20)}`,
  (r) => `/api/stories?${printable(r, 40)}`,
  (r) => `/${noise(r, 20)}`,
  () => '*',
  () => 'http://evil.example/api/stories',
  () => '//evil.example/api/stories',
  () => '/api/../api/./stories',
  () => '/api/stories#fragment',
  (r) => `/${'a/'.repeat(r.int(1, 3000))}`,
  (r) => `/api/stories?${'a=1&'.repeat(r.int(1, 3000))}`,
  () => '/%00/%ff/%c0%ae',
  () => '',
];

const headerLines: ((r: Random) => string)[] = [
  (r) => `${printable(r, 12).replaceAll(':', '')}: ${printable(r, 30)}`,
  (r) => `X: ${noise(r, 30)}`,
  (r) => `X-Long: ${'x'.repeat(r.pick([8_000, 16_000, 20_000, 70_000]))}`,
  (r) => Array.from({ length: r.pick([10, 150, 2500]) }, (_, at) => `X-${at}: y`).join('\r\n'),
  () => 'Content-Length: 5\r\nContent-Length: 6',
  () => 'Content-Length: -1',
  () => 'Content-Length: 99999999999999999999',
  () => 'Content-Length: 10\r\nTransfer-Encoding: chunked',
  () => 'Transfer-Encoding: chunked, chunked',
  () => 'Transfer-Encoding: x',
  () => 'Host: a\r\nHost: b',
  () => ' folded: header',
  () => 'no colon',
  () => 'Upgrade: websocket\r\nConnection: Upgrade',
  () => 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
  () => 'Expect: 100-continue',
  () => 'Authorization: Bearer x\r\nAuthorization: Bearer y',
  () => 'Content-Type: application/json',
  () => 'If-Match: *\r\nIf-Match: "x"',
];

const bodies: ((r: Random) => string)[] = [
  () => '',
  () => '{}',
  (r) => noise(r, 200),
  (r) => `${r.pick(['5', 'ffffffffffffffff', '-1', 'g', '5;x=y', ''])}\r\n${noise(r, 8)}\r\n0\r\n\r\n`,
  () => 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n',
];

export function wildRequest(r: Random): Asked {
  const bytes = r.chance(0.15) ? noise(r, 300) : nearlyHttp(r);
  return {
    label: 'bytes',
    kind: 'wild',
    as: 'reader',
    method: '',
    path: '',
    headers: {},
    body: Buffer.from(bytes, 'latin1'),
  };
}

function nearlyHttp(r: Random): string {
  const end = r.chance(0.9) ? '\r\n' : r.pick(['\n', '\r', '\r\n\r\n']);
  const host = r.chance(0.85) ? ['Host: 127.0.0.1'] : [];
  const first = `${r.pick(methods)} ${r.pick(targets)(r)} ${r.pick(versions)}`;
  const lines = [first, ...host, ...r.list(0, 2, () => r.pick(headerLines)(r)), '', r.pick(bodies)(r)];
  return lines.join(end);
}
