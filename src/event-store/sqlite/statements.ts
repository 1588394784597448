/**
 * Every SQL statement of the store, by table. An event's position in the log is its rowid; events are never changed nor
 * removed. A text is erased by writing zeros over it where it lies: removing rows would move neighbouring rows about, and
 * SQLite may leave a copy of what moved (seen even with secure_delete). So no text row is ever removed either.
 */

/** "PLMP", in the file's header. */
export const applicationId = 0x504c4d50;
/** In the file's header as user_version. 1: nothing was packed (packing.ts); read as it is, and made a 2 by who may write. */
export const schemaVersion = 2;

/** Names of streams, once. */
export const streams = {
  create: `CREATE TABLE stream (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE
  ) STRICT`,
  add: 'INSERT INTO stream (name) VALUES (?)',
  find: 'SELECT number FROM stream WHERE name = ?',
};

const placed = `SELECT position, stream.name AS stream, revision, id, record
  FROM event JOIN stream ON stream.number = event.stream`;

/** Records, packed (packing.ts). `id` is the UUID's 16 bytes. */
export const events = {
  create: `CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    stream   INTEGER NOT NULL REFERENCES stream (number),
    revision INTEGER NOT NULL,
    id       BLOB    NOT NULL,
    record   BLOB    NOT NULL,
    UNIQUE (stream, revision),
    UNIQUE (stream, id)
  ) STRICT`,
  add: 'INSERT INTO event (stream, revision, id, record) VALUES (?, ?, ?, ?)',
  lastRevision: 'SELECT max(revision) AS revision FROM event WHERE stream = ?',
  idsFrom: 'SELECT id FROM event WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?',
  ofStream: `${placed} WHERE stream.name = ? AND revision >= ? ORDER BY revision LIMIT ?`,
  ofLog: `${placed} WHERE position > ? ORDER BY position LIMIT ?`,
  first: 'SELECT position, record FROM event ORDER BY position LIMIT 1',
  last: 'SELECT position, record FROM event ORDER BY position DESC LIMIT 1',
  lastPosition: 'SELECT max(position) AS position FROM event',
};

const unerased = `key <> zeroblob(length(key)) AND name = ? AND event = (
  SELECT position FROM event JOIN stream ON stream.number = event.stream WHERE stream.name = ? AND revision = ?
)`;

/** Texts beside their records, packed each by itself; `event` is the position. A key of zeros marks an erased one. */
export const texts = {
  create: `CREATE TABLE text (
    event INTEGER NOT NULL,
    name  TEXT NOT NULL,
    key   BLOB NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (event, name)
  ) STRICT`,
  add: 'INSERT INTO text (event, name, key, bytes) VALUES (?, ?, ?, ?)',
  /** The parameter is a JSON list of positions. */
  ofEvents: `SELECT event, name, key, bytes FROM text
    WHERE event IN (SELECT value FROM json_each(?)) AND key <> zeroblob(length(key))`,
  /** Same lengths, so that SQLite overwrites in place. */
  erase: `UPDATE text SET key = zeroblob(length(key)), bytes = zeroblob(length(bytes)) WHERE ${unerased}`,
  remains: `SELECT 1 FROM text WHERE ${unerased}`,
};

export const create = [
  streams.create,
  events.create,
  texts.create,
  `PRAGMA application_id = ${applicationId}`,
  `PRAGMA user_version = ${schemaVersion}`,
].join(';\n');
