/** The longest common subsequence of two lists of numbers, within a bound on work. */
import imported from '@jest/diff-sequences';
import { heaviestChain } from './chain.js';

// Its types describe the CommonJS module; Node gives ES modules the function itself.
const diffSequences = imported as unknown as typeof imported.default;

/** The number that stands for `text`, the same for the same text. */
export function intern(numbers: Map<string, number>, text: string): number {
  const number = numbers.get(text) ?? numbers.size;
  if (number === numbers.size) numbers.set(text, number);
  return number;
}

/** `length` elements from `before` on are those from `after` on. */
export interface CommonRun {
  before: number;
  after: number;
  length: number;
}

export interface CommonRuns {
  runs: CommonRun[];
  /** False where the bound was met and only elements that are unique on both sides were used as anchors. */
  exact: boolean;
  /** Comparisons of elements that were made. */
  work: number;
}

/** Common runs in order, as long together as can be. `work`: how many comparisons of elements may be made. */
export function longestCommon(a: readonly number[], b: readonly number[], work: number): CommonRuns {
  const shared = new Set(a).intersection(new Set(b));
  const inA = indexesOf(a, shared);
  const inB = indexesOf(b, shared);
  const pairs: [number, number][] = [];
  let left = work;
  try {
    diffSequences(
      inA.length,
      inB.length,
      (i, j) => {
        if (left-- === 0) throw exhausted;
        return a[inA[i]!] === b[inB[j]!];
      },
      (length, i, j) => {
        for (let k = 0; k < length; k++) pairs.push([inA[i + k]!, inB[j + k]!]);
      },
    );
    return { runs: joined(pairs), exact: true, work: work - left };
  } catch (thrown) {
    if (thrown !== exhausted) throw thrown;
    return { runs: joined(aroundUnique(a, b)), exact: false, work };
  }
}

const exhausted = Symbol('work exhausted');

const indexesOf = (list: readonly number[], wanted: ReadonlySet<number>): number[] => {
  const indexes: number[] = [];
  for (let i = 0; i < list.length; i++) if (wanted.has(list[i]!)) indexes.push(i);
  return indexes;
};

function joined(pairs: readonly (readonly [number, number])[]): CommonRun[] {
  const runs: CommonRun[] = [];
  for (const [before, after] of pairs) {
    const last = runs.at(-1);
    if (last && last.before + last.length === before && last.after + last.length === after) last.length++;
    else runs.push({ before, after, length: 1 });
  }
  return runs;
}

// Patience: elements that occur once on either side, the longest chain of them, and what is equal around each.
function aroundUnique(a: readonly number[], b: readonly number[]): [number, number][] {
  const once = (list: readonly number[]) => {
    const at = new Map<number, number>();
    for (const [i, element] of list.entries()) at.set(element, at.has(element) ? -1 : i);
    return at;
  };
  const onceInB = once(b);
  const anchors = [];
  for (const [element, before] of once(a)) {
    const after = onceInB.get(element) ?? -1;
    if (before >= 0 && after >= 0) anchors.push({ before, after, weight: 1 });
  }
  const pairs: [number, number][] = [];
  let i = 0;
  let j = 0;
  for (const { before, after } of [...heaviestChain(anchors), { before: a.length, after: b.length }]) {
    if (before < i || after < j) continue;
    for (; i < before && j < after && a[i] === b[j]; i++, j++) pairs.push([i, j]);
    let back = 0;
    while (before - back > i && after - back > j && a[before - back - 1] === b[after - back - 1]) back++;
    for (; back > 0; back--) pairs.push([before - back, after - back]);
    if (before < a.length) pairs.push([before, after]);
    i = before + 1;
    j = after + 1;
  }
  return pairs;
}
