/**
 * Which block after is which block before. Equal blocks first (longest common subsequence; equal ones elsewhere are
 * moves), then in each gap the order-preserving pairing that is most alike, then what is nearly equal elsewhere. Keys
 * help but don't bind. The same alignment gives an incoming body its keys.
 */
import type { Block, DraftBlock } from '../content/types.js';
import { type BlockReading, read } from './blocks.js';
import { heaviestChain, type WeightedPair } from './chain.js';
import { Vocabulary } from './cut.js';
import { intern, longestCommon } from './lcs.js';
import { type Bag, bagOf, likenesses } from './likeness.js';
import type { Fallback } from './types.js';

type AlignBlock = Pick<BlockReading, 'key' | 'type' | 'identity' | 'text' | 'bag'> &
  Partial<Pick<BlockReading, 'title'>>;

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

/** Comparisons of blocks. */
const blockWork = 2_000_000;
const gapLikeness = 0.3;
const moveLikeness = 0.5;
/** What it tells that a block stayed in place, however short: so many letters. */
const placeWeight = 20;
/** Fewer words than this are no evidence that a block was moved and edited. */
const moveWords = 4;

/** Pairs the blocks of two sides. */
export function align(before: readonly AlignBlock[], after: readonly AlignBlock[], vocabulary: Vocabulary): Alignment {
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
  const free = (side: Int32Array) => {
    const indexes: number[] = [];
    for (let i = 0; i < side.length; i++) if (side[i] === -1) indexes.push(i);
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
  const anchors = equalInOrder(
    before,
    after,
    free(toAfter),
    free(toBefore),
    (block) => intern(identities, block.identity),
    fall,
  );
  preferKeys(anchors, before, after);
  for (const { before: i, after: j } of anchors) if (toAfter[i] === -1 && toBefore[j] === -1) pair(i, j);

  pairEqualElsewhere(({ identity }) => identity);
  // "3. Fares" that stands elsewhere as "4. Fares".
  pairEqualElsewhere((block) => block.title?.() || undefined);

  const bagBefore = (i: number) => before[i]!.bag(vocabulary);
  const bagAfter = (j: number) => after[j]!.bag(vocabulary);
  pairAlike();

  return { matches: placed(grouped()), fallbacks };

  function pairEqualElsewhere(nameOf: (block: AlignBlock) => string | undefined) {
    const waiting = new Map<string, number[]>();
    for (const i of free(toAfter)) {
      const name = nameOf(before[i]!);
      const list = name === undefined ? undefined : waiting.get(name);
      if (list) list.push(i);
      else if (name !== undefined) waiting.set(name, [i]);
    }
    if (waiting.size === 0) return;
    for (const j of free(toBefore)) {
      const list = waiting.get(nameOf(after[j]!) ?? '');
      // A rule or an empty paragraph somewhere else is not one that moved.
      if (!list?.length || !says(after[j]!)) continue;
      const sameKey = list.indexOf(keyed(j) ?? -1);
      pair(list.splice(Math.max(sameKey, 0), 1)[0]!, j);
    }
  }

  function says(block: AlignBlock): boolean {
    return proseTypes.has(block.type) ? wordly.test(block.text) : block.bag(vocabulary).total > 0;
  }

  // Blocks between the same two that are equal are paired in order, as alike together as can be; what is very much alike
  // anywhere has moved. An equal key counts for a little likeness, and needs little of it.
  function pairAlike() {
    const [these, those] = [free(toAfter), free(toBefore)];
    if (these.length === 0 || those.length === 0) return;
    const gapOf = (indexes: readonly number[], side: 'before' | 'after') => {
      let gap = 0;
      return indexes.map((i) => {
        while (gap < anchors.length && anchors[gap]![side] < i) gap++;
        return gap;
      });
    };
    const [gapsBefore, gapsAfter] = [gapOf(these, 'before'), gapOf(those, 'after')];
    const sameKey = (x: number, y: number) => keyed(those[y]!) === these[x];
    const { pairs, fallbacks: met } = likenesses(these.map(bagBefore), those.map(bagAfter), (x, y) =>
      gapsBefore[x] !== gapsAfter[y] ? moveLikeness : sameKey(x, y) ? gapLikeness / 3 : gapLikeness,
    );
    for (const stage of met) fall(stage);
    const byGap = new Map<number, WeightedPair[]>();
    const moves: WeightedPair[] = [];
    const place = (x: number, y: number, weight: number) => {
      const [i, j] = [these[x]!, those[y]!];
      if (before[i]!.type !== after[j]!.type) return;
      if (gapsBefore[x] === gapsAfter[y]) {
        // As many words as can be should have come from where they stand.
        const words = bagBefore(i).total + bagAfter(j).total;
        const found = { before: i, after: j, weight: (weight + (keyed(j) === i ? 0.25 : 0)) * (words + 8) };
        const list = byGap.get(gapsAfter[y]!);
        if (list) list.push(found);
        else byGap.set(gapsAfter[y]!, [found]);
      }
      if (weight >= moveLikeness && Math.min(bagBefore(i).total, bagAfter(j).total) >= moveWords)
        moves.push({ before: i, after: j, weight });
    };
    for (const { before: x, after: y, weight } of pairs) place(x, y, weight);
    // Images, embeds and the like that share no word are still the same one if their key says so.
    const at = new Map(these.map((i, x) => [i, x] as const));
    those.forEach((j, y) => {
      const x = at.get(keyed(j) ?? -1);
      if (x === undefined || gapsBefore[x] !== gapsAfter[y] || proseTypes.has(after[j]!.type)) return;
      if (!pairs.some((one) => one.before === x && one.after === y)) place(x, y, 0.25);
    });
    for (const list of byGap.values()) for (const { before, after } of heaviestChain(list)) pair(before, after);
    moves.sort((x, y) => y.weight - x.weight || x.before - y.before || x.after - y.after);
    for (const { before, after } of moves) if (toAfter[before] === -1 && toBefore[after] === -1) pair(before, after);
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
      if (!hasFree(toBefore, j) && !hasFree(toAfter, i)) continue;
      match.after = partsAround(bagBefore(i), j, after, bagAfter, toBefore);
      if (match.after.length === 1) match.before = partsAround(bagAfter(j), i, before, bagBefore, toAfter);
    }
    return matches;
  }

  function placed(matches: Match[]): Match[] {
    // What already stands in order needs no judging.
    if (matches.every(({ before }, k) => k === 0 || matches[k - 1]!.before[0]! < before[0]!)) return matches;
    const pairs = matches.map((match) => ({
      before: match.before[0]!,
      after: match.after[0]!,
      weight: match.after.reduce((sum, j) => sum + placeWeight + after[j]!.text.length, 0),
      match,
    }));
    const stayed = new Set(heaviestChain(pairs).map((pair) => pair.match));
    for (const match of matches) match.moved = !stayed.has(match);
    return matches;
  }
}

const hasFree = (side: Int32Array, i: number) => side[i - 1] === -1 || side[i + 1] === -1;
const wordly = /[\p{L}\p{N}]/u;
const proseTypes = new Set(['block', 'code']);

function equalInOrder(
  before: readonly AlignBlock[],
  after: readonly AlignBlock[],
  these: readonly number[],
  those: readonly number[],
  number: (block: AlignBlock) => number,
  fall: (stage: Fallback['stage']) => void,
): { before: number; after: number }[] {
  const a = these.map((i) => number(before[i]!));
  const b = those.map((j) => number(after[j]!));
  const { runs, exact } = longestCommon(a, b, blockWork);
  if (!exact) fall('blocks');
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

const partShare = 0.6;
const partWords = 3;

function partsAround(
  whole: Bag,
  main: number,
  blocks: readonly AlignBlock[],
  bagOf: (i: number) => Bag,
  partner: Int32Array,
): number[] {
  const lost = new Map(whole.ids.map((id, k) => [id, whole.counts[k]!] as const));
  const take = ({ ids, counts }: Bag): number =>
    ids.reduce((taken, id, k) => taken + Math.min(counts[k]!, lost.get(id) ?? 0), 0);
  const remove = ({ ids, counts }: Bag) => {
    ids.forEach((id, k) => {
      lost.set(id, Math.max(0, (lost.get(id) ?? 0) - counts[k]!));
    });
  };
  remove(bagOf(main));
  const parts = [main];
  for (const direction of [1, -1]) {
    for (let i = main + direction; i >= 0 && i < blocks.length && partner[i] === -1; i += direction) {
      if (blocks[i]!.type !== blocks[main]!.type) break;
      const part = bagOf(i);
      const taken = take(part);
      if (taken < partWords || taken < partShare * part.total) break;
      remove(part);
      partner[i] = -2;
      parts.push(i);
    }
  }
  return parts.sort((x, y) => x - y);
}

/** How much of a block must be left for it to belong to its statement still. */
const statementLikeness = 0.7;

/** Of each block of an incoming body: which block of the base it continues, and to which statement it belongs still. */
export type Continuations = readonly { from?: number; statement?: string }[];

/**
 * Which blocks continue one of `base`: of a split one the larger part. A `_key` in the draft is a hint. A block that says
 * what a block of a statement said, or a part of it, or nearly, belongs to that statement still.
 */
export function continuations(base: readonly Block[], draft: readonly (Block | DraftBlock)[]): Continuations {
  const vocabulary = new Vocabulary();
  const [was, is] = [base.map((block) => read(block)), draft.map((block) => read(block))];
  const { matches } = align(was, is, vocabulary);
  const continued = new Map<number, number>();
  const statements = new Map<number, string>();
  for (const { before, after, main, equal } of matches) {
    continued.set(main[1], main[0]);
    const ids = new Set(before.map((i) => base[i]!.statement));
    const [statement] = ids;
    if (statement === undefined || ids.size > 1) continue;
    const whole = joinBags(before.map((i) => was[i]!.bag(vocabulary)));
    for (const j of after)
      if (equal || shared(whole, is[j]!.bag(vocabulary), after.length > 1) >= statementLikeness)
        statements.set(j, statement);
  }
  return draft.map((_, j) => {
    const [from, statement] = [continued.get(j), statements.get(j)];
    return { ...(from !== undefined && { from }), ...(statement !== undefined && { statement }) };
  });
}

/**
 * Gives the blocks of an incoming body their keys: those that continue a block of `base` keep its key, the others get
 * `mint()`, which must give fresh keys. No key occurs twice. Which statement a block belongs to the draft may say.
 */
export function keepKeys(
  base: readonly Block[],
  draft: readonly DraftBlock[],
  mint: () => string,
  continued: Continuations = continuations(base, draft),
): Block[] {
  const taken = new Set(base.map(({ _key }) => _key));
  return draft.map((block, j) => {
    const { from, statement: still } = continued[j]!;
    const kept = from === undefined ? undefined : base[from]?._key;
    let key = kept;
    while (key === undefined || (kept === undefined && taken.has(key))) key = mint();
    taken.add(key);
    const { _key: _, statement = still, ...text } = block;
    return { ...text, _key: key, ...(statement !== undefined && { statement }) } as Block;
  });
}

const joinBags = (bags: readonly Bag[]): Bag =>
  bags.length === 1
    ? bags[0]!
    : bagOf(bags.flatMap(({ ids, counts }) => ids.flatMap((id, k) => Array<number>(counts[k]!).fill(id))));

// The words of both as a share of the words of either (Dice), or of the part's.
function shared(whole: Bag, part: Bag, isPart: boolean): number {
  const counts = new Map(whole.ids.map((id, k) => [id, whole.counts[k]!] as const));
  const common = part.ids.reduce((sum, id, k) => sum + Math.min(part.counts[k]!, counts.get(id) ?? 0), 0);
  const all = isPart ? 2 * part.total : whole.total + part.total;
  return all === 0 ? 0 : (2 * common) / all;
}
