/**
 * How a views file is left when it is closed: a small one without free pages and unmerged parts of its index, and with a
 * note beside it of how it lies, so that the next start need not read all of it for damage.
 */
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

/** Bytes. In a longer one little of the whole is free, and to write it anew would take more than a moment. */
const small = 8 * 1024 * 1024;

/** Closes what nobody else here holds open. `isDamaged`: it is left as it is. */
export function leave(db: DatabaseSync, path: string, isDamaged: boolean): void {
  if (!db.isOpen) return;
  if (!isDamaged && isSmall(path)) tidy(db);
  db.close();
  // What another process still writes to it lies beside it.
  if (isDamaged || existsSync(`${path}-wal`)) return;
  try {
    writeFileSync(noteOf(path), look(path));
  } catch {
    // Without a note it is read through.
  }
}

/** Whether nothing has touched the file since it was left. */
export const isAsLeft = (path: string): boolean =>
  existsSync(noteOf(path)) && !existsSync(`${path}-wal`) && readFileSync(noteOf(path), 'utf8') === look(path);

/** To be called before anything is written to it. */
export const takeUp = (path: string): void => rmSync(noteOf(path), { force: true });

const noteOf = (path: string): string => `${path}.left`;

/** One that somebody has taken away meanwhile is closed like any other. */
function isSmall(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.size <= small;
}

function look(path: string): string {
  const { size, mtimeNs } = statSync(path, { bigint: true });
  return `${size} bytes, last changed ${mtimeNs} ns after 1970`;
}

function tidy(db: DatabaseSync): void {
  const { freelist_count: free } = db.prepare('PRAGMA freelist_count').get()!;
  if (free === 0) return;
  try {
    db.exec(`PRAGMA busy_timeout = 0; INSERT INTO search (search) VALUES ('optimize'); VACUUM`);
  } catch {
    // Somebody else reads it, or the disk is full: then it stays as it is.
  }
}
