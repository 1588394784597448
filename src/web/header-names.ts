/** Names of headers as they are sent. */
import type { FastifyReply } from 'fastify';

/** Archives' tools look for these names as they are usually written; the framework writes small letters. */
const inCapitals = ['Link', 'Location', 'Memento-Datetime', 'Vary'];

export const asWritten = (name: string): string => inCapitals.find((one) => one.toLowerCase() === name) ?? name;

export function capitalise(reply: FastifyReply): void {
  for (const name of inCapitals) {
    const value = reply.getHeader(name);
    // Removing one makes all that follows slower.
    if (value === undefined || value === reply.raw.getHeader(name)) continue;
    reply.removeHeader(name);
    reply.raw.setHeader(name, value);
  }
}
