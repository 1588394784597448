/**
 * Writes into the tables what events say, and nothing else: the same events give the same rows, however they are cut into
 * batches and whenever their texts came or went.
 */
import { languageOf, sizeOf } from '../compare/compare.js';
import { type Compared, compareBodies, needsNoLanguage } from '../compare/script.js';
import { comparableUrl } from '../content/url.js';
import { type FindText, referencesOf } from '../story/content-of.js';
import { type Editor, factsOfOpened, type Manifest, type Opened, type Reference } from '../story/events.js';
import { evolve, type Story, textKey, type Version } from '../story/evolve.js';
import { changedReigns, type Timeline } from '../story/timeline.js';
import { completeFor } from './bodies.js';
import { announcementsOf } from './project-announcements.js';
import {
  type Blocks,
  type KnownAuthorship,
  openAuthoring,
  openBlocks,
  sameTexts,
  textsOfPart,
} from './project-authorship.js';
import type { FreshTexts } from './search.js';
import type { Tables } from './tables.js';
import type { ReadTexts } from './texts.js';
import type { Derived } from './versions.js';

/** A story as the projector knows it. */
export interface KnownStory {
  story: Story;
  authorship?: KnownAuthorship;
  /** Those of its last version. */
  texts?: ReadTexts;
}

/**
 * Brings a story's rows from what is `known` to where `events`, its next ones, take it. Call it in a transaction; if that
 * fails, forget what was known.
 */
export function projectStory(tables: Tables, id: string, known: KnownStory, events: readonly Opened[]) {
  const before = known.story;
  tables.mintStory(id, events[0]!.metadata.recordedAt);
  let story = before;
  const erased = new Set<string>();
  const read: ReadTexts = new Map(known.texts);
  const fresh: FreshTexts = new Map();
  for (const event of events) {
    read.set(event.revision, tables.saveTexts(event, read));
    tables.indexTexts(event, read.get(event.revision)!, fresh);
    const facts = factsOfOpened(event);
    if (facts.type === 'StoryPublished' || facts.type === 'SlugChanged') claimSlug(tables, event);
    else if (facts.type === 'TextsHidden') for (const text of facts.data.references) tables.hideText(id, text);
    else if (facts.type === 'TextsShown') for (const text of facts.data.references) tables.showText(id, text);
    else if (facts.type === 'TextsErased') {
      tables.saveErasure(event);
      tables.keepUnheld(fresh);
      for (const text of facts.data.references) {
        erased.add(textKey(text));
        eraseText(tables, id, text, read);
      }
    }
    const next = evolve(story, facts);
    saveReigns(tables, id, story.timeline, next.timeline, event.metadata.recordedAt);
    announce(tables, story, next, event);
    story = next;
  }

  const blocks = openBlocks(tables, id, read);
  const remade = new Set(rederived(before, story, erased));
  const authoring = openAuthoring(tables, id, { before, story, erased, blocks }, known.authorship);
  for (const [index, version] of story.versions.entries()) {
    const was = before.versions[index];
    const complete = () => story.versions[completeFor(version.version) - 1]!.manifest.body;
    const { derived, compared } = remade.has(version) ? derive(tables, id, story, version, { read, blocks }) : none;
    if (!was) tables.addVersion(id, version, complete(), derived!);
    else if (version !== was) tables.changeVersion(id, version, complete());
    if (was && derived) tables.changeDerived(id, version.version, derived);
    if (version.manifest !== was?.manifest) hold(tables, id, version, (was ?? story.versions[index - 1])?.manifest);
    if (authoring.wanted.has(version)) authoring.add(version, compared);
  }
  tables.keepUnheld(fresh);
  const authorship = authoring.done();
  for (const correction of changed(before.corrections, story.corrections)) tables.saveCorrection(id, correction);
  for (const withdrawal of changed(before.withdrawals, story.withdrawals)) tables.saveWithdrawal(id, withdrawal);
  tables.saveStory(id, story.revision, story.recordedAt!, story.slug?.[0] ?? null);
  const texts = textsOfLast(story, read);
  return { known: { story, texts, ...(authorship && { authorship }) }, erasure: erased.size > 0 };

  function hold(tables: Tables, id: string, { version, manifest }: Version, held: Manifest | undefined): void {
    const [texts, last] = [referencesOf(manifest), held ? referencesOf(held) : []];
    tables.textsOf(id, [...texts, ...last], read);
    const again = before.versions[version - 1] !== undefined;
    tables.holdTexts(id, { version, texts, before: last, again }, (revision) => read.get(revision), fresh);
  }
}

/** What the next edit most likely begins with. */
function textsOfLast({ versions }: Story, read: ReadTexts): ReadTexts {
  const last = versions.at(-1);
  const revisions = new Set(last && referencesOf(last.manifest).map(([revision]) => revision));
  return new Map([...read].filter(([revision]) => revisions.has(revision)));
}

const changed = <T>(before: readonly T[], after: readonly T[]): T[] => after.filter((one, i) => one !== before[i]);

function claimSlug(tables: Tables, { story, revision, position, texts, textStates }: Opened): void {
  if (textStates.slug === 'verified') tables.claimSlug(story, revision, texts.slug as string, position);
}

function eraseText(tables: Tables, id: string, text: Reference, read: ReadTexts): void {
  const [revision, name] = text;
  if (name === 'slug') tables.dropClaim(id, revision);
  const rest = tables.eraseText(id, text);
  if (!rest) return;
  read.set(revision, rest);
  tables.dropFromIndex(id, text, rest);
}

function announce(tables: Tables, before: Story, after: Story, event: Opened): void {
  const { saved, rescheduled } = announcementsOf(before, after, event);
  if (saved) tables.saveAnnouncement(event.story, saved);
  for (const { version, due } of rescheduled) tables.rescheduleVersion(event.story, version, due);
}

function saveReigns(
  tables: Tables,
  id: string,
  before: Timeline,
  after: Timeline,
  recordedAt: Opened['metadata']['recordedAt'],
) {
  const { ended, begun } = changedReigns(before, after);
  // What only moved along in the list is in both.
  const still = new Set(ended).intersection(new Set(begun));
  for (const reign of ended) if (!still.has(reign)) tables.endReign(id, reign, recordedAt);
  for (const reign of begun) if (!still.has(reign)) tables.beginReign(id, reign);
}

/** Versions whose derived columns must be made (anew): new ones, and those that show, or build on, what was erased. */
function rederived(before: Story, story: Story, erased: ReadonlySet<string>): Version[] {
  const touched = (version: Version | undefined) =>
    version !== undefined &&
    (erased.has(textKey([version.revision, 'editor'])) ||
      referencesOf(version.manifest).some((text) => erased.has(textKey(text))));
  return story.versions.filter(
    (version, index) =>
      version.revision !== before.versions[index]?.revision ||
      (erased.size > 0 && (touched(version) || (version.base !== null && touched(story.versions[version.base - 1])))),
  );
}

interface Derivation {
  derived?: Derived;
  /** Its body with its base's, if they differ and their authorship is found by the same comparison. */
  compared?: Compared;
}
const none: Derivation = {};

function derive(
  tables: Tables,
  id: string,
  story: Story,
  version: Version,
  { read, blocks }: { read: ReadTexts; blocks: Blocks },
): Derivation {
  const base = version.base === null ? undefined : story.versions[version.base - 1];
  const fieldsOf = ({ manifest: { fields } }: Version) => tables.contentOfManifest(id, { fields, body: [] }, read);
  const content = fieldsOf(version);
  const { tags, url } = content.fields;
  const bodyOf = (one: Version | undefined) => (one ? textsOfPart(one.manifest, 'body') : []);
  const [was, is] = [bodyOf(base), bodyOf(version)];
  const language = languageOf(content) ?? (base && languageOf(fieldsOf(base)));
  const blocksOf = (texts: readonly Reference[]) => blocks.of(texts).map(({ block }) => block);
  const compared = sameTexts(was, is) ? undefined : compareBodies(blocksOf(was), blocksOf(is), language);
  const words = compared ? sizeOf(compared) : { added: 0, removed: 0 };
  const editor: Reference = [version.revision, 'editor'];
  return {
    derived: {
      editor: valueAt(tables.textsOf(id, [editor], read), editor) as Editor | null,
      words,
      tags: Array.isArray(tags) ? tags : [],
      address: (typeof url === 'string' && comparableUrl(url)) || null,
    },
    ...(compared && needsNoLanguage(compared, language) && { compared }),
  };
}

function valueAt(find: FindText, [revision, name]: Reference): unknown {
  const found = find(revision, name);
  return 'value' in found ? found.value : null;
}
