/** Stories as the writer needs them: folded from the log's facts, kept, and read on from where they stand. */
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type Log, type LoggedFacts, noStory, type StoryHead } from '../event-store/log.js';
import { beginning } from '../event-store/port.js';
import { EVENT_LOG } from '../event-store/tokens.js';
import { type EventType, factsOfOpened, isVersionEvent, type Metadata, type Opened } from '../story/events.js';
import { evolve, initialStory, type Story } from '../story/evolve.js';
import { TELEMETRY, type Telemetry } from '../telemetry/telemetry.js';

/** One thing recorded, in short: for those who were not looking. */
export interface Happened {
  revision: number;
  type: EventType;
  version?: number;
  recordedAt: Metadata['recordedAt'];
}

/** What a command of the past did. */
export interface Carried {
  /** Its first revision. */
  first: number;
  /** The version it made or changed; null where it was the story. */
  version: number | null;
  /** What is new by it and has an address. */
  made: 'version' | 'withdrawal' | 'hiding' | null;
  /** Ids of the correction and the withdrawal that it made, or whose notice it changed. */
  correction?: string;
  withdrawal?: string;
  /** Revisions of its hiding and its erasure of texts. */
  hiding?: number;
  erasure?: number;
}

/** What an event wrote: the names of its texts, and the first revision of its command. */
export interface Written {
  names: readonly string[];
  command: number;
}

export interface KnownStory {
  story: Story;
  /** Where the next event goes. */
  head: StoryHead;
  /** Of the last event. */
  position: string;
  /** Every command that was carried out, by which a repeated one is known. */
  commands: ReadonlyMap<string, Carried>;
  events: readonly Happened[];
  /** By revision. */
  written: readonly Written[];
}

const unknown: KnownStory = {
  story: initialStory,
  head: noStory,
  position: beginning,
  commands: new Map(),
  events: [],
  written: [],
};

/** About how many events' facts are kept in memory over all stories. */
const mostEvents = 200_000;

@Injectable()
export class Stories {
  private readonly known = new LRUCache<string, KnownStory>({
    maxSize: mostEvents,
    sizeCalculation: ({ events }) => events.length + 1,
  });

  constructor(
    @Inject(EVENT_LOG) private readonly log: Log,
    @Inject(TELEMETRY) telemetry: Telemetry,
  ) {
    telemetry.cache('stories', this.known);
  }

  /** The story with everything that is in the log by now. Throws StoreUnavailable. */
  async read(id: string): Promise<KnownStory> {
    const known = this.known.get(id) ?? unknown;
    const news: LoggedFacts[] = [];
    for await (const event of this.log.readFacts(id, known.head.revision + 1)) news.push(event);
    return this.keep(id, known, news);
  }

  /** Takes in what was appended behind `known`. */
  appended(id: string, known: KnownStory, events: readonly Opened[]): KnownStory {
    return this.keep(
      id,
      known,
      events.map((event) => ({ ...factsOfOpened(event), position: event.position, hash: event.hash })),
    );
  }

  private keep(id: string, known: KnownStory, news: readonly LoggedFacts[]): KnownStory {
    const last = news.at(-1);
    if (!last) return known;
    const commands = new Map(known.commands);
    const written: Written[] = [...known.written];
    let { story } = known;
    for (const event of news) {
      const { commandId } = event.metadata;
      story = evolve(story, event);
      const carried = carriedOn(commands.get(commandId), event, story);
      commands.set(commandId, carried);
      written.push({ names: event.textNames, command: carried.first });
    }
    const now: KnownStory = {
      story,
      head: { revision: last.revision, hash: last.hash },
      position: last.position,
      commands,
      events: [...known.events, ...news.map(happened)],
      written,
    };
    this.known.set(id, now);
    return now;
  }
}

/** What a command has done with one more of its events. */
function carriedOn(before: Carried | undefined, event: LoggedFacts, story: Story): Carried {
  const { type, data, revision } = event;
  const carried = before ?? { first: revision, version: null, made: null };
  // A command cancels what it supersedes before it makes its own version: the last one named is its own.
  const version = 'version' in data ? data.version : carried.version;
  if (isVersionEvent(event)) {
    const { correction } = event.data as { correction?: string };
    return { ...carried, version, made: 'version', ...(correction !== undefined && { correction }) };
  }
  switch (type) {
    case 'StoryWithdrawn':
      return { ...carried, made: carried.made ?? 'withdrawal', withdrawal: data.withdrawal };
    case 'NoticeAmended': {
      if (data.correction === undefined) return { ...carried, withdrawal: data.withdrawal };
      const corrected = story.corrections.find(({ id }) => id === data.correction);
      return { ...carried, version: corrected?.version ?? version, correction: data.correction };
    }
    case 'TextsHidden':
      return { ...carried, made: carried.made ?? 'hiding', hiding: revision };
    case 'TextsErased':
      return { ...carried, erasure: revision };
    default:
      return { ...carried, version };
  }
}

const happened = ({ revision, type, data, metadata }: LoggedFacts): Happened => ({
  revision,
  type,
  ...('version' in data && { version: data.version }),
  recordedAt: metadata.recordedAt,
});
