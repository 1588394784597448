/** A newsroom for tests: commands decided and appended to a real log at chosen times, and views over it. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Log, noStory, openLog, type StoryHead } from '../../src/event-store/log.js';
import type { EventStore } from '../../src/event-store/port.js';
import { openSqliteStore } from '../../src/event-store/sqlite/store.js';
import type { Command } from '../../src/story/commands.js';
import { contentOf } from '../../src/story/content-of.js';
import { decide } from '../../src/story/decide.js';
import type { Editor, Opened, StoryEvent } from '../../src/story/events.js';
import { evolve, initialStory, type Story } from '../../src/story/evolve.js';
import type { Instant } from '../../src/story/instant.js';
import { baseOf, recordingTime } from '../../src/story/questions.js';
import { openViews, type Views } from '../../src/views/views.js';

export const ines: Editor = { id: 'ines', name: 'Ines Varga' };
export const tom: Editor = { id: 'tom', name: 'Tom Achterberg' };

interface Written {
  story: Story;
  head: StoryHead;
  texts: Opened['texts'][];
}

export class Newsroom {
  private readonly written = new Map<string, Written>();
  private minted = 0;

  private constructor(
    readonly directory: string,
    readonly store: EventStore,
    readonly log: Log,
    public views: Views,
  ) {}

  /** On a folder of its own, or on one that another was opened on before. */
  static async open(known?: string): Promise<Newsroom> {
    const directory = known ?? (await mkdtemp(join(tmpdir(), 'palimpsest-views-')));
    const store = await openSqliteStore(directory);
    const log = openLog(store);
    return new Newsroom(directory, store, log, await openViews(directory, log));
  }

  async close(): Promise<void> {
    await this.views.close();
    await this.store.close();
    await rm(this.directory, { recursive: true });
  }

  newId = () => randomUUID();

  /** Decides a command and appends what it makes of the story; the views follow. Throws if it is refused. */
  async tell(story: string, command: Command, clock: Instant, editor: Editor = ines): Promise<Opened[]> {
    const before = this.of(story);
    const recordedAt = recordingTime(before.story, clock);
    const base = command.type === 'new-version' ? baseOf(before.story, command.base, recordedAt) : undefined;
    const decision = decide(before.story, command, {
      recordedAt,
      mint: () => `k${(this.minted++).toString(36)}`,
      ...(base && {
        base: contentOf(base.manifest, (revision, name) => ({ value: before.texts[revision]![name] })),
      }),
    });
    if (!decision.ok) throw new Error(`refused: ${decision.refusal.code}`);
    return this.record(story, decision.events, recordedAt, editor);
  }

  /** Appends events as they are, for what no command makes yet; the views follow. */
  async record(story: string, events: StoryEvent[], recordedAt: Instant, editor: Editor = ines): Promise<Opened[]> {
    const stored = await this.append(story, events, recordedAt, editor);
    await this.views.catchUp();
    return stored;
  }

  async append(story: string, events: StoryEvent[], recordedAt: Instant, editor: Editor = ines): Promise<Opened[]> {
    if (events.length === 0) return [];
    const before = this.of(story);
    const stored = await this.log.append({
      story,
      expected: before.head,
      commandId: randomUUID(),
      actor: 'desk',
      recordedAt,
      events: events.map((event) => ({ ...event, texts: { ...event.texts, editor } }) as StoryEvent),
    });
    let folded = before.story;
    for (const { type, data, revision, metadata, textStates } of stored) {
      folded = evolve(folded, { type, data, revision, metadata, textNames: Object.keys(textStates) } as never);
    }
    const last = stored.at(-1)!;
    this.written.set(story, {
      story: folded,
      head: { revision: last.revision, hash: last.hash },
      texts: [...before.texts, ...stored.map(({ texts }) => texts)],
    });
    return stored;
  }

  of = (story: string): Written => this.written.get(story) ?? { story: initialStory, head: noStory, texts: [] };

  async reopenViews(): Promise<void> {
    await this.views.close();
    this.views = await openViews(this.directory, this.log);
  }
}
