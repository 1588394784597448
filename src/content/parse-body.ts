/**
 * The one door for bodies: Portable Text, Markdown, HTML or plain text in, blocks out. Every fault is told with its place, and
 * what was simplified or left out is reported. Pure; bounded in work for any input within the limit of a request.
 */
import { at, checkCharacters, Findings, isObject, normalizeLineEnds, utf8Bytes } from './check.js';
import { parseHtml } from './html-in.js';
import { limits } from './limits.js';
import { parseMarkdown } from './markdown-in.js';
import { checkBlockSize, readBlocks } from './parse-blocks.js';
import { parseText } from './text-in.js';
import type { BlockText, DraftBlock, Dropped, Parsed } from './types.js';

export interface ParsedBody {
  blocks: DraftBlock[];
  /** The headline that Markdown’s front matter or the header of HTML’s article gave, where there was one. */
  frontMatter?: { headline?: string };
  dropped: Dropped[];
}

/**
 * `input` is an array of Portable Text blocks, or `{markdown}`, `{html}`, `{text}`.
 * Codes: wrong-type, empty, too-long, too-large, too-deep, too-complex, too-many-blocks, block-too-large, lone-surrogate,
 * control-character, line-break, unsafe-number, name-not-allowed, url-not-allowed, reserved-type, unknown-child,
 * duplicate, wrong-level, front-matter-not-yaml, more-faults.
 */
export function parseBody(input: unknown, pointer = '/body'): Parsed<ParsedBody> {
  const found = new Findings();
  const body = readBody(input, pointer, found);
  return found.result(() => ({ ...body, dropped: found.dropped }));
}

/** As `parseBody`, for a body that is part of something larger: faults and reports go to `found`. */
export function readBody(input: unknown, pointer: string, found: Findings): Omit<ParsedBody, 'dropped'> {
  if (Array.isArray(input)) return { blocks: readBlocks(input, pointer, found) };
  const forms = isObject(input) ? Object.keys(input) : [];
  const form = forms[0];
  if (!isObject(input) || forms.length !== 1 || (form !== 'markdown' && form !== 'text' && form !== 'html')) {
    found.fault(pointer, 'wrong-type', 'A body must be a list of blocks, or one of {markdown}, {html}, {text}.');
    return { blocks: [] };
  }
  const where = at(pointer, form);
  const source = readSource(input[form], where, found);
  if (source === undefined) return { blocks: [] };
  if (form === 'text') return { blocks: checkBlocks(parseText(source), where, found) };
  const { blocks, headline } = (form === 'html' ? parseHtml : parseMarkdown)(source, where, found);
  return { blocks: checkBlocks(blocks, where, found), ...(headline !== undefined && { frontMatter: { headline } }) };
}

function readSource(value: unknown, pointer: string, found: Findings): string | undefined {
  if (typeof value !== 'string') return found.fault(pointer, 'wrong-type', 'This must be a text.');
  const bytes = utf8Bytes(value);
  if (bytes > limits.requestBytes)
    return found.fault(pointer, 'too-large', `${bytes} bytes; at most ${limits.requestBytes} are allowed.`);
  const source = normalizeLineEnds(value);
  const before = found.faults.length;
  checkCharacters(source, pointer, found);
  return found.faults.length > before ? undefined : source;
}

/** What holds for blocks however they came. `pointer` is the source's: blocks made from it have no place of their own. */
function checkBlocks(blocks: BlockText[], pointer: string, found: Findings): BlockText[] {
  if (blocks.length > limits.blocks)
    found.fault(pointer, 'too-many-blocks', `${blocks.length} blocks; at most ${limits.blocks} are allowed.`);
  else for (const block of blocks) checkBlockSize(block, pointer, found);
  return blocks;
}
