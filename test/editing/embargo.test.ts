/** Writing while an embargo ends. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningApp, startApp } from '../support/start-app.js';

const start = Date.parse('2026-05-14T11:27:00.000Z');
const ends = Date.parse('2026-05-14T18:00:00.000Z');
/** What the clock says at each reading; the last again and again. */
let readings = [start];
let app: RunningApp;
beforeAll(async () => {
  app = await startApp({ clock: () => (readings.length > 1 ? readings.shift()! : readings[0]!) });
  await app.ask('/api/stories', { as: 'editor', body: { slug: 'ferries', headline: 'Ferries stopped' } });
  await change({ headline: 'Evening edition', inForceFrom: '2026-05-14T18:00:00Z' }, '"0.1"');
});
afterAll(() => app.dispose());

const change = (body: object, etag: string) =>
  app.ask('/api/stories/ferries/versions', { as: 'editor', body, headers: { 'if-match': etag } });

test('an embargo that ends at any moment of a command is never overwritten unseen', async () => {
  for (let before = 0; before < 8; before++) {
    readings = [...Array(before).fill(ends - 1), ends + 1];
    const answer = await change({ standfirst: 'Nobody was hurt' }, '"1.1"');
    expect(['story-changed', 'would-supersede']).toContain(answer.json.code);
  }
});

test('whoever saw the story before the embargo ended is told that it has', async () => {
  readings = [ends];
  const answer = await change({ standfirst: 'Nobody was hurt' }, '"1.1"');
  expect([answer.status, answer.json.code, answer.json.versionInForce]).toEqual([412, 'story-changed', 2]);
  expect(answer.headers.get('etag')).toBe('"1.2"');
  const now = await change({ standfirst: 'Nobody was hurt' }, '"1.2"');
  expect([now.status, now.json.version]).toEqual([201, 3]);
  expect((await app.ask('/api/stories/ferries/versions/3')).json.headline).toBe('Evening edition');
});
