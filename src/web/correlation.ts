/** One id for each request, taken from the caller or minted, on its answer and on every line logged about it. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

export const correlationHeader = 'x-correlation-id';

const safe = /^[A-Za-z0-9._-]{1,64}$/;

/** The caller's id if it is harmless in logs and headers, else a new one. */
export const correlationId = (sent: unknown): string =>
  typeof sent === 'string' && safe.test(sent) ? sent : randomUUID();

/** Holds the correlation id while a request is handled, for the log. */
export const currentCorrelation = new AsyncLocalStorage<string>();
