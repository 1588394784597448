/** What holds for any two contents, and at the limits of size. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { adversarialText } from '../../test/compare/adversarial-text.js';
import { content, pairOfContents, pairOfShuffled, paragraph } from '../../test/compare/any-contents.js';
import type { Block, Content, TextBlock } from '../content/types.js';
import { compareContents, sizeOfChange } from './compare.js';
import { renderText } from './render-text.js';
import type { BlockChange, BlockSide, Comparison, Run } from './types.js';

const rebuilt = (blocks: readonly BlockChange[], side: 'before' | 'after'): Block[] => {
  const sides: BlockSide[] = blocks.flatMap((change) => change[side]);
  return sides.sort((x, y) => x.index - y.index).map(({ block }) => block);
};
const textOn = (side: 'before' | 'after', { text, textBefore = text }: Run): string =>
  side === 'before' ? textBefore : text;
// Text and marks of a side by its runs alone, one entry a character.
const spelled = (runs: readonly Run[], side: 'before' | 'after'): string[][] => {
  const parts: string[][] = [[]];
  for (const run of runs) {
    const { op, marks, marksBefore, boundary } = run;
    if (op === (side === 'before' ? 'inserted' : 'deleted')) continue;
    if (boundary) parts.push([]);
    const named = (side === 'before' ? (marksBefore ?? marks) : marks).map((mark) => JSON.stringify(mark)).sort();
    for (const unit of textOn(side, run).split('')) parts.at(-1)!.push(`${unit} ${named}`);
  }
  return parts;
};
const spelledBlock = ({ children, markDefs }: TextBlock): string[] =>
  children.flatMap(({ text, marks }) => {
    const hrefs = new Map(markDefs.map(({ _key, href }) => [_key, { href }]));
    const named = marks.map((mark) => JSON.stringify(hrefs.get(mark) ?? mark)).sort();
    return text.split('').map((unit) => `${unit} ${named}`);
  });

describe('for any two contents', () => {
  const check = (holds: (before: Content, after: Content, result: Comparison) => void) =>
    fc.assert(
      fc.property(fc.oneof(pairOfContents, pairOfShuffled), ({ before, after }) =>
        holds(before, after, compareContents(before, after)),
      ),
      { seed: 11, numRuns: 600 },
    );

  test('both sides can be rebuilt from the result', () =>
    check((before, after, { blocks }) => {
      expect(rebuilt(blocks, 'before')).toEqual(before.body);
      expect(rebuilt(blocks, 'after')).toEqual(after.body);
      for (const change of blocks) {
        if (!change.runs || (change.after[0] ?? change.before[0]!).block._type !== 'block') continue;
        for (const side of ['before', 'after'] as const)
          if (change[side].length > 0)
            expect(spelled(change.runs, side)).toEqual(
              change[side].map(({ block }) => spelledBlock(block as TextBlock)),
            );
      }
    }));

  test('the other way round, what was added is removed', () =>
    check((before, after, there) => {
      const back = compareContents(after, before);
      expect(back.summary.words).toMatchObject({
        added: there.summary.words.removed,
        removed: there.summary.words.added,
      });
      expect(back.summary.blocks).toEqual({
        ...there.summary.blocks,
        added: there.summary.blocks.removed,
        removed: there.summary.blocks.added,
        split: there.summary.blocks.merged,
        merged: there.summary.blocks.split,
      });
      expect(back.summary.words.moved).toBe(there.summary.words.moved);
      expect(back.moves).toHaveLength(there.moves.length);
      expect(back.summary.sentences).toEqual({
        ...there.summary.sentences,
        additions: there.summary.sentences.deletions,
        deletions: there.summary.sentences.additions,
        edits: expect.any(Number),
      });
      const words = (blocks: BlockChange[], op: Run['op']) =>
        blocks.flatMap(({ runs = [] }) => runs.filter((run) => run.op === op).map(({ text }) => text)).sort();
      expect(words(back.blocks, 'deleted').join('')).toBe(words(there.blocks, 'inserted').join(''));
    }));

  test('a sentence that moved is told of where it was and where it is, in the same words', () =>
    check((_before, _after, { blocks, moves }) => {
      moves.forEach((move, number) => {
        for (const [place, op, other, side] of [
          [move.from, 'deleted', 'inserted', 'before'],
          [move.to, 'inserted', 'deleted', 'after'],
        ] as const) {
          const there = blocks[place]!.runs!.filter((run) => run.moved === number && run.op === op);
          const told = move.runs.filter((run) => run.op !== other);
          expect(there.map(({ text }) => text).join('')).toBe(told.map((run) => textOn(side, run)).join(''));
        }
        expect(move.edited).toBe(move.runs.some(({ op }) => op !== 'kept'));
      });
      const told = blocks.flatMap(({ runs = [] }) => runs.flatMap(({ moved }) => (moved === undefined ? [] : [moved])));
      expect(new Set(told).size).toBe(moves.length);
    }));

  test('every word is kept, moved, or added or removed', () =>
    check((_before, _after, { blocks, moves, summary: { words } }) => {
      if (blocks.some(({ absent }) => absent)) return;
      const kept = words.before - words.removed - words.moved;
      expect(kept).toBe(words.after - words.added - words.moved);
      expect(kept).toBeGreaterThanOrEqual(0);
      expect(words.moved).toBe(moves.reduce((sum, move) => sum + move.words, 0));
      for (const { words } of blocks) expect(Math.min(words.added, words.removed)).toBeGreaterThanOrEqual(0);
    }));

  test('a content is the same as itself', () =>
    check((before) => {
      const { summary } = compareContents(before, structuredClone(before));
      expect(summary).toMatchObject({ changed: false, formattingOnly: false, sentence: 'Nothing changed.' });
    }));

  test('the size of the change is that of the summary, and words balance', () =>
    check((before, after, { summary: { words }, blocks }) => {
      expect(sizeOfChange(before, after)).toEqual({ added: words.added, removed: words.removed });
      if (!blocks.some(({ absent }) => absent)) expect(words.after - words.before).toBe(words.added - words.removed);
    }));

  test('no run ends inside a grapheme', () => {
    const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
    fc.assert(
      fc.property(adversarialText, adversarialText, (was, is) => {
        const { blocks } = compareContents(content([paragraph(was, 'k')]), content([paragraph(is, 'k')]));
        for (const { runs = [] } of blocks) {
          for (const [text, other, side] of [
            [was, 'inserted', 'before'],
            [is, 'deleted', 'after'],
          ] as const) {
            const starts = new Set([...graphemes.segment(text)].map(({ index }) => index).concat(text.length));
            let at = 0;
            for (const run of runs.filter(({ op }) => op !== other)) {
              expect(starts.has(at)).toBe(true);
              at += textOn(side, run).length;
            }
          }
        }
      }),
      { seed: 12, numRuns: 1500 },
    );
  });

  test('it can be told as text', () =>
    check((_before, _after, result) => {
      expect(renderText(result)).toContain(result.summary.sentence);
      expect(renderText(result, { context: 0 })).toContain(result.summary.sentence);
    }));
});

describe('at the limits', () => {
  const vocabulary = (prefix: string, size: number) => Array.from({ length: size }, (_, i) => `${prefix}${i}`);
  const common = ['the', 'of', 'and', 'a', 'to', 'in', 'was', 'on'];
  // A fixed sequence, not a random one, so that the work is the same every time.
  function* draws(seed: number): Generator<number, never> {
    for (let x = seed; ; ) {
      x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
      yield x >>> 8;
    }
  }
  const text = (words: readonly string[], count: number, draw: Iterator<number, never>) =>
    Array.from({ length: count }, (_, i) =>
      i % 2 ? common[draw.next().value % common.length]! : words[draw.next().value % words.length]!,
    ).join(' ');
  const body = (key: string, seed: number, blocks: number, words: number, size: number) => {
    const draw = draws(seed);
    const own = vocabulary('w', size);
    return content(Array.from({ length: blocks }, (_, i) => paragraph(text(own, words, draw), `${key}${i}`)));
  };

  test('two thousand blocks against two thousand others of the same words stay within the bounds', () => {
    const result = compareContents(body('one', 1, 2000, 60, 300), body('two', 2, 2000, 60, 300));
    expect(result.fallbacks.map(({ stage }) => stage)).toContain('similarity');
    const { same, added, edited, removed, split, merged } = result.summary.blocks;
    expect(same + split + merged).toBe(0);
    expect(added + edited).toBe(2000);
    expect(removed + edited).toBe(2000);
  });

  test('two thousand near-equal blocks are paired by what tells them apart', () => {
    const rows = (lap: string) =>
      content(
        vocabulary('boat', 2000).map((boat, i) => paragraph(`Lap ${lap} of the regatta went to ${boat}`, `${lap}${i}`)),
      );
    const result = compareContents(rows('one'), rows('two'));
    expect(result.summary.blocks).toMatchObject({ edited: 2000, moved: 0 });
    expect(result.fallbacks).toEqual([]);
  });

  test('too many blocks alike are paired by place, and the result says so', () => {
    const rows = (lap: string) =>
      content(
        Array.from({ length: 2000 }, (_, i) =>
          paragraph(`Class${i % 5} fleet${i % 5} skipper${i % 5} lap ${lap} ${lap}${i}`, `${lap}${i}`),
        ),
      );
    const result = compareContents(rows('one'), rows('two'));
    expect(result.fallbacks).toContainEqual({ stage: 'pairing' });
    expect(result.summary.blocks.edited).toBeGreaterThan(1500);
  });

  test('a long text without spaces is cut into letters where it is too long for the dictionary, and the result says so', () => {
    const long = (from: number) =>
      content(
        [0, 1, 2, 3, 4, 5, 6].map((i) =>
          paragraph(`${from}${'渡轮今天早上九点离开港口'.slice(i).repeat(1900)}`, `k${i}`),
        ),
      );
    const result = compareContents(long(0), long(1));
    expect(result.fallbacks).toContainEqual({ stage: 'dictionary' });
    expect(rebuilt(result.blocks, 'after')).toEqual(long(1).body);
  });

  test('two long unrelated texts are compared by what is unique, and the result says so', () => {
    const long = (seed: number) => content([paragraph(text(vocabulary('w', 40), 16_000, draws(seed)), 'k')]);
    const result = compareContents(long(1), long(2));
    expect(result.fallbacks).toContainEqual({ stage: 'words', before: 0, after: 0 });
    expect(rebuilt(result.blocks, 'after')).toEqual(long(2).body);
  });
});
