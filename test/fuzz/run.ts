/** Fuzzes the built service in a process of its own, stops it, and has the command line verify what is left. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tokens } from '../../src/access/tokens.js';
import { palimpsest, serve } from '../support/serve.js';
import { type Fuzzing, fuzz, type Report } from './fuzz.js';
import type { Writers } from './valid.js';

export interface Run extends Report {
  /** Milliseconds, of the requests and of the verification. */
  took: { asking: number; verifying: number };
  /** What readiness said at the end; `null` where nothing answered. */
  ready: unknown;
  /** How the process ended when it was asked to, once all was closed: by the signal that asked. */
  exit: number | string | null;
  /** Errors logged, line by line. */
  log: string[];
  /** Mebibytes in memory at the end, where the system tells. */
  memory: number | null;
  /** What `palimpsest verify --json` said. */
  verified: { ok: boolean; views: string; stories: number; events: number; findings: unknown[] };
  /** Where the data lies, kept because something is wrong with it. */
  kept?: string;
  /** Pages of the codes met that are not there. */
  unexplained: string[];
}

export async function run(options: Pick<Fuzzing, 'requests' | 'seed' | 'connections' | 'progress'>): Promise<Run> {
  const data = await mkdtemp(join(tmpdir(), 'palimpsest-fuzz-'));
  const service = await serve(data, { stderr: 'pipe' });
  const logged: Buffer[] = [];
  service.process.stderr!.on('data', (part) => logged.push(part));
  let isWhole = false;
  try {
    const begun = Date.now();
    const report = await fuzz({ ...options, url: service.url, writers: writersIn(data) });
    const asking = Date.now() - begun;
    const ready = await fetch(`${service.url}/health/ready`).then(
      (answer) => answer.json(),
      () => null,
    );
    const unexplained: string[] = [];
    for (const code of report.codes.keys()) {
      if ((await fetch(`${service.url}/problems/${code}`)).status !== 200) unexplained.push(code);
    }
    const memory = await memoryOf(service.process.pid!);
    await service.stop();
    const stopped = Date.now();
    const { stdout } = await palimpsest(data, 'verify', '--json');
    const verified: Run['verified'] = JSON.parse(stdout);
    isWhole = verified.ok;
    return {
      ...report,
      took: { asking, verifying: Date.now() - stopped },
      ready,
      exit: service.process.signalCode ?? service.process.exitCode,
      log: Buffer.concat(logged).toString().split('\n').filter(Boolean),
      memory,
      verified,
      ...(!isWhole && { kept: data }),
      unexplained,
    };
  } finally {
    await service.stop();
    if (isWhole) await rm(data, { recursive: true, force: true });
  }
}

function writersIn(data: string): Writers {
  const tokens = new Tokens(data);
  const make = (name: keyof Writers, more: Partial<Parameters<Tokens['create']>[0]> = {}) =>
    tokens.create({ name, role: 'editor', ...more }).secret;
  const writers: Writers = {
    editor: make('editor'),
    standards: make('standards', { role: 'standards' }),
    auditor: make('auditor', { role: 'auditor' }),
    cms: make('cms', { onBehalf: true }),
    wire: make('wire', { only: ['publish', 'new-version'] }),
    expired: make('expired', { lifetime: 0 }),
    revoked: make('revoked'),
  };
  tokens.revoke('revoked');
  return writers;
}

/** Linux alone tells. */
async function memoryOf(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /VmRSS:\s+(\d+)/.exec(status)?.[1];
  return kibibytes === undefined ? null : Math.round(Number(kibibytes) / 1024);
}

/** A table of what was answered, for people. */
export function summary({ answers, codes, took, memory, verified }: Run): string {
  const lines = [...answers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${String(count).padStart(7)} ${name}`);
  const refusals = [...codes].sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${count}`);
  return [
    ...lines,
    `refusals: ${refusals.join(', ')}`,
    `${took.asking} ms asking, ${took.verifying} ms verifying, ${memory} MiB; ${verified.stories} stories, ${verified.events} events, ok: ${verified.ok}`,
  ].join('\n');
}
