/**
 * What is dear to make and asked for again: contents, versions as they are told, comparisons, sizes of changes, authorships. Keyed by story,
 * revision, versions and audience, so whatever is recorded of a story (a hiding, an erasure) leaves nothing stale.
 */
import { LRUCache } from 'lru-cache';
import type { RemovedSentence } from '../compare/removed.js';
import type { WordCounts } from '../compare/types.js';
import { type Content, noContent } from '../content/types.js';
import type { Editor } from '../story/events.js';
import { silent, type Telemetry } from '../telemetry/telemetry.js';
import { type Comparing, type Made, type Side, sideOf, TooManyWaiting } from '../views/comparing.js';
import type { Rendered, Rendering } from '../views/comparing-thread.js';
import type { Tables } from '../views/tables.js';
import { Refused } from '../web/problem.js';
import type { AuthoringVersion, AuthorshipAnswer, RemovedSentenceAnswer, VersionAnswer } from './answers.js';
import { contentFor, contentLying, isStaff, type Looking } from './looking.js';

/** All that may be told of an authorship, whichever part is asked for; but not how the story stands, which time changes. */
export interface Authored extends Pick<AuthorshipAnswer, 'headline' | 'standfirst' | 'body'> {
  /** All that the viewer may read, and who made them, as far as they may know. */
  versions: readonly AuthoringVersion[];
  editors: ReadonlyMap<number, Editor>;
  /** Sentences that left, the last first. */
  left: readonly Leaving[];
}

/** A sentence that left, and when the viewer saw it. */
export interface Leaving {
  number: number;
  sentence: RemovedSentence;
  lived: Pick<RemovedSentenceAnswer, 'lastIn' | 'leftIn' | 'returnedIn'>;
  /** Once looked for; null: it is not to be told of. */
  words?: { told: string | null };
}

/** Blocks of contents kept. */
const mostBlocks = 50_000;
/** Bytes of comparisons kept. */
const mostBytes = 64_000_000;
const mostSizes = 20_000;
/** Stories of which something is kept. */
const mostStories = 20_000;
/** Spans of authorships kept, and sentences that left. */
const mostSpans = 200_000;
/** How often an answer is begun again because the story changed while a long comparison was made for it. */
const mostAttempts = 5;
/** Seconds after which to ask again. */
const retryAfter = 5;

type Droppable = { delete(key: string): boolean };

type VersionCount = ReturnType<Tables['countVersions']>;

export type Caches = ReturnType<typeof openCaches>;

export function openCaches(
  { comparing, inOneState }: { comparing: Comparing } & Pick<Tables, 'inOneState'>,
  telemetry: Pick<Telemetry, 'cache'> = silent,
) {
  const contents = new LRUCache<string, Content>({
    dispose: (_, at) => released(contents, at),
    maxSize: mostBlocks,
    sizeCalculation: ({ body }) => 1 + body.length,
  });
  const told = new LRUCache<string, Rendered>({
    dispose: (_, at) => released(told, at),
    maxSize: mostBytes,
    sizeCalculation: ({ bytes }) => bytes.reduce((sum, { length }) => sum + length, 1),
  });
  const versions = new LRUCache<string, VersionAnswer>({
    dispose: (_, at) => released(versions, at),
    maxSize: mostBlocks,
    sizeCalculation: ({ content: { body } }) => 1 + body.length,
  });
  const counted = new LRUCache<string, WordCounts>({ max: mostSizes, dispose: (_, at) => released(counted, at) });
  const authored = new LRUCache<string, Authored>({
    dispose: (_, at) => released(authored, at),
    maxSize: mostSpans,
    sizeCalculation: ({ body, left, versions }) =>
      body.reduce((sum, { spans }) => sum + spans.length, 1 + left.length + versions.length),
  });
  for (const [name, cache] of Object.entries({
    contents,
    versions,
    comparisons: told,
    sizes: counted,
    authorships: authored,
  })) {
    telemetry.cache(name, cache);
  }
  const counts = new LRUCache<string, VersionCount>({ max: mostSizes, dispose: (_, at) => released(counts, at) });
  /** What is being made elsewhere, so that those who ask for the same get the same. */
  const underWay = new Map<string, Promise<unknown>>();
  /** Of the answer that is being put together: what was made for it, and what must still be. */
  let [present, wanted] = [new Map<string, unknown>(), new Map<string, () => Promise<unknown>>()];

  /** Of each story what is kept, all of one revision. */
  const held = new LRUCache<string, { revision: number; keys: Map<Droppable, Set<string>> }>({ max: mostStories });

  /** Keeps something made of a story as it stands. What was made of it before is never asked for again: it goes. */
  function hold<T extends object>(cache: LRUCache<string, T>, { row: { id, revision } }: Looking, at: string, made: T) {
    let here = held.get(id);
    if (!here || here.revision < revision) {
      for (const [of, keys] of here?.keys ?? []) for (const one of keys) of.delete(one);
      here = { revision, keys: new Map() };
      held.set(id, here);
    }
    // Made of what has been followed meanwhile.
    if (here.revision > revision) return;
    cache.set(at, made);
    const keys = here.keys.get(cache) ?? new Set();
    here.keys.set(cache, keys.add(at));
  }
  const released = (cache: Droppable, at: string) =>
    held
      .peek(at.slice(0, at.indexOf('/')))
      ?.keys.get(cache)
      ?.delete(at);

  const key = ({ row, viewing }: Looking, ...rest: (number | string | null)[]) =>
    [row.id, row.revision, viewing.audience, ...rest].join('/');

  function content(looking: Looking, version: number): Content {
    const at = key(looking, version);
    const known = contents.get(at);
    if (known) return known;
    const made = contentFor(looking, version);
    hold(contents, looking, at, made);
    return made;
  }

  const side = (looking: Looking, version: number): Side => ({
    length: looking.tables.lengthOfContent(looking.row.id, version),
    content: () => content(looking, version),
    found: () => contentLying(looking, version),
  });

  function keep<T extends object>(
    cache: LRUCache<string, T>,
    looking: Looking,
    at: string,
    make: () => Made<T>,
  ): T | undefined {
    const known = (present.get(at) as T | undefined) ?? cache.get(at);
    if (known) return known;
    const found = make();
    if ('made' in found) {
      hold(cache, looking, at, found.made);
      return found.made;
    }
    wanted.set(at, async () => {
      const made = await found.later();
      hold(cache, looking, at, made);
      return made;
    });
    return undefined;
  }

  function once(at: string, make: () => Promise<unknown>): Promise<unknown> {
    const running = underWay.get(at) ?? make().finally(() => underWay.delete(at));
    underWay.set(at, running);
    return running;
  }

  return {
    /** Not to be changed: others hold it too. */
    content,
    /**
     * A version as readers are told of it while the present reign lasts, whatever moment they ask about. Not to be changed:
     * others hold it too. What staff are told changes with time alone: it is made anew.
     */
    version(
      looking: Looking,
      version: number,
      writes: boolean,
      make: (content: Content) => VersionAnswer,
    ): VersionAnswer {
      if (isStaff(looking)) return make(content(looking, version));
      const at = key(looking, 'version', version, looking.reign?.from ?? null, Number(writes));
      const known = versions.get(at);
      if (known) return known;
      const made = make(contents.get(key(looking, version)) ?? contentFor(looking, version));
      // What still waits for a count is not yet what is told.
      if (wanted.size === 0) hold(versions, looking, at, made);
      return made;
    },
    /** Of the story's versions: of those in force by now, or of all. The same for as long as the present reign. */
    count(looking: Looking, which: 'by now' | 'all'): VersionCount {
      const at = key(looking, 'count', which === 'all' ? which : (looking.reign?.from ?? null));
      const known = counts.get(at);
      if (known) return known;
      const made = looking.tables.countVersions(looking.row.id, which === 'all' ? null : looking.now);
      hold(counts, looking, at, made);
      return made;
    },
    /** A comparison as it is told; undefined while it is being made: `whole` sees to it. */
    told: (looking: Looking, a: number, b: number, rendering: Rendering): Rendered | undefined =>
      keep(told, looking, key(looking, a, b, rendering.module, rendering.name), () =>
        comparing.render([side(looking, a), side(looking, b)], rendering),
      ),
    /** `seen`: which versions the viewer sees, for time alone changes it. Not to be changed but for `words`. */
    authored(looking: Looking, version: number, seen: string, make: () => Authored): Authored {
      const at = key(looking, version, seen);
      const known = authored.get(at);
      if (known) return known;
      const made = make();
      hold(authored, looking, at, made);
      return made;
    },
    /** Two contents compared that are no versions yet. Throws Refused `busy`. */
    async toldOf(before: Content, after: Content, rendering: Rendering): Promise<Rendered> {
      const found = comparing.render([sideOf(before), sideOf(after)], rendering);
      return 'made' in found ? found.made : found.later().catch(asRefusal);
    },
    /** Words added and removed between two versions (null: nothing); undefined while they are being counted. */
    size: (looking: Looking, a: number | null, b: number): WordCounts | undefined =>
      keep(counted, looking, key(looking, a, b), () =>
        comparing.size([a === null ? sideOf(noContent) : side(looking, a), side(looking, b)]),
      ),
    /**
     * An answer with nothing missing. `answer` (undefined: it could not go on) is asked again, from the beginning, once what it wanted has been made: all
     * is judged by what is recorded by then. Throws Refused `busy`.
     */
    async whole<T>(answer: () => T | undefined): Promise<T> {
      let made = new Map<string, unknown>();
      for (let attempt = 1; attempt <= mostAttempts; attempt++) {
        [present, wanted] = [made, new Map()];
        const answered = inOneState(answer);
        if (answered !== undefined && wanted.size === 0) return answered;
        made = new Map();
        // One after the other: nobody fills the queue alone. Others set `wanted` anew meanwhile.
        for (const [at, make] of wanted) made.set(at, await once(at, make).catch(asRefusal));
      }
      throw busy('The story kept changing while its versions were compared.');
    },
  };
}

const busy = (detail: string) => new Refused({ code: 'busy', detail }, { 'retry-after': String(retryAfter) });

function asRefusal(error: unknown): never {
  if (error instanceof TooManyWaiting) throw busy('Too many long comparisons are waiting.');
  throw error;
}
