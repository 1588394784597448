import { describe, expect, test } from '@jest/globals';
import type { Block, Content } from '../content/types.js';
import { compareContents } from './compare.js';
import { renderText } from './render-text.js';

const block = (_key: string, text: string, rest: object = {}): Block =>
  ({
    _type: 'block',
    _key,
    style: 'normal',
    children: [{ _type: 'span', text, marks: [] }],
    markDefs: [],
    ...rest,
  }) as Block;
const content = (headline: string, ...body: Block[]): Content => ({ fields: { headline }, statements: [], body });

const before = content(
  'Ferry stays in port',
  block('a', 'Crossings', { style: 'h2' }),
  block('b', 'Some 240 passengers waited in the rain.'),
  block('c', 'Nobody waved.'),
  block('d', 'The boat left\nat nine.', { listItem: 'bullet', level: 1 }),
  block('e', 'Bay Island Ferries had promised that its new timetable would end the cancellations.'),
);
const after = content(
  'Ferry leaves port',
  block('e', 'Bay Island Ferries had promised that its new timetable would end the cancellations.'),
  block('a', 'Crossings', { style: 'h2' }),
  block('b', 'Some 260 passengers waited in the rain.'),
  block('f', 'Ines Varga\nhas stopped counting.'),
  block('d', 'The boat left\nat nine.', { listItem: 'bullet', level: 1 }),
);

describe('a comparison as text', () => {
  test('marks words as wdiff does, and never over a line end', () => {
    expect(
      renderText(compareContents(before, after)),
    ).toBe(`Changes the headline; changes one figure; adds one paragraph; removes one paragraph; moves one paragraph.

headline: Ferry [-stays in-]{+leaves+} port

(moved up) Bay Island Ferries had promised that its new timetable would end the cancellations.

## Crossings

Some [-240-]{+260+} passengers waited in the rain.

[-Nobody waved.-]

{+Ines Varga+}
{+has stopped counting.+}

- The boat left
at nine.
`);
  });

  test('can be coloured and cut down to what changed', () => {
    const palette = {
      inserted: (text: string) => `<${text}>`,
      deleted: (text: string) => `~${text}~`,
      note: (text: string) => text.toUpperCase(),
    };
    const text = renderText(compareContents(before, after), { palette, context: 0 });
    expect(text).toContain('Some ~240~<260> passengers');
    expect(text).toContain('… 1 UNCHANGED');
    expect(text).not.toContain('Crossings');
  });

  test('nothing changed is one line and the text', () => {
    expect(renderText(compareContents(before, before), { context: 0 })).toBe('Nothing changed.\n\n… 5 unchanged\n');
  });
});

test('a result names its algorithm, and ICU where the caller knows its version', () => {
  expect(compareContents(before, after).algorithm).toBe('palimpsest/compare/4');
  expect(compareContents(before, after, { icu: '77.1' }).algorithm).toBe('palimpsest/compare/4 icu/77.1');
});
