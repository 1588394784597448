/**
 * What one writer is measured beside: rows of so many bytes, each committed by itself and on disk before the next.
 * `bare-commit.ts FILE BYTES SECONDS`, a process of its own; prints how many a second.
 */
import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

const [file, bytes, seconds] = process.argv.slice(2) as [string, string, string];
const database = new DatabaseSync(file);
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
database.exec('CREATE TABLE IF NOT EXISTS edit (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT');
const add = database.prepare('INSERT INTO edit (bytes) VALUES (?)');
const body = randomBytes(Number(bytes));
let commits = 0;
const began = performance.now();
while (performance.now() - began < Number(seconds) * 1000) {
  add.run(body);
  commits++;
}
console.log(commits / ((performance.now() - began) / 1000));
