/** What scripts on other sites' pages may read of the service, and that they may do nothing else. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sessionCookie } from '../../src/web/caching.js';
import { type RunningApp, startApp } from '../support/start-app.js';

const origin = 'https://news.example';
let app: RunningApp;
let story: string;

beforeAll(async () => {
  app = await startApp();
  const { json } = await app.ask('/api/stories', {
    as: 'editor',
    body: { slug: 'ferries', headline: 'Ferries stopped', body: { text: 'A fire.' } },
  });
  story = json.story.id;
});
afterAll(() => app.dispose());

const allowed = (headers: Headers) => headers.get('access-control-allow-origin');
const read = (path: string, options: RequestInit = {}) =>
  fetch(app.url + path, { headers: { origin }, redirect: 'manual', ...options });
const preflight = (path: string, method: string, more: Record<string, string> = {}) =>
  app.ask(path, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': method, ...more } });

test('what everybody may read, every site’s script may, errors and redirects too', async () => {
  for (const [path, status] of [
    ['/api/stories', 200],
    ['/api/stories?limit=x', 422],
    ['/api/stories?limit=1&limit=2', 400],
    [`/api/stories/${story}/versions`, 200],
    ['/api/stories/nobody-knows', 404],
    ['/api/nothing-here', 404],
    ['/api/stories/ferries/compare/1...1?format=html', 200],
    ['/api/events', 401],
    ['/timegate/https://news.example/none', 404],
    ['/stories/ferries/versions/1', 200],
  ] as const) {
    for (const method of ['GET', 'HEAD']) {
      const { headers, status: got } = await read(path, { method });
      expect([method, path, got, allowed(headers)]).toEqual([method, path, status, '*']);
      expect(headers.get('access-control-expose-headers')).toMatch(/ETag, Link, Memento-Datetime/);
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
  }
  const version = '/api/stories/ferries/versions/1';
  const { headers } = await read(version);
  const again = await read(version, { headers: { origin, 'if-none-match': headers.get('etag')! } });
  expect([again.status, allowed(again.headers)]).toEqual([304, '*']);
});

test('no answer to anybody who has signed in may be read by another site', async () => {
  for (const path of ['/api/stories', `/api/stories/${story}`, '/api/stories/nobody-knows']) {
    const staff = await app.ask(path, { as: 'editor', headers: { origin } });
    expect([path, allowed(staff.headers)]).toEqual([path, null]);
    const cookie = await app.ask(path, { headers: { origin, cookie: `${sessionCookie}=anything` } });
    expect([path, allowed(cookie.headers)]).toEqual([path, null]);
  }
  for (const path of ['/desk', '/sign-in', '/health/ready']) {
    expect([path, allowed((await app.ask(path, { headers: { origin } })).headers)]).toEqual([path, null]);
  }
});

test('browsers are told ahead that other sites may read and send no token, and nothing about writing', async () => {
  const { status, headers, text } = await preflight('/api/stories', 'GET', {
    'access-control-request-headers': 'accept-datetime, authorization',
  });
  expect([status, text, allowed(headers)]).toEqual([204, '', '*']);
  expect(headers.get('access-control-allow-methods')).toBe('GET, HEAD');
  expect(headers.get('access-control-allow-headers')!.toLowerCase()).not.toMatch(/authorization|content-type|if-match/);
  expect(headers.get('access-control-allow-credentials')).toBeNull();
  for (const [path, method] of [
    ['/api/stories', 'POST'],
    [`/api/stories/${story}/slug`, 'PUT'],
    [`/api/stories/${story}/versions/1`, 'PATCH'],
    [`/api/stories/${story}/versions/1`, 'DELETE'],
    ['/desk', 'GET'],
    ['/example', 'POST'],
  ] as const) {
    const answer = await preflight(path, method);
    expect([path, method, answer.status, allowed(answer.headers)]).toEqual([path, method, 404, null]);
  }
});

test('an answer to a write is for the one who wrote, also one that was refused', async () => {
  for (const [as, status] of [
    ['editor', 201],
    [undefined, 401],
  ] as const) {
    const body = { headline: 'Again', body: { text: 'Again.' } };
    const answer = await app.ask('/api/stories', { ...(as && { as }), body, headers: { origin } });
    expect([as, answer.status, allowed(answer.headers)]).toEqual([as, status, null]);
  }
});
