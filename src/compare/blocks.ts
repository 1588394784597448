/** What comparing needs to know of a block: its readable text with marks, what makes two of them equal, their words. */
import type {
  Block,
  CodeBlock,
  DraftBlock,
  ImageBlock,
  Json,
  RichText,
  TableBlock,
  TextBlock,
} from '../content/types.js';
import { type Cut, cut, type Vocabulary } from './cut.js';
import { type Bag, bagOf } from './likeness.js';
import type { Mark } from './types.js';
import { countWords } from './words.js';

/** Text up to offset `to` (UTF-16) has these marks. */
export interface MarkRun {
  to: number;
  marks: Mark[];
}

export interface BlockReading {
  key?: string;
  /** `_type`. */
  type: string;
  /** A text's words, a table's cells, an image's alternative text, caption and credit; empty for other blocks. */
  text: string;
  /** Equal for blocks that say the same, whatever their formatting. */
  identity: string;
  /** Of two blocks with the same identity: equal if their formatting is the same too. */
  look: () => string;
  marks: readonly MarkRun[];
  /** The words of its text, and what its likeness to others is judged by: its words, and a picture's address. */
  cut: (vocabulary: Vocabulary) => Cut;
  bag: (vocabulary: Vocabulary) => Bag;
  words: () => number;
}

/** Reads a block. Nothing is cut into words before it is asked for. `language`: BCP 47, for scripts without spaces. */
export function read(block: Block | DraftBlock, language?: string): BlockReading {
  const { _key } = block;
  const type: string = block._type;
  const { text, marks } = readable(block);
  const said = () => {
    const { _key, statement: _, ...rest } = block;
    return rest as Json;
  };
  const members = once(() => sortedJson(said()));
  const whole = once1((vocabulary: Vocabulary) => cut(text, language, vocabulary));
  const common = {
    ...(_key !== undefined && { key: _key }),
    type,
    text,
    marks,
    cut: whole,
    bag: once1((vocabulary: Vocabulary) => bagOf(wordsOf(whole(vocabulary)))),
    words: once(() => whole.known()?.words ?? countWords(text, language)),
    look: type === 'block' ? once(() => lookOf(block as TextBlock, marks)) : members,
  };
  if (type === 'block' || type === 'code' || type === 'table') return { ...common, identity: `${type}\n${text}` };
  if (type === 'removed') return { ...common, identity: `removed\n${_key}`, bag: () => bagOf([]) };
  const bag = once1((vocabulary: Vocabulary) => bagOf(otherWords(said(), language, vocabulary)));
  return { ...common, identity: `other\n${members()}`, bag };
}

const readable = (block: Block | DraftBlock): { text: string; marks: MarkRun[] } => {
  switch (block._type) {
    case 'block':
      return rich(block as TextBlock);
    case 'code':
      return plain((block as CodeBlock).code);
    case 'table':
      return table(block as TableBlock);
    case 'image': {
      const { alt, caption, credit } = block as ImageBlock;
      return plain([alt, caption, credit].filter((text) => text).join('\n'));
    }
    default:
      return plain('');
  }
};

/** Text without marks. */
export const plain = (text: string): { text: string; marks: MarkRun[] } => ({
  text,
  marks: text === '' ? [] : [{ to: text.length, marks: [] }],
});

export function rich({ children, markDefs }: RichText): { text: string; marks: MarkRun[] } {
  const links = new Map(markDefs.map(({ _key, href }) => [_key, href]));
  let text = '';
  const runs: MarkRun[] = [];
  for (const span of children) {
    if (span.text === '') continue;
    text += span.text;
    const marks = span.marks.map((mark) => (links.has(mark) ? { href: links.get(mark)! } : mark));
    const last = runs.at(-1);
    if (last && sameMarks(last.marks, marks)) last.to = text.length;
    else runs.push({ to: text.length, marks });
  }
  return { text, marks: runs };
}

function table({ rows }: TableBlock): { text: string; marks: MarkRun[] } {
  let text = '';
  const marks: MarkRun[] = [];
  const add = (part: { text: string; marks: MarkRun[] }) => {
    for (const run of part.marks) marks.push({ to: text.length + run.to, marks: run.marks });
    text += part.text;
  };
  rows.forEach(({ cells }, row) => {
    cells.forEach((cell, column) => {
      if (column > 0 || row > 0) add(plain(column > 0 ? '\t' : '\n'));
      add(rich(cell));
    });
  });
  return { text, marks };
}

const markName = (mark: Mark): string => (typeof mark === 'string' ? mark : `link ${mark.href}`);
const markNames = (marks: readonly Mark[]): string => marks.map(markName).sort().join('\n');
/** Whether text looks the same under both, in whatever order they stand. */
export const sameMarks = (a: readonly Mark[], b: readonly Mark[]): boolean => a === b || markNames(a) === markNames(b);

const lookOf = ({ style, listItem, level }: TextBlock, marks: readonly MarkRun[]): string =>
  JSON.stringify([style, listItem ?? '', level ?? 0, marks.map(({ to, marks }) => [to, markNames(marks)])]);

// Two images of one address are alike whatever their captions say.
function otherWords(said: Json, language: string | undefined, vocabulary: Vocabulary): number[] {
  const words: number[] = [];
  const visit = (value: Json) => {
    if (typeof value === 'string') words.push(...wordsOf(cut(value, language, vocabulary)));
    else if (Array.isArray(value)) value.forEach(visit);
    else if (value !== null && typeof value === 'object')
      for (const [name, member] of Object.entries(value)) if (name !== '_type' && name !== 'url') visit(member);
  };
  visit(said);
  const { url } = said as { url?: Json };
  if (typeof url !== 'string') return words;
  const address = vocabulary.number(`\nurl ${url}`, 0);
  return [...words, ...Array<number>(words.length + 1).fill(address)];
}

const wordsOf = ({ ids, isWord }: Cut): number[] => ids.filter((_, i) => isWord[i] === 1);

/** JSON with sorted members, so that equal values give equal text. */
export function sortedJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const members = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${sortedJson(value[name]!)}`).join(',')}}`;
}

function once<T>(compute: () => T): () => T {
  let known: { value: T } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}

/** For a function asked again with what it was asked first. */
function once1<A, T>(compute: (argument: A) => T): ((argument: A) => T) & { known: () => T | undefined } {
  let known: { argument: A; value: T } | undefined;
  const ask = (argument: A) => {
    if (known?.argument !== argument) known = { argument, value: compute(argument) };
    return known.value;
  };
  return Object.assign(ask, { known: () => known?.value });
}
