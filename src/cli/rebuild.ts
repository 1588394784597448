/** `palimpsest rebuild`: makes the views anew from the log. */
import { setFlagsFromString } from 'node:v8';
import { Command } from 'commander';
import { openLog } from '../event-store/log.js';
import { rebuildViews } from '../views/views.js';
import { boundHeap } from './heap.js';
import { openAlone } from './open-alone.js';
import { count, print, printJson, progressBar } from './outcome.js';
import { readConfig } from './service.js';

export const rebuildCommand = (): Command =>
  new Command('rebuild')
    .description('Make the views anew from the log. The service must be stopped.')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nThe views hold nothing that is not in the log; this loses nothing.\n\nExample:\n  palimpsest rebuild',
    )
    .action(run);

async function run({ json }: { json?: boolean }): Promise<void> {
  boundHeap();
  // What is young on V8's heap would take some 100 MB more, and be no sooner done for it.
  setFlagsFromString('--semi-space-growth-factor=1');
  const config = readConfig();
  // Opened for writing, though nothing is written: so nobody else has these views open.
  const store = await openAlone(config, ' first');
  const bar = progressBar('Building the views');
  let events = 0;
  try {
    await rebuildViews(config.data, openLog(store), (progress) => {
      events = progress.events;
      bar.at(events, null);
    });
  } finally {
    bar.end();
    await store.close();
  }
  if (json) printJson({ events });
  else print(`The views are made anew from ${count(events, 'event')}.`);
}
