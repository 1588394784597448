/** Order among pairs: which of them can be said to have stayed in place. */

export interface WeightedPair {
  before: number;
  after: number;
  weight: number;
}

/**
 * The pairs, strictly increasing on both sides, whose weights add up to the most, in order. Ties go to the pairs that
 * come first. n log n in the number of pairs.
 */
export function heaviestChain<P extends WeightedPair>(pairs: readonly P[]): P[] {
  const order = [...pairs].sort((x, y) => x.before - y.before || y.after - x.after);
  const size = order.reduce((most, { after }) => Math.max(most, after), -1) + 1;
  // A Fenwick tree of prefix maxima over `after`: the best chain that ends at or before it.
  const best = new Float64Array(size + 1);
  const bestEnd = new Int32Array(size + 1).fill(-1);
  const previous = new Int32Array(order.length);
  let top = 0;
  let end = -1;
  for (let p = 0; p < order.length; p++) {
    const { after, weight } = order[p]!;
    let total = 0;
    let link = -1;
    for (let at = after; at > 0; at -= at & -at) {
      if (best[at]! > total) {
        total = best[at]!;
        link = bestEnd[at]!;
      }
    }
    total += weight;
    previous[p] = link;
    for (let at = after + 1; at <= size; at += at & -at) {
      if (total > best[at]!) {
        best[at] = total;
        bestEnd[at] = p;
      }
    }
    if (total > top) {
      top = total;
      end = p;
    }
  }
  const chain: P[] = [];
  for (; end >= 0; end = previous[end]!) chain.push(order[end]!);
  return chain.reverse();
}
