/**
 * The log: JSON lines with the correlation id of the request they belong to. Never a body, a query, a header, or what a
 * person typed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type LoggerOptions, type Logger as Pino, pino } from 'pino';
import type { Config } from '../config.js';
import { currentCorrelation } from './correlation.js';

/** Lines are written together: a write for each takes a thread's time from who answers. What a killed process had not yet written is lost. */
const together = { minLength: 16_000, periodicFlush: 100 };

/** As pino tells the time, written once a millisecond. */
const told = { at: 0, as: '' };
function timestamp(): string {
  const at = Date.now();
  if (at !== told.at) Object.assign(told, { at, as: pino.stdTimeFunctions.isoTime() });
  return told.as;
}

const form: LoggerOptions = {
  base: undefined,
  timestamp,
  formatters: { level: (label) => ({ level: label }) },
};

export function createLog(
  level: Config['logLevel'],
  stream: DestinationStream = pino.destination({ dest: 2, ...together }),
): Pino {
  return pino(
    {
      ...form,
      level,
      mixin: () => {
        const correlationId = currentCorrelation.getStore();
        return correlationId ? { correlationId } : {};
      },
      serializers: { err: errorFacts },
      redact: ['authorization', 'cookie', 'token', 'secret', '*.authorization', '*.cookie', '*.token', '*.secret'],
    },
    stream,
  );
}

/** The same log, for lines of which every member is known to say nothing that must not be said: nothing is looked for in them. */
export function plainLog(log: Pino): Pino {
  const stream = (log as unknown as Record<symbol, DestinationStream>)[pino.symbols.streamSym]!;
  return pino({ ...form, level: log.level }, stream);
}

/** How long the end of a service waits for whoever reads its log, in milliseconds. */
const goodbye = 500;

/** Resolves once all lines are written, or nobody takes them. */
export async function allWritten(log: Pino): Promise<void> {
  const written = promisify<void>((done) => log.flush(done))().catch(() => {});
  await Promise.race([written, sleep(goodbye, undefined, { ref: false })]);
}

/** What may be said of an error: not the messages of parsers and assertions, which quote what they read. */
export function errorFacts(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const quotes = error instanceof SyntaxError || error.name === 'AssertionError';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    name: error.name,
    code: (error as NodeJS.ErrnoException).code,
    message: quotes ? undefined : error.message.slice(0, 300),
    frames: frames.slice(0, 12).map((line) => line.trim()),
    cause: error.cause === undefined ? undefined : errorFacts(error.cause),
  };
}

/** What Nest says while it wires itself is of no interest; that it could not listen it says in words, and throws as well. */
const wiring = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);

/** Nest's logger over pino: its last argument is the context; an error or its stack may come before it. */
export function nestLogger(log: Pino): LoggerService {
  const write =
    (level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace') =>
    (message: unknown, ...rest: unknown[]) => {
      const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
      const said = level === 'info' || (level === 'error' && typeof message === 'string');
      const quiet = said && context !== undefined && wiring.has(context);
      const err = message instanceof Error ? message : rest.find((one) => one instanceof Error);
      // Always a message: without one pino takes the error's.
      log[quiet ? 'debug' : level]({ context, err }, typeof message === 'string' ? message : 'error');
    };
  return {
    fatal: write('fatal'),
    error: write('error'),
    warn: write('warn'),
    log: write('info'),
    debug: write('debug'),
    verbose: write('trace'),
  };
}
