import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { adversarialText } from '../../test/compare/adversarial-text.js';
import { content, paragraph } from '../../test/compare/any-contents.js';
import type { Block } from '../content/types.js';
import { compareContents } from './compare.js';
import { renderInline, renderSideBySide } from './render-html.js';
import { renderText } from './render-text.js';
import type { Run } from './types.js';

const compared = (was: string, is: string, language = 'en') =>
  compareContents(content([paragraph(was, 'k')]), content([paragraph(is, 'k')]), { language });
const told = (was: string, is: string, language?: string) =>
  renderText(compared(was, is, language))
    .trimEnd()
    .split('\n\n')
    .slice(1)
    .join('\n');

describe('where only a space or the point of an abbreviation came or went, it alone is marked', () => {
  test.each([
    ['en', 'Bring food, e.g, bread.', 'Bring food, e.g., bread.', 'Bring food, e.g{+.+}, bread.'],
    ['en', 'It left at 9 a.m on Friday.', 'It left at 9 a.m. on Friday.', 'It left at 9 a.m{+.+} on Friday.'],
    ['en', 'The boator the bus is late.', 'The boat or the bus is late.', 'The boat{+ +}or the bus is late.'],
    ['en', 'The boatorthe bus is late.', 'The boat or the bus is late.', 'The boat{+ +}or{+ +}the bus is late.'],
    ['de', 'Eine Fähre, z.B die von Eyot.', 'Eine Fähre, z.B. die von Eyot.', 'Eine Fähre, z.B{+.+} die von Eyot.'],
    ['ru', 'Паром ушёлв девять часов.', 'Паром ушёл в девять часов.', 'Паром ушёл{+ +}в девять часов.'],
    ['ar', 'غادرت العبّارةفي التاسعة.', 'غادرت العبّارة في التاسعة.', 'غادرت العبّارة{+ +}في التاسعة.'],
    ['hi', 'नौकादस बजे चली।', 'नौका दस बजे चली।', 'नौका{+ +}दस बजे चली।'],
    ['th', 'เรือออกตอนเก้าโมง', 'เรือออก ตอนเก้าโมง', 'เรือออก{+ +}ตอนเก้าโมง'],
    ['zh', '研究生命起源的人。', '研究生 命起源的人。', '研究生{+ +}命起源的人。'],
    ['ja', '東京都に住む。', '東 京都に住む。', '東{+ +}京都に住む。'],
  ])('%s: %s', (language, was, is, expected) => {
    expect(told(was, is, language)).toBe(expected);
    const back = expected.replaceAll('{+', '[-').replaceAll('+}', '-]');
    expect(told(is, was, language)).toBe(back);
  });

  test.each([
    ['figures', 'At quay 1 5 boats lay.', 'At quay 15 boats lay.', 'At quay [-1 5-]{+15+} boats lay.'],
    [
      'points inside',
      'They went to the US then.',
      'They went to the U.S. then.',
      'They went to the [-US-]{+U.S.+} then.',
    ],
    ['a letter in its own right', 'They wrote क् ष then.', 'They wrote क्ष then.', 'They wrote [-क् ष-]{+क्ष+} then.'],
  ])('but not %s', (_, was, is, expected) => expect(told(was, is)).toBe(expected));
});

describe('white space that became other white space', () => {
  const [was, is] = ['The crew or  made it up.', 'The crew or made it up.'];

  test('is kept, and can still be told', () => {
    const { blocks, summary } = compared(was, is);
    expect(blocks[0]!.kind).toBe('reformatted');
    expect(blocks[0]!.runs!.map(({ text, textBefore = text }) => textBefore).join('')).toBe(was);
    expect(summary).toMatchObject({
      sentence: 'Changes punctuation or spacing in one paragraph.',
      formattingOnly: true,
      significance: 'formatting',
    });
    expect(told(was, is)).toBe(`(respaced) ${is}`);
    const html = renderInline(compared(was, is));
    expect(html).toContain(`<p class="note">spacing changed</p>\n<p>${is}</p>`);
    expect(renderSideBySide(compared(was, is))).toContain(`<td><p>${was}</p></td>`);
  });

  test('is told of in a statement as well', () => {
    const of = (text: string) => ({
      ...content([{ ...paragraph(text, 'k'), statement: 's' }]),
      statements: [{ id: 's', speaker: 'Ines Varga' }],
    });
    const { summary } = compareContents(of(was), of(is));
    expect(summary.sentence).toBe('Changes punctuation or spacing in one paragraph.');
  });

  test.each(['\uFEFF', '\u1680'])('is marked where it does not read the same (%j)', (odd) => {
    const { blocks } = compared('They are not able.', `They are not${odd}able.`);
    expect(blocks[0]!.kind).toBe('edited');
  });

  test('is not marked beside what is', () =>
    expect(told(was, is.replace('up', 'again'))).toBe('The crew or made it [-up-]{+again+}.'));

  test('is marked where it breaks lines, and in code', () => {
    expect(told(was, is.replace('or ', 'or\n'))).toContain('[-  -]');
    const code = (text: string) => content([{ _type: 'code', _key: 'k', code: text } as Block]);
    expect(renderText(compareContents(code('if  a'), code('if a')))).toContain('if[-  -]{+ +}a');
  });
});

test('whatever is respelled, both sides are whole and the way back is the mirror image', () => {
  const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
  const between = fc.constantFrom('', '', ' ', ' ', '  ', '\u00A0', '.', '. ');
  const respelt = fc
    .array(fc.tuple(fc.oneof(adversarialText, fc.constantFrom('boat', 'e.g', 'z.B', '15')), between, between), {
      maxLength: 5,
    })
    .map((parts) => [1, 2].map((side) => `Ferry${parts.map((part) => part[0] + part[side]).join('')}quay`));
  const spelled = (runs: readonly Run[], side: 'before' | 'after') =>
    runs
      .filter(({ op }) => op !== (side === 'before' ? 'inserted' : 'deleted'))
      .map(({ text, textBefore = text }) => (side === 'before' ? textBefore : text));
  fc.assert(
    fc.property(respelt, ([was, is]) => {
      const turned = { kept: 'kept', inserted: 'deleted', deleted: 'inserted' } as const;
      const { blocks } = compared(was!, is!);
      const back = compared(is!, was!).blocks;
      for (const [k, { runs = [], before, after }] of blocks.entries()) {
        if (before.length + after.length !== 2) continue;
        for (const [side, text] of [
          ['before', was!],
          ['after', is!],
        ] as const) {
          const pieces = spelled(runs, side);
          if (runs.length > 0) expect(pieces.join('')).toBe(text);
          const starts = new Set([...graphemes.segment(text)].map(({ index }) => index)).add(text.length);
          expect(pieces.every((_, k) => starts.has(pieces.slice(0, k).join('').length))).toBe(true);
        }
        const edits = (list: readonly Run[]) => list.filter(({ op }) => op !== 'kept');
        const mirrored = edits(back[k]!.runs ?? []).map(({ op, text }) => `${turned[op]} ${text}`);
        expect(
          edits(runs)
            .map(({ op, text }) => `${op} ${text}`)
            .sort(),
        ).toEqual(mirrored.sort());
      }
    }),
    { seed: 14, numRuns: 600 },
  );
});
