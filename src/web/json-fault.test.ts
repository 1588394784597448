import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { firstFault } from './json-fault.js';

test.each([
  ['{"a": x}', 6],
  ['{"a": 1,}', 8],
  ['[1,]', 3],
  ['[1 2]', 3],
  ['{a: 1}', 1],
  ['{"a" 1}', 5],
  ['"\\x"', 1],
  ['"a\nb"', 2],
  ['01', 1],
  ['[1', 2],
  ['"abc', 4],
  ['', 0],
  ['{} {}', 3],
  ['[}', 1],
])('%j goes wrong at %i', (text, offset) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(firstFault(text)).toBe(offset);
});

test('JSON is read to its end, and a character that JSON does not know is found where it was put', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (json, place) => {
      expect(firstFault(json)).toBe(json.length);
      const at = place % (json.length + 1);
      const broken = `${json.slice(0, at)}\u0001${json.slice(at)}`;
      const found = firstFault(broken);
      expect(found).toBeLessThanOrEqual(at);
      // Or where the literal or the escape begins that it breaks.
      expect(broken.slice(found, at)).toMatch(/^(\\(u[\da-f]*)?|[-+\w.]*)$/i);
    }),
    { seed: 20260514 },
  );
});

test('a long text without end does not take long', () => {
  const text = `["${'a'.repeat(1_000_000)}`;
  expect(firstFault(text)).toBe(text.length);
});
