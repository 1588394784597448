/** The command line as a whole: its commands, its help, and how everything that goes wrong becomes an exit code. */
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { asOfCommand } from './as-of.js';
import { authorshipCommand } from './authorship.js';
import { backupCommand, restoreCommand } from './backup.js';
import { compareCommand } from './compare.js';
import { copyCommand } from './copy.js';
import { eraseCommand } from './erase.js';
import { erasuresCommand } from './erasures.js';
import { exampleCommand } from './example.js';
import { exportCommand } from './export.js';
import { historyCommand } from './history.js';
import { importCommand } from './import.js';
import { kurrentdbUserCommand } from './kurrentdb-user.js';
import { exitCodes, note, printJson, Stop } from './outcome.js';
import { rebuildCommand } from './rebuild.js';
import { replayCommand } from './replay.js';
import { serveCommand } from './serve.js';
import { unavailable } from './service.js';
import { tokensCommand } from './tokens.js';
import { verifyCommand } from './verify.js';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

const afterHelp = `
Exit codes:
  0  done            1  refused, or something is wrong with what was checked
  2  wrong usage     3  the service or its data cannot be reached
130  interrupted     (serve ends so after Ctrl-C)

Settings come from the environment; palimpsest serve --help lists them. PALIMPSEST_TOKEN is the token to ask with
where neither --token nor --as is given.`;

function program(): Command {
  const palimpsest = new Command('palimpsest')
    .description('Every version of a news story, kept as events.')
    .version(version)
    .addHelpText('after', afterHelp);
  for (const command of [
    serveCommand(),
    exampleCommand(),
    importCommand(),
    exportCommand(),
    asOfCommand(),
    historyCommand(),
    compareCommand(),
    authorshipCommand(),
    replayCommand(),
    verifyCommand(),
    eraseCommand(),
    erasuresCommand(),
    rebuildCommand(),
    backupCommand(),
    restoreCommand(),
    copyCommand(),
    kurrentdbUserCommand(),
    tokensCommand(),
  ]) {
    palimpsest.addCommand(command);
  }
  return settled(palimpsest);
}

/** Commands throw instead of exiting, options belong to the command before them, a wrong word gets a pointer to the help. */
function settled(command: Command): Command {
  command.exitOverride().enablePositionalOptions().showHelpAfterError('(--help says more)').showSuggestionAfterError();
  command.commands.forEach(settled);
  return command;
}

/** Runs a command line; gives the exit code. `serve` goes on after that. */
export async function run(argv: readonly string[]): Promise<number> {
  // A reader that has seen enough, such as `head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.ok);
    throw error;
  });
  try {
    await program().parseAsync(argv, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const stop = error instanceof Stop ? error : unavailable(error);
    if (!stop) throw error;
    if (stop.message) note(`palimpsest: ${stop.message}`);
    if (stop.answer !== undefined && argv.includes('--json')) printJson(stop.answer);
    return exitCodes[stop.ending];
  }
}
