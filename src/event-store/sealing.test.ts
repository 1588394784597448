import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Metadata } from '../story/events.js';
import type { Instant } from '../story/instant.js';
import type { SealedEvent, StoredEvent } from './port.js';
import { hashOf, open, readRecord, seal, UnreadableRecord, type Unsealed } from './sealing.js';
import { type Upcastable, upcast } from './upcasters.js';

const seed = 20260322;
const metadata: Metadata = {
  eventId: '6f1c2a52-51f5-5f3c-9a52-0a3a3f6f2a11',
  commandId: '0d9b7f43-3f2e-4b0e-8a54-2b7a5f1c9e10',
  actor: 'token-1',
  recordedAt: '2026-03-21T11:27:00.000Z' as Instant,
  schemaVersion: 1,
};
const event = (texts: Unsealed['texts'], more: Partial<Unsealed> = {}): Unsealed => ({
  stream: 'story-1c6e7b1e-24b8-4d6f-9e86-0f64f6c3a1b2',
  revision: 0,
  type: 'StoryPublished',
  data: { version: 1 },
  metadata,
  previous: null,
  ...more,
  texts,
});
const stored = (sealed: SealedEvent, at = event({})): StoredEvent => ({
  ...sealed,
  stream: at.stream,
  revision: at.revision,
  position: '1',
});
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
function flipped(bytes: Uint8Array, at: number, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at % copy.length]! ^= 1 << bit;
  return copy;
}
const anyTexts = fc.dictionary(fc.stringMatching(/^[a-z]{1,12}(\/k[0-9]{1,4})?$/), fc.jsonValue(), {
  noNullPrototype: true,
});
const wellFormed = (value: unknown): boolean =>
  JSON.stringify(value).isWellFormed() && !/\\ud[89a-f]/i.test(JSON.stringify(value));

describe('sealing', () => {
  test('what was typed is opened as it was, in any script', () => {
    fc.assert(
      fc.property(anyTexts.filter(wellFormed), (texts) => {
        const opened = open(stored(seal(event(texts))));
        expect(opened.texts).toEqual(JSON.parse(JSON.stringify(texts)));
        expect(new Set(Object.values(opened.textStates))).toEqual(new Set(Object.keys(texts).map(() => 'verified')));
      }),
      { seed },
    );
    const said = { headline: 'Fähre – 渡し船 – العبّارة 🛳️', note: 'e\u0301 is not \u00e9', byline: '\u0000\u2028' };
    expect(open(stored(seal(event(said)))).texts).toEqual(said);
  });

  test('the record holds no word of the texts', () => {
    const { record } = seal(
      event({ headline: 'Ferry to Eyot Island suspended', editor: { id: 'desk-seven', name: 'Ines Varga' } }),
    );
    expect(text(record)).not.toMatch(/Eyot|Varga|desk-seven/);
    expect(Object.keys(JSON.parse(text(record)))).toEqual([
      'commitments',
      'data',
      'metadata',
      'previous',
      'revision',
      'stream',
      'type',
    ]);
  });

  test('the same words twice have commitments that tell nobody so', () => {
    const { commitments } = readRecord(stored(seal(event({ a: 'same', b: 'same' }))));
    expect(commitments.a).not.toBe(commitments.b);
    expect(commitments.a).toMatch(/^[\w-]{43}$/);
    const again = readRecord(stored(seal(event({ a: 'same' }))));
    expect(again.commitments.a).not.toBe(commitments.a);
  });

  test('the order of keys makes no difference to the bytes', () => {
    const key = () => new Uint8Array(32).fill(7);
    const one = seal(
      event({ a: { x: 1, y: [2] }, b: 'b' }, { data: { version: 1, manifest: { fields: {}, body: [] } } }),
      key,
    );
    const other = seal(
      event({ b: 'b', a: { y: [2], x: 1 } }, { data: { manifest: { body: [], fields: {} }, version: 1 } }),
      key,
    );
    expect(text(other.record)).toBe(text(one.record));
  });

  test('a text that is undefined is not there', () => {
    const opened = open(stored(seal(event({ headline: 'Bay', note: undefined }))));
    expect(opened.texts).toEqual({ headline: 'Bay' });
  });

  test('what JSON cannot hold is refused before it is sealed', () => {
    expect(() => seal(event({ headline: 'lone \ud800' }))).toThrow(/surrogate/i);
    expect(() => seal(event({ share: Number.NaN }))).toThrow(/NaN/);
  });

  test('any flip of a bit of a text or its key reads as missing, and only that text', () => {
    const sealed = seal(event({ headline: 'Ferry resumes at 12:20', note: 'stays' }));
    fc.assert(
      fc.property(fc.constantFrom('bytes', 'key'), fc.nat(), fc.nat(7), (part, at, bit) => {
        const texts = sealed.texts.map((one) =>
          one.name === 'headline' ? { ...one, [part]: flipped(one[part as 'key'], at, bit) } : one,
        );
        const opened = open(stored({ ...sealed, texts }));
        expect(opened.textStates).toEqual({ headline: 'missing', note: 'verified' });
        expect(opened.texts).toEqual({ headline: null, note: 'stays' });
      }),
      { seed, numRuns: 500 },
    );
  });

  test('any flip of a bit of a record changes its hash', () => {
    const { record } = seal(event({ headline: 'Harrow Bay' }));
    for (let at = 0; at < record.length; at++)
      for (let bit = 0; bit < 8; bit++) expect(hashOf(flipped(record, at, bit))).not.toBe(hashOf(record));
  });

  test('texts that change places are noticed', () => {
    const sealed = seal(event({ headline: 'one', standfirst: 'two' }));
    const [first, second] = sealed.texts;
    const swapped = [
      { ...first!, name: second!.name },
      { ...second!, name: first!.name },
    ];
    expect(open(stored({ ...sealed, texts: swapped })).textStates).toEqual({
      headline: 'missing',
      standfirst: 'missing',
    });
  });

  test('an erased text reads as null, pending while its bytes lie there', () => {
    const sealed = seal(event({ headline: 'stays', standfirst: 'Tom Achterberg', note: 'gone' }));
    const left = { ...sealed, texts: sealed.texts.filter(({ name }) => name !== 'note') };
    const opened = open(stored(left), (name) => name !== 'headline');
    expect(opened.textStates).toEqual({ headline: 'verified', standfirst: 'erasure-pending', note: 'erased' });
    expect(opened.texts).toEqual({ headline: 'stays', standfirst: null, note: null });
  });

  test('a text that is gone without an order is missing', () => {
    const sealed = seal(event({ headline: 'Bay' }));
    expect(open(stored({ ...sealed, texts: [] })).textStates).toEqual({ headline: 'missing' });
  });

  test.each<[string, Partial<StoredEvent>, string]>([
    ['from another revision', { revision: 4 }, 'misplaced'],
    ['from another story', { stream: 'story-other' }, 'misplaced'],
    ['under another id', { id: 'other' }, 'misplaced'],
    ['that is no JSON', { record: new Uint8Array([1, 2, 3]) }, 'unreadable'],
    ['that is not UTF-8', { record: new Uint8Array([0x22, 0xff, 0x22]) }, 'unreadable'],
    ['that is some other JSON', { record: new TextEncoder().encode('null') }, 'unreadable'],
  ])('a record %s is not opened', (_, change, code) => {
    const altered = { ...stored(seal(event({ headline: 'Bay' }))), ...change };
    expect(() => open(altered)).toThrow(expect.objectContaining({ name: 'UnreadableRecord', code }));
  });

  test('a record of a later program asks for an upgrade', () => {
    const later = seal(event({}, { metadata: { ...metadata, schemaVersion: 2 } }));
    expect(() => open(stored(later))).toThrow(UnreadableRecord);
    expect(() => open(stored(later))).toThrow(/upgrade/);
  });
});

describe('upcasting', () => {
  const old: Upcastable = { type: 'SlugChanged', data: { at: 1 }, metadata };
  const table = {
    'SlugChanged@1': (one: Upcastable) => ({ ...one, type: 'SlugMoved', data: { from: one.data } }),
    'SlugMoved@3': (one: Upcastable) => ({ ...one, data: [one.data] }),
  };

  test('goes step by step, by the type each step left', () => {
    expect(upcast(old, table, 4)).toEqual({
      type: 'SlugMoved',
      data: [{ from: { at: 1 } }],
      metadata: { ...metadata, schemaVersion: 4 },
    });
  });

  test('leaves the present version alone and knows no later one', () => {
    expect(upcast(old)).toBe(old);
    expect(upcast({ ...old, metadata: { ...metadata, schemaVersion: 5 } }, table, 4)).toBeUndefined();
    expect(upcast({ ...old, metadata: { ...metadata, schemaVersion: 0 } }, table, 4)).toBeUndefined();
  });
});
