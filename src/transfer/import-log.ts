/**
 * Takes the stories of an export into a store: the same records at the same revisions, so the same ids, times and chains.
 * A story is taken only when all of it is in order and nothing in the store contradicts it. Run again, it adds nothing.
 */
import { type EventStore, type SealedText, type StoredEvent, WrongExpectedRevision } from '../event-store/port.js';
import { factsOf, hashOf, readRecord, streamOf } from '../event-store/sealing.js';
import { textKey } from '../story/evolve.js';
import type { ExportedStory } from './read-export.js';

/** `imported`: it was not there; `continued`: its beginning was; `there`: all of it was. */
export type StoryOutcome =
  | { story: string; outcome: 'imported' | 'continued' | 'there'; added: number; slug?: string }
  | { story: string; outcome: 'refused'; because: string };

/** What is appended at once, in bytes; a command is never torn apart. */
const mostBytes = 512 * 1024;

/**
 * `isWithheld`: texts that are not to be brought back, by the SHA-256 (hex) of their record and their name. Texts that the
 * story itself has ordered erased never are. Throws what the store throws; what was taken of the story by then stays, and
 * the next run goes on behind it.
 */
export async function importStory(
  story: ExportedStory,
  to: EventStore,
  isWithheld: (hash: string, name: string) => boolean,
): Promise<StoryOutcome> {
  const stream = streamOf(story.story);
  let there = 0;
  const lying = to.readRecords(stream)[Symbol.asyncIterator]();
  const erased = new Set<string>();
  let slug: string | undefined;
  for await (const event of story.read()) {
    const { value: found } = await lying.next();
    if (found) {
      if (hashOf(found.record) !== hashOf(event.record)) {
        const because = `revision ${event.revision} of it is another one here: the two have gone different ways`;
        return { story: story.story, outcome: 'refused', because };
      }
      there++;
    }
    const facts = factsOf(event);
    if (facts.type === 'TextsErased') for (const text of facts.data.references) erased.add(textKey(text));
    if (facts.type === 'StoryPublished' || facts.type === 'SlugChanged') slug = slugIn(event);
  }
  await lying.return?.();
  const outcome = there === story.events ? 'there' : there > 0 ? 'continued' : 'imported';

  const surviving = ({ revision, record, texts }: StoredEvent): SealedText[] => {
    const hash = hashOf(record);
    return texts.filter(({ name }) => !erased.has(textKey([revision, name])) && !isWithheld(hash, name));
  };
  try {
    for await (const events of portionsOf(story, there)) {
      const sealed = events.map((event) => ({ id: event.id, record: event.record, texts: surviving(event) }));
      await to.append(stream, events[0]!.revision - 1, sealed);
    }
  } catch (error) {
    if (!(error instanceof WrongExpectedRevision)) throw error;
    return { story: story.story, outcome: 'refused', because: 'it is being written here by another program' };
  }
  return { story: story.story, outcome, added: story.events - there, ...(slug !== undefined && { slug }) };
}

function slugIn({ texts }: StoredEvent): string | undefined {
  const slug = texts.find(({ name }) => name === 'slug');
  return slug && String(JSON.parse(Buffer.from(slug.bytes).toString()));
}

/** From a revision on, whole commands together, as many as fit. */
async function* portionsOf(story: ExportedStory, from: number): AsyncGenerator<StoredEvent[]> {
  let events: StoredEvent[] = [];
  let bytes = 0;
  let command: string | undefined;
  for await (const event of story.read()) {
    if (event.revision < from) continue;
    const { commandId } = readRecord(event).metadata;
    if (bytes > mostBytes && commandId !== command) {
      yield events;
      events = [];
      bytes = 0;
    }
    command = commandId;
    bytes += event.record.length + event.texts.reduce((sum, text) => sum + text.bytes.length, 0);
    events.push(event);
  }
  if (events.length > 0) yield events;
}
