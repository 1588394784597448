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
import type { AuthoredText, AuthorSpan, AuthorshipAnswer, RemovedSentenceAnswer } from './answers.js';
import type { Authored, Leaving } from './caches.js';
import { boundOf, type Describing, describeStory, editorFor } from './describe.js';
import { limitOf } from './lists.js';
import { isStaff, type Looking, sees, textsFor } from './looking.js';
import type { AuthorshipAsked } from './questions.js';
import { openReturns } from './returns.js';

type Returns = ReturnType<typeof openReturns>;
type Asked = Pick<AuthorshipAsked, 'by' | 'cursor' | 'limit'>;

/** Of a version that the viewer may read. Throws Refused `bad-cursor`. */
export function describeAuthorship(
  looking: Looking,
  { version }: VersionRow,
  asked: Asked,
  describing: Describing,
): AuthorshipAnswer {
  const { tables, row } = looking;
  const wanted = { below: version + 1, inForceBy: boundOf(looking), act: null, editor: null, limit: version };
  const rows = tables
    .versions(row.id, wanted)
    .filter((one) => sees(looking, one))
    .reverse();
  // With time alone a viewer comes to see more versions.
  const seen = rows.map((one) => one.version).join();
  const authored = describing.caches.authored(looking, version, seen, () =>
    authorshipFor(looking, version, rows, describing),
  );
  return {
    story: describeStory(looking, describing),
    version,
    ...asAsked(looking, authored, { ...asked, version }, describing),
  };
}

function authorshipFor(
  looking: Looking,
  version: number,
  rows: readonly VersionRow[],
  describing: Describing,
): Authored {
  const { tables, row } = looking;
  const sight = sightOf(looking, rows);
  // One that was never in force took nothing away, and so leaves nothing to be brought back.
  const line = rows.filter((one) => !one.cancelled || one.version === version).map((one) => one.version);
  const returns = openReturns(looking, sight, line);
  const content = describing.caches.content(looking, version);
  const manifest = tables.manifest(row.id, version)!;

  const authored = (text: TextName, block: Block): AuthoredText =>
    block._type === 'removed'
      ? { text: { _absent: (block as RemovedBlock).absence }, spans: [] }
      : { text: read(block).text, spans: spansIn(block, text, sight, returns) };
  const field = (name: 'headline' | 'standfirst'): AuthoredText | null => {
    const [value, revision] = [content.fields[name], manifest.fields[name]];
    if (value === undefined || revision === undefined) return null;
    if (isAbsent(value)) return { text: value, spans: [] };
    return authored(textKey([revision, name]), fieldBlock(name, value));
  };
  return {
    headline: field('headline'),
    standfirst: field('standfirst'),
    body: content.body.map((block, index) => {
      const { _key: key, _type: type, statement } = block;
      const text = authored(textKey([manifest.body[index]![1], blockTextName(key)]), block);
      return { key, type, ...(statement !== undefined && { statement }), ...text };
    }),
    left: leftFor(looking, { ...sight, versions: line }),
    ...describeVersions(looking, rows, describing),
  };
}

/** The part of it that is asked for. */
function asAsked(
  looking: Looking,
  { headline, standfirst, body, left, versions, editors }: Authored,
  asked: Asked & { version: number },
  describing: Describing,
): Omit<AuthorshipAnswer, 'story' | 'version'> {
  const { by } = asked;
  const isWanted = (version: number): boolean => {
    if (by === undefined || typeof by === 'number') return by === undefined || version === by;
    const editor = editors.get(version);
    return editor !== undefined && (editor.name === by || (isStaff(looking) && editor.id === by));
  };
  const wanted = <T extends AuthoredText>(text: T): T[] => {
    if (by === undefined) return [text];
    const spans = text.spans.filter(({ first }) => isWanted(first));
    return spans.length > 0 ? [{ ...text, spans }] : [];
  };
  const orNull = (text: AuthoredText | null) => (text && wanted(text)[0]) ?? null;
  const told = { headline: orNull(headline), standfirst: orNull(standfirst), body: body.flatMap(wanted) };
  const { removed, next } = removedPage(looking, left, describing, asked, isWanted);
  const named = new Set([
    asked.version,
    ...[told.headline, told.standfirst, ...told.body].flatMap((text) => text?.spans.flatMap(versionsOf) ?? []),
    ...removed.flatMap(({ lastIn, leftIn, returnedIn }) => [lastIn, leftIn, ...(returnedIn ? [returnedIn] : [])]),
  ]);
  return { versions: versions.filter(({ version }) => named.has(version)), ...told, removed, next };
}

const versionsOf = ({ first, broughtBack, moved }: AuthorSpan): number[] =>
  [first, broughtBack, moved].filter((version) => version !== undefined);

function sightOf({ tables, row, hidden, viewing }: Looking, rows: readonly VersionRow[]): Sight {
  const versions = rows.map(({ version }) => version);
  const held = tables.heldTexts(row.id);
  const moves = tables.movesOf(row.id);
  const isStaff = viewing.audience === 'staff';
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
    authorship: tables.findAuthorship(row.id),
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

const isNumber = (value: unknown): value is number => Number.isSafeInteger(value);

/** The last that left first, each as often as they saw it leave. By numbers alone. */
function leftFor(looking: Looking, sight: Sight): Leaving[] {
  const told = new Set<string>();
  return looking.tables
    .removedSentences(looking.row.id)
    .map((sentence, number) => ({ number, sentence, lived: lifeOf(sentence, sight) }))
    .reverse()
    .flatMap(({ lived, ...one }) => {
      if (!lived) return [];
      // The same sentence left and came back unseen.
      const same = `${one.sentence.text} ${one.sentence.from} ${lived.leftIn}`;
      if (told.has(same)) return [];
      told.add(same);
      return [{ ...one, lived }];
    });
}

function removedPage(
  looking: Looking,
  left: readonly Leaving[],
  { caches }: Describing,
  { cursor, limit }: Asked,
  isWanted: (version: number) => boolean,
): { removed: RemovedSentenceAnswer[]; next: string | null } {
  const most = limitOf(limit);
  const below = cursor === undefined ? Number.POSITIVE_INFINITY : decodeCursor('removed', cursor, isNumber);
  const [removed, numbers]: [RemovedSentenceAnswer[], number[]] = [[], []];
  const finds = new Map<number, FindText>();
  const find: FindText = (revision, name) => {
    const known = finds.get(revision) ?? textsFor(looking, [[revision, name]]);
    finds.set(revision, known);
    return known(revision, name);
  };
  function wordsToTell({ sentence, lived }: Leaving): string | null {
    const words = wordsOf(find, sentence);
    if (words === undefined) return null;
    // Where they don't see it leave, it may still be there in other texts.
    const isThere = lived.leftIn !== sentence.left && saysStill(caches.content(looking, lived.leftIn), words);
    return isThere ? null : words;
  }
  for (const leaving of left) {
    const { number, sentence, lived } = leaving;
    if (number >= below || !isWanted(lived.leftIn)) continue;
    leaving.words ??= { told: wordsToTell(leaving) };
    const text = leaving.words.told;
    if (text === null) continue;
    const [, name] = referenceOf(sentence.text);
    const part = partOf(name)!;
    removed.push({ part, ...(part === 'body' && { block: name.slice('body/'.length) }), text, ...lived });
    numbers.push(number);
    if (removed.length > most) break;
  }
  const next = removed.length > most ? encodeCursor('removed', numbers[most - 1]!) : null;
  return { removed: removed.slice(0, most), next };
}

function lifeOf({ text, left, returned }: RemovedSentence, { versions, holding }: Sight): Leaving['lived'] | undefined {
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

function describeVersions(
  looking: Looking,
  rows: readonly VersionRow[],
  { policy }: Describing,
): Pick<Authored, 'versions' | 'editors'> {
  const find = textsFor(
    looking,
    rows.flatMap(({ revision, noteRevision }) => [
      [revision, 'editor'] as const,
      ...(noteRevision === null ? [] : [[noteRevision, 'note'] as const]),
    ]),
  );
  const editors = new Map<number, Editor>();
  const versions = rows.map(({ version, revision, inForceFrom, recordedAt, imported, noteRevision }) => {
    const found = find(revision, 'editor');
    if ('value' in found) editors.set(version, found.value as Editor);
    const editor = editorFor(looking, policy, found);
    return {
      version,
      inForceFrom,
      recordedAt,
      ...(imported && { imported: true as const }),
      note: noteRevision === null ? null : (shown(find(noteRevision, 'note')) as string | Absent),
      ...(editor && { editor }),
    };
  });
  return { versions, editors };
}
