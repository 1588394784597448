/** The public stream as programs follow it: server-sent events of a service that runs, over real connections. */
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningApp, startApp } from '../support/start-app.js';
import { type Listener, listen } from './listening.js';

const hour = 3_600_000;
let clock = Date.parse('2026-05-14T11:27:00.000Z');
let app: RunningApp;
const listeners: Listener[] = [];

beforeAll(async () => {
  app = await startApp({ clock: () => clock, env: { PALIMPSEST_STREAMS: '12' } });
}, 60_000);
afterAll(async () => {
  for (const listener of listeners) listener.close();
  await app.dispose();
});

async function follow(path?: string, headers?: object): Promise<Listener> {
  const listener = await listen(app.url, path, headers);
  listeners.push(listener);
  await listener.caughtUp();
  return listener;
}
/** Everything that is told from the beginning on, to who follows only then. */
async function everything(more = ''): Promise<Awaited<ReturnType<Listener['caughtUp']>>> {
  const listener = await listen(app.url, `/api/changes?after=2020-01-01T00:00:00Z${more}`);
  const told = await listener.caughtUp();
  listener.close();
  return told;
}

async function send(method: string, path: string, body: object) {
  clock += 1000;
  const answer = await app.ask(`/api/stories${path}`, { as: 'standards', method, body, headers: { 'if-match': '*' } });
  expect([method, path, Math.floor(answer.status / 100), answer.json.code]).toEqual([method, path, 2, undefined]);
  return answer.json;
}
const publish = (slug: string, more: object = {}) =>
  send('POST', '', { slug, headline: `News of ${slug}`, body: { text: 'The ferry sails.' }, ...more });
const version = (slug: string, body: object) => send('POST', `/${slug}/versions`, body);
const at = (ms: number) => new Date(ms).toISOString();

describe('a follower is told', () => {
  test('a story, its next version, a correction, each once and at once', async () => {
    const follower = await follow();
    await publish('ferries');
    await version('ferries', { headline: 'No ferry sails', note: 'The strike began.' });
    await version('ferries', { headline: 'Two sail', correction: { notice: 'Two ferries do sail.' } });
    const [first, second, third] = [await follower.next(), await follower.next(), await follower.next()];
    expect([first.type, second.type, third.type]).toEqual(['version', 'version', 'correction']);
    expect(first.change).toMatchObject({
      type: 'version',
      story: { slug: 'ferries', status: 'published' },
      version: { version: 1, acts: ['StoryPublished'], headline: 'News of ferries' },
    });
    expect(second.change).toMatchObject({ version: { version: 2, note: 'The strike began.' }, against: 1 });
    expect(third.change.correction).toMatchObject({ notice: 'Two ferries do sail.', corrects: [2] });
    expect(third.change.at).toBe(third.change.version.inForceFrom);
    expect(new Set([first, second, third].map(({ change }) => change.id)).size).toBe(3);
    follower.close();
  });

  test('what else readers can notice: notices, notes, times, hiding, withdrawal and return', async () => {
    await publish('bridge');
    const { correction } = await version('bridge', { headline: 'It opens', correction: { notice: 'It is open.' } });
    await version('bridge', { headline: 'It stays open' });
    const follower = await follow('/api/changes?story=bridge');
    const told = async () => {
      const { type, change } = await follower.next();
      return [type, change.version?.version, change.correction?.notice ?? change.withdrawal?.notice];
    };
    await send('PATCH', `/bridge/corrections/${correction}`, { notice: 'It has been open.' });
    expect(await told()).toEqual(['notice', 2, 'It has been open.']);
    await send('PATCH', `/bridge/corrections/${correction}`, { notice: null });
    expect(await told()).toEqual(['notice', 2, undefined]);
    await send('PATCH', '/bridge/versions/3', { note: 'Still.' });
    expect(await told()).toEqual(['changed', 3, undefined]);
    const { inForceFrom } = (await app.ask('/api/stories/bridge/versions/3')).json;
    await send('PATCH', '/bridge/versions/3', { inForceFrom: at(Date.parse(inForceFrom) - 100) });
    expect(await told()).toEqual(['changed', 3, undefined]);
    await send('PATCH', '/bridge/versions/1', { hidden: true });
    expect(await told()).toEqual(['changed', 1, undefined]);
    const { withdrawal } = await send('POST', '/bridge/withdrawals', { kind: 'retracted', notice: 'All wrong.' });
    expect(await told()).toEqual(['withdrawal', undefined, 'All wrong.']);
    await send('PATCH', `/bridge/withdrawals/${withdrawal}`, { notice: 'Mostly wrong.' });
    expect(await told()).toEqual(['notice', undefined, 'Mostly wrong.']);
    await send('POST', '/bridge/reinstatements', {});
    expect(await told()).toEqual(['reinstatement', undefined, undefined]);
    await send('PUT', '/bridge/slug', { slug: 'old-bridge' });
    const { change } = await follower.next();
    expect([change.type, change.story.slug]).toEqual(['changed', 'old-bridge']);
    follower.close();
  });

  test('nothing of what staff do to a version that is hidden, until it is shown again', async () => {
    await publish('weir');
    await version('weir', { headline: 'Quokka at the weir', note: 'A quokka.' });
    await version('weir', { base: 1, headline: 'All calm' });
    await send('PATCH', '/weir/versions/2', { hidden: true });
    const told = await everything('&story=weir');
    await send('PATCH', '/weir/versions/2', { note: 'Another quokka.' });
    await send('PATCH', '/weir/versions/2', { significance: 'minor' });
    const { token } = await send('POST', '/weir/hidings', { phrase: 'Quokka at the weir' });
    await send('POST', '/weir/hidings', { phrase: 'Quokka at the weir', token, reason: 'Not so' });
    expect(await everything('&story=weir')).toEqual(told);
    await send('PATCH', '/weir/versions/2', { hidden: false });
    const [change, ...more] = (await everything('&story=weir')).slice(told.length);
    expect([change!.type, change!.change.version.note, more]).toEqual(['changed', 'Another quokka.', []]);
  });

  test('nothing of what readers cannot notice', async () => {
    await publish('lighthouse');
    const follower = await follow('/api/changes?story=lighthouse');
    const due = clock + hour;
    await version('lighthouse', { headline: 'Dark', inForceFrom: at(due), correction: { notice: 'It is dark.' } });
    await send('PATCH', '/lighthouse/versions/2', { note: 'Later', labels: ['urgent'], significance: 'minor' });
    await send('PATCH', '/lighthouse/versions/2', { hidden: true, force: true });
    await send('PATCH', '/lighthouse/versions/2', { hidden: false });
    await send('PATCH', '/lighthouse/versions/1', { labels: ['lamp'] });
    await send('DELETE', '/lighthouse/versions/2', { reason: 'Not so' });
    await publish('never', { inForceFrom: at(due) });
    await send('POST', '/never/withdrawals', { kind: 'killed', notice: 'Never.' });
    clock = due + 1000;
    await version('lighthouse', { headline: 'Lit' });
    const { change } = await follower.next();
    expect([change.version.version, change.version.headline]).toEqual([3, 'Lit']);
    expect((await everything()).filter(({ change }) => change.story.slug === 'never')).toEqual([]);
    expect((await everything('&story=lighthouse')).map(({ change }) => change.version.version)).toEqual([1, 3]);
    follower.close();
  });
});

describe('an embargoed version', () => {
  test('is told when its time comes, also when that was moved, and once', async () => {
    await publish('harvest');
    const follower = await follow('/api/changes?story=harvest');
    const [first, then] = [clock + 50 * 24 * hour, clock + 60 * 24 * hour];
    await version('harvest', { headline: 'Record harvest', inForceFrom: at(first) });
    await send('PATCH', '/harvest/versions/2', { inForceFrom: at(then) });
    // Farther away than any timer runs, and the clock is set.
    clock = first;
    await version('ferries', { headline: 'Something else' });
    expect(await everything('&story=harvest')).toHaveLength(1);
    clock = then;
    const { change } = await follower.next();
    expect(change).toMatchObject({ type: 'version', at: at(then), version: { version: 2, inForceFrom: at(then) } });
    expect((await everything('&story=harvest')).map(({ change }) => change.version.version)).toEqual([1, 2]);
    follower.close();
  });

  test('written while the story was away comes into force with its return', async () => {
    await publish('ballot');
    await send('POST', '/ballot/withdrawals', { kind: 'unpublished', notice: 'Only among us.' });
    await version('ballot', { headline: 'Counted again' });
    const follower = await follow('/api/changes');
    await send('POST', '/ballot/reinstatements', {});
    const told = [(await follower.next()).change, (await follower.next()).change];
    expect(told.map(({ type }) => type).sort()).toEqual(['reinstatement', 'version']);
    expect(told[0].at).toBe(told[1].at);
    const all = await everything('&story=ballot');
    expect(all.map(({ type }) => type)).toEqual(['version', 'withdrawal', ...told.map(({ type }) => type)]);
    // Going quietly takes no words.
    expect(all[1]!.change.withdrawal).toMatchObject({ kind: 'unpublished', notice: null });
    follower.close();
  });
});

describe('what was told before', () => {
  test('shows nothing of a version hidden since but its number and times', async () => {
    await publish('mayor', { headline: 'A secret quokka' });
    await version('mayor', { headline: 'No comment', correction: { notice: 'No quokka.' } });
    await send('PATCH', '/mayor/versions/1', { hidden: true });
    await send('PATCH', '/mayor/versions/2', { hidden: true, force: true });
    const told = await everything('&story=mayor');
    expect(told.map(({ type, change }) => [type, change.version.version, change.version.acts])).toEqual([
      ['version', 1, []],
      ['version', 2, []],
      ['changed', 1, []],
      ['changed', 2, []],
    ]);
    expect(JSON.stringify(told)).not.toMatch(/secret|No comment/);
  });

  test('of a story killed since leaves the kill and its notice', async () => {
    const follower = await follow('/api/changes');
    await publish('quarry', { headline: 'A secret quokka' });
    await version('quarry', { headline: 'Another quokka' });
    await send('POST', '/quarry/withdrawals', { kind: 'killed', notice: 'Do not use.' });
    const [first, , kill] = [await follower.next(), await follower.next(), await follower.next()];
    const { id } = first.change.story;
    expect(kill.change).toEqual({
      id: expect.any(String),
      type: 'withdrawal',
      at: expect.any(String),
      story: { id, slug: null, status: 'killed' },
      withdrawal: { kind: 'killed', from: kill.change.at, notice: 'Do not use.' },
    });
    expect((await everything()).filter(({ change }) => change.story.id === id).map(({ type }) => type)).toEqual([
      'withdrawal',
    ]);
    expect((await app.ask('/api/changes?story=quarry')).json).toMatchObject({ status: 410, code: 'killed' });
    follower.close();
  });
});

describe('whoever comes back', () => {
  test('goes on behind the cursor, by the header or the parameter, also from before the first change', async () => {
    const [told, last] = [await everything(), (await everything()).at(-1)!];
    const resumed = await follow('/api/changes', { 'last-event-id': told.at(-3)!.cursor });
    expect((await resumed.caughtUp()).map(({ change }) => change.id)).toEqual(
      told.slice(-2).map(({ change }) => change.id),
    );
    const named = await follow(`/api/changes?after=${told.at(-2)!.cursor}`);
    expect((await named.caughtUp()).map(({ change }) => change.id)).toEqual([last.change.id]);
    const fromNow = await follow();
    expect(fromNow.raw()).toMatch(/^retry: \d+\nid: \S+\n\n: caught up\n\n$/);
    const cursor = fromNow.lastId()!;
    for (const listener of [resumed, named, fromNow]) listener.close();
    await publish('meanwhile');
    const back = await follow('/api/changes', { 'last-event-id': cursor });
    expect((await back.caughtUp()).map(({ change }) => change.story.slug)).toEqual(['meanwhile']);
    back.close();
  });

  test('may ask for JSON instead, page by page', async () => {
    const told = (await everything()).map(({ change }) => change);
    const items = [];
    let after = '2020-01-01T00:00:00Z';
    for (let end = false; !end; ) {
      const { json, headers } = await app.ask(`/api/changes?limit=5&after=${after}`);
      expect(headers.get('cache-control')).toBe('no-store');
      items.push(...json.items);
      ({ next: after, end } = json);
    }
    expect(items).toEqual(told);
    expect((await app.ask(`/api/changes?after=${after}`)).json).toMatchObject({ items: [], end: true });
    const corrections = (await app.ask('/api/changes?after=2020-01-01T00:00:00Z&type=correction')).json.items;
    expect(corrections).toEqual(told.filter(({ type }) => type === 'correction'));
  });

  test('is told what is wrong with a cursor, a type or a story', async () => {
    const list = Buffer.from('["stories",{}]').toString('base64url');
    for (const [path, headers, status, code] of [
      ['?after=yesterday', {}, 400, 'bad-cursor'],
      [`?after=${list}`, {}, 400, 'bad-cursor'],
      ['', { 'last-event-id': '17' }, 400, 'bad-cursor'],
      ['?type=rumour', {}, 422, 'invalid'],
      ['?story=no-such-story', {}, 404, 'story-not-found'],
      ['?format=html', {}, 400, 'unknown-format'],
    ] as const) {
      const answer = await app.ask(`/api/changes${path}`, { headers: { accept: 'text/event-stream', ...headers } });
      expect([path, answer.status, answer.json.code]).toEqual([path, status, code]);
    }
  });
});

test('a cursor does not tell how much is recorded, and ids cannot be guessed from what is public', async () => {
  const { cursor, change } = (await everything())[0]!;
  const [, value] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  expect(Object.keys(value).sort()).toEqual(['at', 'id', 'node']);
  expect(change.id).toMatch(/^[0-9a-f-]{36}$/);
});

test('HEAD has the headers and no stream', async () => {
  const answer = await app.ask('/api/changes?format=events', { method: 'HEAD' });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
});

test('who takes nothing for a while holds up nobody, and then has everything', async () => {
  const [slow, quick] = [await follow('/api/changes'), await follow('/api/changes')];
  slow.response.pause();
  for (let i = 0; i < 20; i++) await version('ferries', { headline: `${i} ${'ferry '.repeat(80)}` });
  const ids = [];
  for (let i = 0; i < 20; i++) ids.push((await quick.next()).change.id);
  slow.response.resume();
  for (const id of ids) expect((await slow.next()).change.id).toBe(id);
  for (const listener of [slow, quick]) listener.close();
});

test('only so many follow at once; others are asked to come again', async () => {
  const open: Listener[] = [];
  // Places of those who have gone are given on once the service has noticed.
  for (;;) {
    const listener = await listen(app.url);
    if (listener.response.statusCode === 503) {
      expect(listener.response.headers['retry-after']).toBe('10');
      await once(listener.response, 'end');
      expect(JSON.parse(listener.raw()).code).toBe('too-many-streams');
      break;
    }
    open.push(listener);
  }
  expect(open.length).toBeLessThanOrEqual(12);
  expect((await app.ask('/api/changes')).status).toBe(200);
  for (const listener of open) listener.close();
});

test('a service that stops ends its streams at once', async () => {
  const other = await startApp({ clock: () => clock });
  const follower = await listen(other.url);
  await follower.caughtUp();
  await other.dispose();
  await follower.ended;
  expect(follower.response.complete).toBe(true);
}, 30_000);
