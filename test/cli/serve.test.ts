/** `palimpsest serve` as a person starts, stops and misconfigures it. Needs `npm run build`. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { palimpsest, type Served, serve } from '../support/serve.js';

jest.setTimeout(60_000);

let data: string;
const started: Served[] = [];
beforeAll(() => {
  // jest asks its children for colours on a terminal.
  delete process.env.FORCE_COLOR;
});
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'palimpsest-cli-'));
});
afterEach(async () => {
  for (const service of started.splice(0)) await service.stop();
  await rm(data, { recursive: true, force: true });
});

async function start(): Promise<Served> {
  const service = await serve(data);
  started.push(service);
  return service;
}
const printed = async (service: Served, pattern: RegExp): Promise<string> => {
  for (;;) {
    const line = service.printed.find((line) => pattern.test(line));
    if (line) return line;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

/** Runs with settings of its own; `palimpsest` chooses a free port and this folder. */
async function palimpsestWith(settings: Record<string, string>, ...args: string[]) {
  const before = { ...process.env };
  Object.assign(process.env, settings);
  try {
    return await palimpsest(data, ...args);
  } finally {
    for (const name of Object.keys(settings)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

describe('serve', () => {
  test('prints its address and, the first time only, a sign-in link a role', async () => {
    const first = await start();
    for (const role of ['editor', 'standards', 'auditor']) {
      const line = await printed(first, new RegExp(`^ +${role} `));
      const link = /http\S+/.exec(line)![0];
      expect(link.startsWith(`${first.url}/sign-in?token=pal_`)).toBe(true);
      expect((await fetch(link)).status).toBe(200);
    }
    await first.stop();
    const second = await start();
    expect(await printed(second, /palimpsest tokens/)).toMatch('To sign in');
    expect(second.printed.join('\n')).not.toMatch('pal_');
  });

  test('what it writes is for its own account alone, in a folder that others may read too', async () => {
    await chmod(data, 0o755);
    await (await start()).stop();
    const files = (await readdir(data)).filter((name) => statSync(join(data, name)).isFile());
    expect(files).toEqual(expect.arrayContaining(['events.db', expect.stringMatching(/^views-/)]));
    expect(files.filter((name) => (statSync(join(data, name)).mode & 0o077) !== 0)).toEqual([]);
  });

  test('at a terminal the links are the last thing to see, until something is wrong; elsewhere the log tells the settings and what is asked', async () => {
    const terminal = `data:text/javascript,${encodeURIComponent('process.stderr.isTTY = true')}`;
    for (const [isTerminal, execArgv] of [
      [true, ['--import', terminal]],
      [false, []],
    ] as const) {
      let logged = '';
      const service = await serve(data, {
        stderr: 'pipe',
        onError: (text) => (logged += text),
        env: { PALIMPSEST_LOG_LEVEL: '' },
        execArgv: [...execArgv],
      });
      started.push(service);
      await fetch(service.url);
      await service.stop();
      const [settings, asked] = [/"msg":"settings"/, /"route":"\/"/];
      if (isTerminal) expect(logged).toBe('');
      else expect(logged).toMatch(new RegExp(`${settings.source}[\\s\\S]*${asked.source}`));
    }
  });

  test('says where it is in service.json as long as it runs, and goes when asked to', async () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const service = await start();
      await printed(service, /sign in/i);
      const told = JSON.parse(await readFile(join(data, 'service.json'), 'utf8'));
      expect(told).toEqual({ url: service.url, pid: service.process.pid });
      expect(statSync(join(data, 'service.json')).mode & 0o077).toBe(0);
      service.process.kill(signal);
      await once(service.process, 'exit');
      expect(existsSync(join(data, 'service.json'))).toBe(false);
    }
  });

  test('at a name with several addresses it listens at one of them', async () => {
    const service = await serve(data, { env: { PALIMPSEST_HOST: 'localhost' } });
    started.push(service);
    const { port } = new URL(service.url);
    expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200);
    await expect(fetch(`http://[::1]:${port}/health/live`)).rejects.toThrow();
  });

  test('asked twice it goes at once, whatever is under way, and says so', async () => {
    const service = await serve(data, { stderr: 'pipe' });
    started.push(service);
    const noted: string[] = [];
    service.process.stderr!.on('data', (text) => noted.push(String(text)));
    // A request that never ends keeps a closing service waiting.
    const { host, hostname, port } = new URL(service.url);
    const slow = connect(Number(port), hostname);
    slow.on('error', () => {});
    slow.write(`POST /api/stories HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 9\r\n\r\n{`);
    await once(slow, 'connect');
    await fetch(`${service.url}/health/live`);
    service.process.kill('SIGINT');
    await once(service.process.stderr!, 'data');
    const exited = once(service.process, 'exit');
    // As npm does, which passes on what the terminal has given already; then as somebody in a hurry.
    const again = setInterval(() => service.process.kill('SIGINT'), 100);
    const [code] = await exited;
    clearInterval(again);
    slow.destroy();
    expect([code, noted.join('')]).toEqual([130, expect.stringContaining('Ctrl-C again stops at once')]);
  });

  test('a service that was killed leaves nothing in the way of the next, or of a command', async () => {
    const service = await start();
    await printed(service, /sign in/i);
    service.process.kill('SIGKILL');
    await once(service.process, 'exit');
    expect(existsSync(join(data, 'service.json'))).toBe(true);
    expect(await palimpsest(data, 'example')).toMatchObject({ code: 0 });
    await start();
  });

  test('a second one on the same folder is refused, and told so once', async () => {
    await start();
    const second = await palimpsest(data, 'serve');
    expect(second).toMatchObject({ code: 3, stdout: '' });
    expect(second.stderr).toMatch(/^palimpsest: .* in use by another Palimpsest.*\n$/);
  });

  test('a port that is taken is named, with what to do, and told so once', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const refused = await palimpsestOn(port);
    other.close();
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/^palimpsest: .* is in use .* set PALIMPSEST_PORT .*\n$/);
    expect(refused.stderr).toMatch(`port ${port} of 127.0.0.1`);
  });

  test('so is one that metrics are to have', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const refused = await palimpsestWith({ PALIMPSEST_METRICS: `127.0.0.1:${port}` }, 'serve');
    other.close();
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(new RegExp(`^palimpsest: port ${port} .* set PALIMPSEST_METRICS .*\\n$`));
  });

  test('a data folder that is none is named', async () => {
    const file = join(data, 'file');
    await writeFile(file, '');
    const { code, stderr } = await palimpsest(file, 'serve');
    expect([code, stderr]).toEqual([3, expect.stringContaining(file)]);
  });

  test('a data folder of a newer Palimpsest is named, and left as it is', async () => {
    await (await start()).stop();
    const file = join(data, 'events.db');
    const events = new DatabaseSync(file);
    events.exec('PRAGMA user_version = 99');
    events.close();
    const before = await readFile(file);
    const { code, stderr } = await palimpsest(data, 'serve');
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/^palimpsest: \S+events\.db was written by a newer Palimpsest .* Upgrade to open it\.\n$/),
    ]);
    expect((await readFile(file)).equals(before)).toBe(true);
  });

  test('every fault of the settings is listed at once', async () => {
    const settings = { PALIMPSEST_TIMEZONE: 'Mars/Olympus', PALIMPSEST_HISTORY: 'all' };
    const { code, stderr } = await palimpsestWith(settings, 'serve');
    expect(code).toBe(2);
    expect(stderr).toMatch('PALIMPSEST_TIMEZONE');
    expect(stderr).toMatch('PALIMPSEST_HISTORY is not a setting');
  });

  test('its help lists every setting', async () => {
    const { code, stdout } = await palimpsest(data, 'serve', '--help');
    expect(code).toBe(0);
    for (const setting of ['HOST', 'PORT', 'DATA', 'STORE', 'PUBLIC_URL', 'TIMEZONE', 'PUBLIC_HISTORY']) {
      expect(stdout).toMatch(`PALIMPSEST_${setting}`);
    }
  });

  test('on a Node.js that is too old it says what to do', async () => {
    const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })`;
    const main = join(import.meta.dirname, '../../dist/cli/main.js');
    const child = execFile(process.execPath, [
      '--import',
      `data:text/javascript,${encodeURIComponent(old)}`,
      main,
      'serve',
    ]);
    let stderr = '';
    child.stderr!.on('data', (text) => {
      stderr += text;
    });
    const [code] = await once(child, 'exit');
    expect([code, stderr]).toEqual([3, expect.stringContaining('needs Node.js 24.9 or newer, and this is 20.20.2')]);
  });
});

describe('tokens', () => {
  const tokens = async (...args: string[]) => JSON.parse((await palimpsest(data, 'tokens', ...args, '--json')).stdout);

  test('of the first start are printed by role, while there are any', async () => {
    expect(await tokens()).toEqual({});
    await start();
    expect(Object.keys(await tokens())).toEqual(['editor', 'standards', 'auditor']);
    await palimpsest(data, 'tokens', 'revoke', 'first start, editor');
    expect(Object.keys(await tokens())).toEqual(['standards', 'auditor']);
  });

  test('hold for a running service from their making to their revocation', async () => {
    const { url } = await start();
    const { secret, ...made } = await tokens('create', '--name', 'Desk', '--role', 'auditor', '--expires', '90d');
    expect(made).toMatchObject({ name: 'Desk', role: 'auditor', onBehalf: false, usable: true });
    const ask = async () =>
      (await fetch(`${url}/api/events`, { headers: { authorization: `Bearer ${secret}` } })).status;
    expect(await ask()).toBe(200);
    expect((await palimpsest(data, 'tokens', 'create', '--name', 'Desk', '--role', 'editor')).code).toBe(1);
    expect((await palimpsest(data, 'tokens', 'revoke', 'Desk')).code).toBe(0);
    expect(await ask()).toBe(401);
    expect((await palimpsest(data, 'tokens', 'revoke', 'Desk')).code).toBe(1);
    expect(await readFile(join(data, 'tokens.json'), 'utf8')).not.toMatch(secret);
    expect(JSON.stringify(await tokens('list'))).not.toMatch('hash');
  });

  test('may be narrowed, and lists say to what', async () => {
    const narrow = ['create', '--name', 'Wire', '--role', 'editor', '--only', 'publish, new-version'];
    const { secret, ...made } = await tokens(...narrow);
    expect(made).toMatchObject({ role: 'editor', only: ['publish', 'new-version'] });
    expect(await tokens('list')).toEqual([made]);
    expect((await palimpsest(data, 'tokens', 'list')).stdout).toMatch(
      /^editor +Wire +only publish, new-version +\S+$/m,
    );
    const { code, stderr } = await palimpsest(
      data,
      ...['tokens', 'create', '--name', 'x', '--role', 'editor'],
      '--only=kill',
    );
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/no "kill" among the rights of the role editor: publish, /),
    ]);
  });

  test.each([
    [['create', '--name', 'x', '--role', 'owner']],
    [['create', '--name', 'x', '--role', 'editor', '--only', '']],
    [['create', '--role', 'editor']],
    [['create', '--name', 'x', '--role', 'editor', '--expires', 'soon']],
    [['create', '--name', 'x', '--role', 'editor', '--expires', '2020-01-01']],
    [['destroy']],
  ])('%j is wrong usage, and changes nothing', async (args) => {
    expect((await palimpsest(data, 'tokens', ...args)).code).toBe(2);
    expect(existsSync(join(data, 'tokens.json'))).toBe(false);
  });
});

async function palimpsestOn(port: number) {
  const main = join(import.meta.dirname, '../../dist/cli/main.js');
  const env = { ...process.env, PALIMPSEST_DATA: data, PALIMPSEST_PORT: String(port), PALIMPSEST_LOG_LEVEL: 'error' };
  const child = execFile(process.execPath, [main, 'serve'], { env });
  let stderr = '';
  child.stderr!.on('data', (text) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  return { code, stderr };
}
