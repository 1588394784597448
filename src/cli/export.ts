/** `palimpsest export`: stories with their record as JSON lines, or a story's history as a git repository. */
import { Command, Option } from 'commander';
import { compareLedger } from '../audit/compare-ledger.js';
import type { Config } from '../config.js';
import { openLog } from '../event-store/log.js';
import { openStore } from '../event-store/open.js';
import type { EventStore } from '../event-store/port.js';
import { fromMs } from '../story/instant.js';
import { type Exporting, ExportRefused, exportLog } from '../transfer/export-log.js';
import { exportGit } from './export-git.js';
import { type Asking, identified } from './options.js';
import { count, note, progressBar, Stop } from './outcome.js';
import { openOutput } from './output.js';
import { readConfig } from './service.js';

interface Options extends Omit<Asking, 'json'> {
  format: 'jsonl' | 'git' | 'git-fast-import';
  output?: string;
}

export const exportCommand = (): Command =>
  identified(new Command('export'))
    .description('Write stories out: with their record as JSON lines, or the history of one as a git repository.')
    .argument('[stories...]', 'their slugs or ids; all stories, if none is given')
    .addOption(
      new Option('--format <format>', 'what is written').choices(['jsonl', 'git', 'git-fast-import']).default('jsonl'),
    )
    .option('-o, --output <path>', 'a file, or the folder of a git repository, to be made')
    .addHelpText(
      'after',
      `
jsonl: the record of every story named, or of all, with the texts and the keys that prove them; for texts that were
erased, by which order. It reads the data folder or the cluster itself, beside a running service or not. It holds all
that the log holds: hidden words, embargoes, names of editors. A file is made readable by its owner only.
palimpsest import takes it into another store. What the lines say, and how to check them: docs/export.md.

git: the versions of one story that were in force, a commit each, with its times, its note and the story as Markdown;
withdrawals too. As readers may see it, unless --as or --token says otherwise. git-fast-import writes what
"git fast-import" reads, for where there is no git. The same history gives the same commits.

Examples:
  palimpsest export -o stories.jsonl
  palimpsest export harrow-bay-ferry-fire | gzip > ferry.jsonl.gz
  palimpsest export harrow-bay-ferry-fire --format git -o ferry && git -C ferry log -p`,
    )
    .action(run);

async function run(names: string[], { format, output, ...identity }: Options): Promise<void> {
  if (format !== 'jsonl') {
    if (names.length !== 1) throw new Stop('usage', `--format ${format} is for one story: name it`);
    return exportGit(names[0]!, format, output, identity);
  }
  if (identity.as || identity.token)
    throw new Stop('usage', 'JSON lines are read from the data folder itself: leave --as and --token out');
  const config = readConfig();
  const store = await openStore(config, { readOnly: true });
  try {
    await refuseLacking(config, store);
    await exportLines(store, names, config, output);
  } finally {
    await store.close();
  }
}

/** An older log that was put back holds words that were erased since. */
async function refuseLacking({ data }: Config, store: EventStore): Promise<void> {
  for await (const step of compareLedger(data, openLog(store))) {
    if (step.kind === 'finding' && step.finding.code === 'erasure-lacking')
      throw new Stop('refused', `${step.finding.story}: ${step.finding.detail}`);
  }
}

const titles = { reading: 'Looking for stories', exporting: 'Exporting' };

async function exportLines(store: EventStore, names: string[], config: Config, path?: string): Promise<void> {
  note('This holds everything: hidden words, embargoes, names of editors, keys. Keep it as you keep the data folder.');
  const from = {
    publisher: config.publisher.name,
    ...(config.publicUrl && { url: config.publicUrl }),
    store: config.store.kind,
  };
  const out = await openOutput(path);
  let phase: keyof typeof titles | undefined;
  let bar = progressBar('');
  let done: (Exporting & { kind: 'exported' }) | undefined;
  try {
    for await (const step of exportLog(store, names, { exportedAt: fromMs(Date.now())!, from })) {
      if (step.kind === 'lines') await out.write(step.text);
      else if (step.kind === 'exported') done = step;
      else {
        if (step.phase !== phase) {
          bar.end();
          phase = step.phase;
          bar = progressBar(titles[phase]);
        }
        bar.at(step.done, step.total);
      }
    }
    await out.finish();
  } catch (error) {
    await out.abandon();
    throw error instanceof ExportRefused ? new Stop('refused', error.message) : error;
  } finally {
    bar.end();
  }
  const { stories, events, texts } = done!;
  const counts = [count(stories, 'story', 'stories'), count(events, 'event'), count(texts, 'text')].join(', ');
  note(path === undefined ? counts : `${counts} in ${path}`);
}
