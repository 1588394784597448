/** Histories folded version by version, as a projection would. */
import { keepKeys } from '../src/compare/align.js';
import {
  authorshipOf,
  type Past,
  remember,
  spansFor,
  type TextAuthorship,
  type Written,
} from '../src/compare/authorship.js';
import { Removed } from '../src/compare/removed.js';
import type { Block, DraftBlock } from '../src/content/types.js';
import type { Text } from './generate.js';
import { contentOf } from './ours.js';

export interface Folded {
  /** Of each word of the last version: the version that first wrote it. */
  wrote: number[];
  /** Thread time of each version's fold. */
  ms: number[];
}

export function fold(versions: readonly Text[]): Folded {
  const texts = new Map<string, TextAuthorship>();
  const blocks = new Map<string, Block>();
  const held = new Map<string, number[]>();
  const past: Past = {
    authorship: (text) => texts.get(text),
    block: (text) => blocks.get(text),
    removed: new Removed(),
  };
  let base: Written[] = [];
  let minted = 0;
  const ms: number[] = [];
  versions.forEach((text, i) => {
    const version = i + 1;
    const draft = contentOf(text).body.map(({ _key, ...block }) => block as DraftBlock);
    const was = new Map(base.map((one) => [one.block._key, one]));
    const body = keepKeys(
      base.map(({ block }) => block),
      draft,
      () => `k${minted++}`,
    ).map((block): Written => {
      const before = was.get(block._key);
      return before && JSON.stringify(before.block) === JSON.stringify(block)
        ? before
        : { text: `${block._key}@${version}`, block };
    });
    const step = { version, base, body, language: 'en' };
    const began = process.threadCpuUsage();
    const found = authorshipOf(step, past);
    remember(past, step, found);
    const { user, system } = process.threadCpuUsage(began);
    ms.push((user + system) / 1000);
    for (const [name, authorship] of found.texts) texts.set(name, authorship);
    for (const { text, block } of body) {
      blocks.set(text, block);
      const list = held.get(text);
      if (list) list.push(version);
      else held.set(text, [version]);
    }
    base = body;
  });
  const sight = {
    versions: versions.map((_, i) => i + 1),
    holding: (text: string) => held.get(text) ?? [],
    authorship: (text: string) => texts.get(text),
    moved: () => [],
  };
  const wrote = base.flatMap(({ text }) =>
    spansFor(text, sight).flatMap(({ words, versions }) => Array<number>(words).fill(versions[0]!)),
  );
  return { wrote, ms };
}
