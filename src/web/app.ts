/** The HTTP service as such: its limits, its headers, what it reads, what it logs, how it closes. */

import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import cookie from '@fastify/cookie';
import fastifyStatic from '@fastify/static';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { Config } from '../config.js';
import { limits } from '../content/limits.js';
import { silent, type Telemetry } from '../telemetry/telemetry.js';
import { admit } from './admission.js';
import { forever, icon, script, stylesheet, typefaces } from './assets.js';
import { readForm, readJson } from './body.js';
import { answeredAgain, decideCaching } from './caching.js';
import { networks } from './client-address.js';
import { boundConnections, unaskedClosing } from './connections.js';
import { correlationHeader, correlationId, currentCorrelation } from './correlation.js';
import { answeredPreflight, shareWithOtherSites } from './cors.js';
import { parseEntityTags } from './etag.js';
import { capitalise } from './header-names.js';
import { ReadinessChecks } from './health.js';
import { openKept } from './kept.js';
import { nestLogger, plainLog } from './log.js';
import { type Patience, patience as usual } from './patience.js';
import { problemDocument, type Refusal, Refused } from './problem.js';
import { pathOf, refusalOf } from './problem-filter.js';
import { LOG } from './tokens.js';

/** The adapter for `NestFactory.create(AppModule, fastifyAdapter(), { bufferLogs: true })`. */
export const fastifyAdapter = (patience: Patience = usual): FastifyAdapter =>
  new FastifyAdapter({
    bodyLimit: limits.requestBytes,
    requestTimeout: patience.request,
    http: {
      headersTimeout: patience.headers,
      connectionsCheckingInterval: patience.look,
      // Node's own answer would be no problem document; see refuseHosts.
      requireHostHeader: false,
    },
    rewriteUrl: originForm,
    // No proxy's word is taken; where the world sees us is a setting.
    trustProxy: false,
    // Requests on connections that are still open are finished, not refused, while the service closes.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 300 },
    genReqId: ({ headers }: IncomingMessage) => correlationId(headers[correlationHeader]),
    // Before routing: addresses that cannot be read.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const { refusal } = refusalOf(error);
      const problem = problemDocument(refusal, { path: pathOf(request.url), correlationId: request.id });
      void reply
        .status(problem.status)
        .headers({ [correlationHeader]: request.id, 'x-content-type-options': 'nosniff' })
        .type('application/problem+json')
        .send(JSON.stringify(problem));
    },
    // Before HTTP: bytes that are no request.
    clientErrorHandler: (error, socket) => answerBytes(error, socket, patience),
  });

/** Beside those that follow the stream of changes. */
const mostConnections = 10_000;

/** Everything between the socket and the controllers; call it before `app.init()` or `app.listen()`. */
export async function configureApp(
  app: NestFastifyApplication,
  config: Config,
  patience: Patience = usual,
  telemetry: Pick<Telemetry, 'cache'> = silent,
): Promise<void> {
  const log = app.get<Logger>(LOG);
  app.useLogger(nestLogger(log));
  app.enableShutdownHooks();

  const bodyLimit = limits.requestBytes;
  app.useBodyParser('application/json', { bodyLimit }, (_request, body, done) => parsed(readJson, body, done));
  app.useBodyParser('application/x-www-form-urlencoded', { bodyLimit }, (_request, body, done) =>
    parsed(readForm, body, done),
  );

  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeContentTypeParser('text/plain');
  const https = config.publicUrl?.startsWith('https:') ?? false;
  const safeguards = headersSetBy(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: policyFor(config) },
      // `no-referrer` would make browsers send `Origin: null` with our own forms.
      referrerPolicy: { policy: 'same-origin' },
      strictTransportSecurity: https,
    }),
  );
  await app.register(cookie);

  for (const { root, prefix } of typefaces) {
    await app.register(fastifyStatic, {
      root,
      prefix,
      decorateReply: false,
      index: false,
      immutable: true,
      maxAge: '365d',
      allowedPath: (path) => path.endsWith('.woff2'),
    });
  }
  fastify.get(stylesheet.href, (_request, reply) =>
    reply.header('cache-control', forever).type('text/css; charset=utf-8').send(stylesheet.css),
  );

  fastify.get(script.href, (_request, reply) =>
    reply.header('cache-control', forever).type('text/javascript; charset=utf-8').send(script.js),
  );

  fastify.get(icon.href, (_request, reply) =>
    reply.header('cache-control', forever).type('image/svg+xml').send(icon.svg),
  );
  // Asked for by what reads no page: browsers before one, tools, readers of feeds.
  fastify.get('/favicon.ico', (_request, reply) =>
    reply.header('cache-control', 'public, max-age=86400').type('image/svg+xml').send(icon.svg),
  );

  // What each answer passes through calls back: a promise a hook would be a good part of what a short answer costs.
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers(safeguards).header(correlationHeader, request.id);
    refuseHosts(request);
    refuseRepeated(request);
    if (request.headers['if-none-match'] !== undefined) parseEntityTags(request.headers['if-none-match']);
    if (!answeredPreflight(request, reply)) done();
  });
  const kept = openKept(telemetry);
  const readiness = app.get(ReadinessChecks);
  admit(app, config, patience, (request, reply) => readiness.isOpen() && answeredAgain(request, reply, kept));
  boundConnections(fastify.server, mostConnections + config.streams, networks(config.trustedProxies));
  fastify.server.on('checkExpectation', refuseExpectation);
  const expecting = new WeakSet<IncomingMessage>();
  fastify.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    expecting.add(request);
    fastify.server.emit('request', request, response);
  });
  // A body is asked for once nothing but itself can be refused.
  fastify.addHook('preParsing', (request, reply, _payload, done) => {
    const isTooLarge = Number(request.headers['content-length']) > bodyLimit;
    if (!isTooLarge && expecting.has(request.raw)) reply.raw.writeContinue();
    done();
  });
  fastify.addHook('preClose', unaskedClosing(fastify.server));
  // After the body has been read, whose events would lose the context.
  fastify.addHook('preValidation', (request, _reply, done) => currentCorrelation.run(String(request.id), done));
  fastify.addHook('onSend', (request, reply, payload, done) => {
    shareWithOtherSites(request, reply);
    const decided = decideCaching(request, reply, payload, kept);
    capitalise(reply);
    // Closed while its body comes, a connection is reset, and who sends never sees the answer: the rest is read and dropped.
    if (reply.statusCode === 413) reply.removeHeader('connection');
    // Else a connection that is kept alive would keep a closing service waiting.
    if (!fastify.server.listening) reply.header('connection', 'close');
    done(null, decided);
  });
  const requests = plainLog(log);
  fastify.addHook('onResponse', (request, reply, done) => {
    // Begun before the service began to close, an answer leaves its connection open.
    if (!fastify.server.listening) setImmediate(() => fastify.server.closeIdleConnections());
    // Probes and fonts would drown the rest.
    const level = /^\/(health|assets)\//.test(request.url) ? 'debug' : 'info';
    requests[level]({
      correlationId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    });
    done();
  });
}

/** By a middleware that sets the same ones every time. */
function headersSetBy(middleware: ReturnType<typeof helmet>): OutgoingHttpHeaders {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  middleware(response.req, response, () => {});
  return { ...response.getHeaders() };
}

/** Nothing but what our own origin gives, the publisher's logo, and images from where the publisher says; no frame. */
const policyFor = ({ publisher: { logo }, imageSources }: Config) => ({
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  connectSrc: ["'self'"],
  styleSrc: ["'self'"],
  fontSrc: ["'self'"],
  imgSrc: ["'self'", ...(logo === undefined ? [] : [sourceOf(logo)]), ...imageSources],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
});

/** One address as a content security policy names it: with its path, without its query, nothing that ends a directive. */
function sourceOf(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + pathname.replaceAll(';', '%3B').replaceAll(',', '%2C');
}

function parsed(
  read: (bytes: Uint8Array) => unknown,
  body: Buffer,
  done: (error: Error | null, value?: unknown) => void,
) {
  let value: unknown;
  try {
    value = read(body);
  } catch (error) {
    return done(error as Error);
  }
  done(null, value);
}

/** What stands in a query behind another address is that one's. */
const holdsAddress = /^\/(timegate|timemap)\//;

function refuseRepeated({ query, url }: FastifyRequest): void {
  if (!url.includes('&') || holdsAddress.test(url)) return;
  const repeated = Object.entries((query ?? {}) as Record<string, unknown>).filter(([, value]) => Array.isArray(value));
  if (!repeated.length) return;
  const faults = repeated.map(([parameter]) => ({ parameter, code: 'repeated', detail: 'is given more than once' }));
  throw new Refused({ code: 'repeated-parameter', detail: 'Give each parameter once.', faults });
}

/** Name or address, and perhaps a port: nothing that would make another address of what it is put in. */
const authority = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:\d{1,5})?$/i;

/** RFC 9112, section 3.2. */
function refuseHosts({ raw }: FastifyRequest): void {
  const { rawHeaders } = raw;
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (/^host$/i.test(rawHeaders[i]!)) hosts++;
  if (hosts === 0 && raw.httpVersion === '1.0') return;
  const detail = 'A request has one Host header, with a name or an address, and perhaps a port.';
  if (hosts !== 1 || !authority.test(raw.headers.host!)) throw new Refused({ code: 'malformed-request', detail });
}

/** A request as to a proxy says its host in its target, and that is the one that counts (RFC 9112, section 3.2.2). */
function originForm(request: { url?: string; headers: IncomingMessage['headers'] }): string {
  const { url = '/', headers } = request;
  const [, host, target] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(url) ?? [];
  if (host === undefined || target === undefined) return url;
  headers.host = host;
  return target.startsWith('/') ? target : `/${target}`;
}

/** RFC 9110, section 10.1.1. */
function refuseExpectation({ headers, url = '/' }: IncomingMessage, response: ServerResponse): void {
  const refusal = { code: 'unmet-expectation', detail: 'Of expectations only 100-continue is met here.' };
  const id = correlationId(headers[correlationHeader]);
  const problem = problemDocument(refusal, { path: pathOf(url), correlationId: id });
  response
    .writeHead(problem.status, { 'content-type': 'application/problem+json', [correlationHeader]: id })
    .end(JSON.stringify(problem));
}

const clientErrors: Record<string, Refusal> = {
  HPE_HEADER_OVERFLOW: { code: 'headers-too-large', detail: 'The headers have more than 16 KiB.' },
  ERR_HTTP_REQUEST_TIMEOUT: { code: 'request-timeout', detail: 'The request had not arrived in time.' },
};

function answerBytes(error: Error & { code?: string }, socket: Socket, { goodbye }: Patience): void {
  // On a connection that was opened ahead an answer would be taken for that to the first request.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesRead === 0) return void socket.destroy();
  setTimeout(() => socket.destroy(), goodbye).unref();
  const refusal = clientErrors[error.code ?? ''] ?? {
    code: 'malformed-request',
    detail: 'This is not an HTTP request.',
  };
  const problem = problemDocument(refusal, { path: '/', correlationId: correlationId(undefined) });
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: application/problem+json\r\n` +
      `${correlationHeader}: ${problem.correlationId}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
