/** One line of running text as HTML renders it: white space collapsed, images at its ends set free of it. */
import { checkCharacters, type Findings } from './check.js';
import { markOrder } from './html-names.js';
import { lineOf } from './html-tree.js';
import type { Decorator, ImageBlock, Link, RichText, Span } from './types.js';
import { isLinkUrl } from './url.js';

/** An `<a>`: the same object for all of its text. */
export interface LinkTo {
  href: string;
}
export interface Marked {
  marks: ReadonlySet<Decorator>;
  link?: LinkTo;
}
interface Words extends Marked {
  text: string;
}
interface Picture extends Marked {
  image: ImageBlock;
  node: object;
}
export type Part = RichText | ImageBlock;

export class Line {
  private pieces: (Words | Picture)[] = [];
  /** Whether a space at this place would not be seen. */
  private bare = true;
  /** Whether anything was written since this was last set to false. */
  written = false;

  constructor(
    private readonly pointer: string,
    private readonly found: Findings,
  ) {}

  /** Any run of white space but no-break spaces is one space. */
  text(value: string, marked: Marked): void {
    let text = value.replace(/[ \t\n\f\r]+/g, ' ');
    if (this.bare && text.startsWith(' ')) text = text.slice(1);
    if (text === '') return;
    checkCharacters(text, this.pointer, this.found);
    this.bare = text.endsWith(' ');
    this.add(text, marked);
  }

  /** A line feed; space before it is not seen. */
  break(marked: Marked): void {
    const last = this.pieces.at(-1);
    if (last && 'text' in last && last.text.endsWith(' ')) {
      last.text = last.text.slice(0, -1);
      if (last.text === '') this.pieces.pop();
    }
    this.add('\n', marked);
    this.bare = true;
  }

  /** Where blocks can't be: what follows begins a line. */
  newLine(): void {
    const last = this.pieces.at(-1);
    if (last && !('text' in last && last.text.endsWith('\n'))) this.break({ marks: new Set() });
  }

  picture(image: ImageBlock, node: object, marked: Marked): void {
    this.pieces.push({ image, node, ...marked });
    this.bare = false;
    this.written = true;
  }

  private add(text: string, { marks, link }: Marked): void {
    this.written = true;
    const last = this.pieces.at(-1);
    if (last && 'text' in last && last.link === link && sameMarks(last.marks, marks)) last.text += text;
    else this.pieces.push({ text, marks, ...(link && { link }) });
  }

  /**
   * Images before and after the text as blocks, the text between them if it can be seen. `text`: it may have none beside
   * it, so of every image only the words stay.
   */
  end(text = false): Part[] {
    const before: ImageBlock[] = [];
    const after: ImageBlock[] = [];
    if (!text) {
      for (let one = this.takePicture(0); one; one = this.takePicture(0)) before.push(one);
      for (let one = this.takePicture(-1); one; one = this.takePicture(-1)) after.unshift(one);
    }
    this.pieces = this.pieces.flatMap((piece) => ('text' in piece ? piece : this.inLine(piece)));
    this.trim(0);
    this.trim(-1);
    const rich = this.rich();
    const seen = rich.children.some((span) => span.text.trim() !== '');
    return [...before, ...(seen ? [rich] : []), ...after];
  }

  /** The picture at an end, with no text that could be seen outside of it. */
  private takePicture(end: 0 | -1): ImageBlock | undefined {
    this.trim(end);
    const piece = this.pieces.at(end);
    if (!piece || 'text' in piece) return undefined;
    this.pieces.splice(end, 1);
    if (piece.link) this.found.drop('link around an image, which is kept', { line: lineOf(piece.node) });
    return piece.image;
  }

  private trim(end: 0 | -1): void {
    for (let piece = this.pieces.at(end); piece && 'text' in piece; piece = this.pieces.at(end)) {
      piece.text = piece.text.replace(end === 0 ? /^[ \n]+/ : /[ \n]+$/, '');
      if (piece.text !== '') return;
      this.pieces.splice(end, 1);
    }
  }

  /** An image among words: its description, as a link to it. */
  private inLine({ image: { url, alt }, node, marks, link }: Picture): Words[] {
    const text = alt.replace(/\s+/g, ' ').trim();
    const kept = text && `; its description “${text.slice(0, 40).toWellFormed()}” is kept`;
    this.found.drop(`image in a line${kept}`, { line: lineOf(node) });
    if (text === '') return [];
    const own = link ?? (isLinkUrl(url) ? { href: url } : undefined);
    return [{ text, marks, ...(own && { link: own }) }];
  }

  private rich(): RichText {
    const markDefs: Link[] = [];
    const keys = new Map<LinkTo, string>();
    const keyOf = (link: LinkTo) => {
      const key = keys.get(link) ?? `l${keys.size}`;
      if (!keys.has(link)) markDefs.push({ _type: 'link', _key: key, href: link.href });
      keys.set(link, key);
      return key;
    };
    const children = this.pieces
      .filter((piece) => 'text' in piece)
      .map(
        ({ text, marks, link }): Span => ({
          _type: 'span',
          text,
          marks: [...markOrder.filter((mark) => marks.has(mark)), ...(link ? [keyOf(link)] : [])],
        }),
      );
    return { children, markDefs };
  }
}

const sameMarks = (a: ReadonlySet<Decorator>, b: ReadonlySet<Decorator>): boolean =>
  a.size === b.size && a.isSubsetOf(b);
