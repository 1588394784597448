import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Body, Controller, ForbiddenException, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { publiclyCached } from '../../src/web/caching.js';
import { ReadinessChecks } from '../../src/web/health.js';
import { originOf } from '../../src/web/link.js';
import { defineProblems, Refused } from '../../src/web/problem.js';
import { type Service, serve } from './app.js';

defineProblems({
  'would-supersede': { status: 409, title: 'Would supersede', explanation: 'For this test.' },
  takedown: { status: 451, title: 'Taken down', explanation: 'For this test.' },
});

class Statement {
  @IsString()
  speaker: string;
}
class Draft {
  @IsString()
  @MaxLength(20)
  headline: string;

  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => Statement)
  statements?: Statement[];
}
class Asked {
  @IsOptional()
  @IsInt()
  @Type(() => Number)
  version?: number;
}

const slow = { begun: Promise.withResolvers<void>(), mayEnd: Promise.withResolvers<void>() };

@Controller('api')
class Door {
  @Post('stories')
  @HttpCode(201)
  publish(@Body() draft: Draft) {
    return draft;
  }
  @Get('stories')
  list(@Query() asked: Asked) {
    return asked;
  }
  @Get('stories/:story')
  story(@Param('story') story: string) {
    return { story };
  }
  @Get('host')
  host(@Req() request: FastifyRequest) {
    return { origin: originOf({}, request) };
  }
  @Get('refuse')
  refuse() {
    throw new Refused({ code: 'would-supersede', detail: 'Version 5 waits.', supersedes: [5] }, { 'retry-after': '7' });
  }
  @Get('blocked')
  blocked() {
    throw new Refused({ code: 'takedown', detail: 'By order.' });
  }
  @Get('later')
  later() {
    throw new Refused({ code: 'store-unavailable', detail: 'Not yet.' }, { 'retry-after': '1' });
  }
  @Get('unavailable')
  unavailable() {
    throw Object.assign(new Error('disk of node1 is full'), { name: 'StoreUnavailable' });
  }
  @Get('forbid')
  forbid() {
    throw new ForbiddenException('Not on a Sunday.');
  }
  @Get('break')
  break() {
    throw new TypeError('marker-of-the-inside');
  }
  @Get('parse')
  parse() {
    return JSON.parse('marker-of-a-text');
  }
  @Get('undefined-code')
  undefinedCode() {
    throw new Refused({ code: 'never-defined', detail: 'marker-of-the-inside' });
  }
  @Get('text')
  text(@Res({ passthrough: true }) reply: FastifyReply) {
    reply.type('text/plain; charset=utf-8');
    return 'Ferries stopped';
  }
  @Get('slow')
  async slow() {
    slow.begun.resolve();
    await slow.mayEnd.promise;
    return { finished: true };
  }
}

@Controller()
class Pages {
  @Get('broken-page')
  broken() {
    throw new Refused({ code: 'not-found', detail: 'No story is called <quay-9>.' });
  }
}

let service: Service;
beforeAll(async () => {
  service = await serve({ controllers: [Door, Pages] });
});
afterAll(() => service.stop());

const get = (path: string, headers: Record<string, string> = {}) => fetch(service.url + path, { headers });
const post = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
  fetch(`${service.url}/api/stories`, { method: 'POST', body, headers: { 'content-type': type } });
// biome-ignore lint/suspicious/noExplicitAny: problem documents differ.
const problemOf = async (response: Response): Promise<any> => {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = await response.json();
  expect(problem.status).toBe(response.status);
  expect(problem.type).toBe(`/problems/${problem.code}`);
  expect(problem.correlationId).toBe(response.headers.get('x-correlation-id'));
  return problem;
};
const raw = async (request: string) => {
  const socket = connect(service.port, '127.0.0.1');
  socket.end(request);
  return text(socket);
};

test('a 451 says who blocks (RFC 7725), where the service knows how it is reached', async () => {
  const blocked = async (url: string) => {
    const { status, headers } = await fetch(`${url}/api/blocked`);
    return [status, headers.get('link')];
  };
  expect(await blocked(service.url)).toEqual([451, null]);
  const named = await serve({ controllers: [Door] }, { PALIMPSEST_PUBLIC_URL: 'https://courier.example' });
  try {
    expect(await blocked(named.url)).toEqual([451, '<https://courier.example>; rel="blocked-by"']);
  } finally {
    await named.stop();
  }
});

describe('refusals', () => {
  test('a refusal is a problem document with its code, its detail, its own members and its headers', async () => {
    const response = await get('/api/refuse?token=x', { 'x-correlation-id': '8d4f0c52-6f0e-4f7a-9a53-3f1c8f1b2a07' });
    expect(await problemOf(response)).toEqual({
      type: '/problems/would-supersede',
      title: 'Would supersede',
      status: 409,
      code: 'would-supersede',
      detail: 'Version 5 waits.',
      supersedes: [5],
      instance: '/api/refuse',
      correlationId: '8d4f0c52-6f0e-4f7a-9a53-3f1c8f1b2a07',
    });
    expect(response.headers.get('retry-after')).toBe('7');
  });

  test('an address where nothing is answers 404 without repeating the query', async () => {
    const problem = await problemOf(await get('/api/nothing?token=pal_secret'));
    expect(problem.code).toBe('not-found');
    expect(JSON.stringify(problem)).not.toContain('pal_secret');
  });

  test('an exception of the framework keeps its status', async () => {
    expect(await problemOf(await get('/api/forbid'))).toMatchObject({ status: 403, detail: 'Not on a Sunday.' });
  });

  test('a store that does not answer is 503 with a time to come back and nothing of the inside', async () => {
    const response = await get('/api/unavailable');
    expect(response.headers.get('retry-after')).toBe('2');
    const problem = await problemOf(response);
    expect(problem.code).toBe('store-unavailable');
    expect(JSON.stringify(problem)).not.toContain('node1');
  });

  test('a refusal that asks to come again is a warning in the log, not an error', async () => {
    const problem = await problemOf(await get('/api/later'));
    const lines = service.log.map((line) => JSON.parse(line));
    const line = lines.find((one) => one.correlationId === problem.correlationId && one.code);
    expect(line).toMatchObject({ level: 'warn', code: 'store-unavailable', route: '/api/later' });
  });

  test.each(['/api/break', '/api/undefined-code'])(
    'what nobody foresaw (%s) is 500, tells nothing and is logged',
    async (path) => {
      const problem = await problemOf(await get(path));
      expect(problem.code).toBe('internal');
      expect(JSON.stringify(problem)).not.toContain('marker-of-the-inside');
      const line = service.log.map((one) => JSON.parse(one)).find((one) => one.correlationId === problem.correlationId);
      expect(line).toMatchObject({ level: 'error', route: path, err: { message: 'marker-of-the-inside' } });
    },
  );

  test('a browser gets a page with the detail escaped; an API path never does', async () => {
    const page = await get('/broken-page', { accept: 'text/html,*/*;q=0.8' });
    expect(page.status).toBe(404);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain('No story is called &lt;quay-9>.');
    await problemOf(await get('/api/refuse', { accept: 'text/html' }));
  });
});

describe('bodies', () => {
  test('every fault is told at once, each with a pointer to it', async () => {
    const { code, faults } = await problemOf(
      await post(JSON.stringify({ headline: 'x'.repeat(21), 'a/b': 1, statements: [{}, { speaker: 3 }] })),
    );
    expect(code).toBe('invalid');
    expect(faults.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code]).sort()).toEqual([
      ['/a~1b', 'unknown-member'],
      ['/headline', 'max-length'],
      ['/statements/0/speaker', 'is-string'],
      ['/statements/1/speaker', 'is-string'],
    ]);
  });

  test.each(['[]', '"text"', '5', '[{"headline":"Ferries"}]', 'null'])('%s is no request', async (body) => {
    expect((await problemOf(await post(body))).code).toBe('invalid');
  });

  test('an empty body lacks what is needed', async () => {
    expect((await problemOf(await post(''))).faults[0].pointer).toBe('/headline');
  });

  test('malformed JSON is refused with line and column, and is not quoted', async () => {
    const problem = await problemOf(await post('{\n  "headline": Ferries }'));
    expect(problem.code).toBe('malformed-json');
    expect(problem.detail).toBe('The body is not well-formed JSON: see line 2, column 15.');
    expect((await problemOf(await post('{"headline": "Fer'))).detail).toContain('see line 1, column 18.');
  });

  test.each([
    ['bytes that are not UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
    ['a member called __proto__', '{"headline":"x","__proto__":{"a":1}}'],
    ['one called so by escapes', '{"headline":"x","\\u005f_proto__":{"a":1}}'],
    ['a member that every object has', '{"headline":"x","statements":[{"speaker":"a","toString":1}]}'],
    ['hundred thousand levels', '['.repeat(100_000) + ']'.repeat(100_000)],
  ])('%s are refused', async (_, body) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect((await problemOf(response)).code).toBe('malformed-json');
  });

  test('brackets and quotes inside a text are no levels', async () => {
    const headline = '[{"[\\"[{';
    const response = await post(JSON.stringify({ headline }));
    expect(await response.json()).toEqual({ headline });
  });

  test('a body of more than 1 MiB is refused by that limit', async () => {
    const response = await post(JSON.stringify({ headline: 'x'.repeat(1024 * 1024) }));
    expect(response.status).toBe(413);
    expect((await problemOf(response)).detail).toContain('1 MiB (1,048,576 bytes)');
  });

  test.each(['text/plain', 'application/xml', 'multipart/form-data; boundary=x'])('%s is not read', async (type) => {
    const response = await post('headline', type);
    expect(response.status).toBe(415);
    expect((await problemOf(response)).code).toBe('unsupported-media-type');
  });
});

describe('addresses', () => {
  test('a parameter that is wrong, unknown or given twice is named', async () => {
    const wrong = await problemOf(await get('/api/stories?version=two&page=3'));
    expect(wrong.faults.map(({ parameter }: { parameter: string }) => parameter).sort()).toEqual(['page', 'version']);
    const twice = await problemOf(await get('/api/stories?version=1&version=2'));
    expect(twice).toMatchObject({ code: 'repeated-parameter', status: 400, faults: [{ parameter: 'version' }] });
  });

  test('an address that cannot be read, or is endless, is a problem document too', async () => {
    expect((await problemOf(await get('/api/stories/%zz'))).status).toBe(400);
    expect((await problemOf(await get(`/api/stories/${'a'.repeat(301)}`))).status).toBe(404);
  });

  test('an address as a proxy is sent it is the one behind its host, whatever Host says', async () => {
    const asked = (target: string, host: string) =>
      raw(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    for (const origin of ['http://courier.example', 'HTTPS://courier.example:8443']) {
      expect(await asked(`${origin}/api/stories/ferries?version=1`, 'elsewhere.example')).toContain(
        '{"story":"ferries"}',
      );
    }
    expect(await asked('http://courier.example', 'x')).toMatch(/^HTTP\/1.1 404 /);
    expect(await asked('http://courier.example/api/host', 'elsewhere.example')).toContain('"http://courier.example"');
  });

  test.each(['a b', 'x/y', 'ines@x', 'x"onclick=', 'x,y', '[x]', 'x:y', ''])(
    'a Host of "%s" is no host',
    async (host) => {
      const answer = await raw(`GET /api/host HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1.1 400 [\s\S]*"code":"malformed-request"/);
    },
  );

  test('bytes that are no request, and headers without end, are answered and closed', async () => {
    expect(await raw('GIMME /\r\n\r\n')).toMatch(/^HTTP\/1.1 400 [\s\S]*"code":"malformed-request"/);
    expect(await raw(`GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431 [\s\S]*"code":"headers-too-large"/,
    );
  });
});

describe('every answer', () => {
  test('has a correlation id: the caller’s if it cannot say anything, else a new one', async () => {
    const id = async (sent: string) =>
      (await get('/api/stories/a', { 'x-correlation-id': sent })).headers.get('x-correlation-id');
    for (const fine of ['8D4F0C52-6f0e-4f7a-9a53-3f1c8f1b2a07', '4bf92f3577b34da6a3ce929d0e0e4736']) {
      expect(await id(fine)).toBe(fine);
    }
    for (const other of ['a b"c', 'lena-okafor-7', 'a'.repeat(65), 'decade']) {
      expect(await id(other)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    }
  });

  test('allows no script but our own, no frame, nothing from elsewhere', async () => {
    for (const path of ['/api/stories/a', '/api/nothing', '/broken-page']) {
      const { headers } = await get(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toMatch(/script-src 'self'(;|$)/);
      expect(policy).not.toMatch(/unsafe|upgrade-insecure|https?:/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('strict-transport-security')).toBeNull();
    }
  });

  test('to a session is for it alone, however the cookie is written; to other cookies it is for all', async () => {
    const cachedFor = async (cookie: string) => (await get('/api/text', { cookie })).headers.get('cache-control');
    for (const cookie of ['palimpsest_session=x', 'a=b; palimpsest_session =x', 'palimpsest_session="x"']) {
      expect([cookie, await cachedFor(cookie)]).toEqual([cookie, 'private, no-store, no-transform']);
    }
    expect(await cachedFor('a=palimpsest_session=x')).toBe(publiclyCached);
  });

  test('is revalidated, and not sent again to whoever has it', async () => {
    const first = await get('/api/text');
    expect(first.headers.get('cache-control')).toBe(publiclyCached);
    expect(first.headers.get('vary')).toMatch(/Accept.*Authorization.*Cookie/);
    const again = await get('/api/text', { 'if-none-match': first.headers.get('etag') ?? '' });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await get('/api/text', { 'if-none-match': 'x' })).status).toBe(400);
  });
});

test('the stylesheet and its typefaces come from here and are kept for good', async () => {
  const page = await (await get('/broken-page', { accept: 'text/html' })).text();
  const href = /<link rel="stylesheet" href="([^"]+)"/.exec(page)?.[1] ?? '';
  const sheet = await get(href);
  expect(sheet.headers.get('content-type')).toBe('text/css; charset=utf-8');
  expect(sheet.headers.get('cache-control')).toContain('immutable');
  const fonts = [...(await sheet.text()).matchAll(/url\(([^)]+)\)/g)].map(([, address]) => address!);
  expect(fonts.length).toBeGreaterThan(4);
  for (const address of fonts) {
    const font = await get(address);
    expect([address, font.status, font.headers.get('content-type')]).toEqual([address, 200, 'font/woff2']);
    await font.arrayBuffer();
  }
  expect((await get(`${fonts[0]!.replace(/[^/]+$/, '')}../package.json`)).status).toBe(404);
});

test('the log has route, status, time and correlation id, and no text, query, token or cookie', async () => {
  const secret = 'marker-of-a-secret';
  await fetch(`${service.url}/api/stories?${secret}=${secret}`, {
    method: 'POST',
    body: JSON.stringify({ headline: secret }),
    headers: { 'content-type': 'application/json', cookie: `a=${secret}`, 'x-correlation-id': '10663ed1663ed166' },
  });
  await post(`{"headline": ${secret}}`);
  await get('/api/parse');
  const lines = service.log.map((line) => JSON.parse(line));
  expect(lines.find(({ correlationId }) => correlationId === '10663ed1663ed166')).toMatchObject({
    level: 'info',
    method: 'POST',
    route: '/api/stories',
    status: 201,
    ms: expect.any(Number),
  });
  expect(service.log.join('')).not.toContain(secret);
  expect(service.log.join('')).not.toContain('marker-of-a-text');
});

test('readiness follows its checks; the process lives either way', async () => {
  expect((await get('/health/ready')).status).toBe(200);
  let built = 40;
  service.app.get(ReadinessChecks).add({
    name: 'views',
    check: () => ({ ready: built === 100, detail: `built ${built} of 100 stories` }),
  });
  const waiting = await get('/health/ready');
  expect([waiting.status, await waiting.json()]).toEqual([
    503,
    { ready: false, checks: [{ name: 'views', ready: false, detail: 'built 40 of 100 stories' }] },
  ]);
  expect((await get('/health/live')).status).toBe(200);
  built = 100;
  expect((await get('/health/ready')).status).toBe(200);
});

test('a service that closes finishes what it has begun and takes nothing new', async () => {
  const closing = await serve({ controllers: [Door] });
  const answer = fetch(`${closing.url}/api/slow`);
  await slow.begun.promise;
  let closed = false;
  const stopped = closing.stop().then(() => {
    closed = true;
  });
  let refused = false;
  while (!refused)
    refused = await fetch(`${closing.url}/health/live`).then(
      (response) => response.arrayBuffer().then(() => false),
      () => true,
    );
  expect(closed).toBe(false);
  slow.mayEnd.resolve();
  expect(await (await answer).json()).toEqual({ finished: true });
  await stopped;
});

test('a connection on which nothing is asked does not keep a closing service waiting', async () => {
  const closing = await serve({ controllers: [Door] });
  const taken = once(closing.app.getHttpServer(), 'connection');
  const opened = connect(closing.port, '127.0.0.1');
  const ended = once(opened, 'close');
  await taken;
  await closing.stop();
  await ended;
});

test('nobody but health is answered before the service may show anything at all', async () => {
  let isOpen = false;
  service.app.get(ReadinessChecks).openWhen(() => isOpen);
  const early = await get('/api/stories');
  expect([early.status, early.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await early.json()).toMatchObject({ code: 'not-open' });
  expect((await get('/health/live')).status).toBe(200);
  isOpen = true;
  expect((await get('/api/stories')).status).not.toBe(503);
});
