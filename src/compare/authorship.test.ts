import { describe, expect, test } from '@jest/globals';
import { content, paragraph } from '../../test/compare/any-contents.js';
import type { Block, DraftBlock } from '../content/types.js';
import { keepKeys } from './align.js';
import {
  authorshipOf,
  type Past,
  remember,
  type Sight,
  spansFor,
  type TextAuthorship,
  type Written,
} from './authorship.js';
import { Removed } from './removed.js';

const ferry = 'The ferry to Eyot Island did not leave Harrow Bay on Friday morning.';
const rain = 'Some 240 passengers waited in the rain until the old customs hall was opened for them.';
const varga = 'Ines Varga, who crosses to work every day, had stopped counting the lost mornings.';
const noon = 'The next crossing is planned for noon, if the wind drops.';

/** Versions folded one after another, each from the one before unless it names another. */
function folded(...versions: (string[] | { base: number; body: string[] })[]) {
  const texts = new Map<string, TextAuthorship>();
  const blocks = new Map<string, Block>();
  const bodies: Written[][] = [[]];
  const moved = new Map<string, number[]>();
  const past: Past = {
    authorship: (text) => texts.get(text),
    block: (text) => blocks.get(text),
    removed: new Removed(),
  };
  let minted = 0;
  versions.forEach((made, i) => {
    const version = i + 1;
    const { base: from, body: paragraphs } = Array.isArray(made) ? { base: i, body: made } : made;
    const base = bodies[from]!;
    const drafts = content(paragraphs.map((text) => paragraph(text, ''))).body.map(
      ({ _key, ...block }) => block as DraftBlock,
    );
    const kept = keepKeys(
      base.map(({ block }) => block),
      drafts,
      () => `k${minted++}`,
    );
    const body = kept.map((block): Written => {
      const same = base.find((one) => JSON.stringify(one.block) === JSON.stringify(block));
      return same ?? { text: `${block._key}@${version}`, block };
    });
    const step = { version, base, ...(from !== i && { previous: bodies[i]! }), body };
    const found = authorshipOf(step, past);
    remember(past, step, found);
    for (const [name, authorship] of found.texts) texts.set(name, authorship);
    for (const name of found.moved) moved.set(name, [...(moved.get(name) ?? []), version]);
    for (const { text, block } of body) blocks.set(text, block);
    bodies.push(body);
  });
  const sight = (versions = bodies.slice(1).map((_, i) => i + 1), hiddenTexts: string[] = []): Sight => ({
    versions,
    holding: (text) =>
      hiddenTexts.includes(text) ? [] : versions.filter((version) => bodies[version]!.some((one) => one.text === text)),
    authorship: (text) => texts.get(text),
    moved: (text) => moved.get(text) ?? [],
  });
  return { bodies, removed: past.removed.sentences, sight, texts };
}
/** `words/version[<moved][^back]` of each span of the last version. */
const told = ({ bodies, sight }: ReturnType<typeof folded>, seen = sight()) =>
  bodies.at(-1)!.map(({ text }) =>
    spansFor(text, seen)
      .map(
        ({ words, versions, moved, broughtBack }) =>
          `${words}/${versions[0]}${moved ? `<${moved}` : ''}${broughtBack ? `^${broughtBack}` : ''}`,
      )
      .join(' '),
  );

describe('who wrote each word', () => {
  test('the version that first had it, whatever was edited around it', () => {
    expect(
      told(folded([ferry], [ferry.replace('Friday', 'Saturday')], [`${ferry.replace('Friday', 'Saturday')} ${noon}`])),
    ).toEqual(['11/1 1/2 1/1 11/3']);
  });

  test('a paragraph that moved is by whoever wrote it, and says when it moved', () => {
    expect(told(folded([ferry, rain, varga], [rain, varga, ferry]))).toEqual(['16/1', '14/1', '13/1<2']);
  });

  test('a sentence that went to another paragraph, and was edited there', () => {
    const before = [`${ferry} ${rain}`, varga];
    const after = [ferry, `${varga} ${rain.replace('240', '260')}`];
    expect(told(folded(before, after))).toEqual(['13/1', '14/1 1/1<2 1/2 14/1<2']);
  });

  test('what was cut and comes back is by its first writer, not by whoever brought it back', () => {
    const history = folded([ferry, rain, varga], [ferry, varga], [ferry, varga, rain.replace('old', 'empty')]);
    expect(told(history)).toEqual(['13/1', '14/1', '9/1^3 1/3 6/1^3']);
    expect(history.removed).toEqual([
      { text: 'k1@1', from: 0, to: 16, left: 2, returned: { text: expect.stringMatching(/@3$/), version: 3 } },
    ]);
  });

  test('a version made from an earlier one has its words from there, and what it took away is remembered', () => {
    const history = folded([ferry, rain], [ferry, rain, varga], { base: 1, body: [ferry, rain, noon] }, [
      ferry,
      rain,
      noon,
      varga,
    ]);
    expect(told(history)).toEqual(['13/1', '16/1', '11/3', '14/2^4']);
  });

  test('words of a version made from an earlier one that the version between had', () => {
    expect(told(folded([ferry], [ferry, varga], { base: 1, body: [ferry, varga] }))).toEqual(['13/1', '14/2']);
  });

  test('to somebody who may not see the version, its words are by the first version they may see', () => {
    const history = folded([ferry], [ferry, varga], [ferry, varga, rain]);
    expect(told(history, history.sight([1, 3]))).toEqual(['13/1', '14/3', '16/3']);
  });

  test('a text that may not be seen tells nothing of words that were in it', () => {
    const history = folded([ferry], [ferry.replace('Friday', 'Saturday')]);
    expect(told(history, history.sight([1, 2], ['k0@1']))).toEqual(['11/2 1/2 1/2']);
  });

  test('that words were away is told only to those who may see a version without them', () => {
    const history = folded([ferry, rain], [ferry], [ferry, rain]);
    expect(told(history)).toEqual(['13/1', '16/1^3']);
    expect(told(history, history.sight([1, 3]))).toEqual(['13/1', '16/1']);
  });

  test('a change costs what it changed: texts that stayed are not told of again', () => {
    const { texts } = folded([ferry, rain, varga, noon], [ferry, rain.replace('240', '260'), varga, noon]);
    expect([...texts.keys()].filter((name) => name.endsWith('@2'))).toEqual(['k1@2']);
  });
});
