/**
 * From words kept to a script for people: short kept runs between edits given up, edits slid to the ends of sentences,
 * and the white space that goes with the words. Offsets are UTF-16.
 */
import type { Cut, Vocabulary } from './cut.js';
import type { CommonRun } from './lcs.js';
import { respelled } from './respelled.js';
import type { RunOp } from './types.js';
import { mayJoin } from './words.js';

/** Text `from` up to `to` of the before side (kept, deleted) and of the after side (kept, inserted). */
export interface Step {
  op: RunOp;
  before: readonly [from: number, to: number];
  after: readonly [from: number, to: number];
  /** On deleted or inserted text: the number of the sentence it moved with. */
  moved?: number;
}

/** A stretch of a text that moved to or from elsewhere with a sentence. */
export interface MovedStretch {
  /** Offsets. */
  from: number;
  to: number;
  sentence: number;
}

/** Kept runs as people read them best. `stays`: whether a word of a side moved elsewhere, so that it can't be slid over. */
export function tidied(
  runs: readonly CommonRun[],
  a: Cut,
  b: Cut,
  vocabulary: Vocabulary,
  stays: { a: (word: number) => boolean; b: (word: number) => boolean } = nothing,
): CommonRun[] {
  return withoutFragments(slid(runs, a, b, vocabulary, stays), a, b);
}
const nothing = { a: () => false, b: () => false };

// "The boat left. The {+ferry stayed. The+} crew …" reads better as "{+The ferry stayed.+} The crew …": among the places
// where a pure insertion or deletion can stand, the one that begins and ends with a sentence.
function slid(
  runs: readonly CommonRun[],
  a: Cut,
  b: Cut,
  { ends }: Vocabulary,
  stays: { a: (word: number) => boolean; b: (word: number) => boolean },
): CommonRun[] {
  const kept = [{ before: 0, after: 0, length: 0 }, ...runs.map((run) => ({ ...run }))];
  kept.push({ before: a.ids.length, after: b.ids.length, length: 0 });
  for (let k = 1; k < kept.length; k++) {
    const left = kept[k - 1]!;
    const right = kept[k]!;
    const [fromA, fromB] = [left.before + left.length, left.after + left.length];
    if (right.before > fromA === right.after > fromB) continue;
    const [{ ids }, from, to, moved] =
      right.before > fromA ? [a, fromA, right.before, stays.a] : [b, fromB, right.after, stays.b];
    let fixed = false;
    for (let i = from; i < to && !fixed; i++) fixed = moved(i);
    if (fixed) continue;
    const spare = left.before + left.after === 0 ? 0 : 1;
    let low = 0;
    while (-low < left.length - spare && -low < 200 && ids[from + low - 1] === ids[to + low - 1]) low--;
    // Nor need anything be left of what ends both texts.
    const last = right.before + right.length === a.ids.length && right.after + right.length === b.ids.length;
    let high = 0;
    while (high < right.length - (last ? 0 : 1) && high < 200 && ids[from + high] === ids[to + high]) high++;
    let shift = 0;
    let most = -1;
    for (let by = low; by <= high; by++) {
      const begins = from + by === 0 || ends[ids[from + by - 1]!] === 1;
      const closes = to + by === ids.length || ends[ids[to + by - 1]!] === 1;
      const score = (begins ? 2 : 0) + (closes ? 2 : 0);
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
function withoutFragments(runs: readonly CommonRun[], a: Cut, b: Cut): CommonRun[] {
  const length = ({ starts, ends }: Cut, from: number, to: number) => (from < to ? ends[to - 1]! - starts[from]! : 0);
  let kept = [...runs];
  for (let passes = 0; passes < 8; passes++) {
    const left: CommonRun[] = [];
    kept.forEach((run, k) => {
      const [endA, endB] = [run.before + run.length, run.after + run.length];
      const last = left.at(-1) ?? { before: 0, after: 0, length: 0 };
      const next = kept[k + 1] ?? { before: a.ids.length, after: b.ids.length };
      const [lastA, lastB] = [last.before + last.length, last.after + last.length];
      const ahead = Math.max(length(a, lastA, run.before), length(b, lastB, run.after));
      const behind = Math.max(length(a, endA, next.before), length(b, endB, next.after));
      const own = length(a, run.before, endA);
      if (own > ahead || own > behind || countWords(a, run.before, endA) > 4) left.push(run);
    });
    if (left.length === kept.length) break;
    kept = left;
  }
  return kept;
}

export function countWords({ isWord }: Cut, from = 0, to = isWord.length): number {
  let words = 0;
  for (let i = from; i < to; i++) words += isWord[i]!;
  return words;
}

/** The whole script, white space included: equal white space at either end of an edit stays. */
export function stepsOf(
  runs: readonly CommonRun[],
  a: Cut,
  b: Cut,
  moved: { a: readonly MovedStretch[]; b: readonly MovedStretch[] } = still,
): Step[] {
  const steps: Step[] = [];
  let i = 0;
  let j = 0;
  const step = (op: RunOp, toA: number, toB: number, sentence?: number) => {
    if (toA === i && toB === j) return;
    const last = steps.at(-1);
    if (last?.op === op && last.moved === sentence)
      steps[steps.length - 1] = { ...last, before: [last.before[0], toA], after: [last.after[0], toB] };
    else steps.push({ op, before: [i, toA], after: [j, toB], ...(sentence !== undefined && { moved: sentence }) });
    [i, j] = [toA, toB];
  };
  const next = { a: 0, b: 0 };
  const edit = (side: 'a' | 'b', to: number) => {
    const op = side === 'a' ? 'deleted' : 'inserted';
    const go = (at: number, sentence?: number) =>
      side === 'a' ? step(op, at, j, sentence) : step(op, i, at, sentence);
    const at = () => (side === 'a' ? i : j);
    for (let stretch = moved[side][next[side]]; stretch && stretch.from < to; stretch = moved[side][next[side]]) {
      if (stretch.to > at()) {
        go(Math.max(at(), stretch.from));
        go(Math.min(to, stretch.to), stretch.sentence);
      }
      if (stretch.to > to) break;
      next[side]++;
    }
    go(to);
  };
  // Replaces up to (toA, toB).
  const replace = (toA: number, toB: number) => {
    const [was, is] = [a.text.slice(i, toA), b.text.slice(j, toB)];
    if (was === is && was.trim() === '') return step('kept', toA, toB);
    const lead = blankAhead(was);
    if (lead > 0 && was.slice(0, lead) === is.slice(0, blankAhead(is))) step('kept', i + lead, j + lead);
    const tail = blankBehind(a.text.slice(i, toA));
    const same =
      tail > 0 && a.text.slice(toA - tail, toA) === b.text.slice(toB - blankBehind(b.text.slice(j, toB)), toB);
    const keep = same ? tail : 0;
    edit('a', toA - keep);
    edit('b', toB - keep);
    if (keep > 0) step('kept', toA, toB);
  };
  const stays = (side: 'a' | 'b', to: number) => (moved[side][next[side]]?.from ?? to) >= to;
  // The same from words x and y up to kept ones: of what was only respelled the letters stay.
  const cross = (x: number, toX: number, y: number, toY: number) => {
    const [toA, toB] = [a.starts[toX] ?? a.text.length, b.starts[toY] ?? b.text.length];
    const alike = x < toX && y < toY && a.text.charCodeAt(a.starts[x]!) === b.text.charCodeAt(b.starts[y]!);
    if (alike && stays('a', toA) && stays('b', toB)) {
      const [fromA, fromB] = [i, j];
      for (const { before, after, length } of respelled(a.text.slice(i, toA), b.text.slice(j, toB))) {
        replace(fromA + before, fromB + after);
        step('kept', fromA + before + length, fromB + after + length);
      }
    }
    replace(toA, toB);
  };
  let [x, y] = [0, 0];
  for (const run of runs) {
    cross(x, run.before, y, run.after);
    for (let k = 1; k < run.length; k++) {
      const [p, q] = [run.before + k, run.after + k];
      if (sameGap(a, p, b, q)) continue;
      step('kept', a.ends[p - 1]!, b.ends[q - 1]!);
      replace(a.starts[p]!, b.starts[q]!);
    }
    [x, y] = [run.before + run.length, run.after + run.length];
    step('kept', a.ends[x - 1]!, b.ends[y - 1]!);
  }
  cross(x, a.ids.length, y, b.ids.length);
  return steps;
}
const still = { a: [], b: [] };

// Whether the white space ahead of two words is the same.
function sameGap(a: Cut, x: number, b: Cut, y: number): boolean {
  const [from, other] = [a.ends[x - 1]!, b.ends[y - 1]!];
  const length = a.starts[x]! - from;
  if (b.starts[y]! - other !== length) return false;
  for (let k = 0; k < length; k++) if (a.text.charCodeAt(from + k) !== b.text.charCodeAt(other + k)) return false;
  return true;
}

/** The first character that may be one grapheme with white space. */
const combining = 0x300;
// White space alone at either end: none that is one grapheme with what stands beside it.
function blankAhead(text: string): number {
  const from = text.length - text.trimStart().length;
  return text.charCodeAt(from) >= combining && mayJoin('', text.slice(from, from + 2)) ? 0 : from;
}
function blankBehind(text: string): number {
  const to = text.trimEnd().length;
  return text.charCodeAt(to - 1) >= combining && mayJoin(text.slice(Math.max(0, to - 2), to), '')
    ? 0
    : text.length - to;
}
