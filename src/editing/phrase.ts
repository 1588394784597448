/**
 * Whether a text holds a phrase, whatever its kind: compared without regard to case, width, line breaks and what cannot
 * be seen, across the formatting inside a paragraph. In slugs and addresses a phrase is looked for as they would spell it.
 */
import { slugify } from '../content/slug.js';
import { isKnownBlock } from '../content/types.js';

export interface Excerpt {
  before: string;
  match: string;
  after: string;
}

/** Gives the first place where a text's value holds the phrase, and how many there are. */
export type FindPhrase = (name: string, value: unknown) => { excerpt: Excerpt; count: number } | undefined;

/** UTF-16 code units of an excerpt on either side. */
const around = 60;

/** `words`: only where the phrase stands as whole words. */
export function phraseFinder(phrase: string, { words = false }: { words?: boolean } = {}): FindPhrase {
  const wanted = fold(phrase.trim());
  const asSlug = /[\p{L}\p{N}]/u.test(phrase) ? slugify(phrase) : '';
  // Where no letter has a spelling in ASCII, a slug says nothing.
  const slugged = asSlug === 'story' && wanted.folded !== 'story' ? '' : asSlug;
  return (name, value) => {
    let first: Excerpt | undefined;
    let count = 0;
    for (const saying of sayingsOf(name, value)) {
      const found = isAddress(name, saying)
        ? [...spansOf(fold(unescaped(saying)), wanted.folded, words), ...spansOf(fold(saying), slugged, words)]
        : spansOf(fold(saying), wanted.folded, words);
      count += found.length;
      first ??= found[0];
    }
    return first && { excerpt: first, count };
  };
}

interface Folded {
  /** As it was, but for width, white space and what cannot be seen. */
  text: string;
  folded: string;
  /** For each unit of `folded` where in `text` it comes from. */
  from: readonly number[];
}

const unseen = /\p{Default_Ignorable_Code_Point}/gu;

/** By way of capitals, which makes ß and ss one; marks that fonts tell apart and people don't are one too. */
function fold(value: string): Folded {
  const text = value.normalize('NFKC').replace(unseen, '').normalize('NFC').replace(/\s+/g, ' ');
  let folded = '';
  const from: number[] = [];
  let at = 0;
  for (const character of text) {
    const plain = character
      .toUpperCase()
      .toLowerCase()
      .replace('i\u0307', 'i')
      .replace(/[’‘ʼ`´]/, "'")
      .replace(/[“”„«»]/, '"')
      .replace(/[‐‑‒–—―−]/, '-');
    for (let unit = 0; unit < plain.length; unit++) from.push(at);
    folded += plain;
    at += character.length;
  }
  return { text, folded, from };
}

const inWord = /[\p{L}\p{N}\p{M}]/u;

function spansOf({ text, folded, from }: Folded, wanted: string, words: boolean): Excerpt[] {
  const spans: Excerpt[] = [];
  if (wanted === '') return spans;
  for (let at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, at + 1)) {
    const [start, end] = [from[at]!, from[at + wanted.length] ?? text.length];
    const before = text.slice(0, start);
    if (words && (inWord.test(lastOf(before)) || inWord.test(firstOf(text.slice(end))))) continue;
    spans.push({
      before: (start > around ? '…' : '') + before.slice(-around),
      match: text.slice(start, end),
      after: text.slice(end, end + around) + (text.length > end + around ? '…' : ''),
    });
  }
  return spans;
}

const firstOf = (text: string): string => [...text.slice(0, 2)][0] ?? '';
const lastOf = (text: string): string => [...text.slice(-2)].at(-1) ?? '';

const isAddress = (name: string, saying: string): boolean => name === 'slug' || /^\S+[:/]\S+$/.test(saying);

function unescaped(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/** What a text says, each run of words by itself. */
export function sayingsOf(name: string, value: unknown): string[] {
  const said: string[] = [];
  walk(value, name === 'fields', said);
  return said;
}

/** What a block says of its form, in words of ours. */
const form = new Set(['_type', '_key', 'style', 'listItem', 'marks', 'level', 'start', 'header', 'align']);
const ours = (value: object): boolean =>
  '_type' in value &&
  typeof value._type === 'string' &&
  (isKnownBlock(value as { _type: string }) || value._type === 'span' || value._type === 'link');

/** `named`: the names of members are the publisher's own, so they are words too. */
function walk(value: unknown, named: boolean, said: string[]): void {
  if (value === null || typeof value === 'boolean') return;
  if (typeof value !== 'object') said.push(String(value));
  else if (Array.isArray(value)) for (const item of value) walk(item, named, said);
  else {
    const known = ours(value);
    const unknown = named || (!known && '_type' in value);
    for (const [name, member] of Object.entries(value)) {
      if (known && form.has(name)) continue;
      if (unknown) said.push(name);
      if (isSpans(member)) {
        said.push(member.map(({ text }) => text).join(''));
        if (!known)
          walk(
            member.map(({ text: _, ...rest }) => rest),
            unknown,
            said,
          );
      } else walk(member, unknown, said);
    }
  }
}

const isSpans = (value: unknown): value is { text: string }[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item?.text === 'string');
