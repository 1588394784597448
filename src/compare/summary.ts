/** What a comparison comes to: counts, and one sentence of plain English. */
import { type Absent, type Block, isAbsent, type TextBlock } from '../content/types.js';
import type { BlockChange, FieldChange, Run, StatementChanges, Summary } from './types.js';
import { tokenize } from './words.js';

export function summarize(
  fields: readonly FieldChange[],
  statements: StatementChanges,
  changes: readonly BlockChange[],
  total: { before: number; after: number },
): Summary {
  const blocks = { same: 0, added: 0, removed: 0, edited: 0, reformatted: 0, split: 0, merged: 0, moved: 0 };
  const words = { added: 0, removed: 0, ...total };
  const figures: Summary['figures'] = [];
  for (const change of changes) {
    blocks[change.kind]++;
    if (change.moved) blocks.moved++;
    words.added += change.words.added;
    words.removed += change.words.removed;
    figures.push(...figuresOf(change.runs ?? []).figures);
  }
  const elsewhere = statements.added.length + statements.removed.length + statements.changed.length + fields.length;
  const touched = changes.filter((change) => change.kind !== 'same' || change.moved);
  const onlyFormatting = touched.every((change) => change.kind === 'reformatted' && !change.moved);
  const all = total.before + total.after;
  const sentence = sentenceOf(fields, statements, touched);
  return {
    changed: touched.length + elsewhere > 0,
    words,
    blocks,
    shareChanged: all === 0 ? 0 : Math.round(((words.added + words.removed) / all) * 10_000) / 10_000,
    formattingOnly: touched.length > 0 && onlyFormatting && fields.length === 0 && wordsApart(statements),
    figures,
    statementsAdded: statements.added.map(({ speaker }) => speaker),
    sentence,
  };
}

// A reformatted block makes its statement a changed one; that alone is still formatting.
const wordsApart = ({ added, removed, changed }: StatementChanges): boolean =>
  added.length + removed.length === 0 &&
  changed.every(({ before, after }) => JSON.stringify({ ...before }) === JSON.stringify({ ...after }));

/** Numbers that took another's place, and whether nothing else was edited. */
function figuresOf(runs: readonly Run[]): { figures: { before: string; after: string }[]; nothingElse: boolean } {
  const figures: { before: string; after: string }[] = [];
  let nothingElse = true;
  const solid = (text: string) => tokenize(text).filter(({ kind }) => kind !== 'space');
  for (let i = 0; i < runs.length; i++) {
    if (runs[i]!.op === 'kept') {
      if (runs[i]!.marksBefore) nothingElse = false;
      continue;
    }
    const texts = { deleted: '', inserted: '' };
    for (; i < runs.length; i++) {
      const { op, text } = runs[i]!;
      if (op === 'kept') break;
      texts[op] += text;
    }
    i--;
    const [was, is] = [solid(texts.deleted), solid(texts.inserted)];
    const found = was.flatMap((token, k) => {
      const other = is[k]?.text;
      return other !== undefined && token.text !== other && /\p{Nd}/u.test(token.text) && /\p{Nd}/u.test(other)
        ? [{ before: token.text, after: other }]
        : [];
    });
    const differing = was.filter((token, k) => token.text !== is[k]?.text).length;
    if (was.length === is.length && differing === found.length && found.length > 0) figures.push(...found);
    else nothingElse = false;
  }
  return { figures, nothingElse: nothingElse && figures.length > 0 };
}

function sentenceOf(
  fields: readonly FieldChange[],
  statements: StatementChanges,
  touched: readonly BlockChange[],
): string {
  const parts: string[] = [];
  const apart = (ids: readonly { id: string }[]) => new Set<string | undefined>(ids.map(({ id }) => id));
  const [added, removed] = [apart(statements.added), apart(statements.removed)];
  const changed = apart(statements.changed.map(({ after }) => after));
  // What stands in a statement that is named as added, removed or changed is told of with it.
  const mentioned = ({ before, after, moved }: BlockChange) =>
    !moved &&
    (after[0]
      ? added.has(after[0].statement) || changed.has(after[0].statement)
      : removed.has(before[0]!.statement) || changed.has(before[0]!.statement));

  const speakers = (verb: string, list: readonly { speaker: string | Absent }[]) => {
    if (list.length === 0) return;
    const names = [...new Set(list.map(({ speaker }) => (isAbsent(speaker) ? 'a speaker not shown' : speaker)))];
    const by = names.length <= 3 ? ` by ${listed(names)}` : '';
    parts.push(`${verb} ${list.length === 1 ? 'a statement' : `${number(list.length)} statements`}${by}`);
  };
  speakers('adds', statements.added);
  speakers('removes', statements.removed);
  const reworded = statements.changed.filter(
    ({ before, after }) =>
      JSON.stringify(before) !== JSON.stringify(after) ||
      touched.some((change) => change.kind !== 'reformatted' && !change.moved && holds(change, after.id)),
  );
  speakers(
    'changes',
    reworded.map(({ after }) => after),
  );

  const byVerb = new Map<string, string[]>();
  for (const { name, before, after } of fields) {
    const verb = before === undefined ? 'adds' : after === undefined ? 'removes' : 'changes';
    const label = fieldLabels[name];
    const names = byVerb.get(verb) ?? [];
    byVerb.set(verb, names.includes(label) ? names : [...names, label]);
  }
  for (const [verb, names] of byVerb) parts.push(`${verb} ${listed(names)}`);

  const rest = touched.filter((change) => !mentioned(change));
  const say = (verb: string, changes: readonly BlockChange[], tail = '') => {
    if (changes.length > 0) parts.push(`${verb} ${things(changes)}${tail}`);
  };
  const edited = rest.filter((change) => change.kind === 'edited');
  const closed = edited.filter((change) => change.absent);
  const onlyFigures = edited.filter((change) => figuresOf(change.runs ?? []).nothingElse);
  const reworked = edited.filter((change) => !change.absent && !onlyFigures.includes(change));
  const spelling = reworked.filter(({ runs, words }) => runs && words.added + words.removed === 0);
  const figures = onlyFigures.reduce((sum, change) => sum + figuresOf(change.runs!).figures.length, 0);
  if (figures > 0) parts.push(`changes ${figures === 1 ? 'one figure' : `${number(figures)} figures`}`);
  say(
    'edits',
    reworked.filter((change) => !spelling.includes(change)),
  );
  say('changes punctuation or spacing in', spelling);
  const of = (kind: BlockChange['kind']) => rest.filter((change) => change.kind === kind);
  say('adds', of('added'));
  say('removes', of('removed'));
  say('splits', of('split'));
  say('merges', of('merged'));
  say(
    'moves',
    touched.filter((change) => change.moved),
  );
  const reformatted = touched.filter(
    (change) => change.kind === 'reformatted' && !added.has(change.after[0]!.statement),
  );
  say('changes the formatting of', reformatted);
  if (closed.length > 0) {
    const one = closed.length === 1;
    parts.push(`${number(closed.length)} ${one ? 'text that is' : 'texts that are'} no longer shown can't be compared`);
  }
  if (parts.length === 0)
    return statements.changed.length > 0 ? 'Changes which blocks belong to a statement.' : 'Nothing changed.';
  const sentence = parts.join('; ');
  return `${sentence[0]!.toUpperCase()}${sentence.slice(1)}.`;
}

const holds = ({ before, after }: BlockChange, id: string): boolean =>
  [...before, ...after].some(({ statement }) => statement === id);

const fieldLabels: { [F in FieldChange['name']]: string } = {
  headline: 'the headline',
  standfirst: 'the standfirst',
  byline: 'the byline',
  authors: 'the authors',
  section: 'the section',
  tags: 'the tags',
  language: 'the language',
  leadImage: 'the lead image',
  source: 'the source',
  url: 'the address',
  fields: 'other fields',
};

function noun(block: Block): string {
  switch (block._type) {
    case 'block': {
      const { style, listItem } = block as TextBlock;
      if (listItem) return 'list item';
      return style === 'normal' ? 'paragraph' : style === 'blockquote' ? 'quotation' : 'heading';
    }
    case 'code':
      return 'code block';
    case 'removed':
      return 'removed text';
    case 'table':
    case 'image':
    case 'embed':
    case 'rule':
      return block._type;
    default:
      return 'block';
  }
}

// "two paragraphs", "an image"; "five blocks" where they are of several sorts. Mergers count what was merged.
function things(changes: readonly BlockChange[]): string {
  const counted = changes.flatMap(({ kind, before, after }) =>
    kind === 'merged' ? before : kind === 'split' ? before : after.length > 0 ? after : before,
  );
  const nouns = new Set(counted.map(({ block }) => noun(block)));
  const word = nouns.size === 1 ? [...nouns][0]! : 'block';
  if (counted.length > 1) return `${number(counted.length)} ${word}s`;
  return `${word === 'paragraph' ? 'one' : /^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
}

const small = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const number = (n: number): string => small[n] ?? String(n);
const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
