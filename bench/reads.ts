/**
 * As-of over HTTP beside bare Fastify with one indexed read of SQLite: a hundred addresses over and over, those stories at
 * moments never asked for, and any of 100,000 stories.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { cores } from './cores.js';
import { ended, folderWith, type Plan, storyId } from './fixture.js';
import { draws } from './generate.js';
import { closedLoop } from './load.js';
import { bareServer, service } from './processes.js';
import { inTurn } from './rounds.js';
import { type Figure, told } from './table.js';

export const many: Plan = { stories: 100_000, versions: 1 };
export const histories = [10, 1000, 10_000].map((versions): Plan => ({ stories: 1, versions }));

const connections = 32;
const seconds = Number(process.env.SECONDS ?? 4);
const rounds = Number(process.env.ROUNDS ?? 5);

/** The address of a story of the plan as of a moment after its end, another each time. */
export function asOf(plan: Plan, draw: () => number, among = plan.stories): () => string {
  const since = ended(plan);
  const span = Date.parse('2025-12-31T00:00:00Z') - since;
  return () => {
    const at = new Date(since + Math.floor(draw() * span)).toISOString();
    return `/api/stories/${storyId(plan, Math.floor(draw() * among))}?asOf=${at}`;
  };
}

/** Answers of the service's own length, by story. */
async function answersOf(url: string, file: string): Promise<number> {
  const answer = await (await fetch(url + asOf(many, () => 0)())).text();
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE answer (story TEXT PRIMARY KEY, bytes TEXT NOT NULL) STRICT');
  const add = database.prepare('INSERT INTO answer VALUES (?, ?)');
  database.exec('BEGIN');
  const first = storyId(many, 0);
  for (let index = 0; index < many.stories; index++) {
    const id = storyId(many, index);
    add.run(id, answer.replaceAll(first, id));
  }
  database.exec('COMMIT');
  database.close();
  return Buffer.byteLength(answer);
}

export async function* figures(): AsyncGenerator<Figure> {
  const data = await folderWith([many, ...histories]);
  const ours = await service(data);
  const folder = mkdtempSync(join(tmpdir(), 'palimpsest-bench-'));
  const file = join(folder, 'answers.db');
  const bytes = await answersOf(ours.url, file);
  const bare = await bareServer('bare-read.ts', file);
  try {
    const draw = draws(26);
    const hundred = Array.from({ length: 100 }, asOf(many, draw, 100));
    for (const [name, next, wanted] of [
      ['warm: 100 addresses over and over', () => hundred[Math.floor(draw() * 100)]!, { atLeast: 0.6 }],
      ['100 stories, each time at another moment', asOf(many, draw, 100), undefined],
      ['any of 100,000 stories, each time at another moment', asOf(many, draw), { atLeast: 0.3 }],
    ] as const) {
      const asked = { connections, seconds, next: () => ({ path: next() }) };
      await closedLoop(ours.url, asked);
      await closedLoop(bare.url, asked);
      const beside = await inTurn(
        rounds,
        () => closedLoop(ours.url, asked),
        () => closedLoop(bare.url, asked),
      );
      yield {
        what: 'as-of over HTTP, beside bare Fastify with one indexed read of SQLite',
        conditions: `${name}; ${connections} connections; answers of ${bytes} bytes, not compressed; ${cores}`,
        ours: told(beside.ours, 'a second'),
        baseline: told(beside.theirs, 'a second'),
        ratio: beside.ratio,
        ...(wanted && { wanted }),
      };
    }
  } finally {
    await Promise.all([ours.stop(), bare.stop()]);
    rmSync(folder, { recursive: true });
  }
}
