/**
 * The words and marks of a text in Latin letters, found without regular expressions: by far the commonest text, and many
 * times faster so. It gives exactly what the patterns in words.ts give; any other text it leaves to them.
 */

const other = 0;
const mark = 1;
const space = 2;
/** From here on: part of a word. */
const sign = 3;
const digit = 4;
const letter = 5;

const classes = (() => {
  const table = new Uint8Array(0x250);
  for (let code = 0; code < table.length; code++) {
    const char = String.fromCharCode(code);
    if (/\s/.test(char)) table[code] = space;
    else if (/[A-Za-z\xAA\xB5\xBA\xC0-\xD6\xD8-\xF6\xF8-\u024F]/.test(char)) table[code] = letter;
    else if (/[0-9]/.test(char)) table[code] = digit;
    else if (/[_\xB2\xB3\xB9\xBC-\xBE]/.test(char)) table[code] = sign;
    else if (/[\x21-\x7E\xA1-\xAC\xAE-\xBF\xD7\xF7]/.test(char)) table[code] = mark;
  }
  return table;
})();

// Dashes, quotes, an ellipsis and the euro beside the letters; NaN (past the end) is `other`.
function classOf(code: number): number {
  if (code < 0x250) return classes[code]!;
  if ((code >= 0x2012 && code <= 0x201f) || code === 0x2026 || code === 0x20ac) return mark;
  return code >= 0x1680 && /\s/.test(String.fromCharCode(code)) ? space : other;
}

/** What `scanned` found last: where each token begins and ends, and whether it is a word (1) or a mark (0). */
export const scan = { size: 0, starts: [] as number[], ends: [] as number[], words: [] as number[] };

const apostrophe = 0x27;
const curly = 0x2019;
const hyphen = 0x2d;
const point = 0x2e;
const comma = 0x2c;
const underscore = 0x5f;

/** Scans `text` into `scan`; false if it holds other than Latin letters and their marks. */
export function scanned(text: string): boolean {
  const { starts, ends, words } = scan;
  const { length } = text;
  let size = 0;
  let i = 0;
  while (i < length) {
    const kind = classOf(text.charCodeAt(i));
    if (kind === space) {
      i++;
      continue;
    }
    if (kind === other) return false;
    starts[size] = i;
    let word = 0;
    if (kind === mark) i++;
    else {
      const end = kind === letter ? abbreviationEnd(text, i) : -1;
      if (end > 0) {
        i = end;
        word = 1;
      } else {
        for (let inside = kind; ; ) {
          while (inside >= sign) {
            if (inside > sign || text.charCodeAt(i) !== underscore) word = 1;
            inside = classOf(text.charCodeAt(++i));
          }
          if (!joins(text, i)) break;
          inside = classOf(text.charCodeAt(++i));
        }
      }
    }
    ends[size] = i;
    words[size++] = word;
  }
  scan.size = size;
  return true;
}

// "U.S.", "e.g.": letters each with a point, at least two.
function abbreviationEnd(text: string, from: number): number {
  let i = from;
  while (classOf(text.charCodeAt(i)) === letter && text.charCodeAt(i + 1) === point) i += 2;
  return i >= from + 4 && classOf(text.charCodeAt(i)) < sign ? i : -1;
}

// Whether the mark at `i` stands inside a word: an apostrophe between letters, a hyphen, a point or comma between digits.
function joins(text: string, i: number): boolean {
  const code = text.charCodeAt(i);
  if (code === hyphen) return classOf(text.charCodeAt(i + 1)) >= sign;
  const between = code === apostrophe || code === curly ? letter : code === point || code === comma ? digit : 0;
  return between > 0 && classOf(text.charCodeAt(i - 1)) === between && classOf(text.charCodeAt(i + 1)) === between;
}
