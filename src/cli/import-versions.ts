/** `palimpsest import versions`: a story's history from a file of another program, a line a version. */
import { createReadStream } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { limits } from '../content/limits.js';
import { isSlug, isUuid } from '../content/slug.js';
import { linesOf, type ReadLine, readLine } from '../transfer/import-line.js';
import { type Importing, importVersions, type LineOutcome } from '../transfer/import-versions.js';
import { type Asking, asked } from './options.js';
import { count, note, print, printJson, progressBar, Stop } from './outcome.js';
import { withService } from './service.js';

const help = `
The file has one JSON object a line, oldest first:
  at (or committedAt)        when readers got it, RFC 3339 with an offset
  markdown, html, text, body what it said: exactly one of them; body is a list of Portable Text blocks
  headline                   else the title in the Markdown's front matter, else --headline
  editor                     a name, or {"id", "name"}: needs a token made with --on-behalf
  note                       the public sentence on why

The first line publishes the story if there is none by this slug; each further one is a new version at its own time.
A line that changes nothing is skipped. What was imported before is found, so run it again after a break.

Example:
  palimpsest import versions terms.jsonl --story terms-of-service`;

export const importVersionsCommand = (): Command =>
  asked(new Command('versions'), 'standards')
    .description('Import the versions of a story, as another program kept them, from a file of JSON lines.')
    .argument('<file>', 'the file, oldest version first')
    .addOption(
      new Option('--story <slug>', 'the story’s slug, or the id of one that is there')
        .argParser(storyName)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--headline <text>', 'for lines that have none').argParser((typed: string) => {
        if (typed.trim() && typed.length <= limits.headline) return typed;
        throw new InvalidArgumentError(`A headline has 1 to ${limits.headline} characters.`);
      }),
    )
    .addHelpText('after', help)
    .action(run);

function storyName(typed: string): string {
  if (isSlug(typed) || isUuid(typed)) return typed;
  throw new InvalidArgumentError('A slug has lower-case letters, digits and single hyphens between them, at most 100.');
}

interface Options extends Asking {
  story: string;
  headline?: string;
}

async function run(file: string, { story, headline, json, ...identity }: Options): Promise<void> {
  const total = await countLines(file);
  const tally: Record<LineOutcome, number> = { imported: 0, unchanged: 0, there: 0 };
  const lines: Importing[] = [];
  const bar = progressBar('Importing');
  await withService({ ...identity, otherwise: 'standards' }, async (client) => {
    let done = 0;
    try {
      for await (const line of importVersions(story, readLines(file, headline), client.ask)) {
        if (line.ok) tally[line.outcome]++;
        lines.push(line);
        bar.at(++done, total);
      }
    } finally {
      bar.end();
    }
  });
  report(story, tally, lines, json);
}

function report(story: string, tally: Record<LineOutcome, number>, lines: readonly Importing[], json?: boolean): void {
  const refused = lines.find((line) => !line.ok);
  if (json) printJson({ story, ...tally, refused: refused ?? null, lines });
  else {
    const unchanged = lines.filter((line) => line.ok && line.outcome === 'unchanged').map(({ line }) => line);
    const dropped = lines.flatMap((line) => (line.ok ? line.dropped : []));
    print(
      [
        `${count(tally.imported, 'version')} imported into ${story}`,
        ...(unchanged.length
          ? [`${count(unchanged.length, 'line')} skipped: nothing changed (${listed(unchanged)})`]
          : []),
        ...(tally.there ? [`${count(tally.there, 'line')} skipped: already there`] : []),
      ].join('\n'),
    );
    if (dropped.length) {
      const kinds = [...new Set(dropped.map(({ what }) => what))];
      note(
        `Not kept, since a version has no place for it: ${kinds.slice(0, 5).join(', ')}${kinds.length > 5 ? ' …' : ''} (--json has every place)`,
      );
    }
  }
  if (!refused || refused.ok) return;
  throw new Stop(
    'refused',
    `line ${refused.line}: ${refused.problem}\nWhat came before it is in. Mend the line and run this again.`,
  );
}

/** `4, 9, 12 and 20 more` */
const listed = (lines: readonly number[]): string =>
  `${lines.length === 1 ? 'line' : 'lines'} ${lines.slice(0, 10).join(', ')}${lines.length > 10 ? ` and ${lines.length - 10} more` : ''}`;

async function* readLines(file: string, headline: string | undefined): AsyncGenerator<ReadLine> {
  try {
    for await (const line of linesOf(createReadStream(file))) yield readLine(line, headline);
  } catch (error) {
    if (error instanceof RangeError) throw new Stop('refused', `${error.message}; nothing that long can be imported`);
    throw error;
  }
}

/** Those that are not empty, for the bar; looking the file through costs nothing beside importing it. */
async function countLines(file: string): Promise<number> {
  let lines = 0;
  try {
    await access(file, constants.R_OK);
    for await (const _ of linesOf(createReadStream(file))) lines++;
  } catch (error) {
    if (error instanceof RangeError) return lines;
    throw new Stop('usage', `${file} cannot be read: ${(error as Error).message}`);
  }
  return lines;
}
