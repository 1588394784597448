/** How alike blocks are: the share of words two bags of words have in common (Dice). */
import type { WeightedPair } from './chain.js';
import type { Fallback } from './types.js';

/** A bag of interned words. */
export interface Features {
  counts: ReadonlyMap<number, number>;
  total: number;
}

/** Look-ups of one word in one pair of blocks; about 60 ms. */
const maxWork = 8_000_000;
const { min } = Math;
const none: readonly number[] = [];
/** Pairs handed on. */
const maxPairs = 100_000;

/**
 * All pairs at least `least` alike (0 to 1), by index; with the same key a third of it is enough. Above a bound on work the commonest words are left out, above a
 * bound on pairs those that stand at the most different places.
 */
export function likenesses(
  before: readonly Features[],
  after: readonly Features[],
  least: number,
  sameKey: (before: number, after: number) => boolean,
): { pairs: WeightedPair[]; fallback?: Fallback['stage'] } {
  /** For each word the blocks before that have it, each with how often. */
  const postings = new Map<number, number[]>();
  before.forEach(({ counts }, block) => {
    for (const [word, count] of counts) {
      const list = postings.get(word);
      if (list) list.push(block, count);
      else postings.set(word, [block, count]);
    }
  });
  const dropped = tooCommon(postings, after);
  const total = ({ counts, total }: Features) => {
    if (dropped.size === 0) return total;
    let sum = 0;
    for (const [word, count] of counts) if (!dropped.has(word)) sum += count;
    return sum;
  };
  const totals = before.map(total);
  const common = new Int32Array(before.length);
  let pairs: WeightedPair[] = [];
  let fallback: Fallback['stage'] | undefined = dropped.size > 0 ? 'similarity' : undefined;
  let band = Number.POSITIVE_INFINITY;
  const scale = before.length / Math.max(1, after.length);
  const inBand = ({ before, after }: WeightedPair) => {
    const apart = before - after * scale;
    return apart <= band && -apart <= band;
  };
  after.forEach((features, j) => {
    const touched: number[] = [];
    for (const [word, count] of features.counts) {
      if (dropped.has(word)) continue;
      const list = postings.get(word) ?? none;
      for (let k = 0; k < list.length; k += 2) {
        const block = list[k]!;
        if (common[block] === 0) touched.push(block);
        common[block]! += min(count, list[k + 1]!);
      }
    }
    const own = total(features);
    for (const i of touched) {
      const weight = (2 * common[i]!) / (own + totals[i]!);
      common[i] = 0;
      const pair = { before: i, after: j, weight };
      if ((weight >= least || (weight >= least / 3 && sameKey(i, j))) && inBand(pair)) pairs.push(pair);
    }
    if (pairs.length > maxPairs) {
      fallback = 'pairing';
      band = Math.min(band, before.length) / 2;
      pairs = pairs.filter(inBand);
    }
  });
  return { pairs, fallback };
}

function tooCommon(postings: ReadonlyMap<number, readonly number[]>, after: readonly Features[]): ReadonlySet<number> {
  const frequency = new Map<number, number>();
  for (const { counts } of after)
    for (const word of counts.keys()) if (postings.has(word)) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  let work = 0;
  const costs = [...frequency].map(([word, count]) => {
    const cost = count * (postings.get(word)!.length / 2);
    work += cost;
    return { word, cost };
  });
  const dropped = new Set<number>();
  if (work <= maxWork) return dropped;
  costs.sort((x, y) => y.cost - x.cost || x.word - y.word);
  for (const { word, cost } of costs) {
    if (work <= maxWork) break;
    dropped.add(word);
    work -= cost;
  }
  return dropped;
}
