/**
 * How every action of the desk goes: its form, then what it would do, then doing it. Whatever is refused on the way leads
 * back to the form, with what was typed and why.
 */
import { randomUUID } from 'node:crypto';
import type { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { VNode } from 'preact';
import {
  type Change,
  type Changed,
  ChangeStory,
  changeBy,
  PreviewChange,
  type Refusing,
} from '../editing/change-story.js';
import type { Happened } from '../editing/stories.js';
import { CompareContents } from '../history/queries.js';
import { renderings } from '../reading/compare-views.js';
import { problemTypes, type Refusal } from '../web/problem.js';
import { refusalOf } from '../web/problem-filter.js';
import type { Doing } from './action.js';
import { type Group, Reader, type Typed, tidied } from './fields.js';
import { FormPage, type FormPageProps } from './form-page.js';
import { PreviewPage } from './preview-page.js';
import { confirmations, wrongOf } from './words.js';

export type Answered = { page: VNode; status: number; headers?: Readonly<Record<string, string>> } | { done: Changed };

/** The form before anything was sent. */
export function begin(doing: Doing): Answered {
  const { action, target } = doing;
  const typed = action.values?.(target) ?? {};
  return formPage(doing, action.groups(target, typed), typed, 200);
}

/** What the form, or the page that shows what it would do, has sent. */
export async function goOn(doing: Doing, sent: Typed, commands: CommandBus, queries: QueryBus): Promise<Answered> {
  const { step, etag, key, ...kept } = sent;
  const { action, target, name } = doing;
  // What the form began from, so that what others do meanwhile is noticed in the end.
  const begun = etag === undefined ? doing : { ...doing, etag };
  const typed = step === 'more' && action.more ? action.more.ask(kept) : kept;
  const groups = [...action.groups(target, typed), ...confirmations(typed)];
  if (step !== 'preview' && step !== 'act') return formPage(begun, groups, typed, 200);

  const next = action.next?.(target, typed);
  if (next) return formPage(begun, action.groups(target, next), next, 200);

  const reader = new Reader(tidied(groups, typed), groups, target.zone);
  const read = action.read(reader, target);
  if (!read || reader.wrong.length > 0) {
    const title =
      reader.wrong.length === 1 ? 'One thing is to be mended' : `${reader.wrong.length} things are to be mended`;
    return formPage(begun, groups, typed, 422, { title, wrong: reader.wrong });
  }

  const change: Change = changeBy(target.viewer, read.asked, {
    request: { desk: name, asked: { ...target.asked }, typed: action.kept?.(typed) ?? typed },
    ...(target.story && { story: target.story.id, ...(etag !== undefined && { ifMatch: etag }) }),
    ...(step === 'act' && { idempotencyKey: `desk/${key ?? randomUUID()}` }),
  });
  if (step === 'act') {
    const outcome = await answered(commands.execute(new ChangeStory(change)));
    return outcome.ok ? { done: outcome } : refused(doing, begun, typed, outcome.refusal, outcome.headers);
  }
  const foreseen = await answered(queries.execute(new PreviewChange(change)));
  if (!foreseen.ok) return refused(doing, begun, typed, foreseen.refusal, foreseen.headers);
  const { before, after } = foreseen;
  const compared =
    before && after
      ? await answered(queries.execute(new CompareContents(before.content, after, renderings['in-place'])), 'busy')
      : undefined;
  const page = PreviewPage({
    doing: { ...doing, etag },
    typed,
    key: randomUUID(),
    foreseen,
    ...(compared && { compared: 'bytes' in compared ? compared : 'busy' }),
    dropped: read.dropped ?? [],
  });
  return { page, status: 200 };
}

/** A store that does not answer, or too many that ask at once, is no reason to lose what was typed. */
async function answered<T>(asked: Promise<T>, unlucky = 'store-unavailable'): Promise<T | Refusing> {
  try {
    return await asked;
  } catch (error) {
    const { refusal, headers } = refusalOf(error);
    if (refusal.code !== unlucky) throw error;
    return { ok: false, refusal, headers: { ...headers } };
  }
}

/** Once they have been told what has happened, they go on from there. */
function refused(
  now: Doing,
  begun: Doing,
  typed: Typed,
  refusal: Refusal,
  headers: Readonly<Record<string, string>> = {},
): Answered {
  const doing = refusal.code === 'story-changed' ? now : begun;
  const { action, target } = doing;
  const mayForce = target.viewer.may('force');
  const isForced = refusal.code === 'shown-to-readers' && !mayForce;
  const groups = [...action.groups(target, typed), ...confirmations(typed, isForced ? undefined : refusal)];
  const known = problemTypes().get(refusal.code);
  const { etag: _, ...sent } = headers;
  const { page, status } = formPage(doing, groups, typed, known?.status ?? 500, {
    title: known?.title ?? 'This can’t be done',
    wrong: [wrongOf(refusal, target.zone, mayForce)],
    ...(refusal.code === 'story-changed' && { since: refusal.since as Happened[] }),
  });
  return { page, status, headers: sent };
}

const formPage = (
  doing: Doing,
  groups: readonly Group[],
  typed: Typed,
  status: number,
  refused?: FormPageProps['refused'],
) => ({ page: FormPage({ doing, groups, typed, ...(refused && { refused }) }), status });
