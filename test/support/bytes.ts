/** The bytes of a folder's files: what is really there, whatever a program says. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { eventsFile } from '../../src/event-store/sqlite/files.js';
import { unpack } from '../../src/event-store/sqlite/packing.js';

/** Names of the files, in folders below too, that hold `words` in any case; UTF-8. */
export async function filesWith(directory: string, words: string): Promise<string[]> {
  const sought = Buffer.from(words).toString('latin1').toLowerCase();
  return filesThat(directory, (bytes) => bytes.toString('latin1').toLowerCase().includes(sought));
}

/** Names of the files that hold any of these bytes. */
export const filesWithAny = (directory: string, sought: readonly Buffer[]): Promise<string[]> =>
  filesThat(directory, (bytes) => sought.some((one) => bytes.includes(one)));

/** Of each text with these words that lies packed in the log, so that the words themselves are not seen: some of its bytes. */
export function packedTexts(directory: string, words: string): Buffer[] {
  const db = new DatabaseSync(eventsFile(directory), { readOnly: true });
  const rows = db.prepare('SELECT bytes FROM text').all();
  db.close();
  return rows
    .map(({ bytes }) => Buffer.from(bytes as Uint8Array))
    .filter((bytes) => bytes[0] === 1 && Buffer.from(unpack(bytes)).includes(words))
    .map((bytes) => bytes.subarray(1, 60));
}

async function filesThat(directory: string, hold: (bytes: Buffer) => boolean): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && hold(await readFile(join(entry.parentPath, entry.name)))) found.push(entry.name);
  }
  return found.sort();
}
