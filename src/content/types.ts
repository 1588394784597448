/**
 * What a version says: its fields and its body. Plain data, the same in memory, in the log and (as JSON) in the API.
 * The body is Portable Text (https://github.com/portabletext/portabletext) with block keys of our own.
 */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Marks on a span besides links. */
export type Decorator = 'strong' | 'em' | 'underline' | 'strike-through' | 'code';

/** `marks` holds decorators and the `_key`s of links in the `markDefs` beside it. */
export interface Span {
  _type: 'span';
  text: string;
  marks: string[];
}

export interface Link {
  _type: 'link';
  _key: string;
  href: string;
}

/** Running text with its links: a paragraph's, a heading's, a table cell's. Link keys are `l0`, `l1` … in order. */
export interface RichText {
  children: Span[];
  markDefs: Link[];
}

export const textStyles = ['normal', 'h2', 'h3', 'h4', 'blockquote'] as const;
export type TextStyle = (typeof textStyles)[number];

export interface TextBlock extends RichText {
  _type: 'block';
  style: TextStyle;
  listItem?: 'bullet' | 'number';
  /** Depth of a list item, from 1; on a block without `listItem`: it belongs to the item above it. */
  level?: number;
  /** Of the first item of a numbered list that doesn't begin at 1. */
  start?: number;
}
/** What a block that is no text may say of its place: at `level` n it belongs to the list item of that depth above it. */
interface InList {
  level?: number;
}
export interface RuleBlock extends InList {
  _type: 'rule';
}
export interface CodeBlock extends InList {
  _type: 'code';
  language?: string;
  code: string;
}
export interface TableBlock extends InList {
  _type: 'table';
  /** Whether the first row is a header. */
  header: boolean;
  align?: ('left' | 'center' | 'right' | null)[];
  rows: { cells: RichText[] }[];
}
export interface ImageBlock extends InList, LeadImage {
  _type: 'image';
}
export interface EmbedBlock extends InList {
  _type: 'embed';
  url: string;
  provider?: string;
}
/** A block of a type not listed here: kept, compared and restored as it came; shown as a labelled box. */
export interface UnknownBlock {
  _type: string & {};
  [member: string]: Json;
}

/** What a block says, without the key it goes by and the statement it belongs to (those are the manifest's). */
export type BlockText = KnownBlock | UnknownBlock;
export type KnownBlock = TextBlock | RuleBlock | CodeBlock | TableBlock | ImageBlock | EmbedBlock;

/** A text that was there and may not, or can no longer, be shown. */
export type Absence = 'erased' | 'erasure-pending' | 'hidden' | 'missing';

/** Stands in a body where a block's text is absent. `_type: 'removed'` is refused on the way in. */
export interface RemovedBlock {
  _type: 'removed';
  absence: Absence;
}

/** A block in a version: `_key` is ours, unique in the story; `statement` is the id of the statement it belongs to. */
export type Block = (BlockText | RemovedBlock) & { _key: string; statement?: string };

/** A block on the way in: `_key`, where sent, is a hint at the block of the base that it continues. */
export type DraftBlock = BlockText & { _key?: string; statement?: string };

export interface Author {
  name: string;
  role?: string;
}
export interface LeadImage {
  url: string;
  alt: string;
  caption?: string;
  credit?: string;
}

/** The fields of a version besides its body, by the names they have in the API and in the log. */
export interface Fields {
  headline: string;
  standfirst?: string;
  /** As printed. */
  byline?: string;
  authors?: Author[];
  section?: string;
  tags?: string[];
  /** BCP 47. */
  language?: string;
  leadImage?: LeadImage;
  source?: string;
  /** The publisher's own page for this story. */
  url?: string;
  /** A free map of the publisher's own. */
  fields?: { [name: string]: Json };
}
export type FieldName = keyof Fields;
export const fieldNames = [
  'headline',
  'standfirst',
  'byline',
  'authors',
  'section',
  'tags',
  'language',
  'leadImage',
  'source',
  'url',
  'fields',
] as const satisfies readonly FieldName[];

/** In the place of a text that is absent. Names in the free map may not begin with `_`, so it can't be mistaken. */
export interface Absent {
  _absent: Absence;
}
/** Fields as a version holds them: a field whose text is gone says why. */
export type VersionFields = { [F in FieldName]?: Fields[F] | Absent };

/** A statement as a version holds it; its blocks name its id. */
export interface Statement {
  id: string;
  speaker: string | Absent;
  organisation?: string | Absent;
}

/** A version's content, complete. */
export interface Content {
  fields: VersionFields;
  statements: Statement[];
  body: Block[];
}

export const noContent: Content = { fields: {}, statements: [], body: [] };

/**
 * Content members of a command: what is left out is taken from the base; `null` takes a field away.
 * `statements` of a new version are not here: they are acts of their own.
 */
export interface DraftContent {
  fields: { [F in FieldName]?: Fields[F] | null };
  body?: DraftBlock[];
}

/** One thing wrong with what was sent. `pointer` is an RFC 6901 JSON Pointer into it; `detail` names the limit, if any. */
export interface Fault {
  pointer: string;
  code: string;
  detail: string;
}

/** Something in the source that content cannot hold and that was left out or simplified, and where. */
export interface Dropped {
  what: string;
  /** 1-based line in the source, where the source has lines. */
  line?: number;
  /** RFC 6901 JSON Pointer into what was sent, where that was JSON. */
  pointer?: string;
}

export type Parsed<T> = { ok: true; value: T } | { ok: false; faults: Fault[] };

export const isAbsent = (value: unknown): value is Absent =>
  typeof value === 'object' && value !== null && '_absent' in value;

/** What may be shown of a text; nothing where there is none. */
export const present = <T>(value: T | Absent | null | undefined): T | undefined =>
  value === null || isAbsent(value) ? undefined : value;

const knownTypes: ReadonlySet<string> = new Set<KnownBlock['_type']>([
  'block',
  'rule',
  'code',
  'table',
  'image',
  'embed',
] satisfies KnownBlock['_type'][]);

/** Narrows where `_type` alone can't, since an unknown block may have any. */
export const isKnownBlock = <B extends { _type: string }>(block: B): block is Extract<B, KnownBlock> =>
  knownTypes.has(block._type);
export const isRemovedBlock = <B extends { _type: string }>(block: B): block is Extract<B, RemovedBlock> =>
  block._type === 'removed';
