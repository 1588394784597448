/**
 * Brings the facts of events written by older programs up to the present schema version, one step at a time, where they
 * are opened. Only facts: a text's name is what references and commitments know it by, so it never changes.
 */
import type { Metadata } from '../story/events.js';

export interface Upcastable {
  type: string;
  data: unknown;
  metadata: Metadata;
}

/** From one schema version to the next; pure. */
export type Upcaster = (event: Upcastable) => Upcastable;

export const currentSchemaVersion = 1;

/** By `<type>@<schema version it takes>`. What has no entry did not change in that step. */
export const upcasters: { readonly [typeAtVersion: string]: Upcaster } = {};

/** `undefined` for an event of a schema version that this program does not know. */
export function upcast(event: Upcastable, table = upcasters, to = currentSchemaVersion): Upcastable | undefined {
  const version = event.metadata?.schemaVersion;
  if (!Number.isSafeInteger(version) || version < 1 || version > to) return undefined;
  let current = event;
  for (let from = version; from < to; from++) {
    const step = table[`${current.type}@${from}`]?.(current) ?? current;
    current = { ...step, metadata: { ...step.metadata, schemaVersion: from + 1 } };
  }
  return current;
}
