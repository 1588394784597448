/** `palimpsest as-of`: what a story said at an instant. */
import { Command, Option } from 'commander';
import type { AsOfAnswer } from '../history/answers.js';
import { type Asking, asked, momentOf, storyPath } from './options.js';
import { colours, print, printJson, shown, timeText } from './outcome.js';
import { readConfig, withService } from './service.js';

interface Options extends Asking {
  knownAt?: string;
  format: 'text' | 'markdown';
}

export const asOfCommand = (): Command =>
  asked(new Command('as-of'))
    .description('Show what a story said at an instant; now, if none is given.')
    .argument('<story>', 'its slug or id')
    .argument('[at]', 'an RFC 3339 time, or "2026-05-14 11:30" in the service’s time zone')
    .option('--known-at <time>', 'as it was known then (for editors and auditors)')
    .addOption(
      new Option('--format <format>', 'how the words are printed').choices(['text', 'markdown']).default('text'),
    )
    .addHelpText(
      'after',
      `
Examples:
  palimpsest as-of harrow-bay-ferry-fire
  palimpsest as-of harrow-bay-ferry-fire "2026-05-14 11:30"
  palimpsest as-of harrow-bay-ferry-fire 2026-05-14T11:30:00+01:00 --format markdown`,
    )
    .action(run);

async function run(
  story: string,
  at: string | undefined,
  { knownAt, format, json, ...identity }: Options,
): Promise<void> {
  const config = readConfig();
  const query = new URLSearchParams({
    ...(at !== undefined && at !== 'now' && { asOf: momentOf(at, config) }),
    ...(knownAt !== undefined && { knownAt: momentOf(knownAt, config) }),
  });
  await withService(identity, async (client) => {
    const answer = await client.get<AsOfAnswer>(`${storyPath(story)}${query.size ? `?${query}` : ''}`);
    if (json) return printJson(answer);
    const words = await client.getText(`${storyPath(story)}/versions/${answer.version}?format=${format}`);
    print(colours.dim(lifeOf(answer)));
    print('');
    print(shown(words).trimEnd());
  });
}

function lifeOf({ version, inForceFrom, recordedAt, imported, reigns, hidden }: AsOfAnswer): string {
  const times = reigns.map(({ from, until }) => `from ${timeText(from)}${until ? ` to ${timeText(until)}` : ''}`);
  return [
    `Version ${version}, in force ${times.join(' and ') || `from ${timeText(inForceFrom)}`}`,
    ...(inForceFrom === recordedAt ? [] : [`${imported ? 'imported' : 'recorded'} ${timeText(recordedAt)}`]),
    ...(hidden ? ['hidden from readers'] : []),
  ].join('; ');
}
