/** `palimpsest replay`: steps through a story's record, for auditors. */
import { Command } from 'commander';
import type { Step } from '../audit/replay.js';
import type { Client } from './client.js';
import { type Asking, asked, storyPath } from './options.js';
import { colours, count, print, printJson, Stop, shown, timeText } from './outcome.js';
import { withService } from './service.js';

export const replayCommand = (): Command =>
  asked(new Command('replay'), 'auditor')
    .description('Step through the record of a story: each event, its texts checked, and the story after it.')
    .argument('<story>', 'its slug or id')
    .addHelpText('after', '\nEnds with 1 if anything is wrong.\n\nExample:\n  palimpsest replay harrow-bay-ferry-fire')
    .action(run);

async function run(story: string, { json, ...identity }: Asking): Promise<void> {
  const steps: Step[] = [];
  let id = story;
  await withService({ ...identity, otherwise: 'auditor' }, async (client) => {
    for await (const page of pages(client, story)) {
      id = page.story;
      steps.push(...page.items);
      if (!json) page.items.forEach(printStep);
    }
  });
  if (json) printJson({ story: id, items: steps });
  const wrong = steps.filter((step) => wrongIn(step).length).length;
  if (wrong)
    throw new Stop('refused', `${count(wrong, 'event')} of ${steps.length} ${wrong === 1 ? 'is' : 'are'} not in order`);
  if (!json) print(`\n${count(steps.length, 'event')}, the chain unbroken; its head is ${steps.at(-1)?.hash}`);
}

interface Page {
  story: string;
  items: Step[];
  next: string | null;
}

async function* pages(client: Client, story: string): AsyncGenerator<Page> {
  for (let cursor = ''; ; ) {
    const page = await client.get<Page>(`${storyPath(story)}/replay?limit=200${cursor}`);
    yield page;
    if (page.next === null) return;
    cursor = `&cursor=${encodeURIComponent(page.next)}`;
  }
}

function wrongIn({ faults, illegalities, texts, state }: Step): string[] {
  return [
    ...faults,
    ...illegalities.map(({ code, detail }) => `${code}: ${detail}`),
    ...Object.entries(texts).flatMap(([name, how]) => (how === 'missing' ? [`the text ${name} is missing`] : [])),
    ...(state ? [] : ['the story after it cannot be told']),
  ];
}

function printStep(step: Step): void {
  const { revision, type, recordedAt, hash, texts, state } = step;
  const states = Map.groupBy(Object.values(texts), (how) => how);
  print(
    [
      colours.bold(String(revision).padStart(4)),
      recordedAt ? timeText(recordedAt) : '(unreadable)',
      type ?? '',
      [...states].map(([how, all]) => `${count(all.length, 'text')} ${how}`).join(', '),
      colours.dim(hash.slice(0, 16)),
    ].join('  '),
  );
  if (state) {
    const { status, inForce, versions, waiting, headline } = state;
    const after = [
      `${status}, ${count(versions, 'version')}`,
      inForce === null ? 'none in force' : `version ${inForce} in force`,
      ...waiting.map(({ version, inForceFrom }) => `version ${version} waits for ${timeText(inForceFrom)}`),
    ];
    print(`      ${after.join('; ')}${headline === null ? '' : `: ${shown(headline)}`}`);
  }
  for (const wrong of wrongIn(step)) print(`      ${colours.red(`✗ ${shown(wrong)}`)}`);
}
