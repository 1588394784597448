/**
 * Whether readers wait while others have long comparisons made or write long versions: open-loop reads of a short story's
 * page at half the rate that the service can bear, without and with bodies of 1 MiB compared, or written, one after the
 * other.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cores } from './cores.js';
import { draws } from './generate.js';
import { asking, closedLoop, openLoop } from './load.js';
import { editorOf, service } from './processes.js';
import { inTurn, quantile } from './rounds.js';
import { type Figure, told } from './table.js';

const seconds = Number(process.env.SECONDS ?? 6);
const rounds = Number(process.env.ROUNDS ?? 5);
const paragraphs = 1900;
const versions = 6;

const draw = draws(5);
const word = () => Math.floor(draw() ** 2 * 4000).toString(36) + 'a'.repeat(Math.floor(draw() * 6));
const paragraph = () => `${Array.from({ length: 75 }, word).join(' ')}.`;
const edited = (text: string) => text.replace(/\w+/g, (one) => (draw() < 0.1 ? word() : one));

export async function* figures(): AsyncGenerator<Figure> {
  const data = mkdtempSync(join(tmpdir(), 'palimpsest-bench-'));
  const ours = await service(data);
  const { ask, close } = asking(ours.url);
  const token = await editorOf(data);
  // All made before: while one is made, nothing is asked, and the readers would be blamed for it.
  const texts = [Array.from({ length: paragraphs }, paragraph)];
  while (texts.length < versions + 4) texts.push(texts.at(-1)!.map(edited));
  const bodies = texts.map((text) => ({ body: { text: text.join('\n\n') } }));

  async function written(path: string, body: object): Promise<void> {
    const headers = { authorization: `Bearer ${token}`, 'if-match': '*', 'content-type': 'application/json' };
    for (;;) {
      const status = await ask({ method: 'POST', path, headers, body: JSON.stringify(body) });
      if (status === 201) return;
      if (status !== 503) throw new Error(`${path}: ${status}`);
      // As a client does who is asked to come again: the views may still be busy with what was written last.
      await sleep(500);
    }
  }
  let wrote = 0;
  const writeVersion = () => written('/api/stories/long/versions', bodies[wrote++ % bodies.length]!);
  let compared = 0;
  /** Another pair each time; what is asked for again was kept and costs nothing, so long as there are other pairs. */
  const pair = () => {
    const nth = compared++ % (versions * (versions - 1));
    const from = nth % versions;
    return `${1 + from}...${1 + ((from + 1 + Math.floor(nth / versions)) % versions)}`;
  };
  const compare = async (path: string) => {
    const status = await ask({ path });
    if (status !== 200) throw new Error(`${path}: ${status}`);
  };
  const views = ['in-place', 'side-by-side', 'plain'];
  const formats = ['json', 'html', 'unified'];
  const work: [string, () => Promise<void>][] = [
    [
      'comparisons of 1 MiB through the API',
      () => compare(`/api/stories/long/compare/${pair()}?format=${formats[compared % formats.length]}`),
    ],
    [
      'comparisons of 1 MiB as pages',
      () => compare(`/stories/long/compare/${pair()}?view=${views[compared % views.length]}`),
    ],
    ['versions of 1 MiB written', writeVersion],
  ];

  try {
    await written('/api/stories', { slug: 'short', headline: 'Ferries stopped', body: { text: paragraph() } });
    await written('/api/stories', { slug: 'long', headline: 'The whole record', ...bodies[wrote++] });
    for (let version = 2; version <= versions; version++) await writeVersion();
    const asked = { connections: 16, seconds: 3, next: () => ({ path: '/stories/short' }) };
    await closedLoop(ours.url, asked);
    const reads = (await closedLoop(ours.url, asked)) / 2;
    const readers = async () => quantile(await openLoop(reads, seconds, () => compare('/stories/short')), 0.99);

    for (const [name, once] of work) {
      let done = 0;
      const beside = async () => {
        let going = true;
        const working = (async () => {
          for (; going; done++) await once();
        })();
        const p99 = await readers();
        going = false;
        await working;
        return p99;
      };
      // Once unmeasured: what has not run yet is compiled meanwhile, by threads that take the same core.
      await beside();
      done = 0;
      const measured = await inTurn(rounds, beside, readers);
      yield {
        what: 'p99 of reads beside long work, beside the same reads alone',
        conditions: `${name}, one after the other (${told(done / rounds / seconds, 'a second')}); open-loop: ${told(reads, 'reads a second')} (half the most); rounds ${measured.ratios.map((ratio) => ratio.toFixed(1)).join(', ')}; ${cores}`,
        ours: told(measured.ours, 'ms'),
        baseline: told(measured.theirs, 'ms'),
        ratio: measured.ratio,
        wanted: { atMost: 3 },
      };
    }
  } finally {
    close();
    await ours.stop();
    rmSync(data, { recursive: true });
  }
}
