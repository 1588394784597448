/** A version's words as they are typed at the desk, and back: what Markdown can't say is not lost by editing beside it. */
import { toMarkdown } from '../content/markdown-out.js';
import { parseBody } from '../content/parse-body.js';
import { type Block, type Content, type DraftBlock, isAbsent, type VersionFields } from '../content/types.js';
import { sameJson } from '../story/same-json.js';
import type { Typed } from './fields.js';

const shown = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The values of the form's fields for a content; what is removed is empty, and stays as it is while it is left so. */
export function typedContent({ fields, ...body }: Content): Typed {
  const present = <F extends keyof VersionFields>(name: F) => {
    const value = fields[name];
    return isAbsent(value) ? undefined : (value as Exclude<typeof value, { _absent: unknown }>);
  };
  const image = present('leadImage');
  return {
    headline: shown(fields.headline),
    standfirst: shown(fields.standfirst),
    byline: shown(fields.byline),
    authors: (present('authors') ?? []).map(({ name, role }) => (role ? `${name}; ${role}` : name)).join('\n'),
    section: shown(fields.section),
    tags: (present('tags') ?? []).join('\n'),
    language: shown(fields.language),
    'image-url': image?.url ?? '',
    'image-alt': image?.alt ?? '',
    'image-caption': image?.caption ?? '',
    'image-credit': image?.credit ?? '',
    source: shown(fields.source),
    url: shown(fields.url),
    body: toMarkdown(body, { statements: false }),
  };
}

type Members = { readonly [member: string]: unknown };

/** What a block says, apart from its place in lists, its key and its statement. */
function wordsOf({ _key, statement, level, listItem, start, ...words }: Members) {
  return words;
}

function placeOf({ level, listItem, start }: Members) {
  return {
    ...(level !== undefined && { level }),
    ...(listItem !== undefined && { listItem }),
    ...(start !== undefined && { start }),
  };
}

/**
 * The blocks of `draft`, read from Markdown, each that says no more than a block of `base` does in Markdown made that
 * block again: underlines, credits, embeds, blocks of unknown types and removed ones come through an edit beside them.
 */
export function faithful(base: Content, draft: readonly DraftBlock[]): DraftBlock[] {
  const lossy = new Map<string, Block[]>();
  for (const block of base.body) {
    const parsed = parseBody({ markdown: toMarkdown({ body: [block] }) });
    const [written, ...more] = parsed.ok ? parsed.value.blocks : [];
    if (!written || more.length > 0 || sameJson(wordsOf({ ...written }), wordsOf({ ...block }))) continue;
    const key = JSON.stringify(wordsOf({ ...written }));
    lossy.set(key, [...(lossy.get(key) ?? []), block]);
  }
  return draft.map((block) => {
    const meant = lossy.get(JSON.stringify(wordsOf({ ...block })))?.shift();
    if (!meant) return block;
    const { _key, statement } = meant;
    const said = { ...wordsOf({ ...meant }), ...placeOf({ ...block }) };
    return { ...said, _key, ...(statement !== undefined && { statement }) } as DraftBlock;
  });
}
