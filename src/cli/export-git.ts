/** `palimpsest export --format git`: asks the service for a story's history and hands it to git, or prints it for git. */
import { spawn } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { type Content, fieldNames } from '../content/types.js';
import type { VersionItem, VersionListAnswer } from '../history/answers.js';
import { fastImport, gitBranch, isBeforeGit, type ToldHistory } from '../transfer/git.js';
import { type Client, refusal } from './client.js';
import { storyPath } from './options.js';
import { count, note, progressBar, Stop } from './outcome.js';
import { type Output, openOutput, writeTo } from './output.js';
import { type Identity, withService } from './service.js';

/** `path`: the repository's folder, or the stream's file (standard output without). */
export async function exportGit(
  story: string,
  format: 'git' | 'git-fast-import',
  path: string | undefined,
  identity: Identity,
): Promise<void> {
  if (format === 'git' && path === undefined) throw new Stop('usage', 'say in which folder: --output DIR');
  await withService(identity, (client) => exportThrough(client, story, format, path));
}

/** The same, asked of a client. Throws Stop; then nothing is left of what was begun. */
export async function exportThrough(
  client: Client,
  story: string,
  format: 'git' | 'git-fast-import',
  path: string | undefined,
): Promise<void> {
  const history = await readHistory(client, story);
  const commits = history.items.reduce((sum, { reigns }) => sum + reigns.length, history.withdrawals.length);
  if (commits === 0)
    throw new Stop('refused', 'no version of this story has been in force: there is nothing to commit');
  const out = format === 'git' ? await openRepository(path!) : await openOutput(path);
  const bar = progressBar('Exporting');
  try {
    let done = 0;
    for await (const piece of fastImport(history, (version) => contentOf(client, history.story, version))) {
      await out.write(piece);
      if (piece.startsWith('commit ')) bar.at(++done, commits);
    }
    await out.finish();
  } catch (error) {
    await out.abandon();
    throw error;
  } finally {
    bar.end();
  }
  note(`${count(commits, 'commit')}${path === undefined ? '' : ` in ${path}`}`);
  if (history.left.length > 0)
    note(`Left out, since it was not in force: ${history.left.join(', ')} (version numbers)`);
  if (isBeforeGit(history)) note('git has no times before 1970: the trailers Palimpsest-In-Force-From say those.');
}

/** `left`: versions that have not been in force, the earliest first. */
async function readHistory(client: Client, name: string): Promise<ToldHistory & { left: number[] }> {
  const items: VersionItem[] = [];
  const corrections = new Map<string, VersionListAnswer['corrections'][number]>();
  const withdrawals = new Map<string, VersionListAnswer['withdrawals'][number]>();
  let cursor = '';
  let id: string;
  for (;;) {
    const page: VersionListAnswer = await client.get(`${storyPath(name)}/versions?limit=200${cursor}`);
    id = page.story.id;
    items.push(...page.items);
    for (const one of page.corrections) corrections.set(one.id, one);
    for (const one of page.withdrawals) withdrawals.set(one.from, one);
    if (page.next === null) break;
    cursor = `&cursor=${encodeURIComponent(page.next)}`;
  }
  const wasInForce = ({ waiting, reigns }: VersionItem) => !waiting && reigns.length > 0;
  return {
    story: id,
    items: items.filter(wasInForce),
    left: items.flatMap((item) => (wasInForce(item) ? [] : [item.version])).reverse(),
    corrections: [...corrections.values()],
    withdrawals: [...withdrawals.values()],
  };
}

async function contentOf(client: Client, story: string, version: number): Promise<Content | undefined> {
  const answer = await client.ask({ path: `${storyPath(story)}/versions/${version}?format=json` });
  if ((answer.body as { code?: string }).code === 'version-hidden') return undefined;
  if (answer.status !== 200) throw refusal(answer);
  return contentIn(answer.body as { [member: string]: unknown });
}

/** An answer has the fields of the content beside everything else. */
function contentIn({ body, statements, ...answer }: { [member: string]: unknown }): Content {
  const fields = Object.fromEntries(fieldNames.flatMap((name) => (name in answer ? [[name, answer[name]]] : [])));
  return { fields, body, statements } as unknown as Content;
}

/** No setting of whoever runs this may change what git makes of the stream. */
const environment = () => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: devNull,
  GIT_DEFAULT_HASH: 'sha1',
});

function startGit(args: readonly string[]) {
  const git = spawn('git', args, { env: environment(), stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  git.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  // What it could not take is told by how it ended.
  git.stdin.on('error', () => {});
  const ended = new Promise<void>((resolve, reject) => {
    git.once('error', (error: NodeJS.ErrnoException) => {
      const isAbsent = error.code === 'ENOENT';
      const hint = 'git is not here; --format git-fast-import writes what "git fast-import" reads elsewhere';
      reject(isAbsent ? new Stop('unavailable', hint) : error);
    });
    git.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Stop('unavailable', `git ${args.at(-1)} ended with ${code}: ${said.trim()}`));
    });
  });
  ended.catch(() => {});
  return { stdin: git.stdin, ended };
}

async function runGit(...args: string[]): Promise<void> {
  const git = startGit(args);
  git.stdin.end();
  await git.ended;
}

/** A new repository, of which nothing is left if it is abandoned. Throws Stop. */
async function openRepository(folder: string): Promise<Output> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: Error) => {
    throw new Stop('usage', `cannot make ${folder}: ${error.message}`);
  });
  if ((await readdir(folder)).length > 0)
    throw new Stop('usage', `${folder} is not empty: name a folder that is not there`);
  const abandon = async () => {
    await rm(made ?? join(folder, '.git'), { recursive: true, force: true });
  };
  try {
    await runGit('init', '--quiet', '--template=', folder);
    await runGit('-C', folder, 'symbolic-ref', 'HEAD', `refs/heads/${gitBranch}`);
  } catch (error) {
    await abandon();
    throw error;
  }
  const importing = startGit(['-C', folder, 'fast-import', '--quiet', '--date-format=raw']);
  const failed = importing.ended.then(() => new Promise<never>(() => {}));
  return {
    write: (text) => Promise.race([writeTo(importing.stdin, text), failed]),
    async finish() {
      importing.stdin.end();
      await importing.ended;
      await runGit('-C', folder, 'reset', '--quiet', '--hard', gitBranch);
    },
    async abandon() {
      importing.stdin.destroy();
      await importing.ended.catch(() => {});
      await abandon();
    },
  };
}
