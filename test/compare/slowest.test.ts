/** The slowest of ten thousand odd pairs within the limits (bench/fuzz.ts), kept so that they stay bounded in work. */
import { describe, expect, test } from '@jest/globals';
import { oddPair } from '../../bench/odd-pairs.js';
import { compareContents, sizeOfChange } from '../../src/compare/compare.js';

describe('the slowest pairs known', () => {
  test.each([3684, 2329, 1054, 1262, 4896])('seed %i: both sides are whole and the words balance', (seed) => {
    const { before, after } = oddPair(seed);
    const { blocks, summary } = compareContents(before, after);
    for (const [side, { body }] of [
      ['before', before],
      ['after', after],
    ] as const) {
      const sides = blocks.flatMap((change) => change[side]).sort((x, y) => x.index - y.index);
      expect(sides).toHaveLength(body.length);
      expect(sides.every(({ block }, i) => block === body[i])).toBe(true);
    }
    const { added, removed } = summary.words;
    expect(sizeOfChange(before, after)).toEqual({ added, removed });
  });
});
