/** Stories as the writer needs them: folded from the log's facts, kept, and read on from where they stand. */
import { LRUCache } from 'lru-cache';
import { type Log, type LoggedFacts, noStory, type StoryHead } from '../event-store/log.js';
import { beginning } from '../event-store/port.js';
import { type EventType, factsOfOpened, type Metadata, type Opened } from '../story/events.js';
import { evolve, initialStory, type Story } from '../story/evolve.js';

/** One thing recorded, in short: for those who were not looking. */
export interface Happened {
  revision: number;
  type: EventType;
  version?: number;
  recordedAt: Metadata['recordedAt'];
}

/** A command of the past: its first revision, and the version it made or changed. */
export interface Carried {
  first: number;
  version: number;
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
}

const unknown: KnownStory = {
  story: initialStory,
  head: noStory,
  position: beginning,
  commands: new Map(),
  events: [],
};

/** About how many events' facts are kept in memory over all stories. */
const mostEvents = 200_000;

export class Stories {
  private readonly known = new LRUCache<string, KnownStory>({
    maxSize: mostEvents,
    sizeCalculation: ({ events }) => events.length + 1,
  });

  constructor(private readonly log: Log) {}

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
    for (const { metadata, revision, data } of news) {
      const first = commands.get(metadata.commandId)?.first ?? revision;
      // A command cancels what it supersedes before it makes its own version: the last one named is its own.
      commands.set(metadata.commandId, { first, version: 'version' in data ? data.version : 0 });
    }
    const now: KnownStory = {
      story: news.reduce<Story>((story, event) => evolve(story, event), known.story),
      head: { revision: last.revision, hash: last.hash },
      position: last.position,
      commands,
      events: [...known.events, ...news.map(happened)],
    };
    this.known.set(id, now);
    return now;
  }
}

const happened = ({ revision, type, data, metadata }: LoggedFacts): Happened => ({
  revision,
  type,
  ...('version' in data && { version: data.version }),
  recordedAt: metadata.recordedAt,
});
