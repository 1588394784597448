/** Decides what words are taken away: hidden from readers, or erased for good; and hidden ones shown again. */
import {
  type Circumstances,
  type Decision,
  type EraseTexts,
  type HideTexts,
  refuse,
  type ShowTexts,
} from './commands.js';
import { referencesOf } from './content-of.js';
import { decideNewVersion } from './decide-version.js';
import type { Reference, StoryEvent } from './events.js';
import { type Story, textKey, type Version } from './evolve.js';
import { foresee } from './foresee.js';
import { isShownToReaders } from './questions.js';

/**
 * A replacement comes first, so that readers are never without words. Then nothing that they are given, or will be, may
 * hold what goes, unless forced.
 */
export function decideTakingAway(
  story: Story,
  command: HideTexts | EraseTexts,
  circumstances: Circumstances,
): Decision {
  const { written } = circumstances;
  const unknown = command.references.find(([revision, name]) => !written?.(revision)?.names.includes(name));
  if (unknown) return refuse({ code: 'text-not-found', reference: unknown });

  const replaced: Decision = command.replacement
    ? decideNewVersion(story, command.replacement, circumstances)
    : { ok: true, events: [], version: null };
  if (!replaced.ok) return replaced;
  const gone = command.type === 'erase-texts' ? story.erasedTexts : story.hiddenTexts;
  const references = distinct(command.references).filter((text) => !gone.has(textKey(text)));
  const then = foresee(story, replaced.events, circumstances.recordedAt);
  const going = new Set(references.map(textKey));
  for (const version of command.force ? [] : then.versions) {
    const held = textsOf(version).filter((text) => going.has(textKey(text)));
    if (held.length > 0 && isShownToReaders(then, version, circumstances.recordedAt)) {
      return refuse({ code: 'shown-to-readers', version: version.version, references: held });
    }
  }
  const version = replaced.events.length > 0 ? replaced.version : null;
  if (references.length === 0) return { ok: true, version, events: replaced.events };
  return { ok: true, version, events: [...replaced.events, takeAway(story, command, references, circumstances)] };
}

function takeAway(
  story: Story,
  command: HideTexts | EraseTexts,
  references: readonly Reference[],
  { written }: Circumstances,
): StoryEvent {
  const texts = command.reason === undefined ? {} : { reason: command.reason };
  if (command.type === 'hide-texts') return { type: 'TextsHidden', data: { references }, texts };
  // By the fingerprint of what was sent a guess at erased words could be confirmed, also where they were sent once more.
  const going = new Set(references.map(textKey));
  const sentAgain = story.versions.filter((version) => textsOf(version).some((text) => going.has(textKey(text))));
  const requests = [...references.map(([revision]) => revision), ...sentAgain.map(({ revision }) => revision)]
    .map((revision): Reference => [written!(revision)!.command, 'request'])
    .filter(([revision]) => written!(revision)?.names.includes('request'));
  const all = distinct([...references, ...requests]).filter((text) => !story.erasedTexts.has(textKey(text)));
  return { type: 'TextsErased', data: { references: all, authority: command.authority }, texts };
}

export function decideShowTexts(story: Story, { hiding, reason }: ShowTexts): Decision {
  const references = [...story.hiddenTexts].filter(([, by]) => by === hiding).map(([key]) => referenceOf(key));
  if (references.length === 0) return refuse({ code: 'hiding-not-found', hiding });
  const texts = reason === undefined ? {} : { reason };
  return { ok: true, version: null, events: [{ type: 'TextsShown', data: { references }, texts }] };
}

const textsOf = ({ manifest, note }: Version): Reference[] => [...referencesOf(manifest), ...(note ? [note] : [])];

const distinct = (references: readonly Reference[]): Reference[] => [
  ...new Map(references.map((reference) => [textKey(reference), reference])).values(),
];

/** The reference that `textKey` wrote. */
function referenceOf(key: string): Reference {
  const slash = key.indexOf('/');
  return [Number(key.slice(0, slash)), key.slice(slash + 1)];
}
