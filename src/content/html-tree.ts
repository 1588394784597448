/** HTML as a tree, by the standard's own algorithm (parse5), bounded in depth and number whatever the source. */
import { type DefaultTreeAdapterTypes as Default, defaultTreeAdapter, parse } from 'parse5';
import type { Findings } from './check.js';
import { limits } from './limits.js';

export type Element = Default.Element;
export type Node = Default.ChildNode;

class TooMuch extends Error {
  constructor(
    readonly code: 'too-deep' | 'too-complex',
    detail: string,
  ) {
    super(detail);
  }
}
const tooDeep = (line: number) =>
  new TooMuch('too-deep', `Line ${line}: HTML elements may be nested ${limits.htmlDepth} levels deep.`);

/**
 * The children of `<html>`, or `undefined` with a fault: `too-deep`, `too-complex`. Tags that are never closed are
 * opened again in each paragraph, so a small source can mean millions of elements: parsing ends where a limit is met.
 */
export function parseTree(source: string, pointer: string, found: Findings): Node[] | undefined {
  let elements = 0;
  let depth = 0;
  const treeAdapter: typeof defaultTreeAdapter = {
    ...defaultTreeAdapter,
    createElement(...made) {
      elements += 1;
      if (elements > limits.htmlElements)
        throw new TooMuch('too-complex', `HTML may have at most ${limits.htmlElements} elements.`);
      return defaultTreeAdapter.createElement(...made);
    },
    onItemPush(element) {
      depth += 1;
      if (depth > limits.htmlDepth) throw tooDeep(lineOf(element));
    },
    onItemPop() {
      depth -= 1;
    },
  };
  try {
    const html = parse(source, { treeAdapter, sourceCodeLocationInfo: true }).childNodes.find(isElement)!;
    checkDepth(html);
    return html.childNodes;
  } catch (error) {
    if (error instanceof TooMuch) return found.fault(pointer, error.code, error.message);
    throw error;
  }
}

/** Misnested tags are moved, which can make the tree deeper than what was ever open at once. */
function checkDepth(root: Node): void {
  const open: [node: Node, depth: number][] = [[root, 1]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, depth] = next;
    if (!isElement(node)) continue;
    if (depth > limits.htmlDepth) throw tooDeep(lineOf(node));
    for (const child of node.childNodes) open.push([child, depth + 1]);
  }
}

export const isElement = (node: object): node is Element => 'tagName' in node;
export const isText = (node: Node): node is Default.TextNode => node.nodeName === '#text';

/** Lower case; of SVG and MathML whatever it is. */
export const nameOf = (element: Element): string => element.tagName.toLowerCase();

/** From 1. */
export const lineOf = (node: object): number =>
  (node as { sourceCodeLocation?: { startLine?: number } | null }).sourceCodeLocation?.startLine ?? 1;

export const attribute = (element: Element, name: string): string | undefined =>
  element.attrs.find((one) => one.name === name)?.value;

/** Whether the class is one of the element's. */
export const hasClass = (element: Element, name: string): boolean =>
  attribute(element, 'class')?.split(/\s+/).includes(name) ?? false;

/** Declarations of the `style` attribute, in lower case, without what makes them weigh more. */
export function stylesOf(element: Element): ReadonlyMap<string, string> {
  const declarations = attribute(element, 'style')?.toLowerCase().split(';') ?? [];
  return new Map(
    declarations.map((one): [string, string] => {
      const colon = one.indexOf(':');
      return colon < 0
        ? [one.trim(), '']
        : [
            one.slice(0, colon).trim(),
            one
              .slice(colon + 1)
              .replace('!important', '')
              .trim(),
          ];
    }),
  );
}

export const parentOf = ({ parentNode }: Element): Element | undefined =>
  parentNode && isElement(parentNode) ? parentNode : undefined;

/** What Word writes to show a bullet where lists are not known. */
export const isWordsOwn = (element: Element): boolean => stylesOf(element).get('mso-list') === 'ignore';

/** Not shown on a page. */
export function isHidden(element: Element): boolean {
  if (attribute(element, 'hidden') !== undefined) return true;
  const styles = stylesOf(element);
  return (
    styles.get('display') === 'none' ||
    styles.get('visibility') === 'hidden' ||
    styles.get('mso-hide') === 'all' ||
    styles.get('mso-list') === 'ignore'
  );
}

/** All elements inside, in order. */
export function* within(element: Element): Generator<Element> {
  for (const child of element.childNodes) {
    if (!isElement(child)) continue;
    yield child;
    yield* within(child);
  }
}

/** All text inside, as it lies in the source. */
export const textWithin = (node: Node): string =>
  isText(node) ? node.value : isElement(node) ? node.childNodes.map(textWithin).join('') : '';
