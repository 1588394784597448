/** The lines of an import file: JSON, one version a line, oldest first. What a line may say, and what is wrong with it. */
import { createHash } from 'node:crypto';
import { isObject, utf8Bytes } from '../content/check.js';
import { limits } from '../content/limits.js';
import { parseDraftContent } from '../content/parse-fields.js';
import type { DraftBlock, Fault } from '../content/types.js';
import type { Editor } from '../story/events.js';
import { type Instant, parseInstant } from '../story/instant.js';

/** A line as its bytes came. */
export interface RawLine {
  /** From 1. */
  number: number;
  bytes: Uint8Array;
  /** Where the next line begins, in bytes from the beginning. */
  end: number;
}

export interface ImportLine {
  number: number;
  at: Instant;
  /** SHA-256 of the line's bytes, hex. */
  hash: string;
  headline?: string;
  blocks: readonly DraftBlock[];
  /** What is sent: members of a version, as the API takes them. */
  request: {
    headline?: string;
    body: unknown;
    note?: string;
    editor?: Editor;
    inForceFrom: Instant;
    imported: true;
  };
}

export type ReadLine = { ok: true; line: ImportLine } | { ok: false; number: number; problem: string };

/** `version` is passed over: the numbers of versions are ours. */
const members = ['at', 'committedAt', 'editor', 'note', 'headline', 'markdown', 'html', 'text', 'body', 'version'];
const forms = ['markdown', 'html', 'text', 'body'] as const;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** `headline`: for a line that has none of its own, in a member or in its front matter. */
export function readLine({ number, bytes }: Pick<RawLine, 'number' | 'bytes'>, headline?: string): ReadLine {
  const wrong = (problem: string): ReadLine => ({ ok: false, number, problem });
  let said: unknown;
  try {
    said = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    return wrong(error instanceof SyntaxError ? 'it is not JSON' : 'it is not UTF-8');
  }
  if (!isObject(said)) return wrong('it is not a JSON object');
  const unknown = Object.keys(said).filter((name) => !members.includes(name));
  if (unknown.length)
    return wrong(`"${unknown[0]}" is not known here; a line may have ${members.slice(0, -1).join(', ')}`);

  if ('at' in said && 'committedAt' in said) return wrong('give its time once, as "at" or as "committedAt"');
  const time = said.at ?? said.committedAt;
  const at = typeof time === 'string' ? parseInstant(time) : undefined;
  if (!at) return wrong('"at" must be an RFC 3339 time with an offset, such as 2026-05-14T11:27:00+01:00');

  const given = forms.filter((form) => form in said);
  if (given.length !== 1)
    return wrong(`give exactly one of ${forms.join(', ')}${given.length ? `, not ${given.length}` : ''}`);
  const form = given[0]!;
  const body = form === 'body' ? said.body : { [form]: said[form] };

  const editor = readEditor(said.editor);
  if (editor === 'wrong') return wrong('"editor" must be a name, or {"id", "name"}');
  const { note } = said;
  if (note !== undefined && (typeof note !== 'string' || note === '' || note.length > limits.note)) {
    return wrong(`"note" must be a text of at most ${limits.note} characters`);
  }

  const content = parseDraftContent({ ...(said.headline !== undefined && { headline: said.headline }), body });
  if (!content.ok) return wrong(content.faults.slice(0, 3).map(faultText).join('; '));
  const title = content.value.fields.headline ?? headline;
  const request: ImportLine['request'] = {
    ...(title && { headline: title }),
    body,
    ...(note !== undefined && { note }),
    ...(editor && { editor }),
    inForceFrom: at,
    imported: true,
  };
  const size = utf8Bytes(JSON.stringify(request));
  if (size > limits.requestBytes) return wrong(`it has ${size} bytes; a version may have ${limits.requestBytes}`);
  return {
    ok: true,
    line: {
      number,
      at,
      hash: createHash('sha256').update(bytes).digest('hex'),
      ...(title && { headline: title }),
      blocks: content.value.body ?? [],
      request,
    },
  };
}

/** A name alone is also the id. */
function readEditor(said: unknown): Editor | undefined | 'wrong' {
  const isName = (value: unknown): value is string =>
    typeof value === 'string' && value.trim() !== '' && value.length <= limits.speaker;
  if (said === undefined) return undefined;
  if (isName(said)) return { id: said, name: said };
  return isObject(said) && isName(said.id) && isName(said.name) ? { id: said.id, name: said.name } : 'wrong';
}

const faultText = ({ pointer, detail }: Fault) => (pointer ? `${pointer}: ${detail}` : detail);

/** A line may be somewhat longer than what it asks for, since JSON can spell a character with six. */
const longest = 8 * limits.requestBytes;

/**
 * Splits a file into lines, by line feeds only: JSON may hold other line ends. Empty lines are counted and passed over.
 * Throws a RangeError for a line that nothing legal can be.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, most = longest): AsyncGenerator<RawLine> {
  let number = 0;
  let read = 0;
  let pending: Uint8Array[] = [];
  let length = 0;
  const take = (part: Uint8Array): Uint8Array => {
    const whole = Buffer.concat([...pending, part]);
    pending = [];
    length = 0;
    number++;
    return whole.at(-1) === 0x0d ? whole.subarray(0, -1) : whole;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, from)) {
      const bytes = take(chunk.subarray(from, end));
      from = end + 1;
      if (!isBlank(bytes)) yield { number, bytes, end: read + from };
    }
    read += chunk.length;
    pending.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > most) throw new RangeError(`line ${number + 1} has more than ${most} bytes`);
  }
  const bytes = take(new Uint8Array());
  if (!isBlank(bytes)) yield { number, bytes, end: read };
}

const isBlank = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
