/** What a comparison comes to: counts, figures and names, how much it matters. */
import { type Figures, figuresOf, namesOf } from './figures.js';
import { leadOf, ordinalsIn, type Sections } from './ordinals.js';
import { sentenceOf } from './sentence.js';
import type { BlockChange, FieldChange, SentenceMove, StatementChanges, Summary } from './types.js';

export function summarize(
  fields: readonly FieldChange[],
  statements: StatementChanges,
  changes: readonly BlockChange[],
  moves: readonly SentenceMove[],
  total: { before: number; after: number },
  sentences: Summary['sentences'],
): Summary {
  const blocks = { same: 0, added: 0, removed: 0, edited: 0, reformatted: 0, split: 0, merged: 0, moved: 0 };
  const words = { added: 0, removed: 0, moved: moves.reduce((sum, move) => sum + move.words, 0), ...total };
  const figures: Summary['figures'] = [];
  const names: Summary['names'] = [];
  const figuresIn = new Map<BlockChange, Figures>();
  let numbers: Sections | undefined;
  const sections = () => {
    numbers ??= ordinalsIn(changes);
    return numbers;
  };
  for (const change of changes) {
    blocks[change.kind]++;
    if (change.moved) blocks.moved++;
    words.added += change.words.added;
    words.removed += change.words.removed;
    if (change.kind === 'added' || change.kind === 'removed') continue;
    if (!change.runs) continue;
    const found = figuresOf(change.runs, sections, leadOf(change));
    figuresIn.set(change, found);
    figures.push(...found.figures);
    names.push(...namesOf(change.runs));
  }
  for (const { runs } of moves) {
    figures.push(...figuresOf(runs, sections).figures);
    names.push(...namesOf(runs));
  }
  const elsewhere = statements.added.length + statements.removed.length + statements.changed.length + fields.length;
  const touched = changes.filter((change) => change.kind !== 'same' || change.moved);
  const onlyFormatting = touched.every((change) => change.kind === 'reformatted' && !change.moved);
  const all = total.before + total.after;
  const sentence = sentenceOf(fields, statements, changes, moves, figuresIn);
  const shareChanged = all === 0 ? 0 : Math.round(((words.added + words.removed) / all) * 10_000) / 10_000;
  const changed = touched.length + elsewhere > 0;
  const formattingOnly = touched.length > 0 && onlyFormatting && fields.length === 0 && wordsApart(statements);
  const major =
    statements.added.length + statements.removed.length + figures.length + names.length > 0 ||
    sentences.additions + sentences.deletions >= 3 ||
    shareChanged >= 0.1;
  return {
    changed,
    words,
    sentences,
    blocks,
    shareChanged,
    formattingOnly,
    figures,
    names: names.filter(
      ({ before, after }, k) => names.findIndex((one) => one.before === before && one.after === after) === k,
    ),
    significance: !changed ? 'none' : formattingOnly ? 'formatting' : major ? 'major' : 'minor',
    statementsAdded: statements.added.map(({ speaker }) => speaker),
    sentence,
  };
}

// A reformatted block makes its statement a changed one; that alone is still formatting.
const wordsApart = ({ added, removed, changed }: StatementChanges): boolean =>
  added.length + removed.length === 0 &&
  changed.every(({ before, after }) => JSON.stringify({ ...before }) === JSON.stringify({ ...after }));
