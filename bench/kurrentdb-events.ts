/** Stories as the service would record them, for the bench of the KurrentDB store. */
import { randomUUID } from 'node:crypto';
import type { CommandEvents } from '../src/event-store/log.js';
import type { SealedEvent } from '../src/event-store/port.js';
import { seal, streamOf } from '../src/event-store/sealing.js';
import { currentSchemaVersion } from '../src/event-store/upcasters.js';
import type { StoryEvent } from '../src/story/events.js';
import { fromMs } from '../src/story/instant.js';

const paragraph =
  'The last ferry of the evening to Eyot Island lay at Harrow Bay until the wind went down, its crew said.';
const block = {
  _type: 'block',
  style: 'normal',
  markDefs: [],
  children: [{ _type: 'span', text: paragraph, marks: [] }],
};
const keys = ['aaaaaaaa', 'bbbbbbbb', 'cccccccc'];

/** A story of three paragraphs. */
export function commandOf(): Pick<CommandEvents, 'commandId' | 'actor' | 'recordedAt' | 'events'> {
  const recordedAt = fromMs(Date.now())!;
  const manifest = { fields: { headline: 0 }, body: keys.map((key) => [key, 0]) };
  const texts = {
    headline: 'Ferry waits for the wind',
    slug: `ferry-${randomUUID()}`,
    editor: { id: 'ines', name: 'Ines Varga' },
    ...Object.fromEntries(keys.map((key) => [`body/${key}`, block])),
  };
  const event = { type: 'StoryPublished', data: { version: 1, inForceFrom: recordedAt, manifest }, texts };
  return { commandId: randomUUID(), actor: randomUUID(), recordedAt, events: [event as unknown as StoryEvent] };
}

export interface SealedStory {
  stream: string;
  event: SealedEvent;
}

export function sealedStory(): SealedStory {
  const { commandId, actor, recordedAt, events } = commandOf();
  const stream = streamOf(randomUUID());
  const { type, data, texts } = events[0]!;
  const metadata = { eventId: randomUUID(), commandId, actor, recordedAt, schemaVersion: currentSchemaVersion };
  return { stream, event: seal({ stream, revision: 0, type, data, metadata, texts: { ...texts }, previous: null }) };
}
