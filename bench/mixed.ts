/**
 * Whether readers wait for writers: open-loop reads without and with edits sent at half the rate that the service can bear,
 * on this machine's disk and with one on which each sync takes 10 ms more.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { cores } from './cores.js';
import { draws } from './generate.js';
import { asking, closedLoop, openLoop } from './load.js';
import { editorOf, service } from './processes.js';
import { asOf } from './reads.js';
import { inTurn, quantile } from './rounds.js';
import { type Figure, told } from './table.js';
import { edits, folderToEdit, stories } from './writes.js';

const seconds = Number(process.env.SECONDS ?? 6);
const rounds = Number(process.env.ROUNDS ?? 5);

const disks = [
  ['this disk', []],
  ['each sync of the store 10 ms longer', ['--import', join(import.meta.dirname, 'slow-disk.ts')]],
] as const;

export async function* figures(): AsyncGenerator<Figure> {
  for (const [disk, preloaded] of disks) {
    const data = await folderToEdit();
    const ours = await service(data, [...preloaded]);
    const { ask, close } = asking(ours.url);
    try {
      const edit = edits(await editorOf(data));
      const read = asOf(stories, draws(27));
      const askFor = async (question: Parameters<typeof ask>[0], wanted: number) => {
        const status = await ask(question);
        if (status !== wanted) throw new Error(`${question.path}: ${status}`);
      };
      const reading = { connections: 32, seconds: 2, next: () => ({ path: read() }) };
      const writing = { connections: 64, seconds: 4, next: edit };
      for (const one of [reading, writing]) await closedLoop(ours.url, one);
      const reads = (await closedLoop(ours.url, reading)) / 8;
      const writes = (await closedLoop(ours.url, writing)) / 2;

      const readers = async () => quantile(await openLoop(reads, seconds, () => askFor({ path: read() }, 200)), 0.99);
      const beside = await inTurn(
        rounds,
        async () => {
          const [p99] = await Promise.all([readers(), openLoop(writes, seconds, () => askFor(edit(), 201))]);
          return p99;
        },
        readers,
      );
      yield {
        what: 'p99 of reads while writers write at half their maximum, beside the same reads without writers',
        conditions: `${disk}; open-loop: ${told(reads, 'reads a second')} (an eighth of the most) of 1,000 stories, each time at another moment, ${told(writes, 'edits a second')}; ${cores}`,
        ours: told(beside.ours, 'ms'),
        baseline: told(beside.theirs, 'ms'),
        ratio: beside.ratio,
        wanted: { atMost: 3 },
      };
    } finally {
      close();
      await ours.stop();
      rmSync(data, { recursive: true });
    }
  }
}
