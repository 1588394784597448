import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { adversarialText } from '../../test/compare/adversarial-text.js';
import { countWords, tokenize } from './words.js';

const words = (text: string, language?: string) =>
  tokenize(text, language)
    .filter((token) => token.kind === 'word')
    .map((token) => token.text);

describe('words', () => {
  test.each([
    ["They don't, won’t and can't.", ['They', "don't", 'won’t', 'and', "can't"]],
    ['£3.5m or 1,234.56 in all, 50%', ['3.5m', 'or', '1,234.56', 'in', 'all', '50']],
    ['COVID-19 in the U.S. and e.g. Eyot.', ['COVID-19', 'in', 'the', 'U.S.', 'and', 'e.g.', 'Eyot']],
    ['“Quoted” — ‘twice’', ['Quoted', 'twice']],
    ['Die Fähre fährt heute nicht.', ['Die', 'Fähre', 'fährt', 'heute', 'nicht']],
    ['Паром сегодня не пойдёт.', ['Паром', 'сегодня', 'не', 'пойдёт']],
    ['لن تبحر العبّارة اليوم.', ['لن', 'تبحر', 'العبّارة', 'اليوم']],
    ['आज नौका नहीं चलेगी।', ['आज', 'नौका', 'नहीं', 'चलेगी']],
  ])('%s', (text, expected) => expect(words(text)).toEqual(expected));

  test.each([
    ['th', 'วันนี้เรือไม่ออก'],
    ['zh', '今天渡轮停航。'],
    ['ja', '今日フェリーは出ません。'],
  ])('a %s sentence has several words though it has no spaces', (language, text) => {
    const found = words(text, language);
    expect(found.length).toBeGreaterThan(2);
    expect(found.length).toBeLessThan([...text].length);
    expect(countWords(text, language)).toBe(found.length);
  });

  test('a language nobody knows is no obstacle', () => {
    expect(countWords('one two 今天', 'x-not a tag!')).toBe(countWords('one two 今天'));
  });

  test('joined, the tokens are the text again, none ends inside a grapheme, and all agree on the count', () => {
    const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
    fc.assert(
      fc.property(adversarialText, fc.constantFrom('en', 'th', 'ja', 'zh', undefined), (text, language) => {
        const tokens = tokenize(text, language);
        expect(tokens.map((token) => token.text).join('')).toBe(text);
        const starts = new Set([...graphemes.segment(text)].map(({ index }) => index));
        let at = 0;
        for (const token of tokens) {
          expect(starts.has(at)).toBe(true);
          at += token.text.length;
        }
        expect(countWords(text, language)).toBe(tokens.filter((token) => token.kind === 'word').length);
      }),
      { seed: 5, numRuns: 2000 },
    );
  });

  test('text in Latin letters alone has the words it has beside other scripts', () => {
    const latin = fc.string({
      unit: fc.constantFrom(..."aéZß_ª²½×÷ǿ019.,-'’‘“–…€ \n\u00A0|%".split('')),
      maxLength: 24,
    });
    fc.assert(
      fc.property(latin, (text) => {
        expect([...tokenize(text), { text: '|', kind: 'mark' }, { text: '界', kind: 'word' }]).toEqual(
          tokenize(`${text}|界`),
        );
      }),
      { seed: 6, numRuns: 3000 },
    );
  });

  test('a run of a thousand and more characters without a space keeps its graphemes', () => {
    for (const piece of ['ก็', '界', '𠮷', 'か゛', 'ｶﾞ', 'กำ']) {
      const text = piece.repeat(2600 / piece.length);
      expect(
        tokenize(text, 'th')
          .map((token) => token.text)
          .join(''),
      ).toBe(text);
    }
  });
});
