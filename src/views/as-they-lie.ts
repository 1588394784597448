/** The views as they lie there, for whoever checks them: at one moment, beside a running service or without one. */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { beginning } from '../event-store/port.js';
import { unfinishedErasures } from './erasures.js';
import { dump } from './schema.js';
import { viewsFile } from './views.js';

export interface ViewsAsTheyLie {
  /** Of the last event in them. */
  position: string;
  /** Orders to erase whose words may still lie in this node's files. */
  unfinishedErasures(): { story: string; revision: number }[];
  /** Every row, as `Views.dump` gives them. */
  dump(): Iterable<string>;
  close(): void;
}

/** `undefined` where there are none; throws what SQLite throws where they cannot be read. Changes nothing in them. */
export function readViews(directory: string): ViewsAsTheyLie | undefined {
  const path = viewsFile(directory);
  if (!existsSync(path)) return undefined;
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  try {
    // One read transaction: what a running service writes meanwhile is not seen.
    db.exec('BEGIN');
    const last = db.prepare('SELECT position FROM checkpoint').get();
    return {
      position: (last?.position as string | undefined) ?? beginning,
      unfinishedErasures: () => unfinishedErasures(db),
      dump: () => dump(db),
      close: () => db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}
