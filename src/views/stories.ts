/** The tables `stories` and `slugs`: where each story stands, and who owns which public name. */
import type { DatabaseSync } from 'node:sqlite';
import { isUuid } from '../content/slug.js';
import type { Instant } from '../story/instant.js';
import type { NoteNumber, NumberOf } from './numbers.js';

export interface StoryRow {
  id: string;
  /** Of its last event. */
  revision: number;
  /** Of its last event. */
  recordedAt: Instant;
  /** null: its text is gone, or another story claimed it first. */
  slug: string | null;
  slugRevision: number | null;
}

export function openStories(db: DatabaseSync, numberOf: NumberOf, noteNumber: NoteNumber) {
  const saveStory = db.prepare(`
    UPDATE stories SET revision = ?, recorded_at = ?, slug_revision = ? WHERE number = ?`);
  const claimSlug = db.prepare(`INSERT INTO slugs (story, revision, slug, position) VALUES (?, ?, ?, ?)`);
  const dropClaim = db.prepare(`DELETE FROM slugs WHERE story = ? AND revision = ?`);
  const storyById = db.prepare(`
    SELECT number, id, stories.revision, recorded_at AS recordedAt, slug_revision AS slugRevision,
      CASE WHEN number = (SELECT first.story FROM slugs first WHERE first.slug = slugs.slug ORDER BY first.position LIMIT 1)
        THEN slug END AS slug
    FROM stories LEFT JOIN slugs ON slugs.story = number AND slugs.revision = slug_revision
    WHERE id = ?`);
  const revisionOfStory = db.prepare(`SELECT revision FROM stories WHERE id = ?`);
  const ownerOfSlug = db.prepare(`
    SELECT id AS story FROM slugs JOIN stories ON number = story WHERE slug = ? ORDER BY position LIMIT 1`);
  const claimsOfStory = db.prepare(`SELECT revision FROM slugs WHERE story = ? AND slug = ? ORDER BY revision`);
  const lastRecordedAt = db.prepare(`SELECT max(recorded_at) AS at FROM stories`);

  const neverInForce = db.prepare(`
    SELECT id AS story, recorded_at AS "from" FROM stories s INDEXED BY stories_recorded
    WHERE recorded_at <= :from AND (recorded_at < :from OR number > :story) AND NOT EXISTS (
      SELECT 1 FROM versions v WHERE v.story = s.number AND v.in_force_since <= max(:clock, s.recorded_at))
    ORDER BY recorded_at DESC, number LIMIT :limit`);

  const storiesFrom = db.prepare(`SELECT id FROM stories WHERE id >= ? AND id < ? ORDER BY id LIMIT ?`);

  const slugOwner = (slug: string) => ownerOfSlug.get(slug)?.story as string | undefined;

  return {
    saveStory(id: string, revision: number, recordedAt: Instant, slugRevision: number | null): void {
      saveStory.run(revision, recordedAt, slugRevision, numberOf(id));
    },
    claimSlug(story: string, revision: number, slug: string, position: string): void {
      claimSlug.run(numberOf(story), revision, slug, position);
    },
    dropClaim(story: string, revision: number): void {
      dropClaim.run(numberOf(story), revision);
    },
    story(id: string): StoryRow | undefined {
      const row = storyById.get(id);
      if (row) noteNumber(id, row.number as number);
      return row as unknown as StoryRow | undefined;
    },
    revisionOf: (id: string) => revisionOfStory.get(id)?.revision as number | undefined,
    /** Ids from … up to before …, in order. */
    storiesFrom: (from: string, before: string, limit: number) =>
      storiesFrom.all(from, before, limit).map((row) => row.id as string),
    /** The story that owns a slug, present or old. */
    slugOwner,
    /** Where a story claimed this slug. */
    slugClaims: (story: string, slug: string) =>
      claimsOfStory.all(numberOf(story), slug).map((row) => row.revision as number),
    /** The id that an address means: itself, whether such a story is there or not, or that of the slug's owner. */
    storyNamed: (name: string) => (isUuid(name) ? name.toLowerCase() : slugOwner(name)),
    /** Stories of which no version has been in force, the last recorded first. */
    neverInForce: (clock: Instant, after: { from: Instant; story: string } | null, limit: number) => {
      const { from, story } = after ?? { from: '~', story: '' };
      return neverInForce.all({ clock, from, story: numberOf(story), limit }) as unknown as {
        story: string;
        from: Instant;
      }[];
    },
    /** The latest recordedAt of all stories. */
    lastRecordedAt: () => lastRecordedAt.get()!.at as Instant | null,
  };
}
