/** A version reads well as plain text and as Markdown, also where words were removed or a block isn't known. */
import { describe, expect, test } from '@jest/globals';
import { documentMarkdown, toMarkdown } from './markdown-out.js';
import { parseBody } from './parse-body.js';
import { parseDraftContent } from './parse-fields.js';
import { documentText, toText } from './text-out.js';
import type { Block, Content, DraftBlock } from './types.js';

const keyed = (blocks: readonly DraftBlock[]) => blocks.map((block, i) => ({ ...block, _key: `k${i}` }) as Block);
const body = (sent: unknown) => {
  const parsed = parseBody(sent);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return keyed(parsed.value.blocks);
};
const span = (text: string, ...marks: string[]) => ({ _type: 'span', text, marks });

const markdown = `## Crews vote

The **Bay *Island* Ferries** crews [voted on \`8 May\`](/vote) ~~twice~~\\
at noon.

> A quote
>
> - with a list
>   1. in it

3. three

   more

4. four
   - sub

\`\`\`sql
SELECT 1;
\`\`\`

| a | b |
| :- | - |
| **c** | d\\|e |

***

![A ferry](https://harrowbay.example/f.jpg "At dawn")
`;
const content: Content = {
  fields: { headline: 'Crews: a "vote"', standfirst: 'Two\nlines', byline: 'By Ines Varga' },
  statements: [
    { id: 's1', speaker: 'Lena Okafor', organisation: 'Bay Island Ferries' },
    { id: 's2', speaker: { _absent: 'erased' } },
  ],
  body: [
    ...body({ text: 'Before.' }),
    ...body({ text: 'One.\n\nTwo.' }).map((block, i) => ({ ...block, _key: `a${i}`, statement: 's1' })),
    { ...body({ text: 'Three.' })[0]!, _key: 'b0', statement: 's2' },
    { _type: 'removed', absence: 'erased', _key: 'c0' },
    { _type: 'chart', data: [1], _key: 'c1' },
  ],
};

describe('plain text', () => {
  test('marks lists, quotes and tables as in e-mail', () => {
    expect(toText({ body: body({ markdown }) })).toBe(`Crews vote

The Bay Island Ferries crews voted on 8 May twice
at noon.

> A quote
>
> - with a list
>   1. in it

3. three

   more
4. four
   - sub

SELECT 1;

a | b
c | d|e

* * *

[Image: A ferry]
At dawn`);
  });

  test('without signs it has only the words of the text', () => {
    const words = toText({ body: body({ markdown }) }, { marks: false });
    expect(words.split(/\s+/).join(' ')).toBe(
      'Crews vote The Bay Island Ferries crews voted on 8 May twice at noon. A quote with a list in it three more four sub SELECT 1; a b c d|e At dawn',
    );
  });

  test('names who speaks, what is removed and what is not known', () => {
    expect(documentText(content)).toBe(
      'Crews: a "vote"\n\nTwo\nlines\n\nBy Ines Varga\n\nBefore.\n\nStatement by Lena Okafor, Bay Island Ferries:\n\nOne.\n\nTwo.\n\nStatement by [removed]:\n\nThree.\n\n[removed]\n\n[chart]',
    );
    expect(toText(content, { statements: false })).toBe('Before.\n\nOne.\n\nTwo.\n\nThree.\n\n[removed]\n\n[chart]');
  });

  test('a removed headline is marked', () => {
    expect(documentText({ fields: { headline: { _absent: 'hidden' } }, statements: [], body: [] })).toBe('[removed]');
  });
});

describe('Markdown', () => {
  test('is written plainly', () => {
    expect(toMarkdown({ body: body({ markdown }) })).toBe(`## Crews vote

The **Bay *Island* Ferries** crews [voted on \`8 May\`](/vote) ~~twice~~\\
at noon.

> A quote
>
> - with a list
>   1. in it

3. three

   more
4. four
   - sub

\`\`\`sql
SELECT 1;
\`\`\`

| a | b |
| :- | - |
| **c** | d\\|e |

***

![A ferry](https://harrowbay.example/f.jpg "At dawn")
`);
  });

  test('names who speaks, what is removed and what is not known', () => {
    expect(toMarkdown(content)).toBe(
      'Before.\n\n**Statement by Lena Okafor, Bay Island Ferries:**\n\nOne.\n\nTwo.\n\n**Statement by \\[removed]:**\n\nThree.\n\n\\[removed]\n\n\\[chart]\n',
    );
    expect(toMarkdown(content, { statements: false })).not.toContain('Lena');
    expect(toMarkdown({ body: [] })).toBe('');
  });

  test('a whole version that is sent back changes nothing', () => {
    const sent = documentMarkdown({ ...content, body: body({ markdown }) });
    expect(sent).toMatch(/^---\ntitle: /);
    const parsed = parseDraftContent({ body: { markdown: sent } });
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        fields: { headline: 'Crews: a "vote"' },
        dropped: [{ what: 'front matter “standfirst”' }, { what: 'front matter “byline”' }],
      },
    });
    expect(parsed.ok && keyed(parsed.value.body!)).toEqual(body({ markdown }));
  });

  test.each(['- dash', 'true', '1.10', '', '#x', 'a: b', '"', '---', '[removed]', '> x', '*a', '\u{1F6A2} ferry'])(
    'the headline %j survives front matter',
    (headline) => {
      const sent = documentMarkdown({ fields: { headline }, statements: [], body: [] });
      const parsed = parseBody({ markdown: sent });
      expect(parsed.ok && parsed.value.frontMatter?.headline).toBe(headline || undefined);
    },
  );

  test('a removed headline is a comment that is not read as one', () => {
    const sent = documentMarkdown({
      fields: { headline: { _absent: 'hidden' }, byline: 'x' },
      statements: [],
      body: [],
    });
    expect(sent).toBe('---\n# title: [removed]\nbyline: x\n---\n');
    const parsed = parseBody({ markdown: sent });
    expect(parsed.ok && parsed.value.frontMatter).toBeUndefined();
  });

  test('a text that looks like Markdown stays text', () => {
    const hostile = [
      '# a',
      '- b',
      '1. c',
      '> d',
      '---',
      '```',
      '| a |\n|-|',
      '*e*',
      '[f](javascript:x)',
      '<b>',
      '&amp;',
      '    g',
      '~~h~~',
      '\\',
      '<!-- i -->',
      '---\ntitle: x\n---',
      'http://a.example',
      '\u00a0',
      '![x](y)',
      'a\n\n\nb',
      ' a ',
      'a\n b',
    ];
    for (const text of hostile) {
      const sent = body([{ _type: 'block', children: [span(text)] }]);
      const again = body({ markdown: toMarkdown({ body: sent }) });
      expect(toText({ body: again })).toBe(text);
    }
  });

  test('what Markdown can’t say keeps its words', () => {
    const sent = body([
      { _type: 'block', children: [span('under', 'underline', 'strong'), span('line\nfeed', 'code')], style: 'h3' },
      { _type: 'table', rows: [{ cells: ['a\nb', 'c'] }, { cells: ['d'] }] },
      { _type: 'image', url: 'https://a.example/b.png', alt: 'x', caption: 'y', credit: 'z' },
      { _type: 'embed', url: 'https://a.example/v' },
      { _type: 'block', listItem: 'bullet', level: 5, children: [span('deep')] },
    ]);
    expect(toMarkdown({ body: sent })).toBe(
      '### **under**`line`<br>`feed`\n\n| | |\n| - | - |\n| a<br>b | c |\n| d | |\n\n![x](https://a.example/b.png "y — z")\n\n<https://a.example/v>\n\n- deep\n',
    );
  });

  test('a link that is partly bold stays one link', () => {
    const link = { _type: 'link', _key: 'l0', href: '/x' };
    const children = [span('a ', 'strong'), span('b', 'strong', 'l0'), span(' c', 'l0'), span(' d', 'strong')];
    const sent = body([{ _type: 'block', children, markDefs: [link] }]);
    const again = body({ markdown: toMarkdown({ body: sent }) });
    expect(again).toEqual(sent);
  });
});
