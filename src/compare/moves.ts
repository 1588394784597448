/**
 * Sentences that stand elsewhere: among what two texts don't have in common in order, whole sentences that are the same, or
 * nearly (edited on the way), wherever they went.
 */
import type { Cut, Vocabulary } from './cut.js';
import type { CommonRun } from './lcs.js';
import { bagOf, likenesses } from './likeness.js';
import { type Effort, matchWords, type Weights } from './match-words.js';
import { sentencesOf } from './sentences.js';

/** A text of each side, or of one: what was removed or added. `partners`: of each word its partner on the other side, or -1. */
export interface Strip {
  cut: Cut;
  partners: Int32Array;
}
export interface Stretch {
  strip: number;
  from: number;
  to: number;
}
export interface MovedSentence {
  before: Stretch;
  after: Stretch;
  /** Words kept on the way, by number in either text. */
  kept: CommonRun[];
}

/** Fewer words than this are said anywhere. */
const leastWords = 4;
/** Share of a sentence's words that must have no partner where it stands. */
const leastFree = 0.5;
/** A text with fewer words than this without a partner has lost and won no sentence. */
export const leastFreeWords = leastFree * leastWords;
const leastLikeness = 0.5;
/** Sentences told of as moved. */
const mostMoves = 2000;

interface Candidate extends Stretch {
  words: number;
  matched: number;
}

/**
 * Finds what moved between the strips. Words that move lose the partners they had by chance: `partners` is changed. A pair
 * that turns out to stand in order within one strip is kept there and not told of. `rearranged`: strips with other partners.
 * `bounded`: whether a bound on work was met.
 */
export function movedSentences(
  before: ReadonlyMap<number, Strip>,
  after: ReadonlyMap<number, Strip>,
  vocabulary: Vocabulary,
  weights: Weights,
  effort: Effort,
  language: string | undefined,
): { moves: MovedSentence[]; rearranged: ReadonlySet<number>; bounded: boolean } {
  const rearranged = new Set<number>();
  const from = candidates(before, vocabulary, language);
  if (from.length === 0) return { moves: [], rearranged, bounded: false };
  const to = candidates(after, vocabulary, language);
  const moves: MovedSentence[] = [];
  const taken = new Set<Candidate>();
  const pair = (x: Candidate, y: Candidate, same: boolean) => {
    const [a, b] = [before.get(x.strip)!, after.get(y.strip)!];
    const kept = same
      ? [{ before: x.from, after: y.from, length: x.to - x.from }]
      : matchWords(a.cut.ids, b.cut.ids, weights, effort, x, y);
    let words = 0;
    for (const run of kept) for (let k = 0; k < run.length; k++) words += a.cut.isWord[run.before + k]!;
    if (words * 2 < Math.max(x.words, y.words) || words <= Math.max(x.matched, y.matched)) return;
    taken.add(x);
    taken.add(y);
    rearranged.add(x.strip).add(y.strip);
    const [mine, theirs] = [after.get(x.strip), before.get(y.strip)];
    for (let i = x.from; i < x.to; i++) {
      if (a.partners[i]! >= 0) mine!.partners[a.partners[i]!] = -1;
      a.partners[i] = -1;
    }
    for (let j = y.from; j < y.to; j++) {
      if (b.partners[j]! >= 0) theirs!.partners[b.partners[j]!] = -1;
      b.partners[j] = -1;
    }
    if (x.strip === y.strip && inOrder(a.partners, x, y)) {
      for (const run of kept)
        for (let k = 0; k < run.length; k++) {
          a.partners[run.before + k] = run.after + k;
          b.partners[run.after + k] = run.before + k;
        }
    } else moves.push({ before: bare(x), after: bare(y), kept });
  };

  const waiting = new Map<number, Candidate[]>();
  for (const x of from) {
    const key = hash(before.get(x.strip)!.cut.ids, x);
    const list = waiting.get(key);
    if (list) list.push(x);
    else waiting.set(key, [x]);
  }
  for (const y of to) {
    const list = waiting.get(hash(after.get(y.strip)!.cut.ids, y));
    const at = list?.findIndex((x) => sameIds(before.get(x.strip)!.cut.ids, x, after.get(y.strip)!.cut.ids, y)) ?? -1;
    if (at >= 0) pair(list!.splice(at, 1)[0]!, y, true);
    if (moves.length >= mostMoves) return { moves, rearranged, bounded: true };
  }

  const left = from.filter((x) => !taken.has(x));
  const open = to.filter((y) => !taken.has(y));
  if (left.length === 0 || open.length === 0) return { moves, rearranged, bounded: false };
  const bags = (side: ReadonlyMap<number, Strip>, list: readonly Candidate[]) =>
    list.map(({ strip, from, to }) => {
      const { ids, isWord } = side.get(strip)!.cut;
      const words: number[] = [];
      for (let i = from; i < to; i++) if (isWord[i] === 1) words.push(ids[i]!);
      return bagOf(words);
    });
  const { pairs, fallbacks } = likenesses(bags(before, left), bags(after, open), () => leastLikeness);
  pairs.sort((x, y) => y.weight - x.weight || x.before - y.before || x.after - y.after);
  for (const { before: x, after: y } of pairs) {
    if (taken.has(left[x]!) || taken.has(open[y]!)) continue;
    if (effort.cells < 10_000 || moves.length >= mostMoves) {
      effort.exact = false;
      break;
    }
    pair(left[x]!, open[y]!, false);
  }
  return { moves, rearranged, bounded: fallbacks.length > 0 };
}

const bare = ({ strip, from, to }: Candidate): Stretch => ({ strip, from, to });

function candidates(
  strips: ReadonlyMap<number, Strip>,
  vocabulary: Vocabulary,
  language: string | undefined,
): Candidate[] {
  const found: Candidate[] = [];
  for (const [strip, { cut, partners }] of strips) {
    if (!enoughFree(cut, partners)) continue;
    let from = 0;
    for (const to of sentencesOf(cut, vocabulary, language)) {
      let words = 0;
      let matched = 0;
      for (let i = from; i < to; i++) {
        if (cut.isWord[i] !== 1) continue;
        words++;
        if (partners[i]! >= 0) matched++;
      }
      if (words >= leastWords && words - matched >= leastFree * words) found.push({ strip, from, to, words, matched });
      from = to;
    }
  }
  return found;
}

function enoughFree({ isWord }: Cut, partners: Int32Array): boolean {
  let free = 0;
  for (let i = 0; i < partners.length; i++)
    if (partners[i]! < 0 && isWord[i] === 1 && ++free >= leastFreeWords) return true;
  return false;
}

function hash(ids: readonly number[], { from, to }: Stretch): number {
  let sum = to - from;
  for (let i = from; i < to; i++) sum = (Math.imul(sum, 31) + ids[i]!) | 0;
  return sum;
}

function sameIds(a: readonly number[], x: Stretch, b: readonly number[], y: Stretch): boolean {
  if (x.to - x.from !== y.to - y.from) return false;
  for (let k = x.to - x.from - 1; k >= 0; k--) if (a[x.from + k] !== b[y.from + k]) return false;
  return true;
}

// Whether pairing x with y crosses no pair that is left in their strip.
function inOrder(partners: Int32Array, x: Stretch, y: Stretch): boolean {
  for (let i = x.from - 1; i >= 0; i--)
    if (partners[i]! >= 0) {
      if (partners[i]! >= y.from) return false;
      break;
    }
  for (let i = x.to; i < partners.length; i++) if (partners[i]! >= 0) return partners[i]! >= y.to;
  return true;
}
