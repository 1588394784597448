/**
 * A comparison as a unified diff of lines, as `diff -u` writes it: what moved is taken away in one place and put in the
 * other. For tools; words are not marked.
 */
import type { Block } from '../content/types.js';
import { plainText } from './shown-text.js';
import type { BlockChange, Comparison } from './types.js';

type Line = { sign: ' ' | '-' | '+'; text: string };

export interface UnifiedOptions {
  /** Names of the two sides. */
  before?: string;
  after?: string;
  /** Unchanged lines shown around a change. */
  context?: number;
}

/** A body as the lines that a unified diff of it is about: blocks, parted by empty lines. */
export const linesOf = (body: readonly Block[]): string[] =>
  body.flatMap((block, i) => [...(i > 0 ? [''] : []), ...plainText(block).split('\n')]);

/** Empty where the bodies read the same. Ends with a line end. */
export function renderUnified(
  { blocks }: Comparison,
  { before = 'before', after = 'after', context = 3 }: UnifiedOptions = {},
): string {
  const lines = scriptOf(blocks);
  const hunks: string[] = [];
  let [oldLine, newLine] = [1, 1];
  for (let i = 0; i < lines.length; ) {
    let start = i;
    while (start < lines.length && lines[start]!.sign === ' ') start++;
    if (start === lines.length) break;
    const from = Math.max(i, start - context);
    oldLine += from - i;
    newLine += from - i;
    let to = start;
    for (let quiet = 0, k = start; k < lines.length && quiet <= 2 * context; k++) {
      quiet = lines[k]!.sign === ' ' ? quiet + 1 : 0;
      if (quiet === 0) to = k + 1;
    }
    to = Math.min(lines.length, to + context);
    const hunk = lines.slice(from, to);
    const [olds, news] = ['+', '-'].map((sign) => hunk.filter((line) => line.sign !== sign).length);
    // A range without lines is named by the line ahead of it.
    const range = (line: number, count: number) => `${count === 0 ? line - 1 : line}${count === 1 ? '' : `,${count}`}`;
    hunks.push(`@@ -${range(oldLine, olds!)} +${range(newLine, news!)} @@`);
    for (const { sign, text } of hunk) hunks.push(`${sign}${text}`);
    oldLine += olds!;
    newLine += news!;
    i = to;
  }
  return hunks.length === 0 ? '' : `--- ${before}\n+++ ${after}\n${hunks.join('\n')}\n`;
}

function scriptOf(blocks: readonly BlockChange[]): Line[] {
  const gone = blocks
    .flatMap((change) => change.before.map((side) => ({ ...side, change })))
    .sort((x, y) => x.index - y.index);
  const lines: Line[] = [];
  let next = 0;
  let [some, any] = [false, false];
  const put = (sign: Line['sign'], block: Block, parted: boolean) => {
    if (parted) lines.push({ sign, text: '' });
    for (const text of plainText(block).split('\n')) lines.push({ sign, text });
  };
  const take = (until: number) => {
    for (; next < until; next++) {
      put('-', gone[next]!.block, some);
      some = true;
    }
  };
  for (const change of blocks) {
    const { before, after, moved, kind } = change;
    const stays = before.length > 0 && after.length > 0 && !moved;
    if (stays || (before.length > 0 && after.length === 0)) take(before[0]!.index);
    const same =
      stays && kind !== 'split' && kind !== 'merged' && plainText(before[0]!.block) === plainText(after[0]!.block);
    if (same && some === any) {
      put(' ', after[0]!.block, any);
      next++;
      [some, any] = [true, true];
      continue;
    }
    if (stays || after.length === 0) take(before.at(-1)!.index + 1);
    for (const { block } of after) {
      put('+', block, any);
      any = true;
    }
  }
  take(gone.length);
  return lines;
}
