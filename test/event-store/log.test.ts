/** The log over a real store: commands in, opened events out, and what auditors and erasures see. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Log, noStory, openLog, type StoryHead } from '../../src/event-store/log.js';
import { beginning, type EventStore, WrongExpectedRevision } from '../../src/event-store/port.js';
import { openSqliteStore } from '../../src/event-store/sqlite/store.js';
import type { ChangeNoteAmended, Opened, Reference, StoryEvent, TextsErased } from '../../src/story/events.js';
import { fromMs } from '../../src/story/instant.js';

let directory: string;
let store: EventStore;
let log: Log;
let story: string;
const recordedAt = fromMs(Date.UTC(2026, 2, 21, 11, 27))!;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'palimpsest-log-'));
  store = await openSqliteStore(directory);
  log = openLog(store);
  story = randomUUID();
});
afterEach(async () => {
  await store.close();
  await rm(directory, { recursive: true });
});

const noted = (note?: string): ChangeNoteAmended => ({
  type: 'ChangeNoteAmended',
  data: { version: 1 },
  texts: { note, editor: { id: 'lena', name: 'Lena Okafor' } },
});
const erased = (...references: Reference[]): TextsErased => ({
  type: 'TextsErased',
  data: { references, authority: 'safety' },
  texts: {},
});
async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of source) found.push(each);
  return found;
}
async function append(
  events: StoryEvent[],
  expected: StoryHead = noStory,
  commandId: string = randomUUID(),
): Promise<Opened[]> {
  return log.append({ story, expected, commandId, actor: 'desk', recordedAt, events });
}
const after = (events: Opened[]): StoryHead => events.at(-1)!;
const notes = (events: Opened[]) => events.map(({ texts, textStates }) => [texts.note, textStates.note]);

/** Behind the program's back. */
async function tamper(sql: string): Promise<void> {
  await store.close();
  const database = new DatabaseSync(join(directory, 'events.db'));
  database.exec(sql);
  database.close();
  store = await openSqliteStore(directory);
  log = openLog(store);
}

describe('a command', () => {
  test('is stored as events that share everything but their ids, each chained to the one before', async () => {
    const commandId = randomUUID();
    const first = await append([noted('one'), noted('two')], noStory, commandId);
    const second = await append([noted('three')], after(first));
    expect([...first, ...second].map(({ revision }) => revision)).toEqual([0, 1, 2]);
    const { eventId, ...shared } = first[0]!.metadata;
    expect(shared).toEqual({ commandId, actor: 'desk', recordedAt, schemaVersion: 1 });
    expect(first[1]!.metadata).toEqual({ ...shared, eventId: expect.not.stringMatching(eventId) });
    const previous = (await all(store.readRecords(`story-${story}`))).map(
      ({ record }) => JSON.parse(new TextDecoder().decode(record)).previous,
    );
    expect(previous).toEqual([null, first[0]!.hash, first[1]!.hash]);
  });

  test('is read back with its texts by story, by log and by subscription', async () => {
    const stored = await append([noted('one'), noted('two'), noted()]);
    expect(stored[0]!.texts).toEqual({ note: 'one', editor: { id: 'lena', name: 'Lena Okafor' } });
    expect(Object.keys(stored[2]!.texts)).toEqual(['editor']);
    expect(await all(log.readStory(story))).toEqual(stored);
    expect(await all(log.readStory(story, 1))).toEqual(stored.slice(1));
    expect(await log.readAll(beginning, 10)).toEqual(stored);
    expect(await log.readAll(stored[1]!.position, 10)).toEqual(stored.slice(2));
    expect(await log.head()).toBe(stored[2]!.position);
    const stop = new AbortController();
    for await (const { events } of log.subscribe(beginning, stop.signal)) {
      expect(events).toEqual(stored);
      stop.abort();
    }
  });

  test('folds from facts alone', async () => {
    const stored = await append([noted('one'), noted('two')]);
    const [, { type, data, revision, position, hash, metadata }] = stored as [Opened, Opened];
    const textNames = ['editor', 'note'];
    expect(await all(log.readFacts(story, 1))).toEqual([{ type, data, revision, position, hash, metadata, textNames }]);
    expect(await all(log.readFacts(randomUUID()))).toEqual([]);
  });

  test('given twice answers what was stored the first time', async () => {
    const commandId = randomUUID();
    const stored = await append([noted('as first told')], noStory, commandId);
    expect(await append([noted('told otherwise')], noStory, commandId)).toEqual(stored);
  });

  test('that expected another end of the story is refused', async () => {
    const stored = await append([noted('one')]);
    await expect(append([noted('two')])).rejects.toBeInstanceOf(WrongExpectedRevision);
    await expect(append([noted('two')], { revision: 5, hash: stored[0]!.hash })).rejects.toMatchObject({ actual: 0 });
    await expect(append([noted('two')], { revision: 0, hash: null })).rejects.toBeInstanceOf(TypeError);
    expect(await all(log.readStory(story))).toEqual(stored);
  });
});

describe('an erased text', () => {
  test('is absent from the moment it is ordered, and gone once it is removed', async () => {
    const stored = await append([noted('Tom Achterberg'), noted('stays')]);
    await append([erased([0, 'note'])], after(stored));
    expect(notes(await all(log.readStory(story))).slice(0, 2)).toEqual([
      [null, 'erasure-pending'],
      ['stays', 'verified'],
    ]);
    expect(notes(await log.readAll(beginning, 2))).toEqual([
      [null, 'erasure-pending'],
      ['stays', 'verified'],
    ]);
    await log.erase(story, [[0, 'note']]);
    await log.erase(story, [[0, 'note']]);
    expect(notes(await all(log.readStory(story))).slice(0, 2)).toEqual([
      [null, 'erased'],
      ['stays', 'verified'],
    ]);
    expect(notes(await log.readAll(beginning, 1))).toEqual([[null, 'erased']]);
    expect((await all(log.readStory(story)))[0]!.texts.editor).toEqual({ id: 'lena', name: 'Lena Okafor' });
  });

  test('is not brought back by the command that wrote it', async () => {
    const commandId = randomUUID();
    const stored = await append([noted('Tom Achterberg')], noStory, commandId);
    await append([erased([0, 'note'])], after(stored));
    expect(notes(await append([noted('Tom Achterberg')], noStory, commandId))).toEqual([[null, 'erasure-pending']]);
  });

  test('reads as erased to a follower who comes later, not as damage', async () => {
    const stored = await append([noted('Tom Achterberg')]);
    await append([erased([0, 'note'])], after(stored));
    await log.erase(story, [[0, 'note']]);
    const stop = new AbortController();
    for await (const { events } of log.subscribe(beginning, stop.signal)) {
      expect(notes(events)[0]).toEqual([null, 'erased']);
      stop.abort();
    }
  });

  test('erased while its story is being read is not mistaken for damage', async () => {
    let end = await append(Array.from({ length: 300 }, (_, i) => noted(`${i}`)));
    let seen = 0;
    for await (const { revision, textStates } of log.readStory(story)) {
      if (seen++ === 0) {
        end = await append([erased([299, 'note'])], after(end));
        await log.erase(story, [[299, 'note']]);
      }
      if (revision === 299) expect(textStates.note).toBe('erased');
    }
    expect(seen).toBe(301);
  });

  test('is never removed without an order on record', async () => {
    const stored = await append([noted('stays'), noted('stays')]);
    await append([erased([0, 'note'])], after(stored));
    await expect(
      log.erase(story, [
        [0, 'note'],
        [1, 'note'],
      ]),
    ).rejects.toThrow(/names note of revision 1/);
    expect(notes(await all(log.readStory(story, 1)))[0]).toEqual(['stays', 'verified']);
  });
});

describe('an auditor', () => {
  test('sees the bytes of each record, its hash, and no fault where there is none', async () => {
    const stored = await append([noted('one'), noted('two')]);
    const records = await all(log.readRecords(story));
    expect(records.map(({ faults, hash, opened }) => [faults, hash, opened])).toEqual(
      stored.map((event) => [[], event.hash, event]),
    );
    expect(await all(log.readRecords(story, 1))).toEqual(records.slice(1));
  });

  test.each<[string, string, [number, string][]]>([
    [
      'a fact was changed',
      `UPDATE event SET record = CAST(replace(CAST(record AS TEXT), '"version":1', '"version":2') AS BLOB) WHERE revision = 1`,
      [[2, 'chain-broken']],
    ],
    [
      'a record was written in another form',
      `UPDATE event SET record = CAST(replace(CAST(record AS TEXT), '"version":1', '"version": 1') AS BLOB) WHERE revision = 1`,
      [
        [1, 'not-canonical'],
        [2, 'chain-broken'],
      ],
    ],
    ['a record was taken out', 'DELETE FROM event WHERE revision = 1', [[2, 'chain-broken']]],
    ['the first record was taken out', 'DELETE FROM event WHERE revision = 0', [[1, 'chain-broken']]],
    [
      'two records changed places',
      'UPDATE event SET revision = 9 - revision WHERE revision > 0; UPDATE event SET revision = revision - 6 WHERE revision > 0',
      [
        [1, 'misplaced'],
        [2, 'misplaced'],
      ],
    ],
    [
      'a record was overwritten',
      `UPDATE event SET record = x'00' WHERE revision = 1`,
      [
        [1, 'unreadable'],
        [2, 'chain-broken'],
      ],
    ],
    [
      'a text was slipped in',
      `INSERT INTO text (event, name, key, bytes) VALUES (1, 'standfirst', x'01', '"x"')`,
      [[0, 'stray-text']],
    ],
  ])('notices that %s', async (_, sql, faults) => {
    await append([noted('one'), noted('two'), noted('three')]);
    // STRICT tables take no text for a blob.
    await tamper(sql.replace(`'"x"'`, `CAST('"x"' AS BLOB)`));
    const found = (await all(log.readRecords(story))).flatMap(({ revision, faults }) =>
      faults.map((fault) => [revision, fault]),
    );
    expect(found).toEqual(faults);
  });

  test('notices that a text was changed, and so does every reader', async () => {
    await append([noted('one')]);
    await tamper(`UPDATE text SET bytes = CAST('"won"' AS BLOB) WHERE name = 'note'`);
    expect(notes(await all(log.readStory(story)))).toEqual([[null, 'missing']]);
    expect((await all(log.readRecords(story)))[0]!.opened!.textStates).toEqual({ note: 'missing', editor: 'verified' });
  });

  test('is the only one for whom an unreadable record is no error', async () => {
    await append([noted('one')]);
    await tamper(`UPDATE event SET record = x'00'`);
    await expect(all(log.readStory(story))).rejects.toMatchObject({ name: 'UnreadableRecord', code: 'unreadable' });
    await expect(all(log.readFacts(story))).rejects.toMatchObject({ code: 'unreadable' });
  });
});
