/**
 * The words of two texts compared: the longest common subsequence of everything but white space, then, for people, a
 * tidier script. White space goes with the word behind it.
 */
import { type CommonRun, intern, longestCommon } from './lcs.js';
import type { RunOp, WordCounts } from './types.js';
import type { Token } from './words.js';

/** Tokens `from` up to `to` of the before side (kept, deleted) and of the after side (kept, inserted). */
export interface Step {
  op: RunOp;
  before: readonly [from: number, to: number];
  after: readonly [from: number, to: number];
}

export interface WordDiff {
  /** For reading: short kept runs between edits given up, edits slid to the ends of sentences. */
  steps: Step[];
  /** Exact, whatever the tidying did to the script. */
  words: WordCounts;
  exact: boolean;
  /** Comparisons of words that were made. */
  work: number;
}

/** Comparisons of two words that one pair of texts may take; about 40 ms. */
export const pairWork = 4_000_000;

/** Compares two texts. The other way round it gives the mirror image. `work`: how many comparisons of words at most. */
export function diffWords(before: readonly Token[], after: readonly Token[], work = pairWork): WordDiff {
  if (isAhead(after, before)) {
    const { steps, words, ...rest } = diffWords(after, before, work);
    return { steps: mirrored(steps), words: { added: words.removed, removed: words.added }, ...rest };
  }
  const a = solid(before);
  const b = solid(after);
  const numbers = new Map<string, number>();
  const interned = (tokens: readonly Token[]) => tokens.map(({ text }) => intern(numbers, text));
  const { runs, ...rest } = longestCommon(interned(a.tokens), interned(b.tokens), work);
  const kept = runs.reduce((sum, run) => sum + count(a.tokens, run.before, run.before + run.length), 0);
  const words = { added: count(after) - kept, removed: count(before) - kept };
  const tidy = withoutFragments(slid(runs, a.tokens, b.tokens), a.tokens, b.tokens);
  return { steps: stepsOf(tidy, before, after, a.at, b.at), words, ...rest };
}

// A fixed order of any two texts, so that both directions are computed once and mirrored.
function isAhead(a: readonly Token[], b: readonly Token[]): boolean {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i]!.text !== b[i]!.text) return a[i]!.text < b[i]!.text;
  return a.length < b.length;
}

// The other way round, what was deleted still comes ahead of what was inserted in its place.
function mirrored(steps: readonly Step[]): Step[] {
  const ops = { kept: 'kept', inserted: 'deleted', deleted: 'inserted' } as const;
  const turned = steps.map(({ op, before, after }): Step => ({ op: ops[op], before: after, after: before }));
  for (let k = 1; k < turned.length; k++) {
    const [inserted, deleted] = [turned[k - 1]!, turned[k]!];
    if (inserted.op !== 'inserted' || deleted.op !== 'deleted') continue;
    turned[k - 1] = { ...deleted, after: [inserted.after[0], inserted.after[0]] };
    turned[k] = { ...inserted, before: [deleted.before[1], deleted.before[1]] };
  }
  return turned;
}

// All but white space, and where in the text's tokens it stands.
function solid(tokens: readonly Token[]): { tokens: Token[]; at: number[] } {
  const at: number[] = [];
  for (let i = 0; i < tokens.length; i++) if (tokens[i]!.kind !== 'space') at.push(i);
  return { tokens: at.map((i) => tokens[i]!), at };
}

function count(tokens: readonly Token[], from = 0, to = tokens.length): number {
  let words = 0;
  for (let i = from; i < to; i++) if (tokens[i]!.kind === 'word') words++;
  return words;
}

const sentenceEnd = /^[.!?…。！？।؟։።]/u;

// "The boat left. The {+ferry stayed. The+} crew …" reads better as "{+The ferry stayed.+} The crew …": among the places
// where a pure insertion or deletion can stand, the one that begins and ends with a sentence.
function slid(runs: readonly CommonRun[], a: readonly Token[], b: readonly Token[]): CommonRun[] {
  const kept = [{ before: 0, after: 0, length: 0 }, ...runs.map((run) => ({ ...run }))];
  kept.push({ before: a.length, after: b.length, length: 0 });
  for (let k = 1; k < kept.length; k++) {
    const left = kept[k - 1]!;
    const right = kept[k]!;
    const [fromA, fromB] = [left.before + left.length, left.after + left.length];
    if (right.before > fromA === right.after > fromB) continue;
    const [text, from, to] = right.before > fromA ? [a, fromA, right.before] : [b, fromB, right.after];
    const same = (i: number, j: number) => text[i]!.text === text[j]!.text;
    const spare = left.before + left.after === 0 ? 0 : 1;
    let low = 0;
    while (-low < left.length - spare && -low < 200 && same(from + low - 1, to + low - 1)) low--;
    let high = 0;
    while (high < right.length - 1 && high < 200 && same(from + high, to + high)) high++;
    let shift = 0;
    let most = -1;
    for (let by = low; by <= high; by++) {
      const starts = from + by === 0 || sentenceEnd.test(text[from + by - 1]!.text);
      const ends = to + by === text.length || sentenceEnd.test(text[to + by - 1]!.text);
      const score = (starts ? 2 : 0) + (ends ? 2 : 0);
      if (score > most || (score === most && by === 0)) [most, shift] = [score, by];
    }
    left.length += shift;
    right.before += shift;
    right.after += shift;
    right.length -= shift;
  }
  return kept.filter((run) => run.length > 0);
}

// A kept run of at most four words that is no longer than the edits on either side only breaks up what was rewritten.
function withoutFragments(runs: readonly CommonRun[], a: readonly Token[], b: readonly Token[]): CommonRun[] {
  const lengths = (tokens: readonly Token[]) => {
    const sums = [0];
    for (const token of tokens) sums.push(sums.at(-1)! + token.text.length);
    return (from: number, to: number) => sums[to]! - sums[from]!;
  };
  const [lengthA, lengthB] = [lengths(a), lengths(b)];
  let kept = [...runs];
  for (let passes = 0; passes < 8; passes++) {
    const left: CommonRun[] = [];
    kept.forEach((run, k) => {
      const [endA, endB] = [run.before + run.length, run.after + run.length];
      const last = left.at(-1) ?? { before: 0, after: 0, length: 0 };
      const next = kept[k + 1] ?? { before: a.length, after: b.length };
      const ahead = Math.max(
        lengthA(last.before + last.length, run.before),
        lengthB(last.after + last.length, run.after),
      );
      const behind = Math.max(lengthA(endA, next.before), lengthB(endB, next.after));
      const own = lengthA(run.before, endA);
      if (own > ahead || own > behind || count(a, run.before, endA) > 4) left.push(run);
    });
    if (left.length === kept.length) break;
    kept = left;
  }
  return kept;
}

function stepsOf(
  runs: readonly CommonRun[],
  before: readonly Token[],
  after: readonly Token[],
  a: readonly number[],
  b: readonly number[],
): Step[] {
  const steps: Step[] = [];
  let i = 0;
  let j = 0;
  const step = (op: RunOp, toA: number, toB: number) => {
    if (toA === i && toB === j) return;
    const last = steps.at(-1);
    if (last?.op === op) steps[steps.length - 1] = { op, before: [last.before[0], toA], after: [last.after[0], toB] };
    else steps.push({ op, before: [i, toA], after: [j, toB] });
    [i, j] = [toA, toB];
  };
  const spaceAt = (x: number, y: number) =>
    before[x]?.kind === 'space' && after[y]?.kind === 'space' && before[x].text === after[y].text;
  // Replaces up to (toA, toB), the end of a gap; equal white space at either end of it stays.
  const replace = (toA: number, toB: number) => {
    if (i < toA && j < toB && spaceAt(i, j)) step('kept', i + 1, j + 1);
    const keep = i < toA && j < toB && spaceAt(toA - 1, toB - 1) ? 1 : 0;
    step('deleted', toA - keep, j);
    step('inserted', i, toB - keep);
    if (keep) step('kept', toA, toB);
  };
  for (const run of runs) {
    for (let k = 0; k < run.length; k++) {
      const [x, y] = [a[run.before + k]!, b[run.after + k]!];
      replace(x, y);
      step('kept', x + 1, y + 1);
    }
  }
  replace(before.length, after.length);
  return steps;
}
