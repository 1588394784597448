/**
 * Answers to readers that are asked for again at the same address: kept as they were sent, for as long as whoever made one
 * vouches that it would be made the same. What is kept is answered behind the hooks and before the routes.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Telemetry } from '../telemetry/telemetry.js';

export interface KeptAnswer {
  type: string;
  body: string;
  etag: string;
}

/** Characters of answers kept, with their addresses. */
const mostCharacters = 16_000_000;
/** For which each counts beside them: however short answers are, so many are kept at most. */
const besides = 1_000;

const vouched = new WeakMap<FastifyReply, () => boolean>();

/**
 * Says that this answer to a reader hangs on nothing but the address, `Accept`, and what `holds` looks at, and that it has
 * no headers of its own but its type. What others are answered must not be told of here.
 */
export const keepWhile = (reply: FastifyReply, holds: () => boolean): void => void vouched.set(reply, holds);

export function openKept(telemetry: Pick<Telemetry, 'cache'>) {
  const answers = new LRUCache<string, KeptAnswer & { holds(): boolean }>({
    maxSize: mostCharacters,
    sizeCalculation: ({ body }, key) => body.length + key.length + besides,
  });
  telemetry.cache('answers', answers);
  const keyOf = ({ url, headers }: FastifyRequest) => `${url} ${headers.accept ?? ''}`;

  return {
    /** For a GET without credentials. */
    find(request: FastifyRequest): KeptAnswer | undefined {
      const key = keyOf(request);
      const kept = answers.get(key);
      if (!kept || kept.holds()) return kept;
      answers.delete(key);
      return undefined;
    },
    /** If somebody vouches for it. */
    keep(request: FastifyRequest, reply: FastifyReply, body: string, etag: string): void {
      const holds = vouched.get(reply);
      const type = String(reply.getHeader('content-type'));
      if (holds) answers.set(keyOf(request), { type, body, etag, holds });
    },
  };
}

export type Kept = ReturnType<typeof openKept>;
