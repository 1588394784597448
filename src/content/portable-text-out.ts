/** A body as Portable Text: as it is kept, with the keys that other programs expect on spans, rows and cells. */
import type { Block, Json, RichText, TableBlock } from './types.js';

type Keyed = { [member: string]: Json };

export const toPortableText = (body: readonly Block[]): Keyed[] => (body as readonly Keyed[]).map(keyedBlock);

function keyedBlock(block: Keyed): Keyed {
  if (block._type === 'block') return keyed(block as unknown as RichText);
  if (block._type === 'table') return { ...block, rows: (block.rows as unknown as TableBlock['rows']).map(keyedRow) };
  return block;
}

const keyedRow = (row: { cells: RichText[] }, i: number): Json => ({
  _key: `r${i}`,
  cells: row.cells.map((cell, n) => ({ _key: `c${n}`, ...keyed(cell) })),
});

const keyed = <T extends RichText>(text: T): Keyed => ({
  ...(text as unknown as Keyed),
  children: text.children.map((span, i) => ({ _key: `s${i}`, ...span })),
});
