import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Block, DraftBlock } from '../content/types.js';
import { keepKeys } from './align.js';
import { heaviestChain } from './chain.js';

const draft = (text: string, _key?: string): DraftBlock => ({
  _type: 'block',
  style: 'normal',
  children: [{ _type: 'span', text, marks: [] }],
  markDefs: [],
  ...(_key && { _key }),
});
const kept = (text: string, _key: string, statement?: string): Block =>
  ({ ...draft(text), _key, ...(statement && { statement }) }) as Block;
const mints = () => {
  let next = 0;
  return () => `new${next++}`;
};
const keys = (base: Block[], body: DraftBlock[]) => keepKeys(base, body, mints()).map(({ _key }) => _key);

const first = 'The ferry to Eyot Island did not leave Harrow Bay on Friday morning.';
const second = 'Some 240 passengers waited in the rain until the old customs hall was opened for them.';
const third = 'Bay Island Ferries had promised that its new timetable would end the cancellations.';
const base = [kept(first, 'a'), kept(second, 'b', 's1'), kept(third, 'c')];

describe('keys of an incoming body', () => {
  test('kept, edited and moved blocks keep theirs, new ones get fresh ones', () => {
    expect(
      keys(base, [draft(first), draft('A new paragraph about Tom Achterberg.'), draft(second.replace('240', '260'))]),
    ).toEqual(['a', 'new0', 'b']);
    expect(keys(base, [draft(third), draft(first), draft(second)])).toEqual(['c', 'a', 'b']);
  });

  test('a paragraph split in two keeps its key on the larger part', () => {
    const cut = second.indexOf(' until');
    expect(keys(base, [draft(first), draft(second.slice(0, cut)), draft(second.slice(cut)), draft(third)])).toEqual([
      'a',
      'new0',
      'b',
      'c',
    ]);
  });

  test('a hint tells equal blocks apart, and does not bind', () => {
    const twins = [kept('No comment.', 'x'), kept('No comment.', 'y')];
    expect(keys(twins, [draft('No comment.', 'y')])).toEqual(['y']);
    expect(keys(base, [draft(second, 'a')])).toEqual(['b']);
  });

  test('a statement stays with its block unless the draft says otherwise', () => {
    const [same] = keepKeys(base, [draft(second)], mints());
    expect(same!.statement).toBe('s1');
    const [other] = keepKeys(base, [{ ...draft(second), statement: 's2' }], mints());
    expect(other!.statement).toBe('s2');
  });

  test('a statement keeps what was split off it, and not what was written in its place', () => {
    const statements = (body: DraftBlock[]) => keepKeys(base, body, mints()).map(({ statement }) => statement);
    const cut = second.indexOf(' until');
    expect(statements([draft(first), draft(second.slice(0, cut)), draft(second.slice(cut)), draft(third)])).toEqual([
      undefined,
      's1',
      's1',
      undefined,
    ]);
    expect(statements([draft(first), draft(second.replace('240', '260')), draft(third)])[1]).toBe('s1');
    const rewritten = 'Some 300 passengers waited at the quay while the old customs hall stayed locked and dark.';
    expect(keys(base, [draft(first), draft(rewritten), draft(third)])[1]).toBe('b');
    expect(statements([draft(first), draft(rewritten), draft(third)])[1]).toBeUndefined();
  });

  test('no key is ever given twice, and no key of the base to a block that does not continue it', () => {
    const texts = fc.constantFrom(first, second, third, 'No comment.', '', second.slice(0, 40), `${first} ${third}`);
    const body = fc.array(fc.tuple(texts, fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'new1'), { nil: undefined })));
    fc.assert(
      fc.property(fc.array(texts), body, (was, is) => {
        const before = was.map((text, i) => kept(text, 'abcdefghijklm'[i] ?? `new${i}`));
        const result = keepKeys(
          before,
          is.map(([text, key]) => draft(text, key)),
          mints(),
        );
        expect(new Set(result.map(({ _key }) => _key)).size).toBe(is.length);
        const texts = result.map((block) => (block as { children: { text: string }[] }).children[0]!.text);
        expect(texts).toEqual(is.map(([text]) => text));
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  test('the body itself keeps every key', () => {
    expect(
      keys(
        base,
        base.map(({ _key, ...block }) => block as DraftBlock),
      ),
    ).toEqual(['a', 'b', 'c']);
  });
});

test('the heaviest chain is as heavy as the best of all subsets', () => {
  const pair = fc.record({ before: fc.nat(6), after: fc.nat(6), weight: fc.integer({ min: 1, max: 9 }) });
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 8 }), (pairs) => {
      let best = 0;
      for (let mask = 0; mask < 1 << pairs.length; mask++) {
        const chosen = pairs.filter((_, i) => mask & (1 << i)).sort((x, y) => x.before - y.before);
        const rising = chosen.every(
          (p, i) => !i || (p.before > chosen[i - 1]!.before && p.after > chosen[i - 1]!.after),
        );
        if (rising)
          best = Math.max(
            best,
            chosen.reduce((sum, { weight }) => sum + weight, 0),
          );
      }
      const chain = heaviestChain(pairs);
      expect(chain.every((p, i) => !i || (p.before > chain[i - 1]!.before && p.after > chain[i - 1]!.after))).toBe(
        true,
      );
      expect(chain.reduce((sum, { weight }) => sum + weight, 0)).toBe(best);
    }),
    { seed: 3, numRuns: 500 },
  );
});
