import { describe, expect, test } from '@jest/globals';
import { cut, joinCuts, Vocabulary } from './cut.js';
import { sentencesOf } from './sentences.js';

function sentences(text: string, language?: string): string[] {
  const vocabulary = new Vocabulary();
  const whole = cut(text, language, vocabulary);
  let from = 0;
  return sentencesOf(whole, vocabulary, language).map((to) => {
    const found = text.slice(whole.starts[from], whole.ends[to - 1]);
    from = to;
    return found;
  });
}

describe('sentences', () => {
  test.each([
    ['en', ['The boat left.', 'Nobody waved!', 'Why?']],
    ['en', ['Mr. Achterberg met Sen. Varga on Jan. 4 in the U.S. office.', 'He left.']],
    ['en', ['“It is late,” she said.', '“We know!”', 'The boat (no. 4) left.']],
    ['en', ['Some 3.5m crossings, or 1,234.56 a day…', 'Too many?!', 'No.']],
    ['en', ['4. Payment is due at once.', 'A. Definitions come first.']],
    ['en', ['J. Okafor waved.', 'The ferry e.g. the old one left.']],
    ['de', ['Das Schiff fuhr z. B. am 4. Mai nicht ab.', 'Dr. Varga winkte.']],
    ['fr', ['M. Varga attend le bateau.', 'Il pleut !', 'Où est-il ?']],
    ['ru', ['Паром не пойдёт, сказал г. Ахтерберг.', 'Почему?']],
    ['ar', ['لن تبحر العبّارة اليوم.', 'لماذا؟', 'لا أحد يعرف.']],
    ['hi', ['नौका नौ बजे चली।', 'किसी ने हाथ नहीं हिलाया।']],
  ])('%s: %j', (language, expected) => expect(sentences(expected.join(' '), language)).toEqual(expected));

  test.each([
    ['zh', ['渡轮早上九点离开。', '没有人挥手！', '“为什么？”', '他说。']],
    ['ja', ['フェリーは九時に出ました。', '誰も手を振りませんでした。']],
    ['th', ['เรือออกตอนเก้าโมง ไม่มีใครโบกมือ']],
  ])('%s without spaces: %j', (language, expected) => expect(sentences(expected.join(''), language)).toEqual(expected));

  test('where blocks meet a sentence ends', () => {
    const vocabulary = new Vocabulary();
    const joined = joinCuts([cut('No full stop', 'en', vocabulary), cut('but a block', 'en', vocabulary)], vocabulary);
    expect(sentencesOf(joined, vocabulary, 'en')).toEqual([4, 7]);
  });
});
