/** How a views file is opened, by whatever thread. */
import { DatabaseSync } from 'node:sqlite';

/** For reading and writing. Others may hold the file too: a writer waits for another, a reader for nobody. */
export function connect(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 5000 });
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY',
  );
  return db;
}
