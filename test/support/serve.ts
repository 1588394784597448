/** The built service and command line as a person runs them: processes of their own. Needs `npm run build`. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const main = join(import.meta.dirname, '../../dist/cli/main.js');
const env = (data: string) => ({
  ...process.env,
  NODE_OPTIONS: '',
  // No setting of the service, which refuses what it does not know.
  PALIMPSEST_TEST_KURRENTDB: undefined,
  // Most of what a command does here is to load its modules, over and over.
  NODE_COMPILE_CACHE: join(tmpdir(), 'palimpsest-compile-cache'),
  PALIMPSEST_DATA: data,
  PALIMPSEST_PORT: '0',
  PALIMPSEST_LOG_LEVEL: 'error',
});

export interface Served {
  url: string;
  process: ChildProcess;
  /** What it printed, line by line. */
  printed: readonly string[];
  stop(): Promise<void>;
}

interface ServeOptions {
  stderr?: 'inherit' | 'pipe' | 'ignore';
  env?: Record<string, string>;
  /** Options of Node.js itself. */
  execArgv?: string[];
  /** A command that runs another, such as `setpriv`, and its options. */
  wrapper?: string[];
  /** What it says on standard error, where that is piped. */
  onError?: (text: string) => void;
}

/** `palimpsest serve` on this data folder and a free port, up when this resolves. */
export async function serve(
  data: string,
  { stderr = 'inherit', env: more = {}, execArgv = [], wrapper = [], onError }: ServeOptions = {},
): Promise<Served> {
  const [command, ...args] = [...wrapper, process.execPath, ...execArgv, main, 'serve'];
  const child = spawn(command!, args, {
    env: { ...env(data), ...more },
    stdio: ['ignore', 'pipe', stderr],
  });
  if (onError) child.stderr!.setEncoding('utf8').on('data', onError);
  const exited = once(child, 'close');
  const printed: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      printed.push(line);
      const found = /http:\/\/[^\s/]+/.exec(line)?.[0];
      if (found) resolve(found);
    });
    void exited.then(([code]) => reject(new Error(`serve ended with ${code}`)));
  });
  return {
    url,
    process: child,
    printed,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** Runs a command; what it printed and how it ended. */
export async function palimpsest(
  data: string,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, ...args], {
      env: env(data),
      maxBuffer: 64 * 1024 * 1024,
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}
