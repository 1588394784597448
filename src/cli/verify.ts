/** `palimpsest verify`: proves the whole log and the views. Reads the files themselves, beside a running service or not. */
import { Command } from 'commander';
import { compareLedger } from '../audit/compare-ledger.js';
import { compareViews } from '../audit/compare-views.js';
import {
  type ChainHead,
  type Finding,
  type Pending,
  type TextCounts,
  type Verifying,
  verify,
} from '../audit/verify.js';
import { openLog } from '../event-store/log.js';
import { openStore } from '../event-store/open.js';
import { UnreadableRecord } from '../event-store/sealing.js';
import { colours, count, print, printJson, progressBar, Stop, shown } from './outcome.js';
import { readConfig } from './service.js';

export const verifyCommand = (): Command =>
  new Command('verify')
    .description('Prove that nothing recorded was altered or lost, and that what is shown is what was recorded.')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Checks of the whole log: each story's chain is unbroken, every text is verified or was erased by authority, every
reference is to something written, every event may follow those before it, the views equal a fresh replay, the log has
every erasure that erasures.jsonl names. Words whose erasure is not finished are listed; that alone is no fault.
Prints the head of each story's chain. Keep these elsewhere: whoever alters the past has to alter them too.
Changes nothing; the service may be running. Ends with 1 if anything is wrong.

Example:
  palimpsest verify --json > heads-of-today.json`,
    )
    .action(run);

interface Verified {
  ok: boolean;
  stories: number;
  events: number;
  texts: TextCounts;
  views: 'equal' | 'different' | 'none' | 'unchecked';
  heads: ChainHead[];
  findings: Finding[];
  pending: Pending[];
}

async function run({ json }: { json?: boolean }): Promise<void> {
  const config = readConfig();
  const { data } = config;
  const store = await openStore(config, { readOnly: true });
  try {
    const log = openLog(store);
    const verified = await gather(verify(store), compareViews(data, log), compareLedger(data, log));
    if (json) printJson(verified);
    else report(verified);
    const { findings } = verified;
    if (findings.length)
      throw new Stop('refused', `${count(findings.length, 'thing')} ${findings.length === 1 ? 'is' : 'are'} wrong`);
  } finally {
    await store.close();
  }
}

const titles = { reading: 'Reading the log', checking: 'Checking events', views: 'Replaying into new views' };

async function gather(
  log: AsyncGenerator<Verifying>,
  views: ReturnType<typeof compareViews>,
  ledger: AsyncGenerator<Verifying>,
): Promise<Verified> {
  const heads: ChainHead[] = [];
  const findings: Finding[] = [];
  const pending: Pending[] = [];
  let checked: Verifying & { kind: 'checked' };
  let phase: keyof typeof titles | undefined;
  let bar = progressBar('');
  const take = (step: Verifying) => {
    if (step.kind === 'finding') findings.push(step.finding);
    if (step.kind === 'pending') pending.push(step.pending);
    if (step.kind === 'head') heads.push(step.head);
    if (step.kind === 'checked') checked = step;
    if (step.kind !== 'progress') return;
    if (step.phase !== phase) {
      bar.end();
      bar = progressBar(titles[step.phase]);
      phase = step.phase;
    }
    bar.at(step.done, step.total);
  };
  try {
    for await (const step of log) take(step);
    const compared = await viewsOutcome(views, take);
    for await (const step of ledger) take(step);
    const { stories, events, texts } = checked!;
    return { ok: findings.length === 0, stories, events, texts, views: compared, heads, findings, pending };
  } finally {
    bar.end();
  }
}

async function viewsOutcome(
  views: ReturnType<typeof compareViews>,
  take: (step: Verifying) => void,
): Promise<Verified['views']> {
  try {
    for (;;) {
      const { done, value } = await views.next();
      if (done) return value.views;
      take(value);
    }
  } catch (error) {
    // Said already of the record itself; nothing can be replayed over it.
    if (error instanceof UnreadableRecord) return 'unchecked';
    throw error;
  }
}

function report({ stories, events, texts, views, heads, findings, pending }: Verified): void {
  for (const { story, revision, hash } of heads) print(`${story}  ${String(revision).padStart(6)}  ${hash}`);
  if (heads.length) print('');
  for (const { code, story, revision, detail } of findings) {
    const where = [story, revision].filter((part) => part !== undefined).join(' revision ');
    print(colours.red(`✗ ${code}${where ? `  ${where}` : ''}: ${shown(detail)}`));
  }
  for (const { where, story, revision, detail } of pending) {
    print(colours.yellow(`… erasure-pending  ${story} revision ${revision} (${where}): ${shown(detail)}`));
  }
  const mark = (good: boolean) => (good ? colours.green('✓') : colours.red('✗'));
  const inLog = findings.filter(({ code }) => !code.startsWith('views-')).length;
  print(`${mark(inLog === 0)} ${count(stories, 'story', 'stories')}, ${count(events, 'event')}`);
  const { verified, erased, missing } = texts;
  print(
    `${mark(missing === 0)} texts: ${verified} verified, ${erased} erased by authority, ${texts['erasure-pending']} erasure pending, ${missing} missing`,
  );
  print(`${mark(views === 'equal' || views === 'none')} ${viewsSaid[views]}`);
  const inCluster = pending.filter(({ where }) => where === 'cluster').length;
  if (inCluster > 0) print('… Erased words that lie in the cluster go with the next scavenge on each of its nodes.');
  if (pending.length > inCluster) {
    print(
      '… Pending words are shown to nobody. A running service removes them, trying again until no program reads an old state of the files; start it if it does not run.',
    );
  }
}

const viewsSaid: Record<Verified['views'], string> = {
  equal: 'the views equal a fresh replay, row for row',
  different: 'the views differ from a fresh replay',
  none: 'there are no views to compare: the next start makes them',
  unchecked: 'the views were not compared: the log cannot be replayed',
};
