/**
 * What is letter for letter the same but for a space ("Serviceor", "Service or") or for the point that ends an abbreviation
 * ("e.g", "e.g."): found, so that only what came or went is marked. Letters that a dictionary cut in two ways are the same.
 */
import type { CommonRun } from './lcs.js';
import { graphemes } from './words.js';

/** UTF-16 units: what is longer was not respelled but written in another way. */
const longest = 200;
const none: readonly CommonRun[] = [];

const space = /[^\S\n\r\v\f\u2028\u2029]/;
/** Stands between joined blocks. */
const boundary = '\uFFFF';

/** The pieces (offsets, UTF-16) that two texts have in common, if nothing else tells them apart; else none. */
export function respelled(was: string, is: string): readonly CommonRun[] {
  if (was.length > longest || is.length > longest) return none;
  const pieces: CommonRun[] = [];
  for (let i = 0, j = 0; ; ) {
    [i, j] = [pastSpaces(was, i), pastSpaces(is, j)];
    const [before, after] = [i, j];
    while (i < was.length && was[i] === is[j] && was[i] !== boundary && !isSpace(was, i)) [i, j] = [i + 1, j + 1];
    const length = i - before;
    if (length > 0) pieces.push({ before, after, length });
    if (i === was.length && j === is.length) break;
    if (endsAbbreviation(was, i) && is[j] !== '.') i++;
    else if (endsAbbreviation(is, j) && was[i] !== '.') j++;
    else if (!isSpace(was, i) && !isSpace(is, j)) return none;
  }
  if (pieces.some((piece, k) => k > 0 && partsFigure(was, pieces[k - 1]!, piece))) return none;
  return pieces.length > 0 && isWhole(was, pieces, 'before') && isWhole(is, pieces, 'after') ? pieces : none;
}

const isSpace = (text: string, at: number): boolean => at < text.length && space.test(text[at]!);

function pastSpaces(text: string, at: number): number {
  let to = at;
  while (isSpace(text, to)) to++;
  return to;
}

const endsAbbreviation = (text: string, at: number): boolean =>
  text[at] === '.' &&
  /\p{L}\.\p{L}$/u.test(text.slice(Math.max(0, at - 5), at)) &&
  !/^[\p{L}\p{N}]/u.test(text.slice(at + 1));

// "1 5" and "15" are two figures.
function partsFigure(was: string, one: CommonRun, next: CommonRun): boolean {
  const joined = one.before + one.length === next.before || one.after + one.length === next.after;
  return joined && /\p{Nd}$/u.test(was.slice(0, one.before + one.length)) && /^\p{Nd}/u.test(was.slice(next.before));
}

// Whether no piece begins or ends inside a grapheme.
function isWhole(text: string, pieces: readonly CommonRun[], side: 'before' | 'after'): boolean {
  const ends = new Set(Array.from(graphemes.segment(text), ({ index }) => index)).add(text.length);
  return pieces.every((piece) => ends.has(piece[side]) && ends.has(piece[side] + piece.length));
}
