/** The table `reigns`: what was in force when, as known when. As-of is one indexed statement, for a story and for lists. */
import type { DatabaseSync } from 'node:sqlite';
import type { WithdrawalKind } from '../story/events.js';
import type { Instant } from '../story/instant.js';
import type { Reign } from '../story/timeline.js';
import type { NumberOf } from './numbers.js';

/** A reign as believed now, or as believed at the instant asked about. */
export interface ReignRow {
  story: string;
  from: Instant;
  until: Instant | null;
  version: number | null;
  withdrawal: string | null;
}

/** Which stories, up to which instant. */
interface ScanOfReigns {
  at: Instant;
  /** A story recorded later than this is asked about at that later time, but never later than `at`. */
  clock: Instant;
  tag: string | null;
  /** Only these; null: all. */
  stories: readonly string[] | null;
  /** Only stories withdrawn then, in this way or in any; null: whether withdrawn or not. */
  withdrawn: WithdrawalKind | 'withdrawn' | null;
  /** Behind this one, in the order of the list; null: from the start. */
  after: { from: Instant; story: string } | null;
  limit: number;
}

const columns = `r."from", r.until, r.version, r.withdrawal`;

const of =
  (story: string) =>
  (row: object): ReignRow =>
    ({ story, ...row }) as ReignRow;

export function openReigns(db: DatabaseSync, numberOf: NumberOf) {
  const reignAsOf = db.prepare(`
    SELECT ${columns} FROM reigns r
    WHERE story = :story AND "from" <= :at AND (until > :at OR until IS NULL)
      AND known_from <= :known AND (known_until > :known OR known_until IS NULL)
    ORDER BY "from" DESC LIMIT 1`);
  const reignNow = db.prepare(`
    SELECT ${columns} FROM reigns r
    WHERE story = ?1 AND "from" <= ?2 AND (until > ?2 OR until IS NULL) AND known_until IS NULL
    ORDER BY "from" DESC LIMIT 1`);
  const reignsOfVersion = db.prepare(`
    SELECT ${columns} FROM reigns r INDEXED BY reigns_of_version
    WHERE story = ? AND version = ? AND withdrawal IS NULL AND known_until IS NULL ORDER BY "from"`);
  const withdrawnReigns = db.prepare(`
    SELECT ${columns} FROM reigns r
    WHERE story = ? AND withdrawal IS NOT NULL AND known_until IS NULL ORDER BY "from"`);
  const storiesInForce = db.prepare(`
    SELECT s.id AS story, ${columns} FROM reigns r INDEXED BY reigns_believed JOIN stories s ON s.number = r.story
    WHERE r.known_until IS NULL
      AND r."from" <= :upTo AND (r."from" < :upTo OR r.story > :afterStory)
      AND r."from" <= max(:clock, min(:at, s.recorded_at))
      AND (r.until > max(:clock, min(:at, s.recorded_at)) OR r.until IS NULL)
      AND (:tag IS NULL OR EXISTS (SELECT 1 FROM tags t WHERE t.story = r.story AND t.version = r.version AND t.tag = :tag))
      AND (:stories IS NULL OR r.story IN (SELECT value FROM json_each(:stories)))
      AND (:withdrawn IS NULL OR EXISTS (
        SELECT 1 FROM withdrawals w
        WHERE w.story = r.story AND w.id = r.withdrawal AND (w.kind = :withdrawn OR :withdrawn = 'withdrawn')))
    ORDER BY r."from" DESC, r.story LIMIT :limit`);
  const countInForce = db.prepare(`
    SELECT count(*) AS stories FROM reigns r INDEXED BY reigns_believed JOIN stories s ON s.number = r.story
    WHERE r.known_until IS NULL AND r.version IS NOT NULL
      AND r."from" <= max(:clock, s.recorded_at) AND (r.until > max(:clock, s.recorded_at) OR r.until IS NULL)
      AND NOT EXISTS (
        SELECT 1 FROM withdrawals w WHERE w.story = r.story AND w.id = r.withdrawal AND w.kind <> 'retracted')`);
  const begin = db.prepare(`
    INSERT INTO reigns (story, "from", until, version, withdrawal, known_from) VALUES (?, ?, ?, ?, ?, ?)`);
  const end = db.prepare(`UPDATE reigns SET known_until = ? WHERE story = ? AND "from" = ? AND known_from = ?`);
  const forget = db.prepare(`DELETE FROM reigns WHERE story = ? AND "from" = ? AND known_from = ?`);

  return {
    /** What is believed of `at` now, or was believed at `known`. */
    reignAt(story: string, at: Instant, known?: Instant): ReignRow | undefined {
      const one = numberOf(story);
      const row = known === undefined ? reignNow.get(one, at) : reignAsOf.get({ story: one, at, known });
      return row && of(story)(row);
    },
    /** A version's times in force as believed now, past and to come, in order. */
    reignsOf: (story: string, version: number) =>
      reignsOfVersion.all(numberOf(story), version).map(of(story)) as (ReignRow & { version: number })[],
    /** The times withdrawn as believed now, past and to come, in order, each with the version last in force before. */
    withdrawnReigns: (story: string) =>
      withdrawnReigns.all(numberOf(story)).map(of(story)) as (ReignRow & { withdrawal: string })[],
    /** What holds at an instant in every story, the latest begun first, then in the order of the log. */
    storiesInForce({ at, clock, tag, stories, withdrawn, after, limit }: ScanOfReigns): ReignRow[] {
      const bounds = { upTo: after?.from ?? at, afterStory: numberOf(after?.story ?? '') };
      const only = { stories: stories && JSON.stringify(stories.map(numberOf)), withdrawn };
      return storiesInForce.all({ at, clock, tag, ...only, ...bounds, limit }) as unknown as ReignRow[];
    },
    /** Of stories that are open to readers. */
    countInForce: (clock: Instant) => countInForce.get({ clock })!.stories as number,
    /** No row is left of what was believed only within one command. */
    endReign(story: string, { from, knownFrom }: Reign, recordedAt: Instant): void {
      if (knownFrom === recordedAt) forget.run(numberOf(story), from, knownFrom);
      else end.run(recordedAt, numberOf(story), from, knownFrom);
    },
    beginReign(story: string, { from, until, version, withdrawal, knownFrom }: Reign): void {
      begin.run(numberOf(story), from, until, version, withdrawal, knownFrom);
    },
  };
}
