/** What Markdown can't say of a body is not lost by editing beside it. */
import { toMarkdown } from '../content/markdown-out.js';
import { parseBody } from '../content/parse-body.js';
import type { Block, Content, DraftBlock } from '../content/types.js';
import { sameJson } from '../story/same-json.js';

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
