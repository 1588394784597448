/** Which of the process's threads give way to others. */
import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** As of a process below normal, such as the one that compares. */
const priority = 10;

/**
 * V8's own threads compile and collect garbage for everybody: at the usual priority they take the processor from the thread
 * that answers, for tens of milliseconds. On Linux a thread has a priority of its own; elsewhere all stays as it is.
 */
export function letCompilersWait(): void {
  if (process.platform !== 'linux') return;
  const tasks = '/proc/self/task';
  try {
    for (const thread of readdirSync(tasks)) {
      const name = readFileSync(`${tasks}/${thread}/comm`, 'utf8').trim();
      if (name === 'V8Worker') setPriority(Number(thread), priority);
    }
  } catch {
    // A thread that has ended, or no /proc: it is as fast without.
  }
}
