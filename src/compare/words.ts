/**
 * Text as words, marks (punctuation, symbols, emoji) and white space, by Unicode. Joined, the tokens are the text again;
 * no token ends inside a grapheme (UAX #29). Everybody counts words with `countWords`.
 */

import { scan, scanned } from './scan.js';

export type TokenKind = 'word' | 'mark' | 'space';
export interface Token {
  text: string;
  kind: TokenKind;
}

// Scripts written without spaces: only a dictionary finds their words (Intl.Segmenter).
const unspaced = String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\u30FC\uFF70\uFF9E\uFF9F`;
const letter = String.raw`[[\p{L}\p{N}\p{M}\p{Pc}\u200C\u200D\u00AD]--[${unspaced}]]`;
// Inside a word: an apostrophe before a letter, a hyphen, a point or comma between digits.
const joint = String.raw`(?:(?<=[\p{L}\p{M}])['’ʼ](?=\p{L})|[\-‐‑]|(?<=\p{Nd})[.,٫٬](?=\p{Nd}))`;
const abbreviation = String.raw`\p{L}\.(?:\p{L}\.)+(?!${letter})`;
const word = `${letter}+(?:${joint}${letter}+)*`;
const tokenPattern = new RegExp(String.raw`\s+|[${unspaced}]+|${abbreviation}|${word}|.`, 'gsv');
const wordPattern = new RegExp(`${abbreviation}|${word}`, 'gv');
const unspacedPattern = new RegExp(`[${unspaced}]+`, 'gv');
const startsUnspaced = new RegExp(`^[${unspaced}]`, 'v');
const wordly = /[\p{L}\p{N}]/u;
const startsSpace = /^\s/;

// What may continue a grapheme begun before it, and what may hold on to what follows (Grapheme_Cluster_Break Prepend is
// no property that JavaScript knows: its format characters, then its letters). More than needed is harmless.
const continues = /[\p{M}\p{Gr_Ext}\p{Cf}\p{ExtPict}\p{RI}\p{EMod}\u0E33\u0EB3\u1160-\u11FF\uD7B0-\uD7FF\uFF9E\uFF9F]/u;
const prepends =
  /[\p{Cf}\u0D4E\u{111C2}\u{111C3}\u{113D1}\u{1193F}\u{11941}\u{11A3A}\u{11A84}-\u{11A89}\u{11D46}\u{11F02}]/u;
// A letter with what holds on to it.
const cluster = new RegExp(`.(?:${continues.source})*`, 'gsu');
const startsContinuing = new RegExp(`^${continues.source}`, 'u');
const endsPrepending = new RegExp(`${prepends.source}$`, 'u');
const delicate = new RegExp(`${continues.source}|${prepends.source}|[${unspaced}]`, 'u');

export const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const segmenters = new Map<string, Intl.Segmenter>();

/** A language whose words are found by rules of its own. */
export const wordRulesOf = (language: string | undefined): string | undefined =>
  /^(ja|ko|zh|yue|th|lo|km|my)\b/i.exec(language ?? '')?.[1]?.toLowerCase();

// One segmenter for each language whose rules could differ; the tag comes from outside, so the cache must not grow with it.
function segmenterFor(language: string | undefined): Intl.Segmenter {
  const primary = wordRulesOf(language) ?? 'en';
  const segmenter = segmenters.get(primary) ?? new Intl.Segmenter(primary, { granularity: 'word' });
  segmenters.set(primary, segmenter);
  return segmenter;
}

/** UTF-16 units of scripts without spaces: those that are looked up in a dictionary. */
export const unspacedLength = (text: string): number =>
  (text.match(unspacedPattern) ?? []).reduce((sum, { length }) => sum + length, 0);

/**
 * Cuts `text` into tokens that joined give it back. `language`: BCP 47; any other string counts as none. Without
 * `dictionary` every letter of a script without spaces is a word.
 */
export function tokenize(text: string, language?: string, dictionary = true): Token[] {
  const tokens: Token[] = [];
  if (scanned(text)) {
    let at = 0;
    for (let i = 0; i < scan.size; i++) {
      const [from, to] = [scan.starts[i]!, scan.ends[i]!];
      if (from > at) tokens.push({ text: text.slice(at, from), kind: 'space' });
      tokens.push({ text: text.slice(from, to), kind: scan.words[i] ? 'word' : 'mark' });
      at = to;
    }
    if (at < text.length) tokens.push({ text: text.slice(at), kind: 'space' });
    return tokens;
  }
  for (const piece of text.match(tokenPattern) ?? []) {
    if (wordly.test(piece)) {
      if (!startsUnspaced.test(piece)) tokens.push({ text: piece, kind: 'word' });
      else if (dictionary) segment(piece, language, tokens);
      else
        for (const letter of piece.match(cluster) ?? [])
          tokens.push({ text: letter, kind: wordly.test(letter) ? 'word' : 'mark' });
    } else tokens.push({ text: piece, kind: startsSpace.test(piece) ? 'space' : 'mark' });
  }
  return delicate.test(text) ? joinGraphemes(tokens) : tokens;
}

/** How many words `text` has. `language` and `dictionary` as in `tokenize`. */
export function countWords(text: string, language?: string, dictionary = true): number {
  if (scanned(text)) {
    let count = 0;
    for (let i = 0; i < scan.size; i++) count += scan.words[i]!;
    return count;
  }
  // A few pieces are joiners and marks alone.
  if (!delicate.test(text))
    return (text.match(wordPattern) ?? []).reduce((sum, piece) => (wordly.test(piece) ? sum + 1 : sum), 0);
  return tokenize(text, language, dictionary).reduce((sum, { kind }) => (kind === 'word' ? sum + 1 : sum), 0);
}

// In windows: long runs make some versions of ICU slow out of proportion.
const window = 1000;
function segment(text: string, language: string | undefined, into: Token[]): void {
  const segmenter = segmenterFor(language);
  for (let from = 0, to: number; from < text.length; from = to) {
    to = Math.min(text.length, from + window);
    while (to < text.length && startsContinuing.test(text.slice(to, to + 2))) to++;
    if (to < text.length && /[\uDC00-\uDFFF]/.test(text[to]!)) to++;
    for (const { segment, isWordLike } of segmenter.segment(text.slice(from, to)))
      into.push({ text: segment, kind: isWordLike ? 'word' : 'mark' });
  }
}

/** Whether one grapheme may hold the end of `left` and the beginning of `right`. More often than it does is harmless. */
export const mayJoin = (left: string, right: string): boolean =>
  startsContinuing.test(right) || endsPrepending.test(left);

// Only tokens that may hold on to one another are asked about, together: between others a grapheme ends for certain.
function joinGraphemes(tokens: Token[]): Token[] {
  const joined: Token[] = [];
  for (let from = 0, to: number; from < tokens.length; from = to) {
    to = from + 1;
    while (to < tokens.length && mayJoin(tokens[to - 1]!.text, tokens[to]!.text)) to++;
    joined.push(tokens[from]!);
    if (to === from + 1) continue;
    const island = tokens.slice(from, to);
    const ends = new Set<number>();
    for (const { index } of graphemes.segment(island.map(({ text }) => text).join(''))) ends.add(index);
    let at = tokens[from]!.text.length;
    for (const token of island.slice(1)) {
      const last = joined.at(-1)!;
      if (ends.has(at)) joined.push(token);
      else {
        last.text += token.text;
        last.kind =
          last.kind === 'word' || token.kind === 'word' ? 'word' : last.kind === token.kind ? last.kind : 'mark';
      }
      at += token.text.length;
    }
  }
  return joined;
}
