/**
 * Two contents compared: fields, statements, blocks, words. A pure function: the same contents give the same result on
 * any machine and load, since every bound is on work; with the sides exchanged, words added are words removed.
 */
import {
  type Absent,
  type Block,
  type Content,
  type FieldName,
  fieldNames,
  isAbsent,
  type Json,
  type RemovedBlock,
} from '../content/types.js';
import { align } from './align.js';
import { type BlockReading, plain, read, sortedJson } from './blocks.js';
import { diffWords, pairWork } from './diff-words.js';
import { joinProse, runsOf } from './runs.js';
import { summarize } from './summary.js';
import type {
  BlockChange,
  BlockKind,
  BlockSide,
  Comparison,
  Fallback,
  FieldChange,
  MemberChange,
  StatementChanges,
  StatementRef,
  WordCounts,
} from './types.js';
import { tokenize } from './words.js';

export const algorithm = 'palimpsest/compare/1';

export interface CompareOptions {
  /** BCP 47, for scripts without spaces; by default that of the contents. */
  language?: string;
  /** The version of ICU, to be named in the result. */
  icu?: string;
}

/** Comparisons of two words that all pairs of blocks may take together; about 150 ms. */
const allWork = 12_000_000;

/** Compares two contents. Any content gives a result; where a bound on work was met, `fallbacks` says so. */
export function compareContents(before: Content, after: Content, options: CompareOptions = {}): Comparison {
  const language = options.language ?? languageOf(after) ?? languageOf(before);
  const [was, is] = [before, after].map(({ body }) => body.map((block) => read(block, language)));
  const { blocks, fallbacks } = compareBodies(before.body, after.body, was!, is!);
  const fields = compareFields(before, after, language);
  const statements = compareStatements(before, after, was!, is!, blocks);
  const total = { before: 0, after: 0 };
  for (const { kind, before, after } of blocks) {
    const words = { before: 0, after: 0 };
    for (const { index } of after) words.after += is![index]!.words();
    // The same text need not be counted twice.
    if (kind === 'same' || kind === 'reformatted') words.before = words.after;
    else for (const { index } of before) words.before += was![index]!.words();
    total.before += words.before;
    total.after += words.after;
  }
  return {
    algorithm: options.icu ? `${algorithm} icu/${options.icu}` : algorithm,
    fields,
    statements,
    blocks,
    summary: summarize(fields, statements, blocks, total),
    fallbacks,
  };
}

/** Words of the body added and removed: those of `compareContents`' summary, at the cost of what changed. */
export function sizeOfChange(before: Content, after: Content, options: CompareOptions = {}): WordCounts {
  const language = options.language ?? languageOf(after) ?? languageOf(before);
  const [was, is] = [before, after].map(({ body }) => body.map((block) => read(block, language)));
  const words = { added: 0, removed: 0 };
  for (const change of compareBodies(before.body, after.body, was!, is!).blocks) {
    words.added += change.words.added;
    words.removed += change.words.removed;
  }
  return words;
}

const languageOf = ({ fields: { language } }: Content): string | undefined =>
  typeof language === 'string' ? language : undefined;

function compareBodies(
  before: readonly Block[],
  after: readonly Block[],
  was: readonly BlockReading[],
  is: readonly BlockReading[],
): { blocks: BlockChange[]; fallbacks: Fallback[] } {
  const alignable = (block: Block, reading: BlockReading) => ({ ...reading, key: block._key });
  const { matches, fallbacks } = align(
    before.map((block, i) => alignable(block, was[i]!)),
    after.map((block, j) => alignable(block, is[j]!)),
  );
  const side = (body: readonly Block[], index: number): BlockSide => {
    const block = body[index]!;
    return { index, key: block._key, ...(block.statement !== undefined && { statement: block.statement }), block };
  };

  const ofBefore = new Map(matches.flatMap((match) => match.before.map((i) => [i, match] as const)));
  const ofAfter = new Map(matches.flatMap((match) => match.after.map((j) => [j, match] as const)));
  const blocks: BlockChange[] = [];
  /** Where in `blocks` each block of the before side is told of. */
  const told = new Map<number, number>();
  let nextBefore = 0;
  const tellRemoved = (until: number) => {
    for (; nextBefore < until; nextBefore++) {
      if (ofBefore.has(nextBefore)) continue;
      told.set(nextBefore, blocks.length);
      const words = { added: 0, removed: was[nextBefore]!.words() };
      blocks.push({ kind: 'removed', before: [side(before, nextBefore)], after: [], formatting: false, words });
    }
  };
  let work = allWork;
  for (let j = 0; j < after.length; j++) {
    const match = ofAfter.get(j);
    if (!match) {
      const next = nextInPlace(j);
      if (next !== undefined) tellRemoved(next);
      const words = { added: is[j]!.words(), removed: 0 };
      blocks.push({ kind: 'added', before: [], after: [side(after, j)], formatting: false, words });
      continue;
    }
    if (match.after[0] !== j) continue;
    if (!match.moved) tellRemoved(match.before[0]!);
    for (const i of match.before) told.set(i, blocks.length);
    const pair = comparePair(
      match.before.map((i) => was[i]!),
      match.after.map((j) => is[j]!),
      match.before.map((i) => side(before, i)),
      match.after.map((j) => side(after, j)),
      Math.min(work, pairWork),
    );
    work -= pair.work;
    if (!pair.exact) fallbacks.push({ stage: 'words', before: match.before[0]!, after: j });
    blocks.push(pair.change);
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
  return { blocks, fallbacks };

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

function comparePair(
  was: BlockReading[],
  is: BlockReading[],
  before: BlockSide[],
  after: BlockSide[],
  work: number,
): { change: BlockChange; exact: boolean; work: number } {
  const [a, b] = [was[0]!, is[0]!];
  const change = (kind: BlockKind, rest: Partial<BlockChange> = {}) => ({
    change: { kind, before, after, formatting: false, words: { added: 0, removed: 0 }, ...rest },
    exact: true,
    work: 0,
  });
  const absence = [...before, ...after].map(({ block }) => block).find((block) => block._type === 'removed');
  if (absence)
    return change(a.identity === b.identity ? 'same' : 'edited', { absent: (absence as RemovedBlock).absence });
  const one = was.length === 1 && is.length === 1;
  if (one && a.identity === b.identity && a.look() === b.look()) return change('same');
  const prosaic = a.type === 'block' || a.type === 'code' || a.type === 'table';
  const members = a.type === 'block' ? undefined : compareMembers(before[0]!.block, after[0]!.block);
  const [proseBefore, proseAfter] = [joinProse(was.map((x) => x.prose())), joinProse(is.map((x) => x.prose()))];
  const { steps, words, ...effort } = diffWords(proseBefore.tokens, proseAfter.tokens, work);
  if (!prosaic) return { ...change('edited', { members, words }), ...effort };
  const runs = runsOf(steps, proseBefore, proseAfter);
  const formatting = runs.some((run) => run.marksBefore) || shapeOf(before[0]!.block) !== shapeOf(after[0]!.block);
  const kind =
    is.length > 1 ? 'split' : was.length > 1 ? 'merged' : a.identity === b.identity ? 'reformatted' : 'edited';
  return { ...change(kind, { runs, formatting, words, ...(members?.length && { members }) }), ...effort };
}

// A table's flattened text is in the runs; its rows as cells are in the sides.
const textMembers = new Set(['_key', 'statement', 'children', 'markDefs', 'code', 'rows']);
const shapeOf = (block: Block): string =>
  sortedJson(Object.fromEntries(Object.entries(block).filter(([name]) => !textMembers.has(name))) as Json);

function compareMembers(before: Block, after: Block): MemberChange[] {
  const hidden = new Set(['_key', '_type', 'statement', 'code', 'rows']);
  const [was, is] = [before, after] as unknown as { [name: string]: Json | undefined }[];
  const names = [...new Set([...Object.keys(was!), ...Object.keys(is!)])].filter((name) => !hidden.has(name)).sort();
  return names.flatMap((name) => changeOf(was![name], is![name]).map((change) => ({ name, ...change })));
}

// Nothing where nothing changed. Two absent texts can't be told apart, so they count as the same.
function changeOf<T extends Json | Absent>(before: T | undefined, after: T | undefined): { before?: T; after?: T }[] {
  if (before === undefined && after === undefined) return [];
  if (isAbsent(before) && isAbsent(after)) return [];
  if (before !== undefined && after !== undefined && sortedJson(before as Json) === sortedJson(after as Json))
    return [];
  return [{ ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
}

const proseFields: ReadonlySet<FieldName> = new Set<FieldName>(['headline', 'standfirst', 'byline']);

function compareFields(before: Content, after: Content, language: string | undefined): FieldChange[] {
  return fieldNames.flatMap((name): FieldChange[] => {
    const [was, is] = [before.fields[name], after.fields[name]] as (Json | Absent | undefined)[];
    if (name === 'fields' && !isAbsent(was) && !isAbsent(is)) {
      const [a, b] = [was ?? {}, is ?? {}] as { [name: string]: Json }[];
      const members = [...new Set([...Object.keys(a!), ...Object.keys(b!)])].sort();
      const own = (map: { [name: string]: Json }, member: string) =>
        Object.hasOwn(map, member) ? map[member] : undefined;
      return members.flatMap((member) =>
        changeOf(own(a!, member), own(b!, member)).map((change) => ({ name, member, ...change })),
      );
    }
    return changeOf(was, is).map((change) => {
      if (!proseFields.has(name) || typeof was !== 'string' || typeof is !== 'string') return { name, ...change };
      const [a, b] = [was, is].map((text) => ({ ...plain(text), tokens: tokenize(text, language) }));
      return { name, ...change, runs: runsOf(diffWords(a!.tokens, b!.tokens).steps, a!, b!) };
    });
  });
}

function compareStatements(
  before: Content,
  after: Content,
  readBefore: readonly BlockReading[],
  readAfter: readonly BlockReading[],
  blocks: readonly BlockChange[],
): StatementChanges {
  const refs = ({ statements, body }: Content, readings: readonly BlockReading[]) =>
    new Map(
      statements.map(({ id, speaker, organisation }): [string, StatementRef] => {
        const own = readings.filter((_, i) => body[i]!.statement === id);
        const words = own.reduce((sum, block) => sum + block.words(), 0);
        return [id, { id, speaker, ...(organisation !== undefined && { organisation }), blocks: own.length, words }];
      }),
    );
  const [was, is] = [refs(before, readBefore), refs(after, readAfter)];
  const touched = new Set<string>();
  for (const { kind, before, after } of blocks) {
    const [a, b] = [before, after].map((sides) => new Set(sides.map(({ statement }) => statement)));
    const elsewhere = a!.symmetricDifference(b!).size > 0;
    if (kind !== 'same' || elsewhere) for (const id of a!.union(b!)) if (id !== undefined) touched.add(id);
  }
  return {
    added: [...is.values()].filter(({ id }) => !was.has(id)),
    removed: [...was.values()].filter(({ id }) => !is.has(id)),
    changed: [...is.values()].flatMap((after) => {
      const before = was.get(after.id);
      if (!before) return [];
      const named =
        changeOf<string | Absent>(before.speaker, after.speaker).length +
        changeOf<string | Absent>(before.organisation, after.organisation).length;
      return named > 0 || touched.has(after.id) ? [{ before, after }] : [];
    }),
  };
}
