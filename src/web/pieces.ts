/** Long answers, of which the greater part is bytes already: sent as they are, and tagged by the digests of their pieces. */
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { tagged } from './caching.js';
import { readersEtag } from './etag.js';

/** Bytes, in chunks, and their SHA-256, base64url. */
export interface Piece {
  bytes: readonly Uint8Array[];
  digest: string;
}

export async function sendPieces(reply: FastifyReply, pieces: readonly (string | Piece)[]): Promise<void> {
  const chunks = pieces
    .flatMap((piece) => (typeof piece === 'string' ? [Buffer.from(piece)] : piece.bytes))
    .filter((chunk) => chunk.length > 0);
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const tag = readersEtag(pieces.map((piece) => (typeof piece === 'string' ? piece : piece.digest)).join('\0'));
  // Nothing is copied; a slow client takes the rest when it can.
  await reply.header('content-length', length).send(tagged(Readable.from(unhurried(chunks)), tag));
}

/** Bytes of an answer that are sent before whoever else has asked is answered: most answers go at once. */
const atOnce = 256 * 1024;

async function* unhurried(chunks: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  let sent = 0;
  for (const chunk of chunks) {
    if (sent >= atOnce) {
      await setImmediate();
      sent = 0;
    }
    yield chunk;
    sent += chunk.length;
  }
}
