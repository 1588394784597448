/** Flat blocks make up the lists and quotes that their writer meant, whatever their levels say. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Nested, nest } from './nest.js';

interface Piece {
  _type: string;
  id: string;
  style?: string;
  listItem?: string;
  level?: number;
}
const item = (id: string, level = 1, style = 'normal', listItem = 'bullet'): Piece => ({
  _type: 'block',
  id,
  style,
  listItem,
  level,
});
const text = (id: string, style = 'normal', level?: number): Piece => ({
  _type: 'block',
  id,
  style,
  ...(level && { level }),
});

/** `ul(a, b ul(c))`: nodes in short. */
const sketch = (nodes: readonly Nested<Piece>[]): string =>
  nodes
    .map((node) => {
      if (node.kind === 'block') return node.block.id;
      if (node.kind === 'quote') return `q(${sketch(node.children)})`;
      return `${node.ordered ? 'ol' : 'ul'}(${node.items.map(sketch).join(', ')})`;
    })
    .join(' ');

describe('blocks', () => {
  test.each<[string, Piece[], string]>([
    ['paragraphs', [text('a'), text('b')], 'a b'],
    ['a list and what follows', [item('a'), item('b'), text('c'), item('d')], 'ul(a, b) c ul(d)'],
    ['lists in lists', [item('a'), item('b', 2), item('c', 3), item('d', 1)], 'ul(a ul(b ul(c)), d)'],
    [
      'two kinds',
      [item('a'), item('b', 1, 'normal', 'number'), item('c', 2), item('d', 2, 'normal', 'number')],
      'ul(a) ol(b ul(c) ol(d))',
    ],
    ['a level that is skipped', [item('a', 5), item('b', 9), item('c', 2)], 'ul(a ul(b, c))'],
    ['a continuation', [item('a'), item('b', 2), text('c', 'normal', 1), text('d', 'normal', 1)], 'ul(a ul(b) c d)'],
    ['a continuation of nothing', [text('a', 'normal', 2), text('b')], 'a b'],
    ['a quote', [text('a', 'blockquote'), text('b', 'blockquote'), text('c')], 'q(a b) c'],
    [
      'a list in a quote',
      [text('a', 'blockquote'), item('b', 1, 'blockquote'), text('c', 'blockquote', 1), text('d', 'blockquote')],
      'q(a ul(b c) d)',
    ],
    ['a list after a quote', [text('a', 'blockquote'), item('b')], 'q(a) ul(b)'],
    [
      'a quote in an item',
      [item('a'), text('b', 'blockquote', 1), text('c', 'blockquote', 1), text('d', 'blockquote')],
      'ul(a q(b c)) q(d)',
    ],
    ['a picture in an item', [item('a'), { _type: 'image', id: 'b', level: 1 }, item('c')], 'ul(a b, c)'],
    [
      'a block with a level of its own meaning',
      [item('a'), { _type: 'chart', id: 'b', level: 1 }, item('c')],
      'ul(a) b ul(c)',
    ],
  ])('%s', (_, blocks, expected) => expect(sketch(nest(blocks))).toBe(expected));

  test('none is lost, none moves', () => {
    const piece = fc.record(
      {
        _type: fc.constantFrom('block', 'block', 'block', 'code', 'chart', 'removed'),
        style: fc.constantFrom('normal', 'blockquote', 'h2'),
        listItem: fc.constantFrom('bullet', 'number'),
        level: fc.integer({ min: -1, max: 6 }),
        start: fc.integer({ min: 0, max: 3 }),
      },
      { requiredKeys: ['_type'] },
    );
    const flat = (nodes: readonly Nested<Piece>[]): string[] =>
      nodes.flatMap((node) =>
        node.kind === 'block'
          ? [node.block.id]
          : node.kind === 'quote'
            ? flat(node.children)
            : node.items.flatMap(flat),
      );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const blocks = pieces.map((one, i) => ({ ...one, id: `b${i}` }));
        expect(flat(nest(blocks))).toEqual(blocks.map(({ id }) => id));
      }),
      { seed: 20260321, numRuns: 500 },
    );
  });
});
