/** What the KurrentDB store promises when its servers fail, and what only it promises. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openKurrentStore } from '../../../src/event-store/kurrentdb/store.js';
import { beginning, type EventStore, StoreRefused, StoreUnavailable } from '../../../src/event-store/port.js';
import { newStream, sealed } from '../conformance.js';
import { newDatabase } from './database.js';
import { type Node, startServer, type TestServer } from './server.js';

jest.setTimeout(60_000);

let server: TestServer;
const closing: (() => Promise<void> | void)[] = [];
beforeEach(async () => {
  server = await startServer();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  server.close();
});

async function open(options: Parameters<typeof openKurrentStore>[1] = {}, address = server.address) {
  const store = await openKurrentStore(address, options);
  closing.push(() => store.close());
  return store;
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of source) found.push(each);
  return found;
}
const says = ({ record }: { record: Uint8Array }) => new TextDecoder().decode(record);
const namesOf = ({ texts }: { texts: { name: string }[] }) => texts.map(({ name }) => name);
const bytes = (length: number) => new Uint8Array(length).fill(120);
const records = () => server.database.log.filter(({ stream }) => stream.startsWith('story-'));
const textStreams = () =>
  new Set(server.database.log.map(({ stream }) => stream).filter((name) => name.startsWith('texts-')));
const holdsWord = (word: string) => server.database.log.some(({ data }) => Buffer.from(data).includes(word));
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** Gathers what a subscription gives, until it is told to stop. */
function following(store: EventStore, after = beginning) {
  const stop = new AbortController();
  const seen: string[] = [];
  let caughtUp = 0;
  const done = (async () => {
    for await (const batch of store.subscribe(after, stop.signal)) {
      seen.push(...batch.events.map(says));
      if (batch.caughtUp) caughtUp++;
    }
  })();
  closing.unshift(async () => {
    stop.abort();
    await done;
  });
  return { seen, isCaughtUp: () => caughtUp > 0 };
}

describe('appending', () => {
  test('an append whose answer was lost is written once, with the texts that were sent', async () => {
    const store = await open();
    const stream = newStream();
    server.faults.loseReplies = 2; // of the texts, then of the record
    const [stored] = await store.append(stream, -1, [sealed('once')]);
    expect([says(stored!), namesOf(stored!)]).toEqual(['once', ['headline']]);
    expect(records().map(({ revision }) => revision)).toEqual([0]);
    expect((await all(store.readStream(stream))).map(namesOf)).toEqual([['headline']]);
  });

  test('an answer lost while another writer goes on behind it is found all the same', async () => {
    const [store, other] = [await open(), await open()];
    const stream = newStream();
    const event = sealed('first', {});
    server.faults.loseReplies = 1;
    const writing = store.append(stream, -1, [event]);
    await until(() => records().length === 1);
    await other.append(stream, 0, [sealed('second')]);
    expect((await writing).map(says)).toEqual(['first']);
    expect(records()).toHaveLength(2);
  });

  test('a server that is starting, and one that comes back, are waited for', async () => {
    const store = await open();
    const stream = newStream();
    server.faults.notReady = 4;
    await store.append(stream, -1, [sealed('starting')]);
    server.kill();
    const writing = store.append(stream, 0, [sealed('away')]);
    await server.restart();
    expect((await writing).map(says)).toEqual(['away']);
    expect((await all(store.readStream(stream))).map(says)).toEqual(['starting', 'away']);
  });

  test('a server that answers nothing is given up, with no word of its address; its thaw brings all back', async () => {
    const store = await open({ patience: { append: 500, read: 1_500, call: 1_600 } });
    const stream = newStream();
    const event = sealed('frozen');
    server.freeze();
    const refusal = store.append(stream, -1, [event]);
    await expect(refusal).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(refusal).rejects.not.toThrow(/127\.0\.0\.1/);
    await expect(store.head()).rejects.toBeInstanceOf(StoreUnavailable);
    server.thaw();
    const [stored] = await store.append(stream, -1, [event]);
    expect([says(stored!), namesOf(stored!)]).toEqual(['frozen', ['headline']]);
    expect(records()).toHaveLength(1);
  });

  test('a clock that runs far behind the server’s keeps nobody from writing', async () => {
    server.database.clock = () => Date.now() + 90_000;
    const store = await open({ patience: { call: 2_000 } });
    expect(await store.append(newStream(), -1, [sealed('late')])).toHaveLength(1);
  });

  test('100 appends at once, and the connection broken in the middle: all are written once', async () => {
    const store = await open();
    const streams = Array.from({ length: 100 }, newStream);
    const writing = streams.map((stream) => store.append(stream, -1, [sealed(stream)]));
    await until(() => records().length > 20);
    server.kill();
    await server.restart();
    expect((await Promise.all(writing)).flat().map(says)).toEqual(streams);
    expect(records()).toHaveLength(100);
  });

  test('2,000 blocks go into one record, texts of several MiB into as many appends as they need', async () => {
    const store = await open();
    const stream = newStream();
    const manifest = JSON.stringify({
      body: Array.from({ length: 2000 }, (_, i) => [`block${i}`, 0]),
      commitments: 'x'.repeat(140_000),
    });
    const texts = {
      ...Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`body/k${i}`, `${i}`])),
      long: bytes(3_000_000),
    };
    await store.append(stream, -1, [sealed(manifest, texts)]);
    const [read] = await all(store.readStream(stream));
    expect([says(read!), read!.texts.length, read!.texts.at(-1)!.bytes.length]).toEqual([manifest, 2001, 3_000_000]);
    const parts = server.database.log.filter(({ stream }) => stream.startsWith('texts-'));
    expect([parts.length, Math.max(...parts.map(({ data }) => data.length)) < 1024 * 1024]).toEqual([4, true]);
  });

  test('a record that no server takes is refused at once', async () => {
    const store = await open();
    const refusal = store.append(newStream(), -1, [sealed('x'.repeat(1_100_000), {})]);
    await expect(refusal).rejects.toMatchObject({ name: 'StoreRefused', code: 'too-large' });
  });

  test('nothing that was typed lies in a record’s stream, its metadata or a name', async () => {
    const store = await open();
    await store.append(newStream(), -1, [sealed('{}', { headline: 'Lena Okafor' })]);
    for (const { stream, type, metadata, data } of server.database.log) {
      const beside = `${stream} ${type} ${Buffer.from(metadata)}`;
      expect(stream.startsWith('texts-') ? beside : beside + Buffer.from(data)).not.toMatch(/Okafor|headline/);
    }
  });
});

describe('reading', () => {
  test('goes on with the same store after its server was away', async () => {
    const store = await open();
    const stream = newStream();
    await store.append(stream, -1, [sealed('before')]);
    for (let i = 0; i < 2; i++) {
      server.kill();
      const reading = all(store.readStream(stream));
      await server.restart();
      expect((await reading).map(says)).toEqual(['before']);
    }
  });

  test('a store opened while no server is there waits for one, then gives up', async () => {
    server.kill();
    const opening = open();
    await server.restart();
    expect(await (await opening).head()).toBe(beginning);
    server.kill();
    await expect(open({ patience: { call: 300 } })).rejects.toBeInstanceOf(StoreUnavailable);
  });

  test('an address that is none is refused without being repeated', async () => {
    const opening = open({}, 'kurrentdb://lena:secret@:?nonsense');
    await expect(opening).rejects.toBeInstanceOf(StoreRefused);
    await expect(opening).rejects.not.toThrow(/secret/);
  });
});

describe('following', () => {
  test('nothing is lost or told twice when the server goes away, freezes, or drops a slow follower', async () => {
    const store = await open();
    const stream = newStream();
    const { seen, isCaughtUp } = following(store);
    await until(isCaughtUp);
    const faults = [
      () => server.dropSlowConsumers(),
      () => server.kill(),
      () => server.freeze(),
      () => server.dropSlowConsumers(),
    ];
    for (const [index, fault] of faults.entries()) {
      await store.append(stream, index * 2 - 1, [sealed(`${index} before`)]);
      fault();
      const writing = store.append(stream, index * 2, [sealed(`${index} after`)]);
      await server.restart();
      await writing;
    }
    const told = faults.flatMap((_, index) => [`${index} before`, `${index} after`]);
    await until(() => seen.length >= told.length);
    expect(seen).toEqual(told);
  });

  test('a follower who stops in the middle of a long log begins again where it has got to', async () => {
    const store = await open();
    const stream = newStream();
    for (let first = 0; first < 900; first += 300) {
      const batch = Array.from({ length: 300 }, (_, i) => sealed(`${first + i}`));
      await store.append(stream, first - 1, batch);
    }
    const seen: string[] = [];
    const stop = new AbortController();
    for await (const { events } of store.subscribe(beginning, stop.signal)) {
      seen.push(...events.map(says));
      if (seen.length < 600) server.dropSlowConsumers();
      if (seen.length >= 900) stop.abort();
    }
    expect(seen).toEqual(Array.from({ length: 900 }, (_, i) => `${i}`));
  });
});

describe('erasing', () => {
  const written = async (store: EventStore) => {
    const stream = newStream();
    await store.append(stream, -1, [
      sealed('one', { headline: 'Quetzalfeather', note: 'stays' }),
      sealed('two', { headline: 'Quetzalfeather too' }),
    ]);
    return stream;
  };
  const [first, second] = [
    { revision: 0, name: 'headline' },
    { revision: 1, name: 'headline' },
  ];

  test('a last event holds what stays, even if that is nothing, and a scavenge takes the words', async () => {
    const store = await open();
    const stream = await written(store);
    await store.erase(stream, [first, second, { revision: 0, name: 'note' }]);
    const [name] = textStreams();
    expect(server.database.stream(name!)!.map(({ revision }) => revision)).toEqual([1]);
    expect([holdsWord('Quetzalfeather'), await store.lingering(stream, [first])]).toEqual([true, [first]]);
    server.database.scavenge();
    expect([holdsWord('Quetzalfeather'), await store.lingering(stream, [first])]).toEqual([false, []]);
    expect((await all(store.readStream(stream))).map(namesOf)).toEqual([[], []]);
  });

  test('a node that builds its views is not given words that still lie in the log', async () => {
    const store = await open();
    const stream = await written(store);
    await store.erase(stream, [first]);
    const told: string[][] = [];
    for await (const { events, caughtUp } of store.subscribe(beginning, AbortSignal.timeout(10_000))) {
      told.push(...events.map(namesOf));
      if (caughtUp) break;
    }
    expect([told, holdsWord('Quetzalfeather too')]).toEqual([[['note'], ['headline']], true]);
  });

  test('two nodes that erase at once take each their words and leave the rest', async () => {
    const [store, other] = [await open(), await open()];
    const stream = await written(store);
    await Promise.all([store.erase(stream, [first]), other.erase(stream, [second]), other.erase(stream, [first])]);
    expect((await all(store.readStream(stream))).map(namesOf)).toEqual([['note'], []]);
    server.database.scavenge();
    expect(holdsWord('Quetzalfeather')).toBe(false);
  });

  test('an erasure broken off before the end is finished when it is asked for again', async () => {
    const store = await open();
    const stream = await written(store);
    await store.erase(stream, [first, second]);
    const [name] = textStreams();
    const event = { id: randomUUID(), type: '$metadata', contentType: 'application/json', metadata: bytes(0) };
    server.database.append(`$$${name}`, 'any', [{ ...event, data: new TextEncoder().encode('{"$tb":0}') }]);
    expect(await store.remaining(stream, [first, second])).toEqual([]);
    await store.erase(stream, [first, second]);
    server.database.scavenge();
    expect(holdsWord('Quetzalfeather')).toBe(false);
  });
});

describe('texts that no record names', () => {
  const hour = 60 * 60 * 1000;

  test('are emptied once an hour old, and no others', async () => {
    const store = await open({ clock: () => Date.now() + 2 * hour });
    const stream = newStream();
    await store.append(stream, -1, [sealed('kept', { headline: 'kept' })]);
    await store.erase(stream, [{ revision: 0, name: 'headline' }]);
    await expect(store.append(stream, 7, [sealed('lost', { headline: 'Quetzalfeather' })])).rejects.toThrow(
      /revision 0/,
    );
    const early = await open();
    expect([await early.sweep(), await store.sweep(), await store.sweep()]).toEqual([0, 1, 0]);
    server.database.scavenge();
    expect(holdsWord('Quetzalfeather')).toBe(false);
    await store.append(stream, 0, [sealed('still', { headline: 'still there' })]);
    expect(await store.sweep()).toBe(0);
    expect((await all(store.readStream(stream))).map(namesOf)).toEqual([[], ['headline']]);
  });

  test('are left alone while their record may be on its way', async () => {
    const store = await open();
    await expect(store.append(newStream(), 7, [sealed('lost', { headline: 'young' })])).rejects.toThrow(/revision -1/);
    expect([await store.sweep(), holdsWord('young')]).toEqual([0, true]);
  });
});

describe('a cluster of three', () => {
  let nodes: TestServer[];
  let members: Node[];

  beforeEach(async () => {
    const database = newDatabase();
    members = [];
    nodes = [];
    for (let i = 0; i < 3; i++) nodes.push(await startServer({ database, members: () => members }));
    members.push(...nodes.map(({ port }, index) => ({ port, leads: index === 0 })));
  });
  afterEach(() => {
    for (const node of nodes) node.close();
  });

  test('goes on under its next leader, and nothing acknowledged is lost or doubled', async () => {
    const store = await open({}, nodes[0]!.address);
    const { seen } = following(store);
    const streams = Array.from({ length: 8 }, newStream);
    let over = 0;
    const writing = streams.map(async (stream) => {
      for (let revision = 0; revision < 12; revision++, over++)
        await store.append(stream, revision - 1, [sealed(`${stream} ${revision}`)]);
    });
    for (const [index, node] of nodes.slice(0, 2).entries()) {
      await until(() => over > 20 * (index + 1));
      node.kill();
      members = members.map(({ port }, other) => ({ port, leads: other === index + 1 }));
    }
    await Promise.all(writing);
    for (const stream of streams)
      expect((await all(store.readStream(stream))).map(says)).toEqual(
        Array.from({ length: 12 }, (_, i) => `${stream} ${i}`),
      );
    await until(() => seen.length >= 96);
    const log = nodes[2]!.database.log.filter(({ stream }) => stream.startsWith('story-'));
    expect(seen).toEqual(log.map(({ data }) => new TextDecoder().decode(data)));
  });
});
