/**
 * Texts as they lie in their own streams. What one attempt to append brings is one *edition* in a new stream: a header
 * (JSON) and behind it the bytes of all texts, cut into parts that one append each can carry. Erasing writes a new
 * edition of what is left behind the old one and truncates the stream there; the last whole edition counts.
 */
import { randomUUID } from 'node:crypto';
import { binaryEvent, type EventData } from '@kurrent/kurrentdb-client';
import type { SealedEvent, SealedText } from '../port.js';
import type { Recorded } from './cluster.js';

/** A text and which event of its append it belongs to, from 0. */
export interface Entry {
  event: number;
  text: SealedText;
}

/** Bytes of a part: servers before 25.0 take 1 MiB in one append. */
const partSize = 900 * 1024;

export const textPrefix = 'texts-';
/** The kind of KurrentDB event that holds a part. */
const type = 'texts';

export const newTextStream = (): string => textPrefix + randomUUID();

export const entriesOf = (events: readonly SealedEvent[]): Entry[] =>
  events.flatMap(({ texts }, event) => texts.map((text) => ({ event, text })));

/** One event a part, each to be appended by itself. */
export function editionOf(entries: readonly Entry[]): EventData[] {
  const header = Buffer.from(
    JSON.stringify(
      entries.map(({ event, text }) => ({
        event,
        name: text.name,
        key: Buffer.from(text.key).toString('base64'),
        length: text.bytes.length,
      })),
    ),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  const all = Buffer.concat([length, header, ...entries.map(({ text }) => text.bytes)]);
  const parts = Math.ceil(all.length / partSize);
  return Array.from({ length: parts }, (_, part) =>
    binaryEvent({
      type,
      data: all.subarray(part * partSize, (part + 1) * partSize),
      metadata: { part, parts },
    }),
  );
}

/** Nothing of what was not written by `editionOf`: the texts are missing then, which is damage, and told where they are opened. */
function readEdition(parts: readonly Recorded[]): Entry[] {
  try {
    return parseEdition(Buffer.concat(parts.map(({ data }) => data)));
  } catch {
    return [];
  }
}

function parseEdition(all: Buffer): Entry[] {
  const start = 4 + all.readUInt32BE();
  const header: { event: number; name: string; key: string; length: number }[] = JSON.parse(
    all.toString('utf8', 4, start),
  );
  let at = start;
  return header.map(({ event, name, key, length }) => {
    at += length;
    return { event, text: { name, key: Buffer.from(key, 'base64'), bytes: all.subarray(at - length, at) } };
  });
}

export interface Edition {
  /** Revision of its first part. */
  revision: number;
  entries: Entry[];
}

/** The last edition that is there in full. One cut short (its writer died) counts for nothing. */
export function lastEdition(events: readonly Recorded[]): Edition | undefined {
  let whole: Recorded[] | undefined;
  let gathered: Recorded[] = [];
  for (const event of events) {
    const { part, parts } = (event.metadata ?? {}) as { part?: number; parts?: number };
    if (part === 0) gathered = [];
    if (part !== gathered.length) continue;
    gathered.push(event);
    if (gathered.length === parts) whole = gathered;
  }
  return whole && { revision: Number(whole[0]!.revision), entries: readEdition(whole) };
}

export const textsOf = (entries: readonly Entry[], event: number): SealedText[] =>
  entries.filter((entry) => entry.event === event).map(({ text }) => text);

/** What a record's KurrentDB metadata says: where its texts lie, and as which event's. */
export interface TextPlace {
  texts: string;
  event: number;
}

export function textPlaceOf({ metadata }: Pick<Recorded, 'metadata'>): TextPlace | undefined {
  const { texts, event } = (metadata ?? {}) as Partial<TextPlace>;
  return typeof texts === 'string' && typeof event === 'number' ? { texts, event } : undefined;
}
