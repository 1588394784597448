/**
 * What a rebuild cannot do without: reads every row of a log, and writes the rows of finished views into an empty file with
 * the same tables, by statements prepared once. `bare-rebuild.ts DATA WORDS TARGET` prints seconds. WORDS holds the words
 * that the index was made of, since the index does not give them back.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { eventsFile } from '../src/event-store/sqlite/files.js';
import { schema } from '../src/views/schema.js';
import { viewsFile } from '../src/views/views.js';

const [data, words, target] = process.argv.slice(2) as [string, string, string];
const log = new DatabaseSync(eventsFile(data), { readOnly: true });
const views = new DatabaseSync(viewsFile(data), { readOnly: true });
const indexed = new DatabaseSync(words, { readOnly: true });
const made = new DatabaseSync(join(target, 'made.db'));
made.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; ${schema}`);
made.exec('DELETE FROM node_stream');

const began = performance.now();
let bytes = 0;
for (const { record } of log.prepare('SELECT * FROM event ORDER BY position').iterate()) {
  bytes += (record as Uint8Array).length;
}
for (const { bytes: text } of log.prepare('SELECT * FROM text').iterate()) bytes += (text as Uint8Array).length;

const atOnce = 1000;
function copy(from: DatabaseSync, table: string, select: string, columns: readonly string[]): void {
  const add = made.prepare(
    `INSERT INTO ${table} (${columns.map((name) => `"${name}"`).join()}) VALUES (${columns.map(() => '?').join()})`,
  );
  let open = 0;
  made.exec('BEGIN');
  for (const row of from.prepare(select).iterate()) {
    add.run(...columns.map((name) => row[name]!));
    if (++open % atOnce === 0) made.exec('COMMIT; BEGIN');
  }
  made.exec('COMMIT');
}
const tables = views
  .prepare(`SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT GLOB 'sqlite_*'`)
  .all() as { name: string }[];
for (const { name } of tables) {
  const columns = views.prepare('SELECT name FROM pragma_table_info(?)').all(name) as { name: string }[];
  copy(
    views,
    name,
    `SELECT * FROM ${name}`,
    columns.map((column) => column.name),
  );
}
copy(indexed, 'search', 'SELECT rowid, words FROM words', ['rowid', 'words']);
made.close();
console.log((performance.now() - began) / 1000);
if (bytes === 0) throw new Error('an empty log');
