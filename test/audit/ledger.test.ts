/** The ledger of erasures against logs that are older than it, or went another way. */
import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { openEraser } from '../../src/audit/erasure.js';
import { addToLedgerFile, entryOf, type LedgerEntry, ledgerFile, readLedgerFile } from '../../src/audit/ledger.js';
import { reapply, standingIn } from '../../src/audit/reapply.js';
import { replay } from '../../src/audit/replay.js';
import { type Log, openLog } from '../../src/event-store/log.js';
import type { EventStore } from '../../src/event-store/port.js';
import { eventsFile } from '../../src/event-store/sqlite/files.js';
import { openSqliteStore } from '../../src/event-store/sqlite/store.js';
import type { Reference, TextsErased } from '../../src/story/events.js';
import { at, publish, update } from '../../src/story/telling.test-support.js';
import { Newsroom } from '../views/newsroom.js';

jest.setTimeout(60_000);

let newsroom: Newsroom;
let story: string;
let older: { directory: string; store: EventStore; log: Log };

const order = (...references: Reference[]): TextsErased => ({
  type: 'TextsErased',
  data: { references, authority: 'legal-advice' },
  texts: { reason: 'Said by Lena Okafor in confidence' },
});
const noon = () => Date.parse('2026-05-15T12:00:00Z');
const said = { info() {}, warn() {} };

/** The newsroom has versions 1 to 3; the older log was copied from it after version 1. */
beforeEach(async () => {
  newsroom = await Newsroom.open();
  story = newsroom.newId();
  await newsroom.tell(story, publish(), at('11:27'));
  const directory = await mkdtemp(join(tmpdir(), 'palimpsest-older-'));
  const source = new DatabaseSync(eventsFile(newsroom.directory), { readOnly: true });
  source.exec(`VACUUM INTO '${eventsFile(directory)}'`);
  source.close();
  const store = await openSqliteStore(directory);
  older = { directory, store, log: openLog(store) };
  await newsroom.tell(story, update('Ferries sail again'), at('12:20'));
  await newsroom.tell(story, update('Ferries sail to Eyot Island'), at('12:41'));
});
afterEach(async () => {
  await newsroom.close();
  await older.store.close();
  await rm(older.directory, { recursive: true });
});

async function ordered(...references: Reference[]): Promise<LedgerEntry> {
  const [event] = await newsroom.record(story, [order(...references)], at('14:00'));
  return entryOf(newsroom.log, story, event!.revision);
}
async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of source) found.push(one);
  return found;
}

test('an order is recorded anew as far as its records are here, once, and as its ledger’s', async () => {
  const entry = await ordered([0, 'headline'], [1, 'headline']);
  expect(await standingIn(newsroom.log, entry)).toMatchObject({ standing: 'recorded' });
  for (const standing of ['lacking', 'recorded'] as const) {
    expect(await reapply(older.log, [entry], noon)).toMatchObject([{ standing }]);
  }
  const steps = await all(replay(older.log, story));
  expect(steps.map(({ record, illegalities }) => [record.opened!.type, illegalities])).toEqual([
    ['StoryPublished', []],
    ['TextsErased', []],
  ]);
  const { data, metadata, texts } = steps[1]!.record.opened!;
  expect(data).toEqual({ references: [[0, 'headline']], authority: 'legal-advice', ledger: entry.hash });
  expect([metadata.actor, metadata.recordedAt, texts]).toEqual(['ledger', '2026-05-15T12:00:00.000Z', {}]);
  expect(steps[0]!.record.opened!.textStates.headline).toBe('erasure-pending');
  expect(await entryOf(older.log, story, 1)).toMatchObject({ hash: entry.hash, authority: 'legal-advice' });
});

test('what was written after the copy is told apart: not here, or another record in its place', async () => {
  const entry = await ordered([1, 'headline']);
  const apart = async () => {
    const [{ standing, apart }] = (await reapply(older.log, [entry], noon)) as [Awaited<ReturnType<typeof standingIn>>];
    return [standing, apart[0]!.because];
  };
  expect(await apart()).toEqual(['elsewhere', 'gone']);
  const [published] = await all(older.log.readFacts(story));
  await older.log.append({
    story,
    expected: { revision: 0, hash: published!.hash },
    commandId: newsroom.newId(),
    actor: 'desk',
    recordedAt: at('12:20'),
    events: [{ type: 'VersionLabelled', data: { version: 1 }, texts: { labels: ['fire'] } }],
  });
  expect(await apart()).toEqual(['elsewhere', 'other']);
  expect(await all(older.log.readFacts(story))).toHaveLength(2);
});

test('an entry cannot make a log erase what no record of it names', async () => {
  const entry = await ordered([0, 'headline']);
  const invented = { ...entry, references: [{ ...entry.references[0]!, name: 'speaker' }] };
  expect(await reapply(older.log, [invented], noon)).toMatchObject([{ standing: 'elsewhere' }]);
});

test('the ledger in the data folder has each order once, whatever a crash left at its end', async () => {
  const { directory, log, views } = newsroom;
  const eraser = () => openEraser({ directory, log, views, clock: noon, said });
  const first = await ordered([0, 'headline']);
  await eraser().carryOut();
  expect(readLedgerFile(directory)).toEqual({ entries: [first], unread: [] });
  await appendFile(ledgerFile(directory), '{"story":"cut o');
  const second = await ordered([1, 'headline']);
  await eraser().carryOut();
  await eraser().carryOut();
  expect(readLedgerFile(directory)).toEqual({ entries: [first, second], unread: [2] });
});

test('a ledger that cannot be written keeps no words in place, and is written when it can be', async () => {
  const { directory, log, views } = newsroom;
  const eraser = openEraser({ directory, log, views, clock: noon, said });
  await eraser.carryOut();
  const entry = await ordered([0, 'headline']);
  await mkdir(ledgerFile(directory));
  await expect(eraser.carryOut()).rejects.toThrow(/EISDIR/);
  expect(await eraser.stateOf(story, entry.revision)).toBe('complete');
  await rm(ledgerFile(directory), { recursive: true });
  await eraser.carryOut();
  expect(readLedgerFile(directory).entries).toEqual([entry]);
});

test('an older log put back is brought up to its ledger before anyone reads', async () => {
  const entry = await ordered([0, 'headline']);
  addToLedgerFile(older.directory, [entry]);
  const { views } = newsroom;
  const eraser = openEraser({ directory: older.directory, log: older.log, views, clock: noon, said });
  expect(eraser.ready()).toBe(false);
  await eraser.reapplyLedger();
  expect([eraser.ready(), eraser.reapplied()]).toEqual([true, [expect.objectContaining({ entry })]]);
  expect(await older.log.remaining(story, [[0, 'headline']])).toEqual([]);
  for await (const { texts } of older.log.readStory(story)) expect(texts.headline ?? null).toBeNull();
});
