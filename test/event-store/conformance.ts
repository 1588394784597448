/**
 * What the port promises, as tests that any adapter runs in full: no more and no less. What one adapter promises beyond it
 * has tests of its own.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  beginning,
  type EventStore,
  type SealedEvent,
  type StoredEvent,
  WrongExpectedRevision,
} from '../../src/event-store/port.js';

export interface Opening {
  store: EventStore;
  /** Closes the store and opens it again on the same data. */
  reopen(): Promise<EventStore>;
  /** Closes whatever is open and removes the data. */
  dispose(): Promise<void>;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export function sealed(says: string, texts: { [name: string]: string | Uint8Array } = { headline: says }): SealedEvent {
  return {
    id: randomUUID(),
    record: utf8(says),
    texts: Object.entries(texts).map(([name, text]) => ({
      name,
      key: randomBytes(32),
      bytes: typeof text === 'string' ? utf8(text) : text,
    })),
  };
}

export const newStream = (): string => `story-${randomUUID()}`;

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of source) found.push(each);
  return found;
}

/** Plain values, whatever kind of byte array they came in and in whatever order the texts lie. */
const plain = (event: SealedEvent & Partial<StoredEvent>) => ({
  id: event.id,
  ...(event.stream !== undefined && { stream: event.stream, revision: event.revision, position: event.position }),
  record: Buffer.from(event.record).toString('base64'),
  texts: event.texts
    .map(({ name, key, bytes }) => ({
      name,
      key: Buffer.from(key).toString('base64'),
      bytes: Buffer.from(bytes).toString('base64'),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1)),
});
const content = ({ id, record, texts }: SealedEvent) => plain({ id, record, texts });
const says = ({ record }: { record: Uint8Array }) => new TextDecoder().decode(record);

/** Reads a subscription until `enough`, then ends it. */
async function follow(
  store: EventStore,
  after: string,
  enough: (seen: StoredEvent[], caughtUp: boolean) => boolean,
  pause?: () => Promise<unknown>,
): Promise<StoredEvent[]> {
  const stop = new AbortController();
  const seen: StoredEvent[] = [];
  for await (const { events, caughtUp } of store.subscribe(after, stop.signal)) {
    seen.push(...events);
    if (enough(seen, caughtUp)) stop.abort();
    await pause?.();
  }
  return seen;
}

/** Appends at the tip, again and again until it is there; gives up never, like a writer with the last word. */
async function appendAtTip(store: EventStore, stream: string, event: SealedEvent): Promise<StoredEvent> {
  let expected = -1;
  for (;;) {
    try {
      return (await store.append(stream, expected, [event]))[0]!;
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
      expected = error.actual;
    }
  }
}

/** `start`: where the log ended when the test began, since a shared server's log is never empty. */
type Promised = (opening: Opening & { start: string }) => Promise<void>;

/** By what a caller relies on. */
export const promises: { [promise: string]: Promised } = {
  'what is appended is read back byte for byte, with its place': async ({ store, start }) => {
    const stream = newStream();
    const events = [
      sealed('one'),
      sealed('two', { headline: 'Bridge at Harrow Bay', note: 'först ⟶ 字' }),
      sealed('three', {}),
    ];
    const stored = await store.append(stream, -1, events);
    expect(stored.map(content)).toEqual(events.map(content));
    expect(stored.map(({ stream, revision }) => [stream, revision])).toEqual([0, 1, 2].map((at) => [stream, at]));
    expect((await all(store.readStream(stream))).map(plain)).toEqual(stored.map(plain));
    expect((await store.readAll(start, 10)).map(plain)).toEqual(stored.map(plain));
  },

  'any bytes are safe, none and many': async ({ store }) => {
    const stream = newStream();
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const event = { ...sealed('', { empty: '', every, long: randomBytes(60 * 1024) }), record: every };
    await store.append(stream, -1, [event]);
    expect((await all(store.readStream(stream))).map(content)).toEqual([content(event)]);
  },

  'views of a larger buffer keep only their own bytes': async ({ store }) => {
    const stream = newStream();
    const view = (text: string) => new Uint8Array(utf8(`before ${text} after`).buffer, 7, utf8(text).length);
    const event = {
      id: randomUUID(),
      record: view('record'),
      texts: [{ name: 'a', key: view('key'), bytes: view('text') }],
    };
    await store.append(stream, -1, [event]);
    expect((await all(store.readStream(stream))).map(content)).toEqual([content(event)]);
  },

  'records can be read without texts': async ({ store }) => {
    const stream = newStream();
    const stored = await store.append(stream, -1, [sealed('one'), sealed('two')]);
    const records = await all(store.readRecords(stream, 1));
    expect(records.map((record) => plain({ ...record, texts: [] }))).toEqual([plain({ ...stored[1]!, texts: [] })]);
    expect(records[0]).not.toHaveProperty('texts');
  },

  'a stream that is not there, and the space past an end, are empty': async ({ store }) => {
    const stream = newStream();
    expect(await all(store.readStream(stream))).toEqual([]);
    expect(await all(store.readRecords(stream))).toEqual([]);
    await store.append(stream, -1, [sealed('one')]);
    expect(await all(store.readStream(stream, 1))).toEqual([]);
    expect(await all(store.readRecords(stream, 7))).toEqual([]);
  },

  'reading starts anywhere in a stream': async ({ store }) => {
    const stream = newStream();
    await store.append(
      stream,
      -1,
      ['0', '1', '2', '3', '4'].map((text) => sealed(text)),
    );
    for (let from = 0; from <= 5; from++)
      expect((await all(store.readStream(stream, from))).map(says)).toEqual(['0', '1', '2', '3', '4'].slice(from));
  },

  'a writer who is wrong about the stream is told where it is, and nothing is written': async ({ store, start }) => {
    const stream = newStream();
    await expect(store.append(stream, 0, [sealed('too soon')])).rejects.toMatchObject({
      stream,
      expected: 0,
      actual: -1,
    });
    await store.append(stream, -1, [sealed('one'), sealed('two')]);
    for (const expected of [-1, 0, 2, 99]) {
      const refusal = store.append(stream, expected, [sealed('lost'), sealed('lost')]);
      await expect(refusal).rejects.toBeInstanceOf(WrongExpectedRevision);
      await expect(refusal).rejects.toMatchObject({ stream, expected, actual: 1 });
    }
    expect((await store.readAll(start, 10)).map(says)).toEqual(['one', 'two']);
  },

  'streams know nothing of one another': async ({ store }) => {
    const [bay, eyot] = [newStream(), newStream()];
    await store.append(bay, -1, [sealed('bay 0')]);
    await store.append(eyot, -1, [sealed('eyot 0')]);
    await store.append(bay, 0, [sealed('bay 1')]);
    expect((await all(store.readStream(bay))).map(says)).toEqual(['bay 0', 'bay 1']);
    expect((await all(store.readStream(eyot))).map(says)).toEqual(['eyot 0']);
  },

  'the same append again changes nothing and answers what is stored': async ({ store, start }) => {
    const stream = newStream();
    await store.append(stream, -1, [sealed('first')]);
    const events = [sealed('a'), sealed('b')];
    const stored = await store.append(stream, 0, events);
    expect((await store.append(stream, 0, events)).map(plain)).toEqual(stored.map(plain));
    await store.append(stream, 2, [sealed('later')]);
    expect((await store.append(stream, 0, events)).map(plain)).toEqual(stored.map(plain));
    expect((await store.readAll(start, 10)).map(says)).toEqual(['first', 'a', 'b', 'later']);
  },

  'the same ids with other bytes change nothing: the first time counts': async ({ store }) => {
    const stream = newStream();
    const event = sealed('as first sent', { headline: 'Ferry late' });
    const stored = await store.append(stream, -1, [event]);
    const altered = { ...sealed('altered', { headline: 'Ferry early', note: 'x' }), id: event.id };
    expect((await store.append(stream, -1, [altered])).map(plain)).toEqual(stored.map(plain));
    expect((await all(store.readStream(stream))).map(plain)).toEqual(stored.map(plain));
  },

  'the same append sent twice at once is written once': async ({ store }) => {
    const stream = newStream();
    const events = [sealed('a'), sealed('b')];
    const answers = await Promise.all(Array.from({ length: 8 }, () => store.append(stream, -1, events)));
    const stored = (await all(store.readStream(stream))).map(plain);
    expect(stored).toHaveLength(2);
    for (const answer of answers) expect(answer.map(plain)).toEqual(stored);
  },

  'a retry still answers what is stored after the store was opened again': async ({ store, reopen }) => {
    const stream = newStream();
    const events = [sealed('a'), sealed('b')];
    const stored = await store.append(stream, -1, events);
    const again = await reopen();
    expect((await again.append(stream, -1, events)).map(plain)).toEqual(stored.map(plain));
    expect(await again.head()).toBe(stored[1]!.position);
  },

  'the same ids at another stale place, in another order, or with a new one, are refused': async ({ store }) => {
    const stream = newStream();
    const [a, b, c] = [sealed('a'), sealed('b'), sealed('c')];
    await store.append(stream, -1, [a, b, c]);
    for (const [expected, events] of [
      [0, [a]],
      [-1, [b, a]],
      [1, [c, sealed('new')]],
      [-1, [a, sealed('new')]],
      [5, [a, b, c]],
    ] as const)
      await expect(store.append(stream, expected, events)).rejects.toMatchObject({
        name: 'WrongExpectedRevision',
        actual: 2,
      });
    expect(await all(store.readStream(stream))).toHaveLength(3);
  },

  'the same ids in another stream are other events': async ({ store, start }) => {
    const [bay, eyot] = [newStream(), newStream()];
    const event = sealed('twin');
    await store.append(bay, -1, [event]);
    await store.append(eyot, -1, [event]);
    expect(await store.readAll(start, 10)).toHaveLength(2);
  },

  'the log is read in order, in pages, from anywhere': async ({ store, start }) => {
    const streams = [newStream(), newStream(), newStream()];
    const written: StoredEvent[] = [];
    for (let i = 0; i < 30; i++) written.push(await appendAtTip(store, streams[i % 3]!, sealed(`${i}`)));
    const positions = written.map(({ position }) => position);
    expect([...positions].sort()).toEqual(positions);
    expect(new Set(positions.map(({ length }) => length)).size).toBe(1);
    const paged: StoredEvent[] = [];
    for (let at = start; ; at = paged.at(-1)!.position) {
      const page = await store.readAll(at, 7);
      if (page.length === 0) break;
      expect(page.length).toBeLessThanOrEqual(7);
      paged.push(...page);
    }
    expect(paged.map(plain)).toEqual(written.map(plain));
    expect((await store.readAll(positions[12]!, 3)).map(says)).toEqual(['13', '14', '15']);
    expect(await store.readAll(positions.at(-1)!, 10)).toEqual([]);
  },

  'the head is the newest event': async ({ store, start }) => {
    expect(await store.head()).toBe(start);
    const stream = newStream();
    const stored = await store.append(stream, -1, [sealed('a'), sealed('b')]);
    expect(await store.head()).toBe(stored[1]!.position);
    await expect(store.append(stream, -1, [sealed('c')])).rejects.toBeInstanceOf(WrongExpectedRevision);
    expect(await store.head()).toBe(stored[1]!.position);
  },

  'the beginning is before every event': async ({ store }) => {
    const [stored] = await store.append(newStream(), -1, [sealed('a')]);
    const [first] = await store.readAll(beginning, 1);
    expect(beginning < first!.position && first!.position <= stored!.position).toBe(true);
    const seen = await follow(store, beginning, (events) => events.length > 0);
    expect(seen[0]!.position).toBe(first!.position);
  },

  'everything is there after the store was opened again': async ({ store, reopen }) => {
    const stream = newStream();
    const stored = await store.append(stream, -1, [sealed('a'), sealed('b')]);
    const again = await reopen();
    expect((await all(again.readStream(stream))).map(plain)).toEqual(stored.map(plain));
    expect((await again.append(stream, 1, [sealed('c')]))[0]!.position > stored[1]!.position).toBe(true);
  },

  'a big batch is one append': async ({ store }) => {
    const stream = newStream();
    const texts = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`body/k${i}`, `Paragraph ${i}`]));
    const events = [sealed('many texts', texts), ...Array.from({ length: 299 }, (_, i) => sealed(`${i}`))];
    const stored = await store.append(stream, -1, events);
    const read = await all(store.readStream(stream));
    expect(read.map(plain)).toEqual(stored.map(plain));
    expect(read[0]!.texts).toHaveLength(2000);
  },

  '64 writers over shared streams: no gap, no loss, nothing twice': async ({ store, start }) => {
    const streams = Array.from({ length: 5 }, newStream);
    const acknowledged = await Promise.all(
      Array.from({ length: 64 }, async (_, writer) => {
        const stored: StoredEvent[] = [];
        for (let i = 0; i < 6; i++)
          stored.push(await appendAtTip(store, streams[(writer + i) % 5]!, sealed(`${writer}/${i}`)));
        return stored;
      }),
    );
    const log = await store.readAll(start, 1000);
    expect(log.map(says).sort()).toEqual(acknowledged.flat().map(says).sort());
    expect(log.map(plain)).toEqual(
      acknowledged
        .flat()
        .sort((a, b) => (a.position < b.position ? -1 : 1))
        .map(plain),
    );
    for (const stream of streams) {
      const read = await all(store.readStream(stream));
      expect(read.map(({ revision }) => revision)).toEqual(read.map((_, at) => at));
    }
  },

  'an append that fails does not hurt those beside it': async ({ store, start }) => {
    const streams = Array.from({ length: 20 }, newStream);
    const answers = await Promise.allSettled(
      streams.flatMap((stream) => [
        store.append(stream, -1, [sealed('right'), sealed('right')]),
        store.append(stream, 7, [sealed('wrong'), sealed('wrong')]),
      ]),
    );
    expect(answers.map(({ status }) => status)).toEqual(streams.flatMap(() => ['fulfilled', 'rejected']));
    expect((await store.readAll(start, 100)).map(says)).toEqual(Array(40).fill('right'));
  },

  'a subscription at the end of the log says that it has caught up, then tells what comes': async ({
    store,
    start,
  }) => {
    const stream = newStream();
    let told = 0;
    const seen = await follow(store, start, (events, caughtUp) => {
      if (told++ === 0) {
        expect([events.length, caughtUp]).toEqual([0, true]);
        void store.append(stream, -1, [sealed('a'), sealed('b')]);
      }
      return events.length === 2 && caughtUp;
    });
    expect(seen.map(says)).toEqual(['a', 'b']);
  },

  'a subscription catches up from anywhere and says when it has': async ({ store, start }) => {
    const stream = newStream();
    const written = await store.append(
      stream,
      -1,
      Array.from({ length: 700 }, (_, i) => sealed(`${i}`)),
    );
    for (const last of [-1, 0, 350, 698, 699]) {
      const after = written[last]?.position ?? start;
      const seen = await follow(store, after, (_, caughtUp) => caughtUp);
      expect(seen.map(says)).toEqual(written.slice(last + 1).map(says));
    }
  },

  'subscriptions lose and repeat nothing while writers run': async ({ store, start }) => {
    const streams = Array.from({ length: 4 }, newStream);
    const before = await store.append(
      streams[0]!,
      -1,
      Array.from({ length: 150 }, (_, i) => sealed(`before ${i}`)),
    );
    const total = 150 + 24 * 10;
    const starts = [start, before[40]!.position, before[149]!.position];
    const followers = starts.flatMap((after) => {
      const missed = after === start ? 0 : before.findIndex(({ position }) => position === after) + 1;
      const enough = (seen: StoredEvent[]) => seen.length >= total - missed;
      const slowly = () => store.head();
      return [follow(store, after, enough), follow(store, after, enough, slowly)];
    });
    await Promise.all(
      Array.from({ length: 24 }, async (_, writer) => {
        for (let i = 0; i < 10; i++) await appendAtTip(store, streams[(writer + i) % 4]!, sealed(`${writer}/${i}`));
      }),
    );
    const log = await store.readAll(start, 1000);
    expect(log).toHaveLength(total);
    for (const [i, follower] of followers.entries()) {
      const after = starts[Math.floor(i / 2)]!;
      expect((await follower).map(plain)).toEqual(log.filter(({ position }) => position > after).map(plain));
    }
  },

  'a subscription ends when its signal aborts, waiting or not': async ({ store, start }) => {
    const ended = new AbortController();
    ended.abort();
    expect(await all(store.subscribe(start, ended.signal))).toEqual([]);
    const waiting = new AbortController();
    const batches: unknown[] = [];
    for await (const batch of store.subscribe(start, waiting.signal)) {
      batches.push(batch);
      void Promise.resolve().then(() => waiting.abort());
    }
    expect(batches).toEqual([{ events: [], caughtUp: true }]);
  },

  'a subscription ends when its store is closed': async ({ store, start }) => {
    let told = 0;
    for await (const _ of store.subscribe(start, new AbortController().signal)) if (++told === 1) void store.close();
    expect(told).toBe(1);
  },

  'erasing removes these texts and no others, in the log and in the stream': async ({ store, start }) => {
    const stream = newStream();
    await store.append(stream, -1, [
      sealed('one', { headline: 'Lena Okafor named', note: 'stays' }),
      sealed('two', { headline: 'stays too' }),
    ]);
    await store.erase(stream, [{ revision: 0, name: 'headline' }]);
    const names = (events: StoredEvent[]) => events.map(({ texts }) => texts.map(({ name }) => name));
    expect(names(await all(store.readStream(stream)))).toEqual([['note'], ['headline']]);
    expect(names(await store.readAll(start, 10))).toEqual([['note'], ['headline']]);
    expect((await all(store.readStream(stream))).map(says)).toEqual(['one', 'two']);
  },

  'erasing again, and erasing what is not there, is no error': async ({ store, reopen }) => {
    const stream = newStream();
    await store.erase(stream, [{ revision: 0, name: 'headline' }]);
    await store.append(stream, -1, [sealed('one')]);
    for (let i = 0; i < 2; i++)
      await store.erase(stream, [
        { revision: 0, name: 'headline' },
        { revision: 0, name: 'never written' },
        { revision: 9, name: 'headline' },
      ]);
    const again = await reopen();
    expect((await all(again.readStream(stream))).map(({ texts }) => texts)).toEqual([[]]);
  },

  'what of some texts is still to be read can be asked': async ({ store, reopen }) => {
    const stream = newStream();
    const [headline, note] = [
      { revision: 0, name: 'headline' },
      { revision: 1, name: 'note' },
    ];
    await store.append(stream, -1, [sealed('one', { headline: 'a', note: 'b' }), sealed('two', { note: 'c' })]);
    const asked = [headline, note, { revision: 1, name: 'headline' }, { revision: 9, name: 'note' }];
    expect(await store.remaining(stream, asked)).toEqual([headline, note]);
    await store.erase(stream, [headline]);
    expect(await store.remaining(stream, asked)).toEqual([note]);
    expect(await (await reopen()).remaining(stream, asked)).toEqual([note]);
    expect(await store.remaining(newStream(), asked).catch(() => [])).toEqual([]);
  },

  'a retry of an append whose text was erased does not bring it back': async ({ store }) => {
    const stream = newStream();
    const events = [sealed('one', { headline: 'gone', note: 'stays' })];
    await store.append(stream, -1, events);
    await store.erase(stream, [{ revision: 0, name: 'headline' }]);
    const [again] = await store.append(stream, -1, events);
    expect(again!.texts.map(({ name }) => name)).toEqual(['note']);
    expect((await all(store.readStream(stream)))[0]!.texts.map(({ name }) => name)).toEqual(['note']);
  },

  'closing finishes what was asked for, and may be asked twice': async ({ store, reopen, start }) => {
    const stream = newStream();
    const pending = Promise.all(
      Array.from({ length: 10 }, (_, i) => appendAtTip(store, `${stream}${i}`, sealed(`${i}`))),
    );
    await store.close();
    await store.close();
    await pending;
    expect(await (await reopen()).readAll(start, 100)).toHaveLength(10);
  },
};

/** Runs every promise, each against a store of its own. */
export function eventStoreConformance(name: string, open: () => Promise<Opening>): void {
  describe(`${name} keeps what the port promises`, () => {
    let opening: Opening & { start: string };
    beforeEach(async () => {
      const opened = await open();
      opening = { ...opened, start: await opened.store.head() };
    });
    afterEach(() => opening.dispose());

    test.each(Object.entries(promises))('%s', async (_, promised) => {
      expect.hasAssertions();
      await promised(opening);
    });
  });
}
