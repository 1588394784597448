/**
 * Two contents compared: fields, statements, blocks, words. A pure function: the same contents give the same result on
 * any machine and load, since every bound is on work; with the sides exchanged, words added are words removed.
 */
import type { Block, Content, RemovedBlock, TableBlock } from '../content/types.js';
import { sentenceActions } from './actions.js';
import { type BlockReading, countRest, type MarkRun } from './blocks.js';
import type { Cut } from './cut.js';
import { compareFields, compareMembers, shapeOf } from './fields.js';
import { runsOf, withSpacingKept } from './runs.js';
import { type Compared, compareBodies, type Script, stretchesBy, type Unit } from './script.js';
import { compareStatements } from './statements.js';
import { summarize } from './summary.js';
import { compareTables } from './tables.js';
import { countWords, type MovedStretch, stepsOf, tidied } from './tidy.js';
import type { BlockChange, BlockKind, BlockSide, Comparison, SentenceMove, WordCounts } from './types.js';

export const algorithm = 'palimpsest/compare/4';

export interface CompareOptions {
  /** BCP 47, for scripts without spaces; by default that of the contents. */
  language?: string;
  /** The version of ICU, to be named in the result. */
  icu?: string;
}

/** Compares two contents. Any content gives a result; where a bound on work was met, `fallbacks` says so. */
export function compareContents(before: Content, after: Content, options: CompareOptions = {}): Comparison {
  const language = options.language ?? languageOf(after) ?? languageOf(before);
  const { was, is, script } = compareBodies(before.body, after.body, language, true);
  countAlone(script, was, is);
  countEqual(script, was, is);
  const { blocks, moves } = blockChanges(before.body, after.body, was, is, script, language);
  const fields = compareFields(before, after, language);
  const statements = compareStatements(before, after, was, is, blocks);
  if (script.vocabulary.dictionary < 0 && !script.fallbacks.some(({ stage }) => stage === 'dictionary'))
    script.fallbacks.push({ stage: 'dictionary' });
  const words = { before: total(was), after: total(is) };
  return {
    algorithm: options.icu ? `${algorithm} icu/${options.icu}` : algorithm,
    fields,
    statements,
    blocks,
    moves,
    summary: summarize(fields, statements, blocks, moves, words, sentenceActions(script, was, is, language)),
    fallbacks: script.fallbacks,
  };
}

/** Words of the body added and removed: those of `compareContents`' summary, at the cost of what changed. */
export function sizeOfChange(before: Content, after: Content, options: CompareOptions = {}): WordCounts {
  const language = options.language ?? languageOf(after) ?? languageOf(before);
  return sizeOf(compareBodies(before.body, after.body, language));
}

/** The same of bodies that are compared already. */
export function sizeOf({ was, is, script }: Compared): WordCounts {
  const { units, moves } = script;
  const { gone, come } = countAlone(script, was, is);
  const words = { added: total(come), removed: total(gone) };
  for (const unit of units) {
    if (!unit.match) continue;
    const { added, removed } = wordsOf(unit);
    words.added += added;
    words.removed += removed;
  }
  const moved = moves.reduce((sum, move) => sum + wordsMoved(move.kept, units[move.before.strip]!.a), 0);
  return { added: words.added - moved, removed: words.removed - moved };
}

const total = (readings: readonly BlockReading[]): number => readings.reduce((sum, block) => sum + block.words(), 0);

/** Counts the words of blocks that one side alone has, and gives those blocks. */
function countAlone({ matches, vocabulary }: Script, was: readonly BlockReading[], is: readonly BlockReading[]) {
  const told = { before: new Set<number>(), after: new Set<number>() };
  for (const { before, after } of matches) {
    for (const i of before) told.before.add(i);
    for (const j of after) told.after.add(j);
  }
  const gone = was.filter((_, i) => !told.before.has(i));
  const come = is.filter((_, j) => !told.after.has(j));
  countRest([...gone, ...come], vocabulary);
  return { gone, come };
}

/** Counts the words of blocks that are equal once for both sides. */
function countEqual({ matches, vocabulary }: Script, was: readonly BlockReading[], is: readonly BlockReading[]): void {
  const pairs = matches.flatMap(({ equal, main: [i, j] }) =>
    equal ? [was[i]!.isCut() ? ([was[i]!, is[j]!] as const) : ([is[j]!, was[i]!] as const)] : [],
  );
  countRest(
    pairs.map(([counted]) => counted),
    vocabulary,
  );
  for (const [counted, other] of pairs) other.countAs(counted.words());
}

/** In which a content's words are read. */
export const languageOf = ({ fields: { language } }: Pick<Content, 'fields'>): string | undefined =>
  typeof language === 'string' ? language : undefined;

const wordsMoved = (kept: Unit['kept'], a: Cut): number =>
  kept.reduce((sum, run) => sum + countWords(a, run.before, run.before + run.length), 0);

function wordsOf({ a, b, kept }: Unit): WordCounts {
  const same = wordsMoved(kept, a);
  return { added: b.words - same, removed: a.words - same };
}

/** What was found, said of the blocks in reading order. */
function blockChanges(
  before: readonly Block[],
  after: readonly Block[],
  was: readonly BlockReading[],
  is: readonly BlockReading[],
  script: Script,
  language: string | undefined,
): { blocks: BlockChange[]; moves: SentenceMove[] } {
  const { matches, units } = script;
  const side = (body: readonly Block[], index: number): BlockSide => {
    const block = body[index]!;
    return { index, key: block._key, ...(block.statement !== undefined && { statement: block.statement }), block };
  };
  const ofBefore = new Map(matches.flatMap((match) => match.before.map((i) => [i, match] as const)));
  const ofAfter = new Map(matches.flatMap((match) => match.after.map((j) => [j, match] as const)));
  const unitOf = new Map(units.flatMap((unit, u) => (unit.match ? [[unit.match, u] as const] : [])));
  const goneUnit = new Map(
    units.flatMap(({ match, before: [i] }, u) => (match || i === undefined ? [] : [[i, u] as const])),
  );
  const comeUnit = new Map(
    units.flatMap(({ match, after: [j] }, u) => (match || j === undefined ? [] : [[j, u] as const])),
  );
  const moving = movingIn(script);
  const blocks: BlockChange[] = [];
  /** Where in `blocks` each block of the before side is told of, and each unit. */
  const told = new Map<number, number>();
  const unitTold = new Map<number, number>();

  const alone = (kind: 'added' | 'removed', unit: number | undefined, one: BlockSide, reading: BlockReading) => {
    const added = kind === 'added';
    const change: BlockChange = {
      kind,
      before: added ? [] : [one],
      after: added ? [one] : [],
      formatting: false,
      words: { added: added ? reading.words() : 0, removed: added ? 0 : reading.words() },
    };
    const moved = unit === undefined ? undefined : moving.get(unit);
    if (unit !== undefined && moved) {
      const { a, b } = units[unit]!;
      change.words[added ? 'added' : 'removed'] -= added ? moved.words.b : moved.words.a;
      const marks = { a: added ? [] : reading.marks, b: added ? reading.marks : [] };
      change.runs = runsOf(stepsOf([], a, b, moved), a, b, marks.a, marks.b);
    }
    if (unit !== undefined) unitTold.set(unit, blocks.length);
    blocks.push(change);
  };
  let nextBefore = 0;
  const tellRemoved = (until: number) => {
    for (; nextBefore < until; nextBefore++) {
      if (ofBefore.has(nextBefore)) continue;
      told.set(nextBefore, blocks.length);
      alone('removed', goneUnit.get(nextBefore), side(before, nextBefore), was[nextBefore]!);
    }
  };
  for (let j = 0; j < after.length; j++) {
    const match = ofAfter.get(j);
    if (!match) {
      const next = nextInPlace(j);
      if (next !== undefined) tellRemoved(next);
      alone('added', comeUnit.get(j), side(after, j), is[j]!);
      continue;
    }
    if (match.after[0] !== j) continue;
    if (!match.moved) tellRemoved(match.before[0]!);
    for (const i of match.before) told.set(i, blocks.length);
    const unit = unitOf.get(match);
    if (unit !== undefined) unitTold.set(unit, blocks.length);
    blocks.push(
      comparePair(
        match.before.map((i) => was[i]!),
        match.after.map((j) => is[j]!),
        match.before.map((i) => side(before, i)),
        match.after.map((j) => side(after, j)),
        unit === undefined ? undefined : { unit: units[unit]!, moved: moving.get(unit) },
        language,
      ),
    );
  }
  tellRemoved(before.length);

  // A moved block stood behind the nearest block ahead of it that is still in place.
  let stoodAfter = -1;
  for (const [i, place] of [...told].sort(([i], [k]) => i - k)) {
    const match = ofBefore.get(i);
    if (!match?.moved) stoodAfter = place;
    else if (match.before[0] === i)
      blocks[place]!.moved = { direction: stoodAfter > place ? 'up' : 'down', stoodAfter };
  }
  const moves = script.moves.map(({ before, after, kept }): SentenceMove => {
    const [a, b] = [units[before.strip]!.a, units[after.strip]!.b];
    const [from, to] = [unitTold.get(before.strip)!, unitTold.get(after.strip)!];
    const lengths = [before.to - before.from, after.to - after.from, kept[0]?.length];
    const [x, y] = [part(a, before), part(b, after)];
    const within = kept.map((run) => ({
      before: run.before - before.from,
      after: run.after - after.from,
      length: run.length,
    }));
    const shown = tidied(within, x.cut, y.cut, script.vocabulary);
    return {
      from,
      to,
      direction: to < from || (to === from && after.from < before.from) ? 'up' : 'down',
      runs: withSpacingKept(
        runsOf(
          stepsOf(shown, x.cut, y.cut),
          x.cut,
          y.cut,
          partOfMarks(marksOf(units[before.strip]!.before.map((i) => was[i]!)), x),
          partOfMarks(marksOf(units[after.strip]!.after.map((j) => is[j]!)), y),
        ),
      ),
      edited: !lengths.every((length) => length === lengths[0]),
      words: wordsMoved(kept, a),
    };
  });
  return { blocks, moves };

  // Removed blocks come ahead of what was added in their gap: the first block before that the gap's end continues.
  function nextInPlace(j: number): number | undefined {
    const previous = ofAfter.get(j - 1);
    if (j > 0 && !(previous && !previous.moved)) return undefined;
    for (let k = j; k < after.length; k++) {
      const match = ofAfter.get(k);
      if (match && !match.moved) return match.before[0]!;
    }
    return before.length;
  }
}

/** A sentence as a text of its own. */
function part(whole: Cut, { from, to }: { from: number; to: number }): { cut: Cut; start: number; end: number } {
  const [start, end] = [whole.starts[from]!, whole.ends[to - 1]!];
  const cut: Cut = {
    text: whole.text.slice(start, end),
    ids: whole.ids.slice(from, to),
    starts: whole.starts.slice(from, to).map((at) => at - start),
    ends: whole.ends.slice(from, to).map((at) => at - start),
    isWord: whole.isWord.slice(from, to),
    words: countWords(whole, from, to),
    breaks: whole.breaks.filter((at) => at >= start && at < end).map((at) => at - start),
  };
  return { cut, start, end };
}

const partOfMarks = (marks: readonly MarkRun[], { start, end }: { start: number; end: number }): MarkRun[] =>
  marks.filter(({ to }) => to > start).map(({ to, marks }) => ({ to: Math.min(to, end) - start, marks }));

interface Moving {
  a: MovedStretch[];
  b: MovedStretch[];
  words: { a: number; b: number };
}

/** By unit: the text of each side that moved with sentences. */
function movingIn({ units, moves }: Script): Map<number, Moving> {
  const found = new Map<number, Moving>();
  for (const [side, text] of [
    ['before', 'a'],
    ['after', 'b'],
  ] as const)
    for (const [unit, list] of stretchesBy(moves, side)) {
      const moving = found.get(unit) ?? { a: [], b: [], words: { a: 0, b: 0 } };
      found.set(unit, moving);
      const cut = units[unit]![text];
      for (const { stretch, move } of list) {
        moving[text].push({ from: cut.starts[stretch.from]!, to: cut.ends[stretch.to - 1]!, sentence: move });
        for (const run of moves[move]!.kept) moving.words[text] += countWords(cut, run[side], run[side] + run.length);
      }
    }
  return found;
}

function comparePair(
  was: BlockReading[],
  is: BlockReading[],
  before: BlockSide[],
  after: BlockSide[],
  found: { unit: Unit; moved: Moving | undefined } | undefined,
  language: string | undefined,
): BlockChange {
  const [a, b] = [was[0]!, is[0]!];
  const change = (kind: BlockKind, rest: Partial<BlockChange> = {}) => ({
    kind,
    before,
    after,
    formatting: false,
    words: { added: 0, removed: 0 },
    ...rest,
  });
  const absence = [...before, ...after].map(({ block }) => block).find((block) => block._type === 'removed');
  if (absence)
    return change(a.identity === b.identity ? 'same' : 'edited', { absent: (absence as RemovedBlock).absence });
  if (!found) {
    if (a.look() === b.look()) return change('same');
    const whole = [0, a.text.length] as const;
    const kept = a.text === '' ? [] : [{ op: 'kept' as const, before: whole, after: whole }];
    const runs = runsOf(kept, { text: a.text, breaks: [] }, { text: b.text, breaks: [] }, a.marks, b.marks);
    const members = a.type === 'block' ? [] : compareMembers(before[0]!.block, after[0]!.block, language);
    return change('reformatted', { runs, formatting: true, ...(members.length > 0 && { members }) });
  }
  const { unit, moved } = found;
  const words = wordsOf(unit);
  if (moved) {
    words.added -= moved.words.b;
    words.removed -= moved.words.a;
  }
  const members = a.type === 'block' ? undefined : compareMembers(before[0]!.block, after[0]!.block, language);
  if (a.type !== 'block' && a.type !== 'code' && a.type !== 'table') return change('edited', { members, words });
  const marks = [was, is].map((side) => marksOf(side));
  const exact = runsOf(stepsOf(unit.shown, unit.a, unit.b, moved), unit.a, unit.b, marks[0]!, marks[1]!);
  const prose = a.type === 'block' && b.type === 'block';
  const runs = prose ? withSpacingKept(exact) : exact;
  const [one, other] = [before[0]!.block, after[0]!.block];
  const formatting = runs.some((run) => run.marksBefore) || shapeOf(one) !== shapeOf(other);
  const edited = !prose || runs.some(({ op }) => op !== 'kept') ? 'edited' : 'reformatted';
  const kind = is.length > 1 ? 'split' : was.length > 1 ? 'merged' : edited;
  const rows =
    one._type === 'table' && other._type === 'table'
      ? compareTables(one as TableBlock, other as TableBlock, language)
      : undefined;
  return change(kind, { runs, formatting, words, ...(rows && { rows }), ...(members?.length && { members }) });
}

/** The marks of blocks read as one text. */
function marksOf(side: readonly BlockReading[]): readonly MarkRun[] {
  if (side.length === 1) return side[0]!.marks;
  let at = 0;
  return side.flatMap(({ text, marks }, i) => {
    if (i > 0) at++;
    const from = at;
    at += text.length;
    return [...(i > 0 ? [{ to: from, marks: [] }] : []), ...marks.map(({ to, marks }) => ({ to: from + to, marks }))];
  });
}
