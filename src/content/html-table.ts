/** Tables of HTML: which are data and which are there for the layout; their cells, with those that span several places. */
import { headings, paragraphs, players, preformatted, set } from './html-names.js';
import { attribute, type Element, isElement, nameOf, stylesOf, within } from './html-tree.js';
import type { RichText, TableBlock } from './types.js';

export interface HtmlTable {
  /** It only holds blocks in place: said by its role, by a table inside it, or by having one cell with blocks in it. */
  layout: boolean;
  captions: Element[];
  header: boolean;
  rows: Element[][];
}

const others = set('ul ol blockquote hr figure iframe');
const isBlock = (name: string): boolean =>
  (paragraphs.has(name) || headings.has(name) || preformatted.has(name) || players.has(name) || others.has(name)) &&
  !['tbody', 'thead', 'tfoot', 'tr', 'td', 'th', 'caption'].includes(name);

const named = (element: Element, ...names: string[]): Element[] =>
  element.childNodes.filter(isElement).filter((child) => names.includes(nameOf(child)));

export function tableOf(table: Element): HtmlTable {
  const sections = named(table, 'thead', 'tbody', 'tfoot');
  const rows = sections.flatMap((section) =>
    named(section, 'tr').map((row) => ({ head: nameOf(section) === 'thead', cells: named(row, 'td', 'th') })),
  );
  const [first] = rows.filter(({ cells }) => cells.length > 0);
  const inside = [...within(table)].map(nameOf);
  const single = rows.reduce((count, { cells }) => count + cells.length, 0) === 1;
  return {
    layout:
      ['presentation', 'none'].includes(attribute(table, 'role') ?? '') ||
      inside.includes('table') ||
      (single && inside.some(isBlock)),
    captions: named(table, 'caption'),
    header: first !== undefined && (first.head || first.cells.every((cell) => nameOf(cell) === 'th')),
    rows: rows.map(({ cells }) => cells),
  };
}

/** More than fit into a block whatever is in them, so that what spans thousands of places ends soon. */
const mostCells = 1000;

/** The rows with an empty cell wherever another spans over; `spans` names what was so simplified. */
export function cellsOf(
  { rows }: HtmlTable,
  read: (cell: Element) => RichText,
): { rows: TableBlock['rows']; align?: TableBlock['align']; spans: string[] } {
  const empty = (): RichText => ({ children: [{ _type: 'span', text: '', marks: [] }], markDefs: [] });
  const spans = new Set<string>();
  const sides: NonNullable<TableBlock['align']> = [];
  /** How many rows more a cell above reaches down, by column. */
  const down: number[] = [];
  const made: TableBlock['rows'] = [];
  let count = 0;
  for (const row of rows) {
    const cells: RichText[] = [];
    const passSpanned = () => {
      for (let left = down[cells.length]; left; left = down[cells.length]) {
        down[cells.length] = left - 1;
        cells.push(empty());
      }
    };
    for (const cell of row) {
      passSpanned();
      const [across, deep] = [spanOf(cell, 'colspan'), spanOf(cell, 'rowspan')];
      if (across > 1) spans.add('cell across several columns');
      if (deep > 1) spans.add('cell across several rows');
      const column = cells.length;
      sides[column] ??= sideOf(cell);
      for (let i = 0; i < across; i++) {
        down[column + i] = deep - 1;
        cells.push(i === 0 ? read(cell) : empty());
      }
    }
    passSpanned();
    if (cells.length > 0) made.push({ cells });
    count += cells.length;
    if (count > mostCells) break;
  }
  const width = Math.max(0, ...made.map(({ cells }) => cells.length));
  const align = Array.from({ length: width }, (_, i) => sides[i] ?? null);
  return { rows: made, ...(align.some((side) => side !== null) && { align }), spans: [...spans] };
}

const spanOf = (cell: Element, name: string): number => {
  const typed = Number(attribute(cell, name) ?? 1);
  return Number.isInteger(typed) && typed > 1 ? Math.min(typed, mostCells) : 1;
};

function sideOf(cell: Element): 'left' | 'center' | 'right' | null {
  const side = stylesOf(cell).get('text-align') ?? attribute(cell, 'align')?.toLowerCase();
  return side === 'left' || side === 'center' || side === 'right' ? side : null;
}
