/**
 * Writes stories out as lines that need no Palimpsest to be read or checked: each record byte for byte as it is chained,
 * its texts with their keys, and for those that are gone by which order. Only what is whole is written.
 */
import { isUuid } from '../content/slug.js';
import { beginning, type EventStore, type StoredEvent, type StoredRecord } from '../event-store/port.js';
import {
  commitment,
  factsOf,
  hashOf,
  readRecord,
  storyOf,
  streamOf,
  UnreadableRecord,
} from '../event-store/sealing.js';
import { evolve, initialStory, type Story, textKey } from '../story/evolve.js';
import { type EventLine, type FileLine, type GoneLine, lineFor, type StoryLine } from './export-lines.js';

export type Exporting =
  | { kind: 'progress'; phase: 'reading' | 'exporting'; done: number; total: number | null }
  | { kind: 'lines'; text: string }
  | { kind: 'exported'; stories: number; events: number; texts: number };

/**
 * `no-such-story`; `damaged`: something of it is not as it was recorded; `changed`: words were erased while it was being
 * exported, so it is to be done again.
 */
export class ExportRefused extends Error {
  override name = 'ExportRefused';
  readonly code: 'no-such-story' | 'damaged' | 'changed';
  constructor(code: ExportRefused['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const page = 256;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * All stories, in the order in which they began, or those named by slug or id. Each as far as it was recorded when its
 * turn came. Throws ExportRefused, and what the store throws.
 */
export async function* exportLog(
  store: EventStore,
  names: readonly string[],
  file: Pick<FileLine, 'exportedAt' | 'from'>,
): AsyncGenerator<Exporting> {
  const { streams, events: total } = yield* streamsFor(store, names);
  const stories = streams.length;
  yield { kind: 'lines', text: lineFor({ kind: 'export', format: 'palimpsest-export', version: 1, ...file, stories }) };
  let [events, texts] = [0, 0];
  for (const stream of streams) {
    const past = await readPast(store, stream);
    yield { kind: 'lines', text: lineFor(past.line) };
    for await (const event of store.readStream(stream)) {
      if (event.revision >= past.line.events) break;
      const line = lineOf(event, past);
      if (!line) throw await whyMissing(store, event, past);
      yield { kind: 'lines', text: lineFor(line) };
      texts += line.texts.length;
      if (++events % page === 0) yield { kind: 'progress', phase: 'exporting', done: events, total };
    }
  }
  yield { kind: 'lines', text: lineFor({ kind: 'end', stories, events, texts }) };
  yield { kind: 'exported', stories, events, texts };
}

/** `events`: how many there are, where the whole log had to be read for it. */
async function* streamsFor(
  store: EventStore,
  names: readonly string[],
): AsyncGenerator<Exporting, { streams: string[]; events: number | null }> {
  if (names.length > 0 && names.every(isUuid)) return { streams: await theseOf(store, names), events: null };
  const head = await store.head();
  const streams = new Set<string>();
  const owners = new Map<string, string>();
  let events = 0;
  for (let after = beginning; after < head; ) {
    const batch = await store.readAll(after, page);
    for (const { stream, texts } of batch) {
      streams.add(stream);
      const slug = texts.find(({ name }) => name === 'slug');
      const claimed = slug && String(JSON.parse(utf8.decode(slug.bytes)));
      // The first to claim a slug owns it.
      if (claimed !== undefined && !owners.has(claimed)) owners.set(claimed, storyOf(stream));
    }
    if (batch.length === 0) break;
    after = batch.at(-1)!.position;
    events += batch.length;
    yield { kind: 'progress', phase: 'reading', done: events, total: null };
  }
  if (names.length === 0) return { streams: [...streams], events };
  return {
    streams: await theseOf(
      store,
      names.map((name) => owners.get(name) ?? name),
    ),
    events: null,
  };
}

/** Of ids, each once. A slug that nobody owns is still among them as it was typed. */
async function theseOf(store: EventStore, ids: readonly string[]): Promise<string[]> {
  const streams = new Set(ids.map((id) => streamOf(id.toLowerCase())));
  for (const stream of streams) {
    let isThere = false;
    for await (const _ of store.readRecords(stream)) {
      isThere = true;
      break;
    }
    if (!isThere) throw new ExportRefused('no-such-story', `there is no story "${storyOf(stream)}"`);
  }
  return [...streams];
}

interface Past {
  line: StoryLine;
  story: Story;
  orders: ReadonlyMap<string, Pick<GoneLine, 'order' | 'authority'>>;
}

/** The facts of a story from end to end: what hides and erases comes after what it hides and erases. */
async function readPast(store: EventStore, stream: string): Promise<Past> {
  const orders = new Map<string, Pick<GoneLine, 'order' | 'authority'>>();
  let story = initialStory;
  let head: string | null = null;
  for await (const stored of store.readRecords(stream)) {
    try {
      const content = readRecord(stored);
      if (stored.revision !== story.revision + 1 || content.previous !== head) throw broken(stored);
      const facts = factsOf(stored, content);
      if (facts.type === 'TextsErased') {
        const { references, authority } = facts.data;
        for (const key of references.map(textKey)) {
          if (!orders.has(key)) orders.set(key, { order: stored.revision, authority });
        }
      }
      story = evolve(story, facts);
    } catch (error) {
      throw error instanceof ExportRefused ? error : broken(stored, error);
    }
    head = hashOf(stored.record);
  }
  const hidden = story.versions.filter((version) => version.hidden).map(({ version }) => version);
  const line: StoryLine = {
    kind: 'story',
    story: storyOf(stream),
    events: story.revision + 1,
    head: head!,
    ...(hidden.length > 0 && { hiddenVersions: hidden }),
  };
  return { line, story, orders };
}

function broken(stored: StoredRecord, error?: unknown): ExportRefused {
  const why =
    error instanceof UnreadableRecord
      ? error.message
      : `revision ${stored.revision} of ${storyOf(stored.stream)} does not follow what is before it`;
  return new ExportRefused('damaged', `${why}; palimpsest verify says all that is wrong`);
}

/** Nothing where a text is missing that nobody had ordered erased. */
function lineOf(event: StoredEvent, { story, orders }: Past): EventLine | undefined {
  const { revision, record } = event;
  const lying = new Map(event.texts.map((text) => [text.name, text]));
  const texts: EventLine['texts'] = [];
  const gone: GoneLine[] = [];
  for (const [name, committed] of Object.entries(readRecord(event).commitments)) {
    const key = textKey([revision, name]);
    const order = orders.get(key);
    const text = lying.get(name);
    // Ordered erased, it is gone, whether or not its bytes still lie there.
    if (order) gone.push({ name, because: 'erased', ...order });
    else if (!text || commitment(text) !== committed) return undefined;
    else
      texts.push({
        name,
        key: Buffer.from(text.key).toString('base64url'),
        text: utf8.decode(text.bytes),
        ...(story.hiddenTexts.has(key) && { hidden: true as const }),
      });
  }
  const line = { revision, hash: hashOf(record), record: utf8.decode(record), texts };
  return { kind: 'event', ...line, ...(gone.length > 0 && { gone }) };
}

async function whyMissing(store: EventStore, event: StoredEvent, { line }: Past): Promise<ExportRefused> {
  for await (const stored of store.readRecords(event.stream, line.events)) {
    const facts = factsOf(stored);
    if (facts.type === 'TextsErased' && facts.data.references.some(([revision]) => revision === event.revision))
      return new ExportRefused('changed', `words of ${line.story} were erased meanwhile; export it again`);
  }
  const detail = `a text of revision ${event.revision} of ${line.story} is gone or altered, and nobody ordered it erased`;
  return new ExportRefused('damaged', `${detail}; palimpsest verify says all that is wrong`);
}
