/**
 * Texts whose every word carries the id of its origin, edited at random from a seed: what a comparison should find is known.
 * No text of anybody's is in here; the words are syllables drawn with the frequencies of a natural language.
 */

/** A word as written, with the mark behind it, if one is. */
export interface Word {
  text: string;
  /** The same for the same word, wherever an edit took it. */
  id: number;
}
export type Sentence = Word[];
export type Paragraph = Sentence[];
export type Text = Paragraph[];

export type Draw = () => number;

/** mulberry32: a number from 0 up to 1, the same sequence for the same seed. */
export function draws(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Shares (0 to 1) of words, sentences or paragraphs that an edit of this kind touches. */
export interface Rates {
  substituted: number;
  inserted: number;
  deleted: number;
  sentencesRewritten: number;
  sentencesAdded: number;
  sentencesCut: number;
  sentencesMoved: number;
  paragraphsMoved: number;
  split: number;
  merged: number;
}
const still = { sentencesMoved: 0, paragraphsMoved: 0, split: 0, merged: 0 };
const lightly = { substituted: 0.008, inserted: 0.004, deleted: 0.004 };
const light = { ...lightly, sentencesRewritten: 0.05, sentencesAdded: 0.03, sentencesCut: 0.03, ...still };
export const rates = {
  light,
  moves: { ...light, sentencesMoved: 0.015, paragraphsMoved: 0.03, split: 0.04, merged: 0.04 },
  heavy: {
    substituted: 0.12,
    inserted: 0.06,
    deleted: 0.06,
    sentencesRewritten: 0.35,
    sentencesAdded: 0.3,
    sentencesCut: 0.3,
    ...still,
  },
} satisfies { [kind: string]: Rates };

const vocabularySize = 1200;
const vocabulary: string[] = (() => {
  const draw = draws(20_26);
  const [starts, middles, ends] = [
    'b c d f g h k l m n p r s t v w st tr pl br',
    'a e i o u ai ea ou',
    ' n r s t l nd',
  ].map((list) => list.split(' '));
  const pick = (list: string[]) => list[Math.floor(draw() * list.length)]!;
  const made = new Set<string>();
  while (made.size < vocabularySize) {
    // Common words are short.
    const syllables = made.size < 50 ? 1 : 1 + Math.floor(draw() * (made.size < 500 ? 2.5 : 3.5));
    let word = '';
    for (let i = 0; i < syllables; i++) word += pick(starts!) + pick(middles!);
    made.add(word + pick(ends!));
  }
  return [...made];
})();
// Zipf's law with Mandelbrot's shift; the commonest word is about 6 % of a text, as in English.
const cumulative: number[] = [];
for (let rank = 0, sum = 0; rank < vocabularySize; rank++) {
  sum += 1 / (rank + 1);
  cumulative.push(sum);
}

export class Writer {
  #next = 0;
  readonly #placed = new Set<number>();
  constructor(readonly draw: Draw) {}

  word(): Word {
    const at = this.draw() * cumulative.at(-1)!;
    let [low, high] = [0, vocabularySize - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return { text: vocabulary[low]!, id: this.#next++ };
  }

  sentence(length = 6 + Math.floor(this.draw() * 24)): Sentence {
    return this.#punctuated(Array.from({ length }, () => this.word()));
  }

  text(words: number): Text {
    const text: Text = [];
    for (let left = words; left > 0; ) {
      const paragraph = Array.from({ length: 1 + Math.floor(this.draw() * 5) }, () => this.sentence());
      for (const sentence of paragraph) left -= sentence.length;
      text.push(paragraph);
    }
    return text;
  }

  edit(text: Text, rate: Rates): Text {
    const happens = (share: number) => this.draw() < share;
    const place = (size: number) => Math.floor(this.draw() * size);
    let edited = text.map((paragraph) =>
      paragraph.flatMap((sentence): Sentence[] => {
        if (happens(rate.sentencesCut)) return [];
        const kept = happens(rate.sentencesRewritten) ? this.sentence(sentence.length) : this.#words(sentence, rate);
        return happens(rate.sentencesAdded) ? [kept, this.sentence()] : [kept];
      }),
    );
    const take = <T>(list: T[], share: number): T[] => {
      const taken: T[] = [];
      for (let i = list.length - 1; i >= 0; i--) if (happens(share)) taken.push(list.splice(i, 1)[0]!);
      return taken;
    };
    for (const sentence of edited.flatMap((paragraph) => take(paragraph, rate.sentencesMoved))) {
      const paragraph = edited[place(edited.length)]!;
      paragraph.splice(place(paragraph.length + 1), 0, sentence);
    }
    edited = edited.filter((paragraph) => paragraph.length > 0);
    for (const paragraph of take(edited, rate.paragraphsMoved)) edited.splice(place(edited.length + 1), 0, paragraph);
    const parted = edited.flatMap((paragraph): Text => {
      if (paragraph.length < 2 || !happens(rate.split)) return [paragraph];
      const at = 1 + place(paragraph.length - 1);
      return [paragraph.slice(0, at), paragraph.slice(at)];
    });
    const joined: Text = [];
    for (const paragraph of parted) {
      if (joined.length > 0 && happens(rate.merged)) joined.push([...joined.pop()!, ...paragraph]);
      else joined.push(paragraph);
    }
    return joined;
  }

  // A word that takes the place of another is another.
  #another({ text }: Word): Word {
    const bare = text.replace(/[.,]$/, '').toLowerCase();
    for (;;) {
      const word = this.word();
      if (word.text !== bare) return word;
    }
  }

  #words(sentence: Sentence, { substituted, inserted, deleted }: Rates): Sentence {
    const words = sentence.flatMap((word): Word[] => {
      const at = this.draw();
      if (at < deleted) return [];
      if (at < deleted + substituted) return [this.#another(word)];
      return at < deleted + substituted + inserted ? [this.word(), word] : [word];
    });
    return words.length === sentence.length && words.every((word, i) => word === sentence[i])
      ? sentence
      : this.#punctuated(words);
  }

  // A sentence begins with a capital and ends with a full stop, whatever became of its words. A word that was spelled
  // another way is another word.
  #punctuated(words: readonly Word[]): Sentence {
    return words.map(({ text, id }, i) => {
      const was = text.replace(/[.,]$/, '');
      const bare = was.toLowerCase();
      const cased = i === 0 ? bare[0]!.toUpperCase() + bare.slice(1) : bare;
      const isNew = !this.#placed.has(id);
      this.#placed.add(id);
      const comma = isNew ? id % 11 === 0 : text.endsWith(',');
      const mark = i === words.length - 1 ? '.' : comma ? ',' : '';
      return { id: isNew || cased === was ? id : this.#next++, text: cased + mark };
    });
  }
}

export const paragraphsOf = (text: Text): string[] =>
  text.map((paragraph) => paragraph.map((sentence) => sentence.map(({ text }) => text).join(' ')).join(' '));

/** A text, its words in order, and where in it each begins. */
export function written(text: Text): { text: string; words: Word[]; starts: number[] } {
  const words: Word[] = [];
  const starts: number[] = [];
  let whole = '';
  text.forEach((paragraph, p) => {
    if (p > 0) whole += '\n\n';
    paragraph.flat().forEach((word, w) => {
      if (w > 0) whole += ' ';
      words.push(word);
      starts.push(whole.length);
      whole += word.text;
    });
  });
  return { text: whole, words, starts };
}

/** A history in which sentences and paragraphs are cut and some of them come back, and text moves. */
export interface History {
  versions: Text[];
  /** By the id of a word: the version (from 1) that first wrote it. */
  wroteIn: Map<number, number>;
}

export function history(seed: number, words: number, length = 12): History {
  const writer = new Writer(draws(seed));
  const { draw } = writer;
  const happens = (share: number) => draw() < share;
  const wroteIn = new Map<number, number>();
  const versions: Text[] = [];
  const cutSentences: Sentence[] = [];
  const cutParagraphs: Paragraph[] = [];
  let text = writer.text(words);
  for (let version = 1; version <= length; version++) {
    if (version > 1) {
      text = writer.edit(text, { ...rates.moves, split: 0.01, merged: 0.01, sentencesCut: 0 });
      const place = (size: number) => Math.floor(draw() * size);
      const back = <T>(from: T[]) => from.splice(place(from.length), 1)[0]!;
      const returningParagraphs = Math.floor(cutParagraphs.length * 0.3);
      const returningSentences = Math.floor(cutSentences.length * 0.3);
      for (let i = 0; i < returningParagraphs; i++) text.splice(place(text.length + 1), 0, back(cutParagraphs));
      for (let i = 0; i < returningSentences; i++) {
        const paragraph = text[place(text.length)]!;
        paragraph.splice(place(paragraph.length + 1), 0, back(cutSentences));
      }
      text = text.filter((paragraph) => text.length < 3 || !happens(0.03) || !cutParagraphs.push(paragraph));
      text = text
        .map((paragraph) => paragraph.filter((sentence) => !happens(0.03) || !cutSentences.push(sentence)))
        .filter((paragraph) => paragraph.length > 0);
    }
    versions.push(text);
    for (const { id } of text.flat(2)) if (!wroteIn.has(id)) wroteIn.set(id, version);
  }
  return { versions, wroteIn };
}
