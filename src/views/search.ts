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
import type { NumberOf } from './numbers.js';
import { hasText, namesIn, type TextsRow } from './texts.js';

export const searchSchema = `
  -- The texts that are in the index, with the versions that hold each: from the first to the last (null: and all after); in
  -- none: from 0 to 0. An id is made of the story's number and the text's place among all those of the story: the index
  -- says each id by what lies between it and the one before.
  CREATE TABLE search_texts (
    id INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER,
    revision INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (id, first)
  ) STRICT, WITHOUT ROWID;

  -- Words come folded and apart by spaces. What is deleted is out of its files after 'optimize'.
  CREATE VIRTUAL TABLE search USING fts5(words, content='', contentless_delete=1, tokenize='ascii');
`;

/** Words that stand side by side in one passage; `prefix`: the last may be the beginning of one. */
export interface Phrase {
  terms: readonly string[];
  prefix: boolean;
}

/** Texts in the index whose rows are still to be written, by id. */
export type FreshTexts = Map<number, Reference>;

interface Holding {
  version: number;
  texts: readonly Reference[];
  /** Those that were held last, by the version before it, or by itself as it was told of. */
  before: readonly Reference[];
  /** It was told of before. */
  again: boolean;
}

/** Stands between passages, so that no phrase reaches from one into the next. No term has it. */
const gap = ' ¶ ';

// 2^23 stories of 2^30 texts: 53 bits.
const perStory = 2 ** 30;

/** Of terms, which are letters, digits and marks: nothing that FTS5 would take for syntax. */
const fts = ({ terms, prefix }: Phrase): string => `"${terms.join(' ')}"${prefix ? ' *' : ''}`;

export function openSearch(db: DatabaseSync, numberOf: NumberOf) {
  const addText = db.prepare(`INSERT INTO search_texts (id, first, last, revision, name) VALUES (?, 0, 0, ?, ?)`);
  const addWords = db.prepare(`INSERT INTO search (rowid, words) VALUES (?, ?)`);
  const dropText = db.prepare(`DELETE FROM search_texts WHERE id = ?`);
  const dropWords = db.prepare(`DELETE FROM search WHERE rowid = ?`);
  const addHeld = db.prepare(`INSERT INTO search_texts (id, first, revision, name) VALUES (?, ?, ?, ?)`);
  const firstSpan = db.prepare(`UPDATE search_texts SET first = ?, last = NULL WHERE id = ? AND first = 0`);
  const resumeSpan = db.prepare(`UPDATE search_texts SET last = NULL WHERE id = ? AND last = ? AND first > 0`);
  const endSpan = db.prepare(`UPDATE search_texts SET last = ? WHERE id = ? AND last IS NULL`);
  const takeSpanBack = db.prepare(`DELETE FROM search_texts WHERE id = ? AND first = ?`);
  const isLeft = db.prepare(`SELECT 1 FROM search_texts WHERE id = ?`);
  const countTexts = db.prepare(`
    SELECT count(*) AS texts FROM (SELECT 1 FROM search WHERE search MATCH :words LIMIT :most)`);
  // CROSS JOIN: in this order.
  const storiesSaying = db.prepare(`
    WITH said AS MATERIALIZED (SELECT rowid AS id FROM search WHERE search MATCH :words)
    SELECT DISTINCT s.id AS story FROM said
      CROSS JOIN search_texts x ON x.id = said.id
      CROSS JOIN stories s ON s.number = said.id / ${perStory}
    WHERE (
      SELECT version FROM reigns r
      WHERE r.story = s.number AND r.known_until IS NULL AND r."from" <= max(:clock, min(:at, s.recorded_at))
        AND (r.until > max(:clock, min(:at, s.recorded_at)) OR r.until IS NULL)
      ORDER BY r."from" DESC LIMIT 1
    ) BETWEEN x.first AND coalesce(x.last, ${Number.MAX_SAFE_INTEGER})`);

  const storiesEverSaying = db.prepare(`
    SELECT DISTINCT s.id AS story FROM (SELECT rowid AS id FROM search WHERE search MATCH :words) said
      CROSS JOIN stories s ON s.number = said.id / ${perStory}
    WHERE s.id <> :besides LIMIT :most`);

  const spansOfStory = db.prepare(`
    SELECT revision, name, first, last FROM search_texts WHERE id >= ? AND id < ? AND first > 0`);

  /** Ids of an event's texts, in the order of their names, are from here; of all its names, whatever has been erased. */
  const firstId = (story: number, { searched }: TextsRow, names: readonly string[]) =>
    story * perStory + searched - names.length;

  /** Of an event's text, which is in the index unless it is absent; `row`: that event's. undefined: search reads none such. */
  function idIn(row: TextsRow, story: number, name: string): number | undefined {
    const names = searchedNames(namesIn(row));
    const index = names.indexOf(name);
    return index < 0 ? undefined : firstId(story, row, names) + index;
  }

  return {
    /** `row`: the event's. `fresh`: takes the texts whose rows are still to be written, by `holdTexts` or `keepUnheld`. */
    indexTexts({ story, revision, texts, textStates }: Opened, row: TextsRow, fresh: FreshTexts): void {
      const names = searchedNames(Object.keys(textStates));
      if (names.length === 0) return;
      const first = firstId(numberOf(story), row, names);
      for (const [index, name] of names.entries()) {
        if (textStates[name] !== 'verified') continue;
        fresh.set(first + index, [revision, name]);
        addWords.run(first + index, wordsOf(name, texts[name]));
      }
    },
    /** What no version holds, or not yet. */
    keepUnheld(fresh: FreshTexts): void {
      for (const [id, text] of fresh) addText.run(id, ...text);
      fresh.clear();
    },
    /** Takes a text out that is being erased; `row`: its event's. */
    dropFromIndex(story: string, [, name]: Reference, row: TextsRow): void {
      const id = idIn(row, numberOf(story), name);
      if (id === undefined) return;
      for (const drop of [dropWords, dropText]) drop.run(id);
    },
    /** The story's newest version holds these texts. `rowOf`: of an event. */
    holdTexts(
      of: string,
      { version, texts, before, again }: Holding,
      rowOf: (revision: number) => TextsRow | undefined,
      fresh: FreshTexts,
    ): void {
      const story = numberOf(of);
      const idOf = (text: Reference): number | undefined => {
        const row = rowOf(text[0]);
        return row && hasText(row, text[1]) ? idIn(row, story, text[1]) : undefined;
      };
      const begun = searched(texts);
      for (const [key, text] of searched(before)) {
        if (begun.delete(key)) continue;
        const id = idOf(text);
        if (id === undefined) continue;
        if (!again || takeSpanBack.run(id, version).changes === 0) endSpan.run(version - 1, id);
        else if (!isLeft.get(id)) addText.run(id, ...text);
      }
      for (const text of begun.values()) {
        const id = idOf(text);
        if (id === undefined) continue;
        if (fresh.delete(id)) addHeld.run(id, version, ...text);
        else if (resumeSpan.run(id, version - 1).changes === 0 && firstSpan.run(version, id).changes === 0)
          addHeld.run(id, version, ...text);
      }
    },
    /** Which versions hold each text of a story that search reads: by `textKey`, from the first to the last, in order. */
    heldTexts(story: string): Map<string, { first: number; last: number }[]> {
      const held = new Map<string, { first: number; last: number }[]>();
      const of = numberOf(story);
      for (const { revision, name, first, last } of spansOfStory.all(of * perStory, (of + 1) * perStory)) {
        const key = textKey([revision as number, name as string]);
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

const searchedNames = (names: readonly string[]): string[] => names.filter(isSearched).sort();
const searched = (texts: readonly Reference[]) =>
  new Map(texts.filter(([, name]) => isSearched(name)).map((text) => [textKey(text), text]));

/** The words of one text, folded, as the index takes them. */
export const wordsOf = (name: string, value: unknown): string =>
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
