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
import type { Mark } from './types.js';
import { countWords, type Token, tokenize } from './words.js';

/** Text up to offset `to` (UTF-16) has these marks. */
export interface MarkRun {
  to: number;
  marks: Mark[];
}

/** A readable text: its tokens joined are the text. */
export interface Prose {
  text: string;
  marks: MarkRun[];
  tokens: Token[];
}

export interface BlockReading {
  /** `_type`. */
  type: string;
  /** A text's words, a table's cells, an image's alternative text, caption and credit; empty for other blocks. */
  text: string;
  /** Equal for blocks that say the same, whatever their formatting. */
  identity: string;
  /** Of two blocks with the same identity: equal if their formatting is the same too. */
  look: () => string;
  prose: () => Prose;
  features: () => readonly string[];
  words: () => number;
}

/** Reads a block. Nothing is cut into words before it is asked for. `language`: BCP 47, for scripts without spaces. */
export function read(block: Block | DraftBlock, language?: string): BlockReading {
  const { _key, statement: _, ...said } = block;
  const type: string = block._type;
  const { text, marks } = readable(block);
  const tokens = once(() => tokenize(text, language));
  const members = once(() => sortedJson(said as Json));
  const common = {
    type,
    text,
    prose: () => ({ text, marks, tokens: tokens() }),
    words: once(() => countWords(text, language)),
    look: type === 'block' ? once(() => lookOf(block as TextBlock, marks)) : members,
  };
  if (type === 'block' || type === 'code' || type === 'table') {
    const features = once(() => wordsOf(tokens()));
    return { ...common, identity: `${type}\n${text}`, features };
  }
  if (type === 'removed') return { ...common, identity: `removed\n${_key}`, features: () => [] };
  return { ...common, identity: `other\n${members()}`, features: once(() => otherFeatures(said as Json, language)) };
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

function rich({ children, markDefs }: RichText): { text: string; marks: MarkRun[] } {
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
function otherFeatures(said: Json, language: string | undefined): string[] {
  const texts: string[] = [];
  const visit = (value: Json) => {
    if (typeof value === 'string') texts.push(value);
    else if (Array.isArray(value)) value.forEach(visit);
    else if (value !== null && typeof value === 'object')
      for (const [name, member] of Object.entries(value)) if (name !== '_type' && name !== 'url') visit(member);
  };
  visit(said);
  const words = texts.flatMap((text) => wordsOf(tokenize(text, language)));
  const { url } = said as { url?: Json };
  return typeof url === 'string' ? [...words, ...Array<string>(words.length + 1).fill(`url ${url}`)] : words;
}

const wordsOf = (tokens: readonly Token[]): string[] =>
  tokens.filter(({ kind }) => kind === 'word').map(({ text }) => text);

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
