/**
 * Writes what each version adds to a story's authorship: where its words came from, what it moved, which sentences left
 * or came back. The body, the headline and the standfirst each by themselves. Words are cut without regard to language,
 * so that a version that names another one does not count the words of a text anew.
 */
import {
  authorshipOf,
  type Past,
  remember,
  type Step,
  type TextAuthorship,
  type Written,
} from '../compare/authorship.js';
import { read as readBlock } from '../compare/blocks.js';
import { Vocabulary } from '../compare/cut.js';
import { Removed, type RemovedSentence, type TextName } from '../compare/removed.js';
import type { Compared } from '../compare/script.js';
import type { Block, BlockText, RemovedBlock, TextBlock } from '../content/types.js';
import { blockTextName, type FindText } from '../story/content-of.js';
import type { Manifest, Reference } from '../story/events.js';
import { type Story, textKey, type Version } from '../story/evolve.js';
import { referenceOf } from './authorship.js';
import type { Tables } from './tables.js';
import type { ReadTexts } from './texts.js';

export const authoredParts = ['body', 'headline', 'standfirst'] as const;
export type AuthoredPart = (typeof authoredParts)[number];

/** Whether authorship is kept of the words of texts with this name. */
export const partOf = (name: string): AuthoredPart | undefined =>
  name.startsWith('body/') ? 'body' : authoredParts.find((part) => part === name && part !== 'body');

/** The texts of one part of a version, in order. */
export function textsOfPart({ body, fields }: Manifest, part: AuthoredPart): Reference[] {
  if (part === 'body') return body.map(([key, revision]): Reference => [revision, blockTextName(key)]);
  const revision = fields[part];
  return revision === undefined ? [] : [[revision, part]];
}

export const sameTexts = (these: readonly Reference[], those: readonly Reference[]): boolean =>
  these.length === those.length &&
  these.every(([revision, name], i) => revision === those[i]![0] && name === those[i]![1]);

/** A field's text as a block, for what reads blocks. */
export const fieldBlock = (_key: string, text: string): TextBlock & { _key: string } => ({
  _type: 'block',
  _key,
  style: 'normal',
  children: [{ _type: 'span', text, marks: [] }],
  markDefs: [],
});

/** What the projector keeps of a story beside its rows, so that a version costs what it changes. */
export interface KnownAuthorship {
  removed: Record<AuthoredPart, Removed>;
  /** By which each is stored. */
  numbers: Map<RemovedSentence, number>;
  /** Of the last version's texts. */
  authorships: Authorships;
}

/**
 * `known`: what this gave for the story `before`; undefined: read it from the rows. `erased`: `textKey`s. To be told of
 * each of the versions `wanted`, in order.
 */
export function openAuthoring(
  tables: Tables,
  id: string,
  { before, story, erased, blocks }: { before: Story; story: Story; erased: ReadonlySet<string>; blocks: Blocks },
  known: KnownAuthorship | undefined,
) {
  const fresh = story.versions.filter(({ manifest }, index) => manifest !== before.versions[index]?.manifest);
  // A version that is told of in two batches has been taken for one by its first events.
  const anew =
    fresh.some(({ version }) => version <= before.versions.length) ||
    [...erased].some((key) => partOf(key.slice(key.indexOf('/') + 1)));
  const wanted = new Set(anew ? story.versions : fresh);
  if (anew) tables.forgetAuthorship(id);
  let knowing = anew ? nothingKnown() : known;
  const authorship = openAuthorships(tables, id, knowing?.authorships ?? new Map(), anew ? -1 : before.revision);

  function add(version: Version, part: AuthoredPart, compared: Compared | undefined): void {
    const step = stepOf(story, version, part, blocks.of);
    if (!step) return;
    knowing ??= recalled(tables, id, blocks.one);
    const { removed, numbers } = knowing;
    const past: Past = { authorship: authorship.of, block: blocks.one, removed: removed[part] };
    const found = authorshipOf({ ...step, ...(compared && { compared }) }, past);
    for (const [text, told] of found.texts) authorship.save(text, told);
    for (const text of found.moved) tables.saveMove(id, version.version, text);
    remember(past, step, found);
    for (const { sentence } of found.returned) {
      tables.saveReturned(id, numbers.get(sentence)!, sentence.returned!);
    }
    for (const { sentence } of found.left) {
      tables.saveRemoved(id, numbers.size, sentence);
      numbers.set(sentence, numbers.size);
    }
  }

  return {
    wanted,
    /** `compared`: its body with its base's, if that is known. */
    add(version: Version, compared: Compared | undefined): void {
      for (const part of authoredParts) add(version, part, part === 'body' ? compared : undefined);
    },
    /** Writes it down, and gives what is known now. */
    done(): KnownAuthorship | undefined {
      authorship.write();
      return knowing && { ...knowing, authorships: authorship.ofEventsIn(story.versions.at(-1)!.manifest) };
    },
  };
}

/** undefined: this part is what it was. */
function stepOf(
  { versions }: Story,
  { version, manifest, base, succeeds }: Version,
  part: AuthoredPart,
  blocksOf: (texts: readonly Reference[]) => Written[],
): Step | undefined {
  const textsOf = (number: number | null) => (number === null ? [] : textsOfPart(versions[number - 1]!.manifest, part));
  const [before, body] = [textsOf(base), textsOfPart(manifest, part)];
  const previous = succeeds === null || succeeds === base ? undefined : textsOf(succeeds);
  if (sameTexts(before, body) && (!previous || sameTexts(previous, body))) return undefined;
  return {
    version,
    base: blocksOf(before),
    ...(previous && { previous: blocksOf(previous) }),
    body: blocksOf(body),
  };
}

/** The texts of a story as blocks, each read once. */
export function openBlocks(tables: Tables, id: string, read: ReadTexts) {
  const known = new Map<TextName, Block>();

  function of(texts: readonly Reference[]): Written[] {
    const missing = texts.filter((text) => !known.has(textKey(text)));
    const find = tables.textsOf(id, missing, read);
    for (const [revision, name] of missing) {
      known.set(textKey([revision, name]), authoredBlock([revision, name], find));
    }
    return texts.map((text) => ({ text: textKey(text), block: known.get(textKey(text))! }));
  }

  return {
    of,
    one(text: TextName): Block | undefined {
      const { block } = of([referenceOf(text)])[0]!;
      return block._type === 'removed' ? undefined : block;
    },
  };
}

const keyOf = (name: string) => name.slice(name.indexOf('/') + 1);

/** A text of a part as a block with its key. */
export const blockOf = (name: string, value: unknown): Block =>
  name.startsWith('body/') ? { ...(value as BlockText), _key: keyOf(name) } : fieldBlock(name, value as string);

export function authoredBlock([revision, name]: Reference, find: FindText): Block {
  const found = find(revision, name);
  if ('value' in found) return blockOf(name, found.value);
  return { _type: 'removed', absence: found.absent, _key: keyOf(name) } satisfies RemovedBlock & { _key: string };
}

export type Blocks = ReturnType<typeof openBlocks>;

/** By revision, by name. */
type Authorships = Map<number, Map<string, TextAuthorship>>;

/** `known`: what need not be read. Of revisions after `last` nothing is kept yet. */
function openAuthorships(tables: Tables, id: string, known: Authorships, last: number) {
  const events: Authorships = new Map(known);
  const changed = new Set<number>();
  function eventOf(revision: number): Map<string, TextAuthorship> {
    let event = events.get(revision);
    if (!event) {
      event = revision > last ? new Map<string, TextAuthorship>() : tables.authorshipsOf(id, revision);
      events.set(revision, event);
    }
    return event;
  }
  return {
    of(text: TextName): TextAuthorship | undefined {
      const [revision, name] = referenceOf(text);
      return eventOf(revision).get(name);
    },
    /** Of a text without words nothing is kept. */
    save(text: TextName, told: TextAuthorship): void {
      if (told.spans.length === 0) return;
      const [revision, name] = referenceOf(text);
      eventOf(revision).set(name, told);
      changed.add(revision);
    },
    write(): void {
      for (const revision of changed) tables.saveAuthorship(id, revision, events.get(revision)!);
    },
    /** Of the events that wrote what stands in a version. */
    ofEventsIn(manifest: Manifest): Authorships {
      const revisions = new Set(
        authoredParts.flatMap((part) => textsOfPart(manifest, part).map(([revision]) => revision)),
      );
      return new Map([...events].filter(([revision]) => revisions.has(revision)));
    },
  };
}

const nothingKnown = (): KnownAuthorship => ({
  removed: { body: new Removed(), headline: new Removed(), standfirst: new Removed() },
  numbers: new Map(),
  authorships: new Map(),
});

function recalled(tables: Tables, id: string, block: Past['block']): KnownAuthorship {
  const knowing = nothingKnown();
  for (const [number, sentence] of tables.removedSentences(id).entries()) {
    const words = wordsOf(block(sentence.text)).slice(sentence.from, sentence.to);
    knowing.removed[partOf(referenceOf(sentence.text)[1])!].add(sentence, words);
    knowing.numbers.set(sentence, number);
  }
  return knowing;
}

function wordsOf(block: Block | undefined): string[] {
  if (!block) return [];
  const { text, starts, ends, isWord } = readBlock(block).cut(new Vocabulary());
  return starts.map((start, i) => text.slice(start, ends[i])).filter((_, i) => isWord[i] === 1);
}
