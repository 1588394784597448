/** What was written as HTML comes back the same when it is fetched as HTML and sent again. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseFragment } from 'parse5';
import { documentHtml, toHtml } from './html-out.js';
import { isElement, type Node, textWithin } from './html-tree.js';
import { parseBody } from './parse-body.js';
import { parseDraftContent } from './parse-fields.js';
import { toText } from './text-out.js';
import type { Block, BlockText, TextBlock } from './types.js';

const runs = Number(process.env.RUNS ?? 600);
const options = { seed: 20260321, numRuns: runs };

const parse = (html: string): BlockText[] => {
  const parsed = parseBody({ html });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.value.blocks;
};
const body = (blocks: readonly BlockText[]): Block[] => blocks.map((block, i) => ({ ...block, _key: `k${i}` }));
const again = (blocks: readonly BlockText[]) => parse(toHtml({ body: body(blocks) }));

const tags =
  'p div b i u s code span a ul ol li blockquote h1 h2 h3 h5 pre table tr td th thead caption figure figcaption small section header q sup font dl dd details';
const soup = fc
  .array(
    fc.oneof(
      fc.constantFrom('a', 'b c', ' ', '  ', '\n', '&nbsp;', '&lt;', '&amp;lt;', '"', '\u00e9', '\u{1F6A2}', '\t'),
      fc.constantFrom(...tags.split(' ')).map((tag) => `<${tag}>`),
      fc.constantFrom(...tags.split(' ')).map((tag) => `</${tag}>`),
      fc.constantFrom(
        '<br>',
        '<hr>',
        '<a href="/x">',
        '<a href="https://a.example/?a=b&c">',
        '<ol start=7>',
        '<!-- x -->',
      ),
      fc.constantFrom(
        '<td align=right>',
        '<td colspan=2>',
        '<td rowspan=2>',
        '<b style="font-weight:400">',
        '<p style="font-style:italic">',
      ),
      fc.constantFrom(
        '<img src="https://a.example/i.png" alt="A &quot;b&quot;">',
        '<img src="https://a.example/j.png">',
        '<img alt=x>',
      ),
      fc.constantFrom(
        '<iframe src="https://player.vimeo.com/video/1"></iframe>',
        '<svg><p>',
        '<table><tr><td>',
        '<code class="language-js">',
      ),
      fc.constantFrom(
        '<figure class="embed"><a href="https://a.example/e">e</a>',
        '<p style="mso-list:l0 level2 lfo1">',
      ),
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));

describe('HTML that was parsed', () => {
  test('comes back as the same blocks, whatever it was', () => {
    fc.assert(
      fc.property(soup, (html) => {
        const parsed = parseBody({ html });
        if (!parsed.ok) return;
        expect(again(parsed.value.blocks)).toEqual(parsed.value.blocks);
      }),
      options,
    );
  });

  test('keeps every word that a page shows, in order', () => {
    fc.assert(
      fc.property(soup, (html) => {
        // Captions are put before tables, and what stands in a table but in no cell before both; of images and frames no words are shown.
        if (/<(table|tr|td|th|caption|thead|figure|small|img|iframe|svg)/.test(html)) return;
        const parsed = parseBody({ html });
        if (!parsed.ok) return;
        const words = (text: string) => text.match(/[\p{L}\p{N}]/gu) ?? [];
        const shown = (node: Node): string => textWithin(node);
        const seen = parseFragment(html).childNodes.filter((node) => isElement(node) || 'value' in node);
        expect(words(toText({ body: body(parsed.value.blocks) }, { marks: false }))).toEqual(
          words(seen.map(shown).join('')),
        );
      }),
      options,
    );
  });
});

/** Contents that HTML can carry whole: no white space that it doesn't show, no empty paragraphs, lists as they nest. */
const word = fc.constantFrom(
  'a',
  'ferry',
  '<b>',
  '&amp;',
  '"x"',
  '\u00e9',
  '\u{1F6A2}',
  '\u202e',
  '1.',
  '# x',
  '</p>',
  '\u200b',
);
const text = fc
  .tuple(word, fc.array(fc.tuple(fc.constantFrom(' ', '\n', '\u00a0', ''), word), { maxLength: 3 }))
  .map(([first, others]) => first + others.flat().join(''));
const decorators = fc.subarray(['strong', 'em', 'underline', 'strike-through', 'code']);
const href = fc.constantFrom('/x', 'https://a.example/?a=b&c=%20#"', 'mailto:desk@a.example', '#f', 'tel:+44-20');
const richText = fc
  .array(fc.record({ text, marks: decorators, href: fc.option(href) }), { minLength: 1, maxLength: 4 })
  .map((spans) => {
    const kept = spans.filter((span, i) => i === 0 || `${span.marks}` !== `${spans[i - 1]!.marks}` || span.href);
    const links = kept.filter((span) => span.href !== null);
    return {
      children: kept.map(({ text, marks, ...span }) => {
        const at = links.findIndex((link) => link.href === span.href && link.text === text && link.marks === marks);
        return { _type: 'span' as const, text, marks: [...marks, ...(at < 0 ? [] : [`l${at}`])] };
      }),
      markDefs: links.map((link, i) => ({ _type: 'link' as const, _key: `l${i}`, href: link.href! })),
    };
  });
const url = fc.constantFrom('https://a.example/i.jpg?a=1&b="', 'http://b.example/');
const flat = fc.oneof(
  richText.chain((rich) =>
    fc
      .constantFrom('normal', 'h2', 'h3', 'h4', 'blockquote')
      .map((style) => ({ _type: 'block' as const, style, ...rich })),
  ),
  fc.constant({ _type: 'rule' }),
  fc.record({
    _type: fc.constant('code'),
    language: fc.constantFrom('sql', 'c++', '"<'),
    code: fc.array(fc.constantFrom('a', ' ', '\n', '\t', '<', '&lt;', '</pre>')).map((parts) => parts.join('')),
  }),
  fc
    .array(fc.array(richText, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
    .chain((rows) =>
      fc.boolean().map((header) => ({ _type: 'table', header, rows: rows.map((cells) => ({ cells })) })),
    ),
  fc.record({
    _type: fc.constant('image'),
    url,
    alt: fc.constantFrom('', 'Ferry "A" <b>', ' two\nlines '),
    caption: text,
    credit: word,
  }),
  fc.record({ _type: fc.constant('image'), url, alt: word }),
  fc.record({ _type: fc.constant('embed'), url, provider: word }),
);
const list = fc
  .array(fc.tuple(richText, fc.integer({ min: 1, max: 4 }), fc.constantFrom('bullet', 'number')), {
    minLength: 1,
    maxLength: 5,
  })
  .map((items) => {
    const kinds: string[] = [];
    let depth = 0;
    return items.map(([rich, level, kind]) => {
      depth = Math.min(level, depth + 1);
      kinds.length = Math.min(kinds.length, depth);
      kinds[depth - 1] ??= kind;
      return { _type: 'block', style: 'normal', ...rich, listItem: kinds[depth - 1], level: depth };
    });
  });
/** A rule between any two lists or quotes, else they are one. */
const bodies = fc
  .array(
    fc.oneof(
      flat.map((block) => [block]),
      list,
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.flatMap((part) => [...part, { _type: 'rule' }]) as BlockText[]);

describe('a body', () => {
  test('of anything that HTML can carry comes back as it was', () => {
    fc.assert(
      fc.property(bodies, (blocks) => {
        const parsed = parseBody(blocks);
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
        expect(again(parsed.value.blocks)).toEqual(parsed.value.blocks);
      }),
      options,
    );
  });

  test('loses no word, whatever its white space and levels', () => {
    const wild = fc.record({
      _type: fc.constant('block'),
      style: fc.constantFrom('normal', 'h2', 'blockquote'),
      listItem: fc.constantFrom('bullet', 'number', undefined),
      level: fc.constantFrom(1, 2, 5, undefined),
      start: fc.constantFrom(undefined, 1, 3),
      children: fc.array(
        fc.record({
          text: fc.array(fc.constantFrom('a', 'b', ' ', '\n', '\t', '<', '&')).map((parts) => parts.join('')),
          marks: decorators,
        }),
        { maxLength: 3 },
      ),
    });
    const bare = (blocks: readonly BlockText[]) => toText({ body: body(blocks) }, { marks: false }).replace(/\s+/g, '');
    fc.assert(
      fc.property(fc.array(wild, { maxLength: 5 }), (blocks) => {
        const parsed = parseBody(JSON.parse(JSON.stringify(blocks)));
        if (!parsed.ok) return;
        const once = again(parsed.value.blocks);
        expect(bare(once)).toBe(bare(parsed.value.blocks));
        expect(again(once)).toEqual(once);
      }),
      options,
    );
  });
});

describe('a whole version', () => {
  const said = 'The ferry was late.';
  const content = {
    fields: { headline: 'Crews: a "vote" <b>', standfirst: 'Two\nlines', byline: 'By Ines Varga', language: 'ar-EG' },
    statements: [{ id: 's1', speaker: 'Lena Okafor', organisation: 'Bay Island Ferries' }],
    body: [
      ...body(parse('<p>Before.')),
      ...parse(`<p>${said}<ul><li>Very`).map((block, i) => ({ ...block, _key: `s${i}`, statement: 's1' })),
      { _type: 'removed' as const, absence: 'hidden' as const, _key: 'r' },
      { _type: 'chart', _key: 'c', html: '<script>alert(1)</script>' },
    ],
  };

  test('is a page of its own, with marks for what is not there', () => {
    expect(documentHtml(content)).toBe(`<!doctype html>
<html lang="ar-EG" dir="rtl">
<head>
<meta charset="utf-8">
<title>Crews: a &quot;vote&quot; &lt;b&gt;</title>
</head>
<body>
<article>
<header>
<h1>Crews: a &quot;vote&quot; &lt;b&gt;</h1>
<p class="standfirst">Two<br>lines</p>
<p class="byline">By Ines Varga</p>
</header>
<p>Before.</p>
<figure class="statement">
<figcaption>Statement by Lena Okafor, Bay Island Ferries:</figcaption>
<blockquote>
<p>The ferry was late.</p>
<ul>
<li>Very</li>
</ul>
</blockquote>
</figure>
<p class="removed"><bdi>[removed]</bdi></p>
<p class="unknown"><bdi>[chart]</bdi></p>
</article>
</body>
</html>
`);
  });

  test('says what is gone of its fields', () => {
    const html = documentHtml({ ...content, fields: { headline: { _absent: 'erased' } }, body: [] });
    expect(html).toContain('<h1>[removed]</h1>');
    expect(html).toContain('<title></title>');
  });

  test('sent back says the same', () => {
    const parsed = parseDraftContent({ body: { html: documentHtml({ ...content, body: content.body.slice(0, 3) }) } });
    expect(parsed).toMatchObject({
      value: {
        fields: { headline: 'Crews: a "vote" <b>' },
        body: [
          { style: 'normal', children: [{ text: 'Before.' }] },
          { style: 'normal', children: [{ text: said }] },
          { style: 'normal', listItem: 'bullet', children: [{ text: 'Very' }] },
        ],
        dropped: [
          { what: 'standfirst in the header' },
          { what: 'byline in the header' },
          { what: 'name of a statement’s speaker' },
        ],
      },
    });
    expect((parsed as { value: { body: TextBlock[] } }).value.body).toHaveLength(3);
  });
});
