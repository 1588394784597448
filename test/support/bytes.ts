/** The bytes of a folder's files: what is really there, whatever a program says. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Names of the files, in folders below too, that hold `words` in any case; UTF-8. */
export async function filesWith(directory: string, words: string): Promise<string[]> {
  const sought = Buffer.from(words).toString('latin1').toLowerCase();
  const found: string[] = [];
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name), 'latin1');
    if (bytes.toLowerCase().includes(sought)) found.push(entry.name);
  }
  return found.sort();
}
