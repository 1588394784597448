import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Manifest } from '../story/events.js';
import { completeFor, isLikeness, keptBody, wholeBody } from './bodies.js';

const reference = fc.tuple(fc.string({ minLength: 8, maxLength: 8 }), fc.nat(30));
const body = fc.uniqueArray(reference, { maxLength: 120, selector: ([key]) => key });

test('a body kept by another comes back as it was, whatever was added, taken and moved', () => {
  const pairs = body.chain((before) =>
    fc.tuple(fc.constant(before), fc.shuffledSubarray(before), body, fc.integer({ min: 1, max: 100 })),
  );
  fc.assert(
    fc.property(pairs, ([before, stayed, fresh, version]) => {
      const after = [...new Map([...stayed, ...fresh])];
      const kept = keptBody(after, version, before);
      expect(isLikeness(kept) ? wholeBody(kept, before) : kept).toEqual(after);
      if (isLikeness(kept)) expect(kept.of).toBe(completeFor(version));
    }),
    { seed: 8 },
  );
});

test('a long body of which one paragraph is new takes three parts', () => {
  const before: Manifest['body'] = Array.from({ length: 90 }, (_, i) => [`k000000${i}`, 0]);
  const after = before.with(40, ['k00000040', 7]);
  expect(keptBody(after, 18, before)).toEqual({
    of: 17,
    parts: [
      [0, 40],
      [40, 41, 7],
      [41, 90],
    ],
  });
  expect(keptBody(after, 17, before)).toBe(after);
});
