/** Authorship in the views: the same rows from any batches, and from a log whose words have gone. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DraftBlock } from '../../src/content/types.js';
import { type Log, openLog } from '../../src/event-store/log.js';
import { openSqliteStore } from '../../src/event-store/sqlite/store.js';
import type { Opened, Reference } from '../../src/story/events.js';
import { textKey } from '../../src/story/evolve.js';
import { plusMs } from '../../src/story/instant.js';
import { at, paragraph, publish, Telling } from '../../src/story/telling.test-support.js';
import { openViews } from '../../src/views/views.js';

const seed = Number(process.env.PROPERTY_SEED ?? 20260514);
console.info(`authorship properties: seed ${seed} (PROPERTY_SEED)`);

const minute = 60_000;
// Few, so that they leave, move, come back and are edited.
const sentences = [
  'A fire stopped all sailings to Eyot Island on Thursday.',
  'Nobody was hurt and everyone is accounted for.',
  'Bay Island Ferries said boats would sail again by Saturday.',
  'The harbour master closed Quay 9 until further notice.',
  'Twelve engines came from as far away as Harrow Bay.',
  'Residents were told to keep their windows shut overnight.',
];
const body = fc.array(fc.array(fc.nat({ max: sentences.length - 1 }), { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 4,
});
const step = fc.record({
  act: fc.constantFrom('body', 'body', 'body', 'turn', 'headline', 'statement', 'embargo', 'base', 'restore', 'erase'),
  body,
  word: fc.constantFrom('', 'Late', 'On Friday'),
  number: fc.nat({ max: 20 }),
});
const history = fc.record({
  first: body,
  steps: fc.array(step, { minLength: 2, maxLength: 9 }),
  cuts: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }),
});
type Told = typeof history extends fc.Arbitrary<infer H> ? H : never;

const paragraphs = (body: number[][], word = ''): DraftBlock[] =>
  body.map((parts) => paragraph(`${word} ${parts.map((part) => sentences[part]).join(' ')}`.trim()));

function tell({ first, steps }: Told): { telling: Telling; erased: Set<string> } {
  const telling = new Telling();
  const erased = new Set<string>();
  let clock = at('11:00');
  telling.when(publish({ body: paragraphs(first) }), clock);
  for (const { act, body, word, number } of steps) {
    clock = plusMs(clock, minute);
    const { versions } = telling.story;
    const some = 1 + (number % versions.length);
    const supersedes = versions.filter((one) => !one.cancelled && one.inForceFrom > clock).map((one) => one.version);
    const change = { type: 'new-version' as const, supersedes, base: versions.at(-1)!.version };
    if (act === 'headline') telling.when({ ...change, fields: { headline: sentences[number % 6]! } }, clock);
    else if (act === 'turn') {
      const last = telling.content(versions.length).body;
      telling.when({ ...change, body: last.toReversed() as DraftBlock[] }, clock);
    } else if (act === 'embargo') {
      telling.when({ ...change, body: paragraphs(body, word), inForceFrom: plusMs(clock, 5 * minute) }, clock);
    } else if (act === 'base') telling.when({ ...change, base: some, body: paragraphs(body, word) }, clock);
    else if (act === 'restore') {
      const { base: _, ...rest } = change;
      telling.when({ ...rest, restores: some }, clock);
    } else if (act === 'statement') {
      const statements = [{ speaker: 'Lena Okafor', blocks: paragraphs(body.slice(0, 1)) }];
      telling.when({ ...change, body: paragraphs(body, word), statements }, clock);
    } else if (act === 'erase') {
      const texts = telling.told.flatMap(({ event }): Reference[] =>
        event.textNames.filter((name) => /^(body|headline)/.test(name)).map((name) => [event.revision, name]),
      );
      const references = [texts[number % texts.length]!];
      for (const text of references) erased.add(textKey(text));
      const recordedAt = plusMs(telling.story.recordedAt!, 1);
      telling.record({ type: 'TextsErased', data: { references, authority: 'court-order' }, texts: {} }, recordedAt);
    } else telling.when({ ...change, body: paragraphs(body, word) }, clock);
  }
  return { telling, erased };
}

const opened = (story: string, { told }: Telling, after: number, erased: ReadonlySet<string>): Opened[] =>
  told.map(({ event, texts }, index) => {
    const states = event.textNames.map((name) => [name, erased.has(`${event.revision}/${name}`)] as const);
    return {
      story,
      revision: event.revision,
      position: String(after + index + 1).padStart(16, '0'),
      hash: 'not asked for here',
      type: event.type,
      data: event.data,
      metadata: event.metadata,
      texts: Object.fromEntries(
        states.map(([name, gone]) => [name, gone ? null : (texts as Record<string, unknown>)[name]]),
      ),
      textStates: Object.fromEntries(states.map(([name, gone]) => [name, gone ? 'erased' : 'verified'])),
    };
  });

test('the rows are the same from any batches, and from a log without the words that were erased', async () => {
  const directories = await Promise.all([1, 2, 3].map(() => mkdtemp(join(tmpdir(), 'palimpsest-'))));
  const store = await openSqliteStore(directories[0]!);
  const facts = new Map<string, Telling>();
  const log: Log = {
    ...openLog(store),
    async *readFacts(story) {
      for (const event of facts.get(story)!.events) yield { ...event, position: '', hash: '' };
    },
  };
  const [whole, cut, gone] = await Promise.all(directories.map((directory) => openViews(directory, log)));
  // In turn with another on the same file: what each knew of a story is then old.
  const beside = await openViews(directories[1]!, log);
  let [stories, position] = [0, 0];
  const check = async (history: Told) => {
    const story = `story-${stories++}`;
    const { telling, erased } = tell(history);
    facts.set(story, telling);
    const events = opened(story, telling, position, new Set());
    await whole!.project(events);
    await gone!.project(opened(story, telling, position, erased));
    position += events.length;
    for (let i = 0, c = 0; i < events.length; c++) {
      const size = history.cuts[c % history.cuts.length]!;
      await (c % 2 ? beside : cut!).project(events.slice(i, i + size));
      i += size;
    }
  };
  try {
    await fc.assert(fc.asyncProperty(history, check), { seed, numRuns: 80 });
    const rows = [...whole!.dump()];
    const counts = Map.groupBy(rows, (row) => row.split(' ')[0]);
    for (const table of ['authorship', 'moved_texts', 'removed_sentences', 'erasures']) {
      expect([table, counts.get(table)!.length > 8]).toEqual([table, true]);
    }
    expect(rows.filter((row) => /^removed.*"returned_in":\d/.test(row)).length).toBeGreaterThan(8);
    expect([...cut!.dump()]).toEqual(rows);
    expect([...gone!.dump()]).toEqual(rows);
  } finally {
    await Promise.all([whole!, cut!, gone!, beside, store].map((one) => one.close()));
    for (const directory of directories) await rm(directory, { recursive: true });
  }
}, 60_000);
