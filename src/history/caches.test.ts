/** What is kept of a story goes when the story changes. */
import { expect, test } from '@jest/globals';
import type { LRUCache } from 'lru-cache';
import { type Authored, openCaches } from './caches.js';
import type { Looking } from './looking.js';

test('what was made of a story before its last change is let go, and nothing of it is kept later', () => {
  const kept = new Map<string, Pick<LRUCache<string, object>, 'size'>>();
  const caches = openCaches({ comparing: undefined as never, inOneState: (work) => work() }, {
    cache: (name: string, cache: Pick<LRUCache<string, object>, 'size'>) => kept.set(name, cache),
  } as never);
  const empty = { body: [], left: [], versions: [], editors: new Map() } as unknown as Authored;
  const ask = (story: string, revision: number, version: number) => {
    const looking = { row: { id: story, revision }, viewing: { audience: 'public' } } as Looking;
    caches.authored(looking, version, '', () => empty);
    return kept.get('authorships')!.size;
  };
  expect(ask('fire', 1, 1)).toBe(1);
  expect(ask('fire', 1, 2)).toBe(2);
  expect(ask('harbour', 7, 1)).toBe(3);
  expect(ask('fire', 2, 1)).toBe(2);
  expect(ask('fire', 1, 2)).toBe(2);
});
