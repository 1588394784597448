/** Whether HTML is inert: nothing but known elements with known attributes, and addresses that run nothing. */
import { expect } from '@jest/globals';
import { type DefaultTreeAdapterTypes, parse, serialize } from 'parse5';

const elements = new Set(
  'html head meta title body article header section p h1 h2 h3 h4 blockquote ul ol li pre code table thead tbody tr th td figure figcaption img small hr br a b bdi strong em u s div span details summary'.split(
    ' ',
  ),
);
/** Attributes, each with what its value may be. */
const attributes: { [name: string]: RegExp | 'address' } = {
  href: 'address',
  src: 'address',
  alt: /(?:)/,
  class: /^(?:language-\S+|[a-z]+)$/,
  start: /^\d+$/,
  align: /^(?:left|center|right)$/,
  style: /^text-align:(?:left|center|right)$/,
  lang: /^[A-Za-z0-9-]+$/,
  dir: /^(?:ltr|rtl|auto)$/,
  charset: /^utf-8$/,
  rel: /^noopener noreferrer$/,
  scope: /^col$/,
  tabindex: /^0$/,
  'aria-label': /^Table$/,
  // A renderer of Markdown writes them of what an image or a link is called.
  title: /(?:)/,
};
const schemes = /^(?:https?|mailto|tel):$/;

/** What is wrong, each with what it is wrong with. */
function faultsOf(tree: DefaultTreeAdapterTypes.Document): string[] {
  const faults: string[] = [];
  const open: DefaultTreeAdapterTypes.Node[] = [tree];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.nodeName === '#comment') faults.push(`a comment: ${(node as { data: string }).data}`);
    if ('childNodes' in node) open.push(...node.childNodes);
    if (!('tagName' in node)) continue;
    if (!elements.has(node.tagName)) faults.push(`the element ${node.tagName}`);
    if (!node.namespaceURI.endsWith('xhtml')) faults.push(`${node.tagName} of ${node.namespaceURI}`);
    for (const { name, value } of node.attrs) {
      const allowed = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
      const fine = allowed === 'address' ? leadsNowhereBad(value) : allowed?.test(value);
      if (!fine) faults.push(`the attribute ${name}="${value}" of ${node.tagName}`);
    }
  }
  return faults;
}

const leadsNowhereBad = (address: string): boolean => {
  const base = 'https://harrowbay.example/stories/ferry';
  return URL.canParse(address, base) ? schemes.test(new URL(address, base).protocol) : !/^[^/?#]*:/.test(address);
};

/** Also that it means the same when somebody parses and writes it again. No element allowed here depends on script. */
export function expectInert(html: string, what: unknown): void {
  const tree = parse(html);
  const faults = faultsOf(tree);
  if (faults.length > 0) expect([what, faults]).toEqual([what, []]);
  const again = serialize(tree);
  const once = parse(again);
  expect([what, serialize(once)]).toEqual([what, again]);
}
