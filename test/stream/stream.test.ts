/** The public stream as programs follow it: server-sent events of a service that runs, over real connections. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningApp, startApp } from '../support/start-app.js';
import { type Listener, listen } from './listening.js';

let clock = Date.parse('2026-05-14T11:27:00.000Z');
let app: RunningApp;
const listeners: Listener[] = [];

beforeAll(async () => {
  app = await startApp({ clock: () => clock });
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

async function send(method: string, path: string, body: object) {
  clock += 1000;
  const answer = await app.ask(`/api/stories${path}`, { as: 'standards', method, body, headers: { 'if-match': '*' } });
  expect([method, path, Math.floor(answer.status / 100), answer.json.code]).toEqual([method, path, 2, undefined]);
  return answer.json;
}
const publish = (slug: string, more: object = {}) =>
  send('POST', '', { slug, headline: `News of ${slug}`, body: { text: 'The ferry sails.' }, ...more });

describe('a follower is told', () => {
  test('a story, its next version, a correction, each once and at once', async () => {
    const follower = await follow();
    await publish('ferries');
    await send('POST', '/ferries/versions', { headline: 'No ferry sails', note: 'The strike began.' });
    await send('POST', '/ferries/versions', { headline: 'Two sail', correction: { notice: 'Two ferries do sail.' } });
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
  });
});
