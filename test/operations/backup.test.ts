/** Backups, as whoever answers for the machine makes them and puts them back. Needs `npm run build`. */
import { existsSync, statSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { verify } from '../../src/audit/verify.js';
import { openSqliteStore } from '../../src/event-store/sqlite/store.js';
import { at, paragraph, publish } from '../../src/story/telling.test-support.js';
import { BackupRefused, backUp, restoreBackup } from '../../src/transfer/backup.js';
import { filesWith, filesWithAny, packedTexts } from '../support/bytes.js';
import { palimpsest } from '../support/serve.js';
import { type RunningApp, startApp } from '../support/start-app.js';
import { Newsroom } from '../views/newsroom.js';

jest.setTimeout(60_000);

let folders: string;
let app: RunningApp;
let number = 0;
const place = (name: string) => join(folders, `${name}-${++number}`);

const publishing = async (headline: string, text = 'A fire stopped all sailings.'): Promise<string> => {
  const { status, json } = await app.ask('/api/stories', { as: 'editor', body: { headline, body: { text } } });
  expect(status).toBe(201);
  return json.story.slug;
};
const placesOf = (data: string) => ({ data, access: data });
const counts = { stories: 1, events: 2 };
/** As the command does, without its verification. */
const unchecked = (to: string, data = app.data) =>
  backUp({ places: placesOf(data), to, tokens: true, check: async () => counts });
const json = ({ stdout }: { stdout: string }) => JSON.parse(stdout);
const backup = (to: string, ...options: string[]) => palimpsest(app.data, 'backup', to, ...options);
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

beforeAll(async () => {
  delete process.env.FORCE_COLOR;
  folders = await mkdtemp(join(tmpdir(), 'palimpsest-backup-'));
  app = await startApp();
  for (let i = 1; i <= 10; i++) await publishing(`Ferry ${i} late at Harrow Bay`);
});
afterAll(async () => {
  await app.dispose();
  await rm(folders, { recursive: true });
});

describe('a backup of a running service', () => {
  test('holds all that was acknowledged before it began, though editors go on writing, and can be put back', async () => {
    const { events: before } = json(await palimpsest(app.data, 'verify', '--json'));
    const to = place('busy');
    const making = backup(to, '--json');
    let isMade = false;
    making.finally(() => {
      isMade = true;
    });
    while (!isMade) await publishing('News while a backup is made');
    const made = await making;
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(json(made).events).toBeGreaterThanOrEqual(before);
    expect((await readdir(to)).sort()).toEqual(['backup.json', 'events.db', 'tokens.json']);

    const data = place('restored');
    const restored = await palimpsest(data, 'restore', to);
    expect([restored.code, restored.stderr]).toEqual([0, '']);
    expect(restored.stdout).toMatch(/Next, before the service starts:[\s\S]*palimpsest erasures apply FILE/);
    const verified = json(await palimpsest(data, 'verify', '--json'));
    expect(verified).toMatchObject({ ok: true, events: json(made).events });
    const again = await startApp({ data });
    const { status, json: story } = await again.ask('/api/stories/ferry-10-late-at-harrow-bay');
    expect([status, story.headline]).toEqual([200, 'Ferry 10 late at Harrow Bay']);
    await again.stop();
  });

  test('has no secret in it, and what it has is for its owner only, restored too', async () => {
    const to = place('private');
    expect((await backup(to)).code).toBe(0);
    expect(await filesWith(to, app.token('standards'))).toEqual([]);
    expect(existsSync(join(to, 'session.key'))).toBe(false);
    const data = place('private-restored');
    expect((await palimpsest(data, 'restore', to)).code).toBe(0);
    expect([to, data].map(mode)).toEqual(['700', '700']);
    for (const file of ['events.db', 'tokens.json']) {
      expect([join(to, file), join(data, file)].map(mode)).toEqual(['600', '600']);
    }
    const without = place('without-tokens');
    expect((await backup(without, '--no-tokens')).code).toBe(0);
    expect(existsSync(join(without, 'tokens.json'))).toBe(false);
  });

  test('is refused where something lies already, or in the data folder, and changes nothing there', async () => {
    const full = place('full');
    await mkdir(full);
    await writeFile(join(full, 'ferry-times.txt'), 'Ten past.');
    const refused = await backup(full);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('holds ferry-times.txt')]);
    expect(await readdir(full)).toEqual(['ferry-times.txt']);
    const inside = await backup(join(app.data, 'backup'));
    expect([inside.code, inside.stderr]).toEqual([1, expect.stringContaining('in the data folder')]);
    expect(existsSync(join(app.data, 'backup'))).toBe(false);
    const file = await backup(join(full, 'ferry-times.txt'));
    expect([file.code, file.stderr]).toEqual([1, expect.stringContaining('ferry-times.txt cannot be used')]);
  });

  test('of a cluster says what to use', async () => {
    process.env.PALIMPSEST_STORE = 'kurrentdb://127.0.0.1:1?tls=false';
    const answers = [await backup(place('cluster')), await palimpsest(place('data'), 'restore', place('cluster'))];
    delete process.env.PALIMPSEST_STORE;
    for (const { code, stderr } of answers)
      expect([code, stderr]).toEqual([2, expect.stringMatching(/palimpsest copy/)]);
  });

  test('words erased since it was made are erased again by the ledger kept elsewhere', async () => {
    const slug = await publishing('A rescue off Eyot Island', 'Lena Okafor of Quay Street was on board.');
    const to = place('before-erasure');
    await unchecked(to);
    const packed = packedTexts(to, 'Quay Street');
    const holding = async (directory: string) => [
      ...(await filesWith(directory, 'Quay Street')),
      ...(await filesWithAny(directory, packed)),
    ];
    const erase = (body: object) =>
      app.ask(`/api/stories/${slug}/erasures`, { as: 'standards', headers: { 'if-match': '*' }, body });
    const asked = { phrase: 'Quay Street', authority: 'court-order', force: true };
    const { token } = (await erase(asked)).json;
    expect((await erase({ ...asked, token })).json.erasure.state).toBe('complete');
    const ledger = join(folders, 'ledger.jsonl');
    expect((await palimpsest(app.data, 'erasures', 'export', '-o', ledger)).code).toBe(0);
    const after = place('after-erasure');
    await unchecked(after);
    expect(await holding(after)).toEqual([]);

    const data = place('restored');
    await restoreBackup(to, placesOf(data));
    expect(await holding(data)).toEqual(['events.db']);
    expect((await palimpsest(data, 'erasures', 'apply', ledger)).code).toBe(0);
    expect(await holding(data)).toEqual([]);
  });
});

test('a backup holds no word whose erasure is ordered, also where the word still lies in the log', async () => {
  const newsroom = await Newsroom.open();
  const story = newsroom.newId();
  await newsroom.tell(story, publish({ body: [paragraph('Ines Varga of Quay Street')] }), at('11:27'));
  const name = Object.keys((await newsroom.log.readAll('', 1))[0]!.texts).find((text) => text.startsWith('body/'))!;
  const data = { references: [[0, name] as [number, string]], authority: 'court-order' as const };
  await newsroom.record(story, [{ type: 'TextsErased', data, texts: { reason: 'Order 12' } }], at('11:28'));
  expect(await filesWith(newsroom.directory, 'Quay Street')).toContain('events.db-wal');
  const to = place('pending');
  await unchecked(to, newsroom.directory);
  expect(await filesWith(to, 'Quay Street')).toEqual([]);
  expect(json(await palimpsest(to, 'verify', '--json'))).toMatchObject({ ok: true, texts: { erased: 1, missing: 0 } });
  await newsroom.close();
});

describe('what is no backup', () => {
  test('one that was broken off is never taken for a whole one', async () => {
    const to = place('broken-off');
    const check = () => Promise.reject(new Error('the machine stopped'));
    await expect(backUp({ places: placesOf(app.data), to, tokens: true, check })).rejects.toThrow('stopped');
    const data = place('data');
    const restoring = restoreBackup(to, placesOf(data));
    await expect(restoring).rejects.toThrow(BackupRefused);
    await expect(restoring).rejects.toThrow(/not whole: that backup was broken off/);
    expect(existsSync(data)).toBe(false);
    expect(existsSync(join(to, 'events.db'))).toBe(false);
    await expect(unchecked(to)).rejects.toThrow(/a backup that was broken off/);
  });

  test('one of a damaged log is refused, and says what is damaged', async () => {
    const data = place('damaged');
    const whole = place('whole');
    await unchecked(whole);
    await restoreBackup(whole, placesOf(data));
    const database = new DatabaseSync(join(data, 'events.db'));
    database.exec(`UPDATE text SET bytes = CAST('"another word"' AS BLOB) WHERE event = 3 AND name = 'headline'`);
    database.close();
    const to = place('of-damaged');
    const { code, stderr } = await palimpsest(data, 'backup', to);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/✗ text-missing .* headline [\s\S]*no backup; keep the earlier/),
    ]);
    expect(existsSync(join(to, 'backup.json'))).toBe(false);
  });

  test('one that was altered, or has lost a file, is refused before anything is written', async () => {
    const to = place('altered');
    await unchecked(to);
    const restore = async () => {
      const data = place('data');
      const refused: unknown = await restoreBackup(to, placesOf(data)).catch((error) => error);
      expect([refused, existsSync(data)]).toEqual([expect.any(BackupRefused), false]);
      return (refused as Error).message;
    };
    const bytes = await readFile(join(to, 'events.db'));
    bytes[bytes.length - 100]! ^= 1;
    await writeFile(join(to, 'events.db'), bytes);
    expect(await restore()).toMatch(/events\.db is not what was backed up/);
    await rm(join(to, 'events.db'));
    expect(await restore()).toMatch(/events\.db is gone from the backup/);
    const manifest = await readFile(join(to, 'backup.json'), 'utf8');
    await writeFile(join(to, 'backup.json'), manifest.replace('"format": 1', '"format": 2'));
    expect(await restore()).toMatch(/newer Palimpsest/);
    await writeFile(join(to, 'backup.json'), manifest.replace('tokens.json', '../../tokens.json'));
    expect(await restore()).toMatch(/newer Palimpsest/);
    await writeFile(join(to, 'backup.json'), manifest.replace('"files": [', '"files": [null,'));
    expect(await restore()).toMatch(/is not a manifest of Palimpsest/);
    await truncate(join(to, 'backup.json'), 40);
    expect(await restore()).toMatch(/is no backup/);
  });

  test('a restore writes over nothing, and not into a folder where a service runs', async () => {
    const to = place('backup');
    await unchecked(to);
    const before = await readFile(join(app.data, 'tokens.json'));
    const refused = await palimpsest(app.data, 'restore', to);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/take an empty folder/)]);
    expect(await readFile(join(app.data, 'tokens.json'))).toEqual(before);
    expect((await app.ask('/api/stories/ferry-1-late-at-harrow-bay')).status).toBe(200);
  });
});

/** `cp` in place of a backup: the files of the running service, in the order named. */
describe('files copied by other programs', () => {
  const wal = 'events.db-wal';
  const copied = async (to: string, ...files: string[]) => {
    await mkdir(to, { recursive: true });
    for (const file of files) await copyFile(join(app.data, file), join(to, file));
  };
  const verified = async (data: string) => {
    const store = await openSqliteStore(data, { readOnly: true });
    const found = { events: 0, findings: 0 };
    for await (const step of verify(store)) {
      if (step.kind === 'checked') found.events = step.events;
      if (step.kind === 'finding') found.findings++;
    }
    await store.close();
    return found;
  };
  /** As SQLite does by itself once the write-ahead log has grown. */
  const checkpoint = () => {
    const database = new DatabaseSync(join(app.data, 'events.db'));
    database.exec('PRAGMA wal_checkpoint(RESTART)');
    database.close();
  };

  test('events.db alone, while the service runs, lacks what was acknowledged last, and nothing shows it', async () => {
    checkpoint();
    const inService = await verified(app.data);
    await publishing('Acknowledged, and not in the copy');
    const to = place('alone');
    await copied(to, 'events.db');
    expect(await verified(to)).toEqual(inService);
  });

  test('events.db and its write-ahead log are whole if nothing is written meanwhile', async () => {
    await publishing('Acknowledged, and in the copy');
    const to = place('both');
    await copied(to, 'events.db', wal);
    const inService = await verified(app.data);
    expect(await verified(to)).toEqual(inService);
  });

  test('events.db and its write-ahead log are damaged if the one was folded into the other between', async () => {
    const long = 'Bay Island Ferries said that no sailing was planned. '.repeat(500);
    for (let i = 0; i < 3; i++) await publishing('Long ago', long);
    const to = place('torn');
    await copied(to, 'events.db');
    checkpoint();
    await publishing('Meanwhile');
    await copied(to, wal);
    await expect(verified(to)).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringMatching(/events\.db is damaged/),
    });
  });
});
