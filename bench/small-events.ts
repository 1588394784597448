/**
 * A log of many small events, as a busy newsroom writes it: stories of two short paragraphs, ten events each, twenty stories
 * at a time. Decided and sealed as the service does it, and written into a real events.db, many to a commit.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, v5 as uuidv5 } from 'uuid';
import { hashOf, seal, streamOf } from '../src/event-store/sealing.js';
import { openForWriting } from '../src/event-store/sqlite/files.js';
import { pack } from '../src/event-store/sqlite/packing.js';
import { events, streams, texts } from '../src/event-store/sqlite/statements.js';
import { currentSchemaVersion } from '../src/event-store/upcasters.js';
import type { Command } from '../src/story/commands.js';
import { contentOf } from '../src/story/content-of.js';
import { decide } from '../src/story/decide.js';
import type { RecordedFacts } from '../src/story/events.js';
import { evolve, initialStory, type Story } from '../src/story/evolve.js';
import { fromMs } from '../src/story/instant.js';
import { draws, Writer } from './generate.js';

const namespace = 'b6b1d3c8-7c5e-4f0b-8a51-5b0f4f6d9c11';
const began = Date.parse('2025-03-01T06:00:00Z');
const eventsEach = 10;
const atATime = 20;
const minted = () => (next++).toString(36).padStart(8, 'k');
let next = 0;

interface Telling {
  id: string;
  writer: Writer;
  story: Story;
  hash: string | null;
  /** By revision. */
  texts: { [name: string]: unknown }[];
  body: string[];
}

const sentence = (writer: Writer) => {
  const words = writer
    .sentence(8 + Math.floor(writer.draw() * 12))
    .map(({ text }) => text)
    .join(' ');
  return `${words[0]!.toUpperCase()}${words.slice(1)}.`;
};
const block = (text: string) => ({
  _type: 'block' as const,
  style: 'normal' as const,
  children: [{ _type: 'span' as const, text, marks: [] }],
  markDefs: [],
});

/** Six of ten rewrite a paragraph or the headline; the others publish, note, label and weigh. */
function nextCommand({ id, writer, story, body }: Telling): Command {
  const version = story.versions.length;
  switch (story.revision + 1) {
    case 0:
      return {
        type: 'publish',
        slug: `tides-${id.slice(0, 13)}`,
        fields: { headline: sentence(writer), section: 'Harbour', language: 'en' },
        body: body.map(block),
      };
    case 3:
      return { type: 'new-version', fields: { headline: sentence(writer) } };
    case 5:
      return { type: 'amend-version', version, note: sentence(writer) };
    case 7:
      return { type: 'amend-version', version, labels: ['checked', 'front'] };
    case 8:
      return { type: 'amend-version', version, significance: 'minor' };
    default:
      body[story.revision % body.length] = sentence(writer);
      return { type: 'new-version', body: body.map(block) };
  }
}

/** Appends to the files in `folder`, which has none. */
function write(folder: string, count: number): void {
  const db = openForWriting(folder);
  db.exec('PRAGMA synchronous = OFF');
  const addStream = db.prepare(streams.add);
  const addEvent = db.prepare(events.add);
  const addText = db.prepare(texts.add);
  let written = 0;

  /** One event a command. */
  function tell(telling: Telling, stream: number | bigint): void {
    const { story } = telling;
    const recordedAt = fromMs(began + written * 50)!;
    const base = story.versions.at(-1);
    const decision = decide(story, nextCommand(telling), {
      recordedAt,
      mint: minted,
      ...(base && {
        base: contentOf(base.manifest, (revision, name) => ({ value: telling.texts[revision]![name] })),
      }),
    });
    if (!decision.ok) throw new Error(`refused: ${decision.refusal.code}`);
    for (const { type, data, texts } of decision.events) {
      const revision = telling.story.revision + 1;
      const commandId = uuidv5(`${revision}`, telling.id);
      const metadata = {
        eventId: uuidv5('0', commandId),
        commandId,
        actor: '0198f6c2-51f4-4f7e-9d0b-1c8f4f7a2b10',
        recordedAt,
        schemaVersion: currentSchemaVersion,
      };
      const said = { ...texts, editor: { id: 'ines', name: 'Ines Varga' } };
      const facts = { stream: streamOf(telling.id), revision, type, data, metadata, previous: telling.hash };
      const { id, record, texts: sealed } = seal({ ...facts, texts: said });
      const { lastInsertRowid } = addEvent.run(stream, revision, parse(id), pack(record, 'record'));
      for (const { name, key, bytes } of sealed) addText.run(lastInsertRowid, name, key, pack(bytes, 'text'));
      telling.hash = hashOf(record);
      telling.texts.push(said);
      const textNames = sealed.map(({ name }) => name);
      telling.story = evolve(telling.story, { type, data, revision, metadata, textNames } as unknown as RecordedFacts);
      written++;
    }
  }

  for (let first = 0; written < count; first += atATime) {
    db.exec('BEGIN');
    const group = Array.from({ length: atATime }, (_, index): [Telling, number | bigint] => {
      const id = uuidv5(`${first + index}`, namespace);
      const writer = new Writer(draws(first + index));
      const body = [sentence(writer), sentence(writer)];
      const stream = addStream.run(streamOf(id)).lastInsertRowid;
      return [{ id, writer, story: initialStory, hash: null, texts: [], body }, stream];
    });
    for (let revision = 0; revision < eventsEach; revision++)
      for (const [telling, stream] of group) tell(telling, stream);
    db.exec('COMMIT');
  }
  db.close();
}

/** A data folder with so many events and no views, made once and kept for the next run. */
export function smallEvents(count: number): string {
  const folder = join(tmpdir(), 'palimpsest-bench', `small-events-${count}`);
  if (existsSync(folder)) return folder;
  const making = `${folder}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  console.error(`making ${folder}`);
  write(making, count);
  renameSync(making, folder);
  return folder;
}
