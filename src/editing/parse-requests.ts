/**
 * Requests made into commands: what is typed is read by the content room's rules, and every fault is told with its place.
 */
import { Findings, isObject, readText, type TextRule } from '../content/check.js';
import { limits } from '../content/limits.js';
import { type ParsedStatement, parseDraftContent, parseStatement } from '../content/parse-fields.js';
import { isSlug } from '../content/slug.js';
import type { DraftContent, Dropped, Parsed } from '../content/types.js';
import type { AmendVersion, NewVersion, Reinstate, StatementDraft, Withdraw } from '../story/commands.js';
import { type Editor, erasureAuthorities, type Reference } from '../story/events.js';
import { type Instant, parseInstant } from '../story/instant.js';
import { invalid } from '../web/validation.js';
import type { PassagesAsked, PublishAsked, Sought } from './change-story.js';
import type { EditorMember, NewVersionMembers, PublishRequest, VersionMembers } from './members.js';
import type { Taking } from './passages.js';
import type { EraseTextsRequest, HideTextsRequest } from './passages-members.js';
import type { AmendVersionRequest, ReinstateRequest, WithdrawRequest } from './standing-members.js';

/** What `read` makes of a request. Throws Refused `invalid` with every fault. */
export function parsed<T>(read: (found: Findings) => T): T {
  const found = new Findings();
  const value = read(found);
  if (found.faults.length > 0) throw invalid(found.faults);
  return value;
}

const rules = {
  note: { max: limits.note, multiline: true },
  reason: { max: limits.reason, multiline: true },
  notice: { max: limits.notice, multiline: true },
} satisfies Record<string, TextRule>;

/** A note, reason or notice under its name, where it was sent. */
export function readSaid<Name extends keyof typeof rules>(
  members: { [N in Name]?: unknown },
  name: Name,
  found: Findings,
  pointer = '',
): { [N in Name]?: string } {
  if (members[name] === undefined) return {};
  const text = readText(members[name], rules[name], `${pointer}/${name}`, found);
  return { [name]: text } as { [N in Name]?: string };
}

export function readEditor(editor: EditorMember | undefined, found: Findings): { editor?: Editor } {
  if (!editor) return {};
  const id = readText(editor.id, { max: limits.editorId }, '/editor/id', found) ?? '';
  const name = readText(editor.name, { max: limits.speaker }, '/editor/name', found) ?? '';
  return { editor: { id, name } };
}

function readInstant(typed: string, pointer: string, found: Findings): Instant | undefined {
  const detail = 'An RFC 3339 date-time with an offset, such as 2026-05-14T11:27:00+01:00.';
  return parseInstant(typed) ?? found.fault(pointer, 'bad-instant', detail);
}

export function readSlug(slug: string, found: Findings): string {
  const detail = `A slug has lower-case letters and digits with single hyphens between them, at most ${limits.slug}, and not the form of a UUID.`;
  if (!isSlug(slug)) found.fault('/slug', 'bad-slug', detail);
  return slug;
}

const hasMarkdown = (body: unknown): boolean => isObject(body) && body.markdown !== undefined;

export function readPublish({ editor, slug, ...members }: PublishRequest, found: Findings): PublishAsked {
  const said = readVersion(members, '', found);
  // With a fault in them, no member is read: one that was given is there, and a Markdown's title may be.
  const mayBeThere = found.faults.length > 0 && (members.headline != null || hasMarkdown(members.body));
  if (said.content.fields.headline === undefined && !mayBeThere) {
    const detail = 'A story needs a headline, here or as the title of the Markdown’s front matter.';
    found.fault('/headline', 'required', detail);
  }
  return { type: 'publish', ...said, ...(typeof slug === 'string' && { slug: readSlug(slug, found) }) };
}

/** `pointer`: where in the request these members stand. */
export function readNewVersion(members: NewVersionMembers, found: Findings, pointer = ''): NewVersion {
  const { significance, correction, restores, base, supersedes, ...version } = members;
  const { content, ...said } = readVersion(version, pointer, found);
  return {
    type: 'new-version',
    ...content,
    ...said,
    ...(correction && {
      correction: {
        notice: readSaid(correction, 'notice', found, `${pointer}/correction`).notice ?? '',
        ...(correction.kind && { kind: correction.kind }),
        ...(correction.corrects && { corrects: correction.corrects }),
      },
    }),
    ...(typeof restores === 'number' && { restores }),
    ...(significance && { significance }),
    ...(typeof base === 'number' && { base }),
    ...(supersedes && { supersedes }),
  };
}

interface Said {
  content: DraftContent;
  statements?: StatementDraft[];
  note?: string;
  inForceFrom?: Instant;
  imported?: true;
}

function readVersion(request: VersionMembers, pointer: string, found: Findings): Said {
  const { statements, note, inForceFrom, imported, ...members } = request;
  const taken = <T extends { dropped: Dropped[] }>(read: Parsed<T>): T | undefined => {
    if (!read.ok) for (const fault of read.faults) found.fault(fault.pointer, fault.code, fault.detail);
    else found.dropped.push(...read.value.dropped);
    return read.ok ? read.value : undefined;
  };
  const content = taken(parseDraftContent(members as { [name: string]: unknown }, pointer));
  const drafts = statements?.map((statement, i) => taken(parseStatement(statement, `${pointer}/statements/${i}`)));
  const time =
    inForceFrom === undefined || inForceFrom === null
      ? undefined
      : readInstant(inForceFrom, `${pointer}/inForceFrom`, found);
  return {
    content: { fields: content?.fields ?? {}, ...(content?.body && { body: content.body }) },
    ...(drafts && { statements: drafts.flatMap((draft) => (draft ? [draftOf(draft)] : [])) }),
    ...readSaid({ note }, 'note', found, pointer),
    ...(time && { inForceFrom: time }),
    ...(imported && { imported: true as const }),
  };
}

const draftOf = ({ dropped: _, ...statement }: ParsedStatement): StatementDraft => statement;

export function readWithdraw(request: WithdrawRequest, found: Findings): Withdraw {
  return {
    type: 'withdraw',
    kind: request.kind,
    ...readSaid(request, 'notice', found),
    ...readSaid(request, 'reason', found),
    ...readEffect(request, found),
  };
}

export function readReinstate(request: ReinstateRequest, found: Findings): Reinstate {
  return { type: 'reinstate', ...readSaid(request, 'note', found), ...readEffect(request, found) };
}

function readEffect({ at, imported }: { at?: string; imported?: boolean }, found: Findings) {
  const time = at === undefined || at === null ? undefined : readInstant(at, '/at', found);
  return { ...(time && { at: time }), ...(imported && { imported: true as const }) };
}

export function readAmendVersion(request: AmendVersionRequest, version: number, found: Findings): AmendVersion {
  const { note, inForceFrom, significance, labels, hidden, force } = request;
  if ([note, inForceFrom, significance, labels, hidden].every((member) => member === undefined)) {
    found.fault('', 'empty', 'Send at least one of note, inForceFrom, significance, labels, hidden.');
  }
  const time = inForceFrom === 'now' ? 'now' : inForceFrom && readInstant(inForceFrom, '/inForceFrom', found);
  if (inForceFrom === '') readInstant(inForceFrom, '/inForceFrom', found);
  for (const [i, label] of (labels ?? []).entries()) readText(label, { max: limits.label }, `/labels/${i}`, found);
  return {
    type: 'amend-version',
    version,
    ...(note === null ? { note } : readSaid({ note }, 'note', found)),
    ...(time && { inForceFrom: time }),
    ...(significance && { significance }),
    ...(labels && { labels }),
    ...(hidden !== undefined && { hidden }),
    ...readSaid(request, 'reason', found),
    ...(force && { force: true as const }),
  };
}

/** A phrase or references, or both. */
export function readSought({ phrase, words, references }: HideTextsRequest, found: Findings): Sought {
  if (typeof phrase !== 'string' && !references) {
    found.fault('', 'empty', 'Send a phrase or references.');
  }
  const sought = typeof phrase === 'string' ? readText(phrase, { max: limits.phrase }, '/phrase', found) : undefined;
  return {
    ...(sought !== undefined && { phrase: sought }),
    ...(words && { words }),
    ...(references && { references: references.map(({ revision, name }): Reference => [revision, name]) }),
  };
}

export function readTaking(taking: Taking, request: EraseTextsRequest, found: Findings): PassagesAsked {
  const { authority, force, replacement } = request;
  const said = {
    sought: readSought(request, found),
    token: request.token!,
    ...readSaid(request, 'reason', found),
    ...(force && { force: true as const }),
    ...(replacement && { replacement: readNewVersion(replacement, found, '/replacement') }),
  };
  if (taking === 'hide-texts') return { type: taking, ...said };
  if (!authority) found.fault('/authority', 'required', `On whose order: one of ${erasureAuthorities.join(', ')}.`);
  return { type: taking, authority: authority!, ...said };
}
