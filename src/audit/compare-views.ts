/** Proves that what is shown is what was recorded: the views, row for row, against those a fresh replay makes. */
import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../event-store/log.js';
import { readViews, type ViewsAsTheyLie } from '../views/as-they-lie.js';
import { openViews } from '../views/views.js';
import type { Finding, Verifying } from './verify.js';

/** Differing rows told one by one; beyond these only their number. */
const told = 20;

/**
 * Compares the views in `directory` with fresh ones made in a temporary folder, both as of the last event that the
 * views hold. Views that are behind get `patience` milliseconds to catch up; a running service takes a few. `views: 'none'` where there are none: the next start makes them. Throws what the log throws.
 */
export async function* compareViews(
  directory: string,
  log: Log,
  patience = 2000,
): AsyncGenerator<Verifying, { views: 'equal' | 'different' | 'none'; rows: number }> {
  let lying: ViewsAsTheyLie | undefined;
  try {
    lying = await caughtUp(directory, log, patience);
  } catch (error) {
    yield found(
      'views-differ',
      `the views cannot be read (${(error as Error).message}); palimpsest rebuild makes them anew`,
    );
    return { views: 'different', rows: 0 };
  }
  if (!lying) return { views: 'none', rows: 0 };
  const folder = await temporaryFolder(directory);
  try {
    for (const { story, revision } of lying.unfinishedErasures()) {
      const detail = 'the files of the views may still hold words that are ordered erased';
      yield { kind: 'pending', pending: { where: 'views', story, revision, detail } };
    }
    const { position } = lying;
    if (position > (await log.head())) {
      yield found('views-ahead', 'the views hold events that the log has not: it was cut, or they are of another log');
      return { views: 'different', rows: 0 };
    }
    const fresh = await openViews(folder, until(log, position));
    try {
      let total = 0;
      await fresh.catchUp(({ events }) => {
        total = events;
      });
      yield { kind: 'progress', phase: 'views', done: total, total };
      const findings: Verifying[] = [];
      const comparing = compareDumps(lying, fresh);
      let step = comparing.next();
      for (; !step.done; step = comparing.next()) findings.push(step.value);
      // Words erased while we were at it are in the views as they lay, and no longer in the log: look at them as they are.
      const isStale = step.value.views === 'different' && (await hasMetErasure(directory, log, position));
      if (!isStale) {
        yield* findings;
        return step.value;
      }
    } finally {
      await fresh.close();
    }
  } finally {
    lying.close();
    await rm(folder, { recursive: true, force: true });
  }
  return yield* compareViews(directory, log, patience);
}

/** Whether the views have gone on since `position`, and words were ordered erased after it. */
async function hasMetErasure(directory: string, log: Log, position: string): Promise<boolean> {
  const views = readViews(directory);
  views?.close();
  if (!views || views.position <= position) return false;
  const page = 256;
  for (let after = position; ; ) {
    const events = await log.readAll(after, page);
    if (events.some(({ type }) => type === 'TextsErased')) return true;
    if (events.length < page) return false;
    after = events.at(-1)!.position;
  }
}

/** In the data folder, where an erasure finds it if we are killed; elsewhere for who may not write there. */
const temporaryFolder = (directory: string): Promise<string> =>
  mkdtemp(join(directory, 'verify-')).catch(() => mkdtemp(join(tmpdir(), 'palimpsest-verify-')));

/** The views once they hold all that the log has, or as far as they are when patience ends (nobody may be running). */
async function caughtUp(directory: string, log: Log, patience: number): Promise<ViewsAsTheyLie | undefined> {
  const until = Date.now() + patience;
  for (;;) {
    const views = readViews(directory);
    if (!views || views.position >= (await log.head()) || Date.now() > until) return views;
    views.close();
    await sleep(50);
  }
}

/** The log as it was when `position` was its last. */
const until = (log: Log, position: string): Log => ({
  ...log,
  head: async () => position,
  readAll: async (after, limit) => (await log.readAll(after, limit)).filter((event) => event.position <= position),
});

function* compareDumps(
  lying: Pick<ViewsAsTheyLie, 'dump'>,
  fresh: { dump(): Iterable<string> },
): Generator<Verifying, { views: 'equal' | 'different'; rows: number }> {
  const digest = (line: string) => hash('sha256', line, 'base64url');
  const missing = new Set<string>();
  for (const line of fresh.dump()) missing.add(digest(line));
  let rows = 0;
  let different = 0;
  for (const line of lying.dump()) {
    rows++;
    if (missing.delete(digest(line))) continue;
    if (++different <= told) yield found('views-differ', `a fresh replay has no row such as ${nameOf(line)}`);
  }
  if (missing.size > 0) {
    for (const line of fresh.dump()) {
      if (!missing.has(digest(line))) continue;
      if (++different <= told) yield found('views-differ', `the views lack or have altered ${nameOf(line)}`);
    }
  }
  if (different > told) yield found('views-differ', `${different - told} further rows differ`);
  return { views: different ? 'different' : 'equal', rows };
}

/** A row by its table and key: the rest may be words that are not for every log file. */
function nameOf(line: string): string {
  const [table] = line.split(' ', 1) as [string];
  const row = JSON.parse(line.slice(table.length + 1)) as Record<string, unknown>;
  const key = ['id', 'story', 'version', 'revision', 'from', 'known_from', 'name', 'slug', 'tag'];
  return `${table} ${key
    .filter((name) => row[name] !== undefined)
    .map((name) => `${name}=${row[name]}`)
    .join(' ')}`;
}

const found = (code: Finding['code'], detail: string): Verifying => ({ kind: 'finding', finding: { code, detail } });
