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
    this.pieces.push({ text, marks, ...(link && { link }) });
  }

  /**
   * Images before and after the text as blocks, the text between them if it can be seen. `text`: it may have none beside
   * it, so of every image only the words stay.
   */
  end(text = false): Part[] {
    const before: ImageBlock[] = [];
    const after: ImageBlock[] = [];
    const take = (into: ImageBlock[]) => (text ? undefined : (picture: Picture) => into.push(this.alone(picture)));
    const words = cut(this.pieces, take(before), take(after)).flatMap((piece) =>
      'text' in piece ? piece : this.inLine(piece),
    );
    const rich = richText(cut(words).filter((piece) => 'text' in piece));
    const seen = rich.children.some((span) => span.text.trim() !== '');
    return [...before, ...(seen ? [rich] : []), ...after.reverse()];
  }

  private alone({ image, link, node }: Picture): ImageBlock {
    if (link) this.found.drop('link around an image, which is kept', { line: lineOf(node) });
    return image;
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
}

/** Without white space at the ends; pictures there are taken, if somebody takes them. */
function cut(
  pieces: readonly (Words | Picture)[],
  takeFirst?: (picture: Picture) => void,
  takeLast?: (picture: Picture) => void,
): (Words | Picture)[] {
  let from = 0;
  let to = pieces.length;
  for (; from < to; from++) {
    const piece = pieces[from]!;
    if ('text' in piece) piece.text = piece.text.replace(/^[ \n]+/, '');
    else takeFirst?.(piece);
    if ('text' in piece ? piece.text !== '' : !takeFirst) break;
  }
  for (; to > from; to--) {
    const piece = pieces[to - 1]!;
    if ('text' in piece) piece.text = piece.text.replace(/[ \n]+$/, '');
    else takeLast?.(piece);
    if ('text' in piece ? piece.text !== '' : !takeLast) break;
  }
  return pieces.slice(from, to);
}

/** Spans of one piece or several that are marked the same; links in order. */
function richText(pieces: readonly Words[]): RichText {
  const keys = new Map<LinkTo, string>();
  const children: Span[] = [];
  let last: Words | undefined;
  for (const piece of pieces) {
    const { text, marks, link } = piece;
    if (link && !keys.has(link)) keys.set(link, `l${keys.size}`);
    if (last && last.link === link && sameMarks(last.marks, marks)) children.at(-1)!.text += text;
    else {
      const names = markOrder.filter((mark) => marks.has(mark));
      children.push({ _type: 'span', text, marks: [...names, ...(link ? [keys.get(link)!] : [])] });
    }
    last = piece;
  }
  const markDefs = [...keys].map(([{ href }, _key]): Link => ({ _type: 'link', _key, href }));
  return { children, markDefs };
}

const sameMarks = (a: ReadonlySet<Decorator>, b: ReadonlySet<Decorator>): boolean =>
  a.size === b.size && a.isSubsetOf(b);
