/** The tables `texts` and `hidden_texts`: what was typed, by where it was written, and which of it readers don't get. */
import type { DatabaseSync } from 'node:sqlite';
import type { Absence } from '../content/types.js';
import type { FindText, FoundText } from '../story/content-of.js';
import type { Opened, Reference } from '../story/events.js';
import { isSearched } from '../story/searched.js';
import type { NumberOf } from './numbers.js';
import { packJson, unpackJson } from './packing.js';

/** The texts of one event. */
export interface TextsRow {
  texts: { [name: string]: unknown };
  absent: { [name: string]: Absence };
  /** Of `texts` as JSON, in characters. */
  length: number;
  /** How many texts that search reads the story has up to here, whatever has been erased. */
  searched: number;
}

/** What was read of a story, by revision: none of it is read again. Good for as long as nothing of it is erased. */
export type ReadTexts = Map<number, TextsRow>;

/** Of no use to any view. */
const left = new Set(['request']);

/** The rows are the same in whatever order texts go. */
const byName = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);

export function openTexts(db: DatabaseSync, numberOf: NumberOf) {
  const saveTexts = db.prepare(
    `INSERT INTO texts (story, revision, texts, length, searched, absent) VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const changeTexts = db.prepare(`UPDATE texts SET texts = ?, length = ?, absent = ? WHERE story = ? AND revision = ?`);
  const textsOfEvent = db.prepare(`SELECT texts, absent, length, searched FROM texts WHERE story = ? AND revision = ?`);
  const textsOfEvents = db.prepare(`
    SELECT revision, texts, absent, length, searched FROM texts
    WHERE story = ? AND revision IN (SELECT value FROM json_each(?))`);
  const searchedUpTo = db.prepare(`SELECT searched FROM texts WHERE story = ? AND revision = ?`);
  const length = db.prepare(`
    SELECT coalesce(sum(length), 0) AS length FROM texts
    WHERE story = ? AND revision IN (SELECT value FROM json_each(?))`);
  const hideText = db.prepare(`INSERT OR IGNORE INTO hidden_texts (story, revision, name) VALUES (?, ?, ?)`);
  const showText = db.prepare(`DELETE FROM hidden_texts WHERE story = ? AND revision = ? AND name = ?`);
  const hiddenTexts = db.prepare(`SELECT revision, name FROM hidden_texts WHERE story = ? ORDER BY revision, name`);

  const parsed = (row: Record<string, unknown>): TextsRow => ({
    texts: unpackJson(row.texts),
    absent: row.absent === '{}' ? {} : JSON.parse(row.absent as string),
    length: row.length as number,
    searched: row.searched as number,
  });

  function findTexts(story: string, revisions: Iterable<number>, read: ReadTexts = new Map()): FindText {
    const unread = new Set<number>();
    for (const revision of revisions) if (!read.has(revision)) unread.add(revision);
    if (unread.size === 1) {
      const [revision] = unread;
      const row = textsOfEvent.get(numberOf(story), revision!);
      if (row) read.set(revision!, parsed(row));
    } else if (unread.size > 0) {
      for (const row of textsOfEvents.all(numberOf(story), JSON.stringify([...unread])))
        read.set(row.revision as number, parsed(row));
    }
    return (revision, name): FoundText => {
      const row = read.get(revision);
      if (row && Object.hasOwn(row.texts, name)) return { value: row.texts[name] };
      return { absent: row?.absent[name] ?? 'missing' };
    };
  }

  return {
    /** Characters of all that these revisions wrote, or not many more. */
    lengthOfTexts: (story: string, revisions: Iterable<number>) =>
      length.get(numberOf(story), JSON.stringify([...new Set(revisions)]))!.length as number,
    /** Gives what was saved, as it would be read. `read`: of the same story. */
    saveTexts({ story, revision, texts, textStates }: Opened, read: ReadTexts = new Map()): TextsRow {
      const before = read.get(revision - 1) ?? searchedUpTo.get(numberOf(story), revision - 1);
      const own = Object.keys(textStates).filter(isSearched).length;
      const row: TextsRow = { texts: {}, absent: {}, length: 0, searched: ((before?.searched ?? 0) as number) + own };
      for (const [name, state] of Object.entries(textStates).sort(byName)) {
        if (left.has(name)) continue;
        if (state === 'verified') row.texts[name] = texts[name];
        else row.absent[name] = state;
      }
      const json = JSON.stringify(row.texts);
      row.length = json.length;
      saveTexts.run(
        numberOf(story),
        revision,
        packJson(json, 'texts'),
        json.length,
        row.searched,
        JSON.stringify(row.absent),
      );
      return row;
    },
    /** Takes a text back for good, and gives what is left of its event's. */
    eraseText(story: string, [revision, name]: Reference): TextsRow | undefined {
      const found = textsOfEvent.get(numberOf(story), revision);
      if (!found || left.has(name)) return undefined;
      const { texts, absent, searched } = parsed(found);
      delete texts[name];
      absent[name] = 'erased';
      const inOrder = Object.fromEntries(Object.entries(absent).sort(byName));
      const json = JSON.stringify(texts);
      changeTexts.run(packJson(json, 'texts'), json.length, JSON.stringify(inOrder), numberOf(story), revision);
      return { texts, absent: inOrder, length: json.length, searched };
    },
    hideText(story: string, [revision, name]: Reference): void {
      hideText.run(numberOf(story), revision, name);
    },
    showText(story: string, [revision, name]: Reference): void {
      showText.run(numberOf(story), revision, name);
    },
    hiddenTexts: (story: string) =>
      hiddenTexts.all(numberOf(story)).map((row): Reference => [row.revision as number, row.name as string]),
    /** A look-up among the texts of these revisions, as they lie here: hidden ones included. `read`: of the same story. */
    findTexts,
  };
}
