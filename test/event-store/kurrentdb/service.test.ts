/** Two nodes of the service on one cluster, as those who write, read and run it meet them. */
import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Pending, verify } from '../../../src/audit/verify.js';
import { openKurrentStore } from '../../../src/event-store/kurrentdb/store.js';
import { filesWith } from '../../support/bytes.js';
import { palimpsest } from '../../support/serve.js';
import { type RunningApp, startApp } from '../../support/start-app.js';
import { startServer, type TestServer } from './server.js';

jest.setTimeout(90_000);

let server: TestServer;
let one: RunningApp;
let other: RunningApp;
/** By how much the other node's clock is wrong, in milliseconds. */
let skew = 0;

beforeAll(async () => {
  server = await startServer();
  const env = { PALIMPSEST_STORE: server.address, PALIMPSEST_MOST_LAG: '20' };
  one = await startApp({ env });
  // The same people at both.
  const data = await mkdtemp(join(tmpdir(), 'palimpsest-'));
  for (const file of ['tokens.json', 'first-start-tokens.json']) await copyFile(join(one.data, file), join(data, file));
  other = await startApp({ env, data, clock: () => Date.now() + skew });
});
afterAll(async () => {
  await one.dispose();
  await other.dispose();
  server.close();
});

const publish = (app: RunningApp, headline: string, headers = {}) =>
  app.ask('/api/stories', {
    as: 'editor',
    body: { headline, body: { text: 'A fire stopped all sailings.' } },
    headers,
  });
const update = (app: RunningApp, slug: string, headline: string, headers = {}) =>
  app.ask(`/api/stories/${slug}/versions`, {
    as: 'editor',
    body: { headline },
    headers: { 'if-match': '*', ...headers },
  });
const until = async (holds: () => Promise<boolean>) => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 30));
};
const ready = async (app: RunningApp) => {
  const { status, json } = await app.ask('/health/ready');
  return { status, views: json.checks.find(({ name }: { name: string }) => name === 'views') };
};

test('what was written through one node is read through another, as it was at every time', async () => {
  const published = await publish(one, 'Ferry late at Harrow Bay');
  expect([published.status, published.json.visible]).toEqual([201, true]);
  const seen = ({ headers }: Pick<Response, 'headers'>) => ({
    'palimpsest-position': headers.get('palimpsest-position')!,
  });
  const changed = await update(other, 'ferry-late-at-harrow-bay', 'Ferry sails again', seen(published));
  expect([changed.status, changed.json.version]).toEqual([201, 2]);
  const headers = seen(changed);
  const read = await one.ask('/api/stories/ferry-late-at-harrow-bay', { as: 'editor', headers });
  expect([read.status, read.json.headline, read.json.version]).toEqual([200, 'Ferry sails again', 2]);
  const asOf = `/api/stories/ferry-late-at-harrow-bay?asOf=${published.json.recordedAt}`;
  for (const app of [one, other]) expect((await app.ask(asOf)).json.headline).toBe('Ferry late at Harrow Bay');
  const unknown = { 'palimpsest-position': 'f'.repeat(32) };
  expect((await one.ask('/api/stories/ferry-late-at-harrow-bay', { as: 'editor', headers: unknown })).status).toBe(503);
});

test('the same request with the same key at two nodes is carried out once', async () => {
  const headers = { 'idempotency-key': 'crews vote' };
  const answers = await Promise.all([one, other].map((app) => publish(app, 'Crews vote on strike', headers)));
  expect(new Set(answers.map(({ json }) => json.story.id)).size).toBe(1);
  const again = await publish(other, 'Crews vote on strike', headers);
  expect([again.status, again.json.story.id]).toEqual([200, answers[0]!.json.story.id]);
  expect((await one.ask('/api/stories?q=crews')).json.items).toHaveLength(1);
});

test('erased words are given by no node, and verify tells where they lie until the scavenge', async () => {
  await publish(one, 'Quetzalfeather held at Quay 9');
  const slug = 'quetzalfeather-held-at-quay-9';
  await until(async () => (await other.ask(`/api/stories/${slug}`)).status === 200);
  const erase = (body: object) =>
    one.ask(`/api/stories/${slug}/erasures`, { as: 'standards', body, headers: { 'if-match': '*' } });
  const { token } = (await erase({ phrase: 'Quetzalfeather' })).json;
  const erased = await erase({ phrase: 'Quetzalfeather', token, authority: 'court-order', force: true });
  expect([erased.status, erased.json.erasure.state]).toEqual([200, 'complete']);
  for (const app of [one, other]) {
    await until(async () => !(await app.ask(`/api/stories/${erased.json.story.id}`)).text.includes('Quetzalfeather'));
    await until(async () => (await filesWith(app.data, 'Quetzalfeather held')).length === 0);
  }
  const lies = () => server.database.log.some(({ data }) => Buffer.from(data).includes('Quetzalfeather'));
  const pending = async () => {
    const store = await openKurrentStore(server.address, { readOnly: true });
    const found: Pending[] = [];
    for await (const step of verify(store)) {
      if (step.kind === 'pending') found.push(step.pending);
      expect(step.kind).not.toBe('finding');
    }
    await store.close();
    return found.map(({ where }) => where);
  };
  expect([lies(), new Set(await pending())]).toEqual([true, new Set(['cluster'])]);
  server.database.scavenge();
  expect([lies(), await pending()]).toEqual([false, []]);
});

test('commands work on the cluster: verify, rebuild, and what asks a service', async () => {
  const data = one.data;
  await one.stop();
  process.env.PALIMPSEST_STORE = server.address;
  try {
    const verified = await palimpsest(data, 'verify', '--json');
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, views: 'equal' });
    expect((await palimpsest(data, 'rebuild')).stdout).toMatch(/made anew from \d+ events/);
    const asOf = await palimpsest(data, 'history', 'ferry-late-at-harrow-bay', '--json');
    expect(asOf.stdout).toContain('Ferry sails again');
  } finally {
    delete process.env.PALIMPSEST_STORE;
    one = await startApp({ data, env: { PALIMPSEST_STORE: server.address } });
  }
});

test('a node whose clock is behind what was recorded refuses to write the story, and says why', async () => {
  await publish(one, 'Bridge closed');
  await until(async () => (await other.ask('/api/stories/bridge-closed')).status === 200);
  skew = -90_000;
  const refused = await update(other, 'bridge-closed', 'Bridge open');
  expect([refused.status, refused.json.code, refused.headers.get('retry-after')]).toEqual([503, 'clock-behind', '10']);
  expect((await other.ask('/api/stories/bridge-closed')).json.headline).toBe('Bridge closed');
  expect((await publish(other, 'Written by a slow clock')).status).toBe(201);
  skew = -5_000;
  expect((await update(other, 'bridge-closed', 'Bridge open')).status).toBe(201);
  skew = 0;
});

test('a node that cannot know what it lacks stops being ready after a while, and is again once it knows', async () => {
  expect(await ready(other)).toMatchObject({ status: 200, views: { ready: true } });
  server.freeze();
  skew = 15_000;
  expect(await ready(other)).toMatchObject({
    status: 200,
    views: { ready: true, detail: expect.stringMatching(/^1\d s behind the log$/) },
  });
  skew = 30_000;
  expect(await ready(other)).toMatchObject({
    status: 503,
    views: { ready: false, detail: expect.stringMatching(/^3\d s behind the log$/) },
  });
  expect((await other.ask('/')).status).toBe(200);
  skew = 0;
  server.thaw();
  await until(async () => (await ready(other)).views.detail === undefined);
});

test('the service goes on after its server was gone', async () => {
  server.kill();
  const writing = publish(one, 'Written while the server was away');
  await server.restart();
  expect((await writing).status).toBe(201);
  await until(async () => (await other.ask('/api/stories/written-while-the-server-was-away')).status === 200);
});
