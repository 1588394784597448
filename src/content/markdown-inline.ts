/** Running text of Markdown as spans: nested marks become sets of marks, references are resolved, HTML is left out. */
import type { Definition, Image, ImageReference, LinkReference, Link as MdLink, Nodes, PhrasingContent } from 'mdast';
import { checkCharacters, type Findings } from './check.js';
import { limits } from './limits.js';
import { isBreak, nameOfHtml } from './markdown-html.js';
import type { Decorator, Link, RichText, Span } from './types.js';
import { isLinkUrl } from './url.js';

/** What reading needs besides the nodes. Lines count from 1. */
export interface Reader {
  definitions: ReadonlyMap<string, Definition>;
  pointer: string;
  found: Findings;
}

export const lineOf = (node: Nodes): number => node.position?.start.line ?? 1;

/** `undefined` where there is no text at all. `trim`: white space at the ends doesn't count, as in the cell of a table. */
export function inlineOf(nodes: readonly PhrasingContent[], reader: Reader, trim = false): RichText | undefined {
  const { found, pointer } = reader;
  const children: Span[] = [];
  const markDefs: Link[] = [];
  let cut = trim;
  let written = 0;

  function push(text: string, marks: readonly string[]): void {
    if (text === '') return;
    checkCharacters(text, pointer, found);
    written += text.length;
    const last = children.at(-1);
    if (last && sameMarks(last.marks, marks)) last.text += text;
    else children.push({ _type: 'span', text, marks: [...marks] });
  }

  function read(node: PhrasingContent, marks: readonly string[]): void {
    switch (node.type) {
      case 'text':
        // A line end in the source is a space on the page.
        push(node.value.replace(/[\r\n]/g, ' '), marks);
        break;
      case 'break':
        cut = true;
        push('\n', marks);
        break;
      case 'inlineCode':
        push(node.value.replace(/[\r\n]/g, ' '), marked(marks, 'code'));
        break;
      case 'emphasis':
        readAll(node.children, marked(marks, 'em'));
        break;
      case 'strong':
        readAll(node.children, marked(marks, 'strong'));
        break;
      case 'delete':
        readAll(node.children, marked(marks, 'strike-through'));
        break;
      case 'html':
        cut = true;
        if (isBreak(node.value)) push('\n', marks);
        else if (!node.value.startsWith('</')) found.drop(`HTML ${nameOfHtml(node.value)}`, { line: lineOf(node) });
        break;
      case 'link':
        readLink(node, node, marks);
        break;
      case 'linkReference':
        readLink(node, reader.definitions.get(node.identifier), marks);
        break;
      case 'image':
        readImage(node, node, marks);
        break;
      case 'imageReference':
        readImage(node, reader.definitions.get(node.identifier), marks);
        break;
    }
  }

  function readAll(inside: readonly PhrasingContent[], marks: readonly string[]): void {
    for (const node of inside) read(node, marks);
  }

  function readLink(node: MdLink | LinkReference, target: Target | undefined, marks: readonly string[]): void {
    const line = lineOf(node);
    if (target?.title) found.drop('title of a link', { line });
    if (inLink(marks)) found.drop('link in the text of a link', { line });
    const key = target && !inLink(marks) ? addLink(target.url, line) : undefined;
    const before = written;
    readAll(node.children, key === undefined ? marks : [...marks, key]);
    if (key === undefined || written > before) return;
    markDefs.pop();
    found.drop('link without a text', { line });
  }

  /** An image inside a line: its words, as a link to it. */
  function readImage(node: Image | ImageReference, target: Target | undefined, marks: readonly string[]): void {
    const line = lineOf(node);
    const alt = node.alt?.replace(/\n/g, ' ') ?? '';
    found.drop(
      alt ? `image in a line; its description “${alt.slice(0, 40).toWellFormed()}” is kept` : 'image in a line',
      {
        line,
      },
    );
    cut ||= alt === '';
    const key = target && addLink(target.url, line);
    if (key !== undefined && (inLink(marks) || alt === '')) markDefs.pop();
    push(alt, key !== undefined && !inLink(marks) ? [...marks, key] : marks);
  }

  /** An empty address is none; any other that may not be linked is a fault. */
  function addLink(address: string, line: number): string | undefined {
    const href = address.replaceAll(' ', '%20');
    if (href === '') return undefined;
    if (href.length > limits.url)
      return found.fault(pointer, 'too-long', `Line ${line}: an address may have at most ${limits.url} characters.`);
    if (!isLinkUrl(href))
      return found.fault(
        pointer,
        'url-not-allowed',
        `Line ${line}: a link may be http, https, mailto, tel or relative, without control characters.`,
      );
    const key = `l${markDefs.length}`;
    markDefs.push({ _type: 'link', _key: key, href });
    return key;
  }

  readAll(nodes, []);
  const text = cut ? trimmed({ children, markDefs }) : { children, markDefs };
  return text.children.length > 0 ? text : undefined;
}

interface Target {
  url: string;
  title?: string | null;
}

const order: readonly string[] = ['strong', 'em', 'strike-through', 'code'] satisfies Decorator[];

/** With one mark more, in one order however they were nested; links come last. */
function marked(marks: readonly string[], mark: Decorator): readonly string[] {
  if (marks.includes(mark)) return marks;
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...marks, mark].sort((a, b) => rank(a) - rank(b));
}

const inLink = (marks: readonly string[]): boolean => marks.some((mark) => !order.includes(mark));

const sameMarks = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((mark, i) => mark === b[i]);

/** Without white space at the ends that was laid bare by what was left out or is a line break with nothing beyond it, and without links that had only that. */
function trimmed(text: RichText): RichText {
  const spans = text.children.map((span) => ({ ...span }));
  for (const [end, space] of [
    [0, /^[ \t\n]+/],
    [-1, /[ \t\n]+$/],
  ] as const) {
    for (let span = spans.at(end); span; span = spans.at(end)) {
      span.text = span.text.replace(space, '');
      if (span.text !== '') break;
      spans.splice(end, 1);
    }
  }
  const used = text.markDefs.filter((link) => spans.some((span) => span.marks.includes(link._key)));
  const keys = new Map(used.map((link, i) => [link._key, `l${i}`]));
  return {
    children: spans.map((span) => ({ ...span, marks: span.marks.map((mark) => keys.get(mark) ?? mark) })),
    markDefs: used.map((link, i) => ({ ...link, _key: `l${i}` })),
  };
}
