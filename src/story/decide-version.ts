/** Decides the commands that make a version: publish, update, statements, correction, restoration. */
import { limits } from '../content/limits.js';
import { noContent } from '../content/types.js';
import {
  type Circumstances,
  type CorrectionDraft,
  type Decision,
  type NewVersion,
  type Outcome,
  type Publish,
  refuse,
} from './commands.js';
import { referencesOf } from './content-of.js';
import type { ContentTexts, Manifest, StoryEvent, VersionFacts } from './events.js';
import { type Story, textKey, type Version, versionOf } from './evolve.js';
import type { Instant } from './instant.js';
import { baseFor, isWaiting, lastTime } from './questions.js';
import { sameJson } from './same-json.js';
import { versionAt } from './timeline.js';
import { hasBeenInForce } from './visibility.js';
import { addStatements, write } from './write.js';

export function decidePublish(command: Publish, { recordedAt, mint }: Circumstances): Decision {
  const inForceFrom = command.inForceFrom ?? recordedAt;
  if (inForceFrom < recordedAt && !command.imported) {
    return refuse({ code: 'time-in-the-past', inForceFrom, recordedAt });
  }
  const written = write(command, { fields: {}, body: [] }, noContent, 0, mint);
  if (!written.ok) return written;
  const { manifest, texts } = written;
  const facts = { version: 1, inForceFrom, ...(command.imported && { imported: true as const }) };
  const published: StoryEvent = {
    type: 'StoryPublished',
    data: { ...facts, manifest },
    texts: { ...texts, slug: command.slug },
  };
  const stated = addStatements(command.statements ?? [], manifest, 1, mint, (more) => ({
    ...facts,
    base: null,
    ...more,
  }));
  if (!stated.ok) return stated;
  return concluded([published, ...stated.events], 1, command.note);
}

export function decideNewVersion(story: Story, command: NewVersion, circumstances: Circumstances): Decision {
  const { recordedAt, mint, continued } = circumstances;
  const chosen = chooseBase(story, command, recordedAt);
  if (!chosen.ok) return chosen;
  const { base } = chosen;
  const timed = timeOf(story, command, base, recordedAt);
  if (!timed.ok) return timed;
  const { inForceFrom } = timed;

  const replaced = supersededBy(story, inForceFrom, recordedAt);
  const version = story.versions.length + 1;
  const events: StoryEvent[] = replaced.map((cancelled) => ({
    type: 'VersionCancelled',
    data: { version: cancelled, supersededBy: version },
    texts: {},
  }));
  const facts = { version, base: base.version, inForceFrom, ...(command.imported && { imported: true as const }) };
  if (command.restores !== undefined) {
    const { base: _, ...rest } = facts;
    const data = { ...rest, restored: base.version, manifest: base.manifest };
    events.push({ type: 'VersionRestored', data, texts: {} });
  }
  const revision = story.revision + 1 + events.length;
  const written = write(command, base.manifest, circumstances.base!, revision, mint, continued);
  if (!written.ok) return written;
  const { manifest, texts } = written;
  const says = command.note !== undefined || Boolean(command.statements?.length) || command.correction !== undefined;
  if (!written.changed && !says && !isNews(story, base, inForceFrom)) {
    return { ok: true, events: [], version: base.version };
  }
  const others = replaced.filter((version) => version !== base.version);
  const named = (command.supersedes ?? []).filter((version) => version !== base.version);
  const inOrder = [...named].sort((a, b) => a - b);
  if (!sameJson(others, inOrder)) return refuse({ code: 'would-supersede', versions: others });

  const { significance = 'major' } = command;
  if (command.correction) {
    const { notice, kind = 'correction' } = command.correction;
    const corrected = correctedBy(
      story,
      command.correction,
      { base, written, restores: command.restores },
      circumstances,
    );
    if (!corrected.ok) return corrected;
    const data = { ...facts, correction: mint(), kind, corrects: corrected.versions, manifest };
    events.push({ type: 'CorrectionIssued', data, texts: { ...texts, notice } });
  } else if (written.changed || !(command.statements?.length || command.restores !== undefined)) {
    events.push({ type: 'StoryUpdated', data: { ...facts, significance, manifest }, texts });
  }
  const nextRevision = story.revision + 1 + events.length;
  const stated = addStatements(command.statements ?? [], manifest, nextRevision, mint, (more) => ({
    ...facts,
    ...more,
  }));
  if (!stated.ok) return stated;
  events.push(...stated.events);
  const concludes = concluded(events, version, command.note);
  // Only an update carries its significance itself.
  if (concludes.ok && significance === 'minor' && !events.some(({ type }) => type === 'StoryUpdated')) {
    events.push({ type: 'VersionReclassified', data: { version, significance }, texts: {} });
  }
  return concludes;
}

/** The version that the new one builds on, or why it can't. */
function chooseBase(story: Story, command: NewVersion, recordedAt: Instant): Outcome<{ base: Version }> {
  const { restores } = command;
  if (restores !== undefined && command.base !== undefined && command.base !== restores) {
    return refuse({ code: 'base-is-restored', version: restores });
  }
  const named = restores ?? command.base;
  const base = baseFor(story, command, recordedAt);
  if (!base) {
    return named === undefined
      ? refuse({ code: 'base-needed', versions: story.versions.map(({ version }) => version) })
      : refuse({ code: 'version-not-found', version: named });
  }
  if (restores !== undefined) {
    const because = unrestorable(story, base, recordedAt);
    return because ? refuse({ code: 'cannot-restore', version: restores, because }) : { ok: true, base };
  }
  if (base.hidden && named === undefined) return refuse({ code: 'base-hidden', version: base.version });
  return { ok: true, base };
}

/** Why a version can't be brought back. */
export function unrestorable(story: Story, version: Version, now: Instant) {
  if (!hasBeenInForce(version, now)) return 'never-in-force';
  if (version.hidden) return 'hidden';
  const texts = referencesOf(version.manifest).map(textKey);
  if (texts.some((text) => story.erasedTexts.has(text))) return 'texts-erased';
  return texts.some((text) => story.hiddenTexts.has(text)) ? 'texts-hidden' : undefined;
}

/** A version that says the same as its base is news only if something else would be in force by then. */
function isNews(story: Story, base: Version, inForceFrom: Instant): boolean {
  const otherwise = versionAt(story.timeline, inForceFrom);
  return otherwise === undefined || !sameJson(versionOf(story, otherwise)!.manifest, base.manifest);
}

interface Made {
  base: Version;
  written: { manifest: Manifest; texts: ContentTexts };
  restores: number | undefined;
}

/** The versions that a correction is about: those it names, else those in which readers had the words that it replaces. */
function correctedBy(
  story: Story,
  { corrects }: CorrectionDraft,
  { base, written: { manifest, texts }, restores }: Made,
  { recordedAt: now, stoodIn }: Circumstances,
): Outcome<{ versions: number[] }> {
  if (corrects?.length) {
    const versions = [...new Set(corrects)].sort((a, b) => a - b);
    for (const version of versions) {
      const corrected = versionOf(story, version);
      if (!corrected) return refuse({ code: 'version-not-found', version });
      if (!hasBeenInForce(corrected, now)) return refuse({ code: 'never-in-force', version });
    }
    return { ok: true, versions };
  }
  // A restoration replaces what stands now, not what it brings back.
  const before = restores === undefined ? base : versionOf(story, versionAt(story.timeline, now) ?? base.version)!;
  const kept = new Set(referencesOf(manifest).map(textKey));
  const gone = new Set(referencesOf(before.manifest).map(textKey)).difference(kept);
  const stood = new Set(gone.size === 0 ? [] : stoodIn?.(before.manifest, manifest, texts));
  const hadThem = ({ version, manifest }: Version) =>
    stood.has(version) || referencesOf(manifest).some((text) => gone.has(textKey(text)));
  const versions = story.versions
    .filter((version) => hasBeenInForce(version, now))
    .filter((version) => (gone.size === 0 ? version === before : hadThem(version)))
    .map(({ version }) => version);
  return versions.length > 0 ? { ok: true, versions } : refuse({ code: 'never-in-force', version: before.version });
}

/** When the new version comes into force, or why it can't then. */
function timeOf(
  story: Story,
  command: NewVersion,
  base: Version,
  recordedAt: Instant,
): Outcome<{ inForceFrom: Instant }> {
  const waiting = isWaiting(base, recordedAt);
  const inForceFrom = command.inForceFrom ?? (waiting ? base.inForceFrom : recordedAt);
  if (waiting && inForceFrom < base.inForceFrom && command.base === undefined) {
    return refuse({ code: 'base-needed', versions: [base.version] });
  }
  if (inForceFrom >= recordedAt) return { ok: true, inForceFrom };
  if (!command.imported) {
    return refuse({ code: 'time-in-the-past', inForceFrom, recordedAt });
  }
  const last = lastTime(story);
  return last && inForceFrom < last
    ? refuse({ code: 'import-before-last', inForceFrom, last })
    : { ok: true, inForceFrom };
}

/** Versions never in force that would not come into force before `inForceFrom`: a version from then on cancels them. */
const supersededBy = (story: Story, inForceFrom: Instant, now: Instant): number[] =>
  story.versions
    .filter((version) => !version.cancelled && !hasBeenInForce(version, now) && version.inForceFrom >= inForceFrom)
    .map(({ version }) => version);

/** The change note travels with the last event, the one whose manifest is the version. */
function concluded(events: StoryEvent[], version: number, note: string | undefined): Decision {
  const last = events.at(-1)!;
  const blocks = (last.data as VersionFacts).manifest.body.length;
  if (blocks > limits.blocks) return refuse({ code: 'too-many-blocks', blocks, limit: limits.blocks });
  if (note !== undefined) Object.assign(last.texts, { note });
  return { ok: true, events, version };
}
