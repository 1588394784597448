/** A small service over real HTTP for tests of the rooms web and access. */
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccessModule } from '../../src/access/access.module.js';
import { type Config, parseConfig } from '../../src/config.js';
import { configureApp, fastifyAdapter } from '../../src/web/app.js';
import type { Patience } from '../../src/web/patience.js';
import { WebModule } from '../../src/web/web.module.js';

export interface Service {
  app: NestFastifyApplication;
  config: Config;
  url: string;
  port: number;
  /** The log so far, a line an entry. */
  log: string[];
  /** Lets this much time pass for tokens and sessions. */
  pass(ms: number): void;
  stop(): Promise<void>;
}

export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), 'palimpsest-web-'));
}

export function configOf(env: Record<string, string>): Config {
  const parsed = parseConfig(env);
  if (!parsed.ok) throw new Error(parsed.faults.join('\n'));
  return parsed.config;
}

export async function serve(
  room: ModuleMetadata,
  env: Record<string, string> = {},
  patience?: Patience,
): Promise<Service> {
  const data = freshFolder();
  const config = configOf({ PALIMPSEST_DATA: data, ...env });
  const log: string[] = [];
  let passed = 0;
  const web = WebModule.register(config, { logTo: { write: (line) => void log.push(line) } });
  const access = AccessModule.register(config, () => Date.now() + passed);
  class Root {}
  const root = { module: Root, ...room, imports: [web, access, ...(room.imports ?? [])] };
  const app = await NestFactory.create<NestFastifyApplication>(root, fastifyAdapter(patience), { bufferLogs: true });
  await configureApp(app, config, patience);
  await app.listen(0, config.host);
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    app,
    config,
    port,
    url: `http://127.0.0.1:${port}`,
    log,
    pass: (ms) => {
      passed += ms;
    },
    stop: async () => {
      await app.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
