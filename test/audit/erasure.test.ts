/** Erasing, down to the bytes of every file of the data folder: completed, held up, interrupted, done again. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openEraser, type RunningEraser } from '../../src/audit/erasure.js';
import type { Log } from '../../src/event-store/log.js';
import { StoreUnavailable } from '../../src/event-store/port.js';
import { eventsFile } from '../../src/event-store/sqlite/files.js';
import type { Reference, TextsErased } from '../../src/story/events.js';
import { at, paragraph, publish, update } from '../../src/story/telling.test-support.js';
import { openViews, viewsFile } from '../../src/views/views.js';
import { filesWith, filesWithAny, packedTexts } from '../support/bytes.js';
import { Newsroom } from '../views/newsroom.js';

jest.setTimeout(60_000);

const name = 'Quetzalfeather';
let newsroom: Newsroom;
let eraser: RunningEraser;
let story: string;
let packed: Buffer[];
const opened: RunningEraser[] = [];

function newEraser(log: Log = newsroom.log): RunningEraser {
  const { directory, views } = newsroom;
  const made = openEraser({ directory, log, views, clock: Date.now, said: { info() {}, warn() {} } });
  opened.push(made);
  return made;
}

/** One story in whose every corner the name stands, and others around it. */
beforeEach(async () => {
  newsroom = await Newsroom.open();
  story = newsroom.newId();
  for (let i = 0; i < 20; i++) await newsroom.tell(newsroom.newId(), publish({ slug: `crews-vote-${i}` }), at('11:00'));
  const long = `${'Sailings to Eyot Island are cancelled. '.repeat(900)}${name} was seen. ${'Fog. '.repeat(3000)}`;
  await newsroom.tell(
    story,
    publish({
      slug: `${name.toLowerCase()}-held`,
      fields: { headline: `${name} held at Quay 9`, tags: [name], byline: 'By Tom Achterberg' },
      body: [paragraph(long), paragraph(`Nobody but ${name} was hurt.`), paragraph('The fire is out.')],
    }),
    at('11:27'),
    { id: 'ines', name: `Ines ${name}` },
  );
  await newsroom.tell(story, update('Ferries sail again', { note: `The name ${name} is taken out.` }), at('12:41'));
  packed = packedTexts(newsroom.directory, name);
  expect(packed.length).toBeGreaterThan(1);
  eraser = newEraser();
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  await newsroom.close();
});

/** Every text of the story that holds the name. */
async function references(): Promise<Reference[]> {
  const found: Reference[] = [];
  for await (const { revision, texts } of newsroom.log.readStory(story)) {
    for (const [text, said] of Object.entries(texts)) {
      if (JSON.stringify(said).toLowerCase().includes(name.toLowerCase())) found.push([revision, text]);
    }
  }
  return found;
}
const erased = (references: readonly Reference[]): TextsErased => ({
  type: 'TextsErased',
  data: { references, authority: 'court-order' },
  texts: { reason: 'Order 7 of the court of Harrow Bay' },
});
async function orderErased(): Promise<number> {
  const found = await references();
  expect(found.length).toBeGreaterThanOrEqual(7);
  const [event] = await newsroom.append(story, [erased(found)], at('14:00'));
  return event!.revision;
}
/** An index of words keeps of each only what it does not share with the one before it. */
const files = async () => {
  const found = [filesWith(newsroom.directory, 'zalfeather'), filesWithAny(newsroom.directory, packed)];
  return [...new Set((await Promise.all(found)).flat())].sort();
};

/** As the service has it: views that follow, an eraser that runs. */
async function running(): Promise<void> {
  newsroom.views.run();
  eraser.run();
}

test('once complete, no file in the data folder holds the words, wherever they lay', async () => {
  const { directory } = newsroom;
  await mkdir(join(directory, 'verify-killed'));
  await writeFile(join(directory, 'verify-killed', 'views-3.db'), name);
  for (const left of ['views-1.db', 'views-1.db-wal', `${basename(viewsFile(directory))}.set-aside`])
    await writeFile(join(directory, left), name);
  expect(await files()).toEqual(
    expect.arrayContaining(['events.db-wal', 'views-1.db', `${basename(viewsFile(directory))}-wal`]),
  );
  await running();
  const revision = await orderErased();
  expect(await eraser.settle(story, revision, 10_000)).toBe('complete');
  expect([await eraser.stateOf(story, revision), eraser.pending()]).toEqual(['complete', []]);
  expect(await files()).toEqual([]);
  expect(await filesWith(directory, 'The fire is out')).not.toEqual([]);
  expect(await filesWith(directory, 'Order 7 of the court')).not.toEqual([]);
});

test('words that only free pages still hold are gone as well', async () => {
  await newsroom.views.close();
  const views = new DatabaseSync(viewsFile(newsroom.directory));
  views.exec(`PRAGMA secure_delete = OFF; CREATE TABLE moved (words TEXT); INSERT INTO moved VALUES ('${name} moved');
    DROP TABLE moved`);
  views.close();
  newsroom.views = await openViews(newsroom.directory, newsroom.log);
  expect(await filesWith(newsroom.directory, `${name} moved`)).toEqual([basename(viewsFile(newsroom.directory))]);
  eraser = newEraser();
  await newsroom.record(story, [erased(await references())], at('14:00'));
  await eraser.carryOut();
  expect(await files()).toEqual([]);
});

describe('while somebody reads an old state', () => {
  test.each([
    ['the log', () => eventsFile(newsroom.directory), 'text'],
    ['the views', () => viewsFile(newsroom.directory), 'texts'],
  ])('of %s it is pending, everything else goes on, and afterwards it completes by itself', async (_, path, table) => {
    await newsroom.views.catchUp();
    const other = new DatabaseSync(path(), { readOnly: true });
    other.exec(`BEGIN; SELECT count(*) FROM ${table}`);
    await running();
    const revision = await orderErased();
    expect(await newsroom.views.waitFor(await newsroom.log.head(), 10_000)).toBe(true);
    expect(await eraser.settle(story, revision, 300)).toBe('pending');
    expect(eraser.pending()).toEqual([{ story, revision, references: expect.any(Array) }]);
    expect(await files()).not.toEqual([]);
    const [written] = await newsroom.tell(newsroom.newId(), publish({ slug: 'meanwhile' }), at('14:05'));
    expect(await newsroom.views.waitFor(written!.position, 5000)).toBe(true);
    for await (const { texts } of newsroom.log.readStory(story)) expect(JSON.stringify(texts)).not.toMatch(name);
    other.close();
    expect(await eraser.settle(story, revision, 20_000)).toBe('complete');
    expect(await files()).toEqual([]);
  });
});

test('a store that is unavailable is asked again; until then the words read as pending', async () => {
  let failures = 3;
  const failing: Log = {
    ...newsroom.log,
    async erase(...asked) {
      if (failures-- > 0) throw new StoreUnavailable('no quorum');
      return newsroom.log.erase(...asked);
    },
  };
  const revision = await orderErased();
  const states = async () => {
    const found = new Set<string>();
    for await (const { textStates, texts } of newsroom.log.readStory(story)) {
      expect(JSON.stringify(texts)).not.toMatch(name);
      for (const state of Object.values(textStates)) found.add(state);
    }
    return [...found].sort();
  };
  expect(await states()).toEqual(['erasure-pending', 'verified']);
  eraser = newEraser(failing);
  await running();
  expect(await eraser.settle(story, revision, 10_000)).toBe('complete');
  expect(failures).toBe(-1);
  expect(await states()).toEqual(['erased', 'verified']);
});

test('what was recorded and not removed when the process died is finished at the next start', async () => {
  const revision = await orderErased();
  await newsroom.views.catchUp();
  await expect(
    newEraser({ ...newsroom.log, erase: () => Promise.reject(new Error('killed')) }).carryOut(),
  ).rejects.toThrow();
  await newsroom.reopenViews();
  eraser = newEraser();
  expect(await eraser.stateOf(story, revision)).toBe('pending');
  eraser.run();
  expect(await eraser.settle(story, revision, 10_000)).toBe('complete');
  expect(await files()).toEqual([]);
});

test('done again it changes nothing; ordered again it completes again', async () => {
  const revision = await orderErased();
  await newsroom.views.catchUp();
  await eraser.carryOut();
  const before = [...newsroom.views.dump()];
  await eraser.carryOut();
  await newEraser().carryOut();
  expect([...newsroom.views.dump()]).toEqual(before);
  const [again] = await newsroom.record(story, [erased([[0, 'headline']])], at('15:00'));
  expect(await eraser.stateOf(story, again!.revision)).toBe('pending');
  await eraser.carryOut();
  expect(await eraser.stateOf(story, again!.revision)).toBe('complete');
  expect(await eraser.stateOf(story, revision)).toBe('complete');
});

test('a log put back from before the removal, but not from before the order, is cleaned again', async () => {
  const revision = await orderErased();
  await newsroom.views.catchUp();
  const backup = join(newsroom.directory, 'kept');
  const source = new DatabaseSync(eventsFile(newsroom.directory), { readOnly: true });
  source.exec(`VACUUM INTO '${backup}'`);
  source.close();
  await eraser.carryOut();
  const { directory } = newsroom;
  await newsroom.views.close();
  await newsroom.store.close();
  await copyFile(backup, eventsFile(directory));
  await writeFile(backup, '');
  newsroom = await Newsroom.open(directory);
  eraser = newEraser();
  expect(await files()).not.toEqual([]);
  eraser.run();
  await until(async () => (await files()).length === 0);
  expect(await eraser.settle(story, revision, 10_000)).toBe('complete');
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
