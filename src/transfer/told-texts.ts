/**
 * Whether an event that comes from elsewhere says what an event may say: its texts in the shapes and within the limits that
 * every door holds to, its times real. Hashes prove only that nobody altered it since; whoever wrote it may have been anyone.
 */
import { Findings, isObject, readText } from '../content/check.js';
import { limits } from '../content/limits.js';
import { parseDraftContent } from '../content/parse-fields.js';
import { isSlug } from '../content/slug.js';
import { type FieldName, fieldNames } from '../content/types.js';
import { canonical } from '../event-store/canonical.js';
import type { Opened } from '../story/events.js';
import { parseInstant } from '../story/instant.js';

type Judge = (value: unknown) => boolean;

const text =
  (max: number): Judge =>
  (value) => {
    const found = new Findings();
    readText(value, { max, multiline: true, empty: true }, '', found);
    return found.faults.length === 0;
  };
const isLabel = text(limits.label);
const isName = text(limits.name * 10);
/** What a door has let in once, it lets in again, and changes nothing of it. */
const isSame = (one: unknown, other: unknown) => Buffer.compare(canonical(one), canonical(other)) === 0;

function isField(name: FieldName, value: unknown): boolean {
  const read = parseDraftContent({ [name]: value });
  return read.ok && value !== null && isSame(read.value.fields[name], value);
}

function isBlock(value: unknown): boolean {
  const read = parseDraftContent({ body: [value] });
  return read.ok && read.value.body?.length === 1 && isSame(read.value.body[0], value);
}

const judges: { readonly [name: string]: Judge } = {
  ...Object.fromEntries(fieldNames.map((name): [string, Judge] => [name, (value) => isField(name, value)])),
  slug: (value) => typeof value === 'string' && isSlug(value),
  editor: (value) => isObject(value) && isName(value.id) && isName(value.name),
  labels: (value) => Array.isArray(value) && value.length <= limits.labels && value.every(isLabel),
  note: text(limits.note),
  reason: text(limits.reason),
  notice: text(limits.notice),
  speaker: text(limits.speaker),
  organisation: text(limits.organisation),
  request: text(limits.name),
};
const ofBlock = 'body/';

function mayBe(name: string, value: unknown): boolean {
  if (!name.startsWith(ofBlock)) return Object.hasOwn(judges, name) && judges[name]!(value);
  return isObject(value) && isBlock({ ...value, _key: name.slice(ofBlock.length) });
}

const isTime = (value: unknown) => value === undefined || (typeof value === 'string' && parseInstant(value) === value);

/** What is wrong with it, in words without any of its own; `undefined`: nothing. */
export function whyNotSayable({ texts, textStates, data, metadata }: Opened): string | undefined {
  for (const [name, value] of Object.entries(texts)) {
    if (textStates[name] === 'verified' && !mayBe(name, value))
      return `its text ${JSON.stringify(name)} is nothing that such a text may say`;
  }
  const { inForceFrom, at, manifest } = data as { [member: string]: unknown };
  if (![inForceFrom, at, metadata.recordedAt].every(isTime)) return 'it has a time that is none';
  const body = isObject(manifest) && Array.isArray(manifest.body) ? manifest.body : [];
  if (body.length > limits.blocks || new Set(body.map(([key]) => key)).size < body.length)
    return 'its version has too many blocks, or one of them twice';
  return undefined;
}
