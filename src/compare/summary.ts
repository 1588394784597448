/** What a comparison comes to: counts, and one sentence of plain English. */
import { type Absent, type Block, isAbsent, type TextBlock } from '../content/types.js';
import type { BlockChange, FieldChange, Run, SentenceMove, StatementChanges, Summary } from './types.js';
import { tokenize } from './words.js';

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
  for (const change of changes) {
    blocks[change.kind]++;
    if (change.moved) blocks.moved++;
    words.added += change.words.added;
    words.removed += change.words.removed;
    if (change.kind === 'added' || change.kind === 'removed') continue;
    if (!change.runs) continue;
    const found = figuresOf(change.runs);
    figuresIn.set(change, found);
    figures.push(...found.figures);
    names.push(...namesOf(change.runs));
  }
  for (const { runs } of moves) {
    figures.push(...figuresOf(runs).figures);
    names.push(...namesOf(runs));
  }
  const elsewhere = statements.added.length + statements.removed.length + statements.changed.length + fields.length;
  const touched = changes.filter((change) => change.kind !== 'same' || change.moved);
  const onlyFormatting = touched.every((change) => change.kind === 'reformatted' && !change.moved);
  const all = total.before + total.after;
  const sentence = sentenceOf(fields, statements, touched, moves, figuresIn);
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

/** Letters: in more than this at once, nothing takes the place of anything. */
const mostAtOnce = 1000;
/** Words and marks of a date: two that differ in the month as well are still figures changed. */
const mostInDate = 6;
const digits = /\p{Nd}/u;

/** Numbers that took another's place, and whether nothing else was edited. */
interface Figures {
  figures: { before: string; after: string }[];
  nothingElse: boolean;
}

function figuresOf(runs: readonly Run[]): Figures {
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
      const { op, text, moved } = runs[i]!;
      if (op === 'kept') break;
      if (moved === undefined) texts[op] += text;
    }
    i--;
    const long = Math.max(texts.deleted.length, texts.inserted.length) > mostAtOnce;
    if (long || !digits.test(texts.deleted) || !digits.test(texts.inserted)) {
      nothingElse = false;
      continue;
    }
    const [was, is] = [solid(texts.deleted), solid(texts.inserted)];
    const found = was.flatMap((token, k) => {
      const other = is[k]?.text;
      return other !== undefined && token.text !== other && digits.test(token.text) && digits.test(other)
        ? [{ before: token.text, after: other }]
        : [];
    });
    const differing = was.filter((token, k) => token.text !== is[k]?.text).length;
    const aligned = was.length === is.length && (differing === found.length || was.length <= mostInDate);
    if (aligned) figures.push(...found);
    if (!aligned || differing > found.length || found.length === 0) nothingElse = false;
  }
  return { figures, nothingElse: nothingElse && figures.length > 0 };
}

const capital = /^\p{Lu}/u;
const nameJoint = /^(?:[’'\-–]|de|da|di|van|von|der|den|bin|al|of|the)$/u;

/** Names that took another's place: capitalised words alone, not where a sentence begins. */
function namesOf(runs: readonly Run[]): { before: string; after: string }[] {
  const names: { before: string; after: string }[] = [];
  runs.forEach((deleted, i) => {
    const inserted = runs[i + 1];
    if (deleted.op !== 'deleted' || inserted?.op !== 'inserted') return;
    if (deleted.moved !== undefined || inserted.moved !== undefined) return;
    const [was, is] = [nameIn(deleted.text), nameIn(inserted.text)];
    if (was === undefined || is === undefined || was.toLowerCase() === is.toLowerCase()) return;
    if (was.length < 2 || is.length < 2) return;
    const ahead = runs[i - 1]?.op === 'kept' ? runs[i - 1]!.text : '';
    const first = ahead.trimEnd() === '' || /[.!?…]["”’»)]?\s*$/u.test(ahead);
    if (first && !(was.includes(' ') && is.includes(' '))) return;
    // What is left of the name on either side belongs to it.
    const head = /(?:\p{Lu}[\p{L}\p{M}'’-]* )+$/u.exec(ahead)?.[0] ?? '';
    const kept = head !== '' && /(?:^|[.!?…]["”’»)]?\s+)$/u.test(ahead.slice(0, -head.length)) ? '' : head;
    const behind =
      runs[i + 2]?.op === 'kept' ? (/^(?: \p{Lu}[\p{L}\p{M}'’-]*)+/u.exec(runs[i + 2]!.text)?.[0] ?? '') : '';
    names.push({ before: `${kept}${was}${behind}`, after: `${kept}${is}${behind}` });
  });
  return names;
}

function nameIn(text: string): string | undefined {
  if (text.length > 200 || !capital.test(text.trimStart())) return undefined;
  const words = tokenize(text.trim()).filter(({ kind }) => kind !== 'space');
  const [first, last] = [words[0], words.at(-1)];
  if (!first || !last || words.length > 6 || !capital.test(first.text) || !capital.test(last.text)) return undefined;
  return words.every(({ text }) => capital.test(text) || nameJoint.test(text)) ? text.trim() : undefined;
}

function sentenceOf(
  fields: readonly FieldChange[],
  statements: StatementChanges,
  touched: readonly BlockChange[],
  moves: readonly SentenceMove[],
  figuresIn: ReadonlyMap<BlockChange, Figures>,
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
  // What only lost or won sentences that moved is told of by them.
  const byMoves = (change: BlockChange) =>
    (change.runs ?? []).some(({ moved }) => moved !== undefined) &&
    (change.runs ?? []).every(({ op, moved, text }) => op === 'kept' || moved !== undefined || text.trim() === '');
  const edited = rest.filter((change) => change.kind === 'edited' && !byMoves(change));
  const closed = edited.filter((change) => change.absent);
  const onlyFigures = edited.filter((change) => figuresIn.get(change)?.nothingElse);
  const reworked = edited.filter((change) => !change.absent && !onlyFigures.includes(change));
  const spelling = reworked.filter(({ runs, words }) => runs && words.added + words.removed === 0);
  const figures = onlyFigures.reduce((sum, change) => sum + figuresIn.get(change)!.figures.length, 0);
  if (figures > 0) parts.push(`changes ${figures === 1 ? 'one figure' : `${number(figures)} figures`}`);
  say(
    'edits',
    reworked.filter((change) => !spelling.includes(change)),
  );
  say('changes punctuation or spacing in', spelling);
  const of = (kind: BlockChange['kind']) => rest.filter((change) => change.kind === kind && !byMoves(change));
  say('adds', of('added'));
  say('removes', of('removed'));
  say('splits', of('split'));
  say('merges', of('merged'));
  say(
    'moves',
    touched.filter((change) => change.moved),
  );
  if (moves.length > 0) {
    const tail = moves.every(({ edited }) => !edited) ? '' : moves.every(({ edited }) => edited) ? ' and edits' : '';
    const what = moves.length === 1 ? 'a sentence' : `${number(moves.length)} sentences`;
    parts.push(tail ? `moves and edits ${what}` : `moves ${what}`);
  }
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
