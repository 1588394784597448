/**
 * Writes the views: a batch of events and the checkpoint in one transaction, which readers on other connections see whole
 * or not at all. Told twice of an event, it passes over it.
 */
import type { DatabaseSync } from 'node:sqlite';
import { LRUCache } from 'lru-cache';
import { beginning } from '../event-store/port.js';
import type { Opened, RecordedFacts } from '../story/events.js';
import { evolve, initialStory } from '../story/evolve.js';
import type { Instant } from '../story/instant.js';
import { type KnownStory, projectStory } from './project.js';
import type { Tables } from './tables.js';

/** Stories kept, by what they take, in about a hundred bytes: a reference in a manifest, fifty letters of a text. */
const mostKept = 1_000_000;

export interface Batch {
  /** In the order of the log. */
  events: readonly Opened[];
  /** By which it is told what has come into force. */
  now: Instant;
  /** What was recorded of stories before, from the first; needed where it is `lacking`. */
  past?: ReadonlyMap<string, readonly RecordedFacts[]>;
}

export interface Projected {
  /** Of the last event now in the views. */
  position: string;
  /** How many were new. */
  events: number;
  /** Words have been ordered erased, and the rows no longer hold them. */
  erasure: boolean;
  /** How many entries were made in the public stream. */
  announced: number;
}

/** Nothing was written: of these stories the facts before a revision must come with the batch. */
export interface Lacking {
  lacking: { story: string; revision: number }[];
}

/** Whoever writes the views: here, or on a thread of its own. One at a time is best; others wait. */
export interface Projection {
  project(batch: Batch): Awaitable<Projected | Lacking>;
  /** Tells what has come into force; gives how much. */
  announce(now: Instant): Awaitable<number>;
  noteErasedUpTo(position: string): Awaitable<void>;
}
type Awaitable<T> = T | Promise<T>;

export function openProjection(db: DatabaseSync, tables: Tables): Projection {
  const readCheckpoint = db.prepare(`SELECT position FROM checkpoint`);
  const saveCheckpoint = db.prepare(`
    INSERT INTO checkpoint (id, position, story, revision, hash) VALUES (1, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET
      position = excluded.position, story = excluded.story, revision = excluded.revision, hash = excluded.hash`);
  const stories = new LRUCache<string, KnownStory>({
    maxSize: mostKept,
    sizeCalculation: ({ story: { versions }, authorship, texts = [] }) =>
      500 +
      versions.length * (20 + (versions.at(-1)?.manifest.body.length ?? 0)) +
      (authorship ? authorship.numbers.size * 20 : 0) +
      Math.ceil([...texts].reduce((sum, [, { length }]) => sum + length, 0) / 50),
  });

  function inTransaction<T>(work: () => T): T {
    db.exec('BEGIN IMMEDIATE');
    try {
      const done = work();
      db.exec('COMMIT');
      return done;
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      tables.forgetNumbers();
      throw error;
    }
  }

  /** The story as it stood before `revision`, if that is known. */
  function storyBefore(id: string, revision: number, past: Batch['past']): KnownStory | undefined {
    const known = stories.get(id);
    if (known?.story.revision === revision - 1) return known;
    if (revision === 0) return { story: initialStory };
    const facts = past?.get(id)?.filter((one) => one.revision < revision);
    return facts && { story: facts.reduce(evolve, initialStory) };
  }

  return {
    project({ events, now, past }) {
      let known = new Map<string, KnownStory>();
      const done = inTransaction((): Projected | Lacking => {
        const from = (readCheckpoint.get()?.position as string | undefined) ?? beginning;
        const fresh = events.filter(({ position }) => position > from);
        const last = fresh.at(-1);
        if (!last) return { position: from, events: 0, erasure: false, announced: 0 };
        const byStory = [...Map.groupBy(fresh, ({ story }) => story)].map(
          ([id, told]) => [id, told, storyBefore(id, told[0]!.revision, past)] as const,
        );
        const lacking = byStory.flatMap(([story, told, before]) =>
          before ? [] : [{ story, revision: told[0]!.revision }],
        );
        if (lacking.length > 0) return { lacking };
        // Forgotten unless all goes well.
        for (const [id] of byStory) stories.delete(id);
        const projected = byStory.map(([id, told, before]) => ({ id, ...projectStory(tables, id, before!, told) }));
        saveCheckpoint.run(last.position, last.story, last.revision, last.hash);
        known = new Map(projected.map(({ id, known }) => [id, known]));
        const announced = tables.announceDue(now);
        const erasure = projected.some((one) => one.erasure);
        return { position: last.position, events: fresh.length, erasure, announced };
      });
      for (const [id, story] of known) stories.set(id, story);
      return done;
    },
    announce: (now) => inTransaction(() => tables.announceDue(now)),
    noteErasedUpTo: tables.noteErasedUpTo,
  };
}
