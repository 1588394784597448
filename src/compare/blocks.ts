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
import { ordinalOf } from './ordinals.js';
import type { Mark } from './types.js';
import { countWords, unspacedLength } from './words.js';

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
  /** Of a text that begins with its number in an order ("3. Fares"): what stands behind it. */
  title: () => string | undefined;
  /** Of two blocks with the same identity: equal if their formatting is the same too. */
  look: () => string;
  marks: readonly MarkRun[];
  /** The words of its text, and what its likeness to others is judged by: its words, and a picture's address. */
  cut: (vocabulary: Vocabulary) => Cut;
  bag: (vocabulary: Vocabulary) => Bag;
  /** Without `dictionary` every letter of a script without spaces is one, unless its words are known already. */
  words: (dictionary?: boolean) => number;
  isCut: () => boolean;
  /** Takes the count of a block that says the same. */
  countAs: (words: number) => void;
}

/** Reads a block. Nothing is cut into words before it is asked for. `language`: BCP 47, for scripts without spaces. */
export const read = (block: Block | DraftBlock, language?: string): BlockReading => new Reading(block, language);

class Reading implements BlockReading {
  readonly key?: string;
  readonly type: string;
  readonly text: string;
  readonly marks: readonly MarkRun[];
  readonly identity: string;
  readonly #block: Block | DraftBlock;
  readonly #language: string | undefined;
  // For the vocabulary that was asked with first.
  #vocabulary: Vocabulary | undefined;
  #cut: Cut | undefined;
  #bag: Bag | undefined;
  #members: string | undefined;
  #words: number | undefined;

  constructor(block: Block | DraftBlock, language: string | undefined) {
    this.key = block._key;
    this.type = block._type;
    this.#block = block;
    this.#language = language;
    const { text, marks } = readable(block);
    this.text = text;
    this.marks = marks;
    // No text begins with the sign that the others begin with.
    if (this.type === 'block') this.identity = text;
    else if (isText(this.type)) this.identity = `\u0000${this.type}\n${text}`;
    else this.identity = this.type === 'removed' ? `\u0000removed\n${this.key}` : `\u0000other\n${this.#membersText()}`;
  }

  title(): string | undefined {
    const number = ordinalOf(this.#block);
    return number && this.text.slice(number.length);
  }

  look(): string {
    return this.type === 'block' ? lookOf(this.#block as TextBlock, this.marks) : this.#membersText();
  }

  cut(vocabulary: Vocabulary): Cut {
    if (this.#vocabulary !== vocabulary) this.#cut = this.#bag = undefined;
    this.#vocabulary = vocabulary;
    this.#cut ??= cut(this.text, this.#language, vocabulary);
    return this.#cut;
  }

  bag(vocabulary: Vocabulary): Bag {
    if (this.type === 'removed') return nothing;
    if (this.#bag && this.#vocabulary === vocabulary) return this.#bag;
    const whole = this.cut(vocabulary);
    this.#bag = bagOf(isText(this.type) ? wordsOf(whole) : otherWords(this.#said(), this.#language, vocabulary));
    return this.#bag;
  }

  words(dictionary = true): number {
    this.#words ??= this.#cut?.words ?? countWords(this.text, this.#language, dictionary);
    return this.#words;
  }

  isCut(): boolean {
    return this.#cut !== undefined;
  }

  countAs(words: number): void {
    this.#words = words;
  }

  #said(): Json {
    const { _key, statement: _, ...said } = this.#block;
    return said as Json;
  }

  #membersText(): string {
    this.#members ??= sortedJson(this.#said());
    return this.#members;
  }
}

/**
 * Counts the words of texts that nothing was compared with, as far as the dictionary may still be asked: all of them or
 * none, so that their order tells nothing.
 */
export function countRest(readings: readonly BlockReading[], vocabulary: Vocabulary): void {
  const rest = readings.filter((reading) => !reading.isCut());
  const lengthBy = (length: (text: string) => number) => rest.reduce((sum, { text }) => sum + length(text), 0);
  if (lengthBy(({ length }) => length) > vocabulary.dictionary && lengthBy(unspacedLength) > vocabulary.dictionary)
    vocabulary.dictionary = -1;
  for (const reading of rest) reading.words(vocabulary.dictionary >= 0);
}

const isText = (type: string): boolean => type === 'block' || type === 'code' || type === 'table';
const nothing: Bag = bagOf([]);

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

function lookOf({ style, listItem, level = 0, start = 0 }: TextBlock, marks: readonly MarkRun[]): string {
  const shape = `${style} ${listItem ?? ''} ${level} ${start}`;
  const plain = marks.length === 0 || (marks.length === 1 && marks[0]!.marks.length === 0);
  return plain ? shape : `${shape} ${JSON.stringify(marks.map(({ to, marks }) => [to, markNames(marks)]))}`;
}

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

function wordsOf({ ids, isWord }: Cut): number[] {
  const words: number[] = [];
  for (let i = 0; i < ids.length; i++) if (isWord[i] === 1) words.push(ids[i]!);
  return words;
}

/** JSON with sorted members, so that equal values give equal text. */
export function sortedJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const members = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${sortedJson(value[name]!)}`).join(',')}}`;
}
