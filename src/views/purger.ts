/**
 * The thread that takes out of a views file what its rows no longer hold: from free pages, from the search index's old
 * segments, and from the write-ahead log.
 */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

export interface Purging {
  path: string;
  /** The file's pages too; otherwise the write-ahead log alone. */
  rewrite: boolean;
}

export interface Purged {
  /** No page of the file has a copy of what was removed. */
  rewritten: boolean;
  /** Why the file, or its write-ahead log, may still have one. */
  failed?: string;
}

/** How long it waits for readers to let go of the write-ahead log, in milliseconds. */
const patience = 100;

function purge({ path, rewrite }: Purging): Purged {
  const db = new DatabaseSync(path, { timeout: patience });
  let rewritten = false;
  try {
    db.exec('PRAGMA secure_delete = ON');
    if (rewrite) {
      const indexes = db.prepare(`SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'`);
      for (const { name } of indexes.all()) {
        const optimize = `INSERT INTO "${name}" ("${name}") VALUES ('optimize');`;
        // Twice: the first may only finish a merge under way, whose output has rows removed since.
        db.exec(optimize + optimize);
      }
      db.exec('VACUUM');
      rewritten = true;
    }
    const { busy } = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()!;
    return { rewritten, ...(busy !== 0 && { failed: 'another reader still holds the write-ahead log' }) };
  } catch (error) {
    return { rewritten, failed: (error as Error).message };
  } finally {
    db.close();
  }
}

parentPort!.postMessage(purge(workerData as Purging));
