/**
 * Words as search takes them: what differs only in case, width or diacritics is one term. Scripts written without spaces,
 * and Korean, whose endings hang on to the word, have a term for each character, so that whatever stands side by side is
 * found side by side, without guessing where a word ends. The same on every version of ICU.
 */

/** `start` and `end` are UTF-16 offsets in the text; `end` is not inside. */
export interface Term {
  term: string;
  start: number;
  end: number;
}

const single = String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\u30FC\uFF70`;
// Half-width voiced marks belong to the kana before them.
const following = String.raw`[\p{M}\u200C\u200D\uFF9E\uFF9F]`;
const pattern = new RegExp(
  String.raw`[[${single}]&&[\p{L}\p{N}]]${following}*|[[\p{L}\p{N}]--[${single}]][[\p{L}\p{N}\p{M}\u00AD\u200C\u200D]--[${single}]]*`,
  'gv',
);
const ascii = /^[\0-\x7F]*$/;
const asciiWord = /[A-Za-z0-9]+/g;

/** The terms of a text, in its order. */
export function termsOf(text: string): Term[] {
  const terms: Term[] = [];
  for (const { 0: piece, index } of text.matchAll(ascii.test(text) ? asciiWord : pattern)) {
    const term = folded(piece);
    if (term !== '') terms.push({ term, start: index, end: index + piece.length });
  }
  return terms;
}

// Marks that a reader may leave out when typing; in other scripts (kana, Devanagari) they make another word.
const optionalMarks = /([\p{sc=Latin}\p{sc=Greek}\p{sc=Arabic}\p{sc=Hebrew}])\p{M}+/gu;
const noWord = /[^\p{L}\p{N}\p{M}]|\p{Variation_Selector}|\u0640/gu;
// Letters that Unicode does not take apart and that are often typed as others.
const alike: Record<string, string> = {
  ...{ ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe', ı: 'i', ς: 'σ' },
  ...{ '\u06CC': '\u064A', '\u0649': '\u064A', '\u06A9': '\u0643' },
};
const alikePattern = new RegExp(`[${Object.keys(alike).join('')}]`, 'gu');

/** By way of capitals, which makes ß and ss one. Only letters, digits and their marks are left. */
function folded(piece: string): string {
  if (ascii.test(piece)) return piece.toLowerCase();
  return piece
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(noWord, '')
    .replace(optionalMarks, '$1')
    .replaceAll('\u0435\u0308', '\u0435')
    .normalize('NFC')
    .replace(alikePattern, (letter) => alike[letter]!);
}
