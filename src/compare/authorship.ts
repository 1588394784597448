/**
 * Who wrote each word first, and who last brought it back or moved it. Kept by text (a block as it was written once), so
 * that a version costs what it changed: for each word of a text, which word of which earlier text it is. Which versions
 * hold a text, and which of them somebody may see, is asked when it is read; nothing here is decided for anybody.
 */
import type { Block } from '../content/types.js';
import { type BlockReading, read } from './blocks.js';
import { type Cut, cut, Vocabulary } from './cut.js';
import { fullEffort, matchWords, weightsOf } from './match-words.js';
import type { Removed, RemovedSentence, TextName } from './removed.js';
import { type Compared, compareBodies, type Script } from './script.js';
import { sentencesOf } from './sentences.js';

/** A block of a version and the name of its text. The same name, the same words. */
export interface Written {
  text: TextName;
  block: Block;
}

/** Words of a text that have one past. */
export interface Life {
  /** The text they came from and the life they had there; none: written here. */
  from?: readonly [text: TextName, life: number];
  /** On the way here they were moved. */
  moved?: true;
}

/** The words of one text: plain data, to be stored. */
export interface TextAuthorship {
  /** In order and in turn: how many words, and which of `lives`. */
  spans: number[];
  lives: Life[];
}

export interface Step {
  version: number;
  /** The version it was made from, and what it takes the place of where that is another one. */
  base: readonly Written[];
  previous?: readonly Written[];
  body: readonly Written[];
  language?: string;
  /** What comparing `base` with `body` finds in this language, if that is known. */
  compared?: Compared;
}

/** What the story's earlier versions left to know. */
export interface Past {
  authorship: (text: TextName) => TextAuthorship | undefined;
  /** A text that stood in an earlier version; undefined if it is gone. */
  block: (text: TextName) => Block | undefined;
  removed: Removed;
}

/** What a version adds to what is known. */
export interface Found {
  /** Of texts that were not known. */
  texts: Map<TextName, TextAuthorship>;
  /** Texts that stand elsewhere among those that stayed, unchanged. */
  moved: TextName[];
  left: { sentence: RemovedSentence; words: string[] }[];
  returned: { sentence: RemovedSentence; text: TextName }[];
}

/** A word's past: where it was, by the text and its number there. */
interface Origin {
  text: TextName;
  word: number;
  moved: boolean;
}

/** Fewer words than this come back by chance. */
const leastWords = 4;

/** Finds where the words of a version came from. Changes nothing: see `remember`. */
export function authorshipOf({ version, base, previous, body, language, compared }: Step, past: Past): Found {
  const found: Found = { texts: new Map(), moved: [], left: [], returned: [] };
  const sources = [
    trace(base, body, language, compared),
    ...(previous ? [trace(previous, body, language, undefined)] : []),
  ];
  const [fromBase] = sources;
  const inBase = new Set(base.map(({ text }) => text));
  body.forEach(({ text, block }, j) => {
    if (inBase.has(text)) {
      if (fromBase!.movedBlocks.has(j)) found.moved.push(text);
      return;
    }
    if (found.texts.has(text) || past.authorship(text)) return;
    const origins: (Origin | undefined)[] = [];
    for (const { ofBlock } of sources)
      ofBlock(j).forEach((origin, word) => {
        origins[word] ??= origin;
      });
    const reading = read(block, language);
    comeBack(reading, origins);
    found.texts.set(text, livesOf(reading.words(), origins, past));
    function comeBack(reading: BlockReading, origins: (Origin | undefined)[]) {
      bringBack(reading, origins, past, language, (sentence) => found.returned.push({ sentence, text }));
    }
  });
  const last = sources.at(-1)!;
  found.left.push(...last.leaving(version));
  return found;
}

/** Adds to the past what a version left behind and brought back. Its texts are the caller's to keep. */
export function remember({ removed }: Past, { version }: Step, { left, returned }: Found): void {
  for (const { sentence, text } of returned) sentence.returned = { text, version };
  for (const { sentence, words } of left) removed.add(sentence, words);
}

function trace(
  before: readonly Written[],
  after: readonly Written[],
  language: string | undefined,
  compared: Compared | undefined,
) {
  const [a, b] = [before, after].map((side) => side.map(({ block }) => block));
  const { was, is, script } = compared ?? compareBodies(a!, b!, language);
  const { matches, units, moves, vocabulary } = script;
  const equal = new Map(matches.flatMap((match) => (match.equal ? [[match.main[1], match] as const] : [])));
  const movedBlocks = new Set(matches.flatMap((match) => (match.moved ? match.after : [])));
  /** By block after, by word. */
  const origins = new Map<number, (Origin | undefined)[]>();
  const left = new Map<number, boolean[]>();
  const places = units.map((unit) => ({
    a: placesOf(unit.a, unit.before, was, vocabulary),
    b: placesOf(unit.b, unit.after, is, vocabulary),
  }));
  for (const { b } of places) for (const place of b) if (place) origins.set(place.block, []);
  for (const { a } of places) for (const place of a) if (place) left.set(place.block, []);
  const keep = (kept: Script['units'][number]['kept'], a: number, b: number, moved: boolean) => {
    for (const run of kept)
      for (let k = 0; k < run.length; k++) {
        const [x, y] = [places[a]!.a[run.before + k], places[b]!.b[run.after + k]];
        if (!x || !y) continue;
        origins.get(y.block)![y.word] = { text: before[x.block]!.text, word: x.word, moved };
        left.get(x.block)![x.word] = true;
      }
  };
  units.forEach(({ kept, match }, u) => {
    keep(kept, u, u, match?.moved ?? false);
  });
  for (const move of moves) keep(move.kept, move.before.strip, move.after.strip, true);

  return {
    movedBlocks,
    ofBlock(j: number): (Origin | undefined)[] {
      const match = equal.get(j);
      if (!match) return origins.get(j) ?? [];
      const { text } = before[match.main[0]]!;
      return Array.from({ length: is[j]!.words() }, (_, word) => ({ text, word, moved: match.moved }));
    },
    /** Sentences most of whose words are nowhere after. */
    leaving(version: number): Found['left'] {
      const matched = new Set(matches.flatMap(({ before }) => before));
      const gone: Found['left'] = [];
      was.forEach((reading, i) => {
        const stayed = left.get(i) ?? (matched.has(i) ? undefined : []);
        if (!stayed) return;
        const whole = reading.cut(vocabulary);
        for (const { from, to, words } of sentencesIn(whole, vocabulary, language)) {
          let gone_ = 0;
          for (let word = from; word < to; word++) if (!stayed[word]) gone_++;
          if (to - from >= leastWords && gone_ * 2 >= to - from)
            gone.push({ sentence: { text: before[i]!.text, from, to, left: version }, words });
        }
      });
      return gone;
    },
  };
}

// For each word or mark of a unit's text: the block it stands in, and its number among that block's words.
function placesOf(
  { isWord, ids }: Cut,
  blocks: readonly number[],
  readings: readonly BlockReading[],
  vocabulary: Vocabulary,
): ({ block: number; word: number } | undefined)[] {
  const places: ({ block: number; word: number } | undefined)[] = new Array(ids.length);
  let at = 0;
  blocks.forEach((block, k) => {
    if (k > 0) at++;
    const { length } = readings[block]!.cut(vocabulary).ids;
    let word = 0;
    for (const end = at + length; at < end; at++) if (isWord[at] === 1) places[at] = { block, word: word++ };
  });
  return places;
}

/** The sentences of a text by number of word, with their words. */
function* sentencesIn(whole: Cut, vocabulary: Vocabulary, language: string | undefined) {
  let [from, word] = [0, 0];
  for (const to of sentencesOf(whole, vocabulary, language)) {
    const words: string[] = [];
    for (let i = from; i < to; i++) if (whole.isWord[i] === 1) words.push(vocabulary.texts[whole.ids[i]!]!);
    yield { from: word, to: word + words.length, words };
    word += words.length;
    from = to;
  }
}

// Sentences without a past that are, or nearly, ones that left; and what stood beside them and stands there again.
function bringBack(
  reading: BlockReading,
  origins: (Origin | undefined)[],
  past: Past,
  language: string | undefined,
  tell: (sentence: RemovedSentence) => void,
): void {
  if (past.removed.sentences.length === 0) return;
  const vocabulary = new Vocabulary();
  const whole = cut(reading.text, language, vocabulary);
  const ids = whole.ids.filter((_, i) => whole.isWord[i] === 1);
  const known = new Map<TextName, number[] | undefined>();
  const wordsOf = (text: TextName): number[] | undefined => {
    if (known.has(text)) return known.get(text);
    const block = past.block(text);
    const old = block && cut(read(block, language).text, language, vocabulary);
    const words = old?.ids.filter((_, i) => old.isWord[i] === 1);
    known.set(text, words);
    return words;
  };
  for (const { from, to, words } of sentencesIn(whole, vocabulary, language)) {
    let free = 0;
    for (let word = from; word < to; word++) if (!origins[word]) free++;
    if (free < leastWords || free * 2 < to - from) continue;
    for (const sentence of past.removed.like(words)) {
      const old = wordsOf(sentence.text);
      if (!old) continue;
      const effort = { ...fullEffort(), cells: 250_000, steps: 50_000 };
      const kept = matchWords(old, ids, weightsOf(vocabulary), effort, sentence, { from, to });
      const count = kept.reduce((sum, { length }) => sum + length, 0);
      if (count * 2 < Math.max(to - from, sentence.to - sentence.from) || count <= to - from - free) continue;
      for (let word = from; word < to; word++) origins[word] = undefined;
      const put = (word: number, origin: number) => {
        origins[word] = { text: sentence.text, word: origin, moved: false };
      };
      for (const run of kept) for (let k = 0; k < run.length; k++) put(run.after + k, run.before + k);
      const [first, last] = [kept[0]!, kept.at(-1)!];
      for (let k = 1; beside(first.after - k, first.before - k); k++) put(first.after - k, first.before - k);
      const [end, oldEnd] = [last.after + last.length, last.before + last.length];
      for (let k = 0; beside(end + k, oldEnd + k); k++) put(end + k, oldEnd + k);
      tell(sentence);
      break;
      function beside(word: number, origin: number): boolean {
        return ids[word] !== undefined && !origins[word] && old![origin] === ids[word];
      }
    }
  }
}

function livesOf(words: number, origins: readonly (Origin | undefined)[], past: Past): TextAuthorship {
  const lives: Life[] = [];
  const numbers = new Map<string, number>();
  const spans: number[] = [];
  const readers = new Map<TextName, (word: number) => number>();
  const lifeAt = (text: TextName, word: number): number | undefined => {
    const authorship = past.authorship(text);
    if (!authorship) return undefined;
    const reader = readers.get(text) ?? lifeReader(authorship);
    readers.set(text, reader);
    return reader(word);
  };
  for (let word = 0; word < words; word++) {
    const origin = origins[word];
    const life = origin && lifeAt(origin.text, origin.word);
    const key = origin && life !== undefined ? `${origin.moved ? 1 : 0} ${life} ${origin.text}` : '';
    let number = numbers.get(key);
    if (number === undefined) {
      number = lives.length;
      numbers.set(key, number);
      lives.push(
        origin && life !== undefined
          ? { from: [origin.text, life], ...(origin.moved && { moved: true as const }) }
          : {},
      );
    }
    if (spans.at(-1) === number) spans[spans.length - 2]!++;
    else spans.push(1, number);
  }
  return { spans, lives };
}

/** The life of a word, by its number. */
function lifeReader({ spans }: TextAuthorship): (word: number) => number {
  const ends: number[] = [];
  let at = 0;
  for (let k = 0; k < spans.length; k += 2) {
    at += spans[k]!;
    ends.push(at);
  }
  return (word) => {
    let [low, high] = [0, ends.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! <= word) low = middle + 1;
      else high = middle;
    }
    return spans[2 * low + 1]!;
  };
}

/** What somebody may see of a story's versions. */
export interface Sight {
  /** All versions they may see, rising. */
  versions: readonly number[];
  /** Of these the ones that hold a text, rising; none if the text itself may not be seen. */
  holding: (text: TextName) => readonly number[];
  authorship: (text: TextName) => TextAuthorship | undefined;
  /** Whether a version moved a text as a whole. */
  moved: (text: TextName) => readonly number[];
}

/** Words of one text in a row that have one past, as far as somebody may see it. */
export interface Span {
  words: number;
  /** The versions that hold them, rising: the first wrote them. Never empty for a text of a version that may be seen. */
  versions: number[];
  /** The last version that had them back after one that did not; that moved them. */
  broughtBack?: number;
  moved?: number;
}

/** Who wrote the words of a text, for somebody who sees so much. */
export function spansFor(text: TextName, sight: Sight): Span[] {
  const authorship = sight.authorship(text);
  if (!authorship) return [];
  const pasts = authorship.lives.map((_, life) => pastOf(text, life, sight));
  const spans: Span[] = [];
  for (let k = 0; k < authorship.spans.length; k += 2)
    spans.push({ words: authorship.spans[k]!, ...pasts[authorship.spans[k + 1]!]! });
  return spans;
}

function pastOf(text: TextName, life: number, sight: Sight): Omit<Span, 'words'> {
  const held = new Set<number>();
  const moves: number[] = [];
  for (let at: readonly [TextName, number] | undefined = [text, life]; at; ) {
    const [name, number]: readonly [TextName, number] = at;
    const holding = sight.holding(name);
    for (const version of holding) held.add(version);
    const { from, moved }: Life = sight.authorship(name)?.lives[number] ?? {};
    if (moved && holding.length > 0) moves.push(holding[0]!);
    moves.push(...sight.moved(name));
    at = from;
  }
  const versions = [...held].sort((x, y) => x - y);
  let broughtBack: number | undefined;
  const first = sight.versions.indexOf(versions[0]!);
  for (let k = first + 1; k < sight.versions.length; k++)
    if (held.has(sight.versions[k]!) && !held.has(sight.versions[k - 1]!)) broughtBack = sight.versions[k];
  // A move is seen in the first version with it that may be seen; where that is the first at all, or the one that brought
  // the words back, nobody saw them move.
  const seen = moves
    .map((move) => versions.find((version) => version >= move))
    .filter((version) => version !== undefined && version !== versions[0] && version !== broughtBack) as number[];
  return {
    versions,
    ...(broughtBack !== undefined && { broughtBack }),
    ...(seen.length > 0 && { moved: Math.max(...seen) }),
  };
}
