/**
 * A text as numbers, for everything that compares: its words and marks without the white space between them, each by the
 * number of its spelling and by where it stands.
 */
import { scan, scanned } from './scan.js';
import { tokenize, unspacedLength } from './words.js';

/** Marks that can end a sentence, alone or in a row. */
const sentenceEnders = /^(?:[.!?…。！？｡．؟۔।॥։።᙮]+|\p{L}\.(?:\p{L}\.)+)$/u;

// Looked up once: it is asked for at every letter.
const { imul } = Math;

/** See `Vocabulary.dictionary`. */
const fullDictionary = 80_000;

/** The numbers of spellings, the same for all texts of one comparison: from 0, as they were met. */
export class Vocabulary {
  readonly texts: string[] = [];
  /** How often each was met. */
  readonly met: number[] = [];
  /** 1: a word; 0: a mark. */
  readonly isWord: number[] = [];
  /** 1: it may end a sentence. */
  readonly ends: number[] = [];
  /**
   * What may still be looked up in a dictionary, in UTF-16 units; about 60 ms, several times that for what is no text.
   * Below 0: some was not.
   */
  dictionary = fullDictionary;
  /** Whether no dictionary was asked, or would have been. */
  get isPlain(): boolean {
    return this.dictionary === fullDictionary;
  }
  // A table of our own (open addressing, FNV-1a): a Map would need a string made of every word of every text.
  #slots = new Int32Array(1 << 9).fill(-1);
  readonly #hashes: number[] = [];

  /** Of `text` from `from` up to `to`. */
  number(text: string, isWord: number, from = 0, to = text.length): number {
    let hash = 0x811c9dc5;
    for (let i = from; i < to; i++) hash = imul(hash ^ text.charCodeAt(i), 0x01000193);
    const mask = this.#slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (let number = this.#slots[slot]!; number >= 0; number = this.#slots[slot]!) {
      if (this.#hashes[number] === hash && isAt(this.texts[number]!, text, from, to)) {
        this.met[number]!++;
        return number;
      }
      slot = (slot + 1) & mask;
    }
    const number = this.texts.length;
    const spelling = text.slice(from, to);
    this.#slots[slot] = number;
    this.#hashes.push(hash);
    this.texts.push(spelling);
    this.met.push(1);
    this.isWord.push(isWord);
    this.ends.push(!endsInLetter(spelling) && sentenceEnders.test(spelling) ? 1 : 0);
    if (number * 2 > this.#slots.length) this.#grow();
    return number;
  }

  #grow(): void {
    const mask = 2 * this.#slots.length - 1;
    this.#slots = new Int32Array(mask + 1).fill(-1);
    this.#hashes.forEach((hash, number) => {
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (this.#slots[slot]! >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = number;
    });
  }
}

function isAt(spelling: string, text: string, from: number, to: number): boolean {
  if (spelling.length !== to - from) return false;
  for (let i = 0; i < spelling.length; i++) if (spelling.charCodeAt(i) !== text.charCodeAt(from + i)) return false;
  return true;
}

function endsInLetter(text: string): boolean {
  const last = text.charCodeAt(text.length - 1) | 0x20;
  return last >= 0x61 && last <= 0x7a;
}

export interface Cut {
  text: string;
  /** Of each word or mark: its number, where it begins and ends (UTF-16), 1 for a word. */
  ids: number[];
  starts: number[];
  ends: number[];
  isWord: number[];
  words: number;
  /** Where blocks that were joined into this text meet: the offset of what stands between them, one unit long. */
  breaks: number[];
  /** Its sentences, once asked for. */
  sentences?: number[];
}

/** `language` as for `tokenize`. */
export function cut(text: string, language: string | undefined, vocabulary: Vocabulary): Cut {
  const made: Cut = { text, ids: [], starts: [], ends: [], isWord: [], words: 0, breaks: [] };
  if (scanned(text)) {
    const { size } = scan;
    made.starts = scan.starts.slice(0, size);
    made.ends = scan.ends.slice(0, size);
    made.isWord = scan.words.slice(0, size);
    made.ids = new Array<number>(size);
    for (let i = 0; i < size; i++) {
      made.ids[i] = vocabulary.number(text, made.isWord[i]!, made.starts[i], made.ends[i]);
      made.words += made.isWord[i]!;
    }
    return made;
  }
  if (vocabulary.dictionary >= 0) vocabulary.dictionary -= unspacedLength(text);
  let at = 0;
  for (const { text: token, kind } of tokenize(text, language, vocabulary.dictionary >= 0)) {
    if (kind !== 'space') {
      made.ids.push(vocabulary.number(token, kind === 'word' ? 1 : 0));
      made.starts.push(at);
      made.ends.push(at + token.length);
      made.isWord.push(kind === 'word' ? 1 : 0);
      if (kind === 'word') made.words++;
    }
    at += token.length;
  }
  return made;
}

/** Stands between joined blocks; no white space, so that no line end of a text is taken for it. */
const boundary = '\uFFFF';

/** Texts of neighbouring blocks as one. What stands between them is a mark like no other: `\n` is no mark's spelling. */
export function joinCuts(parts: readonly Cut[], vocabulary: Vocabulary): Cut {
  if (parts.length === 1) return parts[0]!;
  const joined: Cut = { text: '', ids: [], starts: [], ends: [], isWord: [], words: 0, breaks: [] };
  for (const [i, part] of parts.entries()) {
    if (i > 0) {
      const at = joined.text.length;
      joined.breaks.push(at);
      joined.ids.push(vocabulary.number('\n', 0));
      joined.starts.push(at);
      joined.ends.push(at + 1);
      joined.isWord.push(0);
      joined.text += boundary;
    }
    const by = joined.text.length;
    joined.text += part.text;
    joined.words += part.words;
    for (let k = 0; k < part.ids.length; k++) {
      joined.ids.push(part.ids[k]!);
      joined.starts.push(part.starts[k]! + by);
      joined.ends.push(part.ends[k]! + by);
      joined.isWord.push(part.isWord[k]!);
    }
  }
  return joined;
}
