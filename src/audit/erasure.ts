/**
 * Carries out every erasure that the log records: enters it in the ledger, removes the words from the store and from
 * every file of this node's views, and only then calls it complete. Resumed at start; what fails is tried again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Eraser, ErasureState } from '../event-store/eraser.js';
import type { Log } from '../event-store/log.js';
import { beginning, StoreUnavailable } from '../event-store/port.js';
import type { Erasure } from '../views/erasures.js';
import type { Views } from '../views/views.js';
import { addToLedgerFile, entryOf, readLedgerFile } from './ledger.js';
import { reapply, type Standing } from './reapply.js';

/** Milliseconds to wait after the first failure; twice as long after each further one. */
const firstWait = 100;
const longestWait = 10_000;

interface EraserGiven {
  /** The data folder: where the ledger is. */
  directory: string;
  log: Log;
  views: Views;
  /** Milliseconds since 1970. */
  clock: () => number;
  said: {
    info(facts: object, message: string): void;
    warn(facts: object, message: string): void;
  };
}

export interface RunningEraser extends Eraser {
  /**
   * Orders anew what the ledger names and the log lacks, because an older log was put back. To be awaited before anybody
   * reads; where the store is unavailable it is left to `run`.
   */
  reapplyLedger(): Promise<void>;
  /** What that has ordered anew. */
  reapplied(): readonly Standing[];
  /** Whether that is done. */
  ready(): boolean;
  /** From now until it is closed. */
  run(): void;
  /** Once through everything, for when nothing runs. Throws what keeps an erasure from being complete. */
  carryOut(): Promise<void>;
  close(): Promise<void>;
}

export function openEraser({ directory, log, views, clock, said }: EraserGiven): RunningEraser {
  const stop = new AbortController();
  const looking = new Set<() => void>();
  let entered: Set<string> | undefined;
  let ledgerRead: Standing[] | undefined;
  let lookedAgain = false;
  let bell = Promise.withResolvers<void>();
  let running: Promise<void> | undefined;
  views.whenErasing(() => bell.resolve());

  const reapplied = () => (ledgerRead ?? []).filter(({ standing }) => standing === 'lacking');
  const unfinished = () => views.erasuresAfter(views.erasedUpTo());

  async function readLedger(): Promise<void> {
    if (ledgerRead) return;
    const { entries, unread } = readLedgerFile(directory);
    if (unread.length > 0) said.warn({ lines: unread }, 'erasures.jsonl has lines that cannot be read.');
    ledgerRead = await reapply(log, entries, clock);
    const again = reapplied();
    if (again.length === 0) return;
    const stories = [...new Set(again.map(({ entry }) => entry.story))];
    said.warn({ stories }, 'An older log was put back: erasures that it lacks are ordered anew from erasures.jsonl.');
    // At once, so that views made from that log never hold the words. What fails is tried again with the others.
    for (const { entry, applies } of again) await log.erase(entry.story, applies).catch(() => {});
  }

  /** A log of the same events may have been put back from a time at which the words had not been removed. */
  async function lookAgain(): Promise<void> {
    if (lookedAgain) return;
    const upTo = views.erasedUpTo();
    for (const { story, references, position } of views.erasuresAfter(beginning)) {
      if (position > upTo) break;
      if ((await log.remaining(story, references)).length === 0) continue;
      await views.noteErasedUpTo(beginning);
      break;
    }
    lookedAgain = true;
  }

  async function enter(erasures: readonly Erasure[]): Promise<void> {
    entered ??= new Set(readLedgerFile(directory).entries.map(({ hash }) => hash));
    for (const { story, revision, firstHash } of erasures) {
      if (entered.has(firstHash)) continue;
      addToLedgerFile(directory, [await entryOf(log, story, revision)]);
      entered.add(firstHash);
    }
  }

  async function carryOut(): Promise<void> {
    await readLedger();
    await lookAgain();
    const failures: unknown[] = [];
    const attempt = (work: () => Promise<void>) => work().catch((error: unknown) => void failures.push(error));
    const pending = unfinished();
    // A ledger that cannot be written keeps no word in place: the log has the order.
    await attempt(() => enter(views.erasuresAfter(beginning)));
    const unentered = failures.length;
    if (pending.length > 0) {
      for (const { story, references } of pending) {
        if (stop.signal.aborted || failures.at(-1) instanceof StoreUnavailable) break;
        await attempt(() => log.erase(story, references));
      }
      if (stop.signal.aborted) return;
      await attempt(() => views.purge());
      if (failures.length === unentered) {
        await views.noteErasedUpTo(pending.at(-1)!.position);
        said.info({ erasures: pending.length }, 'Erased: no file here holds the words any more.');
      }
    }
    for (const look of looking) look();
    if (failures.length > 0) throw failures[0];
  }

  async function run(): Promise<void> {
    let wait = firstWait;
    while (!stop.signal.aborted) {
      bell = Promise.withResolvers();
      try {
        await carryOut();
        wait = firstWait;
        await bell.promise;
      } catch (err) {
        if (stop.signal.aborted) return;
        if (wait === firstWait) said.warn({ err }, 'Erased words may still lie in a file; trying again.');
        await Promise.race([sleep(wait, undefined, { signal: stop.signal, ref: false }).catch(() => {}), bell.promise]);
        wait = Math.min(wait * 2, longestWait);
      }
    }
  }

  function stateOf(story: string, revision: number): ErasureState {
    const position = views.erasurePosition(story, revision);
    return position !== undefined && position <= views.erasedUpTo() ? 'complete' : 'pending';
  }

  return {
    stateOf: async (story, revision) => stateOf(story, revision),
    pending: () => unfinished().map(({ story, revision, references }) => ({ story, revision, references })),
    settle: (story, revision, patience) =>
      new Promise((resolve) => {
        const end = (state: ErasureState) => {
          clearTimeout(timer);
          looking.delete(look);
          resolve(state);
        };
        const look = () => {
          if (stop.signal.aborted) end('pending');
          else if (stateOf(story, revision) === 'complete') end('complete');
        };
        const timer = setTimeout(() => end('pending'), patience);
        looking.add(look);
        look();
      }),
    reapplyLedger: () =>
      readLedger().catch((error) => {
        if (!(error instanceof StoreUnavailable)) throw error;
      }),
    reapplied,
    ready: () => ledgerRead !== undefined,
    run: () => {
      running ??= run();
    },
    carryOut,
    async close() {
      stop.abort();
      bell.resolve();
      await running;
      for (const look of looking) look();
    },
  };
}
