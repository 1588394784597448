/**
 * Which block after is which block before. Equal blocks first (longest common subsequence; equal ones elsewhere are
 * moves), then in each gap the order-preserving pairing that is most alike, then what is nearly equal elsewhere. Keys
 * help but don't bind. The same alignment gives an incoming body its keys.
 */
import type { Block, DraftBlock } from '../content/types.js';
import { read } from './blocks.js';
import { heaviestChain, type WeightedPair } from './chain.js';
import { intern, longestCommon } from './lcs.js';
import { type Features, likenesses } from './likeness.js';
import type { Fallback } from './types.js';

export interface AlignBlock {
  key?: string;
  /** Only blocks of one type are paired, but for `removed`, which is paired by key. */
  type: string;
  /** Equal for blocks that say the same. */
  identity: string;
  /** What likeness is judged by; its words, mostly. */
  features: () => readonly string[];
}

/** Blocks that continue one another: one to one, or one to several neighbours (a split, a merger). */
export interface Match {
  before: number[];
  after: number[];
  /** The pair that is the same block: the largest part of a split or merged one. */
  main: readonly [before: number, after: number];
  equal: boolean;
  moved: boolean;
}

export interface Alignment {
  /** In the order of the after side. */
  matches: Match[];
  fallbacks: Fallback[];
}

const gapLikeness = 0.3;
const moveLikeness = 0.5;
/** Fewer features than this are no evidence that a block was moved and edited. */
const moveFeatures = 4;

/** Pairs the blocks of two sides; the other way round it gives the mirror image. */
export function align(before: readonly AlignBlock[], after: readonly AlignBlock[]): Alignment {
  if (!isAhead(after, before)) return aligned(before, after);
  const { matches, fallbacks } = aligned(after, before);
  return {
    matches: matches
      .map(({ before, after, main, ...rest }) => ({
        before: after,
        after: before,
        main: [main[1], main[0]] as const,
        ...rest,
      }))
      .sort(byAfter),
    fallbacks,
  };
}

const byAfter = (x: Match, y: Match): number => x.after[0]! - y.after[0]!;

function isAhead(a: readonly AlignBlock[], b: readonly AlignBlock[]): boolean {
  for (let i = 0; i < a.length && i < b.length; i++)
    if (a[i]!.identity !== b[i]!.identity) return a[i]!.identity < b[i]!.identity;
  return a.length < b.length;
}

function aligned(before: readonly AlignBlock[], after: readonly AlignBlock[]): Alignment {
  const fallbacks: Fallback[] = [];
  const fall = (stage: Fallback['stage']) => {
    if (!fallbacks.some((fallback) => fallback.stage === stage)) fallbacks.push({ stage });
  };
  const toAfter = new Int32Array(before.length).fill(-1);
  const toBefore = new Int32Array(after.length).fill(-1);
  const equal = new Set<number>();
  const pair = (i: number, j: number) => {
    toAfter[i] = j;
    toBefore[j] = i;
    if (before[i]!.identity === after[j]!.identity) equal.add(i);
  };
  const free = (side: Int32Array, from = 0, to = side.length) => {
    const indexes: number[] = [];
    for (let i = from; i < to; i++) if (side[i] === -1) indexes.push(i);
    return indexes;
  };
  const byKey = new Map(before.map(({ key }, i) => [key, i] as const));
  const keys = after.map(({ key }) => (key === undefined ? undefined : byKey.get(key)));
  const keyed = (j: number) => keys[j];

  // Absent texts say nothing but which block they were.
  after.forEach((block, j) => {
    const i = keyed(j);
    if (i !== undefined && toAfter[i] === -1 && (block.type === 'removed' || before[i]!.type === 'removed')) pair(i, j);
  });

  const identities = new Map<string, number>();
  const anchors = equalInOrder(before, after, free(toAfter), free(toBefore), (block) =>
    intern(identities, block.identity),
  );
  preferKeys(anchors, before, after);
  for (const { before: i, after: j } of anchors) if (toAfter[i] === -1 && toBefore[j] === -1) pair(i, j);

  pairEqualElsewhere();

  const words = new Map<string, number>();
  const featuresBefore = features(before, words);
  const featuresAfter = features(after, words);
  let [i, j] = [0, 0];
  for (const anchor of [...anchors, { before: before.length, after: after.length }]) {
    const [gapBefore, gapAfter] = [free(toAfter, i, anchor.before), free(toBefore, j, anchor.after)];
    [i, j] = [anchor.before + 1, anchor.after + 1];
    if (gapBefore.length === 0 || gapAfter.length === 0) continue;
    for (const { before, after } of heaviestChain(alike(gapBefore, gapAfter, gapLikeness))) pair(before, after);
  }
  const left = alike(free(toAfter), free(toBefore), moveLikeness)
    .filter(({ before, after }) => Math.min(featuresBefore(before).total, featuresAfter(after).total) >= moveFeatures)
    .sort((x, y) => y.weight - x.weight || x.before - y.before || x.after - y.after);
  for (const { before, after } of left) if (toAfter[before] === -1 && toBefore[after] === -1) pair(before, after);

  return { matches: placed(grouped()), fallbacks };

  function pairEqualElsewhere() {
    const waiting = new Map<string, number[]>();
    for (const i of free(toAfter)) {
      const list = waiting.get(before[i]!.identity);
      if (list) list.push(i);
      else waiting.set(before[i]!.identity, [i]);
    }
    for (const j of free(toBefore)) {
      const list = waiting.get(after[j]!.identity);
      // A rule or an empty paragraph somewhere else is not one that moved.
      if (!list?.length || after[j]!.features().length === 0) continue;
      const sameKey = list.indexOf(keyed(j) ?? -1);
      pair(list.splice(Math.max(sameKey, 0), 1)[0]!, j);
    }
  }

  // Pairs of one type at least `least` alike. An equal key counts for a little likeness, and needs little of it.
  function alike(these: readonly number[], those: readonly number[], least: number): WeightedPair[] {
    const { pairs, fallback } = likenesses(
      these.map(featuresBefore),
      those.map(featuresAfter),
      least,
      (x, y) => keyed(those[y]!) === these[x],
    );
    if (fallback) fall(fallback);
    const found: WeightedPair[] = [];
    for (const { before: x, after: y, weight } of pairs) {
      const [i, j] = [these[x]!, those[y]!];
      if (before[i]!.type !== after[j]!.type) continue;
      found.push({ before: i, after: j, weight: weight + (keyed(j) === i ? 0.25 : 0) });
    }
    // Images, embeds and the like that share no word are still the same one if their key says so.
    const inGap = new Set(these);
    for (const j of those) {
      const i = keyed(j);
      if (i === undefined || !inGap.has(i) || before[i]!.type !== after[j]!.type || proseTypes.has(after[j]!.type))
        continue;
      if (!found.some((one) => one.before === i && one.after === j)) found.push({ before: i, after: j, weight: 0.5 });
    }
    return found;
  }

  // Free neighbours of a pair that hold what the pair's one side has lost to the other: a split, or a merger.
  function grouped(): Match[] {
    const matches: Match[] = [];
    for (let j = 0; j < after.length; j++) {
      const i = toBefore[j]!;
      if (i === -1) continue;
      const match: Match = { before: [i], after: [j], main: [i, j], equal: equal.has(i), moved: false };
      matches.push(match);
    }
    for (const match of matches) {
      const [i, j] = match.main;
      if (match.equal || !proseTypes.has(after[j]!.type) || before[i]!.type !== after[j]!.type) continue;
      match.after = partsAround(featuresBefore(i), j, after, featuresAfter, toBefore);
      if (match.after.length === 1) match.before = partsAround(featuresAfter(j), i, before, featuresBefore, toAfter);
    }
    return matches;
  }

  function placed(matches: Match[]): Match[] {
    // What already stands in order needs no judging, nor its words counted.
    if (matches.every(({ before }, k) => k === 0 || matches[k - 1]!.before[0]! < before[0]!)) return matches;
    const pairs = matches.map((match) => ({
      before: match.before[0]!,
      after: match.after[0]!,
      weight: 1 + match.after.reduce((sum, j) => sum + after[j]!.features().length, 0),
      match,
    }));
    const stayed = new Set(heaviestChain(pairs).map((pair) => pair.match));
    for (const match of matches) match.moved = !stayed.has(match);
    return matches;
  }
}

const proseTypes = new Set(['block', 'code']);

function equalInOrder(
  before: readonly AlignBlock[],
  after: readonly AlignBlock[],
  these: readonly number[],
  those: readonly number[],
  number: (block: AlignBlock) => number,
): { before: number; after: number }[] {
  const a = these.map((i) => number(before[i]!));
  const b = those.map((j) => number(after[j]!));
  const { runs } = longestCommon(a, b, Number.POSITIVE_INFINITY);
  return runs.flatMap((run) =>
    Array.from({ length: run.length }, (_, k) => ({ before: these[run.before + k]!, after: those[run.after + k]! })),
  );
}

// Among equal blocks of one gap (two empty paragraphs, two rules) the ones whose keys agree.
function preferKeys(
  anchors: { before: number; after: number }[],
  before: readonly AlignBlock[],
  after: readonly AlignBlock[],
): void {
  for (const [from, to, blocks, others] of [
    ['after', 'before', after, before],
    ['before', 'after', before, after],
  ] as const) {
    const byKey = new Map(others.map(({ key }, i) => [key, i] as const));
    for (const [k, anchor] of anchors.entries()) {
      const { key, identity } = blocks[anchor[from]]!;
      const i = key === undefined ? undefined : byKey.get(key);
      if (i === undefined || others[i]!.identity !== identity) continue;
      const free = i > (anchors[k - 1]?.[to] ?? -1) && i < (anchors[k + 1]?.[to] ?? others.length);
      if (free && others[anchor[to]]!.key !== key) anchor[to] = i;
    }
  }
}

function features(blocks: readonly AlignBlock[], words: Map<string, number>): (i: number) => Features {
  const known: Features[] = [];
  return (i) => {
    const before = known[i];
    if (before) return before;
    const counts = new Map<number, number>();
    const list = blocks[i]!.features();
    for (const word of list) {
      const id = intern(words, word);
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const found = { counts, total: list.length };
    known[i] = found;
    return found;
  };
}

const partShare = 0.6;
const partWords = 3;

function partsAround(
  whole: Features,
  main: number,
  blocks: readonly AlignBlock[],
  featuresOf: (i: number) => Features,
  partner: Int32Array,
): number[] {
  const lost = new Map(whole.counts);
  const take = (part: Features): number => {
    let taken = 0;
    for (const [word, count] of part.counts) taken += Math.min(count, lost.get(word) ?? 0);
    return taken;
  };
  const remove = (part: Features) => {
    for (const [word, count] of part.counts) lost.set(word, Math.max(0, (lost.get(word) ?? 0) - count));
  };
  remove(featuresOf(main));
  const parts = [main];
  for (const direction of [1, -1]) {
    for (let i = main + direction; i >= 0 && i < blocks.length && partner[i] === -1; i += direction) {
      if (blocks[i]!.type !== blocks[main]!.type) break;
      const part = featuresOf(i);
      const taken = take(part);
      if (taken < partWords || taken < partShare * part.total) break;
      remove(part);
      partner[i] = -2;
      parts.push(i);
    }
  }
  return parts.sort((x, y) => x - y);
}

/**
 * Gives the blocks of an incoming body their keys: those that continue a block of `base` keep its key (the larger part,
 * of a split one) and, unless the draft names one, its statement; the others get `mint()`, which must give fresh keys.
 * A `_key` in the draft is a hint. No key occurs twice.
 */
export function keepKeys(base: readonly Block[], draft: readonly DraftBlock[], mint: () => string): Block[] {
  const { matches } = align(base.map(alignable), draft.map(alignable));
  const continued = new Map(matches.map(({ main: [i, j] }) => [j, base[i]!]));
  const taken = new Set(base.map(({ _key }) => _key));
  return draft.map((block, j) => {
    const from = continued.get(j);
    let key = from?._key;
    while (key === undefined || (!from && taken.has(key))) key = mint();
    taken.add(key);
    const { _key: _, statement = from?.statement, ...text } = block;
    return { ...text, _key: key, ...(statement !== undefined && { statement }) } as Block;
  });
}

function alignable(block: Block | DraftBlock): AlignBlock {
  const { type, identity, features } = read(block);
  return { key: block._key, type, identity, features };
}
