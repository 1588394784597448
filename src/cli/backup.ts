/** `palimpsest backup` and `palimpsest restore`: a folder with everything that must outlive the machine, and back. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { verify } from '../audit/verify.js';
import type { Config } from '../config.js';
import type { EventStore } from '../event-store/port.js';
import { BackupRefused, backUp, type Manifest, type Progress, restoreBackup } from '../transfer/backup.js';
import { type Bar, count, note, print, printJson, progressBar, Stop, timeText } from './outcome.js';
import { readConfig } from './service.js';

export const backupCommand = (): Command =>
  new Command('backup')
    .description('Back up the data folder, while the service runs or not.')
    .argument('<folder>', 'a new or empty one, elsewhere than the data folder')
    .option('--no-tokens', 'leave tokens.json out')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
In the backup: the log as it stood when this began, without words that were ordered erased by then; the ledger of
erasures; tokens.json, which has hashes of tokens only. Not in it: views, which are made anew from the log, and secrets:
session.key and the tokens of the first start. So after a restore everybody signs in again.

The copy is verified: every chain, every text. Then backup.json is written, with the SHA-256 of each file. A folder without
it is no backup: it was broken off; delete it. A log that lies in a KurrentDB cluster is backed up by palimpsest copy.

Example:
  palimpsest backup /backups/$(date +%F)`,
    )
    .action(back);

export const restoreCommand = (): Command =>
  new Command('restore')
    .description('Put a backup into an empty data folder. The service must be stopped.')
    .argument('<folder>', 'as palimpsest backup made it')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Every file is checked against backup.json before anything is written; nothing is written over. The backup stays as it is.

Example:
  PALIMPSEST_DATA=./new palimpsest restore /backups/2026-05-14`,
    )
    .action(restore);

async function back(folder: string, { tokens, json }: { tokens: boolean; json?: boolean }): Promise<void> {
  const config = embedded('the log lies in a cluster: palimpsest copy --from ADDRESS --to FOLDER makes a copy of it');
  const to = resolve(folder);
  const bars = phases();
  const manifest = await backUp({
    places: config,
    to,
    tokens,
    check: (copy) => checked(copy, bars.next('Checking events')),
    onProgress: bars.at,
  })
    .catch(stopped)
    .finally(bars.end);
  if (json) return printJson({ folder: to, ...manifest });
  print(
    `${to} holds ${holding(manifest)}, as of ${timeText(manifest.madeAt)}; every chain and text in it is verified.`,
  );
}

async function restore(folder: string, { json }: { json?: boolean }): Promise<void> {
  const config = embedded('a backup is put into a data folder: leave PALIMPSEST_STORE out, then palimpsest copy');
  const from = resolve(folder);
  const bars = phases();
  const manifest = await restoreBackup(from, config, bars.at).catch(stopped).finally(bars.end);
  if (json) return printJson({ data: config.data, ...manifest });
  print(`${config.data} holds ${holding(manifest)}, as of ${timeText(manifest.madeAt)}.`);
  print(`
Next, before the service starts:
  - Were words ordered erased after ${timeText(manifest.madeAt)}? They are in here again. With the ledger kept elsewhere:
    palimpsest erasures apply FILE
  - ${manifest.files.some(({ name }) => name === 'tokens.json') ? 'Tokens revoked since then are good again; tokens made since then are gone: palimpsest tokens list' : 'There are no tokens in here: palimpsest tokens create'}
Then start it: it makes its views from the log and is ready when it has. Everybody signs in again.`);
}

/** The settings, where the log lies in the data folder. */
function embedded(otherwise: string): Config {
  const config = readConfig();
  if (config.store.kind !== 'sqlite') throw new Stop('usage', otherwise);
  return config;
}

const holding = ({ stories, events, files }: Manifest): string => {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return `${count(events, 'event')} of ${count(stories, 'story', 'stories')} (${count(Math.ceil(bytes / 1e6), 'MB', 'MB')})`;
};

async function checked(copy: EventStore, bar: Bar): Promise<{ stories: number; events: number }> {
  let faults = 0;
  let counts = { stories: 0, events: 0 };
  for await (const step of verify(copy)) {
    if (step.kind === 'progress') bar.at(step.done, step.total);
    if (step.kind === 'checked') counts = { stories: step.stories, events: step.events };
    if (step.kind !== 'finding') continue;
    const { code, story = '', revision = '', detail } = step.finding;
    if (++faults <= 10) note(`✗ ${code}  ${story} ${revision}: ${detail}`);
  }
  if (faults === 0) return counts;
  throw new Stop(
    'refused',
    `${count(faults, 'thing')} in the log ${faults === 1 ? 'is' : 'are'} wrong, so this is no backup; keep the earlier ones. palimpsest verify says all.`,
  );
}

const titles: Record<Progress['phase'], string> = {
  copying: 'Copying the log',
  hashing: 'Reading files',
  restoring: 'Writing files',
};

/** One bar after the other. */
function phases() {
  let bar = progressBar('');
  let phase: string | undefined;
  const next = (title: string): Bar => {
    bar.end();
    phase = title;
    bar = progressBar(title);
    return bar;
  };
  return {
    next,
    at: ({ phase: now, done, total }: Progress) => (phase === titles[now] ? bar : next(titles[now])).at(done, total),
    end: () => bar.end(),
  };
}

function stopped(error: unknown): never {
  throw error instanceof BackupRefused ? new Stop('refused', error.message) : error;
}
