/** How a views file is opened, by whatever thread. */
import { DatabaseSync } from 'node:sqlite';

/** Bytes, of a new file: a quarter of what is usual, since most rows are short and many tables nearly empty. */
const pageSize = 1024;
/** Pages kept in memory, in KiB: what is written while many stories are built should not be read back. */
const cache = 32 * 1024;

/** For reading and writing. Others may hold the file too: a writer waits for another, a reader for nobody. */
export function connect(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 5000 });
  db.exec(
    `PRAGMA page_size = ${pageSize}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;
     PRAGMA cache_size = -${cache}; PRAGMA wal_autocheckpoint = 16000`,
  );
  return db;
}
