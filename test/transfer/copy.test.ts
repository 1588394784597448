/** A whole log moved between the stores, both ways: the same records and texts, nothing that was erased, once however often. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { verify } from '../../src/audit/verify.js';
import { openKurrentStore } from '../../src/event-store/kurrentdb/store.js';
import type { EventStore, StoredEvent } from '../../src/event-store/port.js';
import { openSqliteStore } from '../../src/event-store/sqlite/store.js';
import { type Copying, copyLog } from '../../src/transfer/copy.js';
import { startServer } from '../event-store/kurrentdb/server.js';
import { startApp } from '../support/start-app.js';

let newsroom: string;
let log: EventStore;
const opened: (() => Promise<unknown>)[] = [];

const folder = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'palimpsest-copy-'));
  opened.push(() => rm(path, { recursive: true, force: true }));
  return path;
};
const sqliteStore = async (): Promise<EventStore> => {
  const store = await openSqliteStore(await folder());
  opened.push(() => store.close());
  return store;
};
const clusterStore = async (): Promise<EventStore> => {
  const server = await startServer();
  const store = await openKurrentStore(server.address);
  opened.push(async () => {
    await store.close();
    server.close();
  });
  return store;
};

beforeAll(async () => {
  newsroom = await folder();
  const app = await startApp({ data: newsroom });
  const publish = (slug: string, ...body: string[]) =>
    app.ask('/api/stories', {
      as: 'editor',
      body: { slug, headline: `On ${slug}`, body: { text: body.join('\n\n') } },
    });
  const update = (slug: string, ...body: string[]) =>
    app.ask(`/api/stories/${slug}/versions`, {
      as: 'editor',
      headers: { 'if-match': '*' },
      body: { body: { text: body.join('\n\n') }, note: 'More is known.' },
    });
  await publish('ferry', 'The ferry is late.', 'Ines Varga lives at 4 Quay Street.');
  await publish('harbour', 'The harbour is closed.');
  await update('ferry', 'The ferry has arrived.', 'Ines Varga lives at 4 Quay Street.');
  await update('harbour', 'The harbour is open.');
  const asked = { phrase: 'Quay Street', reason: 'An order.', authority: 'court-order', force: true };
  const erasures = '/api/stories/ferry/erasures';
  const preview = await app.ask(erasures, { as: 'standards', headers: { 'if-match': '*' }, body: asked });
  const done = await app.ask(erasures, {
    as: 'standards',
    headers: { 'if-match': '*' },
    body: { ...asked, token: preview.json.token },
  });
  expect([preview.status, done.status]).toEqual([200, 200]);
  expect(done.json.erasure.state).toBe('complete');
  await app.stop();
  log = await openSqliteStore(newsroom, { readOnly: true });
  opened.push(() => log.close());
});
afterAll(async () => {
  for (const close of opened.reverse()) await close();
});

async function copied(from: EventStore, to: EventStore): Promise<Copying & { kind: 'copied' }> {
  let last: Copying | undefined;
  for await (const step of copyLog(from, to)) last = step;
  if (last?.kind !== 'copied') throw new Error('the copy did not end');
  return last;
}

async function proved(store: EventStore) {
  const found: unknown[] = [];
  for await (const step of verify(store)) if (step.kind !== 'progress' && step.kind !== 'checked') found.push(step);
  return found;
}

const events = (store: EventStore) => store.readAll('', 1000);
const words = async (store: EventStore) =>
  (await events(store)).flatMap(({ texts }) => texts.map(({ bytes }) => Buffer.from(bytes).toString()));

test.each([
  ['another folder', sqliteStore],
  ['a cluster', clusterStore],
])('to %s and back: the same chains, times and commitments', async (_, open) => {
  const [there, back] = [await open(), await sqliteStore()];
  const first = await copied(log, there);
  expect(first).toMatchObject({ stories: 2, added: first.events });
  expect(await copied(there, back)).toEqual(first);
  const records = async (store: EventStore) =>
    (await events(store)).map(({ stream, revision, id, record }) => [
      stream,
      revision,
      id,
      Buffer.from(record).toString(),
    ]);
  expect(await records(there)).toEqual(await records(log));
  expect(await records(back)).toEqual(await records(log));
  expect(await proved(there)).toEqual(await proved(log));
  expect(await words(back)).toEqual(await words(log));
});

test('broken off and run again, it goes on where it was', async () => {
  const to = await sqliteStore();
  let left = 3;
  const failing: EventStore = {
    ...to,
    append: (...asked) => (left-- > 0 ? to.append(...asked) : Promise.reject(new Error('the line went dead'))),
  };
  await expect(copied(log, failing)).rejects.toThrow('the line went dead');
  const begun = (await events(to)).length;
  const { events: all, added } = await copied(log, to);
  expect(begun).toBeGreaterThan(0);
  expect(added).toBe(all - begun);
  expect((await copied(log, to)).added).toBe(0);
});

/** The last event of the log orders words erased: which, and as they were. */
async function ordered() {
  const order = (await events(log)).at(-1)!;
  const [[revision, name]] = JSON.parse(Buffer.from(order.record).toString()).data.references;
  const text = { name, key: randomBytes(32), bytes: Buffer.from('"Quay Street"') };
  const unerased = (event: StoredEvent): StoredEvent =>
    event.stream === order.stream && event.revision === revision ? { ...event, texts: [...event.texts, text] } : event;
  return { order, unerased };
}

test('words ordered erased are not copied, though their removal was not finished', async () => {
  const { unerased } = await ordered();
  const unfinished = {
    ...log,
    readAll: async (after: string, limit: number) => (await log.readAll(after, limit)).map(unerased),
  };
  expect((await words(unfinished)).join()).toContain('Quay Street');
  const to = await sqliteStore();
  await copied(unfinished, to);
  expect((await words(to)).join()).not.toContain('Quay Street');
});

test('words erased since an earlier copy are erased from that too', async () => {
  const { order, unerased } = await ordered();
  const to = await sqliteStore();
  for (const event of await events(log)) {
    if (event.id !== order.id) await to.append(event.stream, event.revision - 1, [unerased(event)]);
  }
  expect((await words(to)).join()).toContain('Quay Street');
  await copied(log, to);
  expect((await words(to)).join()).not.toContain('Quay Street');
});

test('a store that holds another log is left as it is', async () => {
  const to = await sqliteStore();
  const [first] = await events(log);
  await to.append('story-00000000-0000-4000-8000-000000000000', -1, [{ ...first!, texts: [] }]);
  await expect(copied(log, to)).rejects.toMatchObject({ code: 'other-log' });
  expect((await events(to)).length).toBe(1);
});

test('a store that has gone on by itself is told from a copy', async () => {
  const to = await sqliteStore();
  await copied(log, to);
  const [first] = await events(log);
  await to.append('story-00000000-0000-4000-8000-000000000000', -1, [
    { ...first!, id: crypto.randomUUID(), texts: [] },
  ]);
  await expect(copied(log, to)).rejects.toMatchObject({ code: 'other-log' });
});
