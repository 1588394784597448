/** `palimpsest import`: stories from an export of Palimpsest, with their record; `import versions`: from elsewhere. */
import { Command } from 'commander';
import { openEraser, type RunningEraser } from '../audit/erasure.js';
import { readLedgerFile } from '../audit/ledger.js';
import { replay } from '../audit/replay.js';
import { findingsIn } from '../audit/verify.js';
import type { Config } from '../config.js';
import { openLog } from '../event-store/log.js';
import type { EventStore } from '../event-store/port.js';
import { importStory, type StoryOutcome } from '../transfer/import-log.js';
import { DamagedExport, type ExportedStory, isExport, readExport, storeOfStory } from '../transfer/read-export.js';
import { whyNotSayable } from '../transfer/told-texts.js';
import { openViews, type Views } from '../views/views.js';
import { importVersionsCommand } from './import-versions.js';
import { openAlone } from './open-alone.js';
import { colours, count, print, printJson, progressBar, Stop } from './outcome.js';
import { readConfig } from './service.js';

export const importCommand = (): Command =>
  new Command('import')
    .description('Take in stories that palimpsest export wrote, or a history kept elsewhere.')
    .argument('<file>', 'an export, as JSON lines')
    .option('--check', 'check the file and write nothing; needs no data folder')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Each story is checked to its end before any of it is written: hashes, chain, texts, and that its events may follow one
another. It then has the same id, times and chain here. At a line that is damaged it stops: the stories before it are
in, whole, and nothing of the one that the line is in. Broken off, run it again: what is there already is passed over.

A story of which this store has gone on otherwise is refused, by name, and the others are taken. A slug that belongs to
another story here stays that one's: the story imported goes by its id until it is given a slug of its own.
Words that erasures.jsonl names are not brought back; neither are those that the file itself has ordered erased.

The service must be stopped. A history that another program kept: palimpsest import versions --help.

Examples:
  palimpsest import stories.jsonl
  palimpsest import stories.jsonl --check`,
    )
    .action(run)
    .addCommand(importVersionsCommand());

interface Options {
  check?: boolean;
  json?: boolean;
}

async function run(file: string, { check, json }: Options): Promise<void> {
  const isOurs = await isExport(file).catch((error: Error) => {
    throw new Stop('usage', `${file} cannot be read: ${error.message}`);
  });
  if (!isOurs) {
    const help = 'a history from elsewhere is imported by palimpsest import versions FILE --story SLUG';
    throw new Stop('usage', `${file} is no export of palimpsest; ${help}`);
  }
  if (check) return report(await takeAll(file, async (story) => outcomeOf(story, 'there')), { json, checked: true });
  const config = readConfig();
  const store = await openAlone(config, ', then import', { make: true });
  try {
    report(await takeInto(store, config, file), { json });
  } finally {
    await store.close();
  }
}

interface Taken {
  outcomes: StoryOutcome[];
  /** Where the file ended early. */
  damaged?: DamagedExport;
}
interface TakenIn extends Taken {
  /** Slugs that belong to other stories here. */
  slugsTaken?: { story: string; slug: string; owner: string }[];
  /** Orders of erasures.jsonl that were ordered anew. */
  orderedAgain?: number;
  /** Erasures whose words may still lie in some file. */
  pending?: number;
}

const outcomeOf = ({ story }: ExportedStory, outcome: 'there'): StoryOutcome => ({ story, outcome, added: 0 });

/** Every story of the file that is in order, to its end or to the first line that is not. */
async function takeAll(file: string, take: (story: ExportedStory) => Promise<StoryOutcome>): Promise<Taken> {
  const outcomes: StoryOutcome[] = [];
  const bar = progressBar('Importing');
  let total: number | null = null;
  try {
    for await (const part of readExport(file)) {
      if (part.kind === 'export') total = part.stories;
      else {
        await check(part);
        outcomes.push(await take(part));
        bar.at(outcomes.length, total);
      }
    }
    return { outcomes };
  } catch (error) {
    if (error instanceof DamagedExport) return { outcomes, damaged: error };
    throw error;
  } finally {
    bar.end();
  }
}

/** All that `verify` would find in this story, and what no door would have let in. Throws DamagedExport. */
async function check(story: ExportedStory): Promise<void> {
  let folds = true;
  for await (const step of replay(openLog(storeOfStory(story) as EventStore), story.story)) {
    for (const { detail } of findingsIn(step, folds))
      throw new DamagedExport(story.lineOf(step.record.revision), detail);
    const why = step.record.opened && whyNotSayable(step.record.opened);
    if (why !== undefined) throw new DamagedExport(story.lineOf(step.record.revision), why);
    folds = step.after !== null;
  }
}

/** Into the store of a data folder that nobody else has open. Throws what the store throws. */
export async function takeInto(store: EventStore, { data }: Pick<Config, 'data'>, file: string): Promise<TakenIn> {
  const withheld = new Set(
    readLedgerFile(data).entries.flatMap(({ references }) => references.map(({ record, name }) => `${record}/${name}`)),
  );
  const log = openLog(store);
  const taken = await takeAll(file, (story) =>
    importStory(story, store, (hash, name) => withheld.has(`${hash}/${name}`)),
  );
  const views = await openViews(data, log);
  try {
    const eraser = openEraser({ directory: data, log, views, clock: Date.now, said: { info() {}, warn() {} } });
    return { ...taken, ...(await settle(views, eraser)), slugsTaken: slugsTaken(taken.outcomes, views) };
  } finally {
    await views.close();
  }
}

/** What was ordered erased, here or in what came in, is gone from every file before this ends. */
async function settle(views: Views, eraser: RunningEraser): Promise<Pick<TakenIn, 'orderedAgain' | 'pending'>> {
  const bar = progressBar('Bringing the views up to date');
  try {
    await eraser.reapplyLedger();
    await views.catchUp(({ events }) => bar.at(events, null));
    await eraser.carryOut().catch(() => {});
    return { orderedAgain: eraser.reapplied().length, pending: eraser.pending().length };
  } finally {
    bar.end();
  }
}

const slugsTaken = (outcomes: readonly StoryOutcome[], views: Views) =>
  outcomes.flatMap((one) => {
    if (one.outcome === 'refused' || one.added === 0 || one.slug === undefined) return [];
    const { story, slug } = one;
    const owner = views.slugOwner(slug);
    return owner !== undefined && owner !== story ? [{ story, slug, owner }] : [];
  });

function report(taken: TakenIn, { json, checked }: { json?: boolean; checked?: boolean }): void {
  const { outcomes, damaged, slugsTaken = [], orderedAgain = 0, pending = 0 } = taken;
  const [imported, continued, there] = (['imported', 'continued', 'there'] as const).map((kind) =>
    outcomes.filter(({ outcome }) => outcome === kind),
  ) as [StoryOutcome[], StoryOutcome[], StoryOutcome[]];
  const refused = outcomes.filter((one) => one.outcome === 'refused');
  const events = outcomes.reduce((sum, one) => sum + (one.outcome === 'refused' ? 0 : one.added), 0);
  const stories = (n: number) => count(n, 'story', 'stories');
  if (json) {
    const counts = { imported: imported.length, continued: continued.length, there: there.length, events };
    const more = {
      refused: refused.map(({ story, because }) => ({ story, because })),
      slugsTaken,
      orderedAgain,
      pending,
    };
    printJson({
      ...(checked ? { checked: outcomes.length } : { ...counts, ...more }),
      damaged: damaged ? { line: damaged.line, problem: damaged.message } : null,
    });
  } else if (checked) {
    if (!damaged) print(`${stories(outcomes.length)} in order: every record, chain and text`);
  } else {
    print(`${stories(imported.length)} imported, ${count(events, 'event')}`);
    if (continued.length) print(`${stories(continued.length)} of them that were there in part`);
    if (there.length) print(`${stories(there.length)} skipped: already there`);
    for (const { story, slug, owner } of slugsTaken)
      print(colours.yellow(`${story}: the slug "${slug}" belongs to ${owner} here; it goes by its id`));
    if (orderedAgain) print(`${count(orderedAgain, 'erasure')} of erasures.jsonl ordered again`);
    if (pending) print(`${count(pending, 'erasure')} not finished yet: the service goes on with it when it starts`);
    for (const { story, because } of refused) print(colours.red(`✗ ${story}: ${because}`));
  }
  if (damaged) {
    const before = checked ? `the ${stories(outcomes.length)} before it are in order` : 'what came before it is in';
    throw new Stop(
      'refused',
      `${damaged.message}\n${outcomes.length ? `${before}; ` : ''}nothing of its own story was taken`,
    );
  }
  if (refused.length) throw new Stop('refused', `${stories(refused.length)} of the file refused`);
}
