/** Lists of HTML, with what stands between their items. */
import type { Flow, Place } from './html-flow.js';
import { attribute, type Element, isElement, isHidden, lineOf, type Node, nameOf } from './html-tree.js';
import { limits } from './limits.js';
import { itemOf } from './list-item.js';
import type { BlockText, TextBlock } from './types.js';

type Read = (node: Node, place: Place, flow: Flow) => void;

export function readList(node: Element, place: Place, flow: Flow, read: Read): void {
  if (place.quote === 'in-item' && place.style === 'blockquote')
    flow.once('quote around a list in a list item; the list is kept', node);
  const item = itemIn(place, 1, node, flow);
  if (!item) return;
  const { level, style } = item;
  const listItem = nameOf(node) === 'ol' ? 'number' : 'bullet';
  const typed = Number(/^\s*\d{1,9}(?!\d)/.exec(attribute(node, 'start') ?? '')?.[0] ?? 1);
  flow.flush();
  const again = continuesNumbers(flow.blocks, level, style);
  let start = listItem === 'number' && (typed !== 1 || again) ? { start: typed } : {};
  let items = 0;
  for (const child of node.childNodes) {
    const blocks = flow.collect(item, () => read(child, item, flow));
    const isItem = isElement(child) && nameOf(child) === 'li' && !isHidden(child);
    // What stands between the items belongs to the one before it.
    if (!isItem && (items > 0 || blocks.length === 0)) flow.add(blocks);
    else {
      flow.add(itemOf(blocks, { listItem, level, ...start }, style));
      items += 1;
      start = {};
    }
  }
}

/** An item by itself, `depth` levels further in, but no deeper than the item before it can hold. */
export function readLoneItem(
  listItem: 'bullet' | 'number',
  depth: number,
  place: Place,
  flow: Flow,
  node: Element,
  read: Read,
): void {
  flow.flush();
  const before = flow.blocks.at(-1);
  const quoted = (block: BlockText) => (block as TextBlock).style === 'blockquote';
  const held = before && quoted(before) === (place.quote === 'outer') ? Math.max(levelOf(before) - place.level, 0) : 0;
  const item = itemIn(place, Math.min(Math.max(depth, 1), held + 1), node, flow);
  if (!item) return;
  const blocks = flow.collect(item, () => {
    for (const child of node.childNodes) read(child, item, flow);
  });
  flow.add(itemOf(blocks, { listItem, level: item.level }, item.style));
}

const levelOf = (block: BlockText): number => (block as Partial<TextBlock>).level ?? 0;

/** Faults `too-deep`. */
function itemIn(place: Place, depth: number, node: Element, flow: Flow): Place | undefined {
  const level = place.level + depth;
  const style = place.quote === 'outer' ? 'blockquote' : 'normal';
  if (level <= limits.depth) return { ...place, level, style, heading: undefined };
  const detail = `Line ${lineOf(node)}: lists may be nested ${limits.depth} levels deep.`;
  return flow.found.fault(flow.pointer, 'too-deep', detail);
}

/** Whether a numbered list of this depth has just ended: without a start of its own, the next would go on with its numbers. */
function continuesNumbers(blocks: readonly BlockText[], level: number, style: TextBlock['style']): boolean {
  const listOf = (block: BlockText) => (block as Partial<TextBlock>).listItem;
  const last = blocks.findLast((block) => levelOf(block) < level || (listOf(block) && levelOf(block) === level));
  if (!last || levelOf(last) !== level || listOf(last) !== 'number') return false;
  return level > 1 || ((last as TextBlock).style === 'blockquote') === (style === 'blockquote');
}
