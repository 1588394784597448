/** Requests as the description allows them, about stories that are there: most of them should succeed. */
import type { Knowledge, KnownStory } from './knowledge.js';
import type { Api, Operation, Schema } from './openapi.js';
import type { Random } from './random.js';
import { body, picture, sentence, word, words } from './words.js';

export interface Writers {
  editor: string;
  standards: string;
  auditor: string;
  /** May write on behalf of others. */
  cms: string;
  /** Narrowed to publishing and new versions. */
  wire: string;
  expired: string;
  revoked: string;
}
export type As = keyof Writers | 'reader';

export interface Asked {
  /** The operation, or what kind of junk. */
  label: string;
  kind: 'valid' | 'near' | 'wild';
  as: As;
  story?: KnownStory;
  method: string;
  /** With its query, ready to be sent. */
  path: string;
  headers: Record<string, string>;
  /** Before it is made bytes, for those who want to spoil it. */
  json?: unknown;
  body?: Buffer;
}

export interface Source {
  api: Api;
  knowledge: Knowledge;
  writers: Writers;
  /** Milliseconds since 1970. */
  now: number;
}

interface Making extends Source {
  r: Random;
  as: As;
  operation: Operation;
  story: KnownStory | undefined;
}

export const isWrite = ({ method }: { method: string }): boolean => method !== 'GET';

export function validRequest(r: Random, source: Source, operation: Operation): Asked {
  const as = whoAsks(r, operation);
  const story = operation.path.includes('{story}') ? storyFor(r, source.knowledge, operation) : undefined;
  const making: Making = { ...source, r, as, operation, story };
  const headers: Record<string, string> = {};
  const secret = as === 'reader' ? undefined : source.writers[as];
  if (secret !== undefined) headers.authorization = `Bearer ${secret}`;
  if (operation.produces.length && r.chance(0.1)) headers.accept = r.pick([...operation.produces, '*/*']);
  const query: string[] = [];
  let path = operation.path;
  for (const parameter of operation.parameters) {
    if (parameter.in === 'path')
      path = path.replace(`{${parameter.name}}`, encodeURIComponent(inPath(making, parameter.name)));
    else if (parameter.in === 'header') setHeader(making, headers, parameter.name);
    else if (parameter.required || r.chance(parameter.name === 'limit' ? 0.95 : 0.25)) {
      const value = parameterValue(making, parameter.name, parameter.schema);
      if (value !== undefined) query.push(`${parameter.name}=${encodeURIComponent(String(value))}`);
    }
  }
  const asked: Asked = {
    label: operation.label,
    kind: 'valid',
    as,
    ...(story && { story }),
    method: operation.method,
    path: query.length ? `${path}?${query.join('&')}` : path,
    headers,
  };
  if (operation.body) asked.json = made(making, operation.body, 'request');
  return operation.body ? withJson(asked, JSON.stringify(asked.json)) : asked;
}

/** A story; if the path names something of it, one that has such, if there is any. */
function storyFor(r: Random, knowledge: Knowledge, { path }: Operation): KnownStory | undefined {
  const kind = thingIn(path, 'id');
  const having = kind === undefined ? [] : knowledge.stories.filter(({ told }) => told.has(kind));
  return having.length && r.chance(0.9) ? r.pick(having) : knowledge.story(r);
}

/** What `{id}` in a path is the id of: that of the things the segment before it is named after, as `corrections/{id}`. */
const thingIn = (path: string, parameter: string): string | undefined =>
  new RegExp(`/([a-z-]+?)s?/\\{${parameter}\\}`).exec(path)?.[1];

/** What a preview showed, to be done. */
export function afterPreview(r: Random, asked: Asked, token: string): Asked {
  const more = { token, ...(r.chance(0.7) && { force: true }), authority: 'court-order' };
  const { authority, ...hiding } = more;
  const json = { ...(asked.json as object), ...(asked.path.includes('/erasures') ? { ...hiding, authority } : hiding) };
  const { 'idempotency-key': _, ...headers } = asked.headers;
  return withJson({ ...asked, headers: { ...headers, 'if-match': '*' }, json }, JSON.stringify(json));
}

export const withJson = (asked: Asked, text: string | Buffer): Asked => ({
  ...asked,
  headers: { 'content-type': 'application/json', ...asked.headers },
  body: Buffer.from(text as string),
});

function whoAsks(r: Random, operation: Operation): As {
  if (isWrite(operation)) {
    if (operation.body?.$ref && r.chance(0.1)) return 'cms';
    return r.pick(['standards', 'standards', 'standards', 'standards', 'editor', 'editor', 'wire']);
  }
  return r.pick(['reader', 'reader', 'reader', 'editor', 'standards', 'auditor', 'auditor', 'wire']);
}

const toldOf = ({ story, knowledge }: Making, name: string): unknown[] =>
  story?.told.get(name) ?? knowledge.told.get(name) ?? [];

const someTold = (making: Making, name: string): unknown => {
  const values = toldOf(making, name);
  return values.length ? making.r.pick(values) : undefined;
};

function inPath(making: Making, name: string): string {
  const { r, story, operation } = making;
  if (name === 'story') return story ? (r.chance(0.7) && story.slug) || story.id : `${word(r)}-${r.int(1, 9)}`;
  if (name === 'version') return String(versionNumber(making));
  if (name === 'sides') return `${side(making)}...${side(making)}`;
  const kind = thingIn(operation.path, name) ?? name;
  return String(someTold(making, kind) ?? r.int(0, 9));
}

const versionNumber = ({ r, story }: Making): number => r.int(1, Math.max(1, story?.versions ?? 1));

const side = (making: Making): string =>
  making.r.pick([
    () => String(versionNumber(making)),
    () => String(versionNumber(making)),
    () => 'now',
    () => instant(making),
  ])();

/** Sometimes one that was told, else now, a little off, or far. */
function instant(making: Making): string {
  const { r, now } = making;
  const told = someTold(making, r.pick(['inForceFrom', 'recordedAt', 'from']));
  if (typeof told === 'string' && r.chance(0.5)) return told;
  const away = r.pick([0, 1, 1000, 60_000, 86_400_000, 10 * 365 * 86_400_000]);
  const at = new Date(now + r.pick([-1, 1]) * r.int(0, away)).toISOString();
  return r.chance(0.2) ? at.replace('Z', '+00:00') : at;
}

function setHeader(making: Making, headers: Record<string, string>, name: string): void {
  const { r, story } = making;
  switch (name.toLowerCase()) {
    case 'idempotency-key':
      if (r.chance(0.25)) headers['idempotency-key'] = `key ${r.int(1, 5_000)}`;
      return;
    case 'if-match':
      headers['if-match'] = (r.chance(0.5) && story?.etag) || '*';
      return;
    case 'palimpsest-position': {
      const position = making.knowledge.told.get('position')?.at(-1);
      if (position !== undefined && r.chance(0.1)) headers['palimpsest-position'] = String(position);
      return;
    }
  }
}

function parameterValue(making: Making, name: string, schema: Schema): unknown {
  if (name === 'cursor' || name === 'after') {
    const told = making.knowledge.told.get(`cursor of ${making.operation.label}`);
    return told && making.r.pick(told);
  }
  if (name === 'format') return making.r.pick(['json', 'markdown', 'text', 'html']);
  return made(making, schema, name);
}

/** Values that the schema alone doesn't tell how to choose. `undefined` leaves a member out. */
const byName: Record<string, (making: Making, schema: Schema) => unknown> = {
  body: (making, schema) => body(making.r, formsOf(schema), () => someTold(making, '_key') as string | undefined),
  leadImage: ({ r }) => picture(r),
  language: ({ r }) => r.pick(['en', 'en-GB', 'de', 'mi-NZ', 'zh-Hans']),
  fields: ({ r }) => ({ desk: word(r), depth: { of: [r.int(0, 9), null, true] } }),
  section: ({ r }) => r.pick(['harbour', 'council', 'weather']),
  tag: ({ r }) => r.pick(['ferries', 'fire', 'harbour']),
  tags: ({ r }) => [...new Set(r.list(0, 3, () => r.pick(['ferries', 'fire', 'harbour'])))],
  q: ({ r }) => words(r, 1, 2),
  slug: ({ r }) => `${r.pick(['ferry', 'fire', 'market'])}-${r.int(1, 400)}`,
  after: (making) => someTold(making, '_key'),
  base: (making) => (making.r.chance(0.3) ? versionNumber(making) : undefined),
  restores: (making) => (making.r.chance(0.4) ? versionNumber(making) : undefined),
  corrects: (making) => making.r.list(1, 2, () => versionNumber(making)),
  supersedes: ({ story }) => story?.supersedes,
  imported: ({ r, as }) => (as === 'standards' && r.chance(0.5)) || undefined,
  force: ({ r, as }) => (as === 'standards' && r.chance(0.5)) || undefined,
  editor: ({ as, r, operation }) => {
    if (!isWrite(operation)) return r.pick(['ines', 'Ines Varga', 'Tom Achterberg']);
    return as === 'cms' ? { id: r.pick(['ines', 'tom']), name: r.pick(['Ines Varga', 'Tom Achterberg']) } : undefined;
  },
  inForceFrom: (making) =>
    making.r.chance(0.4)
      ? new Date(making.now + making.r.pick([2_000, 3_600_000, 31_536_000_000])).toISOString()
      : undefined,
  at: () => undefined,
  asOf: instant,
  knownAt: (making) => (making.as === 'reader' || making.as === 'wire' ? undefined : instant(making)),
  // Short lists, for time's sake.
  limit: ({ r }) => r.int(1, 4),
  phrase: ({ r }) => word(r),
  references: (making) => {
    const told = making.r.list(1, 3, () => someTold(making, 'reference'));
    return making.r.chance(0.5) && told[0] !== undefined ? told : undefined;
  },
  replacement: () => undefined,
  // From a preview, for what it showed: see `afterPreview`.
  token: () => undefined,
  hidden: ({ r }) => r.chance(0.5),
};

const formsOf = (schema: Schema): string[] =>
  (schema.oneOf ?? []).flatMap(({ properties }) => Object.keys(properties ?? {}));

/** A value that a schema allows. */
function made(making: Making, given: Schema, name: string): unknown {
  const { r, api } = making;
  const schema = api.resolve(given);
  const types = [schema.type ?? []].flat();
  if (name !== 'request' && Object.hasOwn(byName, name)) {
    return types.includes('null') && r.chance(0.1) ? null : byName[name]!(making, schema);
  }
  if (schema.enum) return r.pick(schema.enum);
  if (schema.const !== undefined) return schema.const;
  const either = schema.oneOf ?? schema.anyOf;
  if (either) return made(making, r.pick(either), name);
  if (schema.allOf) return made(making, schema.allOf[0]!, name);
  switch (r.pick(types.length ? types : ['string'])) {
    case 'object':
      return object(making, schema);
    case 'array':
      return r.list(schema.minItems ?? 0, Math.min(schema.maxItems ?? 3, 3), () =>
        made(making, schema.items ?? {}, name.replace(/s$/, '')),
      );
    case 'integer':
    case 'number':
      return r.int(schema.minimum ?? 0, Math.min(schema.maximum ?? 20, (schema.minimum ?? 0) + 20));
    case 'boolean':
      return r.chance(0.5);
    case 'null':
      return null;
    default:
      return text(making, schema, name);
  }
}

function object(making: Making, { properties = {}, required = [] }: Schema): object {
  // Not required by the description, since the Markdown may have the headline, and texts may be named without a phrase.
  const isNeeded = (member: string) =>
    required.includes(member) ||
    (member === 'headline' && making.operation.label === 'POST /api/stories') ||
    member === 'phrase';
  const chosen = Object.entries(properties).filter(([member]) => isNeeded(member) || making.r.chance(0.2));
  const members = chosen.map(([member, schema]) => [member, made(making, schema, member)] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

function text(making: Making, { format, maxLength = 200, minLength = 0 }: Schema, name: string): string {
  const { r } = making;
  const told = someTold(making, name);
  if (format === 'date-time') return instant(making);
  if (format === 'uri') return `https://harrow-bay.example/${r.int(1, 99)}`;
  if (typeof told === 'string' && told.length <= maxLength && r.chance(0.5)) return told;
  return sentence(r).slice(0, Math.max(minLength, maxLength)) || word(r);
}
