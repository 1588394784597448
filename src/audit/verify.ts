/**
 * Proves the whole log, without trusting anything but its bytes: each story's chain unbroken, every text verified or
 * erased by authority, every reference to something written, every event one that may follow those before it. What is
 * shown is compared elsewhere (compare-views.ts).
 */
import { openLog, type RecordFault } from '../event-store/log.js';
import { beginning, type EventStore } from '../event-store/port.js';
import { storyOf } from '../event-store/sealing.js';
import type { TextState, TextsErased } from '../story/events.js';
import type { IllegalityCode } from './legality.js';
import { type Replayed, replay } from './replay.js';

type FindingCode =
  | RecordFault
  | IllegalityCode
  | 'text-missing'
  | 'erasure-lacking'
  | 'ledger-unread'
  | 'does-not-fold'
  | 'out-of-order'
  | 'events-lost'
  | 'views-differ'
  | 'views-ahead';

/** Something that is wrong, and where. */
export interface Finding {
  code: FindingCode;
  story?: string;
  revision?: number;
  detail: string;
}

/**
 * Words that nobody is given any more and whose removal is not finished: no damage, and nothing is lost. `where` the bytes
 * may still be (`cluster`: only its own housekeeping takes them); `revision` is that of the text in the log, that of the
 * order elsewhere.
 */
export interface Pending {
  where: 'log' | 'views' | 'cluster';
  story: string;
  revision: number;
  detail: string;
}

/** The end of a story's chain: kept elsewhere, it proves later that nothing before it was altered. */
export interface ChainHead {
  story: string;
  revision: number;
  /** SHA-256 of the last record, hex. */
  hash: string;
}

/** What `verify` tells as it goes. `total` of events is not known before all have been read once. */
export type Verifying =
  | { kind: 'progress'; phase: 'reading' | 'checking' | 'views'; done: number; total: number | null }
  | { kind: 'finding'; finding: Finding }
  | { kind: 'pending'; pending: Pending }
  | { kind: 'head'; head: ChainHead }
  | { kind: 'checked'; stories: number; events: number; texts: TextCounts; position: string };

export type TextCounts = Record<TextState, number>;

const page = 256;

/** The log as it stands when asked; what is appended meanwhile is left for the next time. */
export async function* verify(store: EventStore): AsyncGenerator<Verifying> {
  const position = await store.head();
  const heads = yield* readThrough(store, position);
  const total = heads.values().reduce((sum, revision) => sum + revision + 1, 0);
  const texts: TextCounts = { verified: 0, erased: 0, 'erasure-pending': 0, missing: 0 };
  const log = openLog(store);
  let events = 0;
  for (const [stream, last] of heads) {
    const story = storyOf(stream);
    let head: ChainHead | undefined;
    let folds = true;
    for await (const step of replay(log, story)) {
      const { revision, hash } = step.record;
      if (revision > last) break;
      if (revision !== (head?.revision ?? -1) + 1) {
        yield found({ code: 'events-lost', story, revision, detail: `revision ${revision - 1} is not there` });
      }
      head = { story, revision, hash };
      for (const state of Object.values(step.record.opened?.textStates ?? {})) texts[state]++;
      for (const finding of findingsIn(step, folds)) yield found({ story, revision, ...finding });
      for (const detail of pendingIn(step))
        yield { kind: 'pending', pending: { where: 'log', story, revision, detail } };
      for (const detail of await lingeringBy(store, stream, step))
        yield { kind: 'pending', pending: { where: 'cluster', story, revision, detail } };
      folds = step.after !== null;
      if (++events % page === 0) yield { kind: 'progress', phase: 'checking', done: events, total };
    }
    if (head?.revision !== last) {
      yield found({
        code: 'events-lost',
        story,
        detail: `the log has revision ${last}, the story's own order has not`,
      });
    }
    if (head) yield { kind: 'head', head };
  }
  yield { kind: 'progress', phase: 'checking', done: events, total };
  yield { kind: 'checked', stories: heads.size, events, texts, position };
}

/** The whole log once in its own order: the last revision of each stream. */
async function* readThrough(store: EventStore, until: string): AsyncGenerator<Verifying, Map<string, number>> {
  const last = new Map<string, number>();
  let done = 0;
  let after = beginning;
  while (after < until) {
    const events = await store.readAll(after, page);
    for (const { stream, revision, position } of events) {
      if (position > until) break;
      const expected = (last.get(stream) ?? -1) + 1;
      if (position <= after || revision !== expected) {
        const detail = `the log has revision ${revision} at ${position}, where ${expected} should come`;
        yield found({ code: 'out-of-order', story: storyOf(stream), revision, detail });
      }
      last.set(stream, Math.max(revision, expected - 1));
      after = position;
      done++;
    }
    yield { kind: 'progress', phase: 'reading', done, total: null };
    if (events.length < page) break;
  }
  return last;
}

const found = (finding: Finding): Verifying => ({ kind: 'finding', finding });

type Found = Pick<Finding, 'code' | 'detail'>;

/** What is wrong with an event where it stands; `foldedSoFar`: the ones before it could be folded. */
export function* findingsIn({ record, after, illegalities }: Replayed, foldedSoFar: boolean): Generator<Found> {
  for (const code of record.faults) yield { code, detail: faultDetails[code] };
  for (const [name, state] of Object.entries(record.opened?.textStates ?? {})) {
    if (state === 'missing') {
      yield { code: 'text-missing', detail: `the text ${name} is gone or altered, and nobody ordered it erased` };
    }
  }
  yield* illegalities;
  if (foldedSoFar && !after) {
    yield { code: 'does-not-fold', detail: 'from here on it cannot be told what the story says' };
  }
}

function* pendingIn({ record }: Replayed): Generator<string> {
  for (const [name, state] of Object.entries(record.opened?.textStates ?? {})) {
    if (state === 'erasure-pending') yield `the text ${name} is ordered erased and still lies there`;
  }
}

/** Of what this event orders erased. */
async function lingeringBy(store: EventStore, stream: string, { record: { opened } }: Replayed): Promise<string[]> {
  if (!store.lingering || opened?.type !== 'TextsErased') return [];
  const { references } = opened.data as TextsErased['data'];
  const erased = references.map(([revision, name]) => ({ revision, name }));
  return (await store.lingering(stream, erased)).map(
    ({ revision, name }) => `the text ${name} of revision ${revision} is erased and lies in a file until a scavenge`,
  );
}

const faultDetails: Record<RecordFault, string> = {
  unreadable: 'the record cannot be read',
  misplaced: 'the record is that of another place',
  newer: 'the record was written by a newer Palimpsest; upgrade to check it',
  'not-canonical': 'the record is not in the one form in which records are written (RFC 8785)',
  'chain-broken':
    'the record does not name the hash of the one before it: one of the two was altered, or one between is gone',
  'stray-text': 'a text lies there that the record has no commitment to',
};
