/** What reading HTML has made so far: the line it is in, the blocks before it, and what it had to leave out. */
import type { Findings } from './check.js';
import { Line, type Marked } from './html-line.js';
import { type Element, lineOf } from './html-tree.js';
import type { BlockText, RichText, TextStyle } from './types.js';

/** Where words stand: in a list item of this depth, in a quote that holds whole lists or that stands in an item. */
export interface Place extends Marked {
  level: number;
  style: 'normal' | 'blockquote';
  quote: 'none' | 'outer' | 'in-item';
  heading?: TextStyle;
  /** In running text that can't be parted into blocks: the cell of a table. */
  cell?: boolean;
}

export const top: Place = { level: 0, style: 'normal', quote: 'none', marks: new Set() };

export class Flow {
  line: Line;
  blocks: BlockText[] = [];
  headline: string | undefined;
  private here = top;
  private readonly told = new Set<string>();

  constructor(
    readonly pointer: string,
    readonly found: Findings,
  ) {
    this.line = this.newLine();
  }

  newLine(): Line {
    return new Line(this.pointer, this.found);
  }

  /** What `read` writes begins and ends a paragraph. */
  enter(place: Place, read: () => void): void {
    if (place.cell) {
      this.line.newLine();
      read();
      this.line.newLine();
      return;
    }
    this.flush();
    const outer = this.here;
    this.here = place;
    read();
    this.flush();
    this.here = outer;
  }

  /** The blocks that `read` makes. */
  collect(place: Place, read: () => void): BlockText[] {
    this.flush();
    const outer = this.blocks;
    const made: BlockText[] = [];
    this.blocks = made;
    this.enter(place, read);
    this.blocks = outer;
    return made;
  }

  /** The running text that `read` writes; `undefined` if none of it can be seen. */
  text(read: () => void): RichText | undefined {
    const outer = this.line;
    this.line = this.newLine();
    read();
    const [text] = this.line.end(true) as RichText[];
    this.line = outer;
    return text;
  }

  /** Ends the paragraph. */
  flush(): void {
    const { level, style, heading } = this.here;
    const parts = this.line.end(heading !== undefined);
    this.line = this.newLine();
    for (const part of parts) {
      const text = 'children' in part;
      if (!text && style === 'blockquote') this.once('quote around an image, which is kept');
      this.blocks.push({
        ...(text ? { _type: 'block', style: heading ?? style, ...part } : part),
        ...(level > 0 && { level }),
      });
    }
  }

  /** A block that is no text; a cell has no place for it. */
  put(block: BlockText, place: Place, node: Element): void {
    this.flush();
    const { level, style } = place;
    if (style === 'blockquote') this.drop(`quote around a ${block._type}, which is kept`, node);
    this.blocks.push({ ...block, ...(level > 0 && { level }) });
  }

  add(blocks: readonly BlockText[]): void {
    this.flush();
    for (const block of blocks) this.blocks.push(block);
  }

  drop(what: string, node: object): void {
    this.found.drop(what, { line: lineOf(node) });
  }

  /** Reported the first time only. */
  once(what: string, node?: object): void {
    if (this.told.has(what)) return;
    this.told.add(what);
    this.found.drop(what, node ? { line: lineOf(node) } : {});
  }

  /** Faults `too-long`. */
  checkLength(node: object, what: string, text: string, max: number): void {
    if (text.length <= max) return;
    this.found.fault(this.pointer, 'too-long', `Line ${lineOf(node)}: ${what} may have at most ${max} characters.`);
  }
}

export const quoted = (text: string): string => `“${text.length > 40 ? `${text.slice(0, 40).toWellFormed()}…` : text}”`;
