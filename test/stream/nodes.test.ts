/** The public stream over restarts, new views and other nodes: nothing is lost, and what comes twice has the same id. */
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { type RunningApp, startApp } from '../support/start-app.js';
import { listen, type Told } from './listening.js';

const minute = 60_000;
let clock = Date.parse('2026-05-14T11:27:00.000Z');
const apps: RunningApp[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.dispose();
});

async function start(data?: string): Promise<RunningApp> {
  const app = await startApp({ clock: () => clock, ...(data && { data }) });
  apps.push(app);
  return app;
}

async function stop(app: RunningApp): Promise<string> {
  apps.splice(apps.indexOf(app), 1);
  await app.stop();
  return app.data;
}

async function write(app: RunningApp, path: string, body: object): Promise<void> {
  clock += 1000;
  const options = { as: 'standards' as const, body, headers: { 'if-match': '*' } };
  const { status, json } = await app.ask(`/api/stories${path}`, options);
  expect([path, status, json.code]).toEqual([path, 201, undefined]);
}
const publish = (app: RunningApp, slug: string, more: object = {}) =>
  write(app, '', { slug, headline: `News of ${slug}`, body: { text: 'The ferry sails.' }, ...more });

async function toldAfter(app: RunningApp, after: string): Promise<Told[]> {
  const listener = await listen(app.url, `/api/changes?after=${encodeURIComponent(after)}`);
  const told = await listener.caughtUp();
  listener.close();
  return told;
}
const all = (app: RunningApp) => toldAfter(app, '2020-01-01T00:00:00Z');
const idsOf = (told: readonly Told[]) => told.map(({ change }) => change.id as string);
const slugsOf = (told: readonly Told[]) => told.map(({ change }) => change.story.slug as string);

async function dropViews(data: string): Promise<void> {
  for (const name of await readdir(data)) if (name.startsWith('views-')) await rm(join(data, name));
}

test('an embargo that ends while the service is down is told at its start, and once', async () => {
  const app = await start();
  await publish(app, 'ferries');
  await publish(app, 'harvest', { inForceFrom: new Date(clock + 10 * minute).toISOString() });
  const before = await all(app);
  expect(slugsOf(before)).toEqual(['ferries']);
  const data = await stop(app);
  clock += 20 * minute;
  const again = await start(data);
  const missed = await toldAfter(again, before.at(-1)!.cursor);
  expect(slugsOf(missed)).toEqual(['harvest']);
  expect(missed[0]!.change.at).toBe(missed[0]!.change.version.inForceFrom);
  const restarted = await start(await stop(again));
  expect(idsOf(await all(restarted))).toEqual([...idsOf(before), ...idsOf(missed)]);
  expect(await toldAfter(restarted, missed[0]!.cursor)).toEqual([]);
}, 60_000);

test('another node, and one whose views were made anew, tell the same by the same ids; cursors hold there too', async () => {
  const one = await start();
  await publish(one, 'harvest', { inForceFrom: new Date(clock + 5 * minute).toISOString() });
  await publish(one, 'ferries');
  clock += 2 * minute;
  await publish(one, 'bridge');
  await write(one, '/bridge/versions', { headline: 'It opens' });
  clock += minute / 2;
  const told = await all(one);
  expect(slugsOf(told)).toEqual(['ferries', 'bridge', 'bridge']);

  // What the log holds, and nothing that the node made of it.
  const data = await stop(one);
  const copy = await mkdtemp(join(tmpdir(), 'palimpsest-node-'));
  await cp(data, copy, { recursive: true });
  await dropViews(copy);
  const [first, second] = [await start(data), await start(copy)];
  const elsewhere = await all(second);
  expect(idsOf(elsewhere)).toEqual(idsOf(told));
  expect(elsewhere.map(({ change }) => change)).toEqual(told.map(({ change }) => change));

  // Of the last minute it tells again, what was before that it does not; by the ids nothing comes twice.
  const resumed = await toldAfter(second, told[1]!.cursor);
  expect(slugsOf(resumed)).toEqual(['bridge', 'bridge']);
  expect(idsOf(resumed).filter((id) => !idsOf(told.slice(0, 2)).includes(id))).toEqual(idsOf(told.slice(2)));

  // An embargo ends on both, each by its own clock.
  const [here, there] = [await listen(first.url), await listen(second.url)];
  await Promise.all([here.caughtUp(), there.caughtUp()]);
  clock += 3 * minute;
  const [a, b] = await Promise.all([here.next(), there.next()]);
  expect([a.change.story.slug, a.change]).toEqual(['harvest', b.change]);
  expect(a.cursor).not.toBe(b.cursor);
  for (const listener of [here, there]) listener.close();

  const anew = await stop(first);
  await dropViews(anew);
  const rebuilt = await start(anew);
  expect(idsOf(await all(rebuilt)).sort()).toEqual([...idsOf(told), a.change.id].sort());
  expect(idsOf(await toldAfter(rebuilt, told.at(-1)!.cursor))).toContain(a.change.id);
}, 120_000);
