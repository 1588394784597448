/**
 * Reads an export story by story, each checked to its last line before it is given: every record is what its hash says,
 * follows the one before it, and ends where the story's line says. What the records and texts mean is judged elsewhere.
 */
import { createReadStream } from 'node:fs';
import { isObject } from '../content/check.js';
import { isUuid } from '../content/slug.js';
import type { EventStore, SealedText, StoredEvent, StoredRecord } from '../event-store/port.js';
import { hashOf, readRecord, streamOf, UnreadableRecord } from '../event-store/sealing.js';
import {
  type EndLine,
  type EventLine,
  exportFormat,
  exportVersion,
  type FileLine,
  type StoryLine,
} from './export-lines.js';
import { linesOf, type RawLine } from './import-line.js';

/** A line is not what an export has there. `line` counts from 1. */
export class DamagedExport extends Error {
  override name = 'DamagedExport';
  readonly line: number;
  constructor(line: number, problem: string) {
    super(`line ${line}: ${problem}`);
    this.line = line;
  }
}

export interface ExportedStory extends StoryLine {
  /** Its events in order, as often as it is asked. Their positions are the order alone. */
  read(): AsyncIterable<StoredEvent>;
  /** The line of the file where this revision stands. */
  lineOf(revision: number): number;
}

/** Longer ones are no line of an export. */
const longestLine = 256 * 1024 * 1024;
/** A story whose lines are more than this is read again from the file instead of being kept in memory. */
const keptBytes = 32 * 1024 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Whether a file begins as an export does. Throws what the file system throws. */
export async function isExport(path: string): Promise<boolean> {
  try {
    for await (const line of linesOf(createReadStream(path))) return parse(line).format === exportFormat;
  } catch (error) {
    if (!(error instanceof DamagedExport || error instanceof RangeError)) throw error;
  }
  return false;
}

/**
 * First the file's own line, then its stories. `kept`: bytes of a story's lines up to which it stays in memory. Throws
 * DamagedExport, and what the file system throws.
 */
export async function* readExport(path: string, kept = keptBytes): AsyncGenerator<FileLine | ExportedStory, EndLine> {
  const lines = linesOf(createReadStream(path), longestLine)[Symbol.asyncIterator]();
  let last = 0;
  const next = async (): Promise<RawLine | undefined> => {
    const { value } = await lines.next().catch((error: Error) => {
      throw error instanceof RangeError
        ? new DamagedExport(last + 1, 'it is longer than any line of an export')
        : error;
    });
    last = value?.number ?? last + 1;
    return value;
  };
  try {
    const first = await next();
    if (!first) throw new DamagedExport(1, 'the file is empty');
    yield readFileLine(first);
    const found = { stories: 0, events: 0, texts: 0 };
    const seen = new Set<string>();
    for (;;) {
      const line = await next();
      if (!line) throw cutOff(last);
      const said = parse(line);
      if (said.kind === 'end') {
        const end = said as unknown as EndLine;
        for (const what of ['stories', 'events', 'texts'] as const) {
          if (end[what] !== found[what])
            throw new DamagedExport(line.number, `it counts ${end[what]} ${what}, the file has ${found[what]}`);
        }
        const more = await next();
        if (more) throw new DamagedExport(more.number, 'nothing may come after the end');
        return end;
      }
      const head = readStoryLine(line, said);
      if (seen.has(head.story)) throw new DamagedExport(line.number, `story ${head.story} came before`);
      seen.add(head.story);
      const story = await readStory(path, head, line, next, kept);
      found.stories++;
      found.events += head.events;
      found.texts += story.texts;
      yield story.given;
    }
  } finally {
    await lines.return(undefined);
  }
}

const cutOff = (line: number) => new DamagedExport(line, 'the file ends here, before its end: it was cut off');

async function readStory(
  path: string,
  head: StoryLine,
  { end: start }: RawLine,
  next: () => Promise<RawLine | undefined>,
  mostKept: number,
): Promise<{ given: ExportedStory; texts: number }> {
  const numbers: number[] = [];
  let kept: StoredEvent[] | undefined = [];
  let [end, texts] = [start, 0];
  let previous: string | null = null;
  for (let revision = 0; revision < head.events; revision++) {
    const line = await next();
    if (!line) throw cutOff((numbers.at(-1) ?? 0) + 1);
    const event = readEventLine(line, head.story);
    if (event.revision !== revision)
      throw new DamagedExport(line.number, `it is revision ${event.revision} where ${revision} should come`);
    if (event.previous !== previous)
      throw new DamagedExport(line.number, 'its record does not follow the one before it');
    previous = event.hash;
    numbers.push(line.number);
    texts += event.stored.texts.length;
    end = line.end;
    if (end - start > mostKept) kept = undefined;
    kept?.push(event.stored);
  }
  if (previous !== head.head)
    throw new DamagedExport(numbers.at(-1)!, `the story ends with ${previous}, where its line says ${head.head}`);
  async function* again(): AsyncGenerator<StoredEvent> {
    const part = createReadStream(path, { start, end: end - 1 });
    for await (const line of linesOf(part, longestLine)) yield readEventLine(line, head.story).stored;
  }
  async function* fromMemory(events: readonly StoredEvent[]) {
    yield* events;
  }
  const events = kept;
  const read = events ? () => fromMemory(events) : again;
  return { given: { ...head, read, lineOf: (revision) => numbers[revision] ?? numbers.at(-1)! }, texts };
}

function parse({ number, bytes }: RawLine): { [member: string]: unknown } {
  let said: unknown;
  try {
    said = JSON.parse(utf8.decode(bytes));
  } catch {
    throw new DamagedExport(number, 'it is not JSON in UTF-8');
  }
  if (!isObject(said)) throw new DamagedExport(number, 'it is not a JSON object');
  return said;
}

function readFileLine(line: RawLine): FileLine {
  const said = parse(line);
  if (said.kind !== 'export' || said.format !== exportFormat)
    throw new DamagedExport(line.number, 'this is no export of Palimpsest');
  if (said.version !== exportVersion) {
    const detail = `the export is of version ${said.version}, this program reads version ${exportVersion}: use a newer Palimpsest`;
    throw new DamagedExport(line.number, detail);
  }
  return said as unknown as FileLine;
}

function readStoryLine({ number }: RawLine, said: { [member: string]: unknown }): StoryLine {
  const { kind, story, events, head } = said;
  if (kind !== 'story') throw new DamagedExport(number, 'a story should begin here, or the file end');
  const isRight =
    typeof story === 'string' && isUuid(story) && story === story.toLowerCase() && isCount(events) && events > 0;
  if (!isRight || !isHash(head)) throw new DamagedExport(number, 'it lacks the id, the events or the head of a story');
  return said as unknown as StoryLine;
}

interface ReadEvent {
  stored: StoredEvent;
  revision: number;
  hash: string;
  previous: string | null;
}

function readEventLine(line: RawLine, story: string): ReadEvent {
  const { kind, revision, hash, record, texts } = parse(line) as Partial<EventLine>;
  const wrong = (problem: string) => new DamagedExport(line.number, problem);
  if (kind !== 'event') throw wrong('an event should stand here: lines are missing, or out of order');
  if (!isCount(revision) || !isHash(hash) || typeof record !== 'string' || !Array.isArray(texts))
    throw wrong('it lacks the revision, the hash, the record or the texts of an event');
  const bytes = Buffer.from(record);
  if (hashOf(bytes) !== hash) throw wrong('its record is not the one that its hash names');
  const place = { stream: streamOf(story), revision, position: String(revision).padStart(16, '0') };
  const sealed = texts.map((text): SealedText => {
    const { name, key, text: json } = (isObject(text) ? text : {}) as Record<string, unknown>;
    const isText = typeof name === 'string' && typeof json === 'string' && typeof key === 'string';
    if (!isText || !/^[\w-]{43}$/.test(key)) throw wrong('it has a text without its name, its key or its words');
    return { name, key: Buffer.from(key, 'base64url'), bytes: Buffer.from(json) };
  });
  if (new Set(sealed.map(({ name }) => name)).size < sealed.length) throw wrong('it has a text twice');
  try {
    const id = String(JSON.parse(record)?.metadata?.eventId);
    const stored: StoredEvent = { ...place, id, record: bytes, texts: sealed };
    return { stored, revision, hash, previous: readRecord(stored).previous };
  } catch (error) {
    throw wrong(error instanceof UnreadableRecord ? error.message : 'its record is not JSON');
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

/** A story of an export as a store that holds nothing else, for whoever reads stories from stores. */
export function storeOfStory(story: ExportedStory): Pick<EventStore, 'readStream' | 'readRecords'> {
  async function* readStream(stream: string, from = 0): AsyncIterable<StoredEvent> {
    if (stream !== streamOf(story.story)) return;
    for await (const event of story.read()) if (event.revision >= from) yield event;
  }
  return { readStream, readRecords: (stream, from): AsyncIterable<StoredRecord> => readStream(stream, from) };
}
