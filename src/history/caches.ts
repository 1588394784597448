/**
 * What is dear to make and asked for again: contents, comparisons and sizes of changes. Keyed by story, revision, versions
 * and audience, so whatever is recorded of a story (a hiding, an erasure) leaves nothing stale.
 */
import { LRUCache } from 'lru-cache';
import { compareContents } from '../compare/compare.js';
import type { Comparison, WordCounts } from '../compare/types.js';
import type { Content } from '../content/types.js';
import { contentFor, type Looking } from './looking.js';

/** Blocks of contents, and of both sides of comparisons, kept. */
const mostBlocks = 50_000;
const mostSizes = 20_000;

export type Caches = ReturnType<typeof openCaches>;

export function openCaches() {
  const contents = new LRUCache<string, Content>({
    maxSize: mostBlocks,
    sizeCalculation: ({ body }) => 1 + body.length,
  });
  const comparisons = new LRUCache<string, Comparison>({
    maxSize: mostBlocks,
    sizeCalculation: ({ blocks }) => 1 + 2 * blocks.length,
  });
  const counted = new LRUCache<string, WordCounts>({ max: mostSizes });

  const key = ({ row, viewing }: Looking, ...versions: (number | null)[]) =>
    [row.id, row.revision, viewing.audience, ...versions].join('/');

  function content(looking: Looking, version: number): Content {
    const at = key(looking, version);
    const known = contents.get(at);
    if (known) return known;
    const made = contentFor(looking, version);
    contents.set(at, made);
    return made;
  }

  return {
    /** Not to be changed: others hold it too. */
    content,
    comparison(looking: Looking, a: number, b: number): Comparison {
      const at = key(looking, a, b);
      const known = comparisons.get(at);
      if (known) return known;
      const made = compareContents(content(looking, a), content(looking, b), { icu: process.versions.icu });
      comparisons.set(at, made);
      return made;
    },
    sizes(looking: Looking, a: number | null, b: number, count: () => WordCounts): WordCounts {
      const at = key(looking, a, b);
      const known = counted.get(at);
      if (known) return known;
      const made = count();
      counted.set(at, made);
      return made;
    },
  };
}
