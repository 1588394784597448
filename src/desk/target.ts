/** Reads what the desk needs to know of a story before anything is done to it. */
import type { Viewer } from '../access/viewer.js';
import type { VersionItem } from '../history/answers.js';
import type { History } from '../history/questions.js';
import type { Answer, HistoryRefusal } from '../history/refusals.js';
import { noHeadline, plainTitle } from '../reading/words.js';
import type { Instant } from '../story/instant.js';
import { parseVersionNumber } from '../story/version-number.js';
import { writersEtag } from '../web/etag.js';
import { Refused } from '../web/problem.js';
import { type Action, noticeOf, type Parameters, type Target } from './action.js';

/** As many versions as a story's desk tells of on one page. */
const versionsAPage = 50;

interface Here {
  viewer: Viewer;
  zone: string;
  now: Instant;
}

interface Wanted {
  /** Id or slug. */
  name: string;
  asked?: Parameters;
  of?: Action['of'];
  /** The version that the form was filled from, as it sent it. */
  filled?: string;
  cursor?: string;
}

interface Found {
  target: Target;
  /** The writers' tag; none for those who don't write. */
  etag: string | undefined;
  next: string | null;
}

/** What history answered. Throws what it refused. */
export function given<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  throw new Refused(answer.refusal);
}

export async function loadTarget(history: History, here: Here, wanted: Wanted): Promise<Answer<Found>> {
  const { viewer, zone, now } = here;
  const { name, asked = {}, of, filled, cursor } = wanted;
  const answer = await history.versions(viewer, name, { limit: versionsAPage, ...(cursor && { cursor }) });
  if (!answer.ok) {
    const { slug } = answer.refusal;
    if (answer.refusal.code !== 'story-moved' || slug === undefined) return answer;
    return loadTarget(history, here, { ...wanted, name: slug });
  }
  const { story, items: versions, corrections, withdrawals, next } = answer.value;
  const target: Target = { viewer, zone, now, asked, story, versions, corrections, withdrawals };
  const named =
    of === 'version'
      ? asked.of
      : of === 'words' || of === 'passages'
        ? (filled ?? asked.restores ?? asked.base ?? baseIn(target))
        : undefined;
  if (named !== undefined || of === 'version') {
    const version = parseVersionNumber(named ?? '');
    if (version === undefined) return refuse('bad-version', 'A version is a number from 1.');
    const read = await history.version(viewer, story.id, version);
    if (!read.ok) return read;
    target.version = read.value;
  }
  if (of === 'notice' && !noticeOf(target)) return refuse('story-not-found', 'This story has no such notice.');
  const etag = story.revision === undefined ? undefined : writersEtag(story.revision, story.versionInForce ?? 0);
  return { ok: true, value: { target, etag, next } };
}

const refuse = (code: HistoryRefusal['code'], detail: string): { ok: false; refusal: HistoryRefusal } => ({
  ok: false,
  refusal: { code, detail },
});

/** The version that a new one builds on where none is named: that in force, or in force but for a withdrawal, or the latest. */
function baseIn({ versions }: Target): string | undefined {
  const base =
    versions.find(({ cancelled, waiting }) => !cancelled && !waiting) ??
    versions.find(({ cancelled }) => !cancelled) ??
    versions[0];
  return base && String(base.version);
}

/** What the story is called at the desk. */
export function headlineIn({ versions }: Target): string {
  const named = (item: VersionItem | undefined) => item && plainTitle(item.headline, noHeadline);
  return named(versions.find(({ current }) => current)) ?? named(versions[0]) ?? noHeadline;
}
