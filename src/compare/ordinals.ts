/** The numbers that headings and list items begin with ("3.", "D.", "Section 4"): they say where a text stands, not what it says. */
import type { Block, DraftBlock, TextBlock } from '../content/types.js';
import type { BlockChange } from './types.js';

/** The numbers that the texts of either side begin with. */
export interface Sections {
  before: ReadonlySet<string>;
  after: ReadonlySet<string>;
}
/** How long the number is that each of a pair of texts begins with. */
export interface Lead {
  before: number;
  after: number;
}

const parts = String.raw`\p{Nd}{1,3}(?:\.\p{Nd}{1,3})`;
const number = String.raw`(?:${parts}*|[ivxlc]{1,6}|\p{L})`;
const named =
  'section|article|chapter|part|clause|step|abschnitt|artikel|kapitel|teil|chapitre|partie|раздел|глава|часть';
// "3. Mai" begins with a day.
const month =
  '(?:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)';
const ordinal = new RegExp(
  String.raw`^(?:(?:(?:${named})\s+|§\s*)(${number})[.):]?|\(?(${number})\)|(${number})\.|(${parts}+))(?=\s|$)(?!\s+${month}(?!\p{L}))`,
  'iu',
);

const textOf = ({ children }: TextBlock): string => children.map(({ text }) => text).join('');

/** The number itself, and how long what holds it is. */
export function ordinalOf(block: Block | DraftBlock | undefined): { number: string; length: number } | undefined {
  if (block?._type !== 'block') return undefined;
  const { style, listItem } = block as TextBlock;
  if (!listItem && (style === 'normal' || style === 'blockquote')) return undefined;
  const found = ordinal.exec(textOf(block as TextBlock));
  if (!found) return undefined;
  const [whole, named, inBrackets, pointed, bare] = found;
  // In a list "J." is an initial, "1.5" a quantity.
  if (listItem && (bare || /^\p{L}/u.test(pointed ?? ''))) return undefined;
  return { number: (named ?? inBrackets ?? pointed ?? bare)!, length: whole.length };
}

/** How long the number is that either side of a pair begins with; 0 where it is not a number on both sides. */
export function leadOf({ before, after }: BlockChange): Lead {
  const [was, is] = before.length + after.length === 2 ? [ordinalOf(before[0]?.block), ordinalOf(after[0]?.block)] : [];
  return was && is ? { before: was.length, after: is.length } : { before: 0, after: 0 };
}

/** The numbers that either side's texts begin with, each and its last part: 4.2 has a 2. */
export function ordinalsIn(changes: readonly BlockChange[]): Sections {
  const numbers = (side: 'before' | 'after') =>
    new Set(
      changes.flatMap((change) =>
        change[side].flatMap(({ block }) => {
          const found = ordinalOf(block);
          return found ? [found.number, ...found.number.split('.').slice(-1)] : [];
        }),
      ),
    );
  return { before: numbers('before'), after: numbers('after') };
}
