/**
 * A process of its own for threads that compare, at a low priority with all that V8 does beside them: on a machine
 * whose cores are busy, whoever answers readers goes first. It ends with the process that started it.
 */
import { readdirSync } from 'node:fs';
import { Socket } from 'node:net';
import { constants, setPriority } from 'node:os';
import { Piscina } from 'piscina';
import { type Answer, type Asked, answersPipe, type Settings, saidOf } from './comparing-elsewhere.js';
import { send } from './comparing-pipe.js';
import type { Found } from './comparing-thread.js';

try {
  // On Linux a priority is one thread's, and handed down to those that it starts; elsewhere it is the whole process's.
  const threads = process.platform === 'linux' ? readdirSync('/proc/self/task').map(Number) : [0];
  for (const thread of threads) setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // No /proc, or a sandbox that forbids it: then it compares at the usual priority.
}

const { views, maxThreads, ...started } = JSON.parse(process.argv[2]!) as Settings;
const pool = new Piscina({
  ...started,
  minThreads: 1,
  maxThreads,
  maxQueue: Number.POSITIVE_INFINITY,
  workerData: { path: views },
});

const answers = new Socket({ fd: answersPipe, readable: false, writable: true });
// Nobody reads on: the one who asked has ended.
answers.on('error', () => process.exit());
process.on('message', ({ number, task }: Asked) => {
  pool.run(task).then(
    ({ made, bytes }: Found) => send(answers, { number, made, ...(bytes && { told: true }) } satisfies Answer, bytes),
    (error) => send(answers, { number, failed: saidOf(error) } satisfies Answer),
  );
});
process.on('disconnect', () => process.exit());
// Sent to a whole group or service; it ends when the one that started it has ended.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
