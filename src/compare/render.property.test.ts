/** What holds for the renderings of any comparison. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { content, pairOfContents, pairOfShuffled, paragraph } from '../../test/compare/any-contents.js';
import { isLinkUrl } from '../content/url.js';
import { compareContents } from './compare.js';
import { renderInline, renderSideBySide } from './render-html.js';
import { ansi, renderText } from './render-text.js';
import { linesOf, renderUnified } from './render-unified.js';
import type { Comparison } from './types.js';

const allowed: { [tag: string]: RegExp } = {
  a: /^(class|href|id|rel)$/,
  ...Object.fromEntries('ins del'.split(' ').map((tag) => [tag, /^(class|id)$/])),
  ...Object.fromEntries('div p span tr table'.split(' ').map((tag) => [tag, /^(class|id)$/])),
  td: /^colspan$/,
  th: /^scope$/,
  ...Object.fromEntries(
    'bdi dl dt dd br ul ol li pre code blockquote h2 h3 h4 strong em u s thead tbody'
      .split(' ')
      .map((tag) => [tag, /^$/]),
  ),
};
const phrasing = /^(a|ins|del|span|bdi|br|strong|em|u|s|code)$/;
const closed = /^(p|h2|h3|h4|pre|dt|summary)$/;

/** Strict: every tag known and closed in turn, every attribute known and quoted, every `&` a reference. */
function checkHtml(html: string): void {
  const open: string[] = [];
  const ids = new Set<string>();
  const rest = html.replace(
    /<(\/?)([a-z0-9]+)((?: [a-z]+="[^"<>]*")*)>/g,
    (_, slash: string, tag: string, attributes: string) => {
      expect(Object.keys(allowed)).toContain(tag);
      if (slash) {
        expect(open.pop()).toBe(tag);
        return '';
      }
      for (const [, name, value] of attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)) {
        expect(name).toMatch(allowed[tag]!);
        if (name === 'id') {
          expect(ids.has(value!)).toBe(false);
          ids.add(value!);
        }
        if (name === 'href') expect(value!.startsWith('#') || isLinkUrl(value!.replaceAll('&amp;', '&'))).toBe(true);
      }
      if (tag === 'a') expect(open).not.toContain('a');
      if (open.some((outer) => closed.test(outer) || phrasing.test(outer))) expect(tag).toMatch(phrasing);
      if (tag !== 'br') open.push(tag);
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]/);
  expect(rest.replace(/&(amp|lt|gt|quot|#39|#13);/g, '')).not.toContain('&');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const colours = /\u001b\[(?:2|22|32;4|24;39|31;9|29;39)m/g;

describe('for any two contents', () => {
  const check = (
    holds: (result: Comparison, before: Parameters<typeof linesOf>[0], after: Parameters<typeof linesOf>[0]) => void,
  ) =>
    fc.assert(
      fc.property(fc.oneof(pairOfContents, pairOfShuffled), ({ before, after }) =>
        holds(compareContents(before, after), before.body, after.body),
      ),
      { seed: 13, numRuns: 300 },
    );

  test('the HTML is well-formed and inert', () =>
    check((result) => {
      checkHtml(renderInline(result));
      checkHtml(renderSideBySide(result));
      checkHtml(renderInline(result, { ids: 'x-', context: 0 }));
    }));

  test('the unified text takes the lines before to the lines after', () =>
    check((result, before, after) => {
      const lines = renderUnified(result, { context: 1e9 }).split('\n').slice(3, -1);
      if (lines.length === 0) expect(linesOf(before)).toEqual(linesOf(after));
      else
        for (const [sign, side] of [
          ['+', before],
          ['-', after],
        ] as const)
          expect(lines.filter((line) => line[0] !== sign).map((line) => line.slice(1))).toEqual(linesOf(side));
    }));

  test('a terminal is sent no control characters but its colours', () =>
    check((result) => {
      expect(renderText(result, { palette: ansi }).replace(colours, '')).not.toMatch(controls);
    }));
});

const moved = () => {
  const [a, b, c] = [
    'The ferry to Eyot Island did not leave Harrow Bay on Friday morning.',
    'Some 240 passengers waited in the rain until the old customs hall was opened for them.',
    'Nobody at the quay could say why the boat stayed where it was.',
  ];
  const [d, e] = [
    'Ines Varga had stopped counting the lost mornings long ago.',
    'The next crossing is planned for noon.',
  ];
  return compareContents(
    content([paragraph(`${a} ${b} ${c}`, 'k0'), paragraph(`${d} ${e}`, 'k1')]),
    content([paragraph(`${a} ${c}`, 'k0'), paragraph(`${d} ${e} ${b!.replace('240', '260')}`, 'k1')]),
  );
};

describe('a sentence that moved and was edited on the way', () => {
  test('is one move and one figure, not a removal and an addition', () => {
    const { moves, summary } = moved();
    expect(moves).toMatchObject([{ from: 0, to: 1, direction: 'down', edited: true, words: 15 }]);
    expect(summary.words).toMatchObject({ added: 1, removed: 1, moved: 15 });
    expect(summary.sentences).toEqual({ additions: 0, deletions: 0, edits: 1, refactors: 1 });
    expect(summary.sentence).toBe('Moves and edits a sentence.');
  });

  test('is linked from where it was to where it is, and back', () => {
    const html = renderInline(moved());
    expect(html).toMatch(/<a class="move" href="#t0">moved down<\/a> <del class="moved" id="f0">/);
    expect(html).toMatch(/<a class="move" href="#f0">moved down from here<\/a> <span class="moved" id="t0">/);
  });

  test('is numbered in plain text', () => {
    const text = renderText(moved());
    expect(text).toContain('(1↓)');
    expect(text).toContain('(↓1)');
    expect(text).toContain('[-240-]');
    expect(text).toContain('{+260+}');
  });
});
