/**
 * The content members of a command: every field of a version with its limit, the body, and statements. What is left out
 * stays out, `null` takes a field away, and every fault is told with its place.
 */
import { at, Findings, isObject, type JsonObject, readJson, readText, utf8Bytes } from './check.js';
import { limits } from './limits.js';
import { readImage, readMember, readWebUrl } from './parse-blocks.js';
import { readBody } from './parse-body.js';
import {
  type Author,
  type DraftBlock,
  type DraftContent,
  type Dropped,
  type FieldName,
  type Fields,
  fieldNames,
  type Json,
  type Parsed,
} from './types.js';

export interface ParsedContent extends DraftContent {
  dropped: Dropped[];
}

/**
 * Reads the fields of a version and `body` out of `members`; other members are not looked at. An empty list or map takes
 * its field away, as `null` does. Where the body gives a headline (Markdown’s front matter, the header of HTML’s
 * article) and none was sent, that is it. Codes: those of `parseBody`, and too-many, invalid-language, cannot-be-null.
 */
export function parseDraftContent(members: { readonly [name: string]: unknown }, pointer = ''): Parsed<ParsedContent> {
  const found = new Findings();
  const fields: { [name: string]: unknown } = {};
  for (const name of fieldNames) {
    const value = members[name];
    const where = at(pointer, name);
    if (value === undefined) continue;
    if (value !== null) fields[name] = readers[name](value, where, found);
    else if (name === 'headline') found.fault(where, 'cannot-be-null', 'A story can’t be without a headline.');
    else fields[name] = null;
  }
  let body: DraftBlock[] | undefined;
  if (members.body !== undefined) {
    const where = at(pointer, 'body');
    const read = readBody(members.body, where, found);
    body = read.blocks;
    const title = read.frontMatter?.headline;
    const form = isObject(members.body) && 'html' in members.body ? 'html' : 'markdown';
    if (title !== undefined && members.headline !== undefined && members.headline !== title)
      found.drop('headline of the body, as another was sent', { pointer: at(where, form) });
    else if (title !== undefined) fields.headline = readers.headline(title, at(where, form), found);
  }
  return found.result(() => ({
    fields: fields as DraftContent['fields'],
    ...(body && { body }),
    dropped: found.dropped,
  }));
}

export interface ParsedStatement {
  speaker: string;
  organisation?: string;
  /** Key of the block after which it is to stand. */
  after?: string;
  blocks: DraftBlock[];
  dropped: Dropped[];
}

/** Reads `{speaker, organisation?, after?, body}`. Codes: those of `parseBody`, and unknown-member, statement-in-statement. */
export function parseStatement(input: unknown, pointer: string): Parsed<ParsedStatement> {
  const found = new Findings();
  if (!isObject(input)) found.fault(pointer, 'wrong-type', 'A statement must be an object.');
  const members = isObject(input) ? input : {};
  checkMembers(members, ['speaker', 'organisation', 'after', 'body'], pointer, found);
  const speaker = readText(members.speaker, { max: limits.speaker }, at(pointer, 'speaker'), found);
  const optional = {
    ...readMember(members, 'organisation', limits.organisation, pointer, found),
    ...readMember(members, 'after', limits.name, pointer, found),
  };
  const where = at(pointer, 'body');
  const { blocks, frontMatter } = readBody(members.body, where, found);
  if (frontMatter?.headline !== undefined) found.drop('headline of a statement', { pointer: where });
  if (blocks.length === 0 && found.faults.length === 0) found.fault(where, 'empty', 'A statement must say something.');
  for (const [i, block] of blocks.entries()) {
    if (block.statement === undefined) continue;
    found.fault(at(at(where, i), 'statement'), 'statement-in-statement', 'These blocks belong to this statement.');
  }
  return found.result(() => ({ speaker: speaker!, ...optional, blocks, dropped: found.dropped }));
}

type Reader = (value: unknown, pointer: string, found: Findings) => unknown;

const line =
  (max: number, multiline = false): Reader =>
  (value, pointer, found) =>
    readText(value, { max, multiline }, pointer, found);

const readers: { readonly [F in FieldName]: Reader } = {
  headline: line(limits.headline),
  standfirst: line(limits.standfirst, true),
  byline: line(limits.byline),
  authors: (value, pointer, found) => readList(value, limits.authors, pointer, found, readAuthor),
  section: line(limits.section),
  tags: readTags,
  language: readLanguage,
  leadImage: readLeadImage,
  source: line(limits.source),
  url: readWebUrl,
  fields: readFreeFields,
};

/** `null` for an empty list: a field that is not there. */
function readList<T>(
  value: unknown,
  max: number,
  pointer: string,
  found: Findings,
  read: (item: unknown, pointer: string, found: Findings) => T,
): T[] | null | undefined {
  if (!Array.isArray(value)) return found.fault(pointer, 'wrong-type', 'This must be a list.');
  if (value.length > max)
    return found.fault(pointer, 'too-many', `${value.length} entries; at most ${max} are allowed.`);
  return value.length === 0 ? null : value.map((item, i) => read(item, at(pointer, i), found));
}

function readAuthor(value: unknown, pointer: string, found: Findings): Author | undefined {
  if (!isObject(value)) return found.fault(pointer, 'wrong-type', 'An author must be an object with a name.');
  checkMembers(value, ['name', 'role'], pointer, found);
  const name = readText(value.name, { max: limits.author }, at(pointer, 'name'), found);
  return { name: name ?? '', ...readMember(value, 'role', limits.role, pointer, found) };
}

function readTags(value: unknown, pointer: string, found: Findings): Fields['tags'] | null {
  const seen = new Set<string>();
  return readList(value, limits.tags, pointer, found, (item, where) => {
    const tag = readText(item, { max: limits.tag }, where, found) ?? '';
    if (seen.has(tag)) found.fault(where, 'duplicate', 'This tag is named twice.');
    seen.add(tag);
    return tag;
  });
}

/** In the form that BCP 47 (RFC 5646, 4.5) calls canonical. */
function readLanguage(value: unknown, pointer: string, found: Findings): string | undefined {
  const text = readText(value, { max: limits.language }, pointer, found);
  if (text === undefined) return undefined;
  try {
    return Intl.getCanonicalLocales(text)[0];
  } catch {
    return found.fault(pointer, 'invalid-language', 'This must be a BCP 47 language tag, such as en-GB.');
  }
}

function readLeadImage(value: unknown, pointer: string, found: Findings): Fields['leadImage'] {
  if (!isObject(value)) return found.fault(pointer, 'wrong-type', 'An image must be an object with a url.');
  checkMembers(value, ['url', 'alt', 'caption', 'credit'], pointer, found);
  return readImage(value, pointer, found);
}

function readFreeFields(value: unknown, pointer: string, found: Findings): Fields['fields'] | null {
  if (!isObject(value)) return found.fault(pointer, 'wrong-type', 'This must be an object.');
  const faults = found.faults.length;
  const names = Object.keys(value);
  for (const name of names) {
    if (name.startsWith('_'))
      found.fault(at(pointer, name), 'name-not-allowed', 'Names that begin with _ are the service’s own.');
    if (name.length > limits.name)
      found.fault(at(pointer, name), 'too-long', `A name may have at most ${limits.name} characters.`);
  }
  const read = readJson(value, pointer, found) as { [name: string]: Json };
  if (found.faults.length > faults) return undefined;
  const bytes = utf8Bytes(JSON.stringify(read));
  if (bytes > limits.freeFieldsBytes)
    found.fault(pointer, 'too-large', `${bytes} bytes as JSON; at most ${limits.freeFieldsBytes} are allowed.`);
  return names.length === 0 ? null : read;
}

function checkMembers(input: JsonObject, known: readonly string[], pointer: string, found: Findings): void {
  for (const name of Object.keys(input)) {
    if (!known.includes(name))
      found.fault(at(pointer, name), 'unknown-member', `Only ${known.join(', ')} may stand here.`);
  }
}
