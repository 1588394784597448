/**
 * Who wrote the words of a version, as far as one viewer may know: over the versions that they may read, in texts that
 * they may read. Where two viewers see the same, they are told the same, whatever else there is.
 */
import { type Sight, spansFor } from '../compare/authorship.js';
import { read } from '../compare/blocks.js';
import { Vocabulary } from '../compare/cut.js';
import type { RemovedSentence, TextName } from '../compare/removed.js';
import { type Absent, type Block, isAbsent, type RemovedBlock } from '../content/types.js';
import { blockTextName, type FindText, shown } from '../story/content-of.js';
import type { Editor } from '../story/events.js';
import { textKey } from '../story/evolve.js';
import { referenceOf } from '../views/authorship.js';
import { blockOf, fieldBlock, partOf } from '../views/project-authorship.js';
import type { VersionRow } from '../views/versions.js';
import { decodeCursor, encodeCursor } from '../web/cursor.js';
import type { AuthoredText, AuthoringVersion, AuthorSpan, AuthorshipAnswer, RemovedSentenceAnswer } from './answers.js';
import type { Authored } from './caches.js';
import { boundOf, type Describing, describeStory, editorFor } from './describe.js';
import { limitOf } from './lists.js';
import { isStaff, type Looking, sees, textsFor } from './looking.js';
import type { AuthorshipAsked } from './questions.js';
import { openReturns } from './returns.js';

type Returns = ReturnType<typeof openReturns>;

/** Of a version that the viewer may read. Throws Refused `bad-cursor`. */
export function describeAuthorship(
  looking: Looking,
  { version }: VersionRow,
  asked: Pick<AuthorshipAsked, 'by' | 'cursor' | 'limit'>,
  describing: Describing,
): AuthorshipAnswer {
  const { tables, row } = looking;
  const wanted = { below: version + 1, inForceBy: boundOf(looking), act: null, editor: null, limit: version };
  const rows = tables
    .versions(row.id, wanted)
    .filter((one) => sees(looking, one))
    .reverse();
  // With time alone a viewer comes to see more versions.
  const seen = JSON.stringify([asked.by, asked.cursor, asked.limit, rows.map((one) => one.version)]);
  return {
    story: describeStory(looking, describing),
    ...describing.caches.authored(looking, version, seen, () =>
      authorshipFor(looking, version, rows, asked, describing),
    ),
  };
}

function authorshipFor(
  looking: Looking,
  version: number,
  rows: readonly VersionRow[],
  asked: Pick<AuthorshipAsked, 'by' | 'cursor' | 'limit'>,
  describing: Describing,
): Authored {
  const { tables, row } = looking;
  const sight = sightOf(looking, rows);
  // One that was never in force took nothing away, and so leaves nothing to be brought back.
  const line = rows.filter((one) => !one.cancelled || one.version === version).map((one) => one.version);
  const returns = openReturns(looking, sight, line);
  const isWanted = wantedBy(looking, rows, asked.by);
  const content = describing.caches.content(looking, version);
  const manifest = tables.manifest(row.id, version)!;

  const authored = (text: TextName, block: Block): AuthoredText =>
    block._type === 'removed'
      ? { text: { _absent: (block as RemovedBlock).absence }, spans: [] }
      : { text: read(block).text, spans: spansIn(block, text, sight, returns).filter(({ first }) => isWanted(first)) };
  const field = (name: 'headline' | 'standfirst'): AuthoredText | null => {
    const [value, revision] = [content.fields[name], manifest.fields[name]];
    if (value === undefined || revision === undefined) return null;
    if (isAbsent(value)) return { text: value, spans: [] };
    return authored(textKey([revision, name]), fieldBlock(name, value));
  };
  const hasWanted = ({ spans }: AuthoredText) => asked.by === undefined || spans.length > 0;
  const orNull = (text: AuthoredText | null) => (text && hasWanted(text) ? text : null);

  const body = content.body.flatMap((block, index) => {
    const { _key: key, _type: type, statement } = block;
    const text = authored(textKey([manifest.body[index]![1], blockTextName(key)]), block);
    return hasWanted(text) ? [{ key, type, ...(statement !== undefined && { statement }), ...text }] : [];
  });
  const [headline, standfirst] = [orNull(field('headline')), orNull(field('standfirst'))];
  const { removed, next } = removedFor(looking, { ...sight, versions: line }, describing, asked, isWanted);
  const named = new Set([
    version,
    ...[headline, standfirst, ...body].flatMap((text) => text?.spans.flatMap(versionsOf) ?? []),
    ...removed.flatMap(({ lastIn, leftIn, returnedIn }) => [lastIn, leftIn, ...(returnedIn ? [returnedIn] : [])]),
  ]);
  return {
    version,
    versions: describeNamed(
      looking,
      rows.filter((one) => named.has(one.version)),
      describing,
    ),
    headline,
    standfirst,
    body,
    removed,
    next,
  };
}

const versionsOf = ({ first, broughtBack, moved }: AuthorSpan): number[] =>
  [first, broughtBack, moved].filter((version) => version !== undefined);

function sightOf({ tables, row, hidden, viewing }: Looking, rows: readonly VersionRow[]): Sight {
  const versions = rows.map(({ version }) => version);
  const held = tables.heldTexts(row.id);
  const moves = tables.movesOf(row.id);
  const isStaff = viewing.audience === 'staff';
  const known = new Map<TextName, ReturnType<Sight['authorship']>>();
  const holders = new Map<TextName, readonly number[]>();
  return {
    versions,
    holding(text) {
      if (!isStaff && hidden.has(text)) return [];
      let holding = holders.get(text);
      if (!holding) {
        const spans = held.get(text) ?? [];
        holding = versions.filter((version) => spans.some(({ first, last }) => first <= version && version <= last));
        holders.set(text, holding);
      }
      return holding;
    },
    authorship(text) {
      if (!known.has(text)) known.set(text, tables.authorshipOf(row.id, text));
      return known.get(text);
    },
    // Of a move in a version that they may not see nothing is told: it may have been undone unseen.
    moved: (text) => (moves.get(text) ?? []).filter((version) => versions.includes(version)),
  };
}

/** By place in the text. Neighbours of whom the same is told are one: where they part is not told either. */
function spansIn(block: Block, text: TextName, sight: Sight, returns: Returns): AuthorSpan[] {
  const places = wordsIn(block);
  const spans: AuthorSpan[] = [];
  let word = 0;
  for (const { words, versions, moved } of spansFor(text, sight)) {
    const [first] = versions;
    const end = Math.min(word + words, places.length);
    const returnOf = first === undefined ? undefined : returns.of(text, block, versions);
    for (; word < end; word++) {
      const { from, to } = places[word]!;
      const broughtBack = returnOf?.(word);
      const last = spans.at(-1);
      if (first === undefined) continue;
      if (last && last.first === first && last.broughtBack === broughtBack && last.moved === moved) {
        last.to = to;
        last.words++;
      } else {
        const more = { ...(broughtBack !== undefined && { broughtBack }), ...(moved !== undefined && { moved }) };
        spans.push({ from, to, words: 1, first, ...more });
      }
    }
  }
  return spans;
}

function wordsIn(block: Block): { from: number; to: number }[] {
  const { starts, ends, isWord } = read(block).cut(new Vocabulary());
  return starts.map((from, i) => ({ from, to: ends[i]! })).filter((_, i) => isWord[i] === 1);
}

/** Whether words first written in a version, or sentences that left in it, are asked for. */
function wantedBy(looking: Looking, rows: readonly VersionRow[], by: AuthorshipAsked['by']) {
  if (by === undefined) return () => true;
  if (typeof by === 'number') return (version: number) => version === by;
  const find = textsFor(
    looking,
    rows.map(({ revision }) => [revision, 'editor'] as const),
  );
  const theirs = rows.filter(({ revision }) => {
    const found = find(revision, 'editor');
    const { id, name } = 'value' in found ? (found.value as Editor) : {};
    return name === by || (isStaff(looking) && id === by);
  });
  const numbers = new Set(theirs.map(({ version }) => version));
  return (version: number) => numbers.has(version);
}

const isNumber = (value: unknown): value is number => Number.isSafeInteger(value);

/** The last that left first. */
function removedFor(
  looking: Looking,
  sight: Sight,
  { caches }: Describing,
  { cursor, limit }: Pick<AuthorshipAsked, 'cursor' | 'limit'>,
  isWanted: (version: number) => boolean,
): { removed: RemovedSentenceAnswer[]; next: string | null } {
  const most = limitOf(limit);
  const below = cursor === undefined ? Number.POSITIVE_INFINITY : decodeCursor('removed', cursor, isNumber);
  const all = looking.tables.removedSentences(looking.row.id);
  const [removed, numbers]: [RemovedSentenceAnswer[], number[]] = [[], []];
  const told = new Set<string>();
  const finds = new Map<number, FindText>();
  const find: FindText = (revision, name) => {
    const known = finds.get(revision) ?? textsFor(looking, [[revision, name]]);
    finds.set(revision, known);
    return known(revision, name);
  };
  for (let number = all.length - 1; number >= 0 && removed.length <= most; number--) {
    const sentence = all[number]!;
    const lived = lifeOf(sentence, sight);
    // The same sentence left and came back unseen.
    const same = lived && `${sentence.text} ${sentence.from} ${lived.leftIn}`;
    if (!lived || told.has(same!) || !isWanted(lived.leftIn)) continue;
    told.add(same!);
    // Whatever stands before a page is passed over by numbers alone: anybody may ask for any page.
    if (number >= below) continue;
    const words = wordsOf(find, sentence);
    if (words === undefined) continue;
    // Where they don't see it leave, it may still be there in other texts.
    if (lived.leftIn !== sentence.left && saysStill(caches.content(looking, lived.leftIn), words)) continue;
    const [, name] = referenceOf(sentence.text);
    const part = partOf(name)!;
    removed.push({ part, ...(part === 'body' && { block: name.slice('body/'.length) }), text: words, ...lived });
    numbers.push(number);
  }
  const next = removed.length > most ? encodeCursor('removed', numbers[most - 1]!) : null;
  return { removed: removed.slice(0, most), next };
}

function lifeOf(
  { text, left, returned }: RemovedSentence,
  { versions, holding }: Sight,
): Pick<RemovedSentenceAnswer, 'lastIn' | 'leftIn' | 'returnedIn'> | undefined {
  const held = holding(text);
  const lastIn = held.findLast((version) => version < left);
  const leftIn = versions.find((version) => version >= left);
  if (lastIn === undefined || leftIn === undefined || held.includes(leftIn)) return undefined;
  const again = [
    held.find((version) => version > leftIn),
    returned && holding(returned.text).find((version) => version >= returned.version),
  ].filter((version) => version !== undefined);
  if (again.length === 0) return { lastIn, leftIn };
  const returnedIn = Math.min(...again);
  return returnedIn > leftIn ? { lastIn, leftIn, returnedIn } : undefined;
}

/** With the marks that hold on to its words; undefined: they may not be read. */
function wordsOf(find: FindText, { text, from, to }: RemovedSentence): string | undefined {
  const reference = referenceOf(text);
  const found = find(...reference);
  if (!('value' in found)) return undefined;
  const whole = read(blockOf(reference[1], found.value)).cut(new Vocabulary());
  const words = [...whole.ids.keys()].filter((i) => whole.isWord[i] === 1);
  let [first, last] = [words[from], words[to - 1]];
  if (first === undefined || last === undefined) return undefined;
  const isHeld = (i: number) => whole.isWord[i] === 0 && whole.ends[i - 1] === whole.starts[i];
  while (isHeld(last + 1)) last++;
  while (first > 0 && whole.isWord[first - 1] === 0 && whole.ends[first - 1] === whole.starts[first]) first--;
  return whole.text.slice(whole.starts[first], whole.ends[last]);
}

const saysStill = ({ body, fields }: { body: readonly Block[]; fields: object }, words: string): boolean =>
  [...body.map((block) => read(block).text), ...Object.values(fields)].some(
    (text) => typeof text === 'string' && text.includes(words),
  );

function describeNamed(looking: Looking, rows: readonly VersionRow[], { policy }: Describing): AuthoringVersion[] {
  const find = textsFor(
    looking,
    rows.flatMap(({ revision, noteRevision }) => [
      [revision, 'editor'] as const,
      ...(noteRevision === null ? [] : [[noteRevision, 'note'] as const]),
    ]),
  );
  return rows.map(({ version, revision, inForceFrom, recordedAt, imported, noteRevision }) => {
    const editor = editorFor(looking, policy, find(revision, 'editor'));
    return {
      version,
      inForceFrom,
      recordedAt,
      ...(imported && { imported: true as const }),
      note: noteRevision === null ? null : (shown(find(noteRevision, 'note')) as string | Absent),
      ...(editor && { editor }),
    };
  });
}
