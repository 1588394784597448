/** Tells a story in tests: commands at clock times, their events folded as the log would give them back. */
import type { Content, DraftBlock } from '../content/types.js';
import { type Command, type Decision, newVersionOf } from './commands.js';
import { contentOf } from './content-of.js';
import { decide } from './decide.js';
import type { RecordedFacts, StoryEvent } from './events.js';
import { evolve, initialStory, type Story } from './evolve.js';
import { type Instant, parseInstant } from './instant.js';
import { baseFor, recordingTime } from './questions.js';

/** An instant of the day on which the tests' story happens. */
export const at = (time: string): Instant => {
  const [clock, ms = '000'] = time.split('.');
  return parseInstant(`2026-05-14T${clock!.length === 5 ? `${clock}:00` : clock}.${ms}Z`)!;
};

export const paragraph = (text: string): DraftBlock => ({
  _type: 'block',
  style: 'normal',
  children: [{ _type: 'span', text, marks: [] }],
  markDefs: [],
});

export const publish = (more: Partial<Extract<Command, { type: 'publish' }>> = {}): Command => ({
  type: 'publish',
  slug: 'ferries-stopped',
  fields: { headline: 'Ferries stopped after fire at Quay 9' },
  body: [paragraph('A fire stopped all sailings.'), paragraph('Nobody was hurt.')],
  ...more,
});

export const update = (headline: string, more: Partial<Extract<Command, { type: 'new-version' }>> = {}): Command => ({
  type: 'new-version',
  fields: { headline },
  ...more,
});

export interface Told {
  event: RecordedFacts;
  texts: StoryEvent['texts'];
}

export class Telling {
  story: Story = initialStory;
  readonly told: Told[] = [];
  private minted = 0;

  /** Decides a command at a clock time, and records its events if it is not refused. */
  when(command: Command, clock: Instant): Decision {
    const recordedAt = recordingTime(this.story, clock);
    const next = newVersionOf(command);
    const base = next && baseFor(this.story, next, recordedAt);
    const decision = decide(this.story, command, {
      recordedAt,
      mint: () => `k${(this.minted++).toString(36)}`,
      ...(base && { base: this.content(base.version) }),
      written: (revision) => {
        const event = this.told[revision]?.event;
        return event && { names: event.textNames, command: Number(event.metadata.commandId) };
      },
    });
    const first = this.story.revision + 1;
    if (decision.ok) for (const event of decision.events) this.record(event, recordedAt, first);
    return decision;
  }

  /** Records an event as it is. `command`: the first revision of its command. */
  record(event: StoryEvent, recordedAt: Instant, command = this.story.revision + 1): void {
    const revision = this.story.revision + 1;
    const recorded = {
      type: event.type,
      data: event.data,
      revision,
      textNames: Object.keys(event.texts).filter((name) => (event.texts as never)[name] !== undefined),
      metadata: { eventId: `e${revision}`, commandId: String(command), actor: 'a', recordedAt, schemaVersion: 1 },
    } as RecordedFacts;
    this.told.push({ event: recorded, texts: event.texts });
    this.story = evolve(this.story, recorded);
  }

  content(version: number): Content {
    return contentOf(this.story.versions[version - 1]!.manifest, (revision, name) => {
      const value = (this.told[revision]?.texts as Record<string, unknown> | undefined)?.[name];
      if (value === undefined) throw new Error(`a manifest names ${revision}/${name}, which was never written`);
      return { value };
    });
  }

  headline = (version: number) => this.content(version).fields.headline;
  get events(): RecordedFacts[] {
    return this.told.map(({ event }) => event);
  }
}
