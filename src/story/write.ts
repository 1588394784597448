/** Writes what was sent over a base: which texts are new, and the manifest that refers to them and to those that stay. */
import { type Continuations, keepKeys } from '../compare/align.js';
import { type Block, type BlockText, type Content, fieldNames } from '../content/types.js';
import { type NewVersion, type Outcome, refuse, type StatementDraft } from './commands.js';
import { blockTextName } from './content-of.js';
import type { ContentTexts, Manifest, StatementReference, StoryEvent, VersionFacts } from './events.js';
import { sameJson } from './same-json.js';

type Sent = Pick<NewVersion, 'fields' | 'body'>;

type Written = Outcome<{ manifest: Manifest; texts: ContentTexts; changed: boolean }>;

/**
 * A text that stays the same keeps its reference, only new ones are written, at `revision`. `continued`: of the body sent,
 * where that is known already.
 */
export function write(
  sent: Sent,
  base: Manifest,
  content: Content,
  revision: number,
  mint: () => string,
  continued?: Continuations,
): Written {
  const texts: ContentTexts = {};
  const fields: Manifest['fields'] = { ...base.fields };
  for (const name of fieldNames) {
    const value = sent.fields?.[name];
    if (value === undefined || sameJson(value, content.fields[name])) continue;
    if (value === null) delete fields[name];
    else {
      Object.assign(texts, { [name]: value });
      fields[name] = revision;
    }
  }
  if (sent.body === undefined) {
    return { ok: true, manifest: { ...base, fields }, texts, changed: !sameJson(fields, base.fields) };
  }
  const blocks = keepKeys(content.body, [...sent.body], mint, continued);
  const was = new Map(content.body.map((block) => [block._key, block]));
  const writtenAt = new Map(base.body);
  const body = blocks.map((block) => {
    const { _key, statement: _, ...text } = block;
    const before = was.get(_key);
    if (before && sameText(before, text)) return [_key, writtenAt.get(_key)!] as const;
    texts[blockTextName(_key)] = text as BlockText;
    return [_key, revision] as const;
  });
  const placed = placeStatements(base.statements ?? [], blocks);
  if (!placed.ok) return placed;
  const manifest: Manifest = { fields, body, ...(placed.statements.length > 0 && { statements: placed.statements }) };
  return { ok: true, manifest, texts, changed: !sameJson(manifest, base) };
}

const sameText = ({ _key, statement, ...before }: Block, text: object) => sameJson(before, text);

/** Which of the base's statements are left, and with which blocks. */
function placeStatements(
  base: readonly StatementReference[],
  blocks: readonly Block[],
): Outcome<{ statements: StatementReference[] }> {
  const keys = Map.groupBy(
    blocks.filter((block) => block.statement !== undefined),
    (block) => block.statement!,
  );
  for (const statement of keys.keys()) {
    if (!base.some(({ id }) => id === statement)) {
      return refuse({ code: 'statement-not-found', statement });
    }
  }
  return {
    ok: true,
    statements: base
      .filter(({ id }) => keys.has(id))
      .map((statement) => ({ ...statement, blocks: keys.get(statement.id)!.map(({ _key }) => _key) })),
  };
}

/** One event a statement, each adding to the manifest before it. */
export function addStatements(
  drafts: readonly StatementDraft[],
  manifest: Manifest,
  firstRevision: number,
  mint: () => string,
  facts: (more: { statement: string; blocks: string[]; manifest: Manifest }) => VersionFacts & {
    base: number | null;
    statement: string;
    blocks: string[];
  },
): Outcome<{ events: StoryEvent[] }> {
  const events: StoryEvent[] = [];
  for (const [index, draft] of drafts.entries()) {
    const revision = firstRevision + index;
    const id = mint();
    const blocks = keepKeys([], [...draft.blocks], mint);
    const at =
      draft.after === undefined ? manifest.body.length : manifest.body.findIndex(([key]) => key === draft.after) + 1;
    if (at === 0 && draft.after !== undefined) return refuse({ code: 'block-not-found', key: draft.after });
    const keys = blocks.map(({ _key }) => _key);
    const statement: StatementReference = {
      id,
      revision,
      ...(draft.organisation !== undefined && { organisation: true }),
      blocks: keys,
    };
    manifest = {
      ...manifest,
      body: manifest.body.toSpliced(at, 0, ...keys.map((key) => [key, revision] as const)),
      statements: [...(manifest.statements ?? []), statement],
    };
    const texts: ContentTexts = {};
    for (const { _key, statement: _, ...text } of blocks) texts[blockTextName(_key)] = text as BlockText;
    events.push({
      type: 'StatementAdded',
      data: facts({ statement: id, blocks: keys, manifest }),
      texts: {
        ...texts,
        speaker: draft.speaker,
        ...(draft.organisation !== undefined && { organisation: draft.organisation }),
      },
    });
  }
  return { ok: true, events };
}
