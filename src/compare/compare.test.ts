import { describe, expect, test } from '@jest/globals';
import type { Block, Content, RemovedBlock, TextBlock } from '../content/types.js';
import { compareContents } from './compare.js';
import { renderText } from './render-text.js';
import type { Run } from './types.js';

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

  test('words changed inside a statement change the statement', () => {
    const statements = [{ id: 's1', speaker: 'Lena Okafor' }];
    const said = (days: string) => paragraph(`We will pay for ${days} lost mornings, and we are sorry.`, 'q', 's1');
    const [before, after] = ['three', 'four'].map((days) => content([...story, said(days)], { statements }));
    const { summary, statements: changes } = compareContents(before!, after!);
    expect(summary.sentence).toBe('Changes a statement by Lena Okafor.');
    expect(changes.changed.map(({ after }) => after.id)).toEqual(['s1']);
    expect(sentence(before!, { ...before!, statements: [{ id: 's1', speaker: 'Tom Achterberg' }] })).toBe(
      'Changes a statement by Tom Achterberg.',
    );
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
    expect(summary.sentence).toBe('Changes the formatting of two passages.');
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

  test('tables by row and cell', () => {
    const cell = (text: string) => ({ children: [{ _type: 'span' as const, text, marks: [] }], markDefs: [] });
    const table = (...rows: string[][]) =>
      ({ _type: 'table', _key: 't', header: true, rows: rows.map((row) => ({ cells: row.map(cell) })) }) as Block;
    const before = table(['Day', 'Crossings'], ['Friday', '4'], ['Saturday', '6'], ['Sunday', '2']);
    const after = table(['Day', 'Crossings'], ['Friday', '5'], ['Sunday', '2'], ['Monday', '8 in all']);
    const [change] = compareContents(content([before]), content([after])).blocks;
    expect(change!.rows!.map(({ kind, before, after }) => [kind, before, after])).toEqual([
      ['same', 0, 0],
      ['edited', 1, 1],
      ['removed', 2, undefined],
      ['same', 3, 2],
      ['added', undefined, 3],
    ]);
    expect(change!.rows![1]!.cells.map(({ kind }) => kind)).toEqual(['same', 'edited']);
    const wider = table(
      ['Day', 'Hour', 'Crossings'],
      ['Friday', '9', '4'],
      ['Saturday', '9', '6'],
      ['Sunday', '9', '2'],
    );
    const rows = compareContents(content([before]), content([wider])).blocks[0]!.rows!;
    expect(rows.map(({ cells }) => cells.map(({ kind }) => kind))).toEqual(Array(4).fill(['same', 'added', 'same']));
  });

  test('the words of a caption', () => {
    const image = { _type: 'image', _key: 'i', url: 'https://example.org/a.jpg', alt: 'The quay', caption: 'Empty.' };
    const [change] = compareContents(
      content([image as Block]),
      content([{ ...image, caption: 'Empty on Friday.' } as Block]),
    ).blocks;
    expect(change!.members![0]!.runs!.map(({ op, text }) => [op, text])).toEqual([
      ['kept', 'Empty'],
      ['inserted', ' on Friday'],
      ['kept', '.'],
    ]);
  });

  describe('what only says where a text stands', () => {
    const heading = (text: string): Block => ({ ...paragraph(text, text.slice(-8)), style: 'h3' }) as Block;
    const rules = (order: string[], refer = 'D.2') => {
      const texts: { [name: string]: string[] } = {
        Fares: ['Every passenger pays 4 crowns at the landing stage.', 'Children under six cross for nothing.'],
        Luggage: ['Bicycles go on the after deck, if the mate has room for them.', 'Dogs stay with their owners.'],
        Weather: [`Above force 8 no boat leaves; see section ${refer} for what we owe you then, and when.`],
      };
      return content(
        order.flatMap((name, i) => [
          heading(`${i + 1}. ${name}`),
          ...texts[name]!.map((text) => paragraph(text, text.slice(0, 16))),
        ]),
      );
    };

    test('sections in another order are moved and renumbered; no figure changed', () => {
      const { summary } = compareContents(
        rules(['Fares', 'Luggage', 'Weather']),
        rules(['Luggage', 'Fares', 'Weather']),
      );
      expect(summary.sentence).toBe('Moves a section of two paragraphs; renumbers two sections.');
      expect(summary).toMatchObject({ figures: [], significance: 'minor', blocks: { moved: 3 } });
    });

    test('a reference to another section is no figure', () => {
      const order = ['Fares', 'Luggage', 'Weather'];
      const { summary } = compareContents(rules(order, 'D.2'), rules(order, 'D.3'));
      expect(summary.sentence).toBe('Changes a cross-reference.');
      expect(summary).toMatchObject({ figures: [], significance: 'minor' });
    });

    test('the section of a law that a report names is a figure, and so is a quantity ahead of a list item', () => {
      const charged = (section: number) =>
        content([paragraph(`He was charged under section ${section} of the act.`, 'k')]);
      expect(compareContents(charged(18), charged(20)).summary).toMatchObject({
        figures: [{ before: '18', after: '20' }],
        significance: 'major',
      });
      const item = (text: string) => content([{ ...paragraph(text, 'k'), listItem: 'bullet', level: 1 } as Block]);
      expect(compareContents(item('1.5 million crossed'), item('2.5 million crossed')).summary.figures).toHaveLength(1);
      expect(
        compareContents(item('3. Mai: die Fähre fährt'), item('4. Mai: die Fähre fährt')).summary.figures,
      ).toHaveLength(1);
    });

    test('a list that begins at another number is renumbered', () => {
      const from = (start?: number) =>
        content([
          { ...paragraph('Wait at the quay', 'k'), listItem: 'number', level: 1, ...(start && { start }) } as Block,
        ]);
      expect(sentence(from(), from(4))).toBe('Renumbers a list item.');
    });
  });

  test('names and figures, and how much that matters', () => {
    const quoted = paragraph(
      'On Friday the captain, Tom Achterberg, said that the old boat had been repaired by May 25, 2026.',
      'q',
    );
    const changed = edit(edit(quoted, 'Tom Achterberg', 'Lena Okafor'), 'May 25', 'June 26');
    const result = compareContents(content([quoted]), content([changed])).summary;
    expect(result.names).toEqual([{ before: 'Tom Achterberg', after: 'Lena Okafor' }]);
    expect(result.figures).toEqual([{ before: '25', after: '26' }]);
    expect(result.significance).toBe('major');
    expect(compareContents(content(story), content(story)).summary.significance).toBe('none');
  });

  test('sentences by what became of them', () => {
    const before = [paragraph('The boat left at nine. Nobody waved at all. It rained the whole day long.', 'k')];
    const after = [
      paragraph('The boat left at ten. It rained the whole day long. The harbour stayed shut for good.', 'k'),
    ];
    expect(compareContents(content(before), content(after)).summary.sentences).toEqual({
      additions: 1,
      deletions: 1,
      edits: 1,
      refactors: 0,
    });
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
