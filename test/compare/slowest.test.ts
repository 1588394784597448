/** The slowest of ten thousand odd pairs within the limits (bench/fuzz.ts), kept so that they stay bounded in work. */
import { describe, expect, test } from '@jest/globals';
import { oddPair } from '../../bench/odd-pairs.js';
import { compareContents, sizeOfChange } from '../../src/compare/compare.js';
import { renderUnified } from '../../src/compare/render-unified.js';

describe('the slowest pairs known', () => {
  test.each([140, 174, 239, 287])('seed %i: both sides are whole, and twice the same', (seed) => {
    const { before, after } = oddPair(seed);
    const result = compareContents(before, after);
    for (const [side, { body }] of [
      ['before', before],
      ['after', after],
    ] as const) {
      const sides = result.blocks.flatMap((change) => change[side]).sort((x, y) => x.index - y.index);
      expect(sides.map(({ block }) => block)).toEqual(body);
    }
    const { added, removed } = result.summary.words;
    expect(sizeOfChange(before, after)).toEqual({ added, removed });
    expect(JSON.stringify(compareContents(before, after).summary)).toBe(JSON.stringify(result.summary));
    expect(renderUnified(result).split('\n').length).toBeGreaterThan(0);
  });
});
