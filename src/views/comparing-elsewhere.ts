/** This side of the process whose threads compare: it is started when first asked, and ends when long nobody asks. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { typescriptHook } from '../event-store/sqlite/writing-thread.js';
import { receiving } from './comparing-pipe.js';
import type { Task } from './comparing-thread.js';

/** Milliseconds after which a process that has nothing to do ends. */
const idleTimeout = 30_000;

/** What the process is told as it starts. */
export interface Settings {
  /** Path of the views file, from which threads read versions. */
  views?: string;
  maxThreads: number;
  /** What the threads run. */
  filename: string;
  execArgv: string[];
}

export interface Asked {
  number: number;
  task: Task;
}
/** Comes through a pipe of its own. `told`: behind it come the bytes of what is told, which may be none. */
export type Answer = { number: number } & ({ made: unknown; told?: true } | { failed: string });
/** The descriptor of that pipe in the process. */
export const answersPipe = 4;

/** What the process says of a failure: not the messages of parsers, which quote what they read. */
export const saidOf = (error: unknown): string => (error instanceof SyntaxError ? error.name : String(error));

export function openElsewhere({ views, maxThreads }: Pick<Settings, 'views' | 'maxThreads'>) {
  const open = new Map<number, PromiseWithResolvers<unknown>>();
  let asked = 0;
  let child: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;

  function start(): ChildProcess {
    const fromSource = import.meta.url.endsWith('.ts');
    const address = (name: string) => new URL(`./${name}.${fromSource ? 'ts' : 'js'}`, import.meta.url);
    const execArgv = fromSource ? ['--import', typescriptHook] : [];
    const settings: Settings = {
      ...(views !== undefined && { views }),
      maxThreads,
      filename: address('comparing-thread').href,
      execArgv,
    };
    const started = fork(fileURLToPath(address('comparing-process')), [JSON.stringify(settings)], {
      execArgv,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc', 'pipe'],
    });
    const lost = (error: Error) => child === started && forget(error);
    const hasEnded = () => lost(new Error('the process that compares has ended'));
    started.on('error', lost).on('disconnect', hasEnded).on('exit', hasEnded);
    // Where no process could be started there may be none; the error follows.
    const answers = started.stdio?.[answersPipe] as Readable | undefined;
    if (answers) receiving<Answer>(answers.on('error', lost), answered);
    return started;
  }

  function answered(answer: Answer, bytes: Uint8Array[]): void {
    const asker = open.get(answer.number);
    // Of a process that was given up.
    if (!asker) return;
    open.delete(answer.number);
    if (open.size === 0) idle = setTimeout(end, idleTimeout).unref();
    if ('made' in answer) asker.resolve(answer.told ? { ...(answer.made as object), bytes } : answer.made);
    else asker.reject(new Error(answer.failed));
  }

  function forget(error: Error): void {
    clearTimeout(idle);
    child = undefined;
    for (const { reject } of open.values()) reject(error);
    open.clear();
  }

  async function end(): Promise<void> {
    const ending = child;
    if (!ending) return;
    forget(new Error('the process that compares was ended'));
    const ended = once(ending, 'exit');
    // It only reads: there is nothing that it would have to finish.
    ending.kill('SIGKILL');
    await ended;
  }

  return {
    underWay: (): number => open.size,
    /** Of the tasks under way, how many wait for a thread. */
    waiting: (): number => Math.max(0, open.size - maxThreads),
    run(task: Task): Promise<unknown> {
      clearTimeout(idle);
      child ??= start();
      const number = asked++;
      const answer = Promise.withResolvers<unknown>();
      open.set(number, answer);
      if (child.connected) child.send({ number, task } satisfies Asked);
      return answer.promise;
    },
    /** Ends the process; what is still under way fails. */
    close: end,
    /** Of the process, while there is one. */
    pid: (): number | undefined => child?.pid,
  };
}
