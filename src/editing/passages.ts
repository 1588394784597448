/**
 * Words to be hidden or erased, found wherever they were ever written into a story: every text that holds them, which
 * versions hold it, and what readers are given of it. Read from the log, since the views may lag.
 */
import { createHash } from 'node:crypto';
import type { Config } from '../config.js';
import { canonical } from '../event-store/canonical.js';
import type { Log } from '../event-store/log.js';
import { referencesOf } from '../story/content-of.js';
import type { Opened, Reference, StoryEvent } from '../story/events.js';
import { type Story, textKey, type Version } from '../story/evolve.js';
import type { Instant } from '../story/instant.js';
import { isShownToReaders, isWaiting } from '../story/questions.js';
import { hasBeenInForce, mayShow, mayShowStory, standingOf, type Viewing } from '../story/visibility.js';
import type { Refusing, Sought } from './change-story.js';
import { type Excerpt, type FindPhrase, phraseFinder, sayingsOf } from './phrase.js';
import { refuse } from './problems.js';
import type { KnownStory } from './stories.js';

export type Taking = 'hide-texts' | 'erase-texts';

export interface FoundText {
  reference: Reference;
  /** A field's name, `body`, or what else was typed: `speaker`, `notice`, `note`, `reason`, `labels`, `slug`, `editor`. */
  where: string;
  /** Of the body. */
  block?: string;
  /** The first place, where a phrase was sought and the text is still there. */
  excerpt?: Excerpt;
  /** How often the phrase stands in it. */
  count?: number;
  /** The versions that hold it, or that it is about. */
  versions: readonly number[];
  /** Held by the version in force, or in force but for a withdrawal. */
  inForce: boolean;
  /** Held by a version whose time is still to come. */
  waiting: boolean;
  /** Whether a reader can find it anywhere now. */
  shown: boolean;
  hidden: boolean;
  erased: boolean;
}

export interface Passages {
  revision: number;
  /** Stands for these texts in this state of the story. */
  token: string;
  texts: readonly FoundText[];
  /** How many of them a reader can find now. */
  shownToReaders: number;
  /** Versions that readers are given now, or will be, and that hold some: a replacement comes first, or `force`. */
  correctFirst: readonly number[];
  /** Other texts of the story with the same words, which are not named. */
  alsoHere: readonly FoundText[];
}

export type Policy = Pick<Config, 'publicHistory' | 'editorsNames'>;

interface Seeking {
  id: string;
  known: KnownStory;
  taking: Taking;
  sought: Sought;
  now: Instant;
  policy: Policy;
}

/** Refuses a reference to nothing. Throws StoreUnavailable. */
export async function findPassages(log: Log, seeking: Seeking): Promise<({ ok: true } & Passages) | Refusing> {
  const { id, known, taking, sought, now, policy } = seeking;
  const { story, written } = known;
  const { references } = sought;
  const unknown = references?.find(([revision, name]) => !written[revision]?.names.includes(name));
  if (unknown) {
    const [revision, name] = unknown;
    return refuse('text-not-found', `Nothing called "${name}" was written at revision ${revision} of this story.`, {
      reference: { revision, name },
    });
  }
  const named = references && new Set(references.map(textKey));
  const find = sought.phrase === undefined ? undefined : phraseFinder(sought.phrase, sought);
  const [hits, others]: [Hit[], Hit[]] = [[], []];
  for await (const event of log.readStory(id)) {
    if (event.revision > story.revision) break;
    for (const name of Object.keys(event.textStates)) {
      if (name === 'request') continue;
      const isMeant = named ? named.has(textKey([event.revision, name])) : find && holds({ event, name }, find);
      (isMeant ? hits : others).push({ event, name });
    }
  }
  const same = find ? [find] : sameWords(hits);
  const like = named ? others.filter((other) => same.some((finding) => holds(other, finding))) : [];
  const describe = describer(story, [...hits, ...like], now, policy);
  const describeAll = (all: readonly Hit[]) => all.map((hit) => describe(hit, find));
  const texts = describeAll(hits).filter((text) => named || !isGone(taking, text));
  const going = new Set(texts.filter((text) => !isGone(taking, text)).map(({ reference }) => textKey(reference)));
  return {
    ok: true,
    revision: story.revision,
    token: tokenOf(id, story.revision, taking, texts),
    texts,
    shownToReaders: texts.filter(({ shown }) => shown).length,
    correctFirst: story.versions
      .filter((version) => isShownToReaders(story, version, now) && heldBy(version).some((key) => going.has(key)))
      .map(({ version }) => version),
    alsoHere: describeAll(like).filter((text) => !isGone(taking, text)),
  };
}

/** A digest: the same texts in the same state of the story for the same end give the same. */
const tokenOf = (story: string, revision: number, taking: Taking, texts: readonly FoundText[]): string => {
  const references = texts.map(({ reference }) => textKey(reference)).sort();
  return createHash('sha256').update(canonical({ story, revision, taking, references })).digest('base64url');
};

const isGone = (taking: Taking, { hidden, erased }: FoundText): boolean =>
  erased || (taking === 'hide-texts' && hidden);

/** Refused: the token sent is of another preview than what is found now. */
export const refuseStale = ({ token, texts, shownToReaders, correctFirst }: Passages): Refusing =>
  refuse('preview-stale', 'This is not what the preview showed. Look at a new one, then send its token.', {
    token,
    texts: texts.length,
    shownToReaders,
    correctFirst,
  });

/** Whether these events would write anew the phrase that is to go. */
export function holdsAgain(events: readonly StoryEvent[], { phrase, ...how }: Sought): boolean {
  if (phrase === undefined) return false;
  const find = phraseFinder(phrase, how);
  return events.some(({ texts }) => Object.entries(texts).some(([name, text]) => find(name, text) !== undefined));
}

interface Hit {
  event: Opened;
  name: string;
}

function holds({ event: { texts }, name }: Hit, find: FindPhrase): boolean {
  const value = texts[name];
  return value !== null && value !== undefined && find(name, value) !== undefined;
}

/** Shorter runs of words are no sign of anything. */
const shortest = 4;
const mostRuns = 100;

/** Finders of what these texts say. */
function sameWords(hits: readonly Hit[]): FindPhrase[] {
  const runs = hits.flatMap(({ event, name }) => sayingsOf(name, event.texts[name] ?? null));
  return [...new Set(runs)]
    .filter((run) => run.trim().length >= shortest)
    .slice(0, mostRuns)
    .map((run) => phraseFinder(run, { words: true }));
}

const heldBy = ({ manifest, note }: Version): string[] =>
  [...referencesOf(manifest), ...(note ? [note] : [])].map(textKey);

/** Tells of each of these texts what a person needs to decide about it. */
function describer(story: Story, hits: readonly Hit[], now: Instant, { publicHistory, editorsNames }: Policy) {
  const viewing: Viewing = { audience: 'public', publicHistory };
  const standing = standingOf(story, now);
  const isOpen = mayShowStory(viewing, standing) === 'show';
  const holders = new Map(hits.map(({ event, name }) => [textKey([event.revision, name]), [] as Version[]]));
  for (const version of story.versions) {
    for (const key of heldBy(version)) holders.get(key)?.push(version);
  }
  const readable = (version: Version) => mayShow(viewing, standing, version, now) === 'show';

  function isShown({ revision }: Opened, name: string, holding: readonly Version[]): boolean {
    if (name === 'slug') return isOpen;
    if (name === 'editor') {
      return (
        editorsNames === 'name' && story.versions.some((version) => version.revision === revision && readable(version))
      );
    }
    if (name !== 'notice') return holding.some(readable);
    const isIt = ({ notice }: { notice: Reference | null }) => notice?.[0] === revision;
    const correction = story.corrections.find(isIt);
    if (correction) return isOpen && hasBeenInForce(story.versions[correction.version - 1]!, now);
    const withdrawal = story.withdrawals.find(isIt);
    return withdrawal !== undefined && withdrawal.kind === standing.withdrawn && standing.shown !== null;
  }

  return ({ event, name }: Hit, find: FindPhrase | undefined): FoundText => {
    const { revision, data, texts, textStates } = event;
    const key = textKey([revision, name]);
    const holding = holders.get(key)!;
    const hidden = story.hiddenTexts.has(key);
    const erased = story.erasedTexts.has(key) || textStates[name] !== 'verified';
    const found = erased ? undefined : find?.(name, texts[name]);
    const about =
      'corrects' in data && name === 'notice'
        ? [...data.corrects, data.version]
        : 'version' in data
          ? [data.version]
          : [];
    const isBlock = name.startsWith('body/');
    return {
      reference: [revision, name],
      where: isBlock ? 'body' : name,
      ...(isBlock && { block: name.slice('body/'.length) }),
      ...found,
      versions: holding.length > 0 ? holding.map(({ version }) => version) : about,
      inForce: holding.some(({ version }) => version === standing.shown),
      waiting: holding.some((version) => isWaiting(version, now)),
      shown: !hidden && !erased && isShown(event, name, holding),
      hidden,
      erased,
    };
  };
}
