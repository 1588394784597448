/** What is measured runs as a process of its own: the built service, and the bare programs beside it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { palimpsest, type Served, serve } from '../test/support/serve.js';
import { letGo, onServiceCore, pinGenerator, pinService } from './cores.js';

/** The built service on this data folder, as it comes but for its log, which nobody reads; from now on this process has a core of its own. */
export async function service(data: string, execArgv: string[] = []): Promise<Served> {
  const served = await serve(data, { stderr: 'ignore', env: { PALIMPSEST_LOG_LEVEL: 'info' }, execArgv });
  pinService(served.process.pid!);
  pinGenerator();
  return {
    ...served,
    async stop() {
      letGo();
      await served.stop();
    },
  };
}

const here = (name: string) => ['--import', '@swc-node/register/esm-register', join(import.meta.dirname, name)];

/** A bare server of this folder, up when this resolves. */
export async function bareServer(
  name: string,
  ...args: string[]
): Promise<{ url: string; pid: number; stop(): Promise<void> }> {
  const child: ChildProcess = spawn(process.execPath, [...here(name), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [url] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  pinService(child.pid!);
  return {
    url,
    pid: child.pid!,
    async stop() {
      child.kill();
      await exited;
    },
  };
}

/** How many bare commits of so many bytes are made a second. */
export function bareCommits(file: string, bytes: number, seconds: number): number {
  const args = [...here('bare-commit.ts'), file, `${bytes}`, `${seconds}`];
  return Number(execFileSync(...onServiceCore(process.execPath, args), { encoding: 'utf8' }));
}

/** The secret of an editor's token, made by the service's first start. */
export async function editorOf(data: string): Promise<string> {
  const { code, stdout, stderr } = await palimpsest(data, 'tokens', '--json');
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout).editor;
}
