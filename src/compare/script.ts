/**
 * Everything that compares two bodies, before anything is said of it to people: which blocks continue which, which words
 * are which, which sentences went elsewhere. Computed in a fixed order of the two sides, so that the other way round
 * gives the mirror image.
 */
import type { Block } from '../content/types.js';
import { align, type Match } from './align.js';
import { type BlockReading, read } from './blocks.js';
import { type Cut, joinCuts, Vocabulary } from './cut.js';
import type { CommonRun } from './lcs.js';
import { type Effort, fullEffort, matchWords, type Weights, weightsOf } from './match-words.js';
import { leastFreeWords, type MovedSentence, movedSentences, type Stretch, type Strip } from './moves.js';
import { hasSentenceRules } from './sentences.js';
import { countWords, tidied } from './tidy.js';
import type { Fallback } from './types.js';
import { wordRulesOf } from './words.js';

/** A match whose words differ, or a block that one side alone has. */
export interface Unit {
  match?: Match;
  /** Indexes of blocks. */
  before: number[];
  after: number[];
  /** Their texts; what a side lacks is an empty one. */
  a: Cut;
  b: Cut;
  /** Words kept in place, as found. */
  kept: CommonRun[];
  /** The same, tidied for people. */
  shown: CommonRun[];
}
/** Between units, by their places in `units`. */
export type SentenceMove = MovedSentence;

export interface Script {
  matches: Match[];
  units: Unit[];
  moves: SentenceMove[];
  fallbacks: Fallback[];
  vocabulary: Vocabulary;
}

/** Two bodies, as read to be compared, and what was found. */
export interface Compared {
  was: readonly BlockReading[];
  is: readonly BlockReading[];
  script: Script;
}

/** `tidy` as for `scriptOf`. */
export function compareBodies(
  before: readonly Block[],
  after: readonly Block[],
  language: string | undefined,
  tidy = false,
): Compared {
  const [was, is] = [before, after].map((body) => body.map((block) => read(block, language)));
  return { was: was!, is: is!, script: scriptOf(was!, is!, language, tidy) };
}

/** Whether the same would have been found without a language. */
export const needsNoLanguage = ({ script }: Compared, language: string | undefined): boolean =>
  script.vocabulary.isPlain && wordRulesOf(language) === undefined && !hasSentenceRules(language);

const isProse = ({ type }: BlockReading): boolean => type === 'block';

/** `tidy`: whether `shown` is wanted. */
export function scriptOf(
  before: readonly BlockReading[],
  after: readonly BlockReading[],
  language: string | undefined,
  tidy = true,
): Script {
  return isAhead(after, before)
    ? mirrored(madeOf(after, before, language, tidy))
    : madeOf(before, after, language, tidy);
}

function isAhead(a: readonly BlockReading[], b: readonly BlockReading[]): boolean {
  for (let i = 0; i < a.length && i < b.length; i++)
    if (a[i]!.identity !== b[i]!.identity) return a[i]!.identity < b[i]!.identity;
  return a.length < b.length;
}

const turned = (runs: readonly CommonRun[]): CommonRun[] =>
  runs.map(({ before, after, length }) => ({ before: after, after: before, length }));

function mirrored({ matches, units, moves, fallbacks, vocabulary }: Script): Script {
  const turn = new Map(
    matches.map((match): [Match, Match] => [
      match,
      { ...match, before: match.after, after: match.before, main: [match.main[1], match.main[0]] },
    ]),
  );
  return {
    matches: [...turn.values()].sort((x, y) => x.after[0]! - y.after[0]!),
    units: units.map((unit) => ({
      ...unit,
      ...(unit.match && { match: turn.get(unit.match)! }),
      before: unit.after,
      after: unit.before,
      a: unit.b,
      b: unit.a,
      kept: turned(unit.kept),
      shown: turned(unit.shown),
    })),
    moves: moves.map((move) => ({ before: move.after, after: move.before, kept: turned(move.kept) })),
    fallbacks: fallbacks.map(({ before, after, ...rest }) => ({
      ...rest,
      ...(after !== undefined && { before: after }),
      ...(before !== undefined && { after: before }),
    })),
    vocabulary,
  };
}

const nothing: Cut = { text: '', ids: [], starts: [], ends: [], isWord: [], words: 0, breaks: [] };

function madeOf(
  before: readonly BlockReading[],
  after: readonly BlockReading[],
  language: string | undefined,
  tidy: boolean,
): Script {
  const vocabulary = new Vocabulary();
  const { matches, fallbacks } = align(before, after, vocabulary);
  const effort = fullEffort();
  const units: Unit[] = [];
  const [inBefore, inAfter] = [new Set<number>(), new Set<number>()];
  const differing: Match[] = [];
  for (const match of matches) {
    for (const i of match.before) inBefore.add(i);
    for (const j of match.after) inAfter.add(j);
    const [a, b] = [before[match.main[0]]!, after[match.main[1]]!];
    if (!match.equal && a.type !== 'removed' && b.type !== 'removed') differing.push(match);
  }
  const texts = (side: readonly BlockReading[], indexes: readonly number[]) =>
    joinCuts(
      indexes.map((i) => side[i]!.cut(vocabulary)),
      vocabulary,
    );
  for (const match of differing) {
    const [a, b] = [texts(before, match.before), texts(after, match.after)];
    units.push({ match, before: match.before, after: match.after, a, b, kept: [], shown: [] });
  }
  const alone = (side: readonly BlockReading[], matched: ReadonlySet<number>) =>
    side.flatMap((block, i) => (matched.has(i) || !isProse(block) ? [] : [i]));
  const [gone, come] = [alone(before, inBefore), alone(after, inAfter)];
  // Where nothing can have come from, or gone to, nothing need be cut.
  if (gone.length > 0 && (come.length > 0 || differing.length > 0))
    for (const i of gone)
      units.push({ before: [i], after: [], a: before[i]!.cut(vocabulary), b: nothing, kept: [], shown: [] });
  if (come.length > 0 && (gone.length > 0 || differing.length > 0))
    for (const j of come)
      units.push({ before: [], after: [j], a: nothing, b: after[j]!.cut(vocabulary), kept: [], shown: [] });

  const weights = weightsOf(vocabulary);
  for (const unit of units) {
    if (!unit.match) continue;
    effort.exact = true;
    unit.kept = matchWords(unit.a.ids, unit.b.ids, weights, effort);
    if (!effort.exact) fallbacks.push({ stage: 'words', before: unit.before[0]!, after: unit.after[0]! });
  }
  const moves = moved(units, before, after, vocabulary, weights, effort, language, fallbacks);
  if (tidy) tidyUp(units, moves, vocabulary);
  if (vocabulary.dictionary < 0) fallbacks.push({ stage: 'dictionary' });
  return { matches, units, moves, fallbacks, vocabulary };
}

function moved(
  units: Unit[],
  before: readonly BlockReading[],
  after: readonly BlockReading[],
  vocabulary: Vocabulary,
  weights: Weights,
  effort: Effort,
  language: string | undefined,
  fallbacks: Fallback[],
): SentenceMove[] {
  const [was, is] = [new Map<number, Strip>(), new Map<number, Strip>()];
  units.forEach(({ before: [i], after: [j], a, b, kept }, u) => {
    if ((i !== undefined && !isProse(before[i]!)) || (j !== undefined && !isProse(after[j]!))) return;
    if (Math.max(freeIn(a, kept, 'before'), freeIn(b, kept, 'after')) < leastFreeWords) return;
    const [partnersA, partnersB] = [new Int32Array(a.ids.length).fill(-1), new Int32Array(b.ids.length).fill(-1)];
    for (const run of kept)
      for (let k = 0; k < run.length; k++) {
        partnersA[run.before + k] = run.after + k;
        partnersB[run.after + k] = run.before + k;
      }
    if (i !== undefined) was.set(u, { cut: a, partners: partnersA });
    if (j !== undefined) is.set(u, { cut: b, partners: partnersB });
  });
  effort.exact = true;
  const { moves, rearranged, bounded } = movedSentences(was, is, vocabulary, weights, effort, language);
  if (bounded || !effort.exact) fallbacks.push({ stage: 'sentences' });
  for (const u of rearranged) if (units[u]!.match) units[u]!.kept = runsIn(was.get(u)!.partners);
  return moves;
}

/** Words of a text that are not kept in place. */
const freeIn = (cut: Cut, kept: readonly CommonRun[], side: 'before' | 'after'): number =>
  kept.reduce((free, run) => free - countWords(cut, run[side], run[side] + run.length), cut.words);

function runsIn(partners: Int32Array): CommonRun[] {
  const runs: CommonRun[] = [];
  for (let before = 0; before < partners.length; before++) {
    const after = partners[before]!;
    const last = runs.at(-1);
    if (after < 0) continue;
    if (last && last.before + last.length === before && last.after + last.length === after) last.length++;
    else runs.push({ before, after, length: 1 });
  }
  return runs;
}

function tidyUp(units: Unit[], moves: readonly SentenceMove[], vocabulary: Vocabulary): void {
  const [gone, come] = [stretchesBy(moves, 'before'), stretchesBy(moves, 'after')];
  units.forEach((unit, u) => {
    if (!unit.match) return;
    const { a, b } = unit;
    const [from, to] = [gone.get(u) ?? [], come.get(u) ?? []];
    unit.shown = tidied(unit.kept, a, b, vocabulary, { a: within(from), b: within(to) });
  });
}

/** The stretches of each unit that moved, on one side, in order. */
export function stretchesBy(moves: readonly SentenceMove[], side: 'before' | 'after') {
  const found = new Map<number, { stretch: Stretch; move: number }[]>();
  for (const [move, sides] of moves.entries()) {
    const stretch = sides[side];
    const list = found.get(stretch.strip);
    if (list) list.push({ stretch, move });
    else found.set(stretch.strip, [{ stretch, move }]);
  }
  for (const list of found.values()) list.sort((x, y) => x.stretch.from - y.stretch.from);
  return found;
}

function within(list: readonly { stretch: Stretch }[]): (word: number) => boolean {
  const inside = new Set<number>();
  for (const { stretch } of list) for (let word = stretch.from; word < stretch.to; word++) inside.add(word);
  return (word) => inside.has(word);
}
