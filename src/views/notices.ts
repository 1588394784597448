/** The tables `corrections` and `withdrawals`: what the publisher said about a version or about the story. */
import type { DatabaseSync } from 'node:sqlite';
import type { CorrectionKind, WithdrawalKind } from '../story/events.js';
import type { Correction, Withdrawal } from '../story/evolve.js';
import type { Instant } from '../story/instant.js';

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

export function openNotices(db: DatabaseSync) {
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

  return {
    saveCorrection(story: string, { id, version, kind, corrects, notice }: Correction): void {
      saveCorrection.run(story, id, version, kind, JSON.stringify(corrects), notice?.[0] ?? null);
    },
    saveWithdrawal(story: string, { id, kind, at, notice }: Withdrawal): void {
      saveWithdrawal.run(story, id, kind, at, notice?.[0] ?? null);
    },
    /** In the order of the versions that made them. */
    corrections: (story: string) =>
      correctionsOfStory
        .all(story)
        .map((row) => ({ ...row, corrects: JSON.parse(row.corrects as string) })) as unknown as CorrectionRow[],
    withdrawal: (story: string, id: string) => withdrawalById.get(story, id) as unknown as WithdrawalRow | undefined,
  };
}
