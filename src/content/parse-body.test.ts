/** Bodies that are sent come back as they were sent, or are refused with every fault and its place. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { limits } from './limits.js';
import { parseBody } from './parse-body.js';
import type { Block } from './types.js';

const read = (input: unknown) => {
  const parsed = parseBody(input);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.value;
};
const blocks = (input: unknown) => read(input).blocks;
const faults = (input: unknown) => {
  const parsed = parseBody(input);
  return parsed.ok ? [] : parsed.faults.map((fault) => `${fault.pointer} ${fault.code}`);
};
const reports = (input: unknown) => read(input).dropped.map(({ pointer, what }) => `${pointer} ${what}`);

const span = (text: string, ...marks: string[]) => ({ _type: 'span', text, marks });
const paragraph = (text: string) => ({ _type: 'block', style: 'normal', children: [span(text)], markDefs: [] });

const every = [
  { ...paragraph('The ferry was late.'), style: 'h2' },
  { ...paragraph(' Spaces  stay, and\nline feeds\ttoo. '), style: 'blockquote' },
  { ...paragraph('An item'), listItem: 'number', level: 2, start: 4 },
  { ...paragraph('More of the item'), level: 2 },
  {
    _type: 'block',
    style: 'normal',
    children: [
      span('One '),
      span('two', 'em', 'strong', 'l0'),
      span('', 'code'),
      span('three', 'underline', 'strike-through'),
    ],
    markDefs: [{ _type: 'link', _key: 'l0', href: '/ferries' }],
  },
  { _type: 'rule' },
  { _type: 'code', language: 'sql', code: '\n  SELECT 1;\n' },
  {
    _type: 'table',
    header: true,
    align: ['left', null],
    rows: [{ cells: [cell('a'), cell('b')] }, { cells: [cell('c')] }],
  },
  { _type: 'image', url: 'https://harrowbay.example/f.jpg', alt: '', caption: 'At dawn', credit: 'Lena Okafor' },
  { _type: 'embed', url: 'https://video.example/7', provider: 'Video' },
  { _type: 'chart', data: [1, 2.5, null, { deep: ['x'] }], url: 'javascript:kept, never linked', level: 'high' },
];
function cell(text: string) {
  return { children: [span(text)], markDefs: [] };
}

describe('Portable Text', () => {
  test('every kind of block comes back as it was sent', () => {
    expect(read(every)).toEqual({ blocks: every, dropped: [] });
  });

  test('what goes out may be sent back', () => {
    const body = blocks(every).map((block, i) => ({ ...block, _key: `k${i}`, statement: 's1' }) as Block);
    expect(read(JSON.parse(JSON.stringify(body)))).toEqual({ blocks: body, dropped: [] });
  });

  test('a missing style, level, marks and children get what they mean', () => {
    expect(
      blocks([{ _type: 'block', listItem: 'bullet', children: [{ _type: 'span', text: 'a' }] }, { _type: 'block' }]),
    ).toEqual([{ ...paragraph('a'), listItem: 'bullet', level: 1 }, paragraph('')]);
  });

  test('links get names of ours, in order', () => {
    const link = (_key: string, href: string) => ({ _type: 'link', _key, href });
    const [block] = blocks([
      {
        _type: 'block',
        children: [span('a', 'x9'), span('b', 'em', 'x2')],
        markDefs: [link('x2', '/2'), link('x9', 'mailto:desk@harrowbay.example')],
      },
    ]);
    expect(block).toMatchObject({
      children: [span('a', 'l1'), span('b', 'em', 'l0')],
      markDefs: [link('l0', '/2'), link('l1', 'mailto:desk@harrowbay.example')],
    });
  });

  test('the text stays where a mark is not known, and it is reported', () => {
    const note = { _type: 'note', _key: 'n1', text: 'x' };
    const input = [{ _type: 'block', style: 'h1', children: [span('a', 'blink', 'n1')], markDefs: [note], foo: 1 }];
    expect(blocks(input)).toEqual([{ ...paragraph('a'), style: 'h2' }]);
    expect(reports(input)).toEqual([
      '/body/0/foo member “foo” of block',
      '/body/0/style style “h1”, kept as h2',
      '/body/0/markDefs/0 mark of type “note”; its text is kept',
      '/body/0/children/0/marks/0 mark “blink”; its text is kept',
    ]);
  });

  test('line ends become line feeds, also in blocks that are not known', () => {
    expect(blocks([paragraph('a\r\nb\rc'), { _type: 'chart', 'a\tb': 'x\r\ny' }])).toEqual([
      paragraph('a\nb\nc'),
      { _type: 'chart', 'a\tb': 'x\ny' },
    ]);
  });

  test('a table’s cells may be plain texts', () => {
    expect(blocks([{ _type: 'table', rows: [{ _type: 'row', cells: ['a', 'b'] }] }])).toEqual([
      { _type: 'table', header: false, rows: [{ cells: [cell('a'), cell('b')] }] },
    ]);
  });

  test('every fault is told, each with its place', () => {
    expect(
      faults([
        5,
        {},
        { _type: 'removed', absence: 'hidden' },
        { _type: 'block', _key: 7, children: [{ _type: 'photo' }, { text: 'a\u0000' }, span('\ud800')] },
        {
          _type: 'block',
          level: 0,
          listItem: 'bullet',
          markDefs: [{ _type: 'link', _key: 'a', href: 'java\nscript:x' }],
        },
        { _type: 'image', url: 'data:image/png;base64,AA' },
        { _type: 'embed' },
        { _type: 'table', rows: [{ cells: [] }, { cells: [7] }], header: 'yes' },
        { _type: 'chart', 'a/b': 2 ** 53, x: Number.NaN, y: '\u0007', z: undefined, w: () => 1 },
        { _type: 'code', code: 7, language: 'a\nb' },
      ]),
    ).toEqual([
      '/body/0 wrong-type',
      '/body/1/_type wrong-type',
      '/body/2/_type reserved-type',
      '/body/3/_key wrong-type',
      '/body/3/children/0/_type unknown-child',
      '/body/3/children/1/text control-character',
      '/body/3/children/2/text lone-surrogate',
      '/body/4/level wrong-level',
      '/body/4/markDefs/0/href line-break',
      '/body/4/markDefs/0/href url-not-allowed',
      '/body/5/url url-not-allowed',
      '/body/6/url wrong-type',
      '/body/7/header wrong-type',
      '/body/7/rows/0/cells empty',
      '/body/7/rows/1/cells/0 wrong-type',
      '/body/8/a~1b unsafe-number',
      '/body/8/x unsafe-number',
      '/body/8/y control-character',
      '/body/8/w wrong-type',
      '/body/9/code wrong-type',
      '/body/9/language line-break',
    ]);
  });

  test('a block of the limit’s size may stand, one byte more may not', () => {
    const room = limits.blockBytes - JSON.stringify(paragraph('')).length;
    expect(faults([paragraph('x'.repeat(room))])).toEqual([]);
    expect(faults([paragraph('x'.repeat(room + 1))])).toEqual(['/body/0 block-too-large']);
    expect(faults([paragraph('é'.repeat(room / 2 + 1))])).toEqual(['/body/0 block-too-large']);
    expect(faults([{ _type: 'chart', x: 'é'.repeat(40_000) }])).toEqual(['/body/0 block-too-large']);
  });

  test('2,000 blocks may stand, 2,001 may not, however they are sent', () => {
    const many = (count: number) => Array.from({ length: count }, () => ({ _type: 'rule' }));
    expect(faults(many(2000))).toEqual([]);
    expect(faults(many(2001))).toEqual(['/body too-many-blocks']);
    expect(faults({ text: 'a\n\n'.repeat(2001) })).toEqual(['/body/text too-many-blocks']);
    expect(faults({ markdown: 'a\n\n'.repeat(2001) })).toEqual(['/body/markdown too-many-blocks']);
  });

  test('blocks nested without end are refused and exhaust nothing', () => {
    const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    expect(faults([{ _type: 'chart', deep }])).toEqual([`/body/0/deep${'/0'.repeat(19)} too-deep`]);
    expect(faults(deep)).toEqual(['/body/0 wrong-type']);
  });

  test('faults without number are told up to a limit', () => {
    const told = faults([{ _type: 'chart', x: Array.from({ length: 5000 }, () => Number.NaN) }]);
    expect(told).toHaveLength(limits.faults + 1);
    expect(told.at(-1)).toBe(' more-faults');
  });

  test('no member reaches a prototype', () => {
    expect(faults(JSON.parse('[{"_type":"chart","__proto__":{"polluted":1}}]'))).toEqual([
      '/body/0/__proto__ name-not-allowed',
    ]);
    expect(blocks([{ _type: 'constructor', a: 1 }, { _type: 'toString' }])).toEqual([
      { _type: 'constructor', a: 1 },
      { _type: 'toString' },
    ]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('whatever is sent is read or refused, and what is read is read the same again', () => {
    const type = fc.constantFrom('block', 'code', 'table', 'image', 'embed', 'rule', 'chart', 'removed');
    const input = fc.array(
      fc.oneof(
        fc.jsonValue(),
        fc.record(
          {
            _type: type,
            style: fc.jsonValue(),
            children: fc.jsonValue(),
            markDefs: fc.jsonValue(),
            rows: fc.jsonValue(),
            code: fc.string(),
            level: fc.jsonValue(),
          },
          { requiredKeys: ['_type'] },
        ),
      ),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(input, (sent) => {
        const parsed = parseBody(sent);
        if (parsed.ok) expect(blocks(parsed.value.blocks)).toEqual(parsed.value.blocks);
      }),
      { seed: 20260321, numRuns: 500 },
    );
  });
});

describe('other forms', () => {
  test.each<[unknown, string[]]>([
    [undefined, ['/body wrong-type']],
    [null, ['/body wrong-type']],
    ['a', ['/body wrong-type']],
    [{}, ['/body wrong-type']],
    [{ markdown: 'a', text: 'b' }, ['/body wrong-type']],
    [{ docx: 'a' }, ['/body wrong-type']],
    [{ markdown: 5 }, ['/body/markdown wrong-type']],
    [{ text: 'a\u0000\ud800' }, ['/body/text lone-surrogate', '/body/text control-character']],
    [{ text: 'é'.repeat(600_000) }, ['/body/text too-large']],
    [{ text: 'x'.repeat(70_000) }, ['/body/text block-too-large']],
  ])('%#: what is no body is refused', (input, expected) => expect(faults(input)).toEqual(expected));

  test('plain text: blank lines part paragraphs, single line ends stay', () => {
    expect(blocks({ text: '\n\nOne\r\n  line two\n \t\nTwo\n\n\n\nThree\n' })).toEqual([
      paragraph('One\n  line two'),
      paragraph('Two'),
      paragraph('Three'),
    ]);
    expect(blocks({ text: ' \n ' })).toEqual([]);
  });
});
