/**
 * The tables `search…`: a full-text index of what was typed into stories, a row a text, whoever may see it. It holds
 * folded words and no second copy of a text; which versions hold a text lies beside it, so that what was in force at an
 * instant is found as fast as what was ever said.
 */
import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { termsOf } from '../compare/terms.js';
import type { Opened, Reference } from '../story/events.js';
import { textKey } from '../story/evolve.js';
import type { Instant } from '../story/instant.js';
import { isSearched, passagesOf } from '../story/searched.js';

export const searchSchema = `
  -- The number that stands for a story in the index, in the order of the log.
  CREATE TABLE search_stories (number INTEGER PRIMARY KEY, story TEXT NOT NULL UNIQUE) STRICT;

  -- The texts that are in the index. An id is made of the story's number, the revision and the text's place in its event.
  CREATE TABLE search_texts (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;

  -- The versions that hold a text: from the first to the last (null: and all after).
  CREATE TABLE search_spans (
    id INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER,
    PRIMARY KEY (id, first)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX search_spans_open ON search_spans (id) WHERE last IS NULL;

  -- Words come folded and apart by spaces. What is deleted is out of its files after 'optimize'.
  CREATE VIRTUAL TABLE search USING fts5(words, content='', contentless_delete=1, tokenize='ascii');
`;

/** Words that stand side by side in one passage; `prefix`: the last may be the beginning of one. */
export interface Phrase {
  terms: readonly string[];
  prefix: boolean;
}

/** Stands between passages, so that no phrase reaches from one into the next. No term has it. */
const gap = ' ¶ ';

// 2^23 stories of 2^18 revisions of 2^12 texts: 53 bits.
const perEvent = 2 ** 12;
const perStory = 2 ** 18 * perEvent;

/** Of terms, which are letters, digits and marks: nothing that FTS5 would take for syntax. */
const fts = ({ terms, prefix }: Phrase): string => `"${terms.join(' ')}"${prefix ? ' *' : ''}`;

export function openSearch(db: DatabaseSync) {
  const mintNumber = db.prepare(`INSERT OR IGNORE INTO search_stories (story) VALUES (?)`);
  const numberOfStory = db.prepare(`SELECT number FROM search_stories WHERE story = ?`);
  const addText = db.prepare(`INSERT INTO search_texts (id, name) VALUES (?, ?)`);
  const addWords = db.prepare(`INSERT INTO search (rowid, words) VALUES (?, ?)`);
  const textsOfEvent = db.prepare(`SELECT id, name FROM search_texts WHERE id >= ? AND id < ?`);
  const dropText = db.prepare(`DELETE FROM search_texts WHERE id = ?`);
  const dropWords = db.prepare(`DELETE FROM search WHERE rowid = ?`);
  const dropSpans = db.prepare(`DELETE FROM search_spans WHERE id = ?`);
  const openSpans = db.prepare(`
    SELECT id, first, name FROM search_spans x INDEXED BY search_spans_open JOIN search_texts USING (id)
    WHERE x.last IS NULL AND x.id >= ? AND x.id < ?`);
  const beginSpan = db.prepare(`INSERT INTO search_spans (id, first) VALUES (?, ?)`);
  const resumeSpan = db.prepare(`UPDATE search_spans SET last = NULL WHERE id = ? AND last = ?`);
  const endSpan = db.prepare(`UPDATE search_spans SET last = ? WHERE id = ? AND first = ?`);
  const dropSpan = db.prepare(`DELETE FROM search_spans WHERE id = ? AND first = ?`);
  const countTexts = db.prepare(`
    SELECT count(*) AS texts FROM (SELECT 1 FROM search WHERE search MATCH :words LIMIT :most)`);
  // CROSS JOIN: in this order.
  const storiesSaying = db.prepare(`
    WITH said AS MATERIALIZED (SELECT rowid AS id FROM search WHERE search MATCH :words)
    SELECT DISTINCT n.story FROM said
      CROSS JOIN search_spans x ON x.id = said.id
      CROSS JOIN search_stories n ON n.number = said.id / ${perStory}
      CROSS JOIN stories s ON s.id = n.story
    WHERE (
      SELECT version FROM reigns r
      WHERE r.story = n.story AND r.known_until IS NULL AND r."from" <= max(:clock, min(:at, s.recorded_at))
        AND (r.until > max(:clock, min(:at, s.recorded_at)) OR r.until IS NULL)
      ORDER BY r."from" DESC LIMIT 1
    ) BETWEEN x.first AND coalesce(x.last, ${Number.MAX_SAFE_INTEGER})`);

  const storiesEverSaying = db.prepare(`
    SELECT DISTINCT n.story FROM (SELECT rowid AS id FROM search WHERE search MATCH :words) said
      CROSS JOIN search_stories n ON n.number = said.id / ${perStory}
    WHERE n.story <> :besides LIMIT :most`);

  const spansOfStory = db.prepare(`
    SELECT id, name, first, last FROM search_texts JOIN search_spans USING (id) WHERE id >= ? AND id < ?`);

  const number = (story: string) => numberOfStory.get(story)?.number as number | undefined;
  const revisionOf = (id: number) => Math.floor((id % perStory) / perEvent);
  /** Ids of an event's texts are from here to `perEvent` further. */
  const firstId = (story: number, revision: number) => story * perStory + revision * perEvent;

  /** Ids of an event's texts, by name. */
  function idsOf(story: number, revision: number): Map<string, number> {
    const first = firstId(story, revision);
    return new Map(textsOfEvent.all(first, first + perEvent).map(({ id, name }) => [name as string, id as number]));
  }

  return {
    indexTexts({ story, revision, texts, textStates }: Opened): void {
      // By all the names its record has, so that an id is the same whatever has been erased.
      const names = Object.keys(textStates).filter(isSearched).sort();
      if (names.length === 0) return;
      mintNumber.run(story);
      const first = firstId(number(story)!, revision);
      for (const [index, name] of names.entries()) {
        if (textStates[name] !== 'verified') continue;
        addText.run(first + index, name);
        addWords.run(first + index, wordsOf(name, texts[name]));
      }
    },
    /** Takes an erased text out. */
    dropFromIndex(story: string, [revision, name]: Reference): void {
      const of = number(story);
      const id = of === undefined ? undefined : idsOf(of, revision).get(name);
      if (id === undefined) return;
      for (const drop of [dropWords, dropSpans, dropText]) drop.run(id);
    },
    /** The story's newest version, perhaps told of before, holds these texts. */
    holdTexts(story: string, version: number, references: readonly Reference[]): void {
      const of = number(story);
      if (of === undefined) return;
      const held = new Map(references.filter(([, name]) => isSearched(name)).map((text) => [textKey(text), text]));
      for (const { id, first, name } of openSpans.all(of * perStory, (of + 1) * perStory)) {
        if (held.delete(textKey([revisionOf(id as number), name as string]))) continue;
        if (first === version) dropSpan.run(id!, first);
        else endSpan.run(version - 1, id!, first!);
      }
      const ids = new Map<number, Map<string, number>>();
      for (const [revision, name] of held.values()) {
        const ofEvent = ids.get(revision) ?? idsOf(of, revision);
        ids.set(revision, ofEvent);
        const id = ofEvent.get(name);
        if (id !== undefined && resumeSpan.run(id, version - 1).changes === 0) beginSpan.run(id, version);
      }
    },
    /** Which versions hold each text of a story that search reads: by `textKey`, from the first to the last, in order. */
    heldTexts(story: string): Map<string, { first: number; last: number }[]> {
      const held = new Map<string, { first: number; last: number }[]>();
      const of = number(story);
      if (of === undefined) return held;
      for (const { id, name, first, last } of spansOfStory.all(of * perStory, (of + 1) * perStory)) {
        const key = textKey([revisionOf(id as number), name as string]);
        const span = { first: first as number, last: (last as number | null) ?? Number.POSITIVE_INFINITY };
        held.set(key, [...(held.get(key) ?? []), span]);
      }
      return held;
    },
    /** Whether no more than `most` texts, of all ever written, have these words. */
    isRare: (phrase: Phrase, most: number) =>
      (countTexts.get({ words: fts(phrase), most: most + 1 })!.texts as number) <= most,
    /** Stories with these words, hidden or not, in what is in force at an instant. Times as for `storiesInForce`. */
    storiesSaying: (phrase: Phrase, { at, clock }: { at: Instant; clock: Instant }) =>
      new Set(storiesSaying.all({ words: fts(phrase), at, clock }).map(({ story }) => story as string)),
    /** Other stories with these words in any text ever written, hidden or not, in the order of the log. */
    storiesEverSaying: (phrase: Phrase, { besides, most }: { besides: string; most: number }) =>
      storiesEverSaying.all({ words: fts(phrase), besides, most }).map(({ story }) => story as string),
  };
}

const wordsOf = (name: string, value: unknown): string =>
  passagesOf(name, value)
    .map((passage) =>
      termsOf(passage)
        .map(({ term }) => term)
        .join(' '),
    )
    .join(gap);

/** A line for each word of the index, with a digest of where it stands. */
export function* dumpIndex(db: DatabaseSync): Generator<string> {
  // In the connection's own memory, so that views opened only for reading can be dumped too.
  db.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_instances USING fts5vocab('main', 'search', 'instance')`);
  const instances = db.prepare(`SELECT term, doc, "offset" FROM temp.search_instances`);
  let word = { term: '', instances: 0, where: createHash('sha256') };
  const line = () => `search ${JSON.stringify({ ...word, where: word.where.digest('base64url') })}`;
  for (const { term, doc, offset } of instances.iterate()) {
    if (word.term !== term) {
      if (word.instances > 0) yield line();
      word = { term: term as string, instances: 0, where: createHash('sha256') };
    }
    word.instances++;
    word.where.update(`${doc} ${offset} `);
  }
  if (word.instances > 0) yield line();
}
