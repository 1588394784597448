/** The store's file copied as it stood at one moment, while a service goes on writing to it. */
import { backup } from 'node:sqlite';
import { StoreRefused, StoreUnavailable } from '../port.js';
import { exists, lock, openForReading, storeError } from './files.js';
import * as sql from './statements.js';

/** Pages copied between two reports, 4 MB. */
const rate = 1000;

/**
 * Copies page by page to `path`. Words whose erasure is not finished are in the copy as they are in the store. Throws
 * StoreRefused, StoreUnavailable.
 */
export async function copyStoreFile(
  directory: string,
  path: string,
  onProgress: (pages: number, total: number) => void = () => {},
): Promise<void> {
  if (!exists(directory)) throw new StoreRefused('no-access', `there is no event store in ${directory}`);
  const database = openForReading(directory);
  try {
    // One snapshot for all of it: without, whatever is committed meanwhile would begin the copy anew.
    database.exec('BEGIN');
    database.prepare(sql.events.last).get();
    await backup(database, path, {
      rate,
      progress: ({ totalPages, remainingPages }) => onProgress(totalPages - remainingPages, totalPages),
    });
  } catch (error) {
    const known = storeError(error, directory);
    if (known instanceof StoreRefused) throw known;
    throw new StoreUnavailable(`the log in ${directory} can't be copied to ${path}: ${(error as Error).message}`);
  } finally {
    database.close();
  }
}

/** Nobody opens a store in this folder while `work` goes on. Throws StoreRefused `in-use`. */
export async function keepingOut<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const held = lock(directory);
  try {
    return await work();
  } finally {
    held.close();
  }
}
