/** What was written as Markdown comes back the same when it is fetched as Markdown and sent again. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { toMarkdown } from './markdown-out.js';
import { parseBody } from './parse-body.js';
import { plainText, toText } from './text-out.js';
import type { Block, BlockText, TextBlock } from './types.js';

const runs = Number(process.env.RUNS ?? 600);

const parse = (markdown: string): BlockText[] => {
  const parsed = parseBody({ markdown });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.value.blocks;
};
const body = (blocks: readonly BlockText[]): Block[] => blocks.map((block, i) => ({ ...block, _key: `k${i}` }));

const soup = fc
  .array(
    fc.constantFrom(
      ...['a', 'b c', ' ', '  ', '\n', '\n\n', '*', '**', '_', '__', '~~', '~', '`', '``', '[', ']', '](/x)', '[r]'],
      ...[
        '\n- ',
        '\n1. ',
        '\n7) ',
        '\n  - ',
        '\n   ',
        '\n    ',
        '\n> ',
        '\n>> ',
        '\n# ',
        '\n### ',
        '\n===\n',
        '\n---\n',
      ],
      ...['\n```\n', '\n|a|b|\n|-|:-:|\n|', '|', '\\', '<br>', '<b>', '&amp;', '&#32;', '&nbsp;', '<http://a.example>'],
      ...[
        '![i](https://a.example/i.png)',
        '!',
        '\t',
        '#',
        '+',
        '-',
        '.',
        '1.',
        '(',
        ')',
        '"',
        "'",
        '\u00e9',
        '\u{1F6A2}',
        '\n[r]: /r "t"\n',
      ],
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));

describe('Markdown that was parsed', () => {
  test('comes back as the same blocks, whatever it was', () => {
    fc.assert(
      fc.property(soup, (markdown) => {
        const parsed = parseBody({ markdown });
        if (!parsed.ok) return;
        const written = toMarkdown({ body: body(parsed.value.blocks) });
        expect(parse(written)).toEqual(parsed.value.blocks);
      }),
      { seed: 20260321, numRuns: runs },
    );
  });
});

describe('words', () => {
  const renderer = new MarkdownIt({ html: true });
  const words = (text: string) => text.match(/[\p{L}\p{N}]+/gu) ?? [];
  /** What a reader sees of HTML. */
  const seen = (html: string) =>
    html
      .replace(/<br ?\/?>|<\/(p|li|h\d|td|th)>/g, '\n')
      .replace(/<[^>]*>/g, '')
      .replace(/&(?:#\d+|[a-z]+);/g, ' ');

  test('that another renderer shows are all there, in order', () => {
    fc.assert(
      fc.property(soup, (markdown) => {
        // A description of an image is no text to a renderer; where tables begin, renderers differ.
        if (/[!|]/.test(markdown)) return;
        const parsed = parseBody({ markdown });
        if (!parsed.ok) return;
        const ours = words(toText({ body: body(parsed.value.blocks) }, { marks: false }));
        // The parser keeps a few signs as text that the other takes for an empty item's (`7)` after indented code).
        const shown = words(seen(renderer.render(markdown)));
        expect(ours.filter((word) => !/^[17]$/.test(word))).toEqual(shown.filter((word) => !/^[17]$/.test(word)));
      }),
      { seed: 20260321, numRuns: runs },
    );
  });

  test('of any spans survive being written and read', () => {
    const text = fc
      .array(
        fc.constantFrom(
          'a',
          'b',
          ' ',
          '\n',
          '*',
          '_',
          '~',
          '`',
          '[',
          ']',
          '(',
          '!',
          '<',
          '&',
          '\\',
          '#',
          '1.',
          '-',
          '\u{1F6A2}',
          '|',
          '\t',
        ),
        {
          maxLength: 5,
        },
      )
      .map((characters) => characters.join(''));
    const span = fc.record({
      _type: fc.constant('span'),
      text,
      marks: fc.subarray(['strong', 'em', 'strike-through', 'code', 'underline', 'l0', 'l1']),
    });
    const block = fc.record({
      _type: fc.constant('block'),
      style: fc.constantFrom('normal', 'normal', 'h2', 'h4', 'blockquote'),
      children: fc.array(span, { maxLength: 5 }),
      markDefs: fc.constant([
        { _type: 'link', _key: 'l0', href: '/x' },
        { _type: 'link', _key: 'l1', href: 'https://a.example/(b' },
      ]),
    });
    // White space at the ends of lines is Markdown's own.
    const bare = (text: string) => text.replace(/\s+/g, '');
    fc.assert(
      fc.property(block, (sent) => {
        const parsed = parseBody([{ ...sent, children: [{ text: 'a' }, ...sent.children, { text: 'z' }] }]);
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
        const again = parse(toMarkdown({ body: body(parsed.value.blocks) }));
        expect(bare(again.map((one) => plainText(one as TextBlock)).join(''))).toBe(
          bare(plainText(parsed.value.blocks[0] as TextBlock)),
        );
      }),
      { seed: 20260321, numRuns: runs },
    );
  });
});
