/** The store's files: whether they are ours, and how they are opened. What can't be opened says why and what to do. */
import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { StoreRefused, StoreUnavailable } from '../port.js';
import { applicationId, create, events, schemaVersion } from './statements.js';

export const eventsFile = (directory: string): string => join(directory, 'events.db');
const lockFile = (directory: string): string => join(directory, 'writer.lock.db');

/** How long to wait for another connection's lock, in milliseconds. */
export const timeout = 5000;
/** Files up to this size have their structure checked in full at start (about 0.1 s); larger ones only at both ends. */
const checkedInFull = 64 * 1024 * 1024;

// SQLite's primary result codes, https://www.sqlite.org/rescode.html
const [SQLITE_BUSY, SQLITE_READONLY, SQLITE_CORRUPT, SQLITE_CANTOPEN, SQLITE_NOTADB] = [5, 8, 11, 14, 26];
const codeOf = (error: unknown): number => ((error as { errcode?: number }).errcode ?? 0) & 0xff;
const unreachable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ELOOP']);

/** What an error of SQLite or of the file system means to the store's callers. */
export function storeError(error: unknown, directory: string): StoreRefused | StoreUnavailable {
  if (error instanceof StoreRefused || error instanceof StoreUnavailable) return error;
  const { message, code } = error as NodeJS.ErrnoException;
  if ([SQLITE_CORRUPT, SQLITE_NOTADB].includes(codeOf(error)))
    return new StoreRefused(
      'damaged',
      `${eventsFile(directory)} is damaged (${message}). Stop, keep a copy of the folder, and restore a backup.`,
    );
  if (unreachable.has(code ?? '')) return noAccess(directory, message);
  return new StoreUnavailable(`the event store in ${directory} can't be used now: ${message}`, { cause: error });
}

/** The same while opening, when a file that can't be opened or written is for good. */
export function openingError(error: unknown, directory: string): StoreRefused | StoreUnavailable {
  if ([SQLITE_CANTOPEN, SQLITE_READONLY].includes(codeOf(error))) return noAccess(directory, (error as Error).message);
  return storeError(error, directory);
}

const noAccess = (directory: string, message: string) =>
  new StoreRefused('no-access', `${directory} can't be used (${message}). Check that it is a folder you may write to.`);

/**
 * Whether there is a store in the folder. Reads the header only and leaves no trace in a file that is not ours.
 * Throws StoreRefused: `not-ours`, `newer`.
 */
export function exists(directory: string): boolean {
  const path = eventsFile(directory);
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return false;
  const header = readHeader(path);
  if (header?.applicationId !== applicationId)
    throw new StoreRefused(
      'not-ours',
      `${path} is not an event store of Palimpsest, or its first page is destroyed. Nothing was changed; use another folder or restore a backup.`,
    );
  if (header.schemaVersion > schemaVersion)
    throw new StoreRefused(
      'newer',
      `${path} was written by a newer Palimpsest (format ${header.schemaVersion}; this one knows ${schemaVersion}). Upgrade to open it.`,
    );
  return true;
}

/**
 * Through SQLite, never `fs`: closing a descriptor of our own would drop this process's POSIX locks on the file. A writer
 * killed while it brought the WAL into the file leaves one that is whole only together with its WAL, so a file that looks
 * damaged alone is looked at again with it.
 */
function readHeader(path: string, alone = true): { applicationId: number; schemaVersion: number } | undefined {
  const url = pathToFileURL(path);
  if (alone) url.search = 'immutable=1';
  const database = new DatabaseSync(url, { readOnly: true, timeout });
  try {
    const pragma = (name: string) => database.prepare(`PRAGMA ${name}`).get()![name] as number;
    return { applicationId: pragma('application_id'), schemaVersion: pragma('user_version') };
  } catch (error) {
    if (codeOf(error) === SQLITE_NOTADB) return undefined;
    if (codeOf(error) === SQLITE_CORRUPT && alone) return readHeader(path, false);
    throw error;
  } finally {
    database.close();
  }
}

/**
 * Makes this connection the folder's only writer until it is closed; the system lets go of a killed process's.
 * Throws StoreRefused: `in-use`.
 */
export function lock(directory: string): DatabaseSync {
  const database = new DatabaseSync(lockFile(directory), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (codeOf(error) !== SQLITE_BUSY) throw error;
    throw new StoreRefused(
      'in-use',
      `${directory} is in use by another Palimpsest. Stop that one, or send it your request over HTTP.`,
    );
  }
}

/**
 * Whether the files that are open are still the ones that lie in the folder: deleted or moved away, they go on taking
 * writes that nobody will find again.
 */
export function watchPlaces(directory: string): () => boolean {
  const placeOf = (path: string) => {
    const found = statSync(path, { throwIfNoEntry: false });
    return found ? `${found.dev}/${found.ino}` : 'gone';
  };
  const places = () => [eventsFile(directory), `${eventsFile(directory)}-wal`].map(placeOf).join(' ');
  const opened = places();
  return () => places() === opened;
}

/** Creates the store if there is none. Only for who holds the lock. */
export function openForWriting(directory: string): DatabaseSync {
  const database = new DatabaseSync(eventsFile(directory), { timeout });
  try {
    database.exec('PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA synchronous = FULL');
    // Created before the switch to WAL, so that the header says whose it is in the main file from the first moment.
    const empty = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()!.tables === 0;
    if (empty) database.exec(`BEGIN; ${create}; COMMIT`);
    database.exec('PRAGMA journal_mode = WAL');
    // What may not be written, SQLite opens for reading without a word.
    accessSync(eventsFile(directory), constants.W_OK);
    check(database, directory);
    if (database.prepare('PRAGMA user_version').get()!.user_version !== schemaVersion)
      database.exec(`PRAGMA user_version = ${schemaVersion}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

export function openForReading(directory: string): DatabaseSync {
  const database = new DatabaseSync(eventsFile(directory), { readOnly: true, timeout });
  try {
    check(database, directory);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Altered contents are not seen here: those are found by the chain and the commitments. */
function check(database: DatabaseSync, directory: string): void {
  const size = statSync(eventsFile(directory)).size;
  const found = size <= checkedInFull ? database.prepare('PRAGMA quick_check(1)').get()!.quick_check : 'ok';
  if (found !== 'ok')
    throw Object.assign(new Error(String(found).replaceAll(/\s+/g, ' ')), { errcode: SQLITE_CORRUPT });
  database.prepare(events.first).get();
  database.prepare(events.last).get();
}
