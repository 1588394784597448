/** What can be asked of a story, and what a decision looks like. */
import type { Content, DraftBlock, Fields } from '../content/types.js';
import type { Significance, StoryEvent } from './events.js';
import type { Instant } from './instant.js';
import type { Refusal } from './refusals.js';

export interface StatementDraft {
  speaker: string;
  organisation?: string;
  /** Key of the block it stands behind; default: at the end. */
  after?: string;
  blocks: readonly DraftBlock[];
}

export interface Publish {
  type: 'publish';
  slug: string;
  fields: Fields;
  body: readonly DraftBlock[];
  statements?: readonly StatementDraft[];
  note?: string;
  /** Default: now. */
  inForceFrom?: Instant;
  imported?: true;
}

export interface NewVersion {
  type: 'new-version';
  /** What is left out stays as in the base; null takes a field away. */
  fields?: { [F in keyof Fields]?: Fields[F] | null };
  body?: readonly DraftBlock[];
  statements?: readonly StatementDraft[];
  significance?: Significance;
  note?: string;
  inForceFrom?: Instant;
  imported?: true;
  base?: number;
  /** The versions still to come that this one may cancel, exactly. */
  supersedes?: readonly number[];
}

/** Takes back a version that has never been in force. */
export interface Cancel {
  type: 'cancel';
  version: number;
  reason?: string;
}

export type Command = Publish | NewVersion | Cancel;

/** What a decision depends on besides the command and the facts. */
export interface Circumstances {
  /** From `recordingTime`. */
  recordedAt: Instant;
  /** A fresh id for a block, statement, correction or withdrawal: random and unlike any before. */
  mint(): string;
  /** The content of the command's base, from `baseOf`; none for a publish. */
  base?: Content;
}

export type Decision =
  /** No event: nothing would change. `version` is the one made, or the one that already says all this. */
  { ok: true; events: StoryEvent[]; version: number } | { ok: false; refusal: Refusal };

export const refuse = (refusal: Refusal): Decision => ({ ok: false, refusal });
