import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { places } from './life.js';

test('stops stand to scale between the first change and now', () => {
  expect(places([0, 50, 80], 100)).toEqual([1, 51, 80]);
});

test('a morning’s changes are told apart a year later', () => {
  const year = 365 * 24 * 60;
  expect(places([0, 53, 74, 98], year)).toEqual([1, 44, 61, 80]);
});

test('any times stand in their order on the line', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 200 }), fc.nat(), (times, later) => {
      const sorted = times.sort((a, b) => a - b);
      const along = places(sorted, sorted.at(-1)! + later);
      expect(along.every((place) => Number.isInteger(place) && place >= 0 && place <= 100)).toBe(true);
      expect(along).toEqual([...along].sort((a, b) => a - b));
      if (times.length <= 15) expect(new Set(along).size).toBe(times.length);
    }),
    { seed: 20260514 },
  );
});
