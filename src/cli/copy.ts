/** `palimpsest copy`: moves a whole log from a folder to a cluster, back, or to another of either. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { type Config, readStore } from '../config.js';
import { openStore } from '../event-store/open.js';
import { type EventStore, StoreRefused } from '../event-store/port.js';
import { sameJson } from '../story/same-json.js';
import { type Copying, CopyRefused, copyLog } from '../transfer/copy.js';
import { count, print, printJson, progressBar, Stop } from './outcome.js';

export const copyCommand = (): Command =>
  new Command('copy')
    .description('Copy every recorded event into another store.')
    .requiredOption('--from <store>', 'a data folder, or an address that begins with kurrentdb://')
    .requiredOption('--to <store>', 'another; empty, or begun by an earlier copy of the same log')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Records are copied byte for byte and in order: chains, times and commitments stay what they are. Words that were ordered
erased are not copied. At the end every record and text of the copy is compared. Broken off, it is simply run again.

The service may run on what is copied from; nothing may write to what is copied to. To move without losing a change:
copy while the service runs, stop it, copy again (it takes what is new), start it with PALIMPSEST_STORE set to the copy.
The list of erasures, erasures.jsonl, stays where it is: see palimpsest erasures --help.

Example:
  palimpsest copy --from ./data --to 'kurrentdb://node1:2113,node2:2113,node3:2113?tls=true'`,
    )
    .action(run);

const titles = { reading: 'Looking for erasures', copying: 'Copying events', verifying: 'Comparing the copy' };

async function run({ from, to, json }: { from: string; to: string; json?: boolean }): Promise<void> {
  const [here, there] = [placeOf(from), placeOf(to)];
  if (sameJson(here, there)) throw new Stop('usage', '--from and --to are the same store');
  const source = await openStore(here, { readOnly: true });
  try {
    const target = await openStore(there).catch((error) => {
      const inUse = error instanceof StoreRefused && error.code === 'in-use';
      throw inUse ? new Stop('unavailable', `the service is running on ${to}; stop it first`) : error;
    });
    try {
      const copied = await copy(source, target);
      const { kind: _, ...counts } = copied;
      if (json) printJson(counts);
      else print(said(copied));
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function copy(source: EventStore, target: EventStore): Promise<Copying & { kind: 'copied' }> {
  let phase: keyof typeof titles | undefined;
  let bar = progressBar('');
  try {
    for await (const step of copyLog(source, target)) {
      if (step.kind === 'copied') return step;
      if (step.phase !== phase) {
        bar.end();
        phase = step.phase;
        bar = progressBar(titles[phase]);
      }
      bar.at(step.done, step.total);
    }
    throw new Error('the copy did not say how it ended');
  } catch (error) {
    if (error instanceof CopyRefused) throw new Stop('refused', `--to is not a copy of --from: ${error.message}`);
    throw error;
  } finally {
    bar.end();
  }
}

const said = ({ stories, events, texts, added }: Copying & { kind: 'copied' }): string =>
  `${count(added, 'event')} copied; ${count(events, 'event')} of ${count(stories, 'story', 'stories')} and ${count(texts, 'text')} are the same in both.`;

/** A cluster by its address, else the store of a folder. */
const placeOf = (typed: string): Pick<Config, 'store' | 'data'> => {
  const store = readStore(typed);
  return store?.kind === 'kurrentdb' ? { store, data: '' } : { store: { kind: 'sqlite' }, data: resolve(typed) };
};
