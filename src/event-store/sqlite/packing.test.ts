import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dictionary } from './dictionary.js';
import { pack, unpack } from './packing.js';

const utf8 = (text: string) => new TextEncoder().encode(text);
const block = utf8(
  JSON.stringify({
    _type: 'block',
    children: [
      {
        _type: 'span',
        marks: [],
        text: 'The harbour master of Eyot Island said that no ferry would sail before Monday.',
      },
    ],
    markDefs: [],
    style: 'normal',
  }),
);

describe('what is packed', () => {
  test('comes back byte for byte, whatever it was', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc.string({ unit: 'grapheme', maxLength: 1000 }).map(utf8),
      fc
        .tuple(fc.constantFrom(0, 1, 2), fc.uint8Array({ maxLength: 300 }))
        .map(([tag, rest]) => Uint8Array.of(tag, ...rest)),
    );
    fc.assert(
      fc.property(anything, fc.constantFrom('text' as const, 'record' as const), (bytes, kind) => {
        const packed = pack(bytes, kind);
        expect(Buffer.compare(unpack(packed), bytes)).toBe(0);
        expect(packed.length).toBeLessThanOrEqual(bytes.length + 1);
      }),
      { seed: 8, numRuns: 300 },
    );
  });

  test('is small: an ordinary paragraph takes less than half its room', () => {
    expect(pack(block, 'text').length).toBeLessThan(block.length / 2);
  });

  test('is never more than it may be: a file that would take all memory is damage like any other', () => {
    const longest = 16 * 1024 * 1024;
    const least = new Uint8Array(longest);
    expect(unpack(pack(least, 'text')).length).toBe(longest);
    const bomb = Buffer.concat([Uint8Array.of(1), deflateRawSync(new Uint8Array(longest + 1))]);
    expect(unpack(bomb)).toBe(bomb);
    const more = new Uint8Array(longest + 1).fill(32);
    expect(unpack(pack(more, 'text')).length).toBe(longest + 1);
  });

  test('and damaged comes as it lies there, for the commitment to tell', () => {
    const packed = pack(block, 'text').fill(0xff, 1);
    expect(unpack(packed)).toBe(packed);
  });
});

test('the dictionary is what it was when the first text was packed by it', () => {
  // Of a file from then: if this fails, stored texts can no longer be read.
  const then = 'AaOGNRmJRUmgKik3Edz1y09TcK3ML1HwLM4BRSO4MQKuNvLyFdJSi4oqoYV+cWJmDqzFDmk86RHhYAA=';
  expect(Buffer.from(unpack(Buffer.from(then, 'base64'))).equals(block)).toBe(true);
  expect(dictionary.length).toBeLessThan(32 * 1024);
});
