/**
 * A test double of a slow disk, for `node --import`: each commit of the thread that writes the log takes 10 ms more, as if
 * its sync did.
 */
import { DatabaseSync } from 'node:sqlite';
import { isMainThread } from 'node:worker_threads';

const delay = 10;
const { exec } = DatabaseSync.prototype;
const nobody = new Int32Array(new SharedArrayBuffer(4));

if (!isMainThread) {
  DatabaseSync.prototype.exec = function (sql) {
    // Only events are written with synchronous=FULL, which syncs each commit.
    const syncs = sql === 'COMMIT' && this.prepare('PRAGMA synchronous').get()!.synchronous === 2;
    if (syncs) Atomics.wait(nobody, 0, 0, delay);
    return exec.call(this, sql);
  };
}
