/** Content as plain text: paragraphs parted by blank lines, lists and quotes marked as in e-mail. */
import { byStatement, leadIn, markOf, shown } from './marks.js';
import { type Nested, nest } from './nest.js';
import { type Block, type Content, isKnownBlock, type RichText } from './types.js';

export interface TextOptions {
  /** Whether a statement begins with the line that names its speaker. Default true. */
  statements?: boolean;
  /** Whether signs that are no words of the text are written: bullets, numbers, `>`, rules, labels. Default true. */
  marks?: boolean;
}

export type BodyOf = Pick<Content, 'body'> & Partial<Pick<Content, 'statements'>>;

/** A body; of its links only the text. */
export function toText(content: BodyOf, { statements = true, marks = true }: TextOptions = {}): string {
  const parts = statements ? byStatement(content.body, content.statements ?? []) : [{ blocks: content.body }];
  return parts
    .flatMap(({ statement, blocks }) => [...(statement ? [leadIn(statement)] : []), writeAll(nest(blocks), marks)])
    .filter((part) => part !== '')
    .join('\n\n');
}

/** A whole version: headline, standfirst, byline, body. */
export function documentText(content: Content, options?: TextOptions): string {
  const { headline, standfirst, byline } = content.fields;
  const head = [headline, standfirst, byline].filter((field) => field !== undefined).map(shown);
  return [...head, toText(content, options)].filter((part) => part !== '').join('\n\n');
}

const writeAll = (nodes: readonly Nested[], marks: boolean): string =>
  nodes
    .map((node) => write(node, marks))
    .filter((text) => text !== '')
    .join('\n\n');

function write(node: Nested, marks: boolean): string {
  if (node.kind === 'block') return writeBlock(node.block, marks);
  if (node.kind === 'quote') return indent(writeAll(node.children, marks), marks ? '> ' : '');
  return node.items
    .map((item, i) => {
      const sign = !marks ? '' : node.ordered ? `${node.start + i}. ` : '- ';
      const text = writeItem(item, marks);
      return sign + indent(text, ' '.repeat(sign.length)).slice(text.startsWith('\n') ? 0 : sign.length);
    })
    .join('\n');
}

/** A list inside an item follows its line at once; other blocks after a blank one. */
const writeItem = (item: readonly Nested[], marks: boolean): string =>
  item
    .map((node) => ({ text: write(node, marks), gap: node.kind === 'list' ? '\n' : '\n\n' }))
    .filter(({ text }) => text !== '')
    .reduce((all, { text, gap }) => (all === '' ? text : all + gap + text), '');

function writeBlock(block: Block, marks: boolean): string {
  const mark = markOf(block);
  if (mark !== undefined) return mark;
  if (!isKnownBlock(block)) return '';
  switch (block._type) {
    case 'block':
      return plainText(block);
    case 'code':
      return block.code;
    case 'rule':
      return marks ? '* * *' : '';
    case 'table':
      return block.rows.map((row) => row.cells.map(plainText).join(marks ? ' | ' : '\t')).join('\n');
    case 'image': {
      const label = marks ? `[Image${block.alt && `: ${block.alt}`}]` : '';
      return [label, block.caption, block.credit].filter(Boolean).join('\n');
    }
    case 'embed':
      return marks ? `[Embedded: ${block.url}]` : '';
  }
}

/** The words of running text. */
export const plainText = (text: Pick<RichText, 'children'>): string => text.children.map((span) => span.text).join('');

const indent = (text: string, by: string): string =>
  by === ''
    ? text
    : text
        .split('\n')
        .map((line) => (line === '' ? by.trimEnd() : by + line))
        .join('\n');
