/** `palimpsest history`: a story's versions, newest first. */
import { Command } from 'commander';
import type { Absent } from '../content/types.js';
import type { StoryAnswer, VersionItem, VersionListAnswer } from '../history/answers.js';
import { type Asking, asked, storyPath } from './options.js';
import { colours, count, print, printJson, shown, timeText } from './outcome.js';
import { withService } from './service.js';

export const historyCommand = (): Command =>
  asked(new Command('history'))
    .description('List the versions of a story, newest first.')
    .argument('<story>', 'its slug or id')
    .addHelpText(
      'after',
      '\nExamples:\n  palimpsest history harrow-bay-ferry-fire\n  palimpsest history harrow-bay-ferry-fire --as editor --json',
    )
    .action(run);

async function run(name: string, { json, ...identity }: Asking): Promise<void> {
  await withService(identity, async (client) => {
    let story: StoryAnswer | undefined;
    const items: VersionItem[] = [];
    let next: string | null = null;
    do {
      const query: string = next === null ? '' : `&cursor=${encodeURIComponent(next)}`;
      const page: VersionListAnswer = await client.get<VersionListAnswer>(
        `${storyPath(name)}/versions?limit=200${query}`,
      );
      story = page.story;
      items.push(...page.items);
      next = page.next;
    } while (next !== null);
    if (json) return printJson({ story, items });
    print(`${colours.bold(story.slug ?? story.id)}  ${story.status}, ${count(items.length, 'version')}`);
    for (const item of items) printVersion(item);
  });
}

function printVersion(item: VersionItem): void {
  const { version, inForceFrom, recordedAt, imported, acts, editor, headline, note, changes } = item;
  const marks = (['current', 'waiting', 'cancelled', 'hidden', 'imported'] as const).filter((mark) => item[mark]);
  const by = editor && ('name' in editor ? editor.name : said(editor));
  print('');
  print(
    [
      colours.bold(String(version).padStart(4)),
      timeText(inForceFrom),
      acts.map((act) => actNames[act]).join(', '),
      by && `by ${shown(by)}`,
      ...(marks.length ? [colours.yellow(`[${marks.join(', ')}]`)] : []),
    ]
      .filter(Boolean)
      .join('  '),
  );
  if (!imported && inForceFrom !== recordedAt) print(`      recorded ${timeText(recordedAt)}`);
  if (headline !== null) print(`      ${shown(said(headline))}`);
  if (note !== null) print(`      ${colours.italic(shown(said(note)))}`);
  if (changes) {
    const { added, removed } = changes.words;
    print(`      ${colours.green(`+${count(added, 'word')}`)} ${colours.red(`−${count(removed, 'word')}`)}`);
  }
}

const actNames: Record<VersionItem['acts'][number], string> = {
  StoryPublished: 'published',
  StoryUpdated: 'updated',
  StatementAdded: 'statement added',
  CorrectionIssued: 'corrected',
  VersionRestored: 'restored',
};

const said = (text: string | Absent): string => (typeof text === 'string' ? text : `(${text._absent})`);
