/** Whether rows of the views may have been written since somebody looked, without reading any. */
import type { DatabaseSync } from 'node:sqlite';

/** How often it is looked whether another process writes, in milliseconds. */
const oftenest = 100;

export function openWriting(db: DatabaseSync) {
  const dataVersion = db.prepare('PRAGMA data_version');
  let [underWay, times, lookedAt, version] = [0, 0, 0, undefined as unknown];

  return {
    /** All that this process writes, on whatever thread, it writes in here; until this ends nobody is told that it is done. */
    async during<T>(write: () => T | Promise<T>): Promise<T> {
      underWay++;
      try {
        return await write();
      } finally {
        underWay--;
        times++;
      }
    },
    /**
     * A number that stays the same for as long as no row is written; `undefined` while one may be. What another process
     * writes, such as an import beside a node, makes it another within a tenth of a second.
     */
    settled(): number | undefined {
      if (underWay > 0) return undefined;
      const now = performance.now();
      if (now - lookedAt >= oftenest) {
        const found = dataVersion.get()!.data_version;
        if (found !== version) times++;
        [lookedAt, version] = [now, found];
      }
      return times;
    },
    /** Somebody is about to be told of rows that another process may have written: they are looked for at once. */
    lookAgain(): void {
      lookedAt = Number.NEGATIVE_INFINITY;
    },
  };
}
