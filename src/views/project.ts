/**
 * Writes into the tables what events say, and nothing else: the same events give the same rows, however they are cut into
 * batches and whenever their texts came or went.
 */
import { sizeOfChange } from '../compare/compare.js';
import { noContent } from '../content/types.js';
import { comparableUrl } from '../content/url.js';
import { type FindText, referencesOf } from '../story/content-of.js';
import { type Editor, factsOfOpened, type Opened, type Reference } from '../story/events.js';
import { evolve, type Story, textKey, type Version } from '../story/evolve.js';
import { changedReigns, type Timeline } from '../story/timeline.js';
import { completeFor } from './bodies.js';
import { announcementsOf } from './project-announcements.js';
import { type KnownAuthorship, projectAuthorship } from './project-authorship.js';
import type { Tables } from './tables.js';
import type { ReadTexts } from './texts.js';
import type { Derived } from './versions.js';

/** A story as the projector knows it. */
export interface KnownStory {
  story: Story;
  authorship?: KnownAuthorship;
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
  for (const event of events) {
    tables.saveTexts(event);
    tables.indexTexts(event);
    const facts = factsOfOpened(event);
    if (facts.type === 'StoryPublished' || facts.type === 'SlugChanged') claimSlug(tables, event);
    else if (facts.type === 'TextsHidden') for (const text of facts.data.references) tables.hideText(id, text);
    else if (facts.type === 'TextsShown') for (const text of facts.data.references) tables.showText(id, text);
    else if (facts.type === 'TextsErased') {
      tables.saveErasure(event);
      for (const text of facts.data.references) {
        erased.add(textKey(text));
        eraseText(tables, id, text);
      }
    }
    const next = evolve(story, facts);
    saveReigns(tables, id, story.timeline, next.timeline, event.metadata.recordedAt);
    announce(tables, story, next, event);
    story = next;
  }

  for (const [index, version] of story.versions.entries()) {
    if (version !== before.versions[index]) {
      tables.saveVersion(id, version, story.versions[completeFor(version.version) - 1]!.manifest.body);
    }
    if (version.manifest !== before.versions[index]?.manifest) {
      const held = (before.versions[index] ?? story.versions[index - 1])?.manifest;
      tables.holdTexts(id, version.version, referencesOf(version.manifest), held ? referencesOf(held) : []);
    }
  }
  const read: ReadTexts = new Map();
  for (const version of rederived(before, story, erased)) {
    tables.saveDerived(id, version.version, derive(tables, id, story, version, read));
  }
  const authorship = projectAuthorship(tables, id, { before, story, erased, read }, known.authorship);
  for (const correction of changed(before.corrections, story.corrections)) tables.saveCorrection(id, correction);
  for (const withdrawal of changed(before.withdrawals, story.withdrawals)) tables.saveWithdrawal(id, withdrawal);
  tables.saveStory(id, story.revision, story.recordedAt!, story.slug?.[0] ?? null);
  return { known: { story, ...(authorship && { authorship }) }, erasure: erased.size > 0 };
}

const changed = <T>(before: readonly T[], after: readonly T[]): T[] => after.filter((one, i) => one !== before[i]);

function claimSlug(tables: Tables, { story, revision, position, texts, textStates }: Opened): void {
  if (textStates.slug === 'verified') tables.claimSlug(story, revision, texts.slug as string, position);
}

function eraseText(tables: Tables, id: string, text: Reference): void {
  const [revision, name] = text;
  if (name === 'slug') tables.dropClaim(id, revision);
  tables.eraseText(id, text);
  tables.dropFromIndex(id, text);
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

function derive(tables: Tables, id: string, story: Story, version: Version, read: ReadTexts): Derived {
  const base = version.base === null ? undefined : story.versions[version.base - 1];
  const content = tables.contentOfManifest(id, version.manifest, read);
  const { tags, url } = content.fields;
  return {
    editor: valueAt(tables.textsOf(id, [[version.revision, 'editor']], read), [
      version.revision,
      'editor',
    ]) as Editor | null,
    words: sizeOfChange(base ? tables.contentOfManifest(id, base.manifest, read) : noContent, content),
    tags: Array.isArray(tags) ? tags : [],
    address: (typeof url === 'string' && comparableUrl(url)) || null,
  };
}

function valueAt(find: FindText, [revision, name]: Reference): unknown {
  const found = find(revision, name);
  return 'value' in found ? found.value : null;
}
