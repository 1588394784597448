/** The tables `versions`, `bodies`, `tags` and `addresses`: every version's facts and manifest, whether or not anyone may see it. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { Act, Manifest, Significance } from '../story/events.js';
import type { Version } from '../story/evolve.js';
import type { Instant } from '../story/instant.js';
import { isLikeness, keptBody, type Likeness, wholeBody } from './bodies.js';
import type { NumberOf } from './numbers.js';
import { packJson, unpackJson } from './packing.js';

/** What lists show of a version, without its body. */
export interface VersionRow {
  version: number;
  /** Of the last event that made it; with `acts` it tells which events did. */
  revision: number;
  base: number | null;
  acts: Act[];
  significance: Significance;
  inForceFrom: Instant;
  recordedAt: Instant;
  /** The start of its first time in force, past or to come. */
  inForceSince: Instant | null;
  imported: boolean;
  cancelled: boolean;
  supersededBy: number | null;
  restored: number | null;
  hidden: boolean;
  noteRevision: number | null;
  labelsRevision: number | null;
  words: { added: number; removed: number };
  fields: Manifest['fields'];
  statements: NonNullable<Manifest['statements']>;
}

/** What is derived from texts, and so made anew when they are erased. */
export interface Derived {
  editor: { id: string; name: string } | null;
  /** Against its base; all of its words if it has none. */
  words: { added: number; removed: number };
  tags: string[];
  /** The publisher's own page, as `comparableUrl` writes it. */
  address: string | null;
}

interface VersionsWanted {
  /** Only numbers below this; null: all. */
  below: number | null;
  /** Only versions in force at some time up to then; null: all. */
  inForceBy: Instant | null;
  act: Act | null;
  /** An editor's id or name. */
  editor: string | null;
  limit: number;
}

const listed = `version, revision, base, acts, significance, in_force_from, recorded_at, in_force_since, imported,
  cancelled, superseded_by, restored, hidden, note_revision, labels_revision, words_added, words_removed, fields,
  statements`;

export function openVersions(db: DatabaseSync, numberOf: NumberOf) {
  const addVersion = db.prepare(`
    INSERT INTO versions (story, version, revision, base, acts, significance, in_force_from, recorded_at,
      in_force_since, imported, cancelled, superseded_by, restored, hidden, note_revision, labels_revision,
      editor_id, editor_name, words_added, words_removed, fields, statements)
    VALUES (:story, :version, :revision, :base, :acts, :significance, :inForceFrom, :recordedAt,
      :inForceSince, :imported, :cancelled, :supersededBy, :restored, :hidden, :note, :labels,
      :editorId, :editorName, :added, :removed, :fields, :statements)`);
  const saveBody = db.prepare(`
    INSERT INTO bodies (story, version, body) VALUES (?, ?, ?)
    ON CONFLICT (story, version) DO UPDATE SET body = excluded.body`);
  const changeVersion = db.prepare(`
    UPDATE versions SET
      revision = :revision, base = :base, acts = :acts, significance = :significance, in_force_from = :inForceFrom,
      recorded_at = :recordedAt, in_force_since = :inForceSince, imported = :imported, cancelled = :cancelled,
      superseded_by = :supersededBy, restored = :restored, hidden = :hidden, note_revision = :note,
      labels_revision = :labels, fields = :fields, statements = :statements
    WHERE story = :story AND version = :version`);
  const changeDerived = db.prepare(`
    UPDATE versions SET editor_id = ?, editor_name = ?, words_added = ?, words_removed = ?
    WHERE story = ? AND version = ?`);
  const dropTags = db.prepare(`DELETE FROM tags WHERE story = ? AND version = ?`);
  const addTag = db.prepare(`INSERT OR IGNORE INTO tags (story, version, tag) VALUES (?, ?, ?)`);
  const dropAddress = db.prepare(`DELETE FROM addresses WHERE story = ? AND version = ?`);
  const addAddress = db.prepare(`INSERT INTO addresses (address, story, version) VALUES (?, ?, ?)`);
  const storiesAt = db.prepare(`
    SELECT DISTINCT id AS story FROM addresses JOIN stories ON number = story WHERE address = ?`);
  const versionsAt = db.prepare(`SELECT version FROM addresses WHERE address = ? AND story = ? ORDER BY version`);
  const oneVersion = db.prepare(`SELECT ${listed} FROM versions WHERE story = ? AND version = ?`);
  const manifestOf = db.prepare(`
    SELECT fields, statements, body FROM versions JOIN bodies USING (story, version) WHERE story = ? AND version = ?`);
  const bodyOf = db.prepare(`SELECT body FROM bodies WHERE story = ? AND version = ?`);
  const someVersions = db.prepare(`
    SELECT ${listed} FROM versions
    WHERE story = :story AND (:below IS NULL OR version < :below)
      AND (:inForceBy IS NULL OR in_force_since <= :inForceBy)
      AND (:act IS NULL OR EXISTS (SELECT 1 FROM json_each(acts) WHERE value = :act))
      AND (:editor IS NULL OR editor_id = :editor OR editor_name = :editor)
    ORDER BY version DESC LIMIT :limit`);
  const countVersions = db.prepare(`
    SELECT count(*) AS versions, min(in_force_since) AS first, max(in_force_since) AS last
    FROM versions WHERE story = :story AND (:inForceBy IS NULL OR in_force_since <= :inForceBy)`);
  const waitingVersions = db.prepare(`
    SELECT version, in_force_from AS inForceFrom FROM versions
    WHERE story = :story AND NOT cancelled AND (in_force_since IS NULL OR in_force_since > :now) AND in_force_from > :now
    ORDER BY version`);
  const waitingAnywhere = db.prepare(`
    SELECT s.id AS story, v.version, v.in_force_from AS "from" FROM versions v INDEXED BY versions_to_come
      JOIN stories s ON s.number = v.story
    WHERE NOT v.cancelled AND v.in_force_from > v.recorded_at AND v.in_force_from > :clock AND v.in_force_from > s.recorded_at
      AND (v.in_force_since IS NULL OR v.in_force_since > max(:clock, s.recorded_at))
      AND (v.in_force_from, v.story, v.version) > (:from, :story, :version)
    ORDER BY v.in_force_from, v.story, v.version LIMIT :limit`);
  const latestVersion = db.prepare(`
    SELECT version FROM versions WHERE story = ? ORDER BY cancelled, version DESC LIMIT 1`);
  const versionBefore = db.prepare(`
    SELECT max(version) AS version FROM versions
    WHERE story = :story AND version < :version
      AND (:inForceBy IS NULL OR (in_force_since <= :inForceBy AND (:withHidden OR NOT hidden)))`);
  const versionAfter = db.prepare(`
    SELECT min(version) AS version FROM versions
    WHERE story = :story AND version > :version
      AND (:inForceBy IS NULL OR (in_force_since <= :inForceBy AND (:withHidden OR NOT hidden)))`);
  const shownVersions = db.prepare(`
    SELECT version, in_force_since AS "from" FROM versions
    WHERE story = ? AND in_force_since <= ? AND NOT hidden ORDER BY version`);
  const sinceWhen = db.prepare(`SELECT in_force_since FROM versions WHERE story = ? AND version = ?`);

  const wholeBodyOf = (story: number, kept: Manifest['body'] | Likeness): Manifest['body'] =>
    isLikeness(kept) ? wholeBody(kept, unpackJson(bodyOf.get(story, kept.of)!.body)) : kept;

  function columnsOf(story: string, version: Version) {
    const { acts, imported, cancelled, hidden, note, labels, manifest, ...rest } = version;
    const { base, significance, inForceFrom, recordedAt, inForceSince, revision, restored, supersededBy } = rest;
    return {
      story: numberOf(story),
      version: version.version,
      revision,
      base,
      acts: JSON.stringify(acts),
      significance,
      inForceFrom,
      recordedAt,
      inForceSince,
      imported: Number(imported),
      cancelled: Number(cancelled),
      supersededBy,
      restored,
      hidden: Number(hidden),
      note: note?.[0] ?? null,
      labels: labels?.[0] ?? null,
      fields: JSON.stringify(manifest.fields),
      statements: JSON.stringify(manifest.statements ?? []),
    };
  }

  function keepBody(of: string, { version, manifest }: Version, complete: Manifest['body']): void {
    const kept = JSON.stringify(keptBody(manifest.body, version, complete));
    saveBody.run(numberOf(of), version, packJson(kept, 'manifest'));
  }

  function addTags(story: number, version: number, { tags, address }: Derived): void {
    for (const tag of tags) addTag.run(story, version, tag);
    if (address !== null) addAddress.run(address, story, version);
  }

  return {
    /** A version that is new. `complete`: the body of the version that `completeFor` names. */
    addVersion(story: string, version: Version, complete: Manifest['body'], derived: Derived): void {
      const { editor, words } = derived;
      addVersion.run({
        ...columnsOf(story, version),
        editorId: editor?.id ?? null,
        editorName: editor?.name ?? null,
        ...words,
      });
      keepBody(story, version, complete);
      addTags(numberOf(story), version.version, derived);
    },
    changeVersion(story: string, version: Version, complete: Manifest['body']): void {
      changeVersion.run(columnsOf(story, version));
      keepBody(story, version, complete);
    },
    /** Of a version that is there. */
    changeDerived(id: string, version: number, derived: Derived): void {
      const story = numberOf(id);
      const { editor, words } = derived;
      changeDerived.run(editor?.id ?? null, editor?.name ?? null, words.added, words.removed, story, version);
      dropTags.run(story, version);
      dropAddress.run(story, version);
      addTags(story, version, derived);
    },
    version(story: string, version: number): VersionRow | undefined {
      const row = oneVersion.get(numberOf(story), version);
      return row && versionFrom(row);
    },
    /** Stories of which some version, seen or not, names this address (see `comparableUrl`) as the publisher's page. */
    storiesAt: (address: string) => storiesAt.all(address).map((row) => row.story as string),
    /** The versions that do, in order. */
    versionsAt: (story: string, address: string) =>
      versionsAt.all(address, numberOf(story)).map((row) => row.version as number),
    manifest(story: string, version: number): Manifest | undefined {
      const row = manifestOf.get(numberOf(story), version);
      return (
        row && {
          fields: JSON.parse(row.fields as string),
          statements: JSON.parse(row.statements as string),
          body: wholeBodyOf(numberOf(story), unpackJson(row.body)),
        }
      );
    },
    /** The newest first. */
    versions: (story: string, { below, inForceBy, act, editor, limit }: VersionsWanted) =>
      someVersions.all({ story: numberOf(story), below, inForceBy, act, editor, limit }).map(versionFrom),
    /** How many there are, and the first and last start of a time in force among them. */
    countVersions: (story: string, inForceBy: Instant | null) =>
      countVersions.get({ story: numberOf(story), inForceBy }) as {
        versions: number;
        first: Instant | null;
        last: Instant | null;
      },
    /** Not cancelled, and their time still to come. */
    waitingVersions: (story: string, now: Instant) =>
      waitingVersions.all({ story: numberOf(story), now }) as { version: number; inForceFrom: Instant }[],
    /** The same of all stories, the soonest first. A story recorded later than `clock` is asked about at that time. */
    waitingAnywhere: (
      clock: Instant,
      after: { from: Instant; story: string; version: number } | null,
      limit: number,
    ) => {
      const { from, story, version } = after ?? { from: '', story: '', version: 0 };
      const rows = waitingAnywhere.all({ clock, from, story: numberOf(story), version, limit });
      return rows as unknown as { story: string; version: number; from: Instant }[];
    },
    /** The last made that is not cancelled; if all are, the last. */
    latestVersion: (story: string) => latestVersion.get(numberOf(story))!.version as number,
    /** The nearest lower number, of all or of those in force at some time up to then. */
    versionBefore: (story: string, version: number, inForceBy: Instant | null, withHidden = true) =>
      versionBefore.get({ story: numberOf(story), version, inForceBy, withHidden: Number(withHidden) })!.version as
        | number
        | null,
    versionAfter: (story: string, version: number, inForceBy: Instant | null, withHidden = true) =>
      versionAfter.get({ story: numberOf(story), version, inForceBy, withHidden: Number(withHidden) })!.version as
        | number
        | null,
    /** Those in force at some time up to then and not hidden, with the start of their first time, in order. */
    shownVersions: (story: string, inForceBy: Instant) =>
      shownVersions.all(numberOf(story), inForceBy) as { version: number; from: Instant }[],
    /** The start of its first time in force, past or to come. */
    inForceSince: (story: string, version: number) =>
      (sinceWhen.get(numberOf(story), version)?.in_force_since ?? null) as Instant | null,
  };
}

function versionFrom(row: Record<string, SQLOutputValue>): VersionRow {
  return {
    version: row.version as number,
    revision: row.revision as number,
    base: row.base as number | null,
    acts: JSON.parse(row.acts as string),
    significance: row.significance as Significance,
    inForceFrom: row.in_force_from as Instant,
    recordedAt: row.recorded_at as Instant,
    inForceSince: row.in_force_since as Instant | null,
    imported: row.imported === 1,
    cancelled: row.cancelled === 1,
    supersededBy: row.superseded_by as number | null,
    restored: row.restored as number | null,
    hidden: row.hidden === 1,
    noteRevision: row.note_revision as number | null,
    labelsRevision: row.labels_revision as number | null,
    words: { added: row.words_added as number, removed: row.words_removed as number },
    fields: JSON.parse(row.fields as string),
    statements: JSON.parse(row.statements as string),
  };
}
