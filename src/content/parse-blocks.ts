/**
 * Portable Text in. Known blocks are brought to the one form they have here, unknown ones are kept as they came; what
 * this form can't hold is refused where it has words and reported where it has none.
 */
import {
  at,
  checkCharacters,
  type Findings,
  isObject,
  type JsonObject,
  readJson,
  readText,
  utf8Bytes,
} from './check.js';
import { limits } from './limits.js';
import {
  type BlockText,
  type Decorator,
  type DraftBlock,
  type Link,
  type RichText,
  type Span,
  type TableBlock,
  type TextBlock,
  type TextStyle,
  textStyles,
} from './types.js';
import { isLinkUrl, isWebUrl } from './url.js';

export const decorators: readonly Decorator[] = ['strong', 'em', 'underline', 'strike-through', 'code'];

/** Styles that other editors have and these blocks don't. */
const nearestStyle: { [style: string]: TextStyle } = { h1: 'h2', h5: 'h4', h6: 'h4' };

export function readBlocks(input: readonly unknown[], pointer: string, found: Findings): DraftBlock[] {
  if (input.length > limits.blocks) {
    found.fault(pointer, 'too-many-blocks', `${input.length} blocks; at most ${limits.blocks} are allowed.`);
    return [];
  }
  return input.flatMap((block, i) => readBlock(block, at(pointer, i), found) ?? []);
}

function readBlock(input: unknown, pointer: string, found: Findings): DraftBlock | undefined {
  if (!isObject(input)) return found.fault(pointer, 'wrong-type', 'A block must be an object.');
  const { _key, statement, ...rest } = input;
  if (typeof rest._type !== 'string' || rest._type === '' || rest._type.length > limits.name)
    return found.fault(at(pointer, '_type'), 'wrong-type', `A block must have a _type of 1–${limits.name} characters.`);
  if (rest._type === 'removed')
    return found.fault(
      at(pointer, '_type'),
      'reserved-type',
      'A removed block is a mark in answers; it can’t be sent.',
    );
  const before = found.faults.length;
  const key = _key === undefined ? undefined : readName(_key, at(pointer, '_key'), found);
  const spoken = statement === undefined ? undefined : readName(statement, at(pointer, 'statement'), found);
  const read = Object.hasOwn(readers, rest._type) ? readers[rest._type]! : readUnknown;
  const block = read(rest, pointer, found);
  if (!block || found.faults.length > before) return undefined;
  checkBlockSize(block, pointer, found);
  return { ...block, ...(key !== undefined && { _key: key }), ...(spoken !== undefined && { statement: spoken }) };
}

const readName = (value: unknown, pointer: string, found: Findings) =>
  readText(value, { max: limits.name }, pointer, found);

/** Of a block that is otherwise in order. */
export function checkBlockSize(block: BlockText, pointer: string, found: Findings): void {
  const bytes = utf8Bytes(JSON.stringify(block));
  if (bytes > limits.blockBytes)
    found.fault(pointer, 'block-too-large', `${bytes} bytes as JSON; a block may have at most ${limits.blockBytes}.`);
}

type Reader = (input: JsonObject, pointer: string, found: Findings) => BlockText | undefined;

const readers: { [type: string]: Reader } = {
  block: readTextBlock,
  rule(input, pointer, found) {
    reportOthers(input, ['_type', 'level'], pointer, found);
    return { _type: 'rule', ...readLevel(input, pointer, found) };
  },
  code(input, pointer, found) {
    reportOthers(input, ['_type', 'level', 'language', 'code'], pointer, found);
    const code = readText(
      input.code,
      { max: limits.blockBytes, multiline: true, empty: true },
      at(pointer, 'code'),
      found,
    );
    return {
      _type: 'code',
      ...readMember(input, 'language', limits.language, pointer, found),
      code: code ?? '',
      ...readLevel(input, pointer, found),
    };
  },
  table: readTable,
  image(input, pointer, found) {
    reportOthers(input, ['_type', 'level', 'url', 'alt', 'caption', 'credit'], pointer, found);
    return { _type: 'image', ...readImage(input, pointer, found), ...readLevel(input, pointer, found) };
  },
  embed(input, pointer, found) {
    reportOthers(input, ['_type', 'level', 'url', 'provider'], pointer, found);
    return {
      _type: 'embed',
      url: readWebUrl(input.url, at(pointer, 'url'), found),
      ...readMember(input, 'provider', limits.provider, pointer, found),
      ...readLevel(input, pointer, found),
    };
  },
};

function readUnknown(input: JsonObject, pointer: string, found: Findings): BlockText | undefined {
  return readJson(input, pointer, found) as BlockText | undefined;
}

function readTextBlock(input: JsonObject, pointer: string, found: Findings): TextBlock {
  reportOthers(input, ['_type', 'style', 'listItem', 'level', 'start', 'children', 'markDefs'], pointer, found);
  const item =
    input.listItem === undefined || input.listItem === null ? undefined : readListItem(input, pointer, found);
  return {
    _type: 'block',
    style: readStyle(input.style ?? 'normal', at(pointer, 'style'), found),
    ...(item && { listItem: item, level: 1 }),
    ...readLevel(input, pointer, found),
    ...(item === 'number' && readStart(input, pointer, found)),
    ...readRichText(input, pointer, found),
  };
}

function readStyle(style: unknown, pointer: string, found: Findings): TextStyle {
  if (textStyles.includes(style as TextStyle)) return style as TextStyle;
  if (typeof style !== 'string') found.fault(pointer, 'wrong-type', 'A style must be a text.');
  const nearest = (Object.hasOwn(nearestStyle, String(style)) && nearestStyle[String(style)]) || 'normal';
  found.drop(`style ${quoted(style)}, kept as ${nearest}`, { pointer });
  return nearest;
}

function readListItem(input: JsonObject, pointer: string, found: Findings): 'bullet' | 'number' {
  if (input.listItem === 'bullet' || input.listItem === 'number') return input.listItem;
  if (typeof input.listItem !== 'string') found.fault(at(pointer, 'listItem'), 'wrong-type', 'This must be a text.');
  found.drop(`list of kind ${quoted(input.listItem)}, kept as bullet`, { pointer: at(pointer, 'listItem') });
  return 'bullet';
}

function readLevel(input: JsonObject, pointer: string, found: Findings): { level?: number } {
  const { level } = input;
  if (level === undefined || level === null) return {};
  if (typeof level === 'number' && Number.isInteger(level) && level >= 1 && level <= limits.depth) return { level };
  found.fault(at(pointer, 'level'), 'wrong-level', `A level must be a whole number from 1 to ${limits.depth}.`);
  return {};
}

/** CommonMark numbers items with at most nine digits. */
function readStart(input: JsonObject, pointer: string, found: Findings): { start?: number } {
  const { start } = input;
  if (start === undefined || start === null || start === 1) return {};
  if (typeof start === 'number' && Number.isInteger(start) && start >= 0 && start <= 999_999_999) return { start };
  found.fault(at(pointer, 'start'), 'wrong-number', 'A list may start at a whole number from 0 to 999999999.');
  return {};
}

/** `children` and `markDefs` of a block or a cell. Links are named anew, in the order of their definitions. */
function readRichText(input: JsonObject, pointer: string, found: Findings): RichText {
  const links = new Map<string, string>();
  const lost = new Set<string>();
  const markDefs: Link[] = [];
  for (const [i, def] of list(input.markDefs, at(pointer, 'markDefs'), found).entries()) {
    const where = at(at(pointer, 'markDefs'), i);
    if (!isObject(def) || typeof def._key !== 'string' || typeof def._type !== 'string') {
      found.fault(where, 'wrong-type', 'A mark definition must have a _key and a _type.');
    } else if (links.has(def._key) || lost.has(def._key) || decorators.includes(def._key as Decorator)) {
      found.fault(at(where, '_key'), 'duplicate', `The key ${quoted(def._key)} is taken.`);
    } else if (def._type !== 'link') {
      lost.add(def._key);
      found.drop(`mark of type ${quoted(def._type)}; its text is kept`, { pointer: where });
    } else {
      reportOthers(def, ['_type', '_key', 'href'], where, found);
      const href = readText(def.href, { max: limits.url }, at(where, 'href'), found) ?? '';
      if (href && !isLinkUrl(href))
        found.fault(
          at(where, 'href'),
          'url-not-allowed',
          'A link may be http, https, mailto, tel or relative, without spaces.',
        );
      links.set(def._key, `l${markDefs.length}`);
      markDefs.push({ _type: 'link', _key: `l${markDefs.length}`, href });
    }
  }
  const children = list(input.children, at(pointer, 'children'), found).map((child, i) =>
    readSpan(child, links, lost, at(at(pointer, 'children'), i), found),
  );
  return { children: children.length > 0 ? children : [{ _type: 'span', text: '', marks: [] }], markDefs };
}

function readSpan(
  input: unknown,
  links: ReadonlyMap<string, string>,
  lost: ReadonlySet<string>,
  pointer: string,
  found: Findings,
): Span {
  const nothing: Span = { _type: 'span', text: '', marks: [] };
  if (!isObject(input)) return found.fault(pointer, 'wrong-type', 'A child must be an object.') ?? nothing;
  if (input._type !== 'span' && input._type !== undefined) {
    return found.fault(at(pointer, '_type'), 'unknown-child', 'Only spans may stand in running text.') ?? nothing;
  }
  reportOthers(input, ['_type', '_key', 'text', 'marks'], pointer, found);
  const marks = new Set<string>();
  for (const [i, mark] of list(input.marks, at(pointer, 'marks'), found).entries()) {
    const where = at(at(pointer, 'marks'), i);
    if (typeof mark !== 'string') found.fault(where, 'wrong-type', 'A mark must be a text.');
    else if (decorators.includes(mark as Decorator)) marks.add(mark);
    else if (links.has(mark)) marks.add(links.get(mark)!);
    else if (!lost.has(mark)) found.drop(`mark ${quoted(mark)}; its text is kept`, { pointer: where });
  }
  const rule = { max: limits.blockBytes, multiline: true, empty: true };
  return { _type: 'span', text: readText(input.text, rule, at(pointer, 'text'), found) ?? '', marks: [...marks] };
}

function readTable(input: JsonObject, pointer: string, found: Findings): TableBlock {
  reportOthers(input, ['_type', 'level', 'header', 'align', 'rows'], pointer, found);
  const { header = false } = input;
  if (typeof header !== 'boolean') found.fault(at(pointer, 'header'), 'wrong-type', 'This must be true or false.');
  const rows = list(input.rows, at(pointer, 'rows'), found);
  if (rows.length === 0) found.fault(at(pointer, 'rows'), 'empty', 'A table must have a row.');
  const align = input.align === undefined ? undefined : list(input.align, at(pointer, 'align'), found);
  for (const [i, side] of (align ?? []).entries()) {
    if (side !== null && side !== 'left' && side !== 'center' && side !== 'right')
      found.fault(at(at(pointer, 'align'), i), 'wrong-type', 'This must be left, center, right or null.');
  }
  return {
    _type: 'table',
    header: header === true,
    ...(align && { align: align as NonNullable<TableBlock['align']> }),
    rows: rows.map((row, i) => readRow(row, at(at(pointer, 'rows'), i), found)),
    ...readLevel(input, pointer, found),
  };
}

function readRow(row: unknown, pointer: string, found: Findings): { cells: RichText[] } {
  if (!isObject(row)) return found.fault(pointer, 'wrong-type', 'A row must be an object.') ?? { cells: [] };
  reportOthers(row, ['_type', '_key', 'cells'], pointer, found);
  const cells = list(row.cells, at(pointer, 'cells'), found);
  if (cells.length === 0) found.fault(at(pointer, 'cells'), 'empty', 'A row must have a cell.');
  return { cells: cells.map((cell, i) => readCell(cell, at(at(pointer, 'cells'), i), found)) };
}

/** A cell is running text; a plain text is taken as one span. */
function readCell(cell: unknown, pointer: string, found: Findings): RichText {
  if (typeof cell === 'string') {
    const text = readText(cell, { max: limits.blockBytes, multiline: true, empty: true }, pointer, found) ?? '';
    return { children: [{ _type: 'span', text, marks: [] }], markDefs: [] };
  }
  if (!isObject(cell)) found.fault(pointer, 'wrong-type', 'A cell must be a text or an object.');
  else reportOthers(cell, ['_type', '_key', 'children', 'markDefs'], pointer, found);
  return readRichText(isObject(cell) ? cell : {}, pointer, found);
}

/** The members of a picture, in a body or as the lead image. */
export function readImage(input: JsonObject, pointer: string, found: Findings) {
  const alt = readText(input.alt ?? '', { max: limits.alt, multiline: true, empty: true }, at(pointer, 'alt'), found);
  return {
    url: readWebUrl(input.url, at(pointer, 'url'), found),
    alt: alt ?? '',
    ...readMember(input, 'caption', limits.caption, pointer, found, true),
    ...readMember(input, 'credit', limits.credit, pointer, found),
  };
}

export function readWebUrl(value: unknown, pointer: string, found: Findings): string {
  const url = readText(value, { max: limits.url }, pointer, found) ?? '';
  if (url && !isWebUrl(url)) found.fault(pointer, 'url-not-allowed', 'This must be an http or https address.');
  return url;
}

/** A member that may be left out, or be null or empty, which is the same. */
export function readMember<N extends string>(
  input: JsonObject,
  name: N,
  max: number,
  pointer: string,
  found: Findings,
  multiline = false,
): { [K in N]?: string } {
  const value = input[name];
  if (value === undefined || value === null || value === '') return {};
  const text = readText(value, { max, multiline }, at(pointer, name), found);
  return { [name]: text } as { [K in N]?: string };
}

function list(value: unknown, pointer: string, found: Findings): unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  return found.fault(pointer, 'wrong-type', 'This must be a list.') ?? [];
}

function reportOthers(input: JsonObject, known: readonly string[], pointer: string, found: Findings): void {
  for (const name of Object.keys(input)) {
    if (known.includes(name) || input[name] === undefined) continue;
    checkCharacters(name, pointer, found);
    found.drop(`member ${quoted(name)} of ${typeof input._type === 'string' ? input._type : 'this'}`, {
      pointer: at(pointer, name),
    });
  }
}

const quoted = (value: unknown): string => {
  const text = String(value);
  return `“${text.length > 40 ? `${text.slice(0, 40).toWellFormed()}…` : text}”`;
};
