import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { adversarialText } from '../../test/compare/adversarial-text.js';
import type { Block, Content, RemovedBlock, TextBlock } from '../content/types.js';
import { compareContents, sizeOfChange } from './compare.js';
import { renderText } from './render-text.js';
import type { BlockChange, BlockSide, Comparison, Run } from './types.js';

const paragraph = (text: string, _key = text.slice(0, 12), statement?: string): Block => ({
  _type: 'block',
  _key,
  style: 'normal',
  children: [{ _type: 'span', text, marks: [] }],
  markDefs: [],
  ...(statement && { statement }),
});
const content = (body: Block[], rest: Partial<Content> = {}): Content => ({
  fields: { headline: 'Ferry stays in port', language: 'en' },
  statements: [],
  ...rest,
  body,
});
const story = [
  'The ferry to Eyot Island did not leave Harrow Bay on Friday morning, and nobody at the quay could say why.',
  'Some 240 passengers waited in the rain until a harbour worker opened the old customs hall for them.',
  'Bay Island Ferries had promised in spring that its new timetable would end the cancellations.',
  'Ines Varga, who crosses to work every day, said that she had stopped counting the lost mornings.',
  'The next crossing is planned for noon, if the wind drops.',
].map((text, i) => paragraph(text, `k${i}`));
const edit = (block: Block, from: string, to: string): Block =>
  JSON.parse(JSON.stringify(block).replace(from, to)) as Block;
const sentence = (before: Content, after: Content) => compareContents(before, after).summary.sentence;

describe('what an editor is told', () => {
  test('nothing, when nothing changed', () => {
    const result = compareContents(content(story), content(story));
    expect(result.summary).toMatchObject({ changed: false, sentence: 'Nothing changed.', shareChanged: 0 });
    expect(result.blocks.map(({ kind }) => kind)).toEqual(story.map(() => 'same'));
  });

  test('a statement of six paragraphs is one statement added and nothing else', () => {
    const said = ['One', 'Two', 'Three', 'Four', 'Five', 'Six'].map((word) =>
      paragraph(`${word}: we are sorry for every lost morning and will pay for it.`, word, 's1'),
    );
    const after = content([...story, ...said], { statements: [{ id: 's1', speaker: 'Lena Okafor' }] });
    const { summary, statements, blocks } = compareContents(content(story), after);
    expect(summary.sentence).toBe('Adds a statement by Lena Okafor.');
    expect(summary).toMatchObject({ statementsAdded: ['Lena Okafor'], blocks: { same: 5, added: 6 } });
    expect(statements.added).toEqual([{ id: 's1', speaker: 'Lena Okafor', blocks: 6, words: 6 * 13 }]);
    expect(blocks.slice(5).map(({ kind }) => kind)).toEqual(Array(6).fill('added'));
    expect(sentence(after, content(story))).toBe('Removes a statement by Lena Okafor.');
  });

  test('one figure changed is one word out and one word in', () => {
    const after = content(story.with(1, edit(story[1]!, '240', '260')));
    const { blocks, summary } = compareContents(content(story), after);
    expect(summary.sentence).toBe('Changes one figure.');
    expect(summary.figures).toEqual([{ before: '240', after: '260' }]);
    expect(summary.words).toMatchObject({ added: 1, removed: 1 });
    expect(blocks.filter(({ kind }) => kind !== 'same')).toHaveLength(1);
    expect(blocks[1]!.runs!.filter(({ op }) => op !== 'kept')).toEqual([
      { op: 'deleted', text: '240', marks: [] },
      { op: 'inserted', text: '260', marks: [] },
    ]);
  });

  test('a moved paragraph is moved, not deleted and written again', () => {
    const [a, b, c, d, e] = story as [Block, Block, Block, Block, Block];
    const { blocks, summary } = compareContents(content(story), content([a, c, d, e, b]));
    expect(summary.sentence).toBe('Moves one paragraph.');
    expect(summary.words).toMatchObject({ added: 0, removed: 0 });
    expect(blocks.at(-1)).toMatchObject({ kind: 'same', moved: { direction: 'down', stoodAfter: 0 } });
    expect(blocks.filter(({ moved }) => moved)).toHaveLength(1);
  });

  test('a paragraph moved and edited is both', () => {
    const [a, b, c, d, e] = story as [Block, Block, Block, Block, Block];
    const { blocks } = compareContents(content(story), content([a, c, d, e, edit(b, 'old customs hall', 'church')]));
    expect(blocks.at(-1)).toMatchObject({
      kind: 'edited',
      moved: { direction: 'down' },
      words: { added: 1, removed: 3 },
    });
  });

  test('a link, a mark or another style is formatting', () => {
    const linked = {
      ...story[0]!,
      children: [
        { _type: 'span', text: 'The ferry', marks: ['l0'] },
        { _type: 'span', text: (story[0] as TextBlock).children[0]!.text.slice(9), marks: [] },
      ],
      markDefs: [{ _type: 'link', _key: 'l0', href: 'https://example.org/ferry' }],
    } as Block;
    const quoted = { ...story[3]!, style: 'blockquote' } as Block;
    const { blocks, summary } = compareContents(content(story), content(story.with(0, linked).with(3, quoted)));
    expect(summary).toMatchObject({ formattingOnly: true, words: { added: 0, removed: 0 } });
    expect(summary.sentence).toBe('Changes the formatting of two blocks.');
    expect(blocks[0]!.runs![0]).toEqual({
      op: 'kept',
      text: 'The ferry',
      marks: [{ href: 'https://example.org/ferry' }],
      marksBefore: [],
    });
  });

  test('a paragraph cut in two is split, two joined are merged', () => {
    const [a, b] = [
      'Some 240 passengers waited in the rain for the boat.',
      'A harbour worker opened the old customs hall for them all.',
    ];
    const [whole, parts] = [[paragraph(`${a} ${b}`, 'k1')], [paragraph(a!, 'n1'), paragraph(b!, 'n2')]];
    const split = compareContents(content(whole), content(parts));
    expect(split.blocks).toHaveLength(1);
    expect(split.blocks[0]).toMatchObject({ kind: 'split', words: { added: 0, removed: 0 } });
    expect(split.summary.sentence).toBe('Splits one paragraph.');
    const merged = compareContents(content(parts), content(whole));
    expect(merged.blocks.map(({ kind }) => kind)).toEqual(['merged']);
    expect(merged.blocks[0]!.runs!.filter(({ boundary }) => boundary)).toHaveLength(1);
  });

  test('a sentence put in stands as a sentence', () => {
    const before = paragraph('The boat left. The crew waved.', 'k');
    const after = paragraph('The boat left. The ferry stayed. The crew waved.', 'k');
    const { blocks } = compareContents(content([before]), content([after]));
    expect(blocks[0]!.runs!.find(({ op }) => op === 'inserted')!.text.trim()).toBe('The ferry stayed.');
  });

  test('a rewritten stretch is not broken up by little words', () => {
    const before = paragraph(
      'Officials blamed the heavy autumn storm of Friday for it, and promised better service soon.',
      'k',
    );
    const after = paragraph(
      'Officials named the broken bow thruster of Saturday for it, and promised better service soon.',
      'k',
    );
    const { blocks } = compareContents(content([before]), content([after]));
    expect(blocks[0]!.runs!.filter(({ op }) => op === 'deleted').length).toBe(1);
  });

  test('fields, one by one', () => {
    const after = content(story, {
      fields: { headline: 'Ferry leaves port', standfirst: 'At last', tags: ['sea'], fields: { desk: 'coast' } },
    });
    const { fields, summary } = compareContents(content(story), after);
    expect(fields.map(({ name, member }) => [name, member])).toEqual([
      ['headline', undefined],
      ['standfirst', undefined],
      ['tags', undefined],
      ['language', undefined],
      ['fields', 'desk'],
    ]);
    expect(summary.sentence).toBe(
      'Changes the headline; adds the standfirst, the tags and other fields; removes the language.',
    );
  });

  test('a text that is gone is compared as one that is gone', () => {
    const removed = (_key: string): Block =>
      ({ _type: 'removed', absence: 'erased', _key }) as RemovedBlock & { _key: string };
    const gone = content(story.with(2, removed(story[2]!._key)), {
      fields: { headline: { _absent: 'erased' }, language: 'en' },
      statements: [{ id: 's', speaker: { _absent: 'hidden' } }],
    });
    expect(compareContents(gone, gone).summary.changed).toBe(false);
    const { blocks, summary } = compareContents(content(story), gone);
    expect(blocks[2]).toMatchObject({ kind: 'edited', absent: 'erased', words: { added: 0, removed: 0 } });
    expect(summary.sentence).toBe(
      "Adds a statement by a speaker not shown; changes the headline; one text that is no longer shown can't be compared.",
    );
    expect(renderText(compareContents(gone, content(story)))).toContain('a removed text');
  });

  test('images by their members, tables by their words', () => {
    const image = {
      _type: 'image',
      _key: 'i',
      url: 'https://example.org/a.jpg',
      alt: 'The quay',
      caption: 'Empty.',
    } as Block;
    const cell = (text: string) => ({ children: [{ _type: 'span' as const, text, marks: [] }], markDefs: [] });
    const table = (count: string) =>
      ({
        _type: 'table',
        _key: 't',
        header: true,
        rows: [{ cells: [cell('Day'), cell('Crossings')] }, { cells: [cell('Friday'), cell(count)] }],
      }) as Block;
    const { blocks, summary } = compareContents(
      content([image, table('4')]),
      content([{ ...image, caption: 'Empty on Friday.' } as Block, table('5')]),
    );
    expect(blocks[0]).toMatchObject({
      kind: 'edited',
      members: [{ name: 'caption', before: 'Empty.', after: 'Empty on Friday.' }],
      words: { added: 2, removed: 0 },
    });
    expect(blocks[1]).toMatchObject({ kind: 'edited', words: { added: 1, removed: 1 } });
    expect(summary.sentence).toBe('Changes one figure; edits an image.');
  });

  test.each([
    ['en', 'The ferry left at nine. Nobody waved.', 'The ferry left at ten. Nobody waved.', 'nine', 'ten'],
    [
      'de',
      'Die Fähre fuhr um neun Uhr ab. Niemand winkte.',
      'Die Fähre fuhr um zehn Uhr ab. Niemand winkte.',
      'neun',
      'zehn',
    ],
    ['ru', 'Паром ушёл в девять. Никто не махал.', 'Паром ушёл в десять. Никто не махал.', 'девять', 'десять'],
    ['ar', 'غادرت العبّارة في التاسعة. لم يلوّح أحد.', 'غادرت العبّارة في العاشرة. لم يلوّح أحد.', 'التاسعة', 'العاشرة'],
    ['hi', 'नौका नौ बजे चली। किसी ने हाथ नहीं हिलाया।', 'नौका दस बजे चली। किसी ने हाथ नहीं हिलाया।', 'नौ', 'दस'],
    ['th', 'เรือออกตอนเก้าโมง ไม่มีใครโบกมือ', 'เรือออกตอนสิบโมง ไม่มีใครโบกมือ', 'เก้า', 'สิบ'],
    ['zh', '渡轮早上九点离开。没有人挥手。', '渡轮早上十点离开。没有人挥手。', '九', '十'],
    [
      'ja',
      'フェリーは九時に出ました。誰も手を振りませんでした。',
      'フェリーは十時に出ました。誰も手を振りませんでした。',
      '九',
      '十',
    ],
  ])('%s: one word', (language, was, is, gone, come) => {
    const { blocks } = compareContents(content([paragraph(was, 'k')]), content([paragraph(is, 'k')]), { language });
    const texts = (op: Run['op']) => blocks[0]!.runs!.filter((run) => run.op === op).map(({ text }) => text);
    expect(texts('deleted')).toHaveLength(1);
    expect(texts('deleted')[0]).toContain(gone);
    expect(texts('inserted')[0]).toContain(come);
    expect(texts('kept').join('').length).toBeGreaterThan(was.length / 2);
  });
});

// Contents that share much and are hard: texts of odd pieces, edited, moved, split, reformatted.
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
const pairOfContents = fc
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

const rebuilt = (blocks: readonly BlockChange[], side: 'before' | 'after'): Block[] => {
  const sides: BlockSide[] = blocks.flatMap((change) => change[side]);
  return sides.sort((x, y) => x.index - y.index).map(({ block }) => block);
};
// Text and marks of a side by its runs alone, one entry a character.
const spelled = (runs: readonly Run[], side: 'before' | 'after'): string[][] => {
  const parts: string[][] = [[]];
  for (const { op, text, marks, marksBefore, boundary } of runs) {
    if (op === (side === 'before' ? 'inserted' : 'deleted')) continue;
    if (boundary) parts.push([]);
    const named = (side === 'before' ? (marksBefore ?? marks) : marks).map((mark) => JSON.stringify(mark)).sort();
    for (const unit of text.split('')) parts.at(-1)!.push(`${unit} ${named}`);
  }
  return parts;
};
const spelledBlock = ({ children, markDefs }: TextBlock): string[] =>
  children.flatMap(({ text, marks }) => {
    const hrefs = new Map(markDefs.map(({ _key, href }) => [_key, { href }]));
    const named = marks.map((mark) => JSON.stringify(hrefs.get(mark) ?? mark)).sort();
    return text.split('').map((unit) => `${unit} ${named}`);
  });

describe('for any two contents', () => {
  const check = (holds: (before: Content, after: Content, result: Comparison) => void) =>
    fc.assert(
      fc.property(pairOfContents, ({ before, after }) => holds(before, after, compareContents(before, after))),
      { seed: 11, numRuns: 600 },
    );

  test('both sides can be rebuilt from the result', () =>
    check((before, after, { blocks }) => {
      expect(rebuilt(blocks, 'before')).toEqual(before.body);
      expect(rebuilt(blocks, 'after')).toEqual(after.body);
      for (const change of blocks) {
        if (!change.runs || change.after[0]!.block._type !== 'block') continue;
        for (const side of ['before', 'after'] as const)
          expect(spelled(change.runs, side)).toEqual(change[side].map(({ block }) => spelledBlock(block as TextBlock)));
      }
    }));

  test('the other way round, what was added is removed', () =>
    check((before, after, there) => {
      const back = compareContents(after, before);
      expect(back.summary.words).toMatchObject({
        added: there.summary.words.removed,
        removed: there.summary.words.added,
      });
      expect(back.summary.blocks).toEqual({
        ...there.summary.blocks,
        added: there.summary.blocks.removed,
        removed: there.summary.blocks.added,
        split: there.summary.blocks.merged,
        merged: there.summary.blocks.split,
      });
      const words = (blocks: BlockChange[], op: Run['op']) =>
        blocks.flatMap(({ runs = [] }) => runs.filter((run) => run.op === op).map(({ text }) => text)).sort();
      expect(words(back.blocks, 'deleted').join('')).toBe(words(there.blocks, 'inserted').join(''));
    }));

  test('a content is the same as itself', () =>
    check((before) => {
      const { summary } = compareContents(before, structuredClone(before));
      expect(summary).toMatchObject({ changed: false, formattingOnly: false, sentence: 'Nothing changed.' });
    }));

  test('the size of the change is that of the summary, and words balance', () =>
    check((before, after, { summary: { words }, blocks }) => {
      expect(sizeOfChange(before, after)).toEqual({ added: words.added, removed: words.removed });
      if (!blocks.some(({ absent }) => absent)) expect(words.after - words.before).toBe(words.added - words.removed);
    }));

  test('no run ends inside a grapheme', () => {
    const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
    fc.assert(
      fc.property(adversarialText, adversarialText, (was, is) => {
        const { blocks } = compareContents(content([paragraph(was, 'k')]), content([paragraph(is, 'k')]));
        for (const { runs = [] } of blocks) {
          for (const [text, other] of [
            [was, 'inserted'],
            [is, 'deleted'],
          ] as const) {
            const starts = new Set([...graphemes.segment(text)].map(({ index }) => index).concat(text.length));
            let at = 0;
            for (const run of runs.filter(({ op }) => op !== other)) {
              expect(starts.has(at)).toBe(true);
              at += run.text.length;
            }
          }
        }
      }),
      { seed: 12, numRuns: 1500 },
    );
  });

  test('it can be told as text', () =>
    check((_before, _after, result) => {
      expect(renderText(result)).toContain(result.summary.sentence);
      expect(renderText(result, { context: 0 })).toContain(result.summary.sentence);
    }));
});

describe('at the limits', () => {
  const vocabulary = (prefix: string, size: number) => Array.from({ length: size }, (_, i) => `${prefix}${i}`);
  const common = ['the', 'of', 'and', 'a', 'to', 'in', 'was', 'on'];
  // A fixed sequence, not a random one, so that the work is the same every time.
  function* draws(seed: number): Generator<number, never> {
    for (let x = seed; ; ) {
      x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
      yield x >>> 8;
    }
  }
  const text = (words: readonly string[], count: number, draw: Iterator<number, never>) =>
    Array.from({ length: count }, (_, i) =>
      i % 2 ? common[draw.next().value % common.length]! : words[draw.next().value % words.length]!,
    ).join(' ');
  const body = (prefix: string, seed: number, blocks: number, words: number) => {
    const draw = draws(seed);
    const own = vocabulary(prefix, 500);
    return content(Array.from({ length: blocks }, (_, i) => paragraph(text(own, words, draw), `${prefix}${i}`)));
  };

  test('two thousand blocks against two thousand others, alike in their little words, stay within the bounds', () => {
    const result = compareContents(body('one', 1, 2000, 60), body('two', 2, 2000, 60));
    expect(result.fallbacks.map(({ stage }) => stage)).toContain('similarity');
    const { same, added, edited, removed } = result.summary.blocks;
    expect(same).toBe(0);
    expect(added + edited).toBe(2000);
    expect(removed + edited).toBe(2000);
  });

  test('two thousand near-equal blocks are paired by place, and the result says so', () => {
    const rows = (lap: string) =>
      content(
        vocabulary('boat', 2000).map((boat, i) => paragraph(`Lap ${lap} of the regatta went to ${boat}`, `${lap}${i}`)),
      );
    const result = compareContents(rows('one'), rows('two'));
    expect(result.summary.blocks).toMatchObject({ edited: 2000, moved: 0 });
    expect(result.fallbacks).toEqual([{ stage: 'pairing' }]);
  });

  test('two long unrelated texts are compared by what is unique, and the result says so', () => {
    const long = (seed: number) => content([paragraph(text(vocabulary('w', 40), 16_000, draws(seed)), 'k')]);
    const result = compareContents(long(1), long(2));
    expect(result.fallbacks).toEqual([{ stage: 'words', before: 0, after: 0 }]);
    expect(rebuilt(result.blocks, 'after')).toEqual(long(2).body);
  });
});
