import { expect, test } from '@jest/globals';
import { openRateLimit } from './rate-limit.js';

test('an address has a minute’s requests at once, then one at a time as they come in', () => {
  let now = 5_000;
  const limit = openRateLimit(60, () => now);
  const taken = (most: number) => {
    for (let n = 0; n < most; n++) {
      try {
        limit.take('198.51.100.1', 1);
      } catch {
        return n;
      }
    }
    return most;
  };
  expect(taken(100)).toBe(60);
  now += 999;
  expect(taken(10)).toBe(0);
  now += 1;
  expect(taken(10)).toBe(1);
  now += 10_000;
  expect(taken(20)).toBe(10);
  now += 3_600_000;
  expect(taken(100)).toBe(60);
});

test('what costs more than a bucket holds can be had once it is full', () => {
  const limit = openRateLimit(2, () => 0);
  limit.take('198.51.100.1', 5);
  expect(() => limit.take('198.51.100.1', 1)).toThrow();
});

test('without a limit nobody is counted', () => {
  const limit = openRateLimit(0, () => 0);
  for (let n = 0; n < 1000; n++) limit.take('198.51.100.1', 5);
});
