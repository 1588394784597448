import { describe, expect, test } from '@jest/globals';
import { phraseFinder, sayingsOf } from './phrase.js';

const holds = (phrase: string, name: string, value: unknown, options = {}) =>
  phraseFinder(phrase, options)(name, value) !== undefined;
const spans = (...texts: string[]) => texts.map((text) => ({ _type: 'span', text, marks: [] }));
const paragraph = (...texts: string[]) => ({
  _type: 'block',
  style: 'normal',
  children: spans(...texts),
  markDefs: [],
});

describe('a phrase is found', () => {
  test.each([
    ['in other case', 'lena okafor', 'LENA OKAFOR said'],
    ['over a line break', 'Lena Okafor', 'said Lena\n  Okafor'],
    ['with a soft hyphen in it', 'Okafor', 'Oka\u00ADfor'],
    ['with a zero-width space in it', 'Okafor', 'Oka\u200Bfor'],
    ['in full width', 'Okafor', 'Ｏｋａｆｏｒ'],
    ['composed otherwise', 'Ren\u00E9', 'Rene\u0301'],
    ['in capitals that write ß as SS', 'Weiß', 'WEISS'],
    ['with the other apostrophe', "O'Hara", 'O’Hara'],
    ['with a hyphen that does not break', 'Smith-Jones', 'Smith‑Jones'],
  ])('%s', (_, phrase, text) => {
    expect(holds(phrase, 'headline', text)).toBe(true);
  });

  test('across the formatting inside a paragraph, never from one paragraph or cell into the next', () => {
    expect(holds('Lena Okafor', 'body/a', paragraph('Le', 'na Oka', 'for'))).toBe(true);
    const table = {
      _type: 'table',
      header: false,
      rows: [
        {
          cells: [
            { children: spans('Lena'), markDefs: [] },
            { children: spans('Okafor'), markDefs: [] },
          ],
        },
      ],
    };
    expect(holds('Lena Okafor', 'body/a', table)).toBe(false);
    expect(holds('Okafor', 'body/a', table)).toBe(true);
  });

  test('wherever something was typed', () => {
    const everywhere: [string, unknown][] = [
      ['slug', 'ferries-lena-okafor-speaks'],
      ['url', 'https://example.org/lena-okafor/1'],
      ['url', 'https://example.org/?by=Lena%20Okafor'],
      ['tags', ['ferries', 'Lena Okafor']],
      ['authors', [{ name: 'Lena Okafor' }]],
      ['leadImage', { url: 'https://example.org/a.jpg', alt: '', credit: 'Lena Okafor' }],
      ['fields', { 'Lena Okafor': 1 }],
      ['fields', { desk: { by: ['Lena Okafor'] } }],
      ['editor', { id: 'lo', name: 'Lena Okafor' }],
      ['labels', ['seen by Lena Okafor']],
      ['body/a', { _type: 'code', code: 'Lena Okafor' }],
      ['body/a', { _type: 'image', url: 'https://example.org/a.jpg', alt: '', caption: 'Lena Okafor' }],
      ['body/a', { _type: 'embed', url: 'https://example.org/lena-okafor' }],
      ['body/a', { _type: 'poll', question: { text: 'Lena Okafor?' } }],
      [
        'body/a',
        { ...paragraph('She'), markDefs: [{ _type: 'link', _key: 'l0', href: 'https://example.org/lena-okafor' }] },
      ],
    ];
    expect(everywhere.filter(([name, value]) => !holds('Lena Okafor', name, value))).toEqual([]);
  });
});

test('only as whole words, if that is asked for', () => {
  expect(holds('Ann', 'headline', 'The announcement')).toBe(true);
  expect(holds('Ann', 'headline', 'The announcement', { words: true })).toBe(false);
  expect(holds('Ann', 'headline', 'So said Ann.', { words: true })).toBe(true);
  expect(holds('Ann', 'slug', 'an-announcement', { words: true })).toBe(false);
  expect(holds('Ann', 'slug', 'ann-speaks', { words: true })).toBe(true);
});

test('form is no text, and a phrase that no slug can spell is in none', () => {
  expect(sayingsOf('body/a', paragraph('Hello'))).toEqual(['Hello']);
  expect(holds('normal', 'body/a', paragraph('Hello'))).toBe(false);
  expect(holds('東京', 'slug', 'story')).toBe(false);
  expect(holds('…', 'slug', 'story')).toBe(false);
});

test('an excerpt shows the words as they were typed, and what stands around them', () => {
  const { excerpt, count } = phraseFinder('okafor')('headline', 'Said Okafor. Okafor!')!;
  expect([excerpt, count]).toEqual([{ before: 'Said ', match: 'Okafor', after: '. Okafor!' }, 2]);
});
