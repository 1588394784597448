/** Authorship against a naive count: words of which no two are alike, looked for in every version that a viewer may read. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DraftBlock } from '../../src/content/types.js';
import type { AuthorshipAnswer } from '../../src/history/answers.js';
import { openHistory } from '../../src/history/history.js';
import type { Asking } from '../../src/history/questions.js';
import { msOf, plusMs } from '../../src/story/instant.js';
import { at, paragraph, publish } from '../../src/story/telling.test-support.js';
import { Newsroom } from '../views/newsroom.js';

const seed = Number(process.env.PROPERTY_SEED ?? 20260514);
console.info(`authorship properties: seed ${seed} (PROPERTY_SEED)`);

const minute = 60_000;
const viewers: Record<string, Asking> = {
  reader: { audience: 'public', may: () => false },
  editor: { audience: 'staff', may: () => true },
};

let newsroom: Newsroom;
beforeAll(async () => {
  newsroom = await Newsroom.open();
});
afterAll(() => newsroom.close());

const step = fc.record({
  act: fc.constantFrom('add', 'add', 'drop', 'drop', 'insert', 'back', 'turn', 'hide'),
  embargoed: fc.constantFrom(false, false, false, true),
  place: fc.nat({ max: 20 }),
});
const history = fc.array(step, { minLength: 3, maxLength: 10 });

let minted = 0;
const words = (count: number) => Array.from({ length: count }, () => `wort${(minted++).toString(36)}`);
const textOf = (body: readonly string[][]): DraftBlock[] => body.map((words) => paragraph(`${words.join(' ')}.`));

interface Told {
  version: number;
  body: string[][];
  public: boolean;
}

/** Does it; gives every version with its words, and whether readers may have it. */
async function tell(story: string, steps: typeof history extends fc.Arbitrary<infer T> ? T : never): Promise<Told[]> {
  let clock = at('11:00');
  const first = [words(8), words(8), words(8)];
  await newsroom.tell(story, publish({ slug: `story-${story.slice(0, 8)}`, body: textOf(first) }), clock);
  const told: Told[] = [{ version: 1, body: first, public: true }];
  const gone: string[][] = [];
  for (const { act, embargoed, place } of steps) {
    clock = plusMs(clock, minute);
    const { versions } = newsroom.of(story).story;
    if (act === 'hide') {
      const shown = told.filter((one) => one.public && one.version < told.length);
      const one = shown[place % Math.max(1, shown.length)];
      if (!one) continue;
      one.public = false;
      await newsroom.record(story, [{ type: 'VersionHidden', data: { version: one.version }, texts: {} }], clock);
      continue;
    }
    const base = told.findLast(({ version }) => versions[version - 1]!.inForceFrom <= clock)!;
    const body = base.body.map((words) => [...words]);
    const index = place % body.length;
    if (act === 'add') body.splice(index, 0, words(8));
    else if (act === 'insert') body[index]!.splice(place % 8, 0, ...words(1));
    else if (act === 'turn') body.push(...body.splice(index, 1));
    else if (act === 'drop' && body.length > 1) gone.push(...body.splice(index, 1));
    else if (act === 'back' && gone.length > 0) {
      const back = gone[place % gone.length]!;
      if (!body.some((words) => words[0] === back[0])) body.splice(index, 0, back);
    }
    const waiting = versions.filter((one) => !one.cancelled && one.inForceFrom > clock).map((one) => one.version);
    const change = { type: 'new-version' as const, body: textOf(body), base: base.version, note: 'Said' };
    const when = { supersedes: waiting, ...(embargoed && { inForceFrom: at('22:00') }) };
    await newsroom.tell(story, { ...change, ...when }, clock);
    told.push({ version: told.length + 1, body, public: !embargoed });
  }
  return told;
}

/** `word first broughtBack`, by looking. What was cancelled before it was ever in force took nothing away. */
function naively(told: readonly Told[], version: number, isCancelled: (version: number) => boolean): string[] {
  const seen = told.filter((one) => one.version <= version);
  const says = new Map(seen.map(({ version, body }) => [version, new Set(body.flat())]));
  const line = seen.map((one) => one.version).filter((one) => one === version || !isCancelled(one));
  return [...says.get(version)!].map((word) => {
    const first = seen.find((one) => says.get(one.version)!.has(word))!.version;
    const back = line.findLast(
      (one, i) => line[i - 1]! > first && says.get(one)!.has(word) && !says.get(line[i - 1]!)!.has(word),
    );
    return `${word} ${first} ${back ?? ''}`;
  });
}

const answered = ({ body }: AuthorshipAnswer): string[] =>
  body.flatMap(({ text, spans }) =>
    spans.flatMap(({ from, to, first, broughtBack }) =>
      (text as string)
        .slice(from, to)
        .split(' ')
        .map((word) => `${word} ${first} ${broughtBack ?? ''}`),
    ),
  );

test('every word is of the version that a search through all that the viewer may read finds first', async () => {
  let [asked, back] = [0, 0];
  const check = async (steps: Parameters<typeof tell>[1]) => {
    const story = newsroom.newId();
    const told = await tell(story, steps);
    const { versions } = newsroom.of(story).story;
    const now = plusMs(newsroom.of(story).story.recordedAt!, 1);
    const { authorship } = openHistory(newsroom.views, { publicHistory: 'all', editorsNames: 'none' }, () => msOf(now));
    for (const [name, viewer] of Object.entries(viewers)) {
      const theirs = name === 'editor' ? told : told.filter((one) => one.public);
      for (const { version } of theirs) {
        const answer = await authorship(viewer, story, { version });
        if (!answer.ok) throw new Error(answer.refusal.detail);
        const expected = naively(theirs, version, (number) => versions[number - 1]!.cancelled);
        expect([name, version, answered(answer.value)]).toEqual([name, version, expected]);
        asked++;
        back += expected.filter((word) => /\d$/.test(word.split(' ')[2]!)).length;
      }
    }
  };
  await fc.assert(fc.asyncProperty(history, check), { seed, numRuns: 40 });
  expect(asked).toBeGreaterThan(300);
  expect(back).toBeGreaterThan(50);
}, 60_000);
