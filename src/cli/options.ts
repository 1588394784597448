/** Options that several commands share. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Role, roles } from '../access/rights.js';
import type { Config } from '../config.js';
import { readMoment } from '../reading/moment.js';
import type { Instant } from '../story/instant.js';
import { Stop } from './outcome.js';

export interface Asking {
  token?: string;
  as?: Role;
  json?: boolean;
}

const tokenOption = () =>
  new Option('--token <token>', 'the token to ask with (or set PALIMPSEST_TOKEN)').argParser((typed: string) => {
    if (/^[\x21-\x7e]+$/.test(typed)) return typed;
    throw new InvalidArgumentError('A token has no spaces.');
  });

/** For commands whose answer depends on who asks. `otherwise`: as whom without these options and PALIMPSEST_TOKEN. */
export const asked = (command: Command, otherwise: Role | 'reader' = 'reader'): Command =>
  identified(command, otherwise).option('--json', 'print JSON');

/** The same, for those that print no JSON. */
export const identified = (command: Command, otherwise: Role | 'reader' = 'reader'): Command =>
  command
    .addOption(tokenOption())
    .addOption(
      new Option('--as <role>', `ask with the first start’s token of this role (otherwise as ${otherwise})`).choices(
        roles,
      ),
    );

/** A moment as a person types it. Throws Stop `usage`. */
export function momentOf(typed: string, { timezone }: Config): Instant {
  const instant = readMoment(typed, timezone);
  if (instant) return instant;
  throw new Stop(
    'usage',
    `"${typed}" is no time; write 2026-05-14T11:30:00Z, or "2026-05-14 11:30" as clocks in ${timezone} show it`,
  );
}

/** A story's name in a path: a slug or an id. */
export const storyPath = (story: string): string => `/api/stories/${encodeURIComponent(story)}`;
