/**
 * What the KurrentDB store costs beside the bare client doing the same work, in the same run: appending, following the
 * whole log, and how soon another node shows what was written. `npm run bench:kurrentdb -- <connection string>`, best of a
 * cluster that does nothing else. Wanted: at least 0.7 of the bare client.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noStory, openLog } from '../src/event-store/log.js';
import { openStore } from '../src/event-store/open.js';
import { openViews } from '../src/views/views.js';
import { type Bare, bareClient } from './kurrentdb-bare.js';
import { commandOf, sealedStory } from './kurrentdb-events.js';

const [address] = process.argv.slice(2);
if (!address) {
  console.error('npm run bench:kurrentdb -- <connection string>');
  process.exit(2);
}
const events = Number(process.env.EVENTS ?? 2000);
const rounds = Number(process.env.ROUNDS ?? 3);
const openHere = () => openStore({ store: { kind: 'kurrentdb', address }, data: '' });
const store = await openHere();
const bare = await bareClient(address);
const before = await store.head();

/** Per second. */
async function rate(count: number, atOnce: number, work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  let left = count;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) await work();
    }),
  );
  return count / ((performance.now() - began) / 1000);
}

const sorted = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);
const quantile = (numbers: readonly number[], q: number) => sorted(numbers)[Math.floor((numbers.length - 1) * q)]!;
const median = (numbers: readonly number[]) => quantile(numbers, 0.5);
const whole = (number: number) => number.toFixed(0);

/** One after the other, round by round: what else the machine does is the same for both. */
async function beside(name: string, ours: () => Promise<number>, theirs: () => Promise<number>): Promise<void> {
  const told: { ours: number; theirs: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const inTurn =
      round % 2 ? { theirs: await theirs(), ours: await ours() } : { ours: await ours(), theirs: await theirs() };
    told.push(inTurn);
  }
  const ratios = told.map((round) => round.ours / round.theirs);
  console.log(
    `${name}: ${whole(median(told.map(({ ours }) => ours)))}/s, bare client ${whole(median(told.map(({ theirs }) => theirs)))}/s, ratio ${median(ratios).toFixed(2)} (${ratios.map((ratio) => ratio.toFixed(2)).join(', ')})`,
  );
}

for (const atOnce of [1, 16, 64]) {
  const count = atOnce === 1 ? Math.min(200, events) : Math.ceil(events / rounds);
  await beside(
    `appends of a record with its texts, ${atOnce} at once`,
    () =>
      rate(count, atOnce, () => {
        const { stream, event } = sealedStory();
        return store.append(stream, -1, [event]);
      }),
    () => rate(count, atOnce, () => bare.append(sealedStory())),
  );
}

const log = openLog(store);
await beside(
  'following the log from where this run began, every text opened and checked',
  async () => {
    const began = performance.now();
    let count = 0;
    for await (const batch of log.subscribe(before, new AbortController().signal)) {
      count += batch.events.length;
      if (batch.caughtUp) break;
    }
    return count / ((performance.now() - began) / 1000);
  },
  async () => {
    const began = performance.now();
    const count = await bare.followAll(before);
    return count / ((performance.now() - began) / 1000);
  },
);

await writeToVisible(bare);
await bare.close();
await store.close();

/** From asking for the append until the other node's views have it, beside until a bare subscription has it. */
async function writeToVisible({ follow }: Bare): Promise<void> {
  const elsewhere = await openHere();
  const folder = mkdtempSync(join(tmpdir(), 'palimpsest-bench-'));
  const views = await openViews(folder, openLog(elsewhere));
  await views.catchUp();
  views.run();
  const arrivals = await follow(await store.head());
  const [ours, theirs]: number[][] = [[], []];
  for (let i = 0; i < 200; i++) {
    const story = randomUUID();
    const arrived = arrivals.of(`story-${story}`);
    const began = performance.now();
    const shown = new Promise<number>((resolve) => {
      const quiet = views.whenAnnounced(() => {
        if (!views.story(story)) return;
        quiet();
        resolve(performance.now());
      });
    });
    await log.append({ story, expected: noStory, ...commandOf() });
    ours!.push((await shown) - began);
    theirs!.push((await arrived) - began);
  }
  const told = (name: string, ms: number[]) =>
    `${name} ${quantile(ms, 0.5).toFixed(1)} ms (p95 ${quantile(ms, 0.95).toFixed(1)} ms)`;
  console.log(
    `write to visible: ${told("another node's views", ours!)}, ${told('bare subscription', theirs!)}, ratio ${(quantile(theirs!, 0.5) / quantile(ours!, 0.5)).toFixed(2)}`,
  );
  await arrivals.close();
  await views.close();
  await elsewhere.close();
  rmSync(folder, { recursive: true, force: true });
}
