/** The blocks of one list item, however it was written. */
import { textBlock } from './text-in.js';
import type { BlockText, TextBlock } from './types.js';

const isText = (block: BlockText | undefined): block is TextBlock => block?._type === 'block';

/** The item's first text speaks for it; where something else comes first, an empty one does. */
export function itemOf(
  blocks: readonly BlockText[],
  item: Pick<TextBlock, 'listItem' | 'level' | 'start'>,
  style: 'normal' | 'blockquote',
): BlockText[] {
  const [head] = blocks;
  const speaks = isText(head) && !head.listItem && (head.style === 'blockquote') === (style === 'blockquote');
  const { _type, ...text } = speaks ? head : ({ ...textBlock(''), style } satisfies TextBlock);
  return [{ _type: 'block', ...text, ...item }, ...(speaks ? blocks.slice(1) : blocks)];
}
