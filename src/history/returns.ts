/**
 * Which version brought words back. A text that a version takes from an earlier one, over the head of those between, has
 * not brought back the words that these had kept in what they made of it: so they are looked at word by word.
 */
import type { Sight } from '../compare/authorship.js';
import type { TextName } from '../compare/removed.js';
import type { Block } from '../content/types.js';
import { textKey } from '../story/evolve.js';
import { authoredBlock, partOf, textsOfPart } from '../views/project-authorship.js';
import { goneWords } from '../views/replaced.js';
import { type Looking, textsFor } from './looking.js';

/** `line`: the versions that words can be missed in, rising. */
export function openReturns(looking: Looking, sight: Sight, line: readonly number[]) {
  const { tables, row } = looking;
  const lineages = new Map<TextName, Set<TextName>>();
  const gone = new Map<string, ReadonlySet<number> | 'all'>();

  /** The text and all whose words it has. */
  function lineageOf(text: TextName): Set<TextName> {
    const known = lineages.get(text);
    if (known) return known;
    const lineage = new Set([text]);
    lineages.set(text, lineage);
    for (const { from } of sight.authorship(text)?.lives ?? []) {
      if (from) for (const origin of lineageOf(from[0])) lineage.add(origin);
    }
    return lineage;
  }

  /** The words of a text that a version has in none of its own. */
  function missing(text: TextName, block: Block, version: number): ReadonlySet<number> | 'all' {
    const key = `${version} ${text}`;
    const known = gone.get(key);
    if (known) return known;
    const lineage = lineageOf(text);
    const part = partOf(text.slice(text.indexOf('/') + 1))!;
    const kin = textsOfPart(tables.manifest(row.id, version)!, part).filter(
      (other) => !lineage.isDisjointFrom(lineageOf(textKey(other))),
    );
    const find = textsFor(looking, kin);
    const body = kin.map((other) => ({ text: textKey(other), block: authoredBlock(other, find) }));
    const found = kin.length === 0 ? 'all' : new Set(goneWords([{ text, block }], body).get(text));
    gone.set(key, found);
    return found;
  }

  return {
    /** By a word's number in its text: the last version that had it again; `held`: the versions known to have it. */
    of(text: TextName, block: Block, held: readonly number[]): (word: number) => number | undefined {
      const holding = new Set(held);
      const gaps: { before: number; after: number }[] = [];
      for (let k = line.length - 1; k > 0 && line[k - 1]! > held[0]!; k--) {
        const [before, after] = [line[k - 1]!, line[k]!];
        if (holding.has(after) && !holding.has(before)) gaps.push({ before, after });
      }
      return (word) =>
        gaps.find(({ before }) => {
          const words = missing(text, block, before);
          return words === 'all' || words.has(word);
        })?.after;
    },
  };
}
