/** This side of the thread that writes the views. */
import { Piscina } from 'piscina';
import { typescriptHook } from '../event-store/sqlite/writing-thread.js';
import type { Projection } from './projecting.js';
import type { Request } from './projecting-thread.js';

/** `path`: of the views file. A thread that ends is followed by another, which knows no story yet. */
export function startProjecting(path: string): Projection & { close(): Promise<void> } {
  const fromSource = import.meta.url.endsWith('.ts');
  const pool = new Piscina({
    filename: new URL(fromSource ? './projecting-thread.ts' : './projecting-thread.js', import.meta.url).href,
    minThreads: 1,
    maxThreads: 1,
    workerData: { path },
    ...(fromSource && { execArgv: ['--import', typescriptHook] }),
  });
  const ask = <Verb extends keyof Projection>(verb: Verb, given: Parameters<Projection[Verb]>[0]) =>
    pool.run({ verb, given } as Request);
  return {
    project: (batch) => ask('project', batch),
    announce: (now) => ask('announce', now),
    noteErasedUpTo: (position) => ask('noteErasedUpTo', position),
    close: () => pool.destroy(),
  };
}
