import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { termsOf } from './terms.js';

const terms = (text: string) => termsOf(text).map(({ term }) => term);

describe('what is typed in another way is the same word', () => {
  test.each([
    ['FERRIES', 'ferries'],
    ['Ｆｅｒｒｉｅｓ', 'ferries'],
    ['Cafe\u0301', 'café'],
    ['café', 'cafe'],
    ['Straße', 'STRASSE'],
    ['Ærøskøbing', 'aeroskobing'],
    ['Łódź', 'lodz'],
    ['İstanbul', 'istanbul'],
    ['Ὀδυσσεύς', 'οδυσσευσ'],
    ['Пётр', 'петр'],
    ['مُحَمَّد', 'محمد'],
    ['می\u200cخواهم', 'میخواهم'],
    ['کتاب', 'كتاب'],
    ['שָׁלוֹם', 'שלום'],
    ['ﾌｪﾘー', 'フェリー'],
    ['ﾊﾞｽ', 'バス'],
    ['co\u00ADoperate', 'cooperate'],
    ['ﬁre', 'fire'],
  ])('%s and %s', (a, b) => {
    expect(terms(a)).toEqual(terms(b));
    expect(terms(a).length).toBeGreaterThan(0);
  });
});

describe('what is another word stays another', () => {
  test.each([
    ['мой', 'мои'],
    ['がん', 'かん'],
    ['काम', 'कम'],
    ['ferry', 'ferries'],
  ])('%s and %s', (a, b) => expect(terms(a)).not.toEqual(terms(b)));
});

test.each([
  ['The ferry-boat’s U.S. owner paid 1,000', ['the', 'ferry', 'boat', 's', 'u', 's', 'owner', 'paid', '1', '000']],
  ['東京都のフェリー', ['東', '京', '都', 'の', 'フ', 'ェ', 'リ', 'ー']],
  ['부산은', ['부', '산', '은']],
  ['ท่าเรือ 9', ['ท่', 'า', 'เ', 'รื', 'อ', '9']],
  ['बंदरगाह में आग', ['बंदरगाह', 'में', 'आग']],
  ['حريق في الميناء', ['حريق', 'في', 'الميناء']],
  ['ﷺ', ['صلىاللهعليهوسلم'.replaceAll('ى', 'ي')]],
  ['… — !', []],
])('%s is cut into its terms', (text, expected) => expect(terms(text)).toEqual(expected));

test('every term says where it stands, and nothing but letters, digits and marks is in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      let at = 0;
      for (const { term, start, end } of termsOf(text)) {
        expect(start).toBeGreaterThanOrEqual(at);
        at = end;
        expect(term).toMatch(/^[\p{L}\p{N}\p{M}]+$/u);
        expect(terms(text.slice(start, end))).toEqual([term]);
      }
    }),
    { seed: 4, numRuns: 500 },
  );
});
