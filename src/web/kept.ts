/**
 * Answers to readers that are asked for again at the same address: kept as they were sent, for as long as whoever made one
 * vouches that it would be made the same. What is kept is given once it is known who asks, and waits for nothing.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Telemetry } from '../telemetry/telemetry.js';
import { correlationHeader } from './correlation.js';
import { notModified } from './etag.js';
import { asWritten } from './header-names.js';

/** Headers as `writeHead` takes them: name, value, name, value … The first value is the correlation id of each answer. */
type Headers = string[];

interface KeptAnswer {
  /** As they were set; as they are sent once it has been given again, with and without those of a body. */
  set: Readonly<Record<string, unknown>>;
  headers?: { whole: Headers; alone: Headers };
  body: string;
  holds(): boolean;
}

function headersOf({ set, body }: KeptAnswer): { whole: Headers; alone: Headers } {
  const { [correlationHeader]: _, connection: __, 'content-length': ___, 'content-type': type, ...rest } = set;
  const alone = [
    ...[correlationHeader, ''],
    ...Object.entries(rest).flatMap(([name, value]) => [asWritten(name), String(value)]),
  ];
  const whole = [...alone, 'content-type', String(type), 'content-length', String(Buffer.byteLength(body))];
  return { whole, alone };
}

/** Characters of answers kept, with their addresses. */
const mostCharacters = 16_000_000;
/** For which each counts beside them: however short answers are, so many are kept at most. */
const besides = 1_000;

const vouched = Symbol('holds');
type Vouched = FastifyReply & { [vouched]?: () => boolean };

/**
 * Says that this answer to a reader hangs on nothing but the address, `Accept`, and what `holds` looks at. What others are
 * answered must not be told of here.
 */
export function keepWhile(reply: Vouched, holds: () => boolean): void {
  reply[vouched] = holds;
}

export function openKept(telemetry: Pick<Telemetry, 'cache'>) {
  const answers = new LRUCache<string, KeptAnswer>({
    maxSize: mostCharacters,
    sizeCalculation: ({ body }, key) => body.length + key.length + besides,
  });
  telemetry.cache('answers', answers);
  const keyOf = ({ url, headers }: FastifyRequest) => `${url} ${headers.accept ?? ''}`;

  function find(request: FastifyRequest): KeptAnswer | undefined {
    const key = keyOf(request);
    const kept = answers.get(key);
    if (!kept || kept.holds()) return kept;
    answers.delete(key);
    return undefined;
  }

  return {
    /** Gives a reader the answer to what was asked before, if it still holds. Tells whether it did. For a GET without credentials. */
    answer(request: FastifyRequest, reply: FastifyReply): boolean {
      const found = find(request);
      if (!found) return false;
      found.headers ??= headersOf(found);
      const hasIt = notModified(request.headers['if-none-match'], String(found.set.etag));
      const headers = hasIt ? found.headers.alone : found.headers.whole;
      headers[1] = request.id;
      const isClosing = !request.server.server.listening;
      const { raw } = reply.hijack();
      raw.writeHead(hasIt ? 304 : 200, isClosing ? [...headers, 'connection', 'close'] : headers);
      raw.end(hasIt ? undefined : found.body);
      return true;
    },
    /** If somebody vouches for it; with the headers that it has now. */
    keep(request: FastifyRequest, reply: Vouched, body: string): void {
      const holds = reply[vouched];
      if (holds) answers.set(keyOf(request), { set: reply.getHeaders(), body, holds });
    },
  };
}

export type Kept = ReturnType<typeof openKept>;
