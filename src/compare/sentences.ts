/**
 * Where sentences end. A full stop ends one unless it belongs to an abbreviation or an initial, or the text goes on in
 * small letters; scripts without a sentence mark (Thai, Lao, Khmer, Burmese) have one sentence a paragraph.
 */
import type { Cut, Vocabulary } from './cut.js';

const fullStop = /\.$/;
/** Those of Chinese and Japanese need no space behind them. */
const tight = /^[。！？｡．]/;
/** Closing quotes and brackets belong to the sentence they follow. */
const closers = /^[\p{Pe}\p{Pf}"'”’»」』）]$/u;
const small = /^\p{Ll}/u;

// Titles, months, and what else is followed by a name or a number; by language, for a "No." in English is a "no" elsewhere.
const abbreviations: { [language: string]: string } = {
  en: 'Mr Mrs Ms Dr Prof Sen Rep Gov Gen Col Capt Lt Sgt Maj Cmdr Adm Rev Hon Pres St Jr Sr Mt Ft Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec vs approx Inc Ltd Co Corp Ave Blvd Rd',
  de: 'Dr Prof Hr Fr Str Jan Feb Mrz Apr Jun Jul Aug Sep Okt Nov Dez bzw ca evtl ggf St Mio Mrd Tel usw vgl Ing Dipl Hrsg',
  fr: 'M MM Mme Mlle Dr Pr Me St Ste janv févr avr juil sept oct nov déc av cf env',
  ru: 'г гг ул д им руб коп тыс млн млрд см стр рис тов проф акад янв фев мар апр июн июл авг сен окт ноя дек',
  es: 'Sr Sra Srta Dr Dra Prof Ud Uds Av Gral ene feb mar abr jun jul ago sept oct nov dic',
};
const lists = new Map(
  Object.entries(abbreviations).map(([language, words]) => [language, new Set(words.split(' '))] as const),
);
const listNumber = /^(?:\p{Nd}{1,3}|[A-Z])$/u;
/** Those that stand before numbers alone. */
const numbered = /^(?:nos?|nr|art|fig|sec|abs|bd|vol|ch|núm|pág|pp?|ст|стр|№)$/iu;
const digits = /^\p{Nd}/u;
const ordinal = /^\p{Nd}{1,2}$/u;
/** Of a name, or of an abbreviation of several words (z. B.). */
const initial = /^\p{L}$/u;

/** The ends of the sentences of `text`, as numbers of words and marks: `[4, 9]` has two, of 4 and 5. */
export function sentencesOf(cut: Cut, vocabulary: Vocabulary, language?: string): number[] {
  cut.sentences ??= endsOf(cut, vocabulary, language);
  return cut.sentences;
}

const abbreviationsOf = (language: string | undefined) => lists.get((language ?? 'en').slice(0, 2).toLowerCase());
const english = abbreviationsOf('en')!;

/** Whether sentences of this language end by rules of its own. */
export const hasSentenceRules = (language: string | undefined): boolean =>
  (abbreviationsOf(language) ?? english) !== english;

function endsOf(
  { ids, isWord, starts, ends, breaks, text }: Cut,
  { texts, ends: mayEnd }: Vocabulary,
  language?: string,
): number[] {
  const german = /^de\b/i.test(language ?? '');
  const known = abbreviationsOf(language) ?? english;
  const found: number[] = [];
  const size = ids.length;
  let nextBreak = 0;
  for (let i = 0; i < size; i++) {
    if (breaks[nextBreak] === starts[i]) {
      nextBreak++;
      found.push(i + 1);
      continue;
    }
    if (mayEnd[ids[i]!] !== 1) continue;
    let end = i + 1;
    while (end < size && ends[end - 1] === starts[end] && isWord[end] !== 1) {
      const next = texts[ids[end]!]!;
      if (mayEnd[ids[end]!] !== 1 && !closers.test(next)) break;
      end++;
    }
    const mark = texts[ids[i]!]!;
    const spaced = end === size || ends[end - 1]! < starts[end]!;
    if (spaced ? !stopsShort(i, end) : tight.test(mark)) found.push(end);
    i = end - 1;
  }
  if (found.at(-1) !== size) found.push(size);
  return found;

  // A full stop behind an abbreviation or an initial, or before a small letter, ends nothing.
  function stopsShort(i: number, end: number): boolean {
    if (end === size || breaks.includes(starts[end]!)) return false;
    const mark = texts[ids[i]!]!;
    if (!fullStop.test(mark)) return false;
    if (small.test(texts[ids[end]!]!)) return true;
    if (isWord[i] === 1) return mark.length <= 4;
    if (i === 0 || ends[i - 1] !== starts[i]) return false;
    const before = texts[ids[i - 1]!]!;
    // "4. Payment": the number of a list.
    if (listNumber.test(before) && (i === 1 || found.at(-1) === i - 1)) return true;
    if (numbered.test(before) && digits.test(texts[ids[end]!]!)) return true;
    if (german && ordinal.test(before)) return true;
    return known.has(before) || (initial.test(before) && text[starts[i]! - 2] !== "'");
  }
}
