/** What may be typed: any writing of the world, no broken characters, nothing too long. */
import { describe, expect, test } from '@jest/globals';
import { checkText } from './check.js';

const codes = (value: unknown, rule = { max: 20 }) => checkText(value, rule, '/note').map((fault) => fault.code);

describe('a text of one line', () => {
  test.each(['Ferry', 'Ærø', '渡轮', '🛳️👩🏽‍✈️', 'a\tb', '\u200fעברית', 'e\u0301', 'x'.repeat(20)])(
    '%j may stand',
    (text) => expect(codes(text)).toEqual([]),
  );

  test.each<[string, unknown, string[]]>([
    ['a number', 7, ['wrong-type']],
    ['nothing', undefined, ['wrong-type']],
    ['an empty text', '', ['empty']],
    ['white space', ' \u00a0\t', ['empty']],
    ['two lines', 'a\nb', ['line-break']],
    ['two lines as Windows writes them', 'a\r\nb', ['line-break']],
    ['21 characters', 'x'.repeat(21), ['too-long']],
    ['NUL', 'a\u0000', ['control-character']],
    ['a backspace', 'a\u0008', ['control-character']],
    ['a C1 control', 'a\u0092s', ['control-character']],
    ['half a ship', 'a\ud83d', ['lone-surrogate']],
    ['the halves the wrong way round', '\udea2\ud83d', ['lone-surrogate']],
    [
      'everything at once',
      `\ud83d\u0000\n${'x'.repeat(20)}`,
      ['too-long', 'line-break', 'lone-surrogate', 'control-character'],
    ],
  ])('%s is refused', (_, text, expected) => expect(codes(text)).toEqual(expected));

  test('a refusal names the limit and the place', () => {
    expect(checkText('x'.repeat(21), { max: 20 }, '/note')).toEqual([
      { pointer: '/note', code: 'too-long', detail: '21 characters; at most 20 are allowed.' },
    ]);
  });
});

test('several lines may stand where they are allowed', () => {
  expect(checkText('a\n\nb', { max: 20, multiline: true }, '')).toEqual([]);
});
