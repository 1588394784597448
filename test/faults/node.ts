/** A node of the service as a process of its own, to be killed, frozen and given a wrong clock. */
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Served, serve } from '../support/serve.js';

export interface ServiceNode {
  readonly name: string;
  readonly data: string;
  /** Where it was last reached; another after each start. */
  url(): string;
  /** `clockOff`: milliseconds by which its clock is wrong. */
  start(clockOff?: number): Promise<void>;
  /** As if its machine lost power. */
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
  /** How often it ended when nobody had ended it; `isUp`: it has not, since it was last started. */
  crashes(): number;
  isUp(): boolean;
  /** The last errors that it logged, as JSON. */
  readonly logged: readonly string[];
}

const mostLogged = 200;

/** `settings`: environment variables. */
export function serviceNode(name: string, data: string, settings: Record<string, string>): ServiceNode {
  const logged: string[] = [];
  let served: Served | undefined;
  let url = '';
  let crashes = 0;

  async function start(clockOff = 0): Promise<void> {
    const shifted = clockOff !== 0 && {
      execArgv: ['--import', join(import.meta.dirname, 'clock.ts')],
    };
    const started = await serve(data, {
      stderr: 'pipe',
      env: { ...settings, CLOCK_OFF: String(clockOff) },
      ...shifted,
    });
    createInterface({ input: started.process.stderr! }).on('line', (line) => {
      logged.push(line);
      if (logged.length > mostLogged) logged.shift();
    });
    started.process.once('exit', () => {
      if (served !== started) return;
      served = undefined;
      crashes++;
    });
    served = started;
    url = started.url;
  }

  /** Whoever ends it says so first. */
  function letGo(): Served | undefined {
    const was = served;
    served = undefined;
    return was;
  }

  return {
    name,
    data,
    url: () => url,
    start,
    async kill() {
      const child = letGo()?.process;
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
    freeze: () => void served?.process.kill('SIGSTOP'),
    thaw: () => void served?.process.kill('SIGCONT'),
    async stop() {
      await letGo()?.stop();
    },
    crashes: () => crashes,
    isUp: () => served !== undefined,
    logged,
  };
}
