/**
 * The tables of the views: everything that answers are made of, raw and unfiltered. They belong to this node, are made
 * from the log alone, and may be deleted at any time. A change here, or to what the projector writes, takes a new
 * `viewsVersion`.
 */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { announcementsSchema } from './announcements.js';
import { authorshipSchema } from './authorship.js';
import { erasuresSchema } from './erasures.js';
import { unpacked } from './packing.js';
import { dumpIndex, searchSchema } from './search.js';

/** In the file's name and its `user_version`. */
export const viewsVersion = 6;

/** SQLite's `application_id` of our views: "PaVi". */
export const viewsApplication = 0x50615669;

/** Without its comments and its layout, which SQLite would keep in the file. */
export const schema = `
  -- The last event that is in these tables: one row, or none before the first.
  CREATE TABLE checkpoint (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    position TEXT NOT NULL,
    story TEXT NOT NULL,
    revision INTEGER NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;

  -- By its number a story's rows are kept, here and wherever a column is named story.
  CREATE TABLE stories (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    recorded_at TEXT NOT NULL,
    -- Where its present slug was written.
    slug_revision INTEGER
  ) STRICT;
  CREATE INDEX stories_recorded ON stories (recorded_at);

  -- Every claim to a slug; the first in the log owns it, and keeps it when its story takes another.
  CREATE TABLE slugs (
    story INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    slug TEXT NOT NULL,
    position TEXT NOT NULL,
    PRIMARY KEY (story, revision)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX slugs_claims ON slugs (slug, position);

  CREATE TABLE versions (
    story INTEGER NOT NULL,
    version INTEGER NOT NULL,
    -- Of the last event that made it.
    revision INTEGER NOT NULL,
    base INTEGER,
    acts TEXT NOT NULL,
    significance TEXT NOT NULL,
    in_force_from TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    -- The start of its first time in force, past or to come.
    in_force_since TEXT,
    imported INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    superseded_by INTEGER,
    restored INTEGER,
    hidden INTEGER NOT NULL,
    note_revision INTEGER,
    labels_revision INTEGER,
    -- Of texts, so made anew when those are erased: who wrote it, and its words against its base's.
    editor_id TEXT,
    editor_name TEXT,
    words_added INTEGER NOT NULL,
    words_removed INTEGER NOT NULL,
    -- Of the manifest all but its body.
    fields TEXT NOT NULL,
    statements TEXT NOT NULL,
    PRIMARY KEY (story, version)
  ) STRICT;
  CREATE INDEX versions_to_come ON versions (in_force_from, story, version)
    WHERE NOT cancelled AND in_force_from > recorded_at;
  CREATE INDEX versions_correcting ON versions (in_force_since DESC, story, version)
    WHERE instr(acts, 'CorrectionIssued') > 0;

  -- That of each version's manifest, as JSON: see bodies.ts; packed if it is long. No list reads it.
  CREATE TABLE bodies (
    story INTEGER NOT NULL,
    version INTEGER NOT NULL,
    body ANY NOT NULL,
    PRIMARY KEY (story, version)
  ) STRICT;

  -- What was in force from … until …, known from … until … (null: open-ended). Never two for one pair of instants.
  CREATE TABLE reigns (
    story INTEGER NOT NULL,
    "from" TEXT NOT NULL,
    until TEXT,
    version INTEGER,
    withdrawal TEXT,
    known_from TEXT NOT NULL,
    known_until TEXT,
    PRIMARY KEY (story, "from", known_from)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX reigns_believed ON reigns ("from" DESC, story, until, version, withdrawal) WHERE known_until IS NULL;
  CREATE INDEX reigns_of_version ON reigns (story, version, "from", until, withdrawal) WHERE known_until IS NULL;

  -- The texts of one event by name, packed if they are long, those of its blocks (null: none) apart from the others; in
  -- absent, those that are gone and why.
  CREATE TABLE texts (
    story INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    texts ANY NOT NULL,
    -- Of them as JSON, in characters.
    length INTEGER NOT NULL,
    -- How many texts that search reads the story has up to here.
    searched INTEGER NOT NULL,
    absent TEXT NOT NULL,
    blocks ANY,
    PRIMARY KEY (story, revision)
  ) STRICT;

  -- Texts that readers don't get now.
  CREATE TABLE hidden_texts (
    story INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (story, revision, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE corrections (
    story INTEGER NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    corrects TEXT NOT NULL,
    notice_revision INTEGER,
    PRIMARY KEY (story, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE withdrawals (
    story INTEGER NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    notice_revision INTEGER,
    PRIMARY KEY (story, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX withdrawals_retracting ON withdrawals (at DESC, story, id) WHERE kind = 'retracted';

  CREATE TABLE tags (
    story INTEGER NOT NULL,
    version INTEGER NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (story, version, tag)
  ) STRICT, WITHOUT ROWID;

  -- The publisher's own page, by version, written as addresses are compared.
  CREATE TABLE addresses (
    address TEXT NOT NULL,
    story INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (address, story, version)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX addresses_of_version ON addresses (story, version);
  ${authorshipSchema}
  ${erasuresSchema}
  ${announcementsSchema}
  ${searchSchema}
`
  .replaceAll(/^ *--.*\n/gm, '')
  .replaceAll(/\s+/g, ' ');

/**
 * Every row of every table, in an order that depends on nothing but the rows: two views of one log give the same lines,
 * with stories by their ids and nothing packed, since packing is done otherwise by another release of zlib.
 * Of the search index, whose pages lie differently each time, its words and where they stand. Tables named `node_…` are
 * this node's own notes, not made from the log, and left out.
 */
export function* dump(db: DatabaseSync): Generator<string> {
  const idOf = db.prepare('SELECT id FROM stories WHERE number = ?');
  let last: { number: unknown; id: unknown } | undefined;
  const nameOf = (number: SQLOutputValue) => {
    if (last?.number !== number) last = { number, id: idOf.get(number)?.id };
    return last?.id;
  };
  const plain = (row: Record<string, SQLOutputValue>) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => {
        if (name === 'story' && typeof value === 'number') return [name, nameOf(value)];
        if (!(value instanceof Uint8Array)) return [name, value];
        return [name, name === 'id' ? Buffer.from(value).toString('hex') : unpacked(value)];
      }),
    );
  const tables = db
    .prepare(`
      SELECT name FROM pragma_table_list
      WHERE schema = 'main' AND type = 'table' AND name NOT GLOB 'node_*' AND name NOT GLOB 'sqlite_*' ORDER BY name`)
    .all() as { name: string }[];
  for (const { name } of tables) {
    const columns = db.prepare(`SELECT name, pk FROM pragma_table_info(?)`).all(name) as { name: string; pk: number }[];
    const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
    const rows = db.prepare(`SELECT * FROM ${name} ORDER BY ${key.map((column) => `"${column.name}"`).join(', ')}`);
    for (const row of rows.iterate()) yield `${name} ${JSON.stringify(plain(row))}`;
  }
  yield* dumpIndex(db);
}
