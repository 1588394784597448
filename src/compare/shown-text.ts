/** How texts without words of their own are named wherever a comparison is told. */
import type { Block, Json } from '../content/types.js';
import { type Absent, isAbsent, type TextBlock } from '../content/types.js';
import { read } from './blocks.js';
import type { BlockChange } from './types.js';

export const absentText = (absence: string): string => `(a removed text: ${absence})`;

export const valueText = (value: Json | Absent): string =>
  isAbsent(value) ? absentText(value._absent) : typeof value === 'string' ? value : JSON.stringify(value);

/** Whether the spacing within lines is all that changed. */
export const isRespaced = ({ kind, formatting }: BlockChange): boolean => kind === 'reformatted' && !formatting;

/** What stands ahead of a block's text to say what it is: `## `, `- `, `> `. */
export function lead(block: Block): string {
  if (block._type !== 'block') return '';
  const { style, listItem, level } = block as TextBlock;
  if (listItem) return `${'  '.repeat(Math.max(0, (level ?? 1) - 1))}${listItem === 'bullet' ? '-' : '#'} `;
  return style === 'blockquote' ? '> ' : style === 'normal' ? '' : `${'#'.repeat(Number(style[1]))} `;
}

/** A block as plain text; of one that isn't text its type, address and words. */
export function plainText(block: Block): string {
  if (block._type === 'removed') return absentText((block as { absence: string }).absence);
  if (block._type === 'rule') return '---';
  const { text } = read(block);
  if (block._type === 'block' || block._type === 'code' || block._type === 'table') return `${lead(block)}${text}`;
  const url = (block as { url?: unknown }).url;
  return [`[${block._type}]`, typeof url === 'string' ? url : '', text.replaceAll('\n', ' · ')]
    .filter(Boolean)
    .join(' ');
}
