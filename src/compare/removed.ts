/**
 * Sentences that left a story, so that those that come back are known again: found by runs of three words, whatever the
 * story's length and however long ago they left. Holds no words, only numbers made of them and where they stood.
 */

/** A text as it was written once: any name the caller gives it, the same for the same text. */
export type TextName = string;

export interface RemovedSentence {
  /** The text in which it stood last, and which of that text's words it was. */
  text: TextName;
  from: number;
  to: number;
  /** The version that no longer had it. */
  left: number;
  /** The text in which it came back, and the version that brought it. */
  returned?: { text: TextName; version: number };
}

/** Sentences tried for one that came. */
const mostTried = 4;
/** Sentences remembered by one run of words: the latest. */
const mostRemembered = 40;

export class Removed {
  readonly sentences: RemovedSentence[] = [];
  readonly #byRun = new Map<number, number[]>();

  /** `words`: those of the sentence. */
  add(sentence: RemovedSentence, words: readonly string[]): void {
    const number = this.sentences.push(sentence) - 1;
    for (const run of runsOf(words)) {
      const list = this.#byRun.get(run);
      if (!list) this.#byRun.set(run, [number]);
      else {
        list.push(number);
        if (list.length > mostRemembered) list.shift();
      }
    }
  }

  /** Those most like it, the likeliest first. */
  like(words: readonly string[]): RemovedSentence[] {
    const shared = new Map<number, number>();
    const runs = runsOf(words);
    for (const run of runs)
      for (const number of this.#byRun.get(run) ?? []) shared.set(number, (shared.get(number) ?? 0) + 1);
    return [...shared]
      .filter(([, count]) => count * 5 >= runs.size)
      .sort(([x, most], [y, more]) => more - most || y - x)
      .slice(0, mostTried)
      .map(([number]) => this.sentences[number]!);
  }
}

// FNV-1a of every three neighbouring words.
function runsOf(words: readonly string[]): Set<number> {
  const runs = new Set<number>();
  for (let i = 0; i + 3 <= words.length; i++) {
    let hash = 0x811c9dc5;
    for (let k = i; k < i + 3; k++) {
      const word = words[k]!;
      for (let c = 0; c < word.length; c++) hash = Math.imul(hash ^ word.charCodeAt(c), 0x01000193);
      hash = Math.imul(hash ^ 0x20, 0x01000193);
    }
    runs.add(hash);
  }
  return runs;
}
