/** YAML front matter of Markdown: its `title` is the headline, everything else is reported as left out. */
import { isMap, LineCounter, parseDocument, stringify } from 'yaml';
import { type Findings, utf8Bytes } from './check.js';
import { limits } from './limits.js';

/** Values are read as the texts that they are written as (YAML's failsafe schema): a title `1.10` is not 1.1. */
export function readFrontMatter(
  yaml: string,
  pointer: string,
  found: Findings,
): { headline?: string } | 'not-a-mapping' {
  if (yaml.trim() === '') return {};
  if (utf8Bytes(yaml) > limits.frontMatterBytes) {
    found.fault(pointer, 'too-large', `Front matter may have at most ${limits.frontMatterBytes} bytes.`);
    return {};
  }
  const lines = new LineCounter();
  const document = parse(yaml, lines);
  if (typeof document === 'string' || document.errors.length > 0) {
    const reason = typeof document === 'string' ? document : document.errors[0]!.message.split('\n')[0];
    found.fault(pointer, 'front-matter-not-yaml', `Front matter that is not YAML: ${reason}`);
    return {};
  }
  if (!isMap(document.contents)) return 'not-a-mapping';
  let headline: string | undefined;
  for (const { key, value } of document.contents.items as { key: Node; value: Node | null }[]) {
    const name = String(key?.value ?? '');
    const text = typeof value?.value === 'string' ? value.value.trim().replace(/\s*\n\s*/g, ' ') : undefined;
    if (name === 'title' && text) headline = text;
    // The fence is the first line.
    else
      found.drop(`front matter “${name.slice(0, 40).toWellFormed()}”`, {
        line: lines.linePos(key?.range?.[0] ?? 0).line + 1,
      });
  }
  return headline === undefined ? {} : { headline };
}

interface Node {
  value?: unknown;
  range?: [number, number, number];
}

function parse(yaml: string, lineCounter: LineCounter) {
  try {
    return parseDocument(yaml, { schema: 'failsafe', logLevel: 'silent', lineCounter });
  } catch {
    // The parser recurses: brackets by the thousand exhaust its stack.
    return 'nested too deeply';
  }
}

/**
 * Front matter with its fences, `comments` (whole lines) first; nothing for nothing. Who doesn't know front matter takes
 * it for Markdown: so signs that would begin HTML or a link there are written as YAML's escapes.
 */
export function writeFrontMatter(members: { [name: string]: string }, comments = ''): string {
  const yaml = Object.entries(members)
    .map(([name, value]) =>
      telling(value) ? `${name}: ${escaped(value)}\n` : stringify({ [name]: value }, { lineWidth: 0 }),
    )
    .join('');
  return yaml + comments === '' ? '' : `---\n${comments}${yaml}---\n`;
}

/** Definitions of links stand on lines of their own. */
const telling = (value: string): boolean =>
  value.includes('<') || value.includes('](') || (value.includes('[') && value.includes('\n'));
const escaped = (value: string): string => JSON.stringify(value).replaceAll('<', '\\x3C').replaceAll('[', '\\x5B');
