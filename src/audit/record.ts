/** A record as auditors are given it. */
import type { AuditedRecord } from '../event-store/log.js';
import type { TextState } from '../story/events.js';

export interface RecordedEvent {
  story: string;
  revision: number;
  position: string;
  /** SHA-256 of `bytes`, hex; the story's next record names it as `previous`. */
  hash: string;
  /** The record as it lies there, base64: what is hashed. */
  bytes: string;
  /** The same, read; null if it is not JSON. */
  record: unknown;
  /** Each text by name: how it stands, and what it says if it is verified. Left out if the record cannot be read. */
  texts?: { [name: string]: { state: TextState; text: unknown } };
  faults: AuditedRecord['faults'];
}

export function recordedEvent({
  story,
  revision,
  position,
  hash,
  record,
  opened,
  faults,
}: AuditedRecord): RecordedEvent {
  const texts = opened && {
    texts: Object.fromEntries(
      Object.entries(opened.textStates).map(([name, state]) => [name, { state, text: opened.texts[name] }]),
    ),
  };
  return {
    story,
    revision,
    position,
    hash,
    bytes: Buffer.from(record).toString('base64'),
    record: readJson(record),
    ...texts,
    faults,
  };
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}
