/** `palimpsest compare`: what changed between two versions, coloured on a terminal. */
import { Command, Option } from 'commander';
import { ansi, renderText, wordMarks } from '../compare/render-text.js';
import { renderUnified } from '../compare/render-unified.js';
import type { Config } from '../config.js';
import type { ComparisonAnswer, VersionItem } from '../history/answers.js';
import { type Asking, asked, momentOf, storyPath } from './options.js';
import { colours, print, printJson, shown, timeText } from './outcome.js';
import { readConfig, withService } from './service.js';

interface Options extends Asking {
  all?: boolean;
  format: 'text' | 'unified' | 'json';
  color: 'always' | 'never' | 'auto';
}

export const compareCommand = (): Command =>
  asked(new Command('compare'))
    .description('Show what changed between two versions of a story.')
    .argument('<story>', 'its slug or id')
    .argument('<a>', 'the earlier one: a version’s number, now, or a time')
    .argument('<b>', 'the later one')
    .option('--all', 'show unchanged paragraphs too')
    .addOption(
      new Option('--format <format>', 'words marked in place, a diff of lines, or all that is known')
        .choices(['text', 'unified', 'json'])
        .default('text'),
    )
    .addOption(
      new Option('--color <when>', 'auto: on a terminal, unless NO_COLOR is set')
        .choices(['always', 'never', 'auto'])
        .default('auto'),
    )
    .addHelpText(
      'after',
      `
Added words are green and underlined, removed ones red and struck out; without colours {+added+} and [-removed-].

Examples:
  palimpsest compare harrow-bay-ferry-fire 1 2
  palimpsest compare harrow-bay-ferry-fire 1 2 --format unified
  palimpsest compare harrow-bay-ferry-fire "2026-05-14 11:30" now`,
    )
    .action(run);

async function run(story: string, a: string, b: string, options: Options): Promise<void> {
  const { all, json, format, color, ...identity } = options;
  const config = readConfig();
  const sides = [a, b].map((side) => encodeURIComponent(sideOf(side, config))).join('...');
  const coloured = color === 'always' || (color === 'auto' && colours.isColorSupported);
  await withService(identity, async (client) => {
    const answer = await client.get<ComparisonAnswer>(`${storyPath(story)}/compare/${sides}`);
    if (json || format === 'json') return printJson(answer);
    const { comparison } = answer;
    const [before, after] = [label(answer.a), label(answer.b)];
    if (format === 'unified') {
      const lines = renderUnified(comparison, { before, after, ...(all && { context: Number.MAX_SAFE_INTEGER }) });
      return lines === '' ? undefined : print(colouredLines(shown(lines).trimEnd(), coloured));
    }
    const head = `${before} → ${after}`;
    print(coloured ? ansi.note(head) : head);
    print('');
    const text = renderText(comparison, { palette: coloured ? ansi : wordMarks, ...(!all && { context: 1 }) });
    print((coloured ? text : shown(text)).trimEnd());
  });
}

const sideOf = (typed: string, config: Config): string =>
  typed === 'now' || /^\d{1,9}$/.test(typed) ? typed : momentOf(typed, config);

const label = ({ version, inForceFrom }: VersionItem): string => `version ${version} (${timeText(inForceFrom)})`;

function colouredLines(lines: string, coloured: boolean): string {
  if (!coloured) return lines;
  const paint = (line: string) => {
    if (/^(---|\+\+\+|@@)/.test(line)) return ansi.note(line);
    return line.startsWith('+') ? ansi.inserted(line) : line.startsWith('-') ? ansi.deleted(line) : line;
  };
  return lines.split('\n').map(paint).join('\n');
}
