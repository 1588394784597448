/**
 * One id for each request, taken from the caller or minted: on its answer, on every line logged about it, and in the record
 * of what it changes.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

export const correlationHeader = 'x-correlation-id';

/** A UUID, or 16 to 64 hexadecimal digits. It is recorded for ever, so it must not be able to say anything. */
const opaque = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,64})$/i;

/** The caller's id if it is one that means nothing, else a new one. */
export const correlationId = (sent: unknown): string =>
  typeof sent === 'string' && opaque.test(sent) ? sent : randomUUID();

/** Holds the correlation id while a request is handled. */
export const currentCorrelation = new AsyncLocalStorage<string>();
