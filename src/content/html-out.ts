/**
 * Content as HTML that parses back to the same blocks, but for runs of white space, empty paragraphs, and what is removed
 * or unknown (a mark stands for it). Inert: nothing typed becomes markup, and addresses are of the kinds that may be linked.
 */
import { byStatement, leadIn, markOf, shown } from './marks.js';
import { type Nested, nest } from './nest.js';
import type { BodyOf } from './text-out.js';
import { tongueOf } from './tongue.js';
import {
  type Block,
  type Content,
  isAbsent,
  isKnownBlock,
  isRemovedBlock,
  type RichText,
  type Span,
  type TableBlock,
} from './types.js';
import { isLinkUrl, isWebUrl } from './url.js';

export interface HtmlOptions {
  /** Whether a statement is set off, with its speaker. Default true. */
  statements?: boolean;
}

/** A body: what may stand in an `<article>`. Ends with a line end unless it is empty. */
export function toHtml(content: BodyOf, { statements = true }: HtmlOptions = {}): string {
  const parts = statements ? byStatement(content.body, content.statements ?? []) : [{ blocks: content.body }];
  return parts
    .map(({ statement, blocks }) => {
      const inside = writeAll(nest(blocks));
      if (!statement) return inside;
      const label = `<figcaption>${escaped(leadIn(statement))}</figcaption>`;
      return `<figure class="statement">\n${label}\n<blockquote>\n${inside}</blockquote>\n</figure>\n`;
    })
    .join('');
}

/** A whole version as a page by itself, without styles: headline, standfirst and byline, then the body. */
export function documentHtml(content: Content, options?: HtmlOptions): string {
  const { headline, standfirst, byline } = content.fields;
  const { lang, dir } = tongueOf(content.fields);
  const field = (name: string, value: typeof standfirst) =>
    value === undefined ? '' : `<p class="${name}">${lines(shown(value))}</p>\n`;
  const title = headline === undefined || isAbsent(headline) ? '' : headline.replace(turning, '');
  return [
    `<!doctype html>\n<html${lang === undefined ? '' : ` lang="${escaped(lang)}"`} dir="${dir}">\n`,
    `<head>\n<meta charset="utf-8">\n<title>${escaped(title)}</title>\n</head>\n`,
    '<body>\n<article>\n<header>\n',
    headline === undefined ? '' : `<h1>${escaped(shown(headline))}</h1>\n`,
    field('standfirst', standfirst),
    field('byline', byline),
    `</header>\n${toHtml(content, options)}</article>\n</body>\n</html>\n`,
  ].join('');
}

/** Characters that turn the text around them: a title has no end to hold them in. */
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const lines = (text: string): string => escaped(text).replaceAll('\n', '<br>');

const writeAll = (nodes: readonly Nested[]): string => nodes.map((node) => `${write(node)}\n`).join('');

function write(node: Nested): string {
  if (node.kind === 'block') return writeBlock(node.block);
  if (node.kind === 'quote') return `<blockquote>\n${writeAll(node.children)}</blockquote>`;
  const name = node.ordered ? 'ol' : 'ul';
  const start = node.ordered && node.start !== 1 ? ` start="${node.start}"` : '';
  return `<${name}${start}>\n${node.items.map((item) => `<li>${writeItem(item)}</li>\n`).join('')}</${name}>`;
}

/** An item that is a line by itself is no paragraph. */
function writeItem(item: readonly Nested[]): string {
  const [head, ...others] = item;
  if (head?.kind !== 'block') return writeAll(item);
  const { block } = head;
  const line = isKnownBlock(block) && block._type === 'block' && !/^h\d$/.test(block.style);
  return (line ? richText(block) : writeBlock(block)) + (others.length > 0 ? `\n${writeAll(others)}` : '');
}

function writeBlock(block: Block): string {
  const mark = markOf(block);
  if (mark !== undefined)
    return `<p class="${isRemovedBlock(block) ? 'removed' : 'unknown'}"><bdi>${escaped(mark)}</bdi></p>`;
  if (!isKnownBlock(block)) return '';
  switch (block._type) {
    case 'block': {
      const name = /^h[2-4]$/.test(block.style) ? block.style : 'p';
      return `<${name}>${richText(block)}</${name}>`;
    }
    case 'code': {
      const { language = '' } = block;
      // A space would end the class and begin another.
      const named = /^\S+$/.test(language) ? ` class="language-${escaped(language)}"` : '';
      return `<pre><code${named}>${escaped(block.code)}\n</code></pre>`;
    }
    case 'rule':
      return '<hr>';
    case 'table':
      return writeTable(block);
    case 'image': {
      const { url, alt, caption, credit } = block;
      const small = credit === undefined ? '' : `<small class="credit">${lines(credit)}</small>`;
      const words = [caption === undefined ? '' : lines(caption), small].filter(Boolean).join('\n');
      const image = isWebUrl(url) ? `<img src="${escaped(url)}" alt="${escaped(alt)}">` : escaped(alt);
      return `<figure>${image}${words && `<figcaption>${words}</figcaption>`}</figure>`;
    }
    case 'embed': {
      const { url, provider } = block;
      const label = provider === undefined ? '' : `<figcaption>${escaped(provider)}</figcaption>`;
      return `<figure class="embed">${link(url, escaped(url))}${label}</figure>`;
    }
  }
}

function writeTable({ header, align, rows }: TableBlock): string {
  const row = (name: 'th' | 'td', { cells }: TableBlock['rows'][number]) => {
    const written = cells.map((cell, i) => {
      const side = align?.[i];
      return `<${name}${side ? ` align="${side}"` : ''}>${richText(cell)}</${name}>`;
    });
    return `<tr>${written.join('')}</tr>\n`;
  };
  const [head, body] = header ? [rows.slice(0, 1), rows.slice(1)] : [[], rows];
  const part = (name: 'thead' | 'tbody', cell: 'th' | 'td', its: TableBlock['rows']) =>
    its.length === 0 ? '' : `<${name}>\n${its.map((one) => row(cell, one)).join('')}</${name}>\n`;
  return `<table>\n${part('thead', 'th', head)}${part('tbody', 'td', body)}</table>`;
}

const elements = { strong: 'strong', em: 'em', underline: 'u', 'strike-through': 's', code: 'code' } as const;

/** Neighbours of one link stand in one; a span's first link counts. */
function richText({ children, markDefs }: RichText): string {
  const linkOf = (span: Span) => markDefs.find(({ _key }) => span.marks.includes(_key));
  const groups: { link: ReturnType<typeof linkOf>; html: string }[] = [];
  for (const span of children) {
    if (span.text === '') continue;
    const html = Object.entries(elements).reduceRight(
      (inner, [mark, name]) => (span.marks.includes(mark) ? `<${name}>${inner}</${name}>` : inner),
      lines(span.text),
    );
    const found = linkOf(span);
    const last = groups.at(-1);
    if (last && last.link === found) last.html += html;
    else groups.push({ link: found, html });
  }
  return groups.map((group) => (group.link ? link(group.link.href, group.html) : group.html)).join('');
}

const link = (href: string, html: string): string =>
  isLinkUrl(href) ? `<a href="${escaped(href)}">${html}</a>` : html;
