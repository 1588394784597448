/**
 * Copies a whole log into another store: the same records, byte for byte, in the same order, with the texts and keys that
 * no erasure names. Broken off, it is simply run again: what is there already is compared and passed over.
 */
import { beginning, type EventStore, type SealedText, type StoredEvent } from '../event-store/port.js';
import { factsOf, readRecord } from '../event-store/sealing.js';
import type { Reference } from '../story/events.js';
import { textKey } from '../story/evolve.js';

export type Copying =
  | { kind: 'progress'; phase: 'reading' | 'copying' | 'verifying'; done: number; total: number | null }
  | { kind: 'copied'; stories: number; events: number; texts: number; added: number };

/** The other store holds something else: `other-log` at the beginning, `differs` after copying. */
export class CopyRefused extends Error {
  override name = 'CopyRefused';
  readonly code: 'other-log' | 'differs';
  constructor(code: CopyRefused['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const page = 256;

/**
 * What is in `from` when asked; what is recorded there meanwhile is left for the next time. Nobody else may write to `to`.
 * Throws CopyRefused, and what the stores throw.
 */
export async function* copyLog(from: EventStore, to: EventStore): AsyncGenerator<Copying> {
  const head = await from.head();
  const erased = new Map<string, Map<string, Reference>>();
  const streams = new Set<string>();
  let total = 0;
  for await (const event of eventsOf(from, head)) {
    streams.add(event.stream);
    const facts = factsOf(event);
    if (facts.type === 'TextsErased') {
      const texts = erased.get(event.stream) ?? new Map();
      for (const reference of facts.data.references) texts.set(textKey(reference), reference);
      erased.set(event.stream, texts);
    }
    if (++total % page === 0) yield { kind: 'progress', phase: 'reading', done: total, total: null };
  }
  const surviving = ({ stream, revision, texts }: StoredEvent): SealedText[] =>
    texts.filter(({ name }) => !erased.get(stream)?.has(textKey([revision, name])));

  const there = eventsOf(to, await to.head());
  let isThere = true;
  let [done, added] = [0, 0];
  for await (const command of commandsOf(from, head)) {
    // What a run that was broken off has left may end within a command.
    let missing = command;
    while (isThere && missing.length > 0) {
      const { done: ended, value } = await there.next();
      if (ended) isThere = false;
      else {
        if (!sameRecord(missing[0]!, value)) throw notTheSame('other-log', missing[0]!, value);
        missing = missing.slice(1);
      }
    }
    if (missing.length > 0) {
      const { stream, revision } = missing[0]!;
      const events = missing.map((event) => ({ id: event.id, record: event.record, texts: surviving(event) }));
      await to.append(stream, revision - 1, events);
      added += missing.length;
    }
    done += command.length;
    yield { kind: 'progress', phase: 'copying', done, total };
  }
  for (const [stream, references] of erased) {
    const texts = [...references.values()].map(([revision, name]) => ({ revision, name }));
    const left = await to.remaining(stream, texts);
    if (left.length > 0) await to.erase(stream, left);
  }

  const copy = eventsOf(to, await to.head());
  let [events, texts] = [0, 0];
  for await (const event of eventsOf(from, head)) {
    const { value } = await copy.next();
    if (!value || !sameRecord(event, value) || !sameTexts(surviving(event), value.texts)) {
      throw notTheSame('differs', event, value);
    }
    events++;
    texts += value.texts.length;
    if (events % page === 0) yield { kind: 'progress', phase: 'verifying', done: events, total };
  }
  const { value: more } = await copy.next();
  if (more) throw notTheSame('other-log', undefined, more);
  yield { kind: 'copied', stories: streams.size, events, texts, added };
}

/** In log order, up to `head`. */
async function* eventsOf(store: EventStore, head: string): AsyncGenerator<StoredEvent, undefined> {
  for (let after = beginning; after < head; ) {
    const events = await store.readAll(after, page);
    if (events.length === 0) return;
    for (const event of events) {
      if (event.position > head) return;
      yield event;
      after = event.position;
    }
  }
}

/** The events of each command together, as they were appended. */
async function* commandsOf(store: EventStore, head: string): AsyncGenerator<StoredEvent[]> {
  let events: StoredEvent[] = [];
  let command: string | undefined;
  for await (const event of eventsOf(store, head)) {
    const { commandId } = readRecord(event).metadata;
    if (events.length > 0 && (command !== commandId || events[0]!.stream !== event.stream)) {
      yield events;
      events = [];
    }
    command = commandId;
    events.push(event);
  }
  if (events.length > 0) yield events;
}

const sameBytes = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

const sameRecord = (a: StoredEvent, b: StoredEvent) =>
  a.id === b.id && a.stream === b.stream && a.revision === b.revision && sameBytes(a.record, b.record);

function sameTexts(some: readonly SealedText[], others: readonly SealedText[]): boolean {
  const byName = new Map(others.map((text) => [text.name, text]));
  return (
    some.length === others.length &&
    some.every(({ name, key, bytes }) => {
      const other = byName.get(name);
      return other !== undefined && sameBytes(key, other.key) && sameBytes(bytes, other.bytes);
    })
  );
}

function notTheSame(code: CopyRefused['code'], wanted: StoredEvent | undefined, found: StoredEvent | undefined) {
  const place = (event: StoredEvent | undefined) =>
    event ? `revision ${event.revision} of ${event.stream}` : 'no further event';
  return new CopyRefused(
    code,
    code === 'other-log'
      ? `it holds ${place(found)} where the log to be copied has ${place(wanted)}: choose one that is empty, or that an earlier copy of the same log has begun`
      : `${place(wanted)} is not the same in the copy: nothing has been lost where it was copied from; keep using that, and look into the copy with \`palimpsest verify\``,
  );
}
