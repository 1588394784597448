/**
 * The tables of the public stream. `announcements`: each public change, told or still to be told, made from the log alone;
 * what of it a reader may know is judged when it is read. `node_announced`: in which order this node told them, and
 * `node_stream`: which node this is; both its own, and other numbers after a rebuild.
 */
import type { DatabaseSync } from 'node:sqlite';
import { parse, stringify } from 'uuid';
import { isUuid } from '../content/slug.js';
import type { Instant } from '../story/instant.js';
import type { NumberOf } from './numbers.js';

export const announcementsSchema = `
  CREATE TABLE announcements (
    story INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    -- Its 16 bytes.
    id BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    version INTEGER,
    subject TEXT,
    -- null: as things stand its time never comes.
    due TEXT,
    PRIMARY KEY (story, revision)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX announcements_due ON announcements (due DESC, story, revision DESC);
  CREATE INDEX announcements_of_story ON announcements (story, due DESC, revision DESC);

  CREATE TABLE node_announced (
    story INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    -- null: its time has not come on this node.
    number INTEGER UNIQUE,
    PRIMARY KEY (story, revision)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX announced_not_yet ON node_announced (story, revision) WHERE number IS NULL;

  CREATE TABLE node_stream (node TEXT NOT NULL) STRICT;
  INSERT INTO node_stream (node) VALUES (lower(hex(randomblob(8))));
`;

/** `changed`: something that was public already is otherwise now. */
export type AnnouncementKind = 'version' | 'withdrawal' | 'reinstatement' | 'notice' | 'changed';

/** A public change of a story. */
export interface Announcement {
  /** Of the event that made it; of a version, the first. */
  revision: number;
  /** The same on every node, and unlike the revision no number that tells of others. */
  id: string;
  kind: AnnouncementKind;
  /** What came into force or changed; of a notice: the correction's. */
  version: number | null;
  /** Of the correction or withdrawal. */
  subject: string | null;
  due: Instant | null;
}

export interface AnnouncementRow extends Omit<Announcement, 'due'> {
  story: string;
  due: Instant;
}

/** One that this node has told. */
export interface AnnouncedRow extends AnnouncementRow {
  number: number;
}

interface LatestWanted {
  /** Of this story only; null: of all. */
  story: string | null;
  /** A story recorded later than this is asked about at that time. */
  clock: Instant;
  /** Behind this one; null: from the start. */
  after: Pick<AnnouncementRow, 'due' | 'story' | 'revision'> | null;
  limit: number;
}

const columns = 's.id AS story, a.revision, a.id, a.kind, a.version, a.subject, a.due';

/** What is no id is nobody's. */
const bytesOf = (id: string) => (isUuid(id) ? parse(id) : null);
const rowFrom = <Row extends AnnouncementRow>(row: object) =>
  ({ ...row, id: stringify((row as { id: Uint8Array }).id) }) as unknown as Row;

export function openAnnouncements(db: DatabaseSync, numberOf: NumberOf) {
  const save = db.prepare(`
    INSERT INTO announcements (story, revision, id, kind, version, subject, due) VALUES (?, ?, ?, ?, ?, ?, ?)`);
  const wait = db.prepare(`INSERT INTO node_announced (story, revision) VALUES (?, ?)`);
  const revisionOfVersion = db.prepare(`
    SELECT revision FROM announcements WHERE story = ? AND version = ? AND kind = 'version'`);
  const reschedule = db.prepare(`UPDATE announcements SET due = ? WHERE story = ? AND revision = ?`);
  const unannounce = db.prepare(`UPDATE node_announced SET number = NULL WHERE story = ? AND revision = ?`);
  const dueNow = db.prepare(`
    SELECT n.story, n.revision FROM node_announced n
    JOIN announcements a ON a.story = n.story AND a.revision = n.revision JOIN stories s ON s.number = n.story
    WHERE n.number IS NULL AND a.due <= max(:clock, s.recorded_at)
    ORDER BY a.due, n.story, n.revision`);
  const number = db.prepare(`UPDATE node_announced SET number = ? WHERE story = ? AND revision = ?`);
  const lastNumber = db.prepare(`SELECT coalesce(max(number), 0) AS number FROM node_announced`);
  const nextDue = db.prepare(`
    SELECT min(a.due) AS due FROM node_announced n
    JOIN announcements a ON a.story = n.story AND a.revision = n.revision WHERE n.number IS NULL`);
  const announcedAfter = db.prepare(`
    SELECT n.number, ${columns} FROM node_announced n JOIN announcements a ON a.story = n.story AND a.revision = n.revision
      JOIN stories s ON s.number = a.story
    WHERE n.number > ? ORDER BY n.number LIMIT ?`);
  const announcedOfStoryAfter = db.prepare(`
    SELECT n.number, ${columns} FROM node_announced n JOIN announcements a ON a.story = n.story AND a.revision = n.revision
      JOIN stories s ON s.number = a.story
    WHERE n.number > ? AND n.story = ? ORDER BY n.number LIMIT ?`);
  const announcedById = db.prepare(`
    SELECT n.number AS number FROM announcements a
    JOIN node_announced n ON n.story = a.story AND n.revision = a.revision WHERE a.id = ?`);
  const firstDueSince = db.prepare(`
    SELECT min(n.number) AS number FROM announcements a
    JOIN node_announced n ON n.story = a.story AND n.revision = a.revision WHERE a.due >= ?`);
  const announcedUpTo = db.prepare(`
    SELECT n.number, ${columns} FROM node_announced n JOIN announcements a ON a.story = n.story AND a.revision = n.revision
      JOIN stories s ON s.number = a.story
    WHERE n.number <= ? ORDER BY n.number DESC LIMIT 1`);
  const byId = db.prepare(`SELECT ${columns} FROM announcements a JOIN stories s ON s.number = a.story WHERE a.id = ?`);
  const behind = `a.due <= :due AND (a.due < :due OR a.story > :story OR (a.story = :story AND a.revision < :revision))
      AND a.due <= max(:clock, s.recorded_at)`;
  const latestOfAll = db.prepare(`
    SELECT ${columns} FROM announcements a INDEXED BY announcements_due CROSS JOIN stories s ON s.number = a.story
    WHERE ${behind} ORDER BY a.due DESC, a.story, a.revision DESC LIMIT :limit`);
  const latestOfOne = db.prepare(`
    SELECT ${columns} FROM announcements a INDEXED BY announcements_of_story CROSS JOIN stories s ON s.number = a.story
    WHERE a.story = :of AND ${behind} ORDER BY a.due DESC, a.revision DESC LIMIT :limit`);

  const last = () => lastNumber.get()!.number as number;

  return {
    saveAnnouncement(of: string, { revision, id, kind, version, subject, due }: Announcement): void {
      const story = numberOf(of);
      save.run(story, revision, parse(id), kind, version, subject, due);
      wait.run(story, revision);
    },
    /** The time of a version that readers have not had is another now. */
    rescheduleVersion(of: string, version: number, due: Instant | null): void {
      const story = numberOf(of);
      const { revision } = revisionOfVersion.get(story, version)!;
      reschedule.run(due, story, revision!);
      // Told here already, by a clock that was ahead of the one that moved it.
      unannounce.run(story, revision!);
    },
    /** Numbers what is due by the clock, and says how many. Call it in a transaction. */
    announceDue(clock: Instant): number {
      const due = dueNow.all({ clock }) as { story: number; revision: number }[];
      const before = due.length > 0 ? last() : 0;
      for (const [index, { story, revision }] of due.entries()) number.run(before + 1 + index, story, revision);
      return due.length;
    },
    /** When the next one is due. */
    nextAnnouncementDue: () => nextDue.get()!.due as Instant | null,
    /** Those told, of one story or (null) of all, in the order in which this node told them. */
    announcedAfter: (number: number, limit: number, story: string | null) =>
      (story === null
        ? announcedAfter.all(number, limit)
        : announcedOfStoryAfter.all(number, numberOf(story), limit)
      ).map(rowFrom<AnnouncedRow>),
    /** The number of the last one told; 0 for none. */
    lastAnnounced: last,
    /** This node's number of an announcement; undefined: it has not told it. */
    announcedNumber: (id: string) => (announcedById.get(bytesOf(id))?.number ?? undefined) as number | undefined,
    /** The last one told up to this number. */
    announcedUpTo(number: number): AnnouncedRow | undefined {
      const row = announcedUpTo.get(number);
      return row && rowFrom<AnnouncedRow>(row);
    },
    /** The number of the first one told here that was due then or later. */
    firstAnnouncedSince: (due: Instant) => firstDueSince.get(due)!.number as number | null,
    /** Which this node is, to cursors. */
    streamNode: () => db.prepare('SELECT node FROM node_stream').get()!.node as string,
    announcement(id: string): AnnouncementRow | undefined {
      const row = byId.get(bytesOf(id));
      return row && rowFrom(row);
    },
    /** Those due by now, the latest first, whoever may know of them. */
    latestAnnouncements({ story: of, clock, after, limit }: LatestWanted): AnnouncementRow[] {
      const bounds = {
        due: after?.due ?? '~',
        story: numberOf(after?.story ?? ''),
        revision: after?.revision ?? 0,
        clock,
        limit,
      };
      const rows = of === null ? latestOfAll.all(bounds) : latestOfOne.all({ ...bounds, of: numberOf(of) });
      return rows.map(rowFrom<AnnouncementRow>);
    },
  };
}
