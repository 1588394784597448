/** `palimpsest serve`: runs the service until it is told to stop. */
import { lookup } from 'node:dns/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Command } from 'commander';
import type { Logger } from 'pino';
import { isLoopbackHost } from '../access/origin.js';
import { roles } from '../access/rights.js';
import { Tokens } from '../access/tokens.js';
import { type Config, settingsHelp, settingsInForce } from '../config.js';
import { NoMetrics } from '../telemetry/metrics-listener.js';
import { VIEWS, type Views } from '../views/views.js';
import { LOG } from '../web/tokens.js';
import { boundHeap } from './heap.js';
import { colours, exitCodes, note, print, Stop } from './outcome.js';
import { announce, logLevelOr, openApp, readConfig, unavailable, urlOf } from './service.js';
import { letCompilersWait } from './threads.js';

export const serveCommand = (): Command =>
  new Command('serve')
    .description('Run the service. Ctrl-C stops it, after what is under way has been answered; twice, at once.')
    .addHelpText(
      'after',
      () => `\nSettings, from the environment:\n${settingsHelp()}\n\nExample:\n  PALIMPSEST_PORT=8080 palimpsest serve`,
    )
    .action(serve);

async function serve(): Promise<void> {
  const set = readConfig();
  // A person at a terminal wants the links; lines of JSON would hide them.
  const config = process.stderr.isTTY ? { ...set, logLevel: logLevelOr('warn', set) } : set;
  const app = await openApp(config);
  app.get<Logger>(LOG).info({ settings: settingsInForce(config) }, 'settings');
  const tokens = app.get(Tokens);
  const isFirst = isOnlyLocal(config) && tokens.firstStart();
  const url = await listen(app, config);
  letCompilersWait();
  boundHeap();
  beginAnewWhenDamaged(app, { ...config, port: config.port || Number(new URL(url).port) });
  process.on('SIGINT', stopAtOnceWhenAskedAgain());
  print(`${colours.bold('Palimpsest')} is at ${colours.cyan(config.publicUrl ?? url)}`);
  if (isFirst) {
    print('\nSign in with one of these links, on this machine only:');
    const secrets = tokens.firstStartSecrets();
    for (const role of roles) if (secrets[role]) print(`  ${role.padEnd(10)} ${signInLink(url, secrets[role])}`);
    print('');
  } else {
    print('To sign in: `palimpsest tokens` prints the links, or makes tokens.');
  }
}

/** npm passes on a Ctrl-C that the terminal has already given: what follows so closely is the same one. In milliseconds. */
const oneKeystroke = 500;

/** The first Ctrl-C is Nest's to answer: it closes the app. */
function stopAtOnceWhenAskedAgain(): () => void {
  let asked: number | undefined;
  return () => {
    if (asked === undefined) {
      asked = performance.now();
      note('Finishing what is under way. Ctrl-C again stops at once; nothing acknowledged is lost by it.');
    } else if (performance.now() - asked > oneKeystroke) {
      process.exit(exitCodes.interrupted);
    }
  };
}

/** Gives the address. Throws Stop with what to do; then it is closed. */
async function listen(app: NestFastifyApplication, config: Config): Promise<string> {
  try {
    // Of a name with several addresses, one: `localhost` would be given a second server, without the bounds of the first.
    const { address } = await lookup(config.host, { order: 'ipv4first' });
    await app.listen(config.port, address);
  } catch (error) {
    await app.close();
    if (error instanceof NoMetrics) throw cannotListen(error.cause, 'PALIMPSEST_METRICS', config.metrics!);
    throw cannotListen(error, 'PALIMPSEST_PORT', config);
  }
  const url = urlOf(app, config);
  announce(app, config, url);
  return url;
}

/** With views that turn out to be damaged nobody is answered: the whole service starts again, and makes them anew. */
function beginAnewWhenDamaged(app: NestFastifyApplication, config: Config): void {
  app.get<Views>(VIEWS).whenDamaged(async () => {
    try {
      await app.close();
      const next = await openApp(config);
      await listen(next, config);
      beginAnewWhenDamaged(next, config);
    } catch (error) {
      note(`palimpsest: ${(unavailable(error) ?? (error as Error)).message}`);
      process.exit(exitCodes.unavailable);
    }
  });
}

/** Elsewhere the tokens of the first start would be refused. */
const isOnlyLocal = ({ host, publicUrl }: Config): boolean =>
  isLoopbackHost(host) && (publicUrl === undefined || isLoopbackHost(new URL(publicUrl).hostname));

export const signInLink = (url: string, secret: string): string => `${url}/sign-in?token=${secret}`;

function cannotListen(error: unknown, setting: string, { host, port }: { host: string; port: number }): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const hostSetting = setting === 'PALIMPSEST_PORT' ? 'PALIMPSEST_HOST' : setting;
  const why: Record<string, string> = {
    EADDRINUSE: `port ${port} of ${host} is in use by another program; stop it, or set ${setting} to another port`,
    EACCES: `port ${port} may not be used by you; set ${setting} to one above 1023`,
    EADDRNOTAVAIL: `${host} is no address of this machine; set ${hostSetting} to one that is`,
    ENOTFOUND: `there is no host ${host}; set ${hostSetting} to an address of this machine`,
  };
  return new Stop('unavailable', why[code ?? ''] ?? `cannot listen on ${host} port ${port}: ${message}`);
}
