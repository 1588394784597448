/**
 * Sealing makes of an event a record (facts, and a commitment to each text) that can be kept and published for ever, with
 * the texts and their keys beside it, which can be erased. Opening reads it again and says of each text how it stands.
 */
import { randomBytes } from 'node:crypto';
import type { EventType, Metadata, Opened, RecordedFacts, TextState } from '../story/events.js';
import { canonical } from './canonical.js';
import { hmacSha256, sha256Hex } from './hash.js';
import type { SealedEvent, SealedText, StoredEvent, StoredRecord } from './port.js';
import { type Upcastable, upcast } from './upcasters.js';

/** What a record's bytes say. */
export interface RecordContent extends Upcastable {
  stream: string;
  revision: number;
  /** Base64url, by name of the text. */
  commitments: { [name: string]: string };
  /** SHA-256 of the story's previous record, hex; `null` at revision 0. */
  previous: string | null;
}

export type Unsealed = Omit<RecordContent, 'commitments'> & { texts: { [name: string]: unknown } };

/** A record that can't be read as what it should be. The chain tells altered ones that can. */
export class UnreadableRecord extends Error {
  override name = 'UnreadableRecord';
  /** `newer`: a later program wrote it. `misplaced`: it is the record of another place. */
  readonly code: 'unreadable' | 'misplaced' | 'newer';
  constructor(code: UnreadableRecord['code'], at: StoredRecord, message: string) {
    super(`revision ${at.revision} of ${at.stream}: ${message}`);
    this.code = code;
  }
}

/** By which a record's successor names it: SHA-256 in hex. */
export const hashOf = sha256Hex;

/** HMAC-SHA-256 over `palimpsest/text/1` U+0000 name U+0000 RFC 8785 JSON of the text; base64url. */
export const commitment = ({ name, key, bytes }: SealedText): string =>
  hmacSha256(key, Buffer.from(`palimpsest/text/1\0${name}\0`), bytes);

/** Texts that are `undefined` are left out. Each has a key of its own, 32 random bytes. */
export function seal({ texts, ...facts }: Unsealed, newKey: () => Uint8Array = () => randomBytes(32)): SealedEvent {
  const sealed = Object.entries(texts)
    .filter(([, text]) => text !== undefined)
    .map(([name, text]) => ({ name, key: newKey(), bytes: canonical(text) }));
  const commitments = Object.fromEntries(sealed.map((text) => [text.name, commitment(text)]));
  const { stream, revision, type, data, metadata, previous } = facts;
  const record = canonical({ stream, revision, type, data, metadata, commitments, previous });
  return { id: metadata.eventId, record, texts: sealed };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** As it was written, before upcasting. Throws UnreadableRecord. */
export function readRecord(stored: StoredRecord): RecordContent {
  let content: RecordContent;
  try {
    content = JSON.parse(utf8.decode(stored.record));
  } catch {
    throw new UnreadableRecord('unreadable', stored, 'the record is not JSON');
  }
  const { stream, revision, type, data, metadata, commitments } = content ?? {};
  if (typeof type !== 'string' || !isObject(data) || !isObject(metadata) || !isObject(commitments))
    throw new UnreadableRecord('unreadable', stored, 'the record has not the members of a record');
  if (stream !== stored.stream || revision !== stored.revision || metadata.eventId !== stored.id)
    throw new UnreadableRecord('misplaced', stored, `the record is that of revision ${revision} of ${stream}`);
  return content;
}
const isObject = (value: unknown) => typeof value === 'object' && value !== null;

/** Facts alone, at the present schema version. Throws UnreadableRecord. */
export function factsOf(stored: StoredRecord, content = readRecord(stored)): RecordedFacts {
  const event = upcast({ type: content.type, data: content.data, metadata: content.metadata });
  if (!event)
    throw new UnreadableRecord(
      'newer',
      stored,
      `written at schema version ${content.metadata.schemaVersion}; upgrade Palimpsest to read it`,
    );
  return { ...event, revision: stored.revision, textNames: Object.keys(content.commitments) } as RecordedFacts;
}

/**
 * Opens an event and checks each text against its commitment. An event can't know of the `TextsErased` that came after
 * it: `isErased` tells which of its texts have been named by one. Throws UnreadableRecord.
 */
export function open(stored: StoredEvent, isErased: (name: string) => boolean = () => false): Opened {
  const content = readRecord(stored);
  const { type, data, metadata } = factsOf(stored, content);
  const sealed = new Map(stored.texts.map((text) => [text.name, text]));
  const texts: { [name: string]: unknown } = {};
  const textStates: { [name: string]: TextState } = {};
  for (const [name, committed] of Object.entries(content.commitments)) {
    const text = sealed.get(name);
    const state = stateOf(text, committed, isErased(name));
    textStates[name] = state;
    texts[name] = state === 'verified' ? JSON.parse(utf8.decode(text!.bytes)) : null;
  }
  return {
    story: storyOf(stored.stream),
    revision: stored.revision,
    position: stored.position,
    hash: hashOf(stored.record),
    type: type as EventType,
    data,
    metadata: metadata as Metadata,
    texts,
    textStates,
  };
}

function stateOf(text: SealedText | undefined, committed: string, erased: boolean): TextState {
  if (erased) return text ? 'erasure-pending' : 'erased';
  return text && commitment(text) === committed ? 'verified' : 'missing';
}

const prefix = 'story-';
/** The stream that holds a story's events. */
export const streamOf = (story: string): string => prefix + story;
export const storyOf = (stream: string): string => stream.slice(prefix.length);
