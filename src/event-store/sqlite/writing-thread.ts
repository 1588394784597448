/** This side of the thread that writes: queues requests, sends those that queued together as one batch, hands out answers. */
import { Worker } from 'node:worker_threads';
import { StoreRefused, StoreUnavailable } from '../port.js';
import type { Failure, Message, Outcome, Request } from './writer.js';

export interface Writer {
  /** Answers once it is durable. Throws StoreUnavailable or StoreRefused (`damaged`). */
  write(request: Request): Promise<Exclude<Outcome, Failure>>;
  /** When everything asked for so far is done. */
  idle(): Promise<void>;
  /** Ends the thread and lets the lock go; after whatever is under way. */
  close(): Promise<void>;
}

/** Requests that go in one batch: bounds how long the first of them waits for the last. */
const batch = 256;

interface Task {
  request: Request;
  resolve: (outcome: Exclude<Outcome, Failure>) => void;
  reject: (error: Error) => void;
}

/** Throws StoreRefused or StoreUnavailable. `onSync` is told how long each commit took, in seconds. */
export async function startWriter(directory: string, onSync?: (seconds: number) => void): Promise<Writer> {
  const thread = newThread(directory);
  const ended = new Promise((resolve) => thread.once('exit', resolve));
  const queued: Task[] = [];
  let sent: Task[] = [];
  let down: StoreUnavailable | undefined;

  const started = Promise.withResolvers<void>();
  thread.on('message', (message: Message) => {
    if ('outcomes' in message) {
      const answered = sent;
      sent = [];
      send();
      for (const [i, task] of answered.entries()) answer(task, message.outcomes[i]!);
      if (onSync) message.syncs.forEach(onSync);
    } else if ('failed' in message) started.reject(errorOf(message));
    // Under `node --watch` a thread also reports what it loads.
    else if ('opened' in message) started.resolve();
  });
  const fail = (cause?: Error) => {
    down ??= new StoreUnavailable(`the thread that writes has ended${cause ? `: ${cause.message}` : ''}`, { cause });
    started.reject(down);
    for (const { reject } of [...sent.splice(0), ...queued.splice(0)]) reject(down);
  };
  thread.on('error', fail);
  thread.on('exit', () => fail());

  function send(): void {
    if (sent.length > 0 || queued.length === 0) return;
    sent = queued.splice(0, batch);
    thread.postMessage(sent.map(({ request }) => request));
  }

  await started.promise;
  let last: Promise<void> = Promise.resolve();
  return {
    write(request) {
      if (down) return Promise.reject(down);
      const written = new Promise<Exclude<Outcome, Failure>>((resolve, reject) => {
        queued.push({ request, resolve, reject });
      });
      send();
      last = written.then(
        () => {},
        () => {},
      );
      return written;
    },
    idle: () => last,
    async close() {
      await last;
      if (!down) thread.postMessage('close');
      await ended;
    },
  };
}

function answer({ resolve, reject }: Task, outcome: Outcome): void {
  if ('failed' in outcome) reject(errorOf(outcome));
  else resolve(outcome);
}

const errorOf = ({ failed, code }: Failure): Error =>
  code ? new StoreRefused(code, failed) : new StoreUnavailable(failed);

/**
 * For `--import` when running from source: Node itself strips the types and this finds `x.ts` or `x.tsx` where `x.js` is
 * imported, and has markup compiled by TypeScript, which Node leaves alone. (A compiler's native addon loaded in two
 * threads of one process brings the process down.)
 */
export const typescriptHook = `data:text/javascript,${encodeURIComponent(`
  import { existsSync, readFileSync } from 'node:fs';
  import { createRequire, enableCompileCache, registerHooks } from 'node:module';
  import { fileURLToPath } from 'node:url';
  enableCompileCache();
  const isOurs = (name, { parentURL }) => name.startsWith('.') && /\\.tsx?$/.test(parentURL ?? '');
  const sourceOf = (name, { parentURL }) => {
    const plain = name.replace(/\\.js$/, '.ts');
    return existsSync(fileURLToPath(new URL(plain, parentURL))) ? plain : plain + 'x';
  };
  registerHooks({
    resolve: (name, context, next) => next(isOurs(name, context) ? sourceOf(name, context) : name, context),
    load(url, context, next) {
      if (!url.endsWith('.tsx')) return next(url, context);
      const { transpileModule } = createRequire(${JSON.stringify(import.meta.url)})('typescript');
      const compilerOptions = { target: 'esnext', module: 'esnext', jsx: 'react-jsx', jsxImportSource: 'preact' };
      const { outputText } = transpileModule(readFileSync(fileURLToPath(url), 'utf8'), { compilerOptions });
      return { format: 'module', source: outputText, shortCircuit: true };
    },
  });`)}`;

function newThread(directory: string): Worker {
  const fromSource = import.meta.url.endsWith('.ts');
  return new Worker(new URL(fromSource ? './writer.ts' : './writer.js', import.meta.url), {
    workerData: { directory },
    ...(fromSource && { execArgv: ['--import', typescriptHook] }),
  });
}
