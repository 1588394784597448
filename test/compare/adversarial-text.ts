/** Text made to break tokenizers and diffs: combining marks, emoji sequences, both directions, scripts without spaces. */
import fc from 'fast-check';

const pieces = [
  ...['the ', 'ferry ', 'ferry', 'Harrow Bay', '3.5m', '1,234.56', '4,200', "don't", 'won’t', 'well-known', 'U.S. '],
  ...[' ', '  ', '\n', '\t', '\u00A0', '. ', ', ', '“', '”', '—', '-', "'", '’', '…', '<b>', '&amp;', '[-', '{+'],
  ...['e\u0301', '\u0301', '\u0308\u0323', '👩🏽‍🚀', '👨‍👩‍👧‍👦', '🇪🇺', '🇪', '\u200D', '\uFE0F', '1️⃣', '👍', '🏽', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
  ...['паром ', 'ё', 'العبّارة', 'لن ', '\u0600', '۱۲٫۵', 'שלום', '\u202E', 'नौका', 'क्षि', '्', '\u0D4E', 'வணக்கம்'],
  ...['เรือไม่ออก', 'ำ', 'ก', '渡轮', '今天停航', '。', '𠮷', 'フェリー', 'は', 'ー', 'ｶﾞ', '한국', 'ᄀ', 'ᅡ', 'ᆨ', 'ភាសា'],
];
export const adversarialText = fc
  .array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...pieces) }, fc.string({ unit: 'binary', maxLength: 2 })), {
    maxLength: 14,
  })
  .map((parts) => parts.join('').toWellFormed());
