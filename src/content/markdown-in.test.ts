/** Markdown is read as a renderer would show it: every word, in order; what blocks can't hold is reported with its line. */
import { describe, expect, test } from '@jest/globals';
import { parseBody } from './parse-body.js';
import { toText } from './text-out.js';
import type { Block } from './types.js';

const read = (markdown: string) => {
  const parsed = parseBody({ markdown });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.value;
};
const faults = (markdown: string) => {
  const parsed = parseBody({ markdown });
  return parsed.ok ? [] : parsed.faults.map((fault) => `${fault.code} ${fault.detail}`);
};
const reports = (markdown: string) => read(markdown).dropped.map(({ line, what }) => `${line}: ${what}`);

/** Blocks in short: `h2 text`, `blockquote/1 text`, `normal-1 text` for an item; marks in angle brackets. */
const sketch = (markdown: string) =>
  read(markdown).blocks.map((sent) => {
    const block = sent as { [member: string]: unknown };
    const { _type, style, listItem, level, start, children, markDefs, ...rest } = block;
    const depth = listItem ? ` ${listItem === 'bullet' ? '-' : '#'}${level}` : level ? ` /${level}` : '';
    if (_type !== 'block') return `${_type}${depth} ${JSON.stringify(rest)}`;
    const links = new Map((markDefs as { _key: string; href: string }[]).map((link) => [link._key, link.href]));
    const text = (children as { text: string; marks: string[] }[]).map((span) =>
      span.marks.length === 0
        ? span.text
        : `<${span.marks.map((mark) => links.get(mark) ?? mark).join(' ')}|${span.text}>`,
    );
    return `${style}${depth}${start === undefined ? '' : `=${start}`} ${text.join('')}`.trimEnd();
  });

describe('blocks', () => {
  test.each<[string, string, string[]]>([
    ['paragraphs', 'One\ntwo\n\nThree', ['normal One two', 'normal Three']],
    [
      'headings, the first level as the second, the last two as the fourth',
      '# A\n## B\n### C\n#### D\n##### E\n###### F',
      ['h2 A', 'h2 B', 'h3 C', 'h4 D', 'h4 E', 'h4 F'],
    ],
    ['underlined headings', 'A\nb\n=\n\nC\n-', ['h2 A b', 'h2 C']],
    ['rules', 'a\n\n***\n\nb', ['normal a', 'rule {}', 'normal b']],
    ['code', '```js x=1\na  b\n```\n\n    c', ['code {"language":"js","code":"a  b"}', 'code {"code":"c"}']],
    ['lists in lists', '- a\n  - b\n    1. c\n- d', ['normal -1 a', 'normal -2 b', 'normal #3 c', 'normal -1 d']],
    ['a list that begins at 3', '3. a\n4. b', ['normal #1=3 a', 'normal #1 b']],
    [
      'items of several paragraphs',
      '- a\n\n  b\n\n  ```\n  c\n  ```\n- d',
      ['normal -1 a', 'normal /1 b', 'code /1 {"code":"c"}', 'normal -1 d'],
    ],
    [
      'items that begin with something else',
      '- ```\n  c\n  ```\n- # h\n- > q\n-\n- - x',
      [
        'normal -1',
        'code /1 {"code":"c"}',
        'h2 -1 h',
        'normal -1',
        'blockquote /1 q',
        'normal -1',
        'normal -1',
        'normal -2 x',
      ],
    ],
    ['an item continued after a list in it', '- a\n  - b\n\n  c', ['normal -1 a', 'normal -2 b', 'normal /1 c']],
    ['quotes of several paragraphs', '> a\n>\n> b\n\nc', ['blockquote a', 'blockquote b', 'normal c']],
    [
      'lists in quotes',
      '> a\n> - b\n>   - c\n>\n>   d',
      ['blockquote a', 'blockquote -1 b', 'blockquote -2 c', 'blockquote /1 d'],
    ],
    [
      'tables',
      '|a|b|c|\n|:-|:-:|-|\n|1|\n|x|y|z|',
      [
        `table ${JSON.stringify({
          header: true,
          align: ['left', 'center', null],
          rows: [
            ['a', 'b', 'c'],
            ['1', '', ''],
            ['x', 'y', 'z'],
          ].map((row) => ({
            cells: row.map((text) => ({ children: [{ _type: 'span', text, marks: [] }], markDefs: [] })),
          })),
        })}`,
      ],
    ],
    [
      'an image alone',
      '![A ferry](https://harrowbay.example/f.jpg "At dawn")',
      ['image {"url":"https://harrowbay.example/f.jpg","alt":"A ferry","caption":"At dawn"}'],
    ],
  ])('%s', (_, markdown, expected) => expect(sketch(markdown)).toEqual(expected));

  test('a table with an empty header is one without', () => {
    expect(read('|||\n|-|-|\n|a|b|').blocks).toMatchObject([{ _type: 'table', header: false, rows: [{}] }]);
  });
});

describe('running text', () => {
  test.each<[string, string, string[]]>([
    [
      'marks',
      '**a** *b* ~~c~~ `d` __e__ _f_',
      ['normal <strong|a> <em|b> <strike-through|c> <code|d> <strong|e> <em|f>'],
    ],
    [
      'marks in marks, in one order',
      '*a **b** ~~`c`~~*',
      ['normal <em|a ><strong em|b><em| ><em strike-through code|c>'],
    ],
    ['hard breaks', 'a  \nb\\\nc<br>d', ['normal a\nb\nc\nd']],
    ['a single tilde is no mark', 'in ~200 of ~300', ['normal in ~200 of ~300']],
    [
      'links',
      '[a *b*](/x "t") <https://c.example> <d@e.example>',
      ['normal </x|a ><em /x|b> <https://c.example|https://c.example> <mailto:d@e.example|d@e.example>'],
    ],
    ['references', '[a][r] [R] [q]\n\n[r]: /x\n[R]: /y', ['normal </x|a> </x|R> [q]']],
    ['spaces in addresses', '[a](<x y>)', ['normal <x%20y|a>']],
    ['no address, no link', '[a]()', ['normal a']],
    ['a link in a link', '[<https://a.example>](/x)', ['normal </x|https://a.example>']],
    ['an image in a line', 'a ![b](/c.png) d', ['normal a </c.png|b> d']],
    ['an image that may not be shown', '![b](/c.png)', ['normal </c.png|b>']],
    ['character references', '&lt;b&gt; &copy; &#8211;', ['normal <b> © –']],
  ])('%s', (_, markdown, expected) => expect(sketch(markdown)).toEqual(expected));
});

describe('raw HTML', () => {
  test('is left out, and its words stay', () => {
    const markdown =
      'a <b class="x">bold</b> <!-- note --> z\n\n<div>\n<p>One &amp; two<br>three</p>\n<script>alert(1)</script>\n</div>\n\n<!--\n\nhidden\n\n-->\n\nend';
    expect(sketch(markdown)).toEqual(['normal a bold  z', 'normal One & two\nthree', 'normal end']);
    expect(reports(markdown)).toEqual([
      '1: HTML <b>',
      '1: HTML comment',
      '3: HTML <div>; its words are kept',
      '8: HTML comment',
    ]);
  });

  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<iframe src="javascript:alert(1)"></iframe>',
    '<a href="javascript:alert(1)">',
    '<!-- > -->',
    '<style>*{}</style>',
    '<math><mi xlink:href="data:x">',
  ])('nothing of %s is left', (html) => {
    expect(read(html).blocks).toEqual([]);
    expect(read(`<div>${html}</div>`).blocks).toEqual([]);
  });
});

test('what is simplified is reported with its line', () => {
  expect(
    reports(
      '---\ntitle: T\nlayout: x\n---\n# A\n\n[a](/x "t")\n\n> > b\n\n> # c\n>\n> ```\n> d\n> ```\n\n``` js y\n```\n\n[![e](https://f.example/g.png)](/h)\n\n[ ![](x) ](/y)',
    ),
  ).toEqual([
    '3: front matter “layout”',
    '5: heading h1, kept as h2',
    '7: title of a link',
    '9: quote in a quote, kept as one quote',
    '11: heading in a quote, kept as quoted text',
    '13: quote around a code, which is kept',
    '17: “y” after a code block’s language',
    '20: link around an image, which is kept',
    '22: image in a line',
  ]);
});

describe('front matter', () => {
  test.each<[string, string | undefined]>([
    ['---\ntitle: "A: b"\n---\nx', 'A: b'],
    ['---\ntitle: 1.10\n---\nx', '1.10'],
    ['---\ntitle: >\n  folded\n  text\n---\nx', 'folded text'],
    ['---\ntitle: [a]\n---\nx', undefined],
    ['---\n---\nx', undefined],
    ['x\n\n---\ntitle: A\n---', undefined],
  ])('%j', (markdown, headline) => expect(read(markdown).frontMatter?.headline).toBe(headline));

  test('text between two rules is text', () => {
    expect(sketch('---\nThe ferry sails\n---\nx')).toEqual(['rule {}', 'h2 The ferry sails', 'normal x']);
  });

  test.each(['[', '{a: ', '- ', 'a: &a [*a]\n', '? '])(
    'made of %j without end is refused or read, not suffered',
    (piece) => {
      parseBody({ markdown: `---\n${piece.repeat(5000)}\n---\nx` });
      expect(faults(`---\n${piece.repeat(50_000)}\n---\nx`)[0]).toMatch(/^(too-large|too-complex)/);
    },
  );
});

describe('refused:', () => {
  test.each<[string, string]>([
    ['a\n\n[b](javascript:alert%281%29)', 'url-not-allowed Line 3:'],
    ['[b](java&#10;script:alert)', 'url-not-allowed Line 1:'],
    ['[b][r]\n\n[r]: <data:text/html,x>', 'url-not-allowed Line 1:'],
    ['<javascript:alert(1)>', 'url-not-allowed Line 1:'],
    ['![a](javascript:alert)', 'url-not-allowed Line 1:'],
    ['![a](data:image/png;base64,AA)', 'url-not-allowed Line 1:'],
    ['<div>a &#1; b</div>', 'control-character U+0001'],
    ['`a\u0007`', 'control-character U+0007'],
    ['a\ud800', 'lone-surrogate '],
    [`${'> '.repeat(21)}a`, 'too-deep Line 1:'],
    [Array.from({ length: 21 }, (_, i) => `${'  '.repeat(i)}- a`).join('\n'), 'too-deep Line 21:'],
    [`${'*a _b '.repeat(11)}c${'_ *'.repeat(11)}`.replaceAll('_ *', '_*'), 'too-deep Line 1:'],
  ])('%j', (markdown, expected) => expect(faults(markdown)[0]).toMatch(expected));

  test('twenty levels of list, quote and marks may stand', () => {
    expect(sketch(Array.from({ length: 20 }, (_, i) => `${'  '.repeat(i)}- **a**`).join('\n'))).toHaveLength(20);
    expect(sketch('- - - - - - - - - -')).toEqual(['rule {}']);
    expect(sketch('* '.repeat(40))).toEqual(['rule {}']);
  });
});

// A mebibyte of each would keep a parser busy for minutes or hours, or exhaust its stack.
test.each([
  '[',
  '*a ',
  '**a* ',
  '>',
  '> ',
  '![',
  '_a_ ',
  '1) ',
  '- a\n',
  '- a\n\n',
  '# a\n',
  'a**b',
  '~~a ',
  '[a](',
  '> a\n',
  '|a|b|\n',
  '\n',
  'a\n\n',
  'a\n',
  '---\n',
])('a mebibyte of %j is refused or read at once', (piece) => {
  const parsed = parseBody({ markdown: piece.repeat(Math.floor(2 ** 20 / piece.length)) });
  if (!parsed.ok) expect(parsed.faults[0]!.code).toMatch(/^(too-complex|too-deep|too-many-blocks|block-too-large)$/);
  else expect(parsed.value.blocks.length).toBeLessThanOrEqual(2000);
});

test('runs of backticks of all lengths are refused', () => {
  const markdown = Array.from({ length: 1400 }, (_, i) => `${'`'.repeat(i + 1)} a`).join('');
  expect(faults(markdown)[0]).toMatch(/^too-complex/);
});

test('a long text with all that people write is read', () => {
  const chapter = `## Part\n\n${'Some *words* with a [link](/x) and `code` in it. '.repeat(40)}\n\n${'- an item\n  - with *another*\n'.repeat(20)}\n| a | b |\n| - | - |\n${'| *c* | [d](/e) |\n'.repeat(40)}\n\n`;
  const { blocks } = read(chapter.repeat(40));
  expect(blocks).toHaveLength(40 * 43);
  expect(toText({ body: blocks.map((block, i) => ({ ...block, _key: `k${i}` }) as Block) }).length).toBeGreaterThan(
    80_000,
  );
});
