/** The tables `corrections` and `withdrawals`: what the publisher said about a version or about the story. */
import type { DatabaseSync } from 'node:sqlite';
import type { CorrectionKind, WithdrawalKind } from '../story/events.js';
import type { Correction, Withdrawal } from '../story/evolve.js';
import { type Instant, latest } from '../story/instant.js';
import type { NumberOf } from './numbers.js';

export interface CorrectionRow {
  id: string;
  version: number;
  kind: CorrectionKind;
  corrects: number[];
  /** Where the present notice was written; null: taken back. */
  noticeRevision: number | null;
}

export interface WithdrawalRow {
  id: string;
  kind: WithdrawalKind;
  at: Instant;
  noticeRevision: number | null;
}

/** Of what readers were told was wrong: a correction, from when its own version came into force, or a retraction. */
export interface CorrectionPlace {
  at: Instant;
  story: string;
  id: string;
}

interface CorrectionsWanted {
  /** Of this story only; null: of all. */
  story: string | null;
  /** Behind this one, in the order of the list; null: from the start. */
  after: CorrectionPlace | null;
  limit: number;
}

export function openNotices(db: DatabaseSync, numberOf: NumberOf) {
  const saveCorrection = db.prepare(`
    INSERT INTO corrections (story, id, version, kind, corrects, notice_revision) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (story, id) DO UPDATE SET notice_revision = excluded.notice_revision`);
  const saveWithdrawal = db.prepare(`
    INSERT INTO withdrawals (story, id, kind, at, notice_revision) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (story, id) DO UPDATE SET notice_revision = excluded.notice_revision`);
  const correctionsOfStory = db.prepare(`
    SELECT id, version, kind, corrects, notice_revision AS noticeRevision FROM corrections
    WHERE story = ? ORDER BY version, id`);
  const withdrawalById = db.prepare(`
    SELECT id, kind, at, notice_revision AS noticeRevision FROM withdrawals WHERE story = ? AND id = ?`);
  const behind = (at: string, story: string, id: string) =>
    `${at} <= :upTo AND (${at} < :upTo OR ${story} > :afterStory OR (${story} = :afterStory AND ${id} > :afterId))`;
  const ordered = `ORDER BY at DESC, story, id LIMIT :limit`;
  const correctionsOfAll = db.prepare(`
    WITH places AS (SELECT v.in_force_since AS at, c.story AS story, c.id AS id
    FROM versions v INDEXED BY versions_correcting CROSS JOIN corrections c ON c.story = v.story AND c.version = v.version
    WHERE instr(v.acts, 'CorrectionIssued') > 0 AND ${behind('v.in_force_since', 'c.story', 'c.id')}
    UNION ALL
    SELECT at, story, id FROM withdrawals INDEXED BY withdrawals_retracting
    WHERE kind = 'retracted' AND ${behind('at', 'story', 'id')} ${ordered})
    SELECT at, s.id AS story, places.id AS id FROM places JOIN stories s ON s.number = places.story
    ORDER BY at DESC, places.story, places.id`);
  const correctionsOfOne = db.prepare(`
    SELECT v.in_force_since AS at, c.story AS story, c.id AS id
    FROM corrections c JOIN versions v ON v.story = c.story AND v.version = c.version
    WHERE c.story = :story AND ${behind('v.in_force_since', 'c.story', 'c.id')}
    UNION ALL
    SELECT at, story, id FROM withdrawals
    WHERE story = :story AND kind = 'retracted' AND ${behind('at', 'story', 'id')} ${ordered}`);
  const correctionById = db.prepare(`
    SELECT id, version, kind, corrects, notice_revision AS noticeRevision FROM corrections WHERE story = ? AND id = ?`);
  const correctionFrom = (row: Record<string, unknown>) =>
    ({ ...row, corrects: JSON.parse(row.corrects as string) }) as unknown as CorrectionRow;

  return {
    saveCorrection(story: string, { id, version, kind, corrects, notice }: Correction): void {
      saveCorrection.run(numberOf(story), id, version, kind, JSON.stringify(corrects), notice?.[0] ?? null);
    },
    saveWithdrawal(story: string, { id, kind, at, notice }: Withdrawal): void {
      saveWithdrawal.run(numberOf(story), id, kind, at, notice?.[0] ?? null);
    },
    /** In the order of the versions that made them. */
    corrections: (story: string) => correctionsOfStory.all(numberOf(story)).map(correctionFrom),
    correction(story: string, id: string): CorrectionRow | undefined {
      const row = correctionById.get(numberOf(story), id);
      return row && correctionFrom(row);
    },
    /** Corrections and retractions, the latest first, those to come included, whoever may know of them. */
    correctionPlaces({ story, after, limit }: CorrectionsWanted): CorrectionPlace[] {
      const bounds = {
        upTo: after?.at ?? latest,
        afterStory: numberOf(after?.story ?? ''),
        afterId: after?.id ?? '',
        limit,
      };
      const rows =
        story === null
          ? correctionsOfAll.all(bounds)
          : correctionsOfOne.all({ ...bounds, story: numberOf(story) }).map((row) => ({ ...row, story }));
      return rows as unknown as CorrectionPlace[];
    },
    withdrawal: (story: string, id: string) =>
      withdrawalById.get(numberOf(story), id) as unknown as WithdrawalRow | undefined,
  };
}
