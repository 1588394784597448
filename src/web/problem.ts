/**
 * Every refusal as RFC 9457 says it: one registry of problem codes, which each room extends with its own, and the value
 * and carrier by which a refusal reaches the one filter that answers it.
 */
import { HttpException } from '@nestjs/common';
import type { Fault } from '../content/types.js';

/** What a code means; shown at `/problems/<code>`. */
export interface ProblemType {
  /** HTTP status. */
  status: number;
  title: string;
  /** What it means and what to do, for the page that explains it. */
  explanation: string;
}

/** A fault of the query or the path names its `parameter`; one of the body has an RFC 6901 pointer. */
export type RequestFault = Fault | { parameter: string; code: string; detail: string };

/** A refusal as a value. Members besides the named ones go into the problem document as they are. */
export interface Refusal {
  code: string;
  /** What was wrong this time, and what to do. */
  detail: string;
  faults?: readonly RequestFault[];
  [member: string]: unknown;
}

/** The document that is sent (`application/problem+json`). */
export interface ProblemDocument extends Refusal {
  type: string;
  title: string;
  status: number;
  /** The path that was asked for, without its query (which may hold a token). */
  instance: string;
  correlationId: string;
}

const registry = new Map<string, ProblemType>();

/** Adds a room's codes. Throws when a code is already taken or is not kebab-case: each has one meaning. */
export function defineProblems<Code extends string>(types: Record<Code, ProblemType>): void {
  for (const [code, type] of Object.entries<ProblemType>(types)) {
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(code)) throw new Error(`problem code "${code}" is not kebab-case`);
    if (registry.has(code)) throw new Error(`problem code "${code}" is defined twice`);
    registry.set(code, type);
  }
}

/** All codes of the rooms that have been loaded. */
export const problemTypes = (): ReadonlyMap<string, ProblemType> => registry;

/** Carries a refusal out of a controller, guard or pipe to the filter. `headers` are sent with it. */
export class Refused extends HttpException {
  constructor(
    readonly refusal: Refusal,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(refusal.detail, registry.get(refusal.code)?.status ?? 500);
  }
}

/**
 * The document for `refusal`; a code that no room has defined is a fault of ours and reads as `internal`. `status` only
 * where the code leaves it open (`refused`).
 */
export function problemDocument(
  refusal: Refusal,
  at: { path: string; correlationId: string; status?: number },
): ProblemDocument {
  const known = registry.get(refusal.code);
  const { code, detail, ...members } = known ? refusal : { code: 'internal', detail: internal.detail };
  const { status, title } = known ?? registry.get('internal')!;
  return {
    ...members,
    type: `/problems/${code}`,
    title,
    status: at.status ?? status,
    code,
    detail,
    instance: at.path,
    correlationId: at.correlationId,
  };
}

export const internal: Refusal = {
  code: 'internal',
  detail: 'Something went wrong here. It has been logged; give the correlation id when you report it.',
};

defineProblems({
  'not-found': {
    status: 404,
    title: 'Not found',
    explanation: 'There is nothing at this address, or nothing that you may know of.',
  },
  'malformed-request': {
    status: 400,
    title: 'The request cannot be read',
    explanation: 'The request breaks the rules of HTTP or of URLs. The detail says where.',
  },
  'malformed-json': {
    status: 400,
    title: 'The body is not JSON',
    explanation:
      'The body is not well-formed JSON in UTF-8 (RFC 8259), is nested too deeply, or has a member by a name that every object has. The detail says which and where.',
  },
  'malformed-form': {
    status: 400,
    title: 'The form cannot be read',
    explanation: 'The body is not a form as browsers send it, or gives a field more than once.',
  },
  'repeated-parameter': {
    status: 400,
    title: 'A parameter is given twice',
    explanation: 'Each parameter of the query may be given once.',
  },
  invalid: {
    status: 422,
    title: 'The request does not say what it should',
    explanation: 'Members are missing, unknown or out of range. `faults` has every one, with a JSON Pointer to it.',
  },
  'too-large': {
    status: 413,
    title: 'The request is too large',
    explanation: 'A request may have 1 MiB (1,048,576 bytes) of body. Send less at once.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'This kind of body is not read here',
    explanation: 'Send `application/json`, named in `Content-Type`. Forms of our own pages are read too.',
  },
  'not-acceptable': {
    status: 406,
    title: 'Not available in that format',
    explanation: 'None of the formats that `Accept` names is offered here. `offered` lists those that are.',
  },
  'unknown-format': {
    status: 400,
    title: 'Unknown format',
    explanation: 'The parameter `format` names none that is offered here. `offered` lists those that are.',
  },
  'bad-cursor': {
    status: 400,
    title: 'The cursor is not ours',
    explanation: 'A cursor is used exactly as it was given, in the list that gave it. Start again without one.',
  },
  'bad-etag': {
    status: 400,
    title: 'The precondition cannot be read',
    explanation: '`If-Match` and `If-None-Match` hold entity tags in double quotes, or `*` (RFC 9110, section 13.1).',
  },
  'request-timeout': {
    status: 408,
    title: 'The request took too long to arrive',
    explanation: 'The headers of a request must have arrived within 10 seconds, all of it within 30.',
  },
  'headers-too-large': {
    status: 431,
    title: 'The headers are too large',
    explanation: 'The headers of a request may have 16 KiB together.',
  },
  'unmet-expectation': {
    status: 417,
    title: 'The expectation cannot be met',
    explanation: 'Leave `Expect` out, or send `100-continue`.',
  },
  refused: {
    status: 400,
    title: 'The request was refused',
    explanation: 'The status and the detail say why.',
  },
  'store-unavailable': {
    status: 503,
    title: 'The event store does not answer',
    explanation:
      'Nothing was written, or it is not known whether it was. Ask again with the same `Idempotency-Key`: nothing is done twice.',
  },
  'record-unreadable': {
    status: 503,
    title: 'What was recorded cannot be read',
    explanation:
      'The log is damaged, or a newer Palimpsest wrote to it; nothing is shown or changed by guessing. `palimpsest verify` says where and what is wrong. Restore a backup, or upgrade; then ask again.',
  },
  'views-unavailable': {
    status: 503,
    title: 'This node cannot answer now',
    explanation:
      'What it has made of the record, to answer from, cannot be read or written at the moment. The record itself is safe. Ask again; a write with the same `Idempotency-Key`, and nothing is done twice.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong here',
    explanation: 'This is a fault of the service. It has been logged under the correlation id.',
  },
});
