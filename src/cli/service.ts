/**
 * Where a command finds the service: the one that runs on the data folder, or else one that it starts for itself, on a
 * free port of this machine, for as long as it needs it. So every command has one way of asking.
 */
import { readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { isLoopbackHost } from '../access/origin.js';
import { writePrivately } from '../access/private-file.js';
import type { Role } from '../access/rights.js';
import { Tokens } from '../access/tokens.js';
import type { RunningEraser } from '../audit/erasure.js';
import { type Config, parseConfig } from '../config.js';
import { ERASER } from '../event-store/eraser.js';
import { StoreRefused, StoreUnavailable } from '../event-store/port.js';
import { type Client, clientOf } from './client.js';
import { count, note, Stop } from './outcome.js';

/** The settings. Throws Stop `usage` with every fault. `PALIMPSEST_TOKEN` is the command line's own. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const { PALIMPSEST_TOKEN: _, ...settings } = env;
  const parsed = parseConfig(settings);
  if (parsed.ok) return parsed.config;
  throw new Stop('usage', `the settings are not right:\n${parsed.faults.map((fault) => `  ${fault}`).join('\n')}`);
}

const serviceFile = (data: string): string => join(data, 'service.json');

/** Tells commands where the service is, until its server closes. */
export function announce(app: NestFastifyApplication, config: Config, url: string): void {
  const file = serviceFile(config.data);
  writePrivately(file, `${JSON.stringify({ url, pid: process.pid })}\n`);
  app.getHttpServer().once('close', () => {
    if (readService(config.data)?.pid === process.pid) rmSync(file, { force: true });
  });
}

function readService(data: string): { url: string; pid: number } | undefined {
  try {
    const { url, pid } = JSON.parse(readFileSync(serviceFile(data), 'utf8'));
    return typeof url === 'string' && typeof pid === 'number' ? { url, pid } : undefined;
  } catch {
    return undefined;
  }
}

/** The address of the service that runs on this data folder, if it answers; one that was killed leaves its file behind. */
export async function runningService(config: Config): Promise<string | undefined> {
  const told = readService(config.data);
  if (!told) return undefined;
  try {
    const { ok } = await fetch(`${told.url}/health/live`, { signal: AbortSignal.timeout(5000) });
    return ok ? told.url : undefined;
  } catch {
    return undefined;
  }
}

/** How a server that listens is reached from this machine. */
export function urlOf(app: NestFastifyApplication, { host }: Config): string {
  const { port } = app.getHttpServer().address() as AddressInfo;
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

/** Opens the service. Throws Stop with what to do where its data cannot be used. */
export async function openApp(config: Config): Promise<NestFastifyApplication> {
  // Loaded where it is needed: tokens, verify and help answer faster without the whole house.
  const [{ Logger }, { createApp }] = await Promise.all([import('@nestjs/common'), import('../app.js')]);
  // What Nest says before it has our log is not for people: it would print each failure to start a second time.
  Logger.overrideLogger(false);
  try {
    const app = await createApp(config);
    const again = app.get<RunningEraser>(ERASER).reapplied();
    if (again.length > 0) {
      note(
        `An older log was put back: it lacked ${count(again.length, 'erasure')} that erasures.jsonl names. They are ordered anew, and the words are removed.`,
      );
    }
    return app;
  } catch (error) {
    throw unavailable(error) ?? error;
  }
}

/** What keeps the data from being used, if that is what an error says. */
export function unavailable(error: unknown): Stop | undefined {
  if (error instanceof StoreRefused || error instanceof StoreUnavailable) return new Stop('unavailable', error.message);
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_SQLITE_ERROR') {
    return new Stop(
      'unavailable',
      `the views in the data folder cannot be used (${message}); they are no record and may be deleted`,
    );
  }
  if (code && ['EFBIG', 'EDQUOT', 'EIO', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC'].includes(code)) {
    return new Stop(
      'unavailable',
      `the data folder cannot be used (${message}); set PALIMPSEST_DATA to one that you may write to`,
    );
  }
  return undefined;
}

/** In whose name: `--token`, else `--as`, else `PALIMPSEST_TOKEN`, else `otherwise`, else a reader's. */
export interface Identity {
  token?: string;
  /** With the first start's token of this role. */
  as?: Role;
  otherwise?: Role;
}

/** Runs `work` against the service. */
export async function withService<T>(identity: Identity, work: (client: Client) => Promise<T>): Promise<T> {
  const config = readConfig();
  const running = await runningService(config);
  if (running) return work(clientOf(running, tokenFor(identity, config)));
  const own = {
    ...config,
    host: '127.0.0.1',
    port: 0,
    publicUrl: undefined,
    metrics: undefined,
    tracing: { ...config.tracing, endpoint: undefined, tracesEndpoint: undefined },
    logLevel: logLevelOr('error', config),
  };
  const app = await openApp(own);
  try {
    const tokens = app.get(Tokens);
    tokens.firstStart();
    await app.listen(0, own.host);
    const client = clientOf(urlOf(app, own), tokenFor(identity, config));
    await untilReady(client);
    return await work(client);
  } finally {
    await app.close();
  }
}

/** What is set goes before `otherwise`. */
export const logLevelOr = (otherwise: Config['logLevel'], { logLevel }: Config): Config['logLevel'] =>
  process.env.PALIMPSEST_LOG_LEVEL ? logLevel : otherwise;

/** Views that are missing or behind are built first. */
async function untilReady({ url }: Client): Promise<void> {
  for (let waited = 0; ; waited++) {
    const response = await fetch(`${url}/health/ready`);
    if (response.ok) return;
    if (waited === 20) note('Bringing the views up to date …');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function tokenFor({ token, as, otherwise }: Identity, { access, host }: Config): string | undefined {
  if (token) return token;
  if (!as && process.env.PALIMPSEST_TOKEN) return process.env.PALIMPSEST_TOKEN;
  const role = as ?? otherwise;
  if (!role) return undefined;
  const secret = new Tokens(access).firstStartSecrets()[role];
  if (secret && isLoopbackHost(host)) return secret;
  throw new Stop(
    'refused',
    `this needs a token of the role ${role}: give --token or set PALIMPSEST_TOKEN. palimpsest tokens create --name NAME --role ${role} makes one.`,
  );
}
