/** From the command to the first answer, and what memory the service then takes while nobody asks. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '../test/support/serve.js';
import { folderWith } from './fixture.js';
import { histories, many } from './reads.js';
import { median } from './rounds.js';
import { type Figure, told } from './table.js';

const rounds = Number(process.env.ROUNDS ?? 5);
/** Seconds after which nothing of the start is left to do. */
const rest = 5;

const residentMebibytes = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;

export async function* figures(): AsyncGenerator<Figure> {
  const empty = mkdtempSync(join(tmpdir(), 'palimpsest-bench-'));
  try {
    for (const [conditions, data] of [
      ['empty', empty],
      ['100,000 stories', await folderWith([many, ...histories])],
    ] as const) {
      const took: number[] = [];
      let memory = 0;
      for (let round = 0; round <= rounds; round++) {
        const began = performance.now();
        const service = await serve(data, { stderr: 'ignore' });
        while (!(await fetch(`${service.url}/health/ready`)).ok) await sleep(5);
        await (await fetch(`${service.url}/api/stories?limit=1`)).text();
        // The first fills the caches of the system and of compiled code.
        if (round > 0) took.push(performance.now() - began);
        if (round === rounds) {
          await sleep(rest * 1000);
          memory = residentMebibytes(service.process.pid!);
        }
        await service.stop();
      }
      yield { what: 'start to first answer', conditions, ours: told(median(took) / 1000, 's') };
      yield { what: 'memory at rest', conditions, ours: told(memory, 'MiB') };
    }
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
}
