/**
 * What goes wrong below the service, as those who ask it and those who run it meet it: a full disk, missing rights, damage,
 * a folder that goes away, a wrong clock. Needs `npm run build`.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { chmod, cp, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Tokens } from '../../src/access/tokens.js';
import { viewsFile } from '../../src/views/views.js';
import { palimpsest, type Served, serve } from '../support/serve.js';
import { type RunningApp, startApp } from '../support/start-app.js';

jest.setTimeout(120_000);

let folders: string;
let number = 0;
const apps: RunningApp[] = [];
const services: Served[] = [];
const place = () => join(folders, String(++number));

beforeAll(async () => {
  delete process.env.FORCE_COLOR;
  folders = await mkdtemp(join(tmpdir(), 'palimpsest-faults-'));
});
afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop();
  for (const service of services.splice(0)) if (service.process.exitCode === null) await service.stop();
});
afterAll(() => rm(folders, { recursive: true }));

async function start(data = place(), clock?: () => number): Promise<RunningApp> {
  const app = await startApp({ data, ...(clock && { clock }) });
  apps.push(app);
  return app;
}
const publish = (app: RunningApp, headline: string, headers = {}) =>
  app.ask('/api/stories', { as: 'standards', body: { headline, body: { text: 'A fire.' } }, headers });
const update = (app: RunningApp, slug: string, headline: string) =>
  app.ask(`/api/stories/${slug}/versions`, { as: 'editor', headers: { 'if-match': '*' }, body: { headline } });
const until = async (holds: () => Promise<boolean> | boolean) => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 30));
};
const isReady = async (url: string) => (await fetch(`${url}/health/ready`).catch(() => undefined))?.status === 200;

interface Refusal {
  status: number;
  headers: Headers;
  json: { code: string };
}
const refused = ({ status, headers, json }: Refusal) => [status, json.code, Number(headers.get('retry-after')) > 0];

/** By another process: closing the file in this one would drop the locks that the service has on it. */
async function damage(file: string, from = 4096): Promise<void> {
  const code = `const { openSync, statSync, writeSync } = require('node:fs');
    const file = openSync(${JSON.stringify(file)}, 'r+');
    for (let at = ${from}; at < statSync(${JSON.stringify(file)}).size; at += 4096)
      writeSync(file, new Uint8Array(4096).fill(0xa5), 0, 4096, at);`;
  expect(await once(spawn(process.execPath, ['-e', code]), 'exit')).toEqual([0, null]);
}

test('a full disk: nothing is acknowledged that is not kept, readers are served, and it goes on when there is room', async () => {
  const data = place();
  // No file may grow beyond this: writes fail as they do on a full disk, and can be let go on.
  const limit = 1_500_000;
  const service = await serve(data, { stderr: 'pipe', wrapper: ['prlimit', `--fsize=${limit}:`] });
  services.push(service);
  let said = '';
  service.process.stderr!.on('data', (text) => {
    said += text;
  });
  const { standards } = new Tokens(data).firstStartSecrets();
  const ask = async (key: string, length: number): Promise<Refusal> => {
    const response = await fetch(`${service.url}/api/stories`, {
      method: 'POST',
      headers: { authorization: `Bearer ${standards}`, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({
        headline: key,
        slug: key,
        body: { text: Array.from({ length }, () => randomBytes(24_000).toString('hex')).join('\n\n') },
      }),
    });
    return { status: response.status, headers: response.headers, json: (await response.json()) as { code: string } };
  };
  const acknowledged: string[] = [];
  let last: { key: string; answer: Refusal };
  for (;;) {
    const key = `story-${acknowledged.length}`;
    last = { key, answer: await ask(key, acknowledged.length === 0 ? 1 : 10) };
    if (last.answer.status !== 201) break;
    acknowledged.push(key);
  }
  expect(refused(last.answer)).toEqual([503, 'store-unavailable', true]);
  expect(acknowledged).toContain('story-0');
  expect((await fetch(`${service.url}/api/stories/story-0`)).status).toBe(200);
  await until(() => /the event store in .* can't be used now: /.test(said));

  const lifted = spawn('prlimit', ['--pid', String(service.process.pid), '--fsize=unlimited:']);
  expect(await once(lifted, 'exit')).toEqual([0, null]);
  expect((await ask(last.key, 10)).status).toBe(201);
  await until(() => isReady(service.url));
  // The views had no room either, and try again after a while.
  for (const key of [...acknowledged, last.key]) {
    await until(async () => (await fetch(`${service.url}/api/stories/${key}`)).status === 200);
  }
  expect((await palimpsest(data, 'verify')).code).toBe(0);
});

describe('what may not be written', () => {
  /** Root may write anything, unless it gives that up. */
  const wrapper = process.getuid?.() === 0 ? ['setpriv', '--inh-caps=-all', '--bounding-set=-all'] : [];
  test.each([
    ['the data folder', '', 0o500],
    ['events.db', 'events.db', 0o400],
    ['the views', viewsFile('.'), 0o400],
  ])('%s: the start is refused, with what to do, and nothing is changed', async (_, name, mode) => {
    const data = place();
    const app = await startApp({ data });
    await publish(app, 'Ferry late');
    await app.stop();
    const before = await readdir(data);
    await chmod(join(data, name), mode);
    let said = '';
    const starting = serve(data, { stderr: 'pipe', wrapper, onError: (text) => (said += text) });
    await expect(starting).rejects.toThrow('serve ended with 3');
    await chmod(join(data, name), 0o700);
    expect(said).toMatch(/^palimpsest: .* (can't|cannot) be used .*(you may write to)/);
    expect(said).toContain(data);
    expect((await readdir(data)).filter((file) => !/-(wal|shm)$/.test(file))).toEqual(before);
    await start(data);
  });
});

describe('damage', () => {
  const filled = async (): Promise<string> => {
    const app = await startApp({ data: place() });
    for (let i = 1; i <= 20; i++) await publish(app, `Ferry ${i} late`);
    await app.stop();
    return app.data;
  };

  test('of events.db, while running: whoever needs the record is told so, and verify and the next start say what to do', async () => {
    const data = await filled();
    const app = await start(data);
    await damage(join(data, 'events.db'), 4096 * 4);
    // So that what is in memory is read again.
    await publish(app, 'Written meanwhile');
    const record = await app.ask('/api/stories/ferry-20-late/events', { as: 'auditor' });
    const writing = await update(app, 'ferry-20-late', 'On time');
    for (const answer of [record, writing]) expect(refused(answer)).toEqual([503, 'record-unreadable', true]);
    // The views are whole, and say what they said.
    expect((await app.ask('/api/stories/ferry-20-late')).json.headline).toBe('Ferry 20 late');
    await app.stop();
    apps.pop();
    for (const command of ['verify', 'serve']) {
      const { code, stderr } = await palimpsest(data, command);
      expect([code, stderr]).toEqual([3, expect.stringMatching(/events\.db is damaged .* restore a backup/)]);
    }
  });

  test('of the views, while running: 503, and they are made anew at once, without a restart', async () => {
    const data = await filled();
    const service = await serve(data, { stderr: 'pipe' });
    services.push(service);
    let said = '';
    service.process.stderr!.on('data', (text) => {
      said += text;
    });
    await damage(viewsFile(data));
    const asked = await fetch(`${service.url}/api/stories/ferry-20-late`);
    const answer = { status: asked.status, headers: asked.headers, json: (await asked.json()) as { code: string } };
    expect(refused(answer)).toEqual([503, 'views-unavailable', true]);
    await until(() => isReady(service.url));
    const again = await fetch(`${service.url}/api/stories/ferry-20-late`);
    expect([again.status, ((await again.json()) as { headline: string }).headline]).toEqual([200, 'Ferry 20 late']);
    expect(said).toMatch(/The views file is damaged/);
    expect(existsSync(`${viewsFile(data)}.set-aside`)).toBe(true);
    expect((await palimpsest(data, 'verify')).code).toBe(0);
  });

  test('of the views, in a service of others’ making: nobody is answered from them, and health says why', async () => {
    const data = await filled();
    const app = await start(data);
    await damage(viewsFile(data));
    expect(refused(await app.ask('/api/stories/ferry-20-late'))).toEqual([503, 'views-unavailable', true]);
    expect(refused(await app.ask('/api/stories/ferry-1-late'))).toEqual([503, 'not-open', true]);
    const health = await app.ask('/health/ready');
    expect([health.status, JSON.stringify(health.json.checks)]).toEqual([503, expect.stringContaining('damaged')]);
    await app.stop();
    apps.pop();
    expect((await (await start(data)).ask('/api/stories/ferry-20-late')).status).toBe(200);
  });
});

test('a data folder that is moved away: nothing more is acknowledged; put back, it goes on', async () => {
  const app = await start();
  await publish(app, 'Ferry late');
  const token = app.token('editor');
  const elsewhere = place();
  await rename(app.data, elsewhere);
  const write = () =>
    fetch(`${app.url}/api/stories`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'once' },
      body: JSON.stringify({ headline: 'Meanwhile' }),
    });
  // Tokens lie in the folder too: whoever asks is not known, or is told that nothing can be written.
  expect([401, 503]).toContain((await write()).status);
  await rename(elsewhere, app.data);
  expect((await write()).status).toBe(201);
  await rename(join(app.data, 'events.db'), join(app.data, 'events.moved'));
  expect(refused(await publish(app, 'While the log is away'))).toEqual([503, 'store-unavailable', true]);
  expect((await app.ask('/api/stories/ferry-late')).status).toBe(200);
  await rename(join(app.data, 'events.moved'), join(app.data, 'events.db'));
  expect((await publish(app, 'Back again')).status).toBe(201);
});

test('a log that another program has locked: 503, and it goes on when that one lets go', async () => {
  const app = await start();
  const other = new DatabaseSync(join(app.data, 'events.db'));
  other.exec('BEGIN IMMEDIATE');
  const key = { 'idempotency-key': 'locked' };
  expect(refused(await publish(app, 'Ferry late', key))).toEqual([503, 'store-unavailable', true]);
  other.exec('ROLLBACK');
  other.close();
  expect((await publish(app, 'Ferry late', key)).status).toBe(201);
});

test('a clock that jumps: no version is recorded before its predecessor, and a clock far behind writes nothing', async () => {
  let clock = Date.parse('2026-05-14T11:27:00.000Z');
  const app = await start(place(), () => clock);
  const recorded = async () => {
    const { json } = await app.ask('/api/stories/ferry-late/versions', { as: 'auditor' });
    return json.items.map(({ recordedAt }: { recordedAt: string }) => recordedAt).sort();
  };
  await publish(app, 'Ferry late');
  clock -= 5_000;
  expect((await update(app, 'ferry-late', 'Ferry later')).status).toBe(201);
  clock -= 10_000;
  expect(refused(await update(app, 'ferry-late', 'Never'))).toEqual([503, 'clock-behind', true]);
  expect((await publish(app, 'Another story')).status).toBe(201);
  expect((await app.ask('/api/stories/ferry-late')).json.headline).toBe('Ferry later');
  clock += 15_000 + 3_600_000;
  expect((await update(app, 'ferry-late', 'An hour ahead')).status).toBe(201);
  clock -= 3_600_000;
  expect(refused(await update(app, 'ferry-late', 'Never'))).toEqual([503, 'clock-behind', true]);
  expect((await app.ask('/api/stories/ferry-late')).json.headline).toBe('An hour ahead');
  clock += 3_600_000;
  expect((await update(app, 'ferry-late', 'The clock has caught up')).status).toBe(201);
  const times = await recorded();
  expect(times.slice(0, 2)).toEqual(['2026-05-14T11:27:00.000Z', '2026-05-14T11:27:00.001Z']);
  expect(new Set(times).size).toBe(4);
});

test('views of another version are made from the log beside the old ones, which stay until words are erased', async () => {
  const data = place();
  const app = await startApp({ data });
  for (let i = 1; i <= 3; i++) await publish(app, `Ferry ${i} late`);
  await app.stop();
  const old = join(data, 'views-1.db');
  await rename(viewsFile(data), old);
  const { size } = statSync(old);
  const upgraded = await start(data);
  expect((await upgraded.ask('/api/stories/ferry-3-late')).json.headline).toBe('Ferry 3 late');
  expect(statSync(old).size).toBe(size);
  await cp(old, join(data, 'views-2.db'));
  const erase = (body: object) =>
    upgraded.ask('/api/stories/ferry-3-late/erasures', { as: 'standards', headers: { 'if-match': '*' }, body });
  const asked = { phrase: 'Ferry 3', authority: 'court-order', force: true };
  expect((await erase({ ...asked, token: (await erase(asked)).json.token })).json.erasure.state).toBe('complete');
  expect((await readdir(data)).filter((name) => /^views-[12]/.test(name))).toEqual([]);
});
