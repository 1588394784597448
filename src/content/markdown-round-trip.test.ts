/** What was written as Markdown comes back the same when it is fetched as Markdown and sent again. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toMarkdown } from './markdown-out.js';
import { parseBody } from './parse-body.js';
import type { Block, BlockText } from './types.js';

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
      { seed: 20260321, numRuns: Number(process.env.RUNS ?? 600) },
    );
  });
});
