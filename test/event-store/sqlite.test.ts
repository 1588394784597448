/** What the SQLite store promises beyond the port: its files, its lock, what it refuses, and that erased means gone. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  copyFile,
  mkdir,
  mkdtemp,
  open as openFile,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { beginning, type EventStore, StoreUnavailable } from '../../src/event-store/port.js';
import { pack, unpack } from '../../src/event-store/sqlite/packing.js';
import { schemaVersion } from '../../src/event-store/sqlite/statements.js';
import { openSqliteStore } from '../../src/event-store/sqlite/store.js';
import { newStream, sealed } from './conformance.js';
import { fromSource } from './from-source.js';

let directory: string;
const opened: EventStore[] = [];
const open = async (...args: Parameters<typeof openSqliteStore>) => {
  const store = await openSqliteStore(...args);
  opened.push(store);
  return store;
};
const events = () => join(directory, 'events.db');

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'palimpsest-store-'));
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  await rm(directory, { recursive: true });
});

async function revisions(store: EventStore, stream: string): Promise<number[]> {
  const found: number[] = [];
  for await (const { revision } of store.readRecords(stream)) found.push(revision);
  return found;
}

/** Lets another process, plain Node, run a few lines on this folder. */
async function elsewhere(code: string): Promise<void> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, directory], { stdio: 'inherit' });
  expect(await once(child, 'exit')).toEqual([0, null]);
}
const sqlite = (sql: string) =>
  elsewhere(`import { DatabaseSync } from 'node:sqlite';
    const db = new DatabaseSync(process.argv[1] + '/events.db'); db.exec(${JSON.stringify(sql)}); db.close();`);

describe('a folder', () => {
  test('that is not there is made, and empty is its log', async () => {
    const store = await open(join(directory, 'some', 'where'));
    expect(await store.head()).toBe(beginning);
    expect(await store.readAll(beginning, 10)).toEqual([]);
  });

  test('is left with one file and no write-ahead log when the store is closed', async () => {
    const store = await open(directory);
    await store.append(newStream(), -1, [sealed('a')]);
    await store.close();
    expect((await readdir(directory)).sort()).toEqual(['events.db', 'writer.lock.db']);
  });

  test.each<[string, () => Promise<unknown>]>([
    [
      'random bytes',
      () =>
        writeFile(
          events(),
          Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7919 + 13) % 251),
        ),
    ],
    ['a few words', () => writeFile(events(), 'Ferry times')],
    ['another program’s database', () => sqlite('PRAGMA application_id = 7; CREATE TABLE ferry (name)')],
    ['a database of nobody’s', () => sqlite('CREATE TABLE ferry (name)')],
  ])('with %s in our file’s place is refused and left as it was', async (_, write) => {
    await write();
    const before = await readFile(events());
    await expect(open(directory)).rejects.toMatchObject({ name: 'StoreRefused', code: 'not-ours' });
    await expect(open(directory, { readOnly: true })).rejects.toMatchObject({ code: 'not-ours' });
    expect(before.equals(await readFile(events()))).toBe(true);
    expect(await readdir(directory)).toEqual(['events.db']);
  });

  test('written by a newer program is refused', async () => {
    await (await open(directory)).close();
    await sqlite(`PRAGMA user_version = ${schemaVersion + 1}`);
    await expect(open(directory)).rejects.toMatchObject({ code: 'newer', message: expect.stringMatching(/Upgrade/) });
  });

  test('whose writer was killed while it brought the WAL into the file opens with everything in it', async () => {
    const store = await open(directory);
    const stream = newStream();
    for (let i = 0; i < 20; i++) await store.append(stream, i - 1, [sealed(randomBytes(6000).toString('hex'))]);
    // As the disk looks then: the file's first page tells of pages that are still in the WAL alone.
    await sqlite('PRAGMA wal_checkpoint(PASSIVE)');
    const killed = join(directory, 'killed');
    await mkdir(killed);
    for (const file of ['events.db', 'events.db-wal']) await copyFile(join(directory, file), join(killed, file));
    const { size } = await stat(join(killed, 'events.db'));
    await truncate(join(killed, 'events.db'), size - 8 * 4096);
    expect(await revisions(await open(killed), stream)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  test('that is no folder, or not ours to write, is refused', async () => {
    await writeFile(join(directory, 'file'), '');
    await expect(open(join(directory, 'file'))).rejects.toMatchObject({ code: 'no-access' });
    await expect(open(join(directory, 'file', 'below'))).rejects.toMatchObject({ code: 'no-access' });
    await mkdir(join(directory, 'odd', 'writer.lock.db'), { recursive: true });
    await expect(open(join(directory, 'odd'))).rejects.toMatchObject({ code: 'no-access' });
  });
});

describe('damage', () => {
  async function filled(): Promise<{ size: number; stream: string }> {
    const store = await open(directory);
    const stream = newStream();
    await store.append(
      stream,
      -1,
      Array.from({ length: 200 }, (_, i) => sealed(`${i} ${'fog '.repeat(200)}`)),
    );
    await store.close();
    return { size: (await stat(events())).size, stream };
  }
  async function overwrite(at: number): Promise<void> {
    const file = await openFile(events(), 'r+');
    await file.write(new Uint8Array(4096).fill(0xa5), 0, 4096, at);
    await file.close();
  }

  test('of a page is seen at the start, and says what to do', async () => {
    const { size } = await filled();
    await overwrite(Math.floor(size / 2 / 4096) * 4096);
    await expect(open(directory)).rejects.toMatchObject({
      name: 'StoreRefused',
      code: 'damaged',
      message: expect.stringMatching(/restore a backup/),
    });
  });

  test('of a file cut short is seen at the start', async () => {
    const { size } = await filled();
    await truncate(events(), Math.floor(size / 2 / 4096) * 4096);
    await expect(open(directory)).rejects.toMatchObject({ code: 'damaged' });
  });

  test('while running is told by whatever meets it', async () => {
    const { size, stream } = await filled();
    const store = await open(directory);
    // By another process: closing the file in this one would drop our locks on it.
    await elsewhere(`import { openSync, writeSync } from 'node:fs';
      const file = openSync(process.argv[1] + '/events.db', 'r+');
      for (let at = 4096 * 4; at < ${size}; at += 4096) writeSync(file, new Uint8Array(4096).fill(0xa5), 0, 4096, at);`);
    await store.append(newStream(), -1, [sealed('so that the reader fetches anew')]);
    await expect(revisions(store, stream)).rejects.toMatchObject({
      name: 'StoreRefused',
      code: 'damaged',
    });
  });
});

describe('the writer', () => {
  test('is alone: a second one is refused until the first is closed', async () => {
    const first = await open(directory);
    await expect(open(directory)).rejects.toMatchObject({
      name: 'StoreRefused',
      code: 'in-use',
      message: expect.stringContaining(directory),
    });
    await first.append(newStream(), -1, [sealed('undisturbed')]);
    await first.close();
    const second = await open(directory);
    expect(await second.readAll(beginning, 10)).toHaveLength(1);
  });

  test('in another process keeps us out, until it is killed', async () => {
    const child = spawn(process.execPath, fromSource('hold-the-lock.ts', directory), {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await expect(open(directory)).rejects.toMatchObject({ code: 'in-use' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const store = await open(directory);
    expect(await store.readAll(beginning, 10)).toHaveLength(1);
  });

  test('refuses ids that the stream already has, at its tip too', async () => {
    const store = await open(directory);
    const stream = newStream();
    const event = sealed('a');
    await store.append(stream, -1, [event]);
    await expect(store.append(stream, 0, [sealed('b'), event])).rejects.toMatchObject({
      name: 'WrongExpectedRevision',
      message: expect.stringMatching(/already/),
    });
    expect(await revisions(store, stream)).toEqual([0]);
  });

  test('gives a failing append’s place in a shared commit to nobody', async () => {
    const store = await open(directory);
    const stream = newStream();
    const twin = sealed('twin');
    const answers = await Promise.allSettled([
      store.append(newStream(), -1, [sealed('first alone')]),
      store.append(newStream(), -1, [sealed('before')]),
      store.append(stream, -1, [sealed('half'), twin, twin]),
      store.append(stream, -1, [sealed('after')]),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    const log = await store.readAll(beginning, 10);
    expect(log.map(({ position }) => Number(position))).toEqual([1, 2, 3]);
    expect(await revisions(store, stream)).toEqual([0]);
  });
});

describe('reading only', () => {
  test('sees what the running writer commits, and may not write', async () => {
    const writer = await open(directory);
    const stream = newStream();
    await writer.append(stream, -1, [sealed('a')]);
    const reader = await open(directory, { readOnly: true });
    await writer.append(stream, 0, [sealed('b')]);
    expect(await revisions(reader, stream)).toEqual([0, 1]);
    await expect(reader.append(stream, 1, [sealed('c')])).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(reader.erase(stream, [])).rejects.toBeInstanceOf(StoreUnavailable);
    await reader.close();
    await writer.append(stream, 1, [sealed('c')]);
  });

  test('works without a writer, and where none has ever been it says so', async () => {
    await expect(open(directory, { readOnly: true })).rejects.toMatchObject({ code: 'no-access' });
    const stream = newStream();
    const writer = await open(directory);
    await writer.append(stream, -1, [sealed('a')]);
    await writer.close();
    expect(await revisions(await open(directory, { readOnly: true }), stream)).toEqual([0]);
  });
});

test('what was written before texts were packed is read as ever, and older programs are told that it is newer now', async () => {
  const store = await open(directory);
  const stream = newStream();
  const long = JSON.stringify('The ferries to Eyot Island sail again. '.repeat(40));
  const [written] = await store.append(stream, -1, [sealed(long, { 'body/k1': long, headline: '"Ferries sail"' })]);
  await store.close();
  const db = new DatabaseSync(events());
  db.function('unpacked', (bytes) => unpack(bytes as Uint8Array));
  const sizes = () => db.prepare('SELECT length(record) AS record, length(bytes) AS text FROM event, text').get();
  expect(Object.values(sizes()!).every((bytes) => (bytes as number) < 200)).toBe(true);
  db.exec(
    `UPDATE event SET record = unpacked(record); UPDATE text SET bytes = unpacked(bytes); PRAGMA user_version = 1`,
  );
  expect(sizes()).toEqual({ record: long.length, text: long.length });
  db.close();

  const readOnly = await open(directory, { readOnly: true });
  expect(await readOnly.readAll(beginning, 10)).toEqual([written]);
  await readOnly.close();
  const again = await open(directory);
  const [next] = await again.append(stream, 0, [sealed(long)]);
  expect(await again.readAll(beginning, 10)).toEqual([written, next]);
  await again.erase(stream, [{ revision: 0, name: 'body/k1' }]);
  expect((await again.readAll(beginning, 1))[0]!.texts.map(({ name }) => name)).toEqual(['headline']);
  await again.close();
  const version = new DatabaseSync(events(), { readOnly: true });
  expect(version.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 });
  version.close();
});

test('a closed store says so', async () => {
  const store = await open(directory);
  await store.close();
  await expect(store.head()).rejects.toThrow(/closed/);
  await expect(store.append(newStream(), -1, [sealed('a')])).rejects.toThrow(/closed/);
});

test('a position that is none of ours is refused', async () => {
  const store = await open(directory);
  await expect(store.readAll('yesterday', 1)).rejects.toThrow(RangeError);
});

test('who reads an old snapshot holds an erasure up, and nothing else', async () => {
  const store = await open(directory);
  const stream = newStream();
  await store.append(stream, -1, [sealed('facts', { headline: 'Lena Okafor named' })]);
  const other = new DatabaseSync(events(), { readOnly: true });
  other.exec('BEGIN; SELECT count(*) FROM text');
  const headline = { revision: 0, name: 'headline' };
  await expect(store.erase(stream, [headline])).rejects.toBeInstanceOf(StoreUnavailable);
  expect(await store.remaining(stream, [headline])).toEqual([]);
  const stillThere = async () => (await filesOf(directory)).includes('Lena Okafor named');
  expect(await stillThere()).toBe(true);
  await store.append(stream, 0, [sealed('written meanwhile')]);
  other.close();
  await store.erase(stream, [headline]);
  expect(await stillThere()).toBe(false);
});

/** Lengths and order are such that removing rows instead of overwriting them is seen to leave copies behind. */
/** Some of a text's bytes as it lies there, unlike those of any other: of a long one what comes after the table of its code. */
const markOf = (packed: Uint8Array) => marked(packed, packed.length < 128 ? 0 : 96);
const marked = (bytes: Uint8Array, at: number) => Buffer.from(bytes.subarray(at, at + 20)).toString('latin1');

test('no byte of an erased text stays in any file, however it lay among others', async () => {
  const store = await open(directory);
  let random = 1;
  const upTo = (limit: number) => {
    random = (Math.imul(random, 1103515245) + 12345) >>> 0;
    return Math.floor((random / 2 ** 32) * limit);
  };
  const digits = (count: number) => Array.from({ length: count }, () => upTo(16).toString(16)).join('');
  const stream = newStream();
  // By some of its bytes as it lies there.
  const kept = new Map<string, { revision: number; name: string }>();
  for (let revision = 0; revision < 600; revision += 100) {
    const events = Array.from({ length: 100 }, (_, i) => {
      const texts: { [name: string]: string } = {};
      for (let k = 0; k < 5; k++) {
        const text = `<${revision + i}.${k}> ${digits(upTo(5) === 0 ? 60 : 250 + upTo(upTo(10) === 0 ? 15_000 : 1500))}`;
        texts[`body/k${k}`] = text;
        kept.set(markOf(pack(Buffer.from(text), 'text')), { revision: revision + i, name: `body/k${k}` });
      }
      return sealed('facts', texts);
    });
    await store.append(stream, revision - 1, events);
  }
  const gone = new Set<string>();
  const shuffled = [...kept].map((one) => [upTo(1_000_000), one] as const).sort(([a], [b]) => a - b);
  while (shuffled.length > 100) {
    const ordered = shuffled.splice(0, 100).map(([, one]) => one);
    await store.erase(
      stream,
      ordered.map(([, text]) => text),
    );
    for (const [marker] of ordered) {
      kept.delete(marker);
      gone.add(marker);
    }
  }
  const left = new Set<string>();
  const firsts = new Set([...kept.keys(), ...gone].map((marker) => Buffer.from(marker, 'latin1').readInt32LE()));
  for (const file of await readdir(directory)) {
    const bytes = await readFile(join(directory, file));
    for (let at = 0; at < bytes.length - 20; at++) {
      if (!firsts.has(bytes.readInt32LE(at))) continue;
      const marker = marked(bytes, at);
      if (kept.has(marker) || gone.has(marker)) left.add(marker);
    }
  }
  expect([...left].filter((marker) => gone.has(marker))).toEqual([]);
  expect(new Set(kept.keys())).toEqual(left);
  expect((await stat(`${events()}-wal`)).size).toBe(0);
  const texts = (await store.readAll(beginning, 1000)).flatMap(({ texts }) => texts);
  expect(texts).toHaveLength(kept.size);
}, 30_000);

async function filesOf(directory: string): Promise<string> {
  const files = await readdir(directory);
  return (await Promise.all(files.map((file) => readFile(join(directory, file), 'latin1')))).join('');
}
