/** Why a question has no answer, as values; problems.ts says them in HTTP's terms. */
import type { Refusal } from '../web/problem.js';
import type { InForce } from './answers.js';

export type HistoryCode =
  | 'story-not-found'
  | 'story-moved'
  | 'version-not-found'
  | 'not-yet-in-force'
  | 'withdrawn-then'
  | 'version-hidden'
  | 'unpublished'
  | 'killed'
  | 'takedown'
  | 'known-at-forbidden'
  | 'history-not-public'
  | 'editors-not-public'
  | 'bad-instant'
  | 'bad-version'
  | 'bad-cursor'
  | 'bad-query'
  | 'bad-url'
  | 'bad-status'
  | 'status-forbidden';

/** A refusal as a value; `detail` is for a person. */
export interface HistoryRefusal extends Refusal {
  code: HistoryCode;
  /** With `story-moved`: the present slug. */
  slug?: string;
  /** With `killed`, `takedown` and `withdrawn-then`: the publisher's notice, where there is one that may be shown. */
  notice?: string;
  /** With `unpublished`, `killed` and `takedown`: the story's id. */
  story?: string;
  /** With `version-hidden`: which one, when it was in force, and those before and after it in this viewer's list. */
  version?: number;
  reigns?: InForce[];
  previous?: number | null;
  next?: number | null;
}

/** `holds`: whether the same question would have the same answer now. Left out where nobody keeps it. */
export type Answer<T> = { ok: true; value: T; holds?: () => boolean } | { ok: false; refusal: HistoryRefusal };
