/** What happened between two versions, in one sentence of plain English. */
import { type Absent, type Block, isAbsent, type TextBlock } from '../content/types.js';
import { shapeOf } from './fields.js';
import type { Figures } from './figures.js';
import { isRespaced } from './shown-text.js';
import type { BlockChange, FieldChange, SentenceMove, StatementChanges } from './types.js';

export function sentenceOf(
  fields: readonly FieldChange[],
  statements: StatementChanges,
  changes: readonly BlockChange[],
  moves: readonly SentenceMove[],
  figuresIn: ReadonlyMap<BlockChange, Figures>,
): string {
  const parts: string[] = [];
  const touched = changes.filter((change) => change.kind !== 'same' || change.moved);
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
  const onlyNumbers = edited.filter((change) => figuresIn.get(change)?.nothingElse);
  const reworked = edited.filter((change) => !change.absent && !onlyNumbers.includes(change));
  const spelling = reworked.filter(({ runs, words }) => runs && words.added + words.removed === 0);
  const spacing = touched.filter((change) => isRespaced(change) && !added.has(change.after[0]!.statement));
  const count = (of: (found: Figures) => number) =>
    onlyNumbers.reduce((sum, change) => sum + of(figuresIn.get(change)!), 0);
  const figures = count(({ figures }) => figures.length);
  if (figures > 0) parts.push(`changes ${figures === 1 ? 'one figure' : `${number(figures)} figures`}`);
  const references = count(({ references }) => references);
  if (references > 0)
    parts.push(`changes ${references === 1 ? 'a cross-reference' : `${number(references)} cross-references`}`);
  say(
    'edits',
    reworked.filter((change) => !spelling.includes(change)),
  );
  say('changes punctuation or spacing in', [...spelling, ...spacing]);
  const of = (kind: BlockChange['kind']) => rest.filter((change) => change.kind === kind && !byMoves(change));
  say('adds', of('added'));
  say('removes', of('removed'));
  say('splits', of('split'));
  say('merges', of('merged'));
  const { sections, others } = movedTogether(changes);
  if (sections.length === 1) parts.push(`moves a section of ${things(sections[0]!.slice(1))}`);
  else if (sections.length > 1) parts.push(`moves ${number(sections.length)} sections`);
  say('moves', others);
  if (moves.length > 0) {
    const tail = moves.every(({ edited }) => !edited) ? '' : moves.every(({ edited }) => edited) ? ' and edits' : '';
    const what = moves.length === 1 ? 'a sentence' : `${number(moves.length)} sentences`;
    parts.push(tail ? `moves and edits ${what}` : `moves ${what}`);
  }
  const renumbered = [
    ...onlyNumbers.filter((change) => figuresIn.get(change)!.renumbered),
    ...touched.filter(beginsElsewhere),
  ];
  if (renumbered.length > 0) parts.push(`renumbers ${things(renumbered).replace('heading', 'section')}`);
  const reformatted = touched.filter(
    (change) =>
      change.kind === 'reformatted' &&
      !isRespaced(change) &&
      !added.has(change.after[0]!.statement) &&
      !beginsElsewhere(change),
  );
  say('changes the formatting of', reformatted);
  if (closed.length > 0) {
    const one = closed.length === 1;
    parts.push(`${number(closed.length)} ${one ? 'text that is' : 'texts that are'} no longer shown can't be compared`);
  }
  if (parts.length === 0)
    return statements.changed.length > 0 ? 'Changes which passages belong to a statement.' : 'Nothing changed.';
  const sentence = parts.join('; ');
  return `${sentence[0]!.toUpperCase()}${sentence.slice(1)}.`;
}

// A list that begins at another number, and nothing else.
function beginsElsewhere({ kind, before, after, runs = [] }: BlockChange): boolean {
  const [was, is] = [before[0]?.block, after[0]?.block] as TextBlock[];
  if (kind !== 'reformatted' || was!.start === is!.start || runs.some((run) => run.marksBefore)) return false;
  const shape = (block: TextBlock) => shapeOf({ ...block, start: undefined, _key: '' });
  return shape(was!) === shape(is!);
}

/**
 * Moved blocks that stood together and stand together, headed by a heading, are a section; the rest moved one by one.
 * A heading as high as the first, or higher, begins another.
 */
function movedTogether(changes: readonly BlockChange[]): { sections: BlockChange[][]; others: BlockChange[] } {
  const runs: BlockChange[][] = [];
  let open = false;
  for (const change of changes) {
    const { moved, after, before } = change;
    if (!moved) {
      open &&= change.kind === 'added' || change.kind === 'removed';
      continue;
    }
    const run = open ? runs.at(-1) : undefined;
    const last = run?.at(-1);
    const [first, own] = [rankOf(run?.[0]), rankOf(change)];
    const goesOn =
      last?.moved?.stoodAfter === moved.stoodAfter &&
      last.before[0]!.index < before[0]!.index &&
      after.length > 0 &&
      !(own > 0 && first > 0 && own <= first);
    if (goesOn) run!.push(change);
    else runs.push([change]);
    open = true;
  }
  const isSection = (run: readonly BlockChange[]) => run.length > 1 && rankOf(run[0]) > 0;
  return { sections: runs.filter(isSection), others: runs.filter((run) => !isSection(run)).flat() };
}

/** 2 to 4 of a heading, the highest first; 0 of other blocks. */
function rankOf(change: BlockChange | undefined): number {
  const block = change?.after[0]?.block;
  if (block?._type !== 'block') return 0;
  return Number(/^h(\d)$/.exec((block as TextBlock).style)?.[1] ?? 0);
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

// "two paragraphs", "an image"; "five passages" where they are of several sorts. Mergers count what was merged.
function things(changes: readonly BlockChange[]): string {
  const counted = changes.flatMap(({ kind, before, after }) =>
    kind === 'merged' ? before : kind === 'split' ? before : after.length > 0 ? after : before,
  );
  const nouns = new Set(counted.map(({ block }) => noun(block)));
  const word = nouns.size === 1 ? [...nouns][0]! : 'passage';
  if (counted.length > 1) return `${number(counted.length)} ${word}s`;
  return `${word === 'paragraph' ? 'one' : /^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
}

const small = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const number = (n: number): string => small[n] ?? String(n);
const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
