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
