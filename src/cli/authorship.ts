/** `palimpsest authorship`: the text of a version with a margin of the versions that wrote it. */
import { Command } from 'commander';
import type { AuthorshipAnswer } from '../history/answers.js';
import { type AuthorshipPalette, authorshipText } from '../history/authorship-text.js';
import { type Asking, asked, momentOf, storyPath } from './options.js';
import { colours, print, printJson, Stop, shown } from './outcome.js';
import { readConfig, withService } from './service.js';

interface Options extends Asking {
  version?: string;
  asOf?: string;
  by?: string;
}

export const authorshipCommand = (): Command =>
  asked(new Command('authorship'))
    .description('Show which version first wrote each word of a story, and which brought it back or moved it.')
    .argument('<story>', 'its slug or id')
    .option('--version <number>', 'the words of this version (otherwise of the one in force)')
    .option('--as-of <time>', 'the words of what was in force then')
    .option('--by <version>', 'only what this version, or this editor, wrote and removed')
    .addHelpText(
      'after',
      `
In the margin 1↩4→6 is said of words first written in version 1, brought back by 4 and moved by 6. On a terminal words
are the brighter the later they were written.

Examples:
  palimpsest authorship harrow-bay-ferry-fire
  palimpsest authorship harrow-bay-ferry-fire --as-of "2026-05-14 11:30"
  palimpsest authorship harrow-bay-ferry-fire --by 3 --json`,
    )
    .action(run);

async function run(story: string, { version, asOf, by, json, ...identity }: Options): Promise<void> {
  if (version !== undefined && asOf !== undefined) throw new Stop('usage', 'give --version or --as-of, not both');
  const query = new URLSearchParams({
    limit: '200',
    ...(version !== undefined && { version }),
    ...(asOf !== undefined && { asOf: momentOf(asOf, readConfig()) }),
    ...(by !== undefined && { by }),
  });
  await withService(identity, async (client) => {
    const ask = () => client.get<AuthorshipAnswer>(`${storyPath(story)}/authorship?${query}`);
    const answer = await ask();
    const versions = new Map(answer.versions.map((one) => [one.version, one]));
    while (answer.next !== null) {
      query.set('cursor', answer.next);
      const more = await ask();
      for (const one of more.versions) versions.set(one.version, one);
      answer.removed.push(...more.removed);
      answer.next = more.next;
    }
    answer.versions = [...versions.values()].sort((a, b) => a.version - b.version);
    if (json) return printJson(answer);
    print(colours.dim(`The words of version ${answer.version}`));
    print('');
    print(authorshipText(answer, paletteFor(answer)).trimEnd());
  });
}

/** From the oldest words to the latest. */
const ages = [colours.dim, (text: string) => text, colours.cyan, colours.green, colours.yellow];

function paletteFor({ versions }: AuthorshipAnswer): AuthorshipPalette {
  const age = new Map(versions.map(({ version }, i) => [version, i / Math.max(1, versions.length - 1)]));
  return {
    words: (text, version) => ages[Math.round((age.get(version) ?? 0) * (ages.length - 1))]!(shown(text)),
    note: (text) => colours.dim(shown(text)),
  };
}
