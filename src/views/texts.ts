/** The tables `texts` and `hidden_texts`: what was typed, by where it was written, and which of it readers don't get. */
import type { DatabaseSync } from 'node:sqlite';
import type { Absence } from '../content/types.js';
import { type FindText, type FoundText, isBlockTextName } from '../story/content-of.js';
import type { Opened, Reference } from '../story/events.js';
import { isSearched } from '../story/searched.js';
import type { NumberOf } from './numbers.js';
import { packJson, unpackJson } from './packing.js';

/** The texts of one event. */
export interface TextsRow {
  /** All but those of its blocks, which are most of what there is to read, and of which who describes a version wants none. */
  texts: { [name: string]: unknown };
  readonly blocks: { [name: string]: unknown };
  absent: { [name: string]: Absence };
  /** Of `texts` and `blocks` as JSON, in characters. */
  length: number;
  /** How many texts that search reads the story has up to here, whatever has been erased. */
  searched: number;
}

/** What was read of a story, by revision: none of it is read again. Good for as long as nothing of it is erased. */
export type ReadTexts = Map<number, TextsRow>;

/** Of no use to any view. */
const left = new Set(['request']);

const partOf = (row: TextsRow, name: string) => (isBlockTextName(name) ? row.blocks : row.texts);

/** Whether the text of this name lies there. */
export const hasText = (row: TextsRow, name: string): boolean => Object.hasOwn(partOf(row, name), name);

/** Of all texts that the event had. */
export const namesIn = ({ texts, blocks, absent }: TextsRow): string[] => [texts, blocks, absent].flatMap(Object.keys);

/** The rows are the same in whatever order texts go. */
const byName = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);

export function openTexts(db: DatabaseSync, numberOf: NumberOf) {
  const saveTexts = db.prepare(
    `INSERT INTO texts (story, revision, texts, length, searched, absent, blocks) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const changeTexts = db.prepare(
    `UPDATE texts SET texts = ?, length = ?, absent = ?, blocks = ? WHERE story = ? AND revision = ?`,
  );
  const ofEvent = (columns: string) =>
    db.prepare(`SELECT revision, ${columns} FROM texts WHERE story = ? AND revision = ?`);
  const ofEvents = (columns: string) =>
    db.prepare(
      `SELECT revision, ${columns} FROM texts WHERE story = ? AND revision IN (SELECT value FROM json_each(?))`,
    );
  const short = 'texts, absent, length, searched';
  const [textsOfEvent, textsOfEvents] = [ofEvent(short), ofEvents(short)];
  const [allOfEvent, allOfEvents] = [ofEvent(`${short}, blocks`), ofEvents(`${short}, blocks`)];
  const blocksOfEvent = ofEvent('blocks');
  const searchedUpTo = db.prepare(`SELECT searched FROM texts WHERE story = ? AND revision = ?`);
  const length = db.prepare(`
    SELECT coalesce(sum(length), 0) AS length FROM texts
    WHERE story = ? AND revision IN (SELECT value FROM json_each(?))`);
  const hideText = db.prepare(`INSERT OR IGNORE INTO hidden_texts (story, revision, name) VALUES (?, ?, ?)`);
  const showText = db.prepare(`DELETE FROM hidden_texts WHERE story = ? AND revision = ? AND name = ?`);
  const hiddenTexts = db.prepare(`SELECT revision, name FROM hidden_texts WHERE story = ? ORDER BY revision, name`);

  /** Blocks are unpacked, or read, when one of them is asked for. */
  function parsed(story: number, row: Record<string, unknown>): TextsRow {
    const revision = row.revision as number;
    // Undefined: not read. Let go once unpacked: rows are kept by those who edit and project.
    let packed = row.blocks;
    let blocks: TextsRow['blocks'] | undefined;
    return {
      texts: unpackJson(row.texts),
      get blocks() {
        if (!blocks) {
          if (packed === undefined) packed = blocksOfEvent.get(story, revision)?.blocks;
          blocks = unpackJson(packed ?? '{}') as TextsRow['blocks'];
          packed = null;
        }
        return blocks;
      },
      absent: row.absent === '{}' ? {} : JSON.parse(row.absent as string),
      length: row.length as number,
      searched: row.searched as number,
    };
  }

  function textsOf(story: string, references: readonly Reference[], read: ReadTexts = new Map()): FindText {
    const unread = new Set<number>();
    let withBlocks = false;
    for (const [revision, name] of references) {
      if (read.has(revision)) continue;
      unread.add(revision);
      withBlocks ||= isBlockTextName(name);
    }
    const number = numberOf(story);
    if (unread.size === 1) {
      const row = (withBlocks ? allOfEvent : textsOfEvent).get(number, [...unread][0]!);
      if (row) read.set(row.revision as number, parsed(number, row));
    } else if (unread.size > 0) {
      for (const row of (withBlocks ? allOfEvents : textsOfEvents).all(number, JSON.stringify([...unread])))
        read.set(row.revision as number, parsed(number, row));
    }
    return (revision, name): FoundText => {
      const row = read.get(revision);
      if (row && hasText(row, name)) return { value: partOf(row, name)[name] };
      return { absent: row?.absent[name] ?? 'missing' };
    };
  }

  /** The row as it lies in the table: its texts, their length, what is absent, its blocks. */
  function columns({ texts, blocks }: Pick<TextsRow, 'texts' | 'blocks'>, absent: TextsRow['absent']) {
    const [json, jsonOfBlocks] = [JSON.stringify(texts), JSON.stringify(blocks)];
    const length = json.length + jsonOfBlocks.length;
    const packed = jsonOfBlocks === '{}' ? null : packJson(jsonOfBlocks, 'texts');
    return { length, texts: packJson(json, 'texts'), absent: JSON.stringify(absent), blocks: packed };
  }

  return {
    /** Characters of all that these revisions wrote, or not many more. */
    lengthOfTexts: (story: string, revisions: Iterable<number>) =>
      length.get(numberOf(story), JSON.stringify([...new Set(revisions)]))!.length as number,
    /** Gives what was saved, as it would be read. `read`: of the same story. */
    saveTexts({ story, revision, texts, textStates }: Opened, read: ReadTexts = new Map()): TextsRow {
      const before = read.get(revision - 1) ?? searchedUpTo.get(numberOf(story), revision - 1);
      const own = Object.keys(textStates).filter(isSearched).length;
      const searched = ((before?.searched ?? 0) as number) + own;
      const row: TextsRow = { texts: {}, blocks: {}, absent: {}, length: 0, searched };
      for (const [name, state] of Object.entries(textStates).sort(byName)) {
        if (left.has(name)) continue;
        if (state === 'verified') partOf(row, name)[name] = texts[name];
        else row.absent[name] = state;
      }
      const kept = columns(row, row.absent);
      row.length = kept.length;
      saveTexts.run(numberOf(story), revision, kept.texts, kept.length, searched, kept.absent, kept.blocks);
      return row;
    },
    /** Takes a text back for good, and gives what is left of its event's. */
    eraseText(story: string, [revision, name]: Reference): TextsRow | undefined {
      const found = allOfEvent.get(numberOf(story), revision);
      if (!found || left.has(name)) return undefined;
      const row = parsed(numberOf(story), found);
      const { texts, blocks, absent, searched } = row;
      delete partOf(row, name)[name];
      absent[name] = 'erased';
      const inOrder = Object.fromEntries(Object.entries(absent).sort(byName));
      const kept = columns(row, inOrder);
      changeTexts.run(kept.texts, kept.length, kept.absent, kept.blocks, numberOf(story), revision);
      return { texts, blocks, absent: inOrder, length: kept.length, searched };
    },
    hideText(story: string, [revision, name]: Reference): void {
      hideText.run(numberOf(story), revision, name);
    },
    showText(story: string, [revision, name]: Reference): void {
      showText.run(numberOf(story), revision, name);
    },
    hiddenTexts: (story: string) =>
      hiddenTexts.all(numberOf(story)).map((row): Reference => [row.revision as number, row.name as string]),
    /** A look-up among these texts, hidden ones included. `read`: what was read of the same story before. */
    textsOf,
  };
}
