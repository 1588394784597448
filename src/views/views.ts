/**
 * Opens a node's views: `views-<version>.db` in the data folder. A file that is damaged, not ours, or made from another
 * log is set aside, said in the log, and made anew from the log of events.
 */
import { EventEmitter } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Log } from '../event-store/log.js';
import type { Opened } from '../story/events.js';
import { msOf } from '../story/instant.js';
import { silent as silentTelemetry, type Telemetry } from '../telemetry/telemetry.js';
import { openAnnouncer } from './announcer.js';
import { openComparing, type Side } from './comparing.js';
import { connect } from './connection.js';
import { isAsLeft, leave, takeUp } from './leaving.js';
import { openProjection, type Projection } from './projecting.js';
import { startProjecting } from './projecting-elsewhere.js';
import { openProjector, type Progress } from './projector.js';
import { purgeFile, removeLeftovers } from './purge.js';
import { versionsWithReplaced } from './replaced.js';
import { dump, schema, viewsApplication, viewsVersion } from './schema.js';
import { openTables } from './tables.js';
import { openWriting } from './writing.js';

/** What it says of itself, for whoever runs the service. */
export interface ViewsLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}
const silent: ViewsLog = { info() {}, warn() {}, error() {} };

export const viewsFile = (directory: string): string => join(directory, `views-${viewsVersion}.db`);

export type Views = Awaited<ReturnType<typeof openViews>>;

/** Under which the views are injected. */
export const VIEWS = Symbol('views');

/**
 * Opens the views of a log; makes the folder and the file where there are none. They hold what they held when they were
 * closed: follow the log with `run`, or `catchUp` once. `clock`: milliseconds since 1970, for the public stream.
 */
export async function openViews(
  directory: string,
  log: Log,
  said: ViewsLog = silent,
  clock: () => number = Date.now,
  telemetry: Telemetry = silentTelemetry,
) {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = viewsFile(directory);
  let db = openFile(path, said);
  if (!(await isOfLog(db, log))) {
    db.close();
    setAside(path, 'was made from another log', said);
    db = openFile(path, said);
  }
  const tables = openTables(db);
  const comparing = openComparing(path, telemetry);
  // In a process of their own: no writer waits for readers.
  const aligning = openComparing(path, telemetry);
  const onFailure = (err: unknown, by?: Opened) => {
    if (met(err)) return;
    const event = by && { story: by.story, revision: by.revision, position: by.position, type: by.type };
    said.error({ err, ...(event && { event }) }, 'The views cannot be brought up to date now; trying again.');
  };
  const here = openProjection(db, tables);
  let elsewhere: ReturnType<typeof startProjecting> | undefined;
  const writing = openWriting(db);
  const projection: Projection = {
    project: (batch) => writing.during(() => (elsewhere ?? here).project(batch)),
    announce: (now) => writing.during(() => (elsewhere ?? here).announce(now)),
    noteErasedUpTo: (position) => writing.during(() => (elsewhere ?? here).noteErasedUpTo(position)),
  };
  const projector = openProjector(db, projection, log, clock, {
    onFailure,
    onErasure: () => onErasure(),
    onAnnounced: () => announced.emit('announced'),
    onProjected(events, from) {
      announcer.look();
      const fresh = events.filter(({ metadata }) => msOf(metadata.recordedAt) >= began);
      telemetry.projected(events.length, fresh, from);
      fresh.forEach(sayProjected);
    },
  });
  /** What was recorded before is read by the million. */
  const began = clock();
  const sayProjected = ({ story, revision, type, metadata: { correlationId, recordedAt } }: Opened) =>
    said.info({ correlationId, story, revision, type, ms: clock() - msOf(recordedAt) }, 'projected');
  const announced = new EventEmitter().setMaxListeners(0);
  const { announce } = projector;
  const announcer = openAnnouncer({ nextDue: tables.nextAnnouncementDue, announce, clock, onFailure });
  let onErasure = () => {};
  let rewrittenFor: string | undefined;
  let stop: AbortController | undefined;
  let running: Promise<void> | undefined;
  let isDamaged = false;
  const whenDamaged: (() => void)[] = [];

  /** Whether it says that the file is damaged. Then it is set aside, for the next opening, and nothing more is written. */
  function met(error: unknown): boolean {
    if (!saysDamaged(error)) return false;
    if (isDamaged) return true;
    isDamaged = true;
    stop?.abort();
    void announcer.stop();
    said.error({ err: error, path }, 'The views file is damaged: nobody is answered from it any more.');
    try {
      setAside(path, 'is damaged', said);
    } catch (err) {
      // Open files cannot be renamed on Windows; the next opening looks for damage itself.
      said.warn({ err, path }, 'The damaged views file stays where it is for now.');
    }
    for (const listener of whenDamaged) listener();
    return true;
  }

  return {
    ...tables,
    versionsWithReplaced: (id: string, replaced: Parameters<typeof versionsWithReplaced>[2]) =>
      versionsWithReplaced(tables, id, replaced),
    comparing,
    aligning,
    /** A version as it lies here, hidden texts included, to compare. */
    side: (story: string, version: number): Side => ({
      length: tables.lengthOfContent(story, version),
      content: () => tables.contentOfManifest(story, tables.manifest(story, version)!),
      found: () => ({ story, version, withheld: [] }),
    }),
    settled: writing.settled,
    /** Follows the log from now until it is closed; on a thread of its own, so that no reader waits for what is written. */
    run(): void {
      elsewhere ??= startProjecting(path);
      stop ??= new AbortController();
      running ??= projector.run(stop.signal);
      announcer.start();
    },
    project: projector.project,
    catchUp: projector.catchUp,
    progress: projector.progress,
    state: projector.state,
    noteErasedUpTo: projector.noteErasedUpTo,
    /** Tells in the public stream what has come into force by now, at once; otherwise each when its time comes. */
    announce,
    async waitFor(position: string, ms: number): Promise<boolean> {
      const isThere = await projector.waitFor(position, ms);
      writing.lookAgain();
      return isThere;
    },
    /** `listener` is told when there is something new in the public stream, until the function that it gives is called. */
    whenAnnounced(listener: () => void): () => void {
      announced.on('announced', listener);
      return () => void announced.off('announced', listener);
    },
    met,
    /** `listener` is told once, when the file turns out to be damaged: answer nobody from it, and open it anew. */
    whenDamaged(listener: () => void): void {
      whenDamaged.push(listener);
    },
    /** `listener` is told when the views have met orders to erase. */
    whenErasing(listener: () => void): void {
      onErasure = listener;
    },
    /**
     * Sees to it that no byte of what the rows no longer hold is in any views file of the folder; readers go on reading
     * meanwhile. Throws when one may still be there, because somebody reads an old state: try again.
     */
    async purge(): Promise<void> {
      removeLeftovers(directory, path);
      const { failed } = await projector.pauseFor(async () => {
        // Rows that moved may have left copies in free pages; a file written anew has none.
        const last = tables.lastErasure();
        const purged = await purgeFile({ path, rewrite: rewrittenFor !== last });
        if (purged.rewritten) rewrittenFor = last;
        return purged;
      });
      if (failed !== undefined) throw new Error(`words may still lie in ${path}: ${failed}`);
    },
    /** Every row, in an order that depends on the rows alone. */
    dump: () => dump(db),
    async close(): Promise<void> {
      stop?.abort();
      await announcer.stop();
      await running;
      projector.stopWaiting();
      await comparing.close();
      await aligning.close();
      await elsewhere?.close();
      leave(db, path, isDamaged);
    },
  };
}

/** Makes the views anew from the log. Not beside a running service: that one keeps the old file open. */
export async function rebuildViews(
  directory: string,
  log: Log,
  onProgress: (progress: Progress) => void = () => {},
): Promise<void> {
  removeFile(viewsFile(directory));
  const views = await openViews(directory, log);
  try {
    await views.catchUp(onProgress);
  } finally {
    await views.close();
  }
}

function openFile(path: string, said: ViewsLog): DatabaseSync {
  if (existsSync(path)) {
    const fault = faultOf(path);
    if (fault) setAside(path, fault, said);
  }
  const db = connect(path);
  // What may not be written, SQLite opens for reading without a word.
  accessSync(path, constants.W_OK);
  takeUp(path);
  if (pragma(db, 'user_version') === 0) {
    db.exec(`BEGIN IMMEDIATE; ${schema}
      PRAGMA application_id = ${viewsApplication}; PRAGMA user_version = ${viewsVersion}; COMMIT`);
  }
  return db;
}

const pragma = (db: DatabaseSync, name: string) => db.prepare(`PRAGMA ${name}`).get()![name] as number | string;

/** Why this file can't be used as it is. One that was closed well is not read through. */
function faultOf(path: string): string | undefined {
  const asLeft = isAsLeft(path);
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { timeout: 5000 });
    const empty = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()!.tables === 0;
    if (empty) return undefined;
    if (pragma(db, 'application_id') !== viewsApplication || pragma(db, 'user_version') !== viewsVersion) {
      return 'is not ours';
    }
    return asLeft || pragma(db, 'quick_check') === 'ok' ? undefined : 'is damaged';
  } catch (error) {
    if (saysDamaged(error)) return 'is damaged';
    throw error;
  } finally {
    db?.close();
  }
}

/** https://www.sqlite.org/rescode.html */
const [SQLITE_CORRUPT, SQLITE_NOTADB] = [11, 26];
function saysDamaged(error: unknown): boolean {
  const { name, message, errcode } = (error ?? {}) as Error & { errcode?: number };
  if (errcode !== undefined) return [SQLITE_CORRUPT, SQLITE_NOTADB].includes(errcode & 0xff);
  // From another thread an error comes with its message alone.
  return name === 'Error' && /malformed|not a database|corrupt/.test(message);
}

/** Whether the last event in the views is in this log, the same and at the same place. */
async function isOfLog(db: DatabaseSync, log: Log): Promise<boolean> {
  const last = db.prepare('SELECT position, story, revision, hash FROM checkpoint').get();
  if (!last) return true;
  for await (const { position, hash } of log.readFacts(last.story as string, last.revision as number)) {
    return position === last.position && hash === last.hash;
  }
  return false;
}

const asideOf = (path: string): string => `${path}.set-aside`;

/** Keeps at most one such file, and only until words are erased: it may hold them (see `purge`). */
function setAside(path: string, fault: string, said: ViewsLog): void {
  const aside = asideOf(path);
  said.warn({ path, aside }, `The views file ${fault}; it is set aside and made anew from the log.`);
  removeFile(aside);
  renameSync(path, aside);
  removeFile(path);
}

function removeFile(path: string): void {
  for (const ending of ['', '-wal', '-shm']) rmSync(`${path}${ending}`, { force: true });
}
