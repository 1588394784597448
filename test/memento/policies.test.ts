/** Memento where it could go wrong at the edges: a thousand versions, embargoes that end, a publisher who shows only the present. */
import { expect, test } from '@jest/globals';
import LinkHeader from 'http-link-header';
import { msOf, plusMs } from '../../src/story/instant.js';
import { at, publish, update } from '../../src/story/telling.test-support.js';
import { startApp } from '../support/start-app.js';
import { Newsroom as Log } from '../views/newsroom.js';
import { instant, openNewsroom } from './newsroom.js';

const http = (time: string) => new Date(instant(time)).toUTCString();

test('a TimeMap has a thousand versions in one answer, and a version in their midst knows its place', async () => {
  const log = await Log.open();
  const story = log.newId();
  await log.tell(story, publish({}), at('11:00'));
  for (let n = 2; n <= 1000; n++) await log.tell(story, update(`Report ${n}`), plusMs(at('11:00'), n * 500));
  await log.views.close();
  await log.store.close();
  const app = await startApp({ data: log.directory, clock: () => msOf(at('12:00')) });
  try {
    const { slug } = (await app.ask(`/api/stories/${story}`)).json.story;
    const page = `${app.url}/stories/${slug}`;
    const map = await app.ask(`/timemap/link/${page}`);
    const mementos = LinkHeader.parse(map.text.replaceAll('\n', ' ')).refs.filter(({ rel }) => rel === 'memento');
    expect(mementos.map(({ uri }) => uri)).toEqual([...Array(1000).keys()].map((n) => `${page}/versions/${n + 1}`));
    const told = await app.ask(`/stories/${slug}/versions/500`);
    const links = LinkHeader.parse(told.headers.get('link')!);
    expect(['first', 'prev', 'next', 'last'].map((rel) => links.rel(rel)[0]!.uri)).toEqual(
      [1, 499, 501, 1000].map((n) => `${page}/versions/${n}`),
    );
    const date = told.headers.get('memento-datetime')!;
    const gate = await app.ask(`/timegate/${page}`, { headers: { 'accept-datetime': date } });
    // Two a second: the last of its second.
    expect(gate.headers.get('location')).toBe(`${page}/versions/501`);
  } finally {
    await app.dispose();
  }
}, 60_000);

test('where only what is in force is public, that version is the only memento, whenever is asked', async () => {
  const room = await openNewsroom({ PALIMPSEST_PUBLIC_HISTORY: 'none' });
  const page = `${room.app.url}/stories/ferry-fire`;
  const gate = async (time: string, original = page) =>
    (await room.app.ask(`/timegate/${original}`, { headers: { 'accept-datetime': http(time) } })).headers.get(
      'location',
    );
  try {
    room.at('11:27');
    await room.publish({ slug: 'ferry-fire', headline: 'Ferries stopped', url: 'https://news.example/first' });
    room.at('12:20');
    await room.version('ferry-fire', { headline: 'Ferries back', url: 'https://news.example/second' });
    await room.version('ferry-fire', { headline: 'Waiting', inForceFrom: instant('18:00') });
    room.at('13:00');
    for (const time of ['11:00', '11:30', '12:30']) expect(await gate(time)).toBe(`${page}/versions/2`);
    const map = (await room.app.ask(`/timemap/link/${page}`)).text;
    expect(map.match(/versions\/\d+>; rel="[^"]*"/g)).toEqual(['versions/2>; rel="first last memento"']);
    const version = await room.app.ask('/stories/ferry-fire/versions/2');
    expect(version.headers.get('memento-datetime')).toBe(http('12:20'));
    expect(version.headers.get('link')).not.toMatch(/versions\/[13]>|prev|next|predecessor/);
    // Nor is a story known by the address of a version that is not.
    expect(await gate('12:30', 'https://news.example/second')).toBe(`${page}/versions/2`);
    expect(await gate('12:30', 'https://news.example/first')).toBeNull();
  } finally {
    await room.app.dispose();
  }
}, 60_000);

test('an embargoed version is a memento from the moment its time comes, and its address the story’s', async () => {
  const room = await openNewsroom();
  const page = `${room.app.url}/stories/ferry-fire`;
  const mementos = async () => (await room.app.ask(`/timemap/link/${page}`)).text.match(/versions\/\d+/g);
  const statusAt = async (url: string) => (await room.app.ask(`/timegate/${url}`)).status;
  try {
    room.at('11:27');
    await room.publish({ slug: 'ferry-fire', headline: 'Ferries stopped' });
    const inForceFrom = instant('12:00');
    await room.version('ferry-fire', { headline: 'Ferries back', url: 'https://news.example/back', inForceFrom });
    room.at('11:59:59.999');
    expect([await mementos(), await statusAt('https://news.example/back')]).toEqual([['versions/1'], 404]);
    room.at('12:00');
    expect([await mementos(), await statusAt('https://news.example/back')]).toEqual([
      ['versions/1', 'versions/2'],
      302,
    ]);
    const gate = await room.app.ask(`/timegate/${page}`, { headers: { 'accept-datetime': http('12:00') } });
    expect(gate.headers.get('location')).toBe(`${page}/versions/2`);
  } finally {
    await room.app.dispose();
  }
}, 60_000);
