/** `palimpsest erasures`: the ledger of what was ordered erased, to be kept elsewhere, and to be applied to a backup put back. */
import { readFile, writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { openEraser } from '../audit/erasure.js';
import { entryOf, type LedgerEntry, ledgerLine, parseLedger, readLedgerFile } from '../audit/ledger.js';
import { reapply, type Standing } from '../audit/reapply.js';
import { type Log, openLog } from '../event-store/log.js';
import { openStore } from '../event-store/open.js';
import { beginning } from '../event-store/port.js';
import { UnreadableRecord } from '../event-store/sealing.js';
import { openViews } from '../views/views.js';
import { openAlone } from './open-alone.js';
import { colours, count, note, print, printJson, progressBar, Stop, shown } from './outcome.js';
import { readConfig } from './service.js';

export const erasuresCommand = (): Command =>
  new Command('erasures')
    .description('Keep a ledger of what was ordered erased, and apply it to a backup that was put back.')
    .addCommand(
      new Command('export')
        .description('Write the ledger as JSON lines. It holds no word that anyone typed.')
        .option('-o, --output <file>', 'write to a file instead of standard output')
        .option('--json', 'print one JSON list instead of lines')
        .addHelpText(
          'after',
          `
Each line names a story, the texts that were ordered erased with the SHA-256 of the record beside which each lay, on
whose authority, when, and the SHA-256 of the record of the order. Reads the files; the service may be running.
Keep it away from the backups: a backup made before an erasure holds the words.

Example:
  palimpsest erasures export -o erasures-of-today.jsonl`,
        )
        .action(exportLedger),
    )
    .addCommand(
      new Command('apply')
        .description(
          'Order erased again what a ledger names and this log lacks, and remove it. The service must be stopped.',
        )
        .argument('<file>', 'a ledger, as export writes it')
        .option('--json', 'print JSON')
        .addHelpText(
          'after',
          `
For a data folder that was put back from a backup: do this before the service starts. An order is recorded anew where
the record that it names is in this log, byte for byte; what does not apply is named. Run it again as often as you like.
If only events.db was put back, the erasures.jsonl beside it is applied by itself when the service starts.

Example:
  palimpsest erasures apply erasures-of-today.jsonl`,
        )
        .action(apply),
    );

async function exportLedger({ output, json }: { output?: string; json?: boolean }): Promise<void> {
  const config = readConfig();
  const { data } = config;
  const store = await openStore(config, { readOnly: true });
  const bar = progressBar('Reading the log');
  let entries: LedgerEntry[];
  try {
    entries = await ledgerOf(data, openLog(store), (done) => bar.at(done, null)).catch((error) => {
      throw error instanceof UnreadableRecord
        ? new Stop('refused', `${error.message}; palimpsest verify says all that is wrong`)
        : error;
    });
  } finally {
    bar.end();
    await store.close();
  }
  if (output !== undefined) {
    await writeFile(output, entries.map(ledgerLine).join(''), { mode: 0o600 }).catch((error: Error) => {
      throw new Stop('usage', `cannot write ${output}: ${error.message}`);
    });
    note(`${count(entries.length, 'erasure')} in ${output}`);
  }
  if (json) printJson(entries);
  else if (output === undefined) process.stdout.write(entries.map(ledgerLine).join(''));
}

/** What the ledger in the folder says, and what the log has beyond it. */
async function ledgerOf(data: string, log: Log, onProgress: (done: number) => void): Promise<LedgerEntry[]> {
  const { entries, unread } = readLedgerFile(data);
  for (const line of unread) note(`line ${line} of erasures.jsonl cannot be read and is left out`);
  const known = new Set(entries.map(({ hash }) => hash));
  const page = 256;
  let after = beginning;
  for (let done = 0; ; onProgress(done)) {
    const events = await log.readAll(after, page);
    for (const { type, story, revision } of events) {
      if (type !== 'TextsErased') continue;
      const entry = await entryOf(log, story, revision);
      if (!known.has(entry.hash)) entries.push(entry);
      known.add(entry.hash);
    }
    done += events.length;
    after = events.at(-1)?.position ?? after;
    if (events.length < page) return entries;
  }
}

async function apply(file: string, { json }: { json?: boolean }): Promise<void> {
  const config = readConfig();
  const { data } = config;
  const { entries, unread } = parseLedger(
    await readFile(file, 'utf8').catch((error: Error) => {
      throw new Stop('usage', `cannot read ${file}: ${error.message}`);
    }),
  );
  if (unread.length > 0) {
    throw new Stop('usage', `line ${unread[0]} of ${file} is no entry of a ledger; nothing was applied`);
  }
  const store = await openAlone(config, ', then apply');
  const bar = progressBar('Bringing the views up to date');
  try {
    const log = openLog(store);
    const views = await openViews(data, log);
    let standings: Standing[];
    let pending: number;
    try {
      const eraser = openEraser({ directory: data, log, views, clock: Date.now, said: { info() {}, warn() {} } });
      standings = await reapply(log, entries, Date.now);
      await eraser.reapplyLedger();
      await views.catchUp(({ events }) => bar.at(events, null));
      await eraser.carryOut().catch((error: Error) => note(`not finished: ${error.message}`));
      pending = eraser.pending().length;
    } finally {
      await views.close();
    }
    report(standings, pending, json);
  } finally {
    bar.end();
    await store.close();
  }
}

function report(standings: readonly Standing[], pending: number, json?: boolean): void {
  const of = (kind: Standing['standing']) => standings.filter(({ standing }) => standing === kind);
  const [applied, recorded, elsewhere] = [of('lacking'), of('recorded'), of('elsewhere')];
  const apart = [...applied, ...elsewhere].flatMap(({ entry, apart }) =>
    apart.map((text) => ({ story: entry.story, order: entry.hash, ...text })),
  );
  if (json) {
    const orders = (kind: Standing[]) => kind.map(({ entry: { story, hash } }) => ({ story, order: hash }));
    printJson({ applied: orders(applied), recorded: orders(recorded), notApplied: apart, pending });
    return;
  }
  for (const { entry, applies } of applied)
    print(`${entry.story}: ${count(applies.length, 'text')} ordered erased again`);
  for (const { story, revision, name, because } of apart) {
    const why = because === 'gone' ? 'this log has no such record' : 'another record stands there';
    print(colours.yellow(`${story}: not applied to ${shown(name)} of revision ${revision}: ${why}`));
  }
  print(
    `${count(applied.length, 'order')} applied, ${recorded.length} known to this log already, ${elsewhere.length} about records that it has not`,
  );
  if (pending > 0) print(`${count(pending, 'erasure')} not finished yet: the service goes on with it when it starts`);
}
