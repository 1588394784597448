/** Plain text in: paragraphs parted by blank lines; a single line end stays in its paragraph. */
import { normalizeLineEnds } from './check.js';
import type { TextBlock } from './types.js';

export const textBlock = (text: string): TextBlock => ({
  _type: 'block',
  style: 'normal',
  children: [{ _type: 'span', text, marks: [] }],
  markDefs: [],
});

export const parseText = (source: string): TextBlock[] =>
  normalizeLineEnds(source)
    .split(/\n(?:[^\S\n]*\n)+/)
    .map((paragraph) => paragraph.replace(/^\n+|\n+$/g, ''))
    .filter((paragraph) => paragraph.trim() !== '')
    .map(textBlock);
