/** Erasing through crashes and backups, as who runs the service meets it. Needs `npm run build`. */
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Tokens } from '../../src/access/tokens.js';
import { filesWith } from '../support/bytes.js';
import { palimpsest, type Served, serve } from '../support/serve.js';

jest.setTimeout(120_000);

const name = 'Quetzalfeather';
const started: Served[] = [];
let data: string;
let story: string;

beforeEach(async () => {
  delete process.env.FORCE_COLOR;
  data = await mkdtemp(join(tmpdir(), 'palimpsest-cli-'));
  const service = await start();
  story = (await ask('/api/stories', { headline: `${name} held at Quay 9`, body: { text: 'A fire.' } })).story.id;
  await ask(`/api/stories/${story}/versions`, { headline: 'Man held at Quay 9', note: `Without ${name}` });
  await service.stop();
});
afterEach(async () => {
  for (const service of started.splice(0)) if (service.process.exitCode === null) await service.stop();
  await rm(data, { recursive: true, force: true });
});

async function start(): Promise<Served> {
  const service = await serve(data);
  started.push(service);
  return service;
}

const run = (...args: string[]) => palimpsest(data, ...args);
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);
const files = () => filesWith(data, name);

/** Writes with the rights of `standards`, at the story's present revision. */
async function ask(path: string, body: object) {
  const { standards } = new Tokens(data).firstStartSecrets();
  const { url } = started.at(-1)!;
  const headers = { authorization: `Bearer ${standards}`, 'content-type': 'application/json' };
  const present = story && path.includes(story) ? await fetch(`${url}/api/stories/${story}`, { headers }) : undefined;
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { ...headers, ...(present && { 'if-match': present.headers.get('etag')! }) },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(JSON.stringify(answer));
  return answer;
}

/** As standards would: a preview, then the act. */
async function erase() {
  const preview = await ask(`/api/stories/${story}/erasures`, { phrase: name });
  const { token } = preview;
  return ask(`/api/stories/${story}/erasures`, { phrase: name, token, authority: 'court-order', force: true });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}

test('a service killed between the order and the removal finishes it when it starts again', async () => {
  const service = await start();
  const reader = new DatabaseSync(join(data, 'events.db'), { readOnly: true });
  reader.exec('BEGIN; SELECT count(*) FROM text');
  expect((await erase()).erasure.state).toBe('pending');
  service.process.kill('SIGKILL');
  await once(service.process, 'exit');
  reader.close();
  expect(await files()).not.toEqual([]);

  const told = await run('verify');
  expect([told.code, told.stdout]).toEqual([
    0,
    expect.stringMatching(/erasure-pending .*\n(.*\n)*.*start it if it does not/),
  ]);
  const pending = await json('verify');
  expect(pending).toMatchObject({ ok: true, findings: [], texts: { missing: 0 } });
  expect(pending.pending).toContainEqual(expect.objectContaining({ where: 'views', story }));

  await start();
  await until(async () => (await files()).length === 0);
  const done = await json('verify');
  expect(done).toMatchObject({ ok: true, pending: [], texts: { 'erasure-pending': 0, missing: 0 } });
  expect(done.texts.erased).toBeGreaterThanOrEqual(2);
});

test('an older events.db put back: the erasures beside it are ordered anew, and it says so', async () => {
  await cp(join(data, 'events.db'), join(data, 'older'));
  const service = await start();
  await erase();
  await until(async () => (await files()).join() === 'older');
  await service.stop();
  await writeFile(join(data, 'events.db'), await readFile(join(data, 'older')));
  await rm(join(data, 'older'));
  expect(await files()).toEqual(['events.db']);

  const lacking = await run('verify');
  expect([lacking.code, lacking.stdout]).toEqual([1, expect.stringMatching(/✗ erasure-lacking .*start the service/)]);
  const first = await run('history', story, '--as', 'standards');
  expect(first).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/older log was put back: it lacked 1 erasure/),
  });
  expect(first.stdout).not.toMatch(name);
  await start();
  await until(async () => (await files()).length === 0);
  await started.at(-1)!.stop();
  expect((await run('history', story)).stderr).toBe('');
  expect(await json('verify')).toMatchObject({ ok: true, pending: [] });
});

describe('a whole data folder put back from a backup', () => {
  let ledger: string;
  let elsewhere: string;
  beforeEach(async () => {
    elsewhere = await mkdtemp(join(tmpdir(), 'palimpsest-backup-'));
    ledger = join(elsewhere, 'erasures.jsonl');
    await cp(data, join(elsewhere, 'data'), { recursive: true });
    const service = await start();
    await erase();
    expect((await run('erasures', 'export', '-o', ledger)).stderr).toMatch('1 erasure in');
    await service.stop();
    await rm(data, { recursive: true });
    await cp(join(elsewhere, 'data'), data, { recursive: true });
  });
  afterEach(() => rm(elsewhere, { recursive: true }));

  test('has the words until the exported ledger is applied, which holds none; then nothing is left to do', async () => {
    const text = await readFile(ledger, 'utf8');
    for (const word of [name, 'Quay', 'fire']) expect(text.toLowerCase()).not.toMatch(word.toLowerCase());
    expect(JSON.parse(text)).toEqual({
      story,
      revision: expect.any(Number),
      references: expect.arrayContaining([
        { revision: 0, name: 'headline', record: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ]),
      authority: 'court-order',
      recordedAt: expect.stringMatching(/Z$/),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });

    expect(await files()).not.toEqual([]);
    expect(await json('verify')).toMatchObject({ ok: true, texts: { erased: 0 } });
    const applied = await run('erasures', 'apply', ledger);
    expect([applied.code, applied.stdout]).toEqual([
      0,
      expect.stringMatching(/texts ordered erased again\n1 order applied/),
    ]);
    expect(await files()).toEqual([]);
    expect(await json('erasures', 'apply', ledger)).toMatchObject({ applied: [], recorded: [{ story }], pending: 0 });
    expect(await json('verify')).toMatchObject({ ok: true, pending: [], findings: [] });
    const { hash, references } = JSON.parse(text);
    expect(await json('erasures', 'export')).toEqual([expect.objectContaining({ hash, references })]);
  });

  test('what names records that are not here is told, and nothing is recorded for it', async () => {
    const { references, ...entry } = JSON.parse(await readFile(ledger, 'utf8'));
    const other = { ...references[0], record: '0'.repeat(64) };
    const later = { ...references[0], revision: 900 };
    await writeFile(ledger, `${JSON.stringify({ ...entry, references: [other, later] })}\n`);
    const { code, stdout } = await run('erasures', 'apply', ledger);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /another record stands there\n.*revision 900: this log has no such record\n0 orders applied/,
    );
    expect(await files()).not.toEqual([]);
  });

  test('it is not applied beside a running service, nor from a file that is no ledger', async () => {
    const broken = join(elsewhere, 'broken');
    await writeFile(broken, `${await readFile(ledger, 'utf8')}{"story": 1}\n`);
    expect(await run('erasures', 'apply', broken)).toMatchObject({ code: 2, stderr: expect.stringMatching('line 2') });
    await start();
    const refused = await run('erasures', 'apply', ledger);
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringMatching('stop it, then apply')]);
  });
});
