/**
 * The flat blocks of a body as the lists and quotes that they make up, for everything that writes a body out. Never
 * fails: a level that skips one, or a continuation with nothing to continue, is put where it makes sense.
 */
import { type Block, isKnownBlock } from './types.js';

export type Nested<B = Block> =
  | { kind: 'block'; block: B }
  | { kind: 'quote'; children: Nested<B>[] }
  /** An item's first child is the block that has the `listItem`. `start`: the number of the first item. */
  | { kind: 'list'; ordered: boolean; start: number; items: Nested<B>[][] };

type List<B> = Extract<Nested<B>, { kind: 'list' }>;

/**
 * A `blockquote` with a `listItem` is an item of a list in a quote; one with only a `level` is a quote in an item, unless
 * the whole list stands in a quote.
 */
export function nest<B extends { _type: string }>(body: readonly B[]): Nested<B>[] {
  const top: Nested<B>[] = [];
  /** Children of the quote that is open at the top, if one is. */
  let quote: Nested<B>[] | undefined;
  /** The list open at each level. */
  let lists: List<B>[] = [];

  const setQuote = (quoted: boolean) => {
    if (quoted === (quote !== undefined)) return;
    quote = quoted ? [] : undefined;
    if (quote) top.push({ kind: 'quote', children: quote });
    lists = [];
  };

  for (const block of body) {
    const { listItem, level, quoted, start } = placeOf(block);
    if (listItem) {
      if (level <= 1 || lists.length === 0) setQuote(quoted);
      const depth = Math.min(Math.max(level, 1), lists.length + 1);
      lists.length = Math.min(lists.length, depth);
      let list = lists[depth - 1];
      if (!list || list.ordered !== (listItem === 'number') || start !== undefined) {
        list = { kind: 'list', ordered: listItem === 'number', start: start ?? 1, items: [] };
        (depth > 1 ? lists[depth - 2]!.items.at(-1)! : (quote ?? top)).push(list);
        lists[depth - 1] = list;
      }
      list.items.push([{ kind: 'block', block }]);
    } else if (level >= 1 && lists.length > 0) {
      lists.length = Math.min(lists.length, level);
      const item = lists.at(-1)!.items.at(-1)!;
      if (quoted && !quote) addToQuote(item, block);
      else item.push({ kind: 'block', block });
    } else {
      setQuote(quoted);
      lists = [];
      (quote ?? top).push({ kind: 'block', block });
    }
  }
  return top;
}

function addToQuote<B>(item: Nested<B>[], block: B): void {
  const last = item.at(-1);
  if (last?.kind === 'quote') last.children.push({ kind: 'block', block });
  else item.push({ kind: 'quote', children: [{ kind: 'block', block }] });
}

interface Place {
  listItem?: 'bullet' | 'number';
  level: number;
  quoted: boolean;
  start?: number;
}

/** An unknown block may have members of these names that mean something else. */
function placeOf(block: { _type: string }): Place {
  const { listItem, level, style, start } = block as { [name: string]: unknown };
  const placed = typeof level === 'number' && level >= 1 ? level : 0;
  if (block._type !== 'block') return { level: isKnownBlock(block) ? placed : 0, quoted: false };
  return {
    ...((listItem === 'bullet' || listItem === 'number') && { listItem }),
    level: placed,
    quoted: style === 'blockquote',
    ...(typeof start === 'number' && { start }),
  };
}
