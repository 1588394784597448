/** `palimpsest compare`: what changed between two versions, coloured on a terminal. */
import { Command } from 'commander';
import { type Palette, renderText, wordMarks } from '../compare/render-text.js';
import type { Config } from '../config.js';
import type { ComparisonAnswer, VersionItem } from '../history/answers.js';
import { type Asking, asked, momentOf, storyPath } from './options.js';
import { colours, print, printJson, shown, timeText } from './outcome.js';
import { readConfig, withService } from './service.js';

interface Options extends Asking {
  all?: boolean;
}

export const compareCommand = (): Command =>
  asked(new Command('compare'))
    .description('Show what changed between two versions of a story.')
    .argument('<story>', 'its slug or id')
    .argument('<a>', 'the earlier one: a version’s number, now, or a time')
    .argument('<b>', 'the later one')
    .option('--all', 'show unchanged paragraphs too')
    .addHelpText(
      'after',
      `
Added words are green and underlined, removed ones red and struck out; without colours {+added+} and [-removed-].

Examples:
  palimpsest compare harrow-bay-ferry-fire 1 2
  palimpsest compare harrow-bay-ferry-fire "2026-05-14 11:30" now`,
    )
    .action(run);

async function run(story: string, a: string, b: string, { all, json, ...identity }: Options): Promise<void> {
  const config = readConfig();
  const sides = [a, b].map((side) => encodeURIComponent(sideOf(side, config))).join('...');
  await withService(identity, async (client) => {
    const answer = await client.get<ComparisonAnswer>(`${storyPath(story)}/compare/${sides}`);
    if (json) return printJson(answer);
    print(colours.dim(`${label(answer.a)} → ${label(answer.b)}`));
    print('');
    const palette = colours.isColorSupported ? coloured : wordMarks;
    print(renderText(answer.comparison, { palette: safe(palette), ...(!all && { context: 1 }) }).trimEnd());
  });
}

const sideOf = (typed: string, config: Config): string =>
  typed === 'now' || /^\d{1,9}$/.test(typed) ? typed : momentOf(typed, config);

const label = ({ version, inForceFrom }: VersionItem): string => `version ${version} (${timeText(inForceFrom)})`;

/** Underlined and struck out as well: nothing depends on colour alone. */
const coloured: Palette = {
  inserted: (text) => colours.green(colours.underline(text)),
  deleted: (text) => colours.red(colours.strikethrough(text)),
  note: (text) => colours.dim(text),
};

const safe = ({ inserted, deleted, note }: Palette): Palette => ({
  inserted: (text) => inserted(shown(text)),
  deleted: (text) => deleted(shown(text)),
  note: (text) => note(shown(text)),
});
