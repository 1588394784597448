/** Small files with secrets: readable by their owner only, and never half written. */
import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Puts `content` in the place of `file`, all or nothing, on disk before it returns (mode 0600). */
export function writePrivately(file: string, content: string): void {
  const draft = `${file}.${randomUUID()}`;
  try {
    const handle = openSync(draft, 'wx', 0o600);
    try {
      writeFileSync(handle, content);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  // Windows has no handles on folders; there the rename is all there is.
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Another one for each content that a file is given by `writePrivately`; empty where there is none. */
export function stampOf(file: string): string {
  // A new file is a new inode, so a change shows even within one tick of the file system's clock.
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found ? `${found.ino}/${found.mtimeNs}/${found.size}` : '';
}
