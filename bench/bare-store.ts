/** A table of rows, each committed by itself and on disk before the next: what writing is measured beside. */
import { DatabaseSync } from 'node:sqlite';

/** What adds a row to the file and returns once it is on disk. */
export function bareStore(file: string): (bytes: Uint8Array) => void {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec('CREATE TABLE IF NOT EXISTS edit (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT');
  const add = database.prepare('INSERT INTO edit (bytes) VALUES (?)');
  return (bytes) => void add.run(bytes);
}
