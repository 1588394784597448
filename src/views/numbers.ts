/**
 * The number by which a story's rows are kept: an eighth of the room of its id, and the rows of stories that are written
 * together lie together. Given in the order of the log, so the same in every replay.
 */
import type { DatabaseSync } from 'node:sqlite';
import { LRUCache } from 'lru-cache';
import type { Instant } from '../story/instant.js';

export type NumberOf = (story: string) => number;
/** Remembers a number that was read with something else. */
export type NoteNumber = (story: string, number: number) => void;

export function openNumbers(db: DatabaseSync) {
  const find = db.prepare(`SELECT number FROM stories WHERE id = ?`);
  const mint = db.prepare(`INSERT INTO stories (id, revision, recorded_at) VALUES (?, -1, ?)`);
  const known = new LRUCache<string, number>({ max: 20_000 });

  function numberOf(story: string): number {
    const number = known.get(story);
    if (number !== undefined) return number;
    const found = find.get(story)?.number as number | undefined;
    if (found !== undefined) known.set(story, found);
    return found ?? 0;
  }
  return {
    /** 0, which no story has, for one that is not there. */
    numberOf,
    noteNumber: ((story, number) => void known.set(story, number)) as NoteNumber,
    mintStory(story: string, recordedAt: Instant): void {
      if (numberOf(story) === 0) known.set(story, mint.run(story, recordedAt).lastInsertRowid as number);
    },
    /** To be called when a transaction in which stories were new is taken back. */
    forgetNumbers: () => known.clear(),
  };
}
