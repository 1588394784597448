/**
 * One story with an event of every type, as each schema version has ever written it. What is in `golden/` is never
 * changed: it must open verified, and its present version be sealed to the same bytes, for ever. A new schema version gets
 * a new file: `PALIMPSEST_WRITE_GOLDEN=1` writes the one that is missing, never one that is there.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { StoredEvent } from '../../src/event-store/port.js';
import { hashOf, open, readRecord, seal } from '../../src/event-store/sealing.js';
import { currentSchemaVersion } from '../../src/event-store/upcasters.js';
import type { EventType, Manifest, StoryEvent } from '../../src/story/events.js';
import { fromMs, type Instant, plusMs } from '../../src/story/instant.js';

interface GoldenEvent {
  id: string;
  record: string;
  texts: { name: string; key: string; json: string }[];
}

const folder = new URL('golden/', import.meta.url);
const fileOf = (version: number) => new URL(`v${version}.json`, folder);
const stream = 'story-1c6e7b1e-24b8-4d6f-9e86-0f64f6c3a1b2';

const at = '2026-03-21T11:27:00.000Z' as Instant;
const manifest: Manifest = {
  fields: { headline: 0, authors: 0, leadImage: 0, fields: 0 },
  body: [
    ['k1', 0],
    ['k2', 2],
  ],
  statements: [{ id: 's1', revision: 2, blocks: ['k2'] }],
};
const version = { version: 2, inForceFrom: at, manifest, base: 1 };
const paragraph = (text: string) => ({
  _type: 'block',
  style: 'normal' as const,
  children: [{ _type: 'span' as const, text, marks: ['strong', 'l0'] }],
  markDefs: [{ _type: 'link' as const, _key: 'l0', href: 'https://example.org/ferries' }],
});
const editor = { id: 'desk-7', name: 'Ines Varga' };

/** In an order that a story could live through; the compiler sees to it that no type is left out. */
const examples: { [T in EventType]: Extract<StoryEvent, { type: T }> } = {
  StoryPublished: {
    type: 'StoryPublished',
    data: { version: 1, inForceFrom: at, manifest: { fields: manifest.fields, body: [['k1', 0]] }, imported: true },
    texts: {
      slug: 'ferry-to-eyot-island-suspended',
      headline: 'Ferry to Eyot Island suspended ⛴',
      authors: [{ name: 'Lena Okafor', role: 'Reporter' }],
      leadImage: { url: 'https://example.org/pier.jpg', alt: 'The pier in fog' },
      fields: { wind: 11.5, closed: true, tides: [1e21, -0.25], 'für später': null },
      'body/k1': paragraph('Bay Island Ferries stopped all crossings on Saturday.'),
      note: 'First report',
      editor,
      request: 'fingerprint',
    },
  },
  StoryUpdated: {
    type: 'StoryUpdated',
    data: { ...version, significance: 'minor' },
    texts: { note: 'Wind speed', editor },
  },
  StatementAdded: {
    type: 'StatementAdded',
    data: { ...version, statement: 's1', blocks: ['k2'] },
    texts: {
      speaker: 'Tom Achterberg',
      organisation: 'Bay Island Ferries',
      'body/k2': paragraph('“We will sail when it is safe.”'),
      editor,
    },
  },
  CorrectionIssued: {
    type: 'CorrectionIssued',
    data: { ...version, version: 3, base: 2, correction: 'c1', kind: 'correction', corrects: [1, 2] },
    texts: { notice: 'The wind was 11, not 17, metres a second.', editor },
  },
  VersionRestored: {
    type: 'VersionRestored',
    data: { version: 4, inForceFrom: at, manifest, restored: 2 },
    texts: { note: 'Back to the second version', editor },
  },
  VersionCancelled: {
    type: 'VersionCancelled',
    data: { version: 4, supersededBy: 5 },
    texts: { reason: 'Sailed early' },
  },
  StoryWithdrawn: {
    type: 'StoryWithdrawn',
    data: { withdrawal: 'w1', kind: 'unpublished', at, imported: true },
    texts: { notice: 'Under review', reason: 'A complaint' },
  },
  StoryReinstated: { type: 'StoryReinstated', data: { at }, texts: { note: 'Reviewed' } },
  NoticeAmended: { type: 'NoticeAmended', data: { correction: 'c1' }, texts: { notice: 'The wind was 11 m/s.' } },
  ChangeNoteAmended: { type: 'ChangeNoteAmended', data: { version: 2 }, texts: { note: 'Wind speed added' } },
  VersionTimeCorrected: {
    type: 'VersionTimeCorrected',
    data: { version: 2, inForceFrom: at },
    texts: { reason: 'Late clock' },
  },
  VersionReclassified: { type: 'VersionReclassified', data: { version: 2, significance: 'major' }, texts: {} },
  VersionLabelled: { type: 'VersionLabelled', data: { version: 2 }, texts: { labels: ['ferries', 'fähren'] } },
  SlugChanged: { type: 'SlugChanged', data: {}, texts: { slug: 'ferries' } },
  VersionHidden: { type: 'VersionHidden', data: { version: 1 }, texts: { reason: 'Names a minor' } },
  VersionShown: { type: 'VersionShown', data: { version: 1 }, texts: {} },
  TextsHidden: { type: 'TextsHidden', data: { references: [[2, 'speaker']] }, texts: { reason: 'At his wish' } },
  TextsShown: { type: 'TextsShown', data: { references: [[2, 'speaker']] }, texts: {} },
  TextsErased: {
    type: 'TextsErased',
    data: { references: [[2, 'organisation']], authority: 'court-order' },
    texts: { reason: 'Order 7/26' },
  },
};

/** Keys and ids that are the same on every run. */
const fixed = (name: string) => createHash('sha256').update(`golden ${name}`).digest();
const uuid = (name: string) =>
  fixed(name)
    .toString('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/, '$1-$2-5$3-a$4-$5');

function sealExamples(): GoldenEvent[] {
  let previous: string | null = null;
  return Object.values(examples).map(({ type, data, texts }, revision) => {
    const commandId = uuid(`command ${revision}`);
    const recordedAt = plusMs(fromMs(Date.parse(at))!, revision);
    const metadata = { eventId: uuid(`event ${revision}`), commandId, actor: 'token-7', recordedAt, schemaVersion: 1 };
    let keys = 0;
    const sealed = seal({ stream, revision, type, data, metadata, texts: { ...texts }, previous }, () =>
      fixed(`key ${revision} ${keys++}`),
    );
    previous = hashOf(sealed.record);
    return {
      id: sealed.id,
      record: new TextDecoder().decode(sealed.record),
      texts: sealed.texts.map(({ name, key, bytes }) => ({
        name,
        key: Buffer.from(key).toString('base64url'),
        json: new TextDecoder().decode(bytes),
      })),
    };
  });
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const stored = ({ id, record, texts }: GoldenEvent, revision: number): StoredEvent => ({
  id,
  record: utf8(record),
  texts: texts.map(({ name, key, json }) => ({ name, key: Buffer.from(key, 'base64url'), bytes: utf8(json) })),
  stream,
  revision,
  position: String(revision),
});
const golden = (file: URL): StoredEvent[] => (JSON.parse(readFileSync(file, 'utf8')) as GoldenEvent[]).map(stored);

if (process.env.PALIMPSEST_WRITE_GOLDEN && !existsSync(fileOf(currentSchemaVersion)))
  writeFileSync(fileOf(currentSchemaVersion), `${JSON.stringify(sealExamples(), null, 2)}\n`);

describe.each(readdirSync(folder))('what is written as %s', (name) => {
  test('opens verified, every text of it, in an unbroken chain', () => {
    let previous: string | null = null;
    for (const event of golden(new URL(name, folder))) {
      const { textStates, metadata } = open(event);
      expect(textStates).toEqual(Object.fromEntries(event.texts.map(({ name }) => [name, 'verified'])));
      expect(metadata.schemaVersion).toBe(currentSchemaVersion);
      expect(readRecord(event).previous).toBe(previous);
      previous = hashOf(event.record);
    }
    expect(previous).not.toBeNull();
  });
});

test('what is sealed today is, byte for byte, what was sealed when this schema version began', () => {
  expect(sealExamples()).toEqual(JSON.parse(readFileSync(fileOf(currentSchemaVersion), 'utf8')));
});

test('opened events are those that were sealed, every type of them', () => {
  const opened = golden(fileOf(currentSchemaVersion)).map((event) => open(event));
  expect(opened.map(({ type, data, texts }) => ({ type, data, texts }))).toEqual(Object.values(examples));
});
