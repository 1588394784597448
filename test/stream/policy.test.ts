/** The public stream where only what is in force is public, and where editors' names are. */
import { expect, test } from '@jest/globals';
import { startApp } from '../support/start-app.js';

async function telling(env: Record<string, string>) {
  let clock = Date.parse('2026-05-14T11:27:00.000Z');
  const app = await startApp({ clock: () => clock, env });
  const send = async (method: string, path: string, body: object) => {
    clock += 1000;
    const editor = { id: 'e1', name: 'Ines Varga' };
    const options = { as: 'standards' as const, method, body: { ...body, editor }, headers: { 'if-match': '*' } };
    const { status, json } = await app.ask(`/api/stories${path}`, options);
    expect([method, path, Math.floor(status / 100), json.code]).toEqual([method, path, 2, undefined]);
  };
  await send('POST', '', { slug: 'ferries', headline: 'No ferry sails', body: { text: 'A strike.' } });
  await send('POST', '/ferries/versions', { headline: 'One sails' });
  await send('POST', '/ferries/versions', { headline: 'Two sail', correction: { notice: 'Two do.' } });
  await send('PATCH', '/ferries/versions/1', { note: 'The first word.' });
  await send('PATCH', '/ferries/versions/2', { hidden: true });
  await send('POST', '/ferries/withdrawals', { kind: 'retracted', notice: 'All wrong.' });
  await send('POST', '/ferries/reinstatements', {});
  await send('PATCH', '/ferries/versions/3', { note: 'After a call.' });
  const { items } = (await app.ask('/api/changes?after=2020-01-01T00:00:00Z')).json;
  /** Whether there is more behind all of these, and what the cursors to come back with say but for the time. */
  const left = async () => {
    const whole = (await app.ask(`/api/changes?after=2020-01-01T00:00:00Z&limit=${items.length}`)).json;
    const fromNow = (await app.ask('/api/changes')).json;
    const places = [whole, fromNow].map(({ next }) => JSON.parse(String(Buffer.from(next, 'base64url')))[1].id);
    return [whole.items.length, whole.end, ...places];
  };
  const before = await left();
  await send('PATCH', '/ferries/versions/1', { note: 'The first word, or nearly.' });
  await send('PATCH', '/ferries/versions/1', { hidden: true });
  const after = await left();
  const feed = (await app.ask('/stories/ferries/feed.atom')).text;
  await app.dispose();
  return { items, feed, before, after };
}

test('earlier versions and times away leave no more than that something has changed since', async () => {
  const { items, feed } = await telling({ PALIMPSEST_PUBLIC_HISTORY: 'none' });
  const told = items.map(({ type, version, withdrawal }: { [member: string]: { version: number } }) => [
    type,
    version?.version,
    withdrawal,
  ]);
  expect(told).toEqual([
    ['correction', 3, undefined],
    ['changed', undefined, undefined],
    ['changed', undefined, undefined],
    ['changed', 3, undefined],
  ]);
  expect(items[0].against).toBeUndefined();
  for (const text of [JSON.stringify(items), feed])
    expect(text).not.toMatch(/No ferry|One sails|All wrong|Varga|first word/);
}, 30_000);

test('nor does the place to come back to move with what is done to earlier versions', async () => {
  const { items, before, after } = await telling({ PALIMPSEST_PUBLIC_HISTORY: 'none' });
  expect(before).toEqual([items.length, true, items.at(-1).id, items.at(-1).id]);
  expect(after).toEqual(before);
}, 30_000);

test('names of editors are told by the publisher’s policy, and never of a version that is hidden', async () => {
  const { items } = await telling({ PALIMPSEST_EDITORS_NAMES: 'name' });
  const named = items
    .filter(({ type }: { type: string }) => type === 'version' || type === 'correction')
    .map(({ version }: { version: { version: number; editor?: unknown } }) => [version.version, version.editor]);
  expect(named).toEqual([
    [1, { name: 'Ines Varga' }],
    [2, undefined],
    [3, { name: 'Ines Varga' }],
  ]);
}, 30_000);
