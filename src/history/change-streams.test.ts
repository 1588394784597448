/** Followers that take nothing: what is kept for them is bounded, and they are let go without harm to others. */
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { ChangeAnswer, Followed } from './answers.js';
import { openChangeStreams } from './change-streams.js';
import type { Following } from './questions.js';

const words = 'ferry '.repeat(1000);

/** A stream of as many changes as `told` says by then. */
function streamOf(told: () => number) {
  const reads: Following[] = [];
  const follow = (following: Following): Followed => {
    reads.push(following);
    const place = Math.min(told(), following.place + following.limit!);
    const items = Array.from({ length: place - following.place }, (_, i) => {
      const id = String(following.place + i + 1);
      return { cursor: id, change: { id, type: 'version', words } as unknown as ChangeAnswer };
    });
    return { items, passed: { count: 0, cursor: null }, place, end: place === told() };
  };
  return { reads, follow, cursorAt: String };
}

test('one who takes nothing has a page waiting, is let go at the second beat, and the others are told everything', async () => {
  let told = 0;
  const source = streamOf(() => told);
  const streams = openChangeStreams(source, 2);
  const slow = streams.open({ place: 0 }, { fromNow: true })!;
  const quick = streams.open({ place: 0 }, { fromNow: true })!;
  expect(streams.open({ place: 0 }, { fromNow: true })).toBeUndefined();
  let heard = '';
  quick.setEncoding('utf8').on('data', (piece) => {
    heard += piece;
  });
  for (told = 1; told <= 300; told++) {
    streams.pumpAll();
    await turn();
  }
  expect(heard.match(/^event: version$/gm)).toHaveLength(300);
  expect(slow.writableLength + slow.readableLength).toBeLessThan(2 * 65_536 + 21 * words.length);
  expect(slow.destroyed).toBe(false);
  streams.beat();
  expect(slow.destroyed).toBe(false);
  streams.beat();
  expect([slow.destroyed, quick.destroyed]).toEqual([true, false]);
  await turn();
  expect(streams.open({ place: 0 }, { fromNow: false })).toBeDefined();
  streams.close();
  expect(streams.open({ place: 0 }, { fromNow: false })).toBeUndefined();
});

test('one who was slow for a while goes on where it was', async () => {
  const source = streamOf(() => 100);
  const streams = openChangeStreams(source, 1);
  const out = streams.open({ place: 0 }, { fromNow: false })!;
  for (let i = 0; i < 20; i++) await turn();
  streams.beat();
  let heard = '';
  out.setEncoding('utf8').on('data', (piece) => {
    heard += piece;
  });
  while (!heard.includes(': caught up')) await turn();
  streams.beat();
  expect(out.destroyed).toBe(false);
  expect([...heard.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))).toEqual(
    Array.from({ length: 100 }, (_, i) => i + 1),
  );
  streams.close();
});

test('what many wait for at one place is read once', async () => {
  let told = 0;
  const source = streamOf(() => told);
  const streams = openChangeStreams(source, 50);
  for (let i = 0; i < 50; i++) streams.open({ place: 0 }, { fromNow: true })!.resume();
  source.reads.length = 0;
  told = 1;
  streams.pumpAll();
  await turn();
  expect(source.reads).toHaveLength(1);
  streams.close();
});

test('one address has a tenth of the places, and others have theirs all the same', async () => {
  const streams = openChangeStreams(
    streamOf(() => 0),
    20,
  );
  const open = (from?: string) => streams.open({ place: 0 }, { fromNow: true, ...(from && { from }) });
  const [first] = [open('198.51.100.1'), open('198.51.100.1')];
  expect(open('198.51.100.1')).toBeUndefined();
  expect(open('198.51.100.2')).toBeDefined();
  for (let n = 0; n < 5; n++) expect(open()).toBeDefined();
  first!.destroy();
  await turn();
  expect(open('198.51.100.1')).toBeDefined();
  expect(open('198.51.100.1')).toBeUndefined();
  streams.close();
});
