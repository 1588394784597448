/**
 * Content as Markdown that parses back to the same blocks, wherever Markdown can say them. It can't say underlines, an
 * image's credit apart from its caption, embeds (a link stands for them) and what is removed or unknown (a mark does).
 */
import type { BlockContent, ListItem, PhrasingContent, Root } from 'mdast';
import { gfmStrikethroughToMarkdown } from 'mdast-util-gfm-strikethrough';
import { gfmTableToMarkdown } from 'mdast-util-gfm-table';
import { type Options, toMarkdown as write } from 'mdast-util-to-markdown';
import { writeFrontMatter } from './front-matter.js';
import { phrasingOf } from './markdown-phrasing.js';
import { byStatement, leadIn, markOf, removedMark } from './marks.js';
import { type Nested, nest } from './nest.js';
import type { BodyOf } from './text-out.js';
import { type Block, type Content, isAbsent, isKnownBlock, type TextBlock } from './types.js';

const options: Options = {
  bullet: '-',
  listItemIndent: 'one',
  rule: '*',
  incrementListMarker: true,
  extensions: [gfmTableToMarkdown({ tablePipeAlign: false }), gfmStrikethroughToMarkdown()],
};

export interface MarkdownOptions {
  /** Whether a statement begins with the line that names its speaker. Default true. */
  statements?: boolean;
}

/** A body. Ends with a line end unless it is empty. */
export function toMarkdown(content: BodyOf, { statements = true }: MarkdownOptions = {}): string {
  const parts = statements ? byStatement(content.body, content.statements ?? []) : [{ blocks: content.body }];
  const children = parts.flatMap(({ statement, blocks }) => [
    ...(statement ? [paragraph([{ type: 'strong', children: [text(leadIn(statement))] }])] : []),
    ...nodesOf(nest(blocks)),
  ]);
  return write({ type: 'root', children } satisfies Root, options);
}

/**
 * A whole version: headline, standfirst and byline as YAML front matter (`title`, `standfirst`, `byline`), then the body.
 * So what was fetched, edited and sent back changes nothing but what was edited: `title` is the headline again, and
 * fields that are left out of a command stay as they are. A removed headline is a comment, which YAML doesn't read.
 */
export function documentMarkdown(content: Content, options?: MarkdownOptions): string {
  const { headline, standfirst, byline } = content.fields;
  const fields = Object.entries({ title: headline, standfirst, byline }).filter(([, value]) => value !== undefined);
  const present = fields.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const removed = fields.filter(([, value]) => isAbsent(value)).map(([name]) => `# ${name}: ${removedMark}\n`);
  const front = writeFrontMatter(Object.fromEntries(present), removed.join(''));
  return [front, toMarkdown(content, options)].filter((part) => part !== '').join('\n');
}

const text = (value: string): PhrasingContent => ({ type: 'text', value });
const paragraph = (children: PhrasingContent[]): BlockContent => ({ type: 'paragraph', children });

const nodesOf = (nodes: readonly Nested[]): BlockContent[] => nodes.flatMap(nodeOf);

function nodeOf(node: Nested): BlockContent[] {
  if (node.kind === 'block') return blockOf(node.block);
  if (node.kind === 'quote') return [{ type: 'blockquote', children: nodesOf(node.children) }];
  const items: ListItem[] = node.items.map((item) => ({ type: 'listItem', spread: false, children: nodesOf(item) }));
  return [{ type: 'list', ordered: node.ordered, start: node.start, spread: false, children: items }];
}

function blockOf(block: Block): BlockContent[] {
  const mark = markOf(block);
  if (mark !== undefined) return [paragraph([text(mark)])];
  if (!isKnownBlock(block)) return [];
  switch (block._type) {
    case 'block':
      return textOf(block);
    case 'rule':
      return [{ type: 'thematicBreak' }];
    case 'code':
      return [{ type: 'code', lang: block.language, value: block.code }];
    case 'table': {
      const width = Math.max(...block.rows.map((row) => row.cells.length));
      const rows = block.rows.map((row) => row.cells.map((cell) => phrasingOf(cell, 'cell')));
      for (const row of rows) while (row.length < width) row.push([]);
      if (!block.header) rows.unshift(Array.from({ length: width }, () => []));
      return [
        {
          type: 'table',
          align: Array.from({ length: width }, (_, i) => block.align?.[i] ?? null),
          children: rows.map((cells) => ({
            type: 'tableRow',
            children: cells.map((children) => ({ type: 'tableCell', children })),
          })),
        },
      ];
    }
    case 'image': {
      const title = [block.caption, block.credit].filter(Boolean).join(' — ');
      return [paragraph([{ type: 'image', url: block.url, alt: block.alt, title }])];
    }
    case 'embed':
      return [paragraph([{ type: 'link', url: block.url, children: [text(block.url)] }])];
  }
}

/** An empty paragraph can't be written; an empty item can. */
function textOf(block: TextBlock): BlockContent[] {
  const depth = ({ h2: 2, h3: 3, h4: 4 } as const)[block.style as 'h2'];
  const children = phrasingOf(block, depth ? 'heading' : 'paragraph');
  if (children.length === 0) return [];
  return [depth ? { type: 'heading', depth, children } : paragraph(children)];
}
