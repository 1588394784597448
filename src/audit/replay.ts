/** Steps through a story's record: each event as it lies there, how each of its texts stands, and the story after it. */
import type { AuditedRecord, Log } from '../event-store/log.js';
import { type EventType, factsOfOpened, type RecordedFacts, type TextState } from '../story/events.js';
import { evolve, initialStory, type Story } from '../story/evolve.js';
import type { Instant } from '../story/instant.js';
import { isWaiting } from '../story/questions.js';
import { type StoryStatus, standingOf, statusOf } from '../story/visibility.js';
import { type Illegality, illegalitiesOf, type Past } from './legality.js';

export interface Replayed {
  record: AuditedRecord;
  /** `null` from an event on that cannot be read or folded: what comes after it can't be told. */
  after: Story | null;
  illegalities: Illegality[];
  /** Of the version in force at its recordedAt; null for none, or if that text is gone. */
  headline: string | null;
}

/** From the first event to the last. Never throws for what the record says; see Log for what the store may throw. */
export async function* replay(log: Log, story: string): AsyncGenerator<Replayed> {
  const textNames: ReadonlySet<string>[] = [];
  const headlines = new Map<number, string | null>();
  let past: Past = { story: initialStory, ofLastCommand: 0, textNames };
  let lost = false;
  for await (const record of log.readRecords(story)) {
    const facts = record.opened && factsOfOpened(record.opened);
    textNames[record.revision] = new Set(facts?.textNames);
    if (record.opened && 'headline' in record.opened.texts) {
      headlines.set(record.revision, record.opened.texts.headline as string | null);
    }
    const illegalities = facts && !lost ? illegalitiesOf(facts, past) : [];
    const after: Story | null = facts && !lost ? folded(past.story, facts) : null;
    lost ||= after === null;
    if (facts && after) {
      const continues = past.last?.metadata.commandId === facts.metadata.commandId;
      past = { story: after, last: facts, ofLastCommand: continues ? past.ofLastCommand + 1 : 1, textNames };
    }
    yield { record, after, illegalities, headline: headlineOf(after, headlines) };
  }
}

/** `evolve` never fails on what `decide` let through; on anything else it may. */
function folded(story: Story, event: RecordedFacts): Story | null {
  try {
    return evolve(story, event) ?? null;
  } catch {
    return null;
  }
}

function headlineOf(story: Story | null, headlines: ReadonlyMap<number, string | null>): string | null {
  if (!story?.recordedAt) return null;
  const { shown } = standingOf(story, story.recordedAt);
  const written = shown === null ? undefined : story.versions[shown - 1]?.manifest.fields.headline;
  return written === undefined ? null : (headlines.get(written) ?? null);
}

/** A step as it is told: in JSON, and on the command line. */
export interface Step {
  revision: number;
  position: string;
  type: EventType | null;
  recordedAt: Instant | null;
  /** SHA-256 of the record, hex. */
  hash: string;
  /** What is wrong with the record; empty if it is whole and names the one before it. */
  faults: AuditedRecord['faults'];
  /** What is wrong with the event where it stands. */
  illegalities: Illegality[];
  texts: { [name: string]: TextState };
  /** The story after it, at its recordedAt; null if that can't be told. */
  state: StepState | null;
}

interface StepState {
  status: StoryStatus;
  inForce: number | null;
  headline: string | null;
  /** How many there are. */
  versions: number;
  waiting: { version: number; inForceFrom: Instant }[];
  cancelled: number[];
}

function stepOf({ record, after, illegalities, headline }: Replayed): Step {
  const { revision, position, hash, faults, opened } = record;
  return {
    revision,
    position,
    type: opened?.type ?? null,
    recordedAt: opened?.metadata.recordedAt ?? null,
    hash,
    faults,
    illegalities,
    texts: opened?.textStates ?? {},
    state: after && stateOf(after, headline),
  };
}

/** As many steps as are asked for from a revision on, and the revision to go on from; null at the end. */
export async function stepsOf(log: Log, story: string, from: number, limit: number) {
  const items: Step[] = [];
  for await (const replayed of replay(log, story)) {
    const { revision } = replayed.record;
    if (revision < from) continue;
    if (items.length === limit) return { items, next: revision };
    items.push(stepOf(replayed));
  }
  return { items, next: null };
}

function stateOf(story: Story, headline: string | null): StepState {
  const now = story.recordedAt!;
  const standing = standingOf(story, now);
  return {
    status: statusOf(standing),
    inForce: standing.withdrawn === null ? standing.shown : null,
    headline,
    versions: story.versions.length,
    waiting: story.versions
      .filter((version) => isWaiting(version, now))
      .map(({ version, inForceFrom }) => ({ version, inForceFrom })),
    cancelled: story.versions.filter(({ cancelled }) => cancelled).map(({ version }) => version),
  };
}
