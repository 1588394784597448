/** What the service bears: clients that are slow, greedy or many, over real sockets. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Body, Controller, Get, Post } from '@nestjs/common';
import { IsString } from 'class-validator';
import { Needs } from '../../src/access/guard.js';
import { Tokens } from '../../src/access/tokens.js';
import type { Patience } from '../../src/web/patience.js';
import { mostAtOnce, openPlaces } from '../../src/web/places.js';
import { type Service, serve } from './app.js';

class Draft {
  @IsString()
  headline: string;
}

let handled = 0;

@Controller('api')
class Door {
  @Post('drafts')
  draft(@Body() { headline }: Draft) {
    handled++;
    return { length: headline.length };
  }
  @Post('stories')
  @Needs('publish')
  publish(@Body() { headline }: Draft) {
    handled++;
    return { length: headline.length };
  }
  @Get('short')
  short() {
    return 'The ferry sails.';
  }
  /** More than the buffers of two machines take. */
  @Get('long')
  long() {
    return 'The ferry sails. '.repeat(2_000_000);
  }
}

const quick: Patience = { headers: 100, request: 300, answer: 200, look: 20, goodbye: 500 };
/** One that waits for nobody. */
let hasty: Service;
let service: Service;
let token: string;
beforeAll(async () => {
  hasty = await serve({ controllers: [Door] }, {}, quick);
  const proxies = { PALIMPSEST_TRUSTED_PROXIES: '127.0.0.1', PALIMPSEST_ANONYMOUS_RATE: '6' };
  service = await serve({ controllers: [Door] }, proxies);
  token = new Tokens(service.config.access).create({ name: 'Ines Varga', role: 'editor', onBehalf: false }).secret;
});
afterAll(() => Promise.all([service, hasty].map(({ stop }) => stop())));

/** A client that does what it is told, byte by byte; `told` is what it was answered. */
function client({ port } = service) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  let wake = Promise.withResolvers<void>();
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    wake.resolve();
    wake = Promise.withResolvers();
  });
  const closed = new Promise<void>((resolve) => {
    for (const event of ['end', 'close']) socket.once(event, () => resolve());
  });
  return {
    socket,
    closed,
    told: () => text,
    async until(what: RegExp) {
      while (!what.test(text)) await Promise.race([wake.promise, closed.then(() => Promise.reject(new Error(text)))]);
      return text;
    },
  };
}
const head = (method: string, path: string, ...headers: string[]) =>
  `${method} ${path} HTTP/1.1\r\nHost: x\r\n${headers.map((one) => `${one}\r\n`).join('')}\r\n`;
const problemIn = (answer: string) => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));
const dripping = (socket: Socket, byte: string) => {
  const drip = setInterval(() => socket.write(byte), 10);
  socket.once('close', () => clearInterval(drip));
};
const connectionsOf = ({ app }: Service): Promise<number> => {
  const server = app.getHttpServer();
  return promisify(server.getConnections.bind(server))();
};
/** Until the service has let go of every connection. */
async function alone(service: Service) {
  while ((await connectionsOf(service)) !== 0) await sleep(10);
}

describe('a client that is slow', () => {
  test('with its headers is answered 408 and let go, though it goes on', async () => {
    const { socket, until } = client(hasty);
    socket.write('GET /api/short HTTP/1.1\r\nHost: x\r\nX-A: ');
    dripping(socket, 'a');
    expect(problemIn(await until(/}$/))).toMatchObject({ status: 408, code: 'request-timeout' });
    await alone(hasty);
  });

  test('with its body, a byte at a time, is answered 408 and let go', async () => {
    const { socket, until } = client(hasty);
    socket.write(head('POST', '/api/drafts', 'Content-Type: application/json', 'Content-Length: 100000'));
    dripping(socket, ' ');
    expect(problemIn(await until(/}$/))).toMatchObject({ status: 408, code: 'request-timeout' });
    await alone(hasty);
  });

  test('to ask anything at all is let go without a word', async () => {
    const { closed, told } = client(hasty);
    await closed;
    await alone(hasty);
    expect(told()).toBe('');
  });

  test('to take a long answer is cut off', async () => {
    const opened = once(hasty.app.getHttpServer(), 'connection');
    const { socket, closed } = client(hasty);
    socket.pause();
    socket.write(head('GET', '/api/long'));
    await opened;
    await alone(hasty);
    socket.resume();
    await closed;
    expect(socket.bytesRead).toBeLessThan(34_000_000);
  });
});

describe('a body', () => {
  const tooLong = 8 * 1024 * 1024;

  test('that is too large is refused by its length, before it is sent', async () => {
    const { socket, until, closed } = client();
    socket.write(head('POST', '/api/drafts', 'Content-Type: application/json', `Content-Length: ${tooLong}`));
    expect(problemIn(await until(/}$/))).toMatchObject({ status: 413, code: 'too-large' });
    socket.end();
    await closed;
  });

  test.each(['with its length', 'in pieces without a length'])(
    'sent all the same, %s, does not hide the answer',
    async (how) => {
      const { socket, until, closed } = client();
      const pieces = how.startsWith('in');
      const length = pieces ? 'Transfer-Encoding: chunked' : `Content-Length: ${tooLong}`;
      socket.write(head('POST', '/api/drafts', 'Content-Type: application/json', length));
      const piece = 'a'.repeat(65_536);
      for (let sent = 0; sent < tooLong && socket.writable; sent += piece.length) {
        if (!socket.write(pieces ? `10000\r\n${piece}\r\n` : piece)) {
          await Promise.race([once(socket, 'drain'), closed]).catch(() => {});
        }
      }
      expect(problemIn(await until(/}$/))).toMatchObject({ status: 413, code: 'too-large' });
      socket.end();
      await closed;
    },
  );

  test('announced with Expect is not asked for when it would be refused', async () => {
    const { socket, until, told, closed } = client();
    socket.write(
      head(
        'POST',
        '/api/drafts',
        'Content-Type: application/json',
        `Content-Length: ${tooLong}`,
        'Expect: 100-continue',
      ),
    );
    await until(/}$/);
    expect(told()).toMatch(/^HTTP\/1.1 413 /);
    socket.end();
    await closed;
  });
});

describe('of an address behind the proxy', () => {
  const ask = (from: string | undefined, path: string, more: RequestInit & { headers?: Record<string, string> } = {}) =>
    fetch(`${service.url}${path}`, { ...more, headers: { ...(from && { 'x-forwarded-for': from }), ...more.headers } });
  const statuses = async (n: number, ...asked: Parameters<typeof ask>) =>
    (await Promise.all(Array.from({ length: n }, () => ask(...asked)))).map(({ status }) => status).sort();

  test('so many requests a minute are answered, and the next is told when to come again', async () => {
    expect(await statuses(6, '198.51.100.1', '/api/short')).toEqual(Array(6).fill(200));
    const refused = await ask('198.51.100.1', '/api/short', { headers: { origin: 'https://courier.example' } });
    expect([refused.status, await refused.json()]).toEqual([
      429,
      expect.objectContaining({ code: 'too-many-requests', perMinute: 6 }),
    ]);
    const after = Number(refused.headers.get('retry-after'));
    expect(after).toBeGreaterThan(0);
    expect(after).toBeLessThanOrEqual(10);
    expect(refused.headers.get('ratelimit-policy')).toBe('"anonymous";q=6;w=60');
    expect(refused.headers.get('ratelimit')).toBe(`"anonymous";r=0;t=${after}`);
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expect(refused.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('another is not held to it, nor are probes, nor this machine itself', async () => {
    await statuses(7, '198.51.100.2', '/api/short');
    expect((await ask('198.51.100.2', '/api/short')).status).toBe(429);
    expect((await ask('198.51.100.3', '/api/short')).status).toBe(200);
    expect((await ask('198.51.100.2', '/health/live')).status).toBe(200);
    expect(await statuses(20, undefined, '/api/short')).toEqual(Array(20).fill(200));
  });

  test('a proxy that nobody named is told of in the log, once', async () => {
    for (const from of ['198.51.100.7', '198.51.100.8']) {
      await fetch(`http://127.0.0.1:${hasty.port}/api/short`, { headers: { 'x-forwarded-for': from } });
    }
    const told = hasty.log.filter((line) => line.includes('PALIMPSEST_TRUSTED_PROXIES does not name their proxy'));
    expect(told.map((line) => JSON.parse(line))).toMatchObject([{ level: 'warn', proxy: '127.0.0.1' }]);
  });

  test('what is dear counts as five, also where nothing is found', async () => {
    expect((await ask('198.51.100.4', '/api/short?q=ferry')).status).toBe(200);
    expect(await statuses(2, '198.51.100.4', '/api/short')).toEqual([200, 429]);
  });

  test('who invents addresses, or changes the last half of one, is counted as one', async () => {
    const invented = (n: number) => ask(`203.0.113.${n}, 198.51.100.5`, '/api/short');
    for (let n = 1; n <= 6; n++) expect((await invented(n)).status).toBe(200);
    expect((await invented(7)).status).toBe(429);
    const neighbour = (n: number) => ask(`2001:db8:7:1:${n}::1`, '/api/short');
    for (let n = 1; n <= 6; n++) expect((await neighbour(n)).status).toBe(200);
    expect((await neighbour(7)).status).toBe(429);
    expect((await ask('2001:db8:7:2::1', '/api/short')).status).toBe(200);
  });

  test('a token that is good is not counted; one that is not, is', async () => {
    const as = (secret: string) => ({ headers: { authorization: `Bearer ${secret}` } });
    expect(await statuses(10, '198.51.100.6', '/api/short', as(token))).toEqual(Array(10).fill(200));
    expect(await statuses(8, '198.51.100.6', '/api/short', as(`pal_${'a'.repeat(43)}`))).toEqual([
      ...Array(6).fill(401),
      ...Array(2).fill(429),
    ]);
    expect((await ask('198.51.100.6', '/api/short', { headers: { cookie: 'palimpsest_session=a.b.c' } })).status).toBe(
      429,
    );
  });
});

describe('a body that waits to be read', () => {
  test('is not waited for where the caller may not do what they ask', async () => {
    const { socket, until } = client();
    const before = handled;
    socket.write(
      head('POST', '/api/stories', 'Content-Type: application/json', 'Content-Length: 1000', 'Expect: 100-continue'),
    );
    expect(await until(/}$/)).toMatch(/^HTTP\/1.1 401 /);
    expect(handled).toBe(before);
    socket.destroy();
  });

  test('is taken until too many bytes wait; a small one, and one of somebody known, still is', async () => {
    const begin = (...headers: string[]) => {
      const one = client();
      one.socket.write(
        head('POST', '/api/drafts', 'Content-Type: application/json', 'Expect: 100-continue', ...headers),
      );
      return one;
    };
    const MiB = 1024 * 1024;
    const held = [];
    for (let n = 0; n < mostAtOnce.unknown / MiB; n++) {
      const one = begin(`Content-Length: ${MiB}`);
      await one.until(/^HTTP\/1.1 100 /);
      held.push(one);
    }
    const refused = begin(`Content-Length: ${MiB}`);
    const answer = await refused.until(/}$/);
    expect(answer).toMatch(/^retry-after: 1\r$/m);
    expect(problemIn(answer)).toMatchObject({ status: 503, code: 'overloaded' });
    const small = JSON.stringify({ headline: 'Ferries stopped' });
    const post = await fetch(`${service.url}/api/drafts`, {
      method: 'POST',
      body: small,
      headers: { 'content-type': 'application/json' },
    });
    expect(post.status).toBe(201);
    const known = begin(`Content-Length: ${MiB}`, `Authorization: Bearer ${token}`);
    await known.until(/^HTTP\/1.1 100 /);
    for (const { socket } of [...held, refused, known]) socket.destroy();
    for (;;) {
      const again = begin(`Content-Length: ${MiB}`);
      const [, status] = /^HTTP\/1.1 (\d+)/.exec(await again.until(/^HTTP\/1.1 \d+/))!;
      again.socket.destroy();
      if (status === '100') break;
    }
  });
});

describe('requests that wait', () => {
  const anyone: Parameters<ReturnType<typeof openPlaces>['take']> = [{ headers: {} }, true];

  test('are so many at most, and the next is refused until one has its answer', () => {
    const places = openPlaces({ ...mostAtOnce, requests: 2 });
    const take = () => {
      const place = places.take(...anyone);
      place.arrived();
      return place;
    };
    const answered = take();
    take();
    expect(take).toThrow('2 requests wait for their answers.');
    answered.leave();
    answered.leave();
    take();
    expect(take).toThrow('2 requests wait for their answers.');
  });

  test('are those that have arrived: bodies that never come take no place from readers', async () => {
    const places = openPlaces({ ...mostAtOnce, requests: 1 });
    const [slow, late, gone] = [places.take(...anyone), places.take(...anyone), places.take(...anyone)];
    slow.arrived();
    expect(late.arrived).toThrow('1 requests wait for their answers.');
    slow.leave();
    gone.leave();
    gone.arrived();
    late.arrived();
    expect(places.waiting()).toBe(1);
  });
});

test('the addresses of probes and files open no door to bodies', async () => {
  const held = Array.from({ length: mostAtOnce.unknown / 1024 / 1024 + 1 }, (_, n) => {
    const one = client();
    const more = [`X-Forwarded-For: 192.0.2.${n}`, 'Content-Length: 1048576', 'Expect: 100-continue'];
    one.socket.write(head('POST', n % 2 ? '/assets/none' : '/health/live', 'Content-Type: application/json', ...more));
    return one;
  });
  const answers = await Promise.all(held.map(({ until }) => until(/^HTTP\/1.1 (100|503) /)));
  expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 503 '))).toHaveLength(1);
  for (const { socket } of held) socket.destroy();
});
