/**
 * The table `erasures`: every order to erase words, as the log has it. And `node_erased`, this node's own note, which is
 * not made from the log: up to which of them no file of the node holds the words any more.
 */
import type { DatabaseSync } from 'node:sqlite';
import { beginning } from '../event-store/port.js';
import type { Opened, Reference, TextsErased } from '../story/events.js';

export const erasuresSchema = `
  CREATE TABLE erasures (
    story TEXT NOT NULL,
    revision INTEGER NOT NULL,
    position TEXT NOT NULL,
    -- SHA-256 of the record by which it was first ordered; another log's, if it was applied again from a ledger.
    first_hash TEXT NOT NULL,
    text_references TEXT NOT NULL,
    PRIMARY KEY (story, revision)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX erasures_in_order ON erasures (position);

  CREATE TABLE node_erased (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    position TEXT NOT NULL
  ) STRICT;
`;

export interface Erasure {
  story: string;
  revision: number;
  position: string;
  /** By which it is known wherever it is applied again: SHA-256, hex. */
  firstHash: string;
  references: readonly Reference[];
}

export function openErasures(db: DatabaseSync) {
  const save = db.prepare(`
    INSERT INTO erasures (story, revision, position, first_hash, text_references) VALUES (?, ?, ?, ?, ?)`);
  const inOrder = db.prepare(`
    SELECT story, revision, position, first_hash, text_references FROM erasures WHERE position > ? ORDER BY position`);
  const one = db.prepare(`SELECT position FROM erasures WHERE story = ? AND revision = ?`);
  const last = db.prepare(`SELECT max(position) AS position FROM erasures`);
  const noted = db.prepare(`SELECT position FROM node_erased`);
  const note = db.prepare(`
    INSERT INTO node_erased (id, position) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET position = excluded.position`);

  const erasedUpTo = () => (noted.get()?.position as string | undefined) ?? beginning;
  return {
    saveErasure({ story, revision, position, hash, data }: Opened): void {
      const { references, ledger } = data as TextsErased['data'];
      save.run(story, revision, position, ledger ?? hash, JSON.stringify(references));
    },
    /** Those after a position, in the order of the log. */
    erasuresAfter: (position: string): Erasure[] => inOrder.all(position).map(erasureFrom),
    /** Position of the last; `beginning` for none. */
    lastErasure: () => (last.get()!.position as string | null) ?? beginning,
    /** Where in the log the order of this revision stands, if the views know it. */
    erasurePosition: (story: string, revision: number) => one.get(story, revision)?.position as string | undefined,
    /** Every erasure up to this position is complete on this node. */
    erasedUpTo,
    noteErasedUpTo: (position: string): void => void note.run(position),
  };
}

/** Those not complete on this node. */
export function unfinishedErasures(db: DatabaseSync): Erasure[] {
  const { erasuresAfter, erasedUpTo } = openErasures(db);
  return erasuresAfter(erasedUpTo());
}

const erasureFrom = (row: Record<string, unknown>): Erasure => ({
  story: row.story as string,
  revision: row.revision as number,
  position: row.position as string,
  firstHash: row.first_hash as string,
  references: JSON.parse(row.text_references as string),
});
