/**
 * The log as the rest of the program knows it: stories and events instead of streams and bytes. Seals what is appended,
 * once per command, and opens, checks and upcasts what is read.
 *
 * How an erased text reads: `append`, `readStory`, `readAll` and `readRecords` look up what each story has ordered erased
 * so far and give such a text as `null`, whether its bytes still lie there (`erasure-pending`) or not (`erased`).
 * `subscribe` looks only where bytes are gone; a text that still lies there, or was appended just now, reads as verified
 * until the `TextsErased` that names it comes by, so a follower takes texts back when it meets that event. `missing` always
 * means damage.
 */
import { v5 as uuidv5 } from 'uuid';
import type { Opened, RecordedFacts, Reference, StoryEvent } from '../story/events.js';
import { textKey } from '../story/evolve.js';
import type { Instant } from '../story/instant.js';
import { canonical } from './canonical.js';
import type { EventStore, StoredEvent, StoredRecord } from './port.js';
import {
  factsOf,
  hashOf,
  open,
  type RecordContent,
  readRecord,
  seal,
  storyOf,
  streamOf,
  UnreadableRecord,
} from './sealing.js';
import { currentSchemaVersion } from './upcasters.js';

/** The end of a story as its writer knows it: the last revision and that record's hash. */
export interface StoryHead {
  revision: number;
  hash: string | null;
}
export const noStory: StoryHead = { revision: -1, hash: null };

export interface CommandEvents {
  /** A UUID. */
  story: string;
  expected: StoryHead;
  /** A UUID; with an event's index it makes the event's id, by which a repetition is known. */
  commandId: string;
  actor: string;
  recordedAt: Instant;
  correlationId?: string | undefined;
  events: readonly StoryEvent[];
}

export type LoggedFacts = RecordedFacts & { position: string; hash: string };

/**
 * `chain-broken`: it does not name the record before it. `not-canonical`: not the RFC 8785 form of what it says.
 * `stray-text`: a text lies there that the record has no commitment to.
 */
export type RecordFault = UnreadableRecord['code'] | 'not-canonical' | 'chain-broken' | 'stray-text';

/** A record as auditors see it: the bytes as they lie there, and all that is wrong with them. */
export interface AuditedRecord {
  story: string;
  revision: number;
  position: string;
  record: Uint8Array;
  hash: string;
  /** Absent if the record can't be read; its texts' states say how each text stands. */
  opened?: Opened;
  faults: RecordFault[];
}

/** Everything may throw StoreUnavailable or StoreRefused (`damaged`), and UnreadableRecord where records are opened. */
export interface Log {
  /**
   * All or none. Returns what is stored: when this command was stored before, the events of the first time. Throws
   * WrongExpectedRevision.
   */
  append(command: CommandEvents): Promise<Opened[]>;
  readStory(story: string, from?: number): AsyncIterable<Opened>;
  /** Facts without looking at texts. */
  readFacts(story: string, from?: number): AsyncIterable<LoggedFacts>;
  /** For auditors: never throws UnreadableRecord, says so of the record instead. */
  readRecords(story: string, from?: number): AsyncIterable<AuditedRecord>;
  /** After a position (`beginning` for all), at most `limit` events. */
  readAll(after: string, limit: number): Promise<Opened[]>;
  /** See EventStore.subscribe; see above how erased texts read here. */
  subscribe(after: string, signal: AbortSignal): AsyncIterable<{ events: Opened[]; caughtUp: boolean }>;
  head(): Promise<string>;
  /** Removes texts that a `TextsErased` of the story names; throws a RangeError for any other. Idempotent. */
  erase(story: string, references: readonly Reference[]): Promise<void>;
  /** Which of these texts can still be read where they lie, erased or not. See EventStore.remaining. */
  remaining(story: string, references: readonly Reference[]): Promise<Reference[]>;
}

export function openLog(store: EventStore): Log {
  async function* readFacts(story: string, from = 0): AsyncIterable<LoggedFacts> {
    for await (const stored of store.readRecords(streamOf(story), from)) yield logged(stored);
  }

  /** What a story has ordered erased, as far as it has been read; `catchUp` reads on. */
  function erasuresOf(story: string) {
    const named = new Set<string>();
    let next = 0;
    return {
      has: (reference: Reference) => named.has(textKey(reference)),
      async catchUp() {
        for await (const stored of store.readRecords(streamOf(story), next)) {
          next = stored.revision + 1;
          for (const reference of erasedBy(stored)) named.add(textKey(reference));
        }
        return this;
      },
    };
  }
  type Erasures = ReturnType<typeof erasuresOf>;

  /** A text erased since `erasures` were read looks missing: then they are read on before damage is reported. */
  async function openKnowing(stored: StoredEvent, erasures: Erasures): Promise<Opened> {
    const isErased = (name: string) => erasures.has([stored.revision, name]);
    const opened = open(stored, isErased);
    if (!isMissingText(opened)) return opened;
    await erasures.catchUp();
    return open(stored, isErased);
  }

  async function audit(stored: StoredEvent, previous: string | null, erasures: Erasures): Promise<AuditedRecord> {
    const { stream, revision, position, record } = stored;
    const faults: RecordFault[] = [];
    const audited = { story: storyOf(stream), revision, position, record, hash: hashOf(record), faults };
    try {
      const content = readRecord(stored);
      if (content.previous !== previous) faults.push('chain-broken');
      if (!isCanonical(content, record)) faults.push('not-canonical');
      if (stored.texts.some(({ name }) => !Object.hasOwn(content.commitments, name))) faults.push('stray-text');
      return { ...audited, opened: await openKnowing(stored, erasures) };
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      faults.push(error.code);
      return audited;
    }
  }

  /** By records sealed here: who appends and who follows the log are given the same event, which is opened once. */
  const openings = new WeakMap<Uint8Array, Promise<Opened> | undefined>();

  function openOnce(stored: StoredEvent, erasures: Erasures): Promise<Opened> {
    const opening = openings.get(stored.record) ?? openKnowing(stored, erasures);
    if (openings.has(stored.record)) openings.set(stored.record, opening);
    return opening;
  }

  /** `lookUp`: whether each story's erasures are looked up first, or only where a text is missing. */
  async function openAll(batch: readonly StoredEvent[], lookUp: boolean): Promise<Opened[]> {
    const known = new Map<string, Erasures>();
    const events: Opened[] = [];
    for (const stored of batch) {
      const story = storyOf(stored.stream);
      let erasures = known.get(story);
      if (!erasures) {
        erasures = erasuresOf(story);
        if (lookUp) await erasures.catchUp();
        known.set(story, erasures);
      }
      events.push(await (lookUp ? openKnowing : openOnce)(stored, erasures));
    }
    return events;
  }

  return {
    async append({ story, expected, commandId, actor, recordedAt, correlationId, events }) {
      if (expected.revision < 0 !== (expected.hash === null)) throw new TypeError('only a new story has no hash');
      const stream = streamOf(story);
      let previous = expected.hash;
      const sealed = events.map(({ type, data, texts }, index) => {
        const eventId = uuidv5(String(index), commandId);
        const metadata = {
          eventId,
          commandId,
          actor,
          recordedAt,
          ...(correlationId !== undefined && { correlationId }),
          schemaVersion: currentSchemaVersion,
        };
        const revision = expected.revision + 1 + index;
        const event = seal({ stream, revision, type, data, metadata, texts: { ...texts }, previous });
        previous = hashOf(event.record);
        openings.set(event.record, undefined);
        return event;
      });
      const stored = await store.append(stream, expected.revision, sealed);
      const isRepetition = stored.some((event, index) => !sameBytes(event.record, sealed[index]!.record));
      return openAll(stored, isRepetition);
    },

    async *readStory(story, from = 0) {
      const erasures = await erasuresOf(story).catchUp();
      for await (const stored of store.readStream(streamOf(story), from)) yield await openKnowing(stored, erasures);
    },

    readFacts,

    async *readRecords(story, from = 0) {
      const erasures = await erasuresOf(story).catchUp();
      let previous: string | null = null;
      for await (const stored of store.readStream(streamOf(story), Math.max(0, from - 1))) {
        if (stored.revision >= from) yield await audit(stored, previous, erasures);
        previous = hashOf(stored.record);
      }
    },

    readAll: async (after, limit) => openAll(await store.readAll(after, limit), true),

    async *subscribe(after, signal) {
      for await (const { events, caughtUp } of store.subscribe(after, signal))
        yield { events: await openAll(events, false), caughtUp };
    },

    head: () => store.head(),

    async erase(story, references) {
      const erasures = await erasuresOf(story).catchUp();
      const unordered = references.find((reference) => !erasures.has(reference));
      if (unordered)
        throw new RangeError(`no TextsErased of ${story} names ${unordered[1]} of revision ${unordered[0]}`);
      await store.erase(
        streamOf(story),
        references.map(([revision, name]) => ({ revision, name })),
      );
    },

    async remaining(story, references) {
      const asked = references.map(([revision, name]) => ({ revision, name }));
      return (await store.remaining(streamOf(story), asked)).map(({ revision, name }) => [revision, name]);
    },
  };
}

const logged = (stored: StoredRecord): LoggedFacts => ({
  ...factsOf(stored),
  position: stored.position,
  hash: hashOf(stored.record),
});

function erasedBy(stored: StoredRecord): readonly Reference[] {
  let event: RecordedFacts;
  try {
    event = factsOf(stored);
  } catch (error) {
    if (error instanceof UnreadableRecord) return [];
    throw error;
  }
  return event.type === 'TextsErased' ? event.data.references : [];
}

const isMissingText = ({ textStates }: Opened) => Object.values(textStates).includes('missing');

const sameBytes = (a: Uint8Array, b: Uint8Array) => a.length === b.length && Buffer.compare(a, b) === 0;

function isCanonical(content: RecordContent, record: Uint8Array): boolean {
  try {
    return sameBytes(canonical(content), record);
  } catch {
    return false;
  }
}
