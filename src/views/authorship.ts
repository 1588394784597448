/**
 * The tables of authorship: for the words of each text, of which earlier text's words they are; which texts a version
 * moved; which sentences left and came back. Numbers and references, no words. Made of texts, so made anew for a story
 * some of whose texts are erased.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Life, TextAuthorship } from '../compare/authorship.js';
import type { RemovedSentence, TextName } from '../compare/removed.js';
import type { Reference } from '../story/events.js';
import type { NumberOf } from './numbers.js';
import { packJson, unpackJson } from './packing.js';

export const authorshipSchema = `
  -- Of an event's texts, in the order of their names: the name; in order and in turn, how many words and which of the lives;
  -- lives, each of which says from where those words came. Packed if it is long.
  CREATE TABLE authorship (
    story INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    texts ANY NOT NULL,
    PRIMARY KEY (story, revision)
  ) STRICT;

  -- Texts that stand elsewhere in a version than in its base, among those that stayed.
  CREATE TABLE moved_texts (
    story INTEGER NOT NULL,
    version INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (story, version, revision, name)
  ) STRICT, WITHOUT ROWID;

  -- Sentences that left, by the text in which each stood last and which of its words it was.
  CREATE TABLE removed_sentences (
    story INTEGER NOT NULL,
    number INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    name TEXT NOT NULL,
    first_word INTEGER NOT NULL,
    end_word INTEGER NOT NULL,
    left_in INTEGER NOT NULL,
    returned_in INTEGER,
    returned_revision INTEGER,
    returned_name TEXT,
    PRIMARY KEY (story, number)
  ) STRICT, WITHOUT ROWID;
`;

/** Of a `textKey`. */
export const referenceOf = (text: TextName): Reference => {
  const slash = text.indexOf('/');
  return [Number(text.slice(0, slash)), text.slice(slash + 1)];
};
const nameOf = (revision: unknown, name: unknown): TextName => `${revision as number}/${name as string}`;

type KeptAuthorship = [name: string, spans: number[], lives: Life[]];

export function openAuthorship(db: DatabaseSync, numberOf: NumberOf) {
  const save = db.prepare(`
    INSERT INTO authorship (story, revision, texts) VALUES (?, ?, ?)
    ON CONFLICT (story, revision) DO UPDATE SET texts = excluded.texts`);
  const ofEvent = db.prepare(`SELECT texts FROM authorship WHERE story = ? AND revision = ?`);
  const move = db.prepare(`INSERT OR IGNORE INTO moved_texts (story, version, revision, name) VALUES (?, ?, ?, ?)`);
  const moves = db.prepare(`SELECT version, revision, name FROM moved_texts WHERE story = ? ORDER BY version`);
  const remove = db.prepare(`
    INSERT INTO removed_sentences (story, number, revision, name, first_word, end_word, left_in)
    VALUES (?, ?, ?, ?, ?, ?, ?)`);
  const bringBack = db.prepare(`
    UPDATE removed_sentences SET returned_in = ?, returned_revision = ?, returned_name = ?
    WHERE story = ? AND number = ?`);
  const removed = db.prepare(`
    SELECT revision, name, first_word, end_word, left_in, returned_in, returned_revision, returned_name
    FROM removed_sentences WHERE story = ? ORDER BY number`);
  const forget = ['authorship', 'moved_texts', 'removed_sentences'].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE story = ?`),
  );

  function authorshipsOf(story: string, revision: number): Map<string, TextAuthorship> {
    const row = ofEvent.get(numberOf(story), revision);
    const kept = row ? (unpackJson(row.texts) as KeptAuthorship[]) : [];
    return new Map(kept.map(([name, spans, lives]) => [name, { spans, lives }]));
  }

  return {
    saveAuthorship(story: string, revision: number, texts: ReadonlyMap<string, TextAuthorship>): void {
      const inOrder = [...texts].sort(([a], [b]) => (a < b ? -1 : 1));
      const rows: KeptAuthorship[] = inOrder.map(([name, { spans, lives }]) => [name, spans, lives]);
      save.run(numberOf(story), revision, packJson(JSON.stringify(rows), 'authorship'));
    },
    /** What is kept of an event's texts, by name. */
    authorshipsOf,
    /** A look-up that reads what it needs once. undefined: a text has no words, or none that are kept. */
    findAuthorship(story: string): (text: TextName) => TextAuthorship | undefined {
      const events = new Map<number, Map<string, TextAuthorship>>();
      return (text) => {
        const [revision, name] = referenceOf(text);
        let known = events.get(revision);
        if (!known) {
          known = authorshipsOf(story, revision);
          events.set(revision, known);
        }
        return known.get(name);
      };
    },
    saveMove(story: string, version: number, text: TextName): void {
      move.run(numberOf(story), version, ...referenceOf(text));
    },
    /** The versions that moved a text as a whole, in order. */
    movesOf(story: string): Map<TextName, number[]> {
      const byText = Map.groupBy(moves.all(numberOf(story)), ({ revision, name }) => nameOf(revision, name));
      return new Map([...byText].map(([text, rows]) => [text, rows.map(({ version }) => version as number)]));
    },
    /** `number`: how many left before it. */
    saveRemoved(story: string, number: number, { text, from, to, left }: RemovedSentence): void {
      remove.run(numberOf(story), number, ...referenceOf(text), from, to, left);
    },
    saveReturned(story: string, number: number, { text, version }: NonNullable<RemovedSentence['returned']>): void {
      bringBack.run(version, ...referenceOf(text), numberOf(story), number);
    },
    /** In the order in which they left. */
    removedSentences: (story: string): RemovedSentence[] =>
      removed.all(numberOf(story)).map((row) => ({
        text: nameOf(row.revision, row.name),
        from: row.first_word as number,
        to: row.end_word as number,
        left: row.left_in as number,
        ...(row.returned_in !== null && {
          returned: {
            text: nameOf(row.returned_revision, row.returned_name),
            version: row.returned_in as number,
          },
        }),
      })),
    forgetAuthorship(story: string): void {
      for (const statement of forget) statement.run(numberOf(story));
    },
  };
}
