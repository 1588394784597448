/** Images with their captions, and what is shown from elsewhere: frames, recordings. */
import { checkCharacters } from './check.js';
import { type Flow, type Place, quoted } from './html-flow.js';
import type { Line } from './html-line.js';
import { creditClass, paragraphs, providerOf, set, unread } from './html-names.js';
import {
  attribute,
  type Element,
  hasClass,
  isElement,
  isHidden,
  isText,
  type Node,
  nameOf,
  within,
} from './html-tree.js';
import { limits } from './limits.js';
import { plainText } from './text-out.js';
import type { Decorator, ImageBlock, RichText } from './types.js';
import { isWebUrl } from './url.js';

const structures = set('ul ol table blockquote pre iframe video audio figure hr h1 h2 h3 h4 h5 h6');

/** An image with its words, or an embed as we write it. False for any other figure: it only holds its content. */
export function readFigure(node: Element, place: Place, flow: Flow): boolean {
  const inside = [...within(node)];
  if (hasClass(node, 'embed')) {
    const url = inside.map((one) => attribute(one, 'href')).find((href) => href !== undefined) ?? '';
    const label = inside.find((one) => nameOf(one) === 'figcaption');
    const provider = label ? wordsOf(label, flow).caption : '';
    if (!isWebUrl(url)) return false;
    flow.checkLength(node, 'an address', url, limits.url);
    flow.checkLength(node, 'a provider', provider, limits.provider);
    flow.put({ _type: 'embed', url, ...(provider && { provider }) }, place, node);
    return true;
  }
  const images = inside.filter((one) => nameOf(one) === 'img');
  const [image] = images;
  const other = inside.some((one) => structures.has(nameOf(one)));
  if (!image || images.length > 1 || other || !isWebUrl(imageOf(image).url)) return false;
  if (inside.some((one) => nameOf(one) === 'a' && attribute(one, 'href'))) flow.once('link in a figure', node);
  flow.enter(place, () => readImage(image, place, flow, wordsOf(node, flow)));
  return true;
}

export function readImage(
  node: Element,
  place: Place,
  flow: Flow,
  { caption = '', credit = '' }: { caption?: string; credit?: string } = {},
): void {
  const { url, alt } = imageOf(node);
  flow.checkLength(node, 'the description of an image', alt, limits.alt);
  flow.checkLength(node, 'a caption', caption, limits.caption);
  flow.checkLength(node, 'a credit', credit, limits.credit);
  checkCharacters(alt, flow.pointer, flow.found);
  if (isWebUrl(url)) {
    flow.checkLength(node, 'an address', url, limits.url);
    const words = { ...(caption && { caption }), ...(credit && { credit }) };
    flow.line.picture({ _type: 'image', url, alt, ...words }, node, place);
  } else {
    flow.drop(`image${url && ` at ${quoted(url)}`}${alt && '; its description is kept'}`, node);
    flow.line.text(alt, place);
  }
}

/** Frames of known places and all recordings are embeds; any other frame is left out. */
export function readFrame(node: Element, place: Place, flow: Flow): void {
  const source = [node, ...within(node)].map((one) => attribute(one, 'src')).find(Boolean);
  const url = webUrl(source);
  const provider = providerOf(url);
  if (!isWebUrl(url) || url.length > limits.url || (nameOf(node) === 'iframe' && !provider))
    flow.drop(`HTML <${nameOf(node)}>${url && ` of ${quoted(url)}`}`, node);
  else if (place.cell) flow.line.text(url, { ...place, link: { href: url } });
  else flow.put({ _type: 'embed', url, ...(provider && { provider }) }, place, node);
}

/** Plain text, and apart from it who took or owns a picture. */
export function wordsOf(node: Element, flow: Flow): { caption: string; credit: string } {
  const lines = { caption: flow.newLine(), credit: flow.newLine() };
  const plain = { marks: new Set<Decorator>() };
  const read = (one: Node, line: Line): void => {
    if (isText(one)) line.text(one.value, plain);
    if (!isElement(one) || isHidden(one)) return;
    const name = nameOf(one);
    const apart = name === 'small' || name === 'cite' || creditClass.test(classesOf(one));
    const into = apart ? lines.credit : line;
    if (unread.has(name)) flow.once(`HTML <${name}>`, one);
    else if (name === 'br') into.break(plain);
    else {
      if (apart || paragraphs.has(name)) into.newLine();
      for (const child of one.childNodes) read(child, into);
      if (apart || paragraphs.has(name)) into.newLine();
    }
  };
  for (const child of node.childNodes) read(child, lines.caption);
  const textOf = (line: Line) => (line.end(true) as RichText[]).map(plainText).join('');
  return { caption: textOf(lines.caption), credit: textOf(lines.credit).replace(/\n/g, ' ') };
}

const classesOf = (element: Element): string =>
  `${attribute(element, 'class') ?? ''} ${(attribute(element, 'itemprop') ?? '').replace(/(?=[A-Z])/g, ' ')}`;

/** Without a scheme it is the page's own, which is taken to be https. */
const webUrl = (typed: string | undefined): string => (typed ?? '').trim().replace(/^\/\//, 'https://');

const imageOf = (node: Element): Pick<ImageBlock, 'url' | 'alt'> => ({
  url: webUrl(attribute(node, 'src')),
  alt: attribute(node, 'alt') ?? '',
});
