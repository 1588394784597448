/** As-of on both axes, asked of real tables: for random histories, however they are cut into batches. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Log, openLog } from '../../src/event-store/log.js';
import { openSqliteStore } from '../../src/event-store/sqlite/store.js';
import type { Opened } from '../../src/story/events.js';
import { type Instant, laterOf, plusMs } from '../../src/story/instant.js';
import { inForceByTheBook } from '../../src/story/model.test-support.js';
import { at, publish, Telling, update } from '../../src/story/telling.test-support.js';
import { openViews } from '../../src/views/views.js';

const seed = Number(process.env.PROPERTY_SEED ?? 20260514);
console.info(`as-of properties: seed ${seed} (PROPERTY_SEED)`);

const minute = 60_000;
/** Minutes are few, so that times collide. */
const step = fc.record({
  wait: fc.constantFrom(0, 1, minute, 2 * minute),
  act: fc.constantFrom('update', 'update', 'cancel', 'withdraw', 'reinstate', 'correct-time'),
  ahead: fc.constantFrom(0, minute, 2 * minute, 5 * minute),
  version: fc.integer({ min: 1, max: 5 }),
});
const history = fc.record({
  embargo: fc.constantFrom(0, minute, 4 * minute),
  steps: fc.array(step, { maxLength: 10 }),
  cuts: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }),
});
type Told = typeof history extends fc.Arbitrary<infer H> ? H : never;

function tell({ embargo, steps }: Told): Telling {
  const telling = new Telling();
  let clock = at('11:00');
  telling.when(publish({ inForceFrom: plusMs(clock, embargo) }), clock);
  for (const [index, { wait, act, ahead, version }] of steps.entries()) {
    clock = plusMs(clock, wait + 1);
    const { versions, recordedAt } = telling.story;
    const now = plusMs(laterOf(recordedAt!, clock), 1);
    const waiting = versions.filter((one) => !one.cancelled && one.inForceFrom > now);
    const texts = {};
    if (act === 'update') {
      const inForceFrom = plusMs(now, ahead + 1);
      const supersedes = waiting.filter((one) => one.inForceFrom >= inForceFrom).map((one) => one.version);
      const base = versions.at(-1)!.version;
      telling.when(update(`At ${index}`, { inForceFrom, supersedes, base }), clock);
    } else if (act === 'cancel') telling.when({ type: 'cancel', version }, clock);
    else if (act === 'withdraw') {
      const data = { withdrawal: `w${index}`, kind: 'unpublished' as const, at: now };
      telling.record({ type: 'StoryWithdrawn', data, texts }, now);
    } else if (act === 'correct-time') {
      const [first, next] = waiting;
      const inForceFrom = first && plusMs(first.inForceFrom, 1);
      if (!inForceFrom || (next && inForceFrom >= next.inForceFrom)) continue;
      telling.record({ type: 'VersionTimeCorrected', data: { version: first.version, inForceFrom }, texts }, now);
    } else telling.record({ type: 'StoryReinstated', data: { at: now }, texts }, now);
  }
  return telling;
}

const opened = (story: string, { told }: Telling, after: number): Opened[] =>
  told.map(({ event, texts }, index) => ({
    story,
    revision: event.revision,
    position: String(after + index + 1).padStart(16, '0'),
    hash: 'not asked for here',
    type: event.type,
    data: event.data,
    metadata: event.metadata,
    texts: texts as Opened['texts'],
    textStates: Object.fromEntries(event.textNames.map((name) => [name, 'verified'])),
  }));

test('the tables answer as the time rule says, and are the same from any batches', async () => {
  const directories = [await mkdtemp(join(tmpdir(), 'palimpsest-')), await mkdtemp(join(tmpdir(), 'palimpsest-'))];
  const store = await openSqliteStore(directories[0]!);
  const facts = new Map<string, Telling>();
  const log: Log = {
    ...openLog(store),
    async *readFacts(story) {
      for (const event of facts.get(story)!.events) yield { ...event, position: '', hash: '' };
    },
  };
  const [whole, cut] = [await openViews(directories[0]!, log), await openViews(directories[1]!, log)];
  let [stories, position, asked] = [0, 0, 0];
  const check = async (history: Told) => {
    const story = `story-${stories++}`;
    const telling = tell(history);
    facts.set(story, telling);
    const events = opened(story, telling, position);
    position += events.length;
    await whole.project(events);
    for (let i = 0, c = 0; i < events.length; c++) {
      const size = history.cuts[c % history.cuts.length]!;
      await cut.project(events.slice(i, i + size));
      i += size;
    }

    const recorded = [...new Set(telling.events.map(({ metadata }) => metadata.recordedAt))];
    const times = telling.story.versions.map(({ inForceFrom }) => inForceFrom);
    const moments = [...new Set([...recorded, ...times].flatMap((t): Instant[] => [plusMs(t, -1), t, plusMs(t, 1)]))];
    for (const known of recorded) {
      for (const moment of moments) {
        const reign = whole.reignAt(story, moment, known);
        const answer = reign && { version: reign.version, withdrawal: reign.withdrawal };
        expect({ moment, known, answer }).toEqual({
          moment,
          known,
          answer: inForceByTheBook(telling.events, moment, known),
        });
        asked++;
      }
    }
    const last = recorded.at(-1)!;
    for (const moment of moments) expect(whole.reignAt(story, moment)).toEqual(whole.reignAt(story, moment, last));
  };
  try {
    await fc.assert(fc.asyncProperty(history, check), { seed, numRuns: 100 });
    expect([...cut.dump()]).toEqual([...whole.dump()]);
    expect(asked).toBeGreaterThan(5000);
  } finally {
    await Promise.all([whole.close(), cut.close(), store.close()]);
    for (const directory of directories) await rm(directory, { recursive: true });
  }
}, 60_000);
