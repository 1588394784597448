/**
 * Markdown in: CommonMark, GFM tables and `~~strikethrough~~`, YAML front matter. No word that a renderer would show is
 * lost; what blocks can't hold (raw HTML, titles of links, quotes in quotes) is simplified and reported with its line.
 */
import type { Definition, Heading, List, Nodes, Paragraph, RootContent, Table } from 'mdast';
import { fromMarkdown, type Options } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmStrikethroughFromMarkdown } from 'mdast-util-gfm-strikethrough';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfmStrikethrough } from 'micromark-extension-gfm-strikethrough';
import { gfmTable } from 'micromark-extension-gfm-table';
import { checkCharacters, type Findings, normalizeLineEnds } from './check.js';
import { readFrontMatter } from './front-matter.js';
import { limits } from './limits.js';
import { itemOf } from './list-item.js';
import { mayParse } from './markdown-guard.js';
import { nameOfHtml, wordsOfHtml } from './markdown-html.js';
import { inlineOf, lineOf, type Reader } from './markdown-inline.js';
import { textBlock } from './text-in.js';
import type { BlockText, ImageBlock, RichText, TextBlock, TextStyle } from './types.js';
import { isWebUrl } from './url.js';

const syntax: Options = {
  // A single tilde is "about" in prose (~200 people), so only two strike through.
  extensions: [gfmTable(), gfmStrikethrough({ singleTilde: false })],
  mdastExtensions: [gfmTableFromMarkdown(), gfmStrikethroughFromMarkdown()],
};
const syntaxWithFrontMatter: Options = {
  extensions: [...syntax.extensions!, frontmatter()],
  mdastExtensions: [...syntax.mdastExtensions!, frontmatterFromMarkdown()],
};

/** Faults' pointers are `pointer`, the source's own; their details name the line. */
export function parseMarkdown(
  markdown: string,
  pointer: string,
  found: Findings,
): { blocks: BlockText[]; headline?: string } {
  const source = normalizeLineEnds(markdown);
  const nothing = { blocks: [] };
  if (!mayParse(source, pointer, found)) return nothing;
  let tree = fromMarkdown(source, syntaxWithFrontMatter);
  const first = tree.children[0];
  const matter = first?.type === 'yaml' ? readFrontMatter(first.value, pointer, found) : {};
  // Two rules with text between them that is no mapping: the text is the story's.
  if (matter === 'not-a-mapping') tree = fromMarkdown(source, syntax);
  const definitions = definitionsOf(tree, pointer, found);
  if (!definitions) return nothing;
  const reader = { definitions, pointer, found };
  const blocks = readNodes(tree.children, { level: 0, style: 'normal', quote: 'none' }, reader);
  return { blocks, ...(matter !== 'not-a-mapping' && matter) };
}

/** Where blocks stand: in a list item of this depth, in a quote that holds whole lists or that stands in an item. */
interface Place {
  level: number;
  style: 'normal' | 'blockquote';
  quote: 'none' | 'outer' | 'in-item';
}

/** Nodes that make a level; blocks in one another and marks in one another are counted apart. */
const levels: ReadonlySet<string> = new Set(['blockquote', 'listItem', 'emphasis', 'strong', 'delete', 'link']);
const runningText: ReadonlySet<string> = new Set(['paragraph', 'heading', 'tableCell']);

/** Also the check of depth, without recursion, so that what follows may recurse. */
function definitionsOf(root: Nodes, pointer: string, found: Findings): Map<string, Definition> | undefined {
  const definitions = new Map<string, Definition>();
  const open: [node: Nodes, depth: number][] = [[root, 0]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, depth] = next;
    if (depth > limits.depth) {
      const where = `Line ${lineOf(node)}`;
      return found.fault(pointer, 'too-deep', `${where}: at most ${limits.depth} levels may be nested in one another.`);
    }
    if (node.type === 'definition' && !definitions.has(node.identifier)) definitions.set(node.identifier, node);
    const inside = levels.has(node.type) ? depth + 1 : runningText.has(node.type) ? 0 : depth;
    if ('children' in node) for (let i = node.children.length - 1; i >= 0; i--) open.push([node.children[i]!, inside]);
  }
  return definitions;
}

const readNodes = (nodes: readonly RootContent[], place: Place, reader: Reader): BlockText[] =>
  nodes.flatMap((node) => readNode(node, place, reader));

function readNode(node: RootContent, place: Place, reader: Reader): BlockText[] {
  const { found, pointer } = reader;
  const level = place.level > 0 ? { level: place.level } : {};
  const line = lineOf(node);
  if (place.style === 'blockquote' && ['code', 'table', 'thematicBreak'].includes(node.type))
    found.drop(`quote around a ${node.type === 'thematicBreak' ? 'rule' : node.type}, which is kept`, { line });
  switch (node.type) {
    case 'paragraph':
      return readParagraph(node, place, reader);
    case 'heading':
      return readText(inlineOf(node.children, reader), styleOf(node, place, reader), level);
    case 'blockquote':
      return readNodes(node.children, quoteIn(place, line, reader), reader);
    case 'list':
      return readList(node, place, reader);
    case 'table':
      return readTable(node, level, reader);
    case 'thematicBreak':
      return [{ _type: 'rule', ...level }];
    case 'code':
      checkCharacters(node.value, pointer, found);
      if (node.meta) found.drop(`“${node.meta.slice(0, 40).toWellFormed()}” after a code block’s language`, { line });
      if ((node.lang?.length ?? 0) > limits.language)
        found.fault(
          pointer,
          'too-long',
          `Line ${line}: a code block’s language may have ${limits.language} characters.`,
        );
      checkCharacters(node.lang ?? '', pointer, found);
      return [{ _type: 'code', ...(node.lang && { language: node.lang }), code: node.value, ...level }];
    case 'html': {
      const paragraphs = wordsOfHtml(node.value);
      found.drop(`HTML ${nameOfHtml(node.value)}${paragraphs.length > 0 ? '; its words are kept' : ''}`, { line });
      for (const text of paragraphs) checkCharacters(text, pointer, found);
      return paragraphs.map((text) => ({ ...textBlock(text), style: place.style, ...level }));
    }
    default:
      // Definitions, already collected, and front matter, already read.
      return [];
  }
}

function readText(text: RichText | undefined, style: TextStyle, level: { level?: number }): TextBlock[] {
  return text ? [{ _type: 'block', style, ...level, ...text }] : [];
}

function readParagraph(node: Paragraph, place: Place, reader: Reader): BlockText[] {
  const level = place.level > 0 ? { level: place.level } : {};
  const image = imageOf(node, reader);
  if (!image) return readText(inlineOf(node.children, reader), place.style, level);
  if (place.style === 'blockquote') reader.found.drop('quote around an image, which is kept', { line: lineOf(node) });
  return [{ ...image, ...level }];
}

/** An image that is a paragraph of its own, also as a link's whole text. */
function imageOf(node: Paragraph, reader: Reader): ImageBlock | undefined {
  const [only, ...others] = node.children;
  const linked = only?.type === 'link' || only?.type === 'linkReference';
  const [inner, ...more] = linked ? only.children : [only];
  if (others.length + more.length > 0 || !inner) return undefined;
  const source =
    inner.type === 'image'
      ? inner
      : inner.type === 'imageReference'
        ? reader.definitions.get(inner.identifier)
        : undefined;
  if (!source || !isWebUrl(source.url)) return undefined;
  const alt = ('alt' in inner && inner.alt?.replace(/\n/g, ' ')) || '';
  const { found, pointer } = reader;
  const line = lineOf(node);
  for (const [text, max] of [
    [source.url, limits.url],
    [alt, limits.alt],
    [source.title ?? '', limits.caption],
  ] as const) {
    checkCharacters(text, pointer, found);
    if (text.length > max)
      found.fault(pointer, 'too-long', `Line ${line}: a text of an image; at most ${max} characters.`);
  }
  if (linked) found.drop('link around an image, which is kept', { line });
  return { _type: 'image', url: source.url, alt, ...(source.title && { caption: source.title }) };
}

function styleOf(node: Heading, place: Place, { found }: Reader): TextStyle {
  const style: TextStyle = node.depth <= 2 ? 'h2' : node.depth === 3 ? 'h3' : 'h4';
  if (place.style === 'blockquote') {
    found.drop('heading in a quote, kept as quoted text', { line: lineOf(node) });
    return 'blockquote';
  }
  if (style !== `h${node.depth}`) found.drop(`heading h${node.depth}, kept as ${style}`, { line: lineOf(node) });
  return style;
}

function quoteIn(place: Place, line: number, { found }: Reader): Place {
  if (place.quote !== 'none') {
    found.drop('quote in a quote, kept as one quote', { line });
    return place;
  }
  return { ...place, style: 'blockquote', quote: place.level > 0 ? 'in-item' : 'outer' };
}

function readList(node: List, place: Place, reader: Reader): BlockText[] {
  if (place.quote === 'in-item' && place.style === 'blockquote')
    reader.found.drop('quote around a list in a list item; the list is kept', { line: lineOf(node) });
  const style = place.quote === 'outer' ? 'blockquote' : 'normal';
  const inItem: Place = { level: place.level + 1, style, quote: place.quote };
  const listItem = node.ordered ? 'number' : 'bullet';
  const start = node.ordered && (node.start ?? 1) !== 1 ? { start: node.start! } : {};
  return node.children.flatMap((item, i) => {
    const blocks = readNodes(item.children, inItem, reader);
    return itemOf(blocks, { listItem, level: inItem.level, ...(i === 0 && start) }, style);
  });
}

function readTable(node: Table, level: { level?: number }, reader: Reader): BlockText[] {
  const empty = (): RichText => ({ children: [{ _type: 'span', text: '', marks: [] }], markDefs: [] });
  const rows = node.children.map((row) => row.children.map((cell) => inlineOf(cell.children, reader, true) ?? empty()));
  const width = Math.max(...rows.map((row) => row.length));
  for (const row of rows) while (row.length < width) row.push(empty());
  // Markdown can't write a table without a header; an empty one is how such a table is written.
  const header = rows[0]!.some((cell) => cell.children.some((span) => span.text !== ''));
  const kept = header ? rows : rows.slice(1);
  if (kept.length === 0) return [];
  const align = Array.from({ length: width }, (_, i) => node.align?.[i] ?? null);
  return [
    {
      _type: 'table',
      header,
      ...(align.some((side) => side !== null) && { align }),
      rows: kept.map((cells) => ({ cells })),
      ...level,
    },
  ];
}
