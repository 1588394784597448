/**
 * Data folders with many stories, or many versions: decided, sealed and appended to a real log, then projected by the real
 * projector. Made once, and kept in the system's folder for temporary files for the next run.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v5 as uuidv5 } from 'uuid';
import type { Content, DraftBlock } from '../src/content/types.js';
import { type Log, noStory, openLog, type StoryHead } from '../src/event-store/log.js';
import { openSqliteStore } from '../src/event-store/sqlite/store.js';
import type { NewVersion, Publish } from '../src/story/commands.js';
import { contentOf } from '../src/story/content-of.js';
import { decide } from '../src/story/decide.js';
import { factsOfOpened, type Opened } from '../src/story/events.js';
import { evolve, initialStory, type Story } from '../src/story/evolve.js';
import { fromMs, type Instant } from '../src/story/instant.js';
import { viewsVersion } from '../src/views/schema.js';
import { rebuildViews } from '../src/views/views.js';
import { draws, paragraphsOf, Writer } from './generate.js';

/** Every so many stories with so many versions each. */
export interface Plan {
  stories: number;
  versions: number;
}

const namespace = '5f6d8a3e-0b7c-4b55-9d25-7a0c3f1e2b44';
/** The id of a story of a plan, by its place there from 0. */
export const storyId = ({ versions }: Plan, index: number): string => uuidv5(`${versions}/${index}`, namespace);

/** When the first version of every story was recorded, in milliseconds since 1970; each further one a minute later. */
export const began = Date.parse('2025-03-01T06:00:00Z');
const minute = 60_000;
const timeOf = (version: number): Instant => fromMs(began + (version - 1) * minute)!;
/** By then everything is in force. */
export const ended = ({ versions }: Plan): number => began + versions * minute;

const writerFor = (id: string) => new Writer(draws(Number.parseInt(id.slice(0, 8), 16)));
/** The paragraphs of the story's first version. */
export const firstText = (id: string): string[] => paragraphs(writerFor(id));

/** About 2.2 kB: as JSON, with what is told of the version beside them, an answer has 3 kB. */
function paragraphs(writer: Writer): string[] {
  const wanted = 2200;
  const written: string[] = [];
  for (let length = 0; length < wanted; length = written.join(' ').length) {
    written.push(paragraphsOf([[writer.sentence(), writer.sentence(), writer.sentence(), writer.sentence()]])[0]!);
  }
  return [...written.slice(0, -1), written.at(-1)!.slice(0, wanted - written.slice(0, -1).join(' ').length)];
}

export const blockOf = (text: string): DraftBlock => ({
  _type: 'block',
  style: 'normal',
  children: [{ _type: 'span', text, marks: [] }],
  markDefs: [],
});

/** Appends a story of so many versions, each of which rewrites one paragraph. */
async function writeStory(log: Log, id: string, versions: number): Promise<void> {
  const writer = writerFor(id);
  let [story, head, minted]: [Story, StoryHead, number] = [initialStory, noStory, 0];
  const texts: Opened['texts'][] = [];
  const body = paragraphs(writer);
  for (let version = 1; version <= versions; version++) {
    if (version > 1)
      body[version % body.length] = `${writer
        .sentence()
        .map(({ text }) => text)
        .join(' ')} ${version}.`;
    const recordedAt = timeOf(version);
    const says = { fields: { headline: 'Ferry waits for the wind', language: 'en' }, body: body.map(blockOf) };
    const command: Publish | NewVersion =
      version === 1 ? { type: 'publish', slug: `ferry-${id.slice(0, 13)}`, ...says } : { type: 'new-version', ...says };
    const before = story.versions.at(-1);
    const base: Content | undefined =
      before && contentOf(before.manifest, (revision, name) => ({ value: texts[revision]![name] }));
    const decision = decide(story, command, {
      recordedAt,
      mint: () => (minted++).toString(36).padStart(8, 'k'),
      ...(base && { base }),
    });
    if (!decision.ok) throw new Error(`refused: ${decision.refusal.code}`);
    const editor = { id: 'ines', name: 'Ines Varga' };
    const appended = await log.append({
      story: id,
      expected: head,
      commandId: uuidv5(`${version}`, id),
      actor: 'bench',
      recordedAt,
      events: decision.events.map((event) => ({ ...event, texts: { ...event.texts, editor } }) as typeof event),
    });
    for (const event of appended) {
      story = evolve(story, factsOfOpened(event));
      texts.push(event.texts);
    }
    const last = appended.at(-1)!;
    head = { revision: last.revision, hash: last.hash };
  }
}

/** Appends every story of the plans, several at once so that they share commits. */
export async function writeStories(log: Log, plans: readonly Plan[]): Promise<void> {
  const longestFirst = plans.toSorted((a, b) => b.versions - a.versions);
  const left = longestFirst
    .flatMap((plan) => Array.from({ length: plan.stories }, (_, index) => ({ plan, index })))
    .values();
  const one = async () => {
    for (const { plan, index } of left) await writeStory(log, storyId(plan, index), plan.versions);
  };
  await Promise.all(Array.from({ length: 128 }, one));
}

/** A data folder that holds the plans' stories, events and views. Not to be written to: others are given it too. */
export async function folderWith(plans: readonly Plan[]): Promise<string> {
  const name = `views${viewsVersion}-${plans.map(({ stories, versions }) => `${stories}x${versions}`).join('-')}`;
  const folder = join(tmpdir(), 'palimpsest-bench', name);
  if (existsSync(folder)) return folder;
  const making = `${folder}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const store = await openSqliteStore(making);
  const log = openLog(store);
  console.error(`making ${folder}`);
  await writeStories(log, plans);
  console.error('and its views');
  await rebuildViews(making, log);
  await store.close();
  renameSync(making, folder);
  return folder;
}
