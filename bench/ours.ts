/** Generated texts as contents, and what the comparison makes of each word. */
import { read } from '../src/compare/blocks.js';
import { scriptOf } from '../src/compare/script.js';
import type { Block, Content } from '../src/content/types.js';
import { paragraphsOf, type Text } from './generate.js';
import type { Origins } from './rivals.js';

/** `keys`: a paragraph's key is its place, so keys say nothing. */
export const contentOf = (text: Text): Content => ({
  fields: { headline: 'A bench', language: 'en' },
  statements: [],
  body: paragraphsOf(text).map(
    (text, i) =>
      ({
        _type: 'block',
        _key: `k${i}`,
        style: 'normal',
        children: [{ _type: 'span', text, marks: [] }],
        markDefs: [],
      }) as Block,
  ),
});

/** As the authorship sees it: the untidied script. */
export function originsOfScript(before: Text, after: Text): Origins {
  const [was, is] = [before, after].map((text) => contentOf(text).body.map((block) => read(block, 'en')));
  const { matches, units, moves } = scriptOf(was!, is!, 'en', false);
  const firsts = (text: Text) => {
    let at = 0;
    return text.map((paragraph) => {
      const first = at;
      at += paragraph.flat().length;
      return first;
    });
  };
  const [firstBefore, firstAfter] = [firsts(before), firsts(after)];
  const origins = new Int32Array(after.flat(2).length).fill(-1);
  // Words of each text of a unit: the token's place among the words of the whole text.
  const wordsOf = (cut: { isWord: number[] }, first: number) => {
    let at = first;
    return cut.isWord.map((isWord) => (isWord ? at++ : -1));
  };
  const numbered = units.map(({ a, b, before: [i], after: [j] }) => ({
    a: i === undefined ? [] : wordsOf(a, firstBefore[i]!),
    b: j === undefined ? [] : wordsOf(b, firstAfter[j]!),
  }));
  for (const match of matches) {
    if (!match.equal) continue;
    const [i, j] = match.main;
    const words = before[i]!.flat().length;
    for (let k = 0; k < words; k++) origins[firstAfter[j]! + k] = firstBefore[i]! + k;
  }
  const keep = (kept: readonly { before: number; after: number; length: number }[], a: number[], b: number[]) => {
    for (const run of kept)
      for (let k = 0; k < run.length; k++) {
        const [x, y] = [a[run.before + k]!, b[run.after + k]!];
        if (x >= 0 && y >= 0) origins[y] = x;
      }
  };
  units.forEach(({ kept }, u) => {
    keep(kept, numbered[u]!.a, numbered[u]!.b);
  });
  for (const { before, after, kept } of moves) keep(kept, numbered[before.strip]!.a, numbered[after.strip]!.b);
  return origins;
}
