/**
 * Which words of one text are which of another, in order. Not the most that could be: a lone "the" between two rewritten
 * stretches is chance. A stretch of common words counts what its words tell (the rarer, the more), less the price of
 * breaking off from its surroundings twice; the best sum of such stretches wins.
 */
import { heaviestChain } from './chain.js';
import type { Vocabulary } from './cut.js';
import { type CommonRun, longestCommon } from './lcs.js';

/** What is left of the bounds on work, for all texts of one comparison together; `exact` false once one was met. */
export interface Effort {
  cells: number;
  steps: number;
  exact: boolean;
}
/** Cells of tables: about 35 ms. Comparisons of words where a table would be too large: about 20 ms. */
export const fullEffort = (): Effort => ({ cells: 8_000_000, steps: 2_000_000, exact: true });

/** Cells of the table for one pair of texts. */
const maxCells = 1_000_000;

/** What a word tells, by number, in units of which `breaking` is the price of beginning or ending a stretch. */
export type Weights = ArrayLike<number>;

/** The logarithm of a word's rarity in these texts. A mark tells little. */
export function weightsOf({ met, isWord }: Vocabulary): Weights {
  const all = met.reduce((sum, count) => sum + count, 0);
  return Int32Array.from(met, (count, id) => Math.round((isWord[id] === 1 ? 8 : 4) * Math.log2((2 * all) / count)));
}

const scoring = { breaking: 66, together: 20 };

export interface Range {
  from: number;
  to: number;
}

/** Common stretches of `a` and `b` within the ranges, in order. */
export function matchWords(
  a: readonly number[],
  b: readonly number[],
  weights: Weights,
  effort: Effort,
  inA: Range = { from: 0, to: a.length },
  inB: Range = { from: 0, to: b.length },
): CommonRun[] {
  const runs: CommonRun[] = [];
  const add = (before: number, after: number, length: number) => {
    const last = runs.at(-1);
    if (last && last.before + last.length === before && last.after + last.length === after) last.length += length;
    else if (length > 0) runs.push({ before, after, length });
  };
  const within = (fromA: number, toA: number, fromB: number, toB: number, depth: number): void => {
    let ahead = 0;
    while (fromA + ahead < toA && fromB + ahead < toB && a[fromA + ahead] === b[fromB + ahead]) ahead++;
    add(fromA, fromB, ahead);
    [fromA, fromB] = [fromA + ahead, fromB + ahead];
    let behind = 0;
    while (toA - behind > fromA && toB - behind > fromB && a[toA - behind - 1] === b[toB - behind - 1]) behind++;
    [toA, toB] = [toA - behind, toB - behind];
    const cells = (toA - fromA) * (toB - fromB);
    if (cells > 0) {
      if (cells <= maxCells && cells <= effort.cells) {
        effort.cells -= cells;
        fillTable(a, b, weights, fromA, toA, fromB, toB, add);
      } else {
        const anchors = depth < 3 ? anchorsIn(a, b, fromA, toA, fromB, toB, weights.length) : [];
        if (anchors.length > 0) {
          let [i, j] = [fromA, fromB];
          for (const { before, after, length } of anchors) {
            within(i, before, j, after, depth + 1);
            add(before, after, length);
            [i, j] = [before + length, after + length];
          }
          within(i, toA, j, toB, depth + 1);
        } else search(fromA, toA, fromB, toB);
      }
    }
    add(toA, toB, behind);
  };
  // Texts too large for a table without a word to hold on to: exact where they differ little, else nothing.
  const search = (fromA: number, toA: number, fromB: number, toB: number): void => {
    const found = effort.steps > 0 ? longestCommon(a.slice(fromA, toA), b.slice(fromB, toB), effort.steps) : undefined;
    effort.steps -= found?.work ?? 0;
    if (!found?.exact) effort.exact = false;
    else for (const run of found.runs) add(fromA + run.before, fromB + run.after, run.length);
  };
  within(inA.from, inA.to, inB.from, inB.to, 0);
  return runs;
}

// The table, row by row: the best sum where the two last words are a pair (`paired`), and the best at all (`best`).
let paired = new Int32Array(1024);
let best = new Int32Array(1024);
let trace = new Uint8Array(1 << 16);
const fromPaired = 1;
const fromAbove = 2;
const fromLeft = 4;
const never = -(2 ** 30);

function fillTable(
  a: readonly number[],
  b: readonly number[],
  weights: Weights,
  fromA: number,
  toA: number,
  fromB: number,
  toB: number,
  add: (before: number, after: number, length: number) => void,
): void {
  const { breaking, together } = scoring;
  const [rows, columns] = [toA - fromA, toB - fromB];
  if (paired.length <= columns) {
    paired = new Int32Array(2 * columns + 1);
    best = new Int32Array(2 * columns + 1);
  }
  if (trace.length < rows * columns) trace = new Uint8Array(Math.min(maxCells, 2 * rows * columns));
  paired.fill(never, 0, columns + 1);
  best.fill(0, 0, columns + 1);
  // What lies ahead of both texts is as good as a pair: a stretch at the beginning is not broken off from anything.
  paired[0] = 0;
  for (let i = 0; i < rows; i++) {
    const word = a[fromA + i]!;
    const worth = weights[word]!;
    const row = i * columns;
    let [pairedDiagonal, bestDiagonal] = [paired[0]!, best[0]!];
    paired[0] = never;
    let left = 0;
    for (let j = 0; j < columns; j++) {
      const above = best[j + 1]!;
      let choice = 0;
      let pair = never;
      if (b[fromB + j] === word) {
        const on = pairedDiagonal + together;
        const anew = bestDiagonal - breaking;
        if (on >= anew) {
          choice = fromPaired;
          pair = worth + on;
        } else pair = worth + anew;
      }
      const closed = pair - breaking;
      let top = closed;
      if (above > top) {
        top = above;
        choice |= fromAbove;
      }
      if (left > top) {
        top = left;
        choice = (choice & fromPaired) | fromLeft;
      }
      trace[row + j] = choice;
      pairedDiagonal = paired[j + 1]!;
      bestDiagonal = above;
      paired[j + 1] = pair;
      best[j + 1] = top;
      left = top;
    }
  }
  const found: number[] = [];
  let [i, j] = [rows - 1, columns - 1];
  // Nor is one at the end.
  let inStretch = paired[columns]! >= best[columns]!;
  while (i >= 0 && j >= 0) {
    const choice = trace[i * columns + j]!;
    if (!inStretch) {
      if (choice & fromLeft) j--;
      else if (choice & fromAbove) i--;
      else inStretch = true;
      continue;
    }
    found.push(i--, j--);
    inStretch = (choice & fromPaired) !== 0;
  }
  for (let k = found.length - 2; k >= 0; k -= 2) add(fromA + found[k]!, fromB + found[k + 1]!, 1);
}

// By word: where it stands if once (-1: nowhere, -2: more often). Left as it is found.
let onceA = new Int32Array(0);
let onceB = new Int32Array(0);

// Words that occur once on either side and stand beside a word that is the same too: the longest chain of them.
function anchorsIn(
  a: readonly number[],
  b: readonly number[],
  fromA: number,
  toA: number,
  fromB: number,
  toB: number,
  words: number,
): CommonRun[] {
  if (onceA.length < words) [onceA, onceB] = [new Int32Array(words).fill(-1), new Int32Array(words).fill(-1)];
  const note = (once: Int32Array, list: readonly number[], from: number, to: number) => {
    for (let i = from; i < to; i++) once[list[i]!] = once[list[i]!] === -1 ? i : -2;
  };
  note(onceA, a, fromA, toA);
  note(onceB, b, fromB, toB);
  const pairs: { before: number; after: number; weight: number }[] = [];
  for (let before = fromA; before < toA; before++) {
    const after = onceA[a[before]!] === before ? onceB[a[before]!]! : -1;
    if (after < 0) continue;
    const beside =
      (before > fromA && after > fromB && a[before - 1] === b[after - 1] ? 1 : 0) +
      (before + 1 < toA && after + 1 < toB && a[before + 1] === b[after + 1] ? 1 : 0);
    if (beside > 0) pairs.push({ before, after, weight: beside });
  }
  for (let i = fromA; i < toA; i++) onceA[a[i]!] = -1;
  for (let j = fromB; j < toB; j++) onceB[b[j]!] = -1;
  const anchors: CommonRun[] = [];
  let [i, j] = [fromA, fromB];
  for (let { before, after } of heaviestChain(pairs)) {
    if (before < i || after < j) continue;
    let length = 1;
    while (before > i && after > j && a[before - 1] === b[after - 1])
      [before, after, length] = [before - 1, after - 1, length + 1];
    while (before + length < toA && after + length < toB && a[before + length] === b[after + length]) length++;
    anchors.push({ before, after, length });
    [i, j] = [before + length, after + length];
  }
  return anchors;
}
