/** What became of sentences, by the four actions of the NewsEdits study: additions, deletions, edits, refactors (moves). */
import type { BlockReading } from './blocks.js';
import type { Cut } from './cut.js';
import type { CommonRun } from './lcs.js';
import { type Script, stretchesBy } from './script.js';
import { sentencesOf } from './sentences.js';
import { countWords } from './tidy.js';
import type { Summary } from './types.js';

/** With less than this share of its words kept, a sentence is another one. */
const leastKept = 0.25;

/** Counts sentences of prose. One that moved and was edited is both a refactor and an edit. */
export function sentenceActions(
  { matches, units, moves, vocabulary }: Script,
  before: readonly BlockReading[],
  after: readonly BlockReading[],
  language: string | undefined,
): Summary['sentences'] {
  const actions = { additions: 0, deletions: 0, edits: 0, refactors: moves.length };
  const count = (cut: Cut): number =>
    sentencesOf(cut, vocabulary, language).filter((to, k, all) => countWords(cut, all[k - 1] ?? 0, to) > 0).length;
  const [told, toldAfter] = [new Set<number>(), new Set<number>()];
  for (const match of matches) {
    for (const i of match.before) told.add(i);
    for (const j of match.after) toldAfter.add(j);
    const sides = [match.before.map((i) => before[i]!), match.after.map((j) => after[j]!)];
    if (match.moved && sides.flat().every(({ type }) => type === 'block')) {
      const counts = (match.equal ? sides.slice(1) : sides).map((side) =>
        side.reduce((sum, block) => sum + count(block.cut(vocabulary)), 0),
      );
      actions.refactors += Math.min(...counts);
    }
  }
  const [from, to] = [stretchesBy(moves, 'before'), stretchesBy(moves, 'after')];
  for (const { kept, before, after } of moves)
    if (kept.length !== 1 || kept[0]!.length !== before.to - before.from || kept[0]!.length !== after.to - after.from)
      actions.edits++;
  units.forEach(({ match, a, b, kept, shown, before: [i], after: [j] }, u) => {
    if (i !== undefined && !match) told.add(i);
    if (j !== undefined && !match) toldAfter.add(j);
    if ((i !== undefined && before[i]!.type !== 'block') || (j !== undefined && after[j]!.type !== 'block')) return;
    const left = new Set((from.get(u) ?? []).map(({ stretch }) => stretch.from));
    const came = new Set((to.get(u) ?? []).map(({ stretch }) => stretch.from));
    eachSentence(a, kept, shown, 'before', (from, words, stayed) => {
      if (!left.has(from) && stayed < leastKept * words) actions.deletions++;
    });
    eachSentence(b, kept, shown, 'after', (from, words, stayed, whole) => {
      if (came.has(from)) return;
      if (stayed < leastKept * words) actions.additions++;
      else if (!whole) actions.edits++;
    });
  });
  before.forEach((block, i) => {
    if (!told.has(i) && block.type === 'block') actions.deletions += count(block.cut(vocabulary));
  });
  after.forEach((block, j) => {
    if (!toldAfter.has(j) && block.type === 'block') actions.additions += count(block.cut(vocabulary));
  });
  return actions;

  // Words are counted as they were found; whole is what people are shown whole.
  function eachSentence(
    cut: Cut,
    kept: readonly CommonRun[],
    shown: readonly CommonRun[],
    side: 'before' | 'after',
    tell: (from: number, words: number, stayed: number, whole: boolean) => void,
  ) {
    const reaches = (run: CommonRun | undefined, word: number) => !run || run[side] + run.length > word;
    let [from, k, s] = [0, 0, 0];
    for (const to of sentencesOf(cut, vocabulary, language)) {
      let words = 0;
      let stayed = 0;
      for (let i = from; i < to; i++) {
        if (cut.isWord[i] !== 1) continue;
        words++;
        while (!reaches(kept[k], i)) k++;
        if (k < kept.length && kept[k]![side] <= i) stayed++;
      }
      while (!reaches(shown[s], from)) s++;
      const whole = s < shown.length && shown[s]![side] <= from && reaches(shown[s], to - 1);
      if (words > 0) tell(from, words, stayed, whole);
      from = to;
    }
  }
}
