/** Running text with its marks and links, as a body and a comparison show it. */
import { type ComponentChildren, createContext, type VNode } from 'preact';
import type { Mark } from '../compare/types.js';
import type { Block, RichText } from '../content/types.js';
import { isLinkUrl } from '../content/url.js';

export interface Piece {
  text: string;
  marks: readonly Mark[];
}

const hrefOf = (marks: readonly Mark[]): string | undefined => marks.find((mark) => typeof mark === 'object')?.href;

/** Links as marks, as comparisons have them. */
export const piecesOf = ({ children, markDefs }: RichText): Piece[] =>
  children.map(({ text, marks }) => ({
    text,
    marks: marks.map((mark) => markDefs.find(({ _key }) => _key === mark) ?? mark),
  }));

/** Only where an address of the allowed kinds leads; links to elsewhere tell nothing of where they stand. */
function Anchor({ href, children }: { href: string; children: ComponentChildren }) {
  if (!isLinkUrl(href)) return <>{children}</>;
  const rel = /^https?:/i.test(href) ? 'noopener noreferrer' : undefined;
  return (
    <a href={href} rel={rel}>
      {children}
    </a>
  );
}

const wrappers: Record<string, (children: ComponentChildren) => VNode> = {
  code: (children) => <code>{children}</code>,
  strong: (children) => <strong>{children}</strong>,
  em: (children) => <em>{children}</em>,
  underline: (children) => <u>{children}</u>,
  'strike-through': (children) => <s>{children}</s>,
};

/** Text with its line breaks and decorators; not its link. */
export function marked({ text, marks }: Piece): ComponentChildren {
  const lines = text.split('\n').flatMap((line, index) => (index ? [<br />, line] : [line]));
  return Object.keys(wrappers).reduce<ComponentChildren>(
    (inner, decorator) => (marks.includes(decorator) ? wrappers[decorator]!(inner) : inner),
    lines,
  );
}

/** Neighbours that lead to one address become one link. */
export function linked<P extends Piece>(
  pieces: readonly P[],
  show: (piece: P) => ComponentChildren,
): ComponentChildren[] {
  const groups: { href: string | undefined; pieces: P[] }[] = [];
  for (const piece of pieces) {
    const href = hrefOf(piece.marks);
    const last = groups.at(-1);
    if (last && last.href === href) last.pieces.push(piece);
    else groups.push({ href, pieces: [piece] });
  }
  return groups.map(({ href, pieces }) =>
    href === undefined ? pieces.map(show) : <Anchor href={href}>{pieces.map(show)}</Anchor>,
  );
}

/** For pages that tell more of a text than it says itself. */
export interface Telling {
  /** In the place of running text. */
  text(text: RichText): ComponentChildren;
  /** Behind a block whose words are not running text. */
  after(block: Block): ComponentChildren;
}
export const TellingOf = createContext<Telling>({
  text: (text) => linked(piecesOf(text), marked),
  after: () => null,
});

export const Text = ({ text }: { text: RichText }) => (
  <TellingOf.Consumer>{(telling) => telling.text(text)}</TellingOf.Consumer>
);
