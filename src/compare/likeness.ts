/**
 * How alike texts are: the share of words two bags of words have in common (Dice), where a word counts for the more the
 * fewer texts have it. Sharing "the" and "said" says little; sharing "Achterberg" much.
 */
import type { WeightedPair } from './chain.js';
import type { Fallback } from './types.js';

/** A bag of words by number: those that occur, and how often. */
export interface Bag {
  ids: number[];
  counts: number[];
  total: number;
}

const seen: number[] = [];

export function bagOf(list: readonly number[]): Bag {
  const bag: Bag = { ids: [], counts: [], total: list.length };
  for (const id of list) {
    const at = seen[id];
    if (at !== undefined && at < bag.ids.length && bag.ids[at] === id) bag.counts[at]!++;
    else {
      seen[id] = bag.ids.length;
      bag.ids.push(id);
      bag.counts.push(1);
    }
  }
  return bag;
}

/** Look-ups of one word in one pair of texts; about 30 ms. */
const maxWork = 2_000_000;
/** Pairs handed on. */
const maxPairs = 50_000;

const many = 16;
// Looked up once: it is asked for millions of times.
const { min } = Math;

export interface Likeness extends WeightedPair {
  /** 0 to 1. */
  weight: number;
}

/**
 * All pairs at least `least` alike, by index. Above a bound on work the commonest words are left out, above a bound on
 * pairs those that stand at the most different places.
 */
export function likenesses(
  before: readonly Bag[],
  after: readonly Bag[],
  least: (before: number, after: number) => number,
): { pairs: Likeness[]; fallbacks: Fallback['stage'][] } {
  const { weights, first, holders, dropped } = index(before, after);
  const mass = ({ ids, counts }: Bag) => {
    let sum = 0;
    for (let k = 0; k < ids.length; k++) sum += counts[k]! * weights[ids[k]!]!;
    return sum;
  };
  const masses = Float64Array.from(before, mass);
  const common = new Float64Array(before.length);
  let pairs: Likeness[] = [];
  const fallbacks: Fallback['stage'][] = dropped ? ['similarity'] : [];
  let band = Number.POSITIVE_INFINITY;
  const scale = before.length / Math.max(1, after.length);
  const inBand = ({ before, after }: WeightedPair) => Math.abs(before - after * scale) <= band;
  const touched: number[] = [];
  after.forEach((bag, j) => {
    touched.length = 0;
    for (let k = 0; k < bag.ids.length; k++) {
      const id = bag.ids[k]!;
      const count = bag.counts[k]!;
      const weight = weights[id]!;
      const end = first[id + 1]!;
      for (let p = first[id]!; p < end; p += 2) {
        const i = holders[p]!;
        const held = holders[p + 1]!;
        if (common[i] === 0) touched.push(i);
        common[i]! += weight * min(count, held);
      }
    }
    const own = mass(bag);
    for (const i of touched) {
      // Rounded, so that it is the same however the sums were taken.
      const weight = Math.round((2e6 * common[i]!) / (own + masses[i]!)) / 1e6;
      common[i] = 0;
      if (weight < least(i, j)) continue;
      const pair = { before: i, after: j, weight };
      if (inBand(pair)) pairs.push(pair);
    }
    if (pairs.length > maxPairs) {
      if (!fallbacks.includes('pairing')) fallbacks.push('pairing');
      band = Math.min(band, before.length) / 2;
      pairs = pairs.filter(inBand);
    }
  });
  return { pairs, fallbacks };
}

/**
 * The weight of every word, and in `holders`, from `first[word]` up to `first[word + 1]`, the texts before that hold it,
 * each with how often: of words that both sides have.
 */
function index(before: readonly Bag[], after: readonly Bag[]) {
  let size = 0;
  for (const side of [before, after]) for (const { ids } of side) for (const id of ids) if (id >= size) size = id + 1;
  const [inBefore, inAfter] = [new Int32Array(size), new Int32Array(size)];
  for (const { ids } of before) for (const id of ids) inBefore[id]!++;
  for (const { ids } of after) for (const id of ids) inAfter[id]!++;
  const all = Math.max(before.length, after.length);
  const known: number[] = [];
  const weightOf = (held: number) => (known[held] ??= Math.log1p(all / held) / Math.log1p(all));
  const weights = new Float64Array(size);
  let work = 0;
  for (let id = 0; id < size; id++) {
    const held = Math.max(1, inBefore[id]!, inAfter[id]!);
    // What every fourth of many texts has says nothing, and costs most.
    weights[id] = all >= many && held * 4 > all ? 0 : weightOf(held);
    if (weights[id] === 0) continue;
    work += inBefore[id]! * inAfter[id]!;
  }
  const dropped = work > maxWork;
  if (dropped) {
    const shared = [...inBefore.keys()].filter((id) => weights[id]! > 0 && inBefore[id]! * inAfter[id]! > 0);
    shared.sort((x, y) => inBefore[y]! * inAfter[y]! - inBefore[x]! * inAfter[x]! || x - y);
    for (const id of shared) {
      if (work <= maxWork) break;
      work -= inBefore[id]! * inAfter[id]!;
      weights[id] = 0;
    }
  }
  const first = new Int32Array(size + 1);
  const listed = (id: number) => inAfter[id]! > 0 && weights[id]! > 0;
  for (let id = 0; id < size; id++) first[id + 1] = first[id]! + (listed(id) ? 2 * inBefore[id]! : 0);
  const holders = new Int32Array(first[size]!);
  const next = first.slice(0, size);
  before.forEach(({ ids, counts }, text) => {
    for (let k = 0; k < ids.length; k++) {
      const id = ids[k]!;
      if (!listed(id)) continue;
      holders[next[id]!] = text;
      holders[next[id]! + 1] = counts[k]!;
      next[id]! += 2;
    }
  });
  return { weights, first, holders, dropped };
}
