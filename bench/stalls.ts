/**
 * Whether readers wait while long comparisons are made, or long versions written: open-loop reads at half the rate that
 * the built service can bear, without and with comparisons of stories of about 1 MiB asked for one after the other (FORM:
 * a format of the API, or `page`), or with versions as long written one after the other (FORM=write).
 * `node --import @swc-node/register/esm-register bench/stalls.ts`, after `npm run build`. Prints the quantiles of the reads
 * and how much else was done meanwhile. PROFILE=DIR: the service's CPU profiles.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { draws } from './generate.js';
import { asking, openLoop } from './load.js';
import { quantile } from './rounds.js';

const seconds = Number(process.env.SECONDS ?? 10);
const paragraphs = Number(process.env.PARAGRAPHS ?? 1900);
const form = process.env.FORM ?? 'json';
const port = 4700 + (process.pid % 200);
const data = mkdtempSync(join(tmpdir(), 'palimpsest-stalls-'));
const cli = join(import.meta.dirname, '../dist/cli/main.js');
const env = { ...process.env, PALIMPSEST_DATA: data, PALIMPSEST_PORT: String(port), PALIMPSEST_LOG_LEVEL: 'error' };
const profiling = process.env.PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${process.env.PROFILE}`] : [];
const service = spawn(process.execPath, [...profiling, cli, 'serve'], { env, stdio: 'ignore' });

const { ask: send, close } = asking(`http://127.0.0.1:${port}`);
const ask = (path: string, token?: string, body?: unknown) =>
  send({
    path,
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(token && { authorization: `Bearer ${token}`, 'if-match': '*' }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

/** As a client does who is asked to come again: the views may still be busy with what was written last. */
async function written(path: string, token: string, body: unknown): Promise<number> {
  for (;;) {
    const status = await ask(path, token, body);
    if (status !== 503) return status;
    await sleep(500);
  }
}

async function tokens(): Promise<{ editor: string }> {
  const told = spawn(process.execPath, [cli, 'tokens', '--json'], { env });
  let text = '';
  for await (const chunk of told.stdout) text += chunk;
  return JSON.parse(text);
}

const draw = draws(5);
const word = () => Math.floor(draw() ** 2 * 4000).toString(36) + 'a'.repeat(Math.floor(draw() * 6));
const paragraph = () => `${Array.from({ length: 75 }, word).join(' ')}.`;
const edited = (text: string) => text.replace(/\w+/g, (one) => (draw() < 0.1 ? word() : one));

const reads = (perSecond: number) => openLoop(perSecond, seconds, () => ask('/stories/short'));

/** Reads a second with 16 asking as fast as they are answered. */
async function mostReads(): Promise<number> {
  const until = performance.now() + 3000;
  let answered = 0;
  const one = async () => {
    while (performance.now() < until) {
      await ask('/stories/short');
      answered++;
    }
  };
  await Promise.all(Array.from({ length: 16 }, one));
  return answered / 3;
}

const tell = (name: string, times: number[]) =>
  console.log(
    name,
    Object.fromEntries([0.5, 0.9, 0.99, 0.999].map((q) => [q, Math.round(quantile(times, q) * 10) / 10])),
  );

try {
  for (;;) {
    if ((await ask('/health/ready').catch(() => 0)) === 200) break;
    await sleep(100);
  }
  const { editor } = await tokens();
  await ask('/api/stories', editor, { slug: 'short', headline: 'Ferries stopped', body: { text: paragraph() } });
  let text = Array.from({ length: paragraphs }, paragraph);
  for (let version = 1; version <= 6; version++) {
    const body = { headline: 'The whole record', body: { text: text.join('\n\n') } };
    const path = version === 1 ? '/api/stories' : '/api/stories/long/versions';
    const status = await written(path, editor, { ...(version === 1 && { slug: 'long' }), ...body });
    if (status !== 201) throw new Error(`version ${version}: ${status}`);
    text = text.map(edited);
  }
  while ((await ask('/api/stories/long/versions/6')) !== 200) await sleep(100);
  await mostReads();
  const most = await mostReads();
  console.log(`at most ${Math.round(most)} reads a second; half of that is asked`);
  const alone = await reads(most / 2);
  tell('without', alone);
  let going = true;
  const made: Record<number, number> = {};
  const write = async () => {
    while (going) {
      const status = await written('/api/stories/long/versions', editor, { body: { text: text.join('\n\n') } });
      made[status] = (made[status] ?? 0) + 1;
      text = text.map(edited);
    }
  };
  const compare = async () => {
    for (let n = 0; going; n++) {
      const [a, b] = [1 + (n % 6), 1 + ((n + 1 + Math.floor(n / 6)) % 6)];
      // Another `format` or pair each time until all are kept; what is kept costs nothing.
      const path =
        form === 'page'
          ? `/stories/long/compare/${a}...${b}?view=${['in-place', 'side-by-side', 'plain'][n % 3]}`
          : `/api/stories/long/compare/${a}...${b}?format=${form}`;
      const status = await ask(path);
      made[status] = (made[status] ?? 0) + 1;
    }
  };
  const done = form === 'write' ? write() : compare();
  const beside = await reads(most / 2);
  going = false;
  await done;
  tell('with', beside);
  console.log(`${form === 'write' ? 'versions written' : 'comparisons answered'} meanwhile, by status:`, made);
  console.log(`p99 with / without: ${(quantile(beside, 0.99) / quantile(alone, 0.99)).toFixed(2)}`);
} finally {
  const ended = new Promise((resolve) => service.once('exit', resolve));
  service.kill();
  await ended;
  close();
  rmSync(data, { recursive: true, force: true });
}
