/** A story's history as a git repository, read with git's own commands as a lawyer or an archivist would. */
import { execFile } from 'node:child_process';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { clientOf } from '../../src/cli/client.js';
import { exportThrough } from '../../src/cli/export-git.js';
import { type RunningApp, startApp } from '../support/start-app.js';

let app: RunningApp;
let folder: string;
let clock = Date.parse('2026-05-14T08:00:00.250Z');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-git-'));
  app = await startApp({ clock: () => clock });
  const write = async (path: string, body: object, method = 'POST') => {
    clock += 3_600_000;
    const headers = { 'if-match': '*' };
    const { status, json, text } = await app.ask(`/api/stories${path}`, { as: 'standards', method, headers, body });
    if (status >= 300) throw new Error(text);
    return json;
  };
  const news = (headline: string, text: string, more: object = {}) => ({ headline, body: { text }, ...more });
  await write(
    '',
    news('Ferries stopped', 'A fire at Quay 9.\n\nSix are hurt.', { slug: 'ferry', tags: ['harbour', 'fire'] }),
  );
  await write('/ferry/versions', {
    statements: [{ speaker: 'Lena Okafor', organisation: 'Bay Island Ferries', body: { text: 'All are safe.' } }],
    note: 'Adds a statement.\n\nPalimpsest-Version: 99',
  });
  await write('/ferry/versions', { headline: 'Ferries <stopped> by Tom Achterberg' });
  const correction = { notice: 'An earlier version said six were hurt.' };
  await write('/ferry/versions', news('Ferries stopped', 'A fire at Quay 9.\n\nNobody is hurt.', { correction }));
  await write('/ferry/withdrawals', { kind: 'unpublished' });
  await write('/ferry/reinstatements', { note: 'It was right.' });
  await write('/ferry/withdrawals', { kind: 'retracted', notice: 'We no longer stand by this.' });
  await write('/ferry/versions/3', { hidden: true }, 'PATCH');
  await write('/ferry/slug', { slug: 'ferry-fire' }, 'PUT');
  await write('/ferry-fire/versions', { headline: 'Embargoed words', inForceFrom: '2200-01-01T00:00:00Z' });
  const old = { at: '1912-04-15T07:00:00Z', text: 'A ship is lost.' };
  await write('', { ...news('Old', old.text), slug: 'old', imported: true, inForceFrom: old.at });
});
afterAll(async () => {
  await app.dispose();
  await rm(folder, { recursive: true, force: true });
});

const clientAs = (role?: 'editor') => clientOf(app.url, role && app.token(role));
async function repository(name: string, story = 'ferry', role?: 'editor') {
  const path = join(folder, name);
  await exportThrough(clientAs(role), story, 'git', path);
  return async (...args: string[]) => {
    const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
    return (await promisify(execFile)('git', ['-C', path, ...args], { env })).stdout.trim();
  };
}

test('a reader’s: what they were given and when, in order, and what was taken away', async () => {
  const git = await repository('reader');
  expect((await git('log', '--reverse', '--format=%s|%aI|%an|%D')).split('\n')).toEqual([
    'Version 1: Ferries stopped|2026-05-14T09:00:00+00:00|Newsroom|tag: v1',
    'Version 2: Adds a statement. Palimpsest-Version: 99|2026-05-14T10:00:00+00:00|Newsroom|tag: v2',
    'Version 3: hidden|2026-05-14T11:00:00+00:00|Newsroom|tag: v3',
    'Version 4: Correction: An earlier version said six were hurt.|2026-05-14T12:00:00+00:00|Newsroom|tag: v4',
    'Unpublished|2026-05-14T13:00:00+00:00|Newsroom|',
    'Reinstated, with version 4|2026-05-14T14:00:00+00:00|Newsroom|',
    'Retracted|2026-05-14T15:00:00+00:00|Newsroom|HEAD -> main',
  ]);
  const numbers = await git('log', '--reverse', '--format=%(trailers:key=Palimpsest-Version,valueonly,separator=%x2C)');
  expect(numbers.split('\n')).toEqual(['1', '2', '3', '4', '', '4']);
  expect(await git('show', '--format=%b', 'v4')).toMatch(/^Palimpsest-Corrects: 1, 2, 3$/m);
  expect(await git('diff', 'v1', 'v4')).toMatch(/^-Six are hurt\.\n(.*\n)*\+Nobody is hurt\.$/m);
  expect(await git('show', 'v2:story.md')).toMatch(
    /^---\ntitle: Ferries stopped\ntags: harbour, fire\n---\n\nA fire at Quay 9\.\n\nSix are hurt\.\n\n\*\*Statement by Lena Okafor, Bay Island Ferries:\*\*\n\nAll are safe\.$/,
  );
  expect(await git('ls-tree', '--name-only', 'main~2')).toBe('');
  expect(await readFile(join(folder, 'reader/story.md'), 'utf8')).toMatch(
    /^---\n[\s\S]*---\n\n> \*\*Retracted\.\*\*\n> We no longer stand by this\.\n\nA fire at Quay 9\./,
  );
  expect(await git('status', '--porcelain')).toBe('');
  expect(await git('fsck', '--strict')).not.toMatch(/error|warning/);
});

test('holds no word that a reader may not see; that of staff does, marked', async () => {
  const all = async (git: Awaited<ReturnType<typeof repository>>) =>
    `${await git('log', '--all', '-p')}\n${await git('rev-list', '--all', '--objects')}`;
  const readers = await all(await repository('leaks'));
  expect(readers).not.toMatch(/Achterberg|Embargoed|first start/);
  const git = await repository('staff', 'ferry', 'editor');
  const staffs = await all(git);
  expect(staffs).toMatch(/Achterberg/);
  expect(staffs).not.toMatch(/Embargoed/);
  expect(await git('show', '--format=%an <%ae>%n%b', 'v3')).toMatch(
    /^first start, standards <[0-9a-f-]+@palimpsest\.invalid>\n[\s\S]*^Palimpsest-Hidden: true$/m,
  );
});

test('the same history gives the same commits, whatever git is told elsewhere', async () => {
  const first = await repository('first');
  process.env.GIT_DIR = join(folder, 'nowhere');
  process.env.GIT_AUTHOR_NAME = 'Somebody Else';
  const second = await repository('second').finally(() => {
    delete process.env.GIT_DIR;
    delete process.env.GIT_AUTHOR_NAME;
  });
  expect(await second('rev-parse', 'main')).toBe(await first('rev-parse', 'main'));
  await exportThrough(clientAs(), 'ferry', 'git-fast-import', join(folder, 'stream'));
  const stream = await readFile(join(folder, 'stream'), 'utf8');
  expect(stream).toMatch(/^feature done\n[\s\S]*\ndone\n$/);
  await promisify(execFile)('git', ['init', '-q', '--bare', join(folder, 'bare')]);
  const importing = promisify(execFile)('git', ['-C', join(folder, 'bare'), 'fast-import', '--quiet']);
  importing.child.stdin!.end(stream);
  await importing;
  expect((await readFile(join(folder, 'bare/refs/heads/main'), 'utf8')).trim()).toBe(await first('rev-parse', 'main'));
});

test('a time that git cannot hold is in the trailers', async () => {
  const git = await repository('old', 'old');
  expect(await git('log', '--format=%at %(trailers:key=Palimpsest-In-Force-From,valueonly)')).toBe(
    '0 1912-04-15T07:00:00.000Z',
  );
});

test('what cannot be exported is refused in words, and leaves nothing behind', async () => {
  const refused = (story: string, path: string) => exportThrough(clientAs(), story, 'git', join(folder, path));
  await expect(refused('no-such', 'none')).rejects.toThrow(/no story/i);
  await writeFile(join(folder, 'file'), '');
  await expect(refused('ferry', 'file')).rejects.toThrow('cannot make');
  await expect(refused('ferry', 'first')).rejects.toThrow('not empty');
  const { PATH } = process.env;
  process.env.PATH = folder;
  await expect(refused('ferry', 'gitless')).rejects.toThrow('git is not here');
  process.env.PATH = PATH;
  await expect(access(join(folder, 'gitless'))).rejects.toThrow();
  await expect(access(join(folder, 'none'))).rejects.toThrow();
});
