/** Pairs of contents that share much and are hard: texts of odd pieces, edited, moved, split, reformatted. */
import fc from 'fast-check';
import type { Block, Content, TextBlock } from '../../src/content/types.js';
import { adversarialText } from './adversarial-text.js';

export const paragraph = (text: string, _key: string): Block => ({
  _type: 'block',
  _key,
  style: 'normal',
  children: [{ _type: 'span', text, marks: [] }],
  markDefs: [],
});
export const content = (body: Block[], rest: Partial<Content> = {}): Content => ({
  fields: { headline: 'Ferry stays in port', language: 'en' },
  statements: [],
  ...rest,
  body,
});

const marks = fc.constantFrom<string[][]>([], ['strong'], ['em', 'strong'], ['l0'], ['l1', 'em']);
const richBlock = fc
  .record({
    spans: fc.array(fc.record({ text: adversarialText, marks }), { maxLength: 3 }),
    style: fc.constantFrom('normal', 'h2', 'blockquote'),
    list: fc.boolean(),
  })
  .map(({ spans, style, list }) => ({
    _type: 'block',
    style,
    ...(list && { listItem: 'bullet', level: 1 }),
    children: spans.map((span) => ({ _type: 'span', ...span })),
    markDefs: ['l0', 'l1'].map((_key) => ({ _type: 'link', _key, href: `https://example.org/${_key}` })),
  }));
const anyBlock = fc.oneof(
  { weight: 6, arbitrary: richBlock },
  fc.constant({ _type: 'rule' }),
  adversarialText.map((code) => ({ _type: 'code', code })),
  fc.record({ _type: fc.constant('image'), url: fc.webUrl(), alt: adversarialText }),
  fc.record({
    _type: fc.constant('quiz'),
    question: adversarialText,
    answers: fc.array(adversarialText, { maxLength: 2 }),
  }),
  fc.constant({ _type: 'removed', absence: 'hidden' }),
  fc
    .array(richBlock, { minLength: 1, maxLength: 3 })
    .map((cells) => ({ _type: 'table', header: true, rows: [{ cells }] })),
);
export const pairOfContents = fc
  .record({
    pool: fc.array(anyBlock, { minLength: 1, maxLength: 8 }),
    before: fc.array(fc.nat(), { maxLength: 8 }),
    after: fc.array(fc.record({ pick: fc.nat(), key: fc.nat(12), tail: fc.option(richBlock) }), { maxLength: 8 }),
    statements: fc.array(fc.constantFrom('s1', 's2', undefined), { maxLength: 8 }),
  })
  .map(({ pool, before, after, statements }) => {
    const make = (block: object, i: number, key: string) =>
      ({ ...block, _key: key, ...(statements[i] && { statement: statements[i] }) }) as Block;
    const speakers = [{ id: 's1', speaker: 'Tom Achterberg' }];
    const used = new Set<string>();
    return {
      before: content(
        before.map((pick, i) => make(pool[pick % pool.length]!, i, `k${i}`)),
        { statements: speakers },
      ),
      after: content(
        after.map(({ pick, key, tail }, i) => {
          const block = pool[pick % pool.length]! as unknown as TextBlock;
          const name = used.has(`k${key}`) ? `n${i}` : `k${key}`;
          used.add(name);
          const edited =
            tail && block._type === 'block' ? { ...block, children: [...block.children, ...tail.children] } : block;
          return make(edited, i, name);
        }),
        { statements: speakers },
      ),
    };
  });

const sentence = fc.constantFrom(
  'The ferry to Eyot Island did not leave Harrow Bay on Friday morning.',
  'Some 240 passengers waited in the rain until the old customs hall was opened for them.',
  'Nobody at the quay could say why the boat stayed where it was.',
  'Ines Varga had stopped counting the lost mornings long ago!',
  'Bay Island Ferries had promised in spring that its new timetable would end the cancellations.',
  'Dr. Lena Okafor of the U.S. office, said 3.5m crossings were “lost” (or late).',
  'Das Schiff nach Eyot fuhr am Freitag z. B. nicht ab, sagte Tom Achterberg.',
  'Паром сегодня утром не пойдёт на остров, сказали на пристани.',
  'لن تبحر العبّارة اليوم إلى الجزيرة كما قال القبطان؟',
  '渡轮今天早上九点没有离开港口。没有人挥手告别。',
  'フェリーは今朝九時に港を出ませんでした。',
  'นกบินข้ามทะเลไปยังเกาะทุกเช้าวันศุกร์',
  'Twice 👩🏽‍🚀 waved 🇪🇺 from the café\u0301 by the quay.',
);
const said = fc.array(
  fc.record({
    sentence,
    edit: fc.option(fc.record({ at: fc.nat(12), word: fc.constantFrom('260', 'never', 'Horn', '') })),
  }),
  { minLength: 1, maxLength: 4 },
);
const toText = (parts: { sentence: string; edit: { at: number; word: string } | null }[]): string =>
  parts
    .map(({ sentence, edit }) => {
      const words = sentence.split(' ');
      if (edit) words[edit.at % words.length] = edit.word;
      return words.join(' ');
    })
    .join(' ');
/** Paragraphs of the same few sentences, in any order and lightly edited: much moves. */
export const pairOfShuffled = fc
  .tuple(fc.array(said, { maxLength: 5 }), fc.array(said, { maxLength: 5 }))
  .map(([before, after]) => ({
    before: content(before.map((parts, i) => paragraph(toText(parts), `k${i}`))),
    after: content(after.map((parts, i) => paragraph(toText(parts), `k${i}`))),
  }));
