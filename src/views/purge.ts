/** Takes erased words out of a node's files, once the rows of its views no longer hold them. */
import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { typescriptHook } from '../event-store/sqlite/writing-thread.js';
import type { Purged, Purging } from './purger.js';

/** On a thread of its own, so that no reader waits. Nobody should write to the file meanwhile. */
export function purgeFile(workerData: Purging): Promise<Purged> {
  const fromSource = import.meta.url.endsWith('.ts');
  const thread = new Worker(new URL(fromSource ? './purger.ts' : './purger.js', import.meta.url), {
    workerData,
    ...(fromSource && { execArgv: ['--import', typescriptHook] }),
  });
  return new Promise((resolve) => {
    // Under `node --watch` a thread also reports what it loads.
    thread.on('message', (message: object) => 'rewritten' in message && resolve(message as Purged));
    thread.once('error', (error) => resolve({ rewritten: false, failed: (error as Error).message }));
    thread.once('exit', () => resolve({ rewritten: false, failed: 'the thread ended' }));
  });
}

/** Removes what else in the folder may hold words: views of other versions, those set aside, a killed verification's. */
export function removeLeftovers(directory: string, inUse: string): void {
  const kept = new Set(['', '-wal', '-shm'].map((ending) => `${basename(inUse)}${ending}`));
  for (const name of readdirSync(directory)) {
    if (/^(views-\d+\.db|verify-)/.test(name) && !kept.has(name)) {
      rmSync(join(directory, name), { recursive: true, force: true });
    }
  }
}
