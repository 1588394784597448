/** Building the views anew from a log of small events, beside a bare scan and insert of the same rows. EVENTS: how many. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openLog } from '../src/event-store/log.js';
import { beginning } from '../src/event-store/port.js';
import { eventsFile } from '../src/event-store/sqlite/files.js';
import { openSqliteStore } from '../src/event-store/sqlite/store.js';
import { isSearched } from '../src/story/searched.js';
import { wordsOf } from '../src/views/search.js';
import { onServiceCore } from './cores.js';
import { smallEvents } from './small-events.js';
import { type Figure, told } from './table.js';

const events = Number(process.env.EVENTS ?? 100_000);
const main = join(import.meta.dirname, '../dist/cli/main.js');
const peak = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => console.error("peak", process.resourceUsage().maxRSS))',
)}`;

/** What the index is made of, a row a text. */
async function writeWords(data: string, file: string): Promise<void> {
  const db = new DatabaseSync(file);
  db.exec('CREATE TABLE words (words TEXT NOT NULL) STRICT; BEGIN');
  const add = db.prepare('INSERT INTO words (words) VALUES (?)');
  const store = await openSqliteStore(data, { readOnly: true });
  const log = openLog(store);
  const ended = new AbortController();
  for await (const batch of log.subscribe(beginning, ended.signal)) {
    for (const { texts } of batch.events) {
      for (const [name, text] of Object.entries(texts)) if (isSearched(name)) add.run(wordsOf(name, text));
    }
    if (batch.caughtUp) break;
  }
  await store.close();
  db.exec('COMMIT');
  db.close();
}

export async function* figures(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'palimpsest-bench-'));
  try {
    copyFileSync(eventsFile(smallEvents(events)), eventsFile(folder));
    const began = performance.now();
    const [command, args] = onServiceCore(process.execPath, ['--import', peak, main, 'rebuild', '--json']);
    const env = { ...process.env, PALIMPSEST_DATA: folder, PALIMPSEST_LOG_LEVEL: 'error' };
    const { status, stderr } = spawnSync(command, args, { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    const seconds = (performance.now() - began) / 1000;
    const mebibytes =
      Math.max(...[...stderr.matchAll(/^peak (\d+)$/gm)].map(([, kibibytes]) => Number(kibibytes))) / 1024;
    const words = join(folder, 'words.db');
    await writeWords(folder, words);
    const bare = ['--import', '@swc-node/register/esm-register', join(import.meta.dirname, 'bare-rebuild.ts')];
    const theirs = Number(
      execFileSync(...onServiceCore(process.execPath, [...bare, folder, words, folder]), { encoding: 'utf8' }),
    );
    const conditions = `${events.toLocaleString('en')} small events, one core`;
    yield {
      what: 'rebuild, beside a bare scan and insert of the same rows',
      conditions,
      ours: told(events / seconds, 'events/s'),
      baseline: told(events / theirs, 'events/s'),
      ratio: theirs / seconds,
      wanted: { atLeast: 0.4 },
    };
    yield {
      what: 'memory of a rebuild, at its peak',
      conditions,
      ours: told(mebibytes, 'MiB'),
      wanted: { atMost: 400, of: mebibytes, unit: 'MiB' },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
