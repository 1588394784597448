/** Turns whatever went wrong into one RFC 9457 answer: a document, or a page for a browser. */
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject, Optional } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config.js';
import { silent, TELEMETRY, type Telemetry } from '../telemetry/telemetry.js';
import { ReadinessChecks } from './health.js';
import { blockedBy } from './link.js';
import { prefersHtml } from './negotiate.js';
import { type Frame, frameFor } from './page.js';
import { internal, type ProblemDocument, problemDocument, type Refusal, Refused } from './problem.js';
import { CONFIG, LOG, PROBLEM_PAGE } from './tokens.js';

export type ProblemPage = (problem: ProblemDocument, frame: Frame) => string;

/** The path of a request without its query. */
export const pathOf = (url: string): string => url.split('?', 1)[0]!;

const byStatus: Record<number, string> = {
  400: 'malformed-request',
  404: 'not-found',
  408: 'request-timeout',
  413: 'too-large',
  414: 'not-found',
  415: 'unsupported-media-type',
};
const details: Record<string, string> = {
  'not-found': 'There is nothing at this address.',
  'too-large': 'The body is larger than 1 MiB (1,048,576 bytes).',
  'unsupported-media-type': 'Send the body as application/json and say so in Content-Type.',
  'malformed-request': 'The request cannot be read.',
};

interface Answer {
  refusal: Refusal;
  headers: Readonly<Record<string, string>>;
  /** Where the code leaves it open. */
  status?: number;
}

/** What an error means to whoever asked. An error that nobody foresaw tells them nothing. */
export function refusalOf(error: unknown): Answer {
  if (error instanceof Refused) return { refusal: error.refusal, headers: error.headers };
  // By name: this room stands left of the store's.
  if (error instanceof Error && error.name === 'StoreUnavailable') {
    const detail = 'The event store does not answer now. Ask again with the same Idempotency-Key.';
    return { refusal: { code: 'store-unavailable', detail }, headers: { 'retry-after': '2' } };
  }
  if (error instanceof Error && ['StoreRefused', 'UnreadableRecord'].includes(error.name)) {
    const detail = 'What was recorded of this cannot be read now. Whoever runs the service is told why.';
    return { refusal: { code: 'record-unreadable', detail }, headers: { 'retry-after': '60' } };
  }
  if (isOfViews(error)) {
    const detail = 'This node cannot read what it has made of the record. Ask again.';
    return { refusal: { code: 'views-unavailable', detail }, headers: { 'retry-after': '5' } };
  }
  const status = statusOf(error);
  if (status === undefined || status >= 500) return { refusal: internal, headers: {} };
  const code = byStatus[status];
  if (!code) return { refusal: { code: 'refused', detail: (error as Error).message }, headers: {}, status };
  return { refusal: { code, detail: details[code] ?? 'The request was refused.' }, headers: {} };
}

/** The store says in its own words what SQLite tells it; errors that come as they are come from the views. */
const isOfViews = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'ERR_SQLITE_ERROR';

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const { statusCode } = (error ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : undefined;
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOG) private readonly log: Logger,
    @Inject(PROBLEM_PAGE) private readonly page: ProblemPage,
    private readonly readiness: ReadinessChecks,
    @Optional() @Inject(TELEMETRY) private readonly telemetry: Telemetry = silent,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { refusal, headers, status } = refusalOf(error);
    const path = pathOf(request.url);
    const problem = problemDocument(refusal, { path, correlationId: String(request.id), status });
    this.telemetry.problem(problem.code);
    if (problem.status >= 500) {
      this.readiness.met(error);
      const facts = { code: refusal.code, route: request.routeOptions?.url, correlationId: request.id };
      // A refusal that asks to come again is no fault of anybody's.
      if (error instanceof Refused && problem.status === 503) this.log.warn(facts, 'asked to come again');
      else this.log.error({ err: error, ...facts }, 'request failed');
    }
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    const asPage = !/^\/(api|health)(\/|$)/.test(path) && prefersHtml(request.headers.accept);
    await reply
      .status(problem.status)
      .headers({ ...(problem.status === 451 && blockedBy(this.config)), ...headers })
      .type(asPage ? 'text/html; charset=utf-8' : 'application/problem+json')
      .send(asPage ? this.page(problem, frameFor(this.config, request)) : JSON.stringify(problem));
  }
}
