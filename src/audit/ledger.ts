/**
 * The ledger of erasures, as JSON lines: which texts of which records were ordered erased, and no word that anyone typed.
 * Kept outside the log, it brings the orders back that an older copy of the log lacks.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { validate as isUuid } from 'uuid';
import type { Log } from '../event-store/log.js';
import { type ErasureAuthority, erasureAuthorities, type TextsErased } from '../story/events.js';
import { type Instant, parseInstant } from '../story/instant.js';

export interface LedgerEntry {
  story: string;
  /** Of the `TextsErased`, in the log from which this was written. */
  revision: number;
  /** `record`: SHA-256 (hex) of the record beside which the text lay. */
  references: { revision: number; name: string; record: string }[];
  authority: ErasureAuthority;
  recordedAt: Instant;
  /** SHA-256 (hex) of the record by which it was first ordered: the entry's identity, also where it is applied again. */
  hash: string;
}

/** Throws what the log throws, UnreadableRecord too. */
export async function entryOf(log: Log, story: string, revision: number): Promise<LedgerEntry> {
  for await (const { type, data, metadata, hash } of log.readFacts(story, revision)) {
    if (type !== 'TextsErased') break;
    const { references, authority, ledger } = data as TextsErased['data'];
    const records = new Map<number, string>();
    const wanted = new Set(references.map(([named]) => named));
    for await (const facts of log.readFacts(story, Math.min(revision, ...wanted))) {
      if (wanted.delete(facts.revision)) records.set(facts.revision, facts.hash);
      if (wanted.size === 0) break;
    }
    return {
      story,
      revision,
      references: references.map(([named, name]) => ({ revision: named, name, record: records.get(named) ?? '' })),
      authority,
      recordedAt: metadata.recordedAt,
      hash: ledger ?? hash,
    };
  }
  throw new RangeError(`revision ${revision} of ${story} is no TextsErased`);
}

export const ledgerLine = (entry: LedgerEntry): string => `${JSON.stringify(entry)}\n`;

interface Ledger {
  entries: LedgerEntry[];
  /** Lines that are no entries, from 1. */
  unread: number[];
}

export function parseLedger(text: string): Ledger {
  const entries = new Map<string, LedgerEntry>();
  const unread: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const entry = parseEntry(line);
    if (!entry) unread.push(index + 1);
    else if (!entries.has(entry.hash)) entries.set(entry.hash, entry);
  }
  return { entries: [...entries.values()], unread };
}

function parseEntry(line: string): LedgerEntry | undefined {
  let said: Partial<LedgerEntry> | null;
  try {
    said = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { story, revision, references, authority, recordedAt, hash } = said ?? {};
  const isWhole =
    isUuid(story) &&
    isRevision(revision) &&
    Array.isArray(references) &&
    references.every((one) => isRevision(one?.revision) && typeof one.name === 'string' && isHash(one.record)) &&
    erasureAuthorities.includes(authority!) &&
    typeof recordedAt === 'string' &&
    parseInstant(recordedAt) !== undefined &&
    isHash(hash);
  return isWhole ? (said as LedgerEntry) : undefined;
}

const isRevision = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const isHash = (value: unknown): value is string => typeof value === 'string' && /^([0-9a-f]{64})?$/.test(value);

export const ledgerFile = (directory: string): string => join(directory, 'erasures.jsonl');

/** The ledger in the data folder; empty where there is none. */
export function readLedgerFile(directory: string): Ledger {
  const path = ledgerFile(directory);
  return parseLedger(existsSync(path) ? readFileSync(path, 'utf8') : '');
}

/** On disk before it returns. */
export function addToLedgerFile(directory: string, entries: readonly LedgerEntry[]): void {
  if (entries.length === 0) return;
  const path = ledgerFile(directory);
  // A line that was cut off by a crash stays a line of its own.
  const isTorn = existsSync(path) && !/(^|\n)$/.test(readFileSync(path, 'utf8'));
  const handle = openSync(path, 'a', 0o600);
  try {
    writeSync(handle, (isTorn ? '\n' : '') + entries.map(ledgerLine).join(''));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
