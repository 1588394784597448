/** The whole service on a folder of its own and a free loopback port, asked over real HTTP. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tokens } from '../../src/access/tokens.js';
import { createApp } from '../../src/app.js';
import { parseConfig } from '../../src/config.js';
import type { Comparing } from '../../src/views/comparing.js';
import { VIEWS, type Views } from '../../src/views/views.js';

type Role = 'editor' | 'standards' | 'auditor';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
  json: any;
}

export interface RunningApp {
  url: string;
  data: string;
  token(role: Role): string;
  /** As a reader, or with a role's first-start token. */
  ask(
    path: string,
    options?: { as?: Role; method?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer>;
  /** Every path that answers GET, as the server names it. */
  routes(): string[];
  /** Where long comparisons are made. */
  comparing(): Pick<Comparing, 'pid' | 'underWay'>;
  /** Stops the service; its folder stays. */
  stop(): Promise<void>;
  /** Stops it and takes its folder away. */
  dispose(): Promise<void>;
}

/** `clock`: milliseconds since 1970; `data`: a folder to start on again; `log` is told each line logged. */
export async function startApp(
  options: { clock?: () => number; data?: string; env?: Record<string, string>; log?: (line: string) => void } = {},
): Promise<RunningApp> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'palimpsest-')));
  const parsed = parseConfig({
    PALIMPSEST_DATA: data,
    PALIMPSEST_PORT: '0',
    PALIMPSEST_LOG_LEVEL: 'error',
    ...options.env,
  });
  if (!parsed.ok) throw new Error(parsed.faults.join('\n'));
  const app = await createApp(parsed.config, {
    ...(options.clock && { clock: options.clock }),
    ...(options.log && { logTo: { write: options.log } }),
  });
  await app.listen(0, '127.0.0.1');
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  const tokens = new Tokens(parsed.config.access);
  tokens.firstStart();
  const token = (role: Role) => tokens.firstStartSecrets()[role]!;
  return {
    url,
    data,
    token,
    async ask(path, { as, method, body, headers = {} } = {}) {
      const response = await fetch(`${url}${path}`, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        redirect: 'manual',
        headers: {
          ...(as && { authorization: `Bearer ${token(as)}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const json = /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined;
      return { status: response.status, headers: response.headers, text, json };
    },
    routes: () => routesIn(app.getHttpAdapter().getInstance().printRoutes()),
    comparing: () => app.get<Views>(VIEWS).comparing,
    stop: () => app.close(),
    async dispose() {
      await app.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Of a tree of routes as Fastify draws it: four characters a level, each path behind that of the level above. */
function routesIn(tree: string): string[] {
  const above: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent, part, methods = ''] = /^([│ ]*)[├└]── (\S+)(?: \(([^)]*)\))?/.exec(line) ?? [];
    if (part === undefined) return [];
    const level = indent!.length / 4;
    above.length = level;
    above.push(part);
    return methods.split(', ').includes('GET') ? [above.join('')] : [];
  });
}
