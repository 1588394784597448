/**
 * HTML in: the words that a page would show, as the blocks that Markdown makes too. What blocks can't hold is left out and
 * reported, scripts and styles with what they hold; an address that may not be linked is taken off its words.
 */
import { checkCharacters, type Findings } from './check.js';
import { readFigure, readFrame, readImage, wordsOf } from './html-figure.js';
import { Flow, type Place, quoted, top } from './html-flow.js';
import type { LinkTo } from './html-line.js';
import { readList, readLoneItem } from './html-list.js';
import { headings, marksOf, paragraphs, players, preformatted, set, silent, unread } from './html-names.js';
import { cellsOf, tableOf } from './html-table.js';
import {
  attribute,
  type Element,
  hasClass,
  isElement,
  isHidden,
  isText,
  isWordsOwn,
  type Node,
  nameOf,
  parentOf,
  parseTree,
  stylesOf,
  textWithin,
  within,
} from './html-tree.js';
import { limits } from './limits.js';
import type { BlockText, Decorator, RichText, TextStyle } from './types.js';
import { isLinkUrl } from './url.js';

/** Faults' pointers are `pointer`, the source's own; their details name the line. */
export function parseHtml(
  source: string,
  pointer: string,
  found: Findings,
): { blocks: BlockText[]; headline?: string } {
  const nodes = parseTree(source, pointer, found);
  if (!nodes) return { blocks: [] };
  const flow = new Flow(pointer, found);
  const blocks = flow.collect(top, () => readAll(nodes, top, flow));
  return { blocks, ...(flow.headline && { headline: flow.headline }) };
}

function readAll(nodes: readonly Node[], place: Place, flow: Flow): void {
  for (const node of nodes) read(node, place, flow);
}

const lists = set('ul ol menu dir');

function read(node: Node, outside: Place, flow: Flow): void {
  if (isText(node)) flow.line.text(node.value, outside);
  if (!isElement(node)) return;
  const name = nameOf(node);
  reportHandlers(node, flow);
  if (isHidden(node)) {
    if (!isWordsOwn(node) && textWithin(node).trim() !== '') flow.once('hidden words', node);
    return;
  }
  const place = marked(node, name, outside);
  const heading = headings.get(name);
  const inside = () => readAll(node.childNodes, place, flow);
  if (name === 'iframe' || players.has(name)) readFrame(node, place, flow);
  else if (unread.has(name)) {
    // The title of a whole page is not shown on it.
    if (name !== 'title') flow.once(`HTML <${name}>`, node);
  } else if (name === 'br') flow.line.break(place);
  else if (name === 'img') readImage(node, place, flow);
  else if (name === 'a') readLink(node, place, flow);
  else if (name === 'q') {
    flow.line.text('“', place);
    inside();
    flow.line.text('”', place);
  } else if (preformatted.has(name)) readCode(node, place, flow);
  else if (place.cell && (heading || lists.has(name) || name === 'blockquote' || name === 'hr'))
    flow.enter(place, inside);
  else if (name === 'hr') flow.put({ _type: 'rule' }, place, node);
  else if (heading) readHeading(node, heading, place, flow);
  else if (name === 'blockquote') {
    const quote = quoteIn(place, node, flow);
    flow.enter(quote, () => readAll(node.childNodes, quote, flow));
  } else if (lists.has(name)) readList(node, place, flow, read);
  else if (name === 'table' && !place.cell) readTable(node, place, flow);
  else if (name === 'figure' && !place.cell && readFigure(node, place, flow)) return;
  else if (name === 'figure' && hasClass(node, 'statement')) readStatement(node, place, flow);
  else if (name === 'header' && flow.headline === undefined && nameOfParent(node) === 'article')
    flow.enter(place, () => readHeader(node, place, flow));
  else readOther(node, name, place, flow, inside);
}

function readOther(node: Element, name: string, place: Place, flow: Flow, inside: () => void): void {
  const level = /\blevel(\d{1,2})\b/.exec(stylesOf(node).get('mso-list') ?? '')?.[1];
  if (level && !place.cell) readLoneItem(wordListItem(node), Number(level), place, flow, node, read);
  else if (name === 'li' && !place.cell && !lists.has(nameOfParent(node)))
    readLoneItem('bullet', 1, place, flow, node, read);
  else if (paragraphs.has(name)) flow.enter(place, inside);
  else inside();
  if (!silent.has(name) && !marksOf.has(name)) flow.once(`HTML <${name.slice(0, 40)}>; its words are kept`, node);
}

const nameOfParent = (node: Element): string => {
  const parent = parentOf(node);
  return parent ? nameOf(parent) : '';
};

function reportHandlers(node: Element, flow: Flow): void {
  for (const { name } of node.attrs)
    if (/^on[a-z]/i.test(name)) flow.once(`attribute ${name.toLowerCase().slice(0, 40)}`, node);
}

/** With the marks that an element and its style give to its words, or take from them. */
function marked(node: Element, name: string, place: Place): Place {
  const own = marksOf.get(name);
  const styles = stylesOf(node);
  if (!own && styles.size === 0) return place;
  const marks = new Set(place.marks);
  if (own) marks.add(own);
  const turn = (mark: Decorator, value: string | undefined, on: RegExp, off?: RegExp) => {
    if (value !== undefined && on.test(value)) marks.add(mark);
    else if (value !== undefined && off?.test(value)) marks.delete(mark);
  };
  // Headings are bold by themselves, links underlined.
  const weight = place.heading || headings.has(name) ? undefined : styles.get('font-weight');
  turn('strong', weight, /^(bold|bolder|[6-9]00|1000)\b/, /^(normal|lighter|[1-5]00)\b/);
  turn('em', styles.get('font-style'), /^(italic|oblique)/, /^normal/);
  const decoration = styles.get('text-decoration-line') ?? styles.get('text-decoration');
  turn('strike-through', decoration, /\bline-through\b/, own === 'strike-through' ? /^none/ : undefined);
  if (!place.link && name !== 'a')
    turn('underline', decoration, /\bunderline\b/, own === 'underline' ? /^none/ : undefined);
  return { ...place, marks };
}

function readLink(node: Element, place: Place, flow: Flow): void {
  const link = linkOf(node, flow);
  const { line, blocks } = flow;
  const before = { written: line.written, blocks: blocks.length };
  line.written = false;
  readAll(node.childNodes, link ? { ...place, link } : place, flow);
  if (link && flow.line === line && !line.written && blocks.length === before.blocks)
    flow.drop('link without a text', node);
  line.written ||= before.written;
}

/** White space around an address and line ends in it are no part of it (https://url.spec.whatwg.org/#concept-basic-url-parser). */
function linkOf(node: Element, flow: Flow): LinkTo | undefined {
  const typed = attribute(node, 'href') ?? '';
  const href = typed
    .trim()
    .replace(/[\t\n\r]/g, '')
    .replaceAll(' ', '%20');
  if (href === '') return undefined;
  if (!isLinkUrl(href)) {
    flow.drop(`link to ${quoted(href)}, which may not be linked; its text is kept`, node);
    return undefined;
  }
  if (attribute(node, 'title')) flow.once('title of a link', node);
  flow.checkLength(node, 'an address', href, limits.url);
  checkCharacters(href, flow.pointer, flow.found);
  return { href };
}

function readHeading(node: Element, heading: TextStyle, place: Place, flow: Flow): void {
  const name = nameOf(node);
  const quote = place.style === 'blockquote';
  if (quote) flow.once('heading in a quote, kept as quoted text', node);
  else if (name !== heading) flow.once(`heading ${name}, kept as ${heading}`, node);
  const inside = quote ? place : { ...place, heading };
  flow.enter(inside, () => readAll(node.childNodes, inside, flow));
}

function quoteIn(place: Place, node: Element, flow: Flow): Place {
  if (place.quote === 'none')
    return { ...place, style: 'blockquote', quote: place.level > 0 ? 'in-item' : 'outer', heading: undefined };
  flow.once('quote in a quote, kept as one quote', node);
  return place;
}

/** Word’s lists are paragraphs that say which level of which list they are, and carry their own bullets. */
function wordListItem(node: Element): 'bullet' | 'number' {
  const sign = [...within(node)].find(isWordsOwn);
  return sign && /^[\s\u00a0]*(?:\d+|[a-z]{1,4})[.)]/i.test(textWithin(sign)) ? 'number' : 'bullet';
}

function readCode(node: Element, place: Place, flow: Flow): void {
  const code = codeWithin(node).replace(/\n$/, '');
  if (place.cell) {
    const marks = new Set([...place.marks, 'code' as const]);
    for (const line of code.split('\n')) flow.enter(place, () => flow.line.text(line, { ...place, marks }));
    return;
  }
  const classes = [node, ...within(node)].map((one) => attribute(one, 'class') ?? '').join(' ');
  const language = /(?:^|\s)lang(?:uage)?-(\S+)/.exec(classes)?.[1] ?? '';
  flow.checkLength(node, 'a code block’s language', language, limits.language);
  for (const text of [code, language]) checkCharacters(text, flow.pointer, flow.found);
  flow.put({ _type: 'code', ...(language && { language }), code }, place, node);
}

/** As it lies in the source, a `<br>` as a line end. */
const codeWithin = (node: Node): string => {
  if (isText(node)) return node.value;
  if (!isElement(node) || unread.has(nameOf(node))) return '';
  return nameOf(node) === 'br' ? '\n' : node.childNodes.map(codeWithin).join('');
};

function readTable(node: Element, place: Place, flow: Flow): void {
  const table = tableOf(node);
  if (table.layout) {
    flow.once('table around blocks; they are kept', node);
    flow.enter(place, () => readAll(node.childNodes, place, flow));
    return;
  }
  flow.flush();
  for (const caption of table.captions) read(caption, place, flow);
  const cell: Place = { ...place, cell: true, marks: new Set(), link: undefined, heading: undefined };
  const { spans, rows, align } = cellsOf(table, (one) => flow.text(() => read(one, cell, flow)) ?? empty());
  for (const what of spans) flow.once(what, node);
  if (rows.length > 0) flow.put({ _type: 'table', header: table.header, ...(align && { align }), rows }, place, node);
}

const empty = (): RichText => ({ children: [{ _type: 'span', text: '', marks: [] }], markDefs: [] });

/** As we write them: of the figure only the words of the statement are a part of the body. */
function readStatement(node: Element, place: Place, flow: Flow): void {
  flow.once('name of a statement’s speaker', node);
  for (const child of node.childNodes) {
    const name = isElement(child) ? nameOf(child) : '';
    if (name === 'blockquote') flow.enter(place, () => readAll((child as Element).childNodes, place, flow));
    else if (name !== 'figcaption') read(child, place, flow);
  }
}

/** In an article’s own header its h1 is the headline, and fields that stand there are no part of the body. */
function readHeader(node: Element, place: Place, flow: Flow): void {
  for (const child of node.childNodes) {
    const field = isElement(child) && ['standfirst', 'byline'].find((name) => hasClass(child, name));
    if (field) flow.once(`${field} in the header`, child);
    else if (isElement(child) && nameOf(child) === 'h1' && flow.headline === undefined)
      flow.headline = wordsOf(child, flow).caption.replace(/\s+/g, ' ');
    else read(child, place, flow);
  }
}
