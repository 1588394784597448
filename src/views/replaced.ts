/** In which versions words stood that a new version takes away: from what the views know of who wrote them. */
import { authorshipOf, type TextAuthorship, type Written } from '../compare/authorship.js';
import { read } from '../compare/blocks.js';
import { Removed, type TextName } from '../compare/removed.js';
import type { FindText } from '../story/content-of.js';
import type { Manifest } from '../story/events.js';
import { textKey } from '../story/evolve.js';
import { authoredBlock, authoredParts, textsOfPart } from './project-authorship.js';
import type { Tables } from './tables.js';

/** Of a story's versions, in order, whether or not they have been in force. `find`: every text of both. */
export function versionsWithReplaced(
  tables: Tables,
  id: string,
  { before, after, find }: { before: Manifest; after: Manifest; find: FindText },
): number[] {
  const versions = new Set<number>();
  const authorship = tables.findAuthorship(id);
  const held = tables.heldTexts(id);
  const { versions: count } = tables.countVersions(id, null);
  for (const part of authoredParts) {
    const [base, body] = [before, after].map((manifest) =>
      textsOfPart(manifest, part).map((text): Written => ({ text: textKey(text), block: authoredBlock(text, find) })),
    );
    for (const [text, words] of goneWords(base!, body!)) {
      for (const origin of originsOf(authorship, text, words)) {
        for (const { first, last } of held.get(origin) ?? []) {
          for (let version = first; version <= Math.min(last, count); version++) versions.add(version);
        }
      }
    }
  }
  return [...versions].sort((a, b) => a - b);
}

/** By text, the numbers of the words that are nowhere after. */
export function goneWords(base: readonly Written[], body: readonly Written[]): Map<TextName, number[]> {
  const stays = new Set(body.map(({ text }) => text));
  const left = base.filter(({ text }) => !stays.has(text));
  if (left.length === 0) return new Map();
  // Each word with a life of its own, so that it is told of each where it went.
  const byWord = new Map(
    base.map(({ text, block }): [TextName, TextAuthorship] => {
      const words = [...Array(read(block).words()).keys()];
      return [text, { spans: words.flatMap((word) => [1, word]), lives: words.map(() => ({})) }];
    }),
  );
  const past = { authorship: (text: TextName) => byWord.get(text), block: () => undefined, removed: new Removed() };
  const { texts } = authorshipOf({ version: 0, base, body }, past);
  const kept = new Map<TextName, Set<number>>(left.map(({ text }) => [text, new Set()]));
  for (const { lives } of texts.values()) for (const { from } of lives) if (from) kept.get(from[0])?.add(from[1]);
  return new Map(
    left.map(({ text }) => [text, [...byWord.get(text)!.lives.keys()].filter((word) => !kept.get(text)!.has(word))]),
  );
}

/** The texts in which these words have stood: this one, and those that it has them from. */
function originsOf(
  authorshipOf: (text: TextName) => TextAuthorship | undefined,
  text: TextName,
  words: readonly number[],
): Set<TextName> {
  const origins = new Set<TextName>(words.length > 0 ? [text] : []);
  const authorship = words.length > 0 ? authorshipOf(text) : undefined;
  const lives = new Set<number>();
  let at = 0;
  for (let k = 0; authorship && k < authorship.spans.length; k += 2) {
    const end = at + authorship.spans[k]!;
    if (words.some((word) => at <= word && word < end)) lives.add(authorship.spans[k + 1]!);
    at = end;
  }
  for (const life of lives) {
    for (let from = authorship!.lives[life]!.from; from; ) {
      origins.add(from[0]);
      from = authorshipOf(from[0])?.lives[from[1]]?.from;
    }
  }
  return origins;
}
