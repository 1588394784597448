/** What can be asked of a story, and what a decision looks like. */
import type { Continuations } from '../compare/align.js';
import type { Content, DraftBlock, Fields } from '../content/types.js';
import type {
  ContentTexts,
  CorrectionKind,
  ErasureAuthority,
  Manifest,
  Reference,
  Significance,
  StoryEvent,
  WithdrawalKind,
} from './events.js';
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

export interface CorrectionDraft {
  /** The public words: what was wrong and what is right. */
  notice: string;
  /** Default: `correction`. */
  kind?: CorrectionKind;
  /** Default: the versions that were in force with what this one changes; its base if it changes nothing. */
  corrects?: readonly number[];
}

export interface NewVersion {
  type: 'new-version';
  /** What is left out stays as in the base; null takes a field away. */
  fields?: { [F in keyof Fields]?: Fields[F] | null };
  body?: readonly DraftBlock[];
  statements?: readonly StatementDraft[];
  correction?: CorrectionDraft;
  /** A version that has been in force and is brought back: it is the base. */
  restores?: number;
  /** Default: `major`. */
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

/** Takes the story away, or changes how it is taken away. Of the same kind again: changes the notice, if one is given. */
export interface Withdraw {
  type: 'withdraw';
  kind: WithdrawalKind;
  /** Public. Left out: none; a withdrawal of another kind does not keep the notice of the one before it. */
  notice?: string;
  /** For staff. */
  reason?: string;
  /** Default: now. Only an import may name it. */
  at?: Instant;
  imported?: true;
}

export interface Reinstate {
  type: 'reinstate';
  note?: string;
  /** Default: now. Only an import may name it. */
  at?: Instant;
  imported?: true;
}

/** Whether the slug is free is for the caller to know. */
export interface ChangeSlug {
  type: 'change-slug';
  slug: string;
}

export interface AmendNotice {
  type: 'amend-notice';
  of: { correction: string } | { withdrawal: string };
  /** null takes it back. */
  notice: string | null;
}

/** One event for each member that is given. */
export interface AmendVersion {
  type: 'amend-version';
  version: number;
  /** null takes it away. */
  note?: string | null;
  inForceFrom?: Instant | 'now';
  significance?: Significance;
  /** The whole set. */
  labels?: readonly string[];
  hidden?: boolean;
  /** Goes with the change of time, of significance and of hiding. */
  reason?: string;
  /** Hides a version in force or still to come. */
  force?: true;
}

interface OfTexts {
  references: readonly Reference[];
  reason?: string;
}

/** Texts of what readers are given now, or will be, only with `force`; a replacement first makes a version without them. */
interface TakingAway extends OfTexts {
  force?: true;
  replacement?: NewVersion;
}

export interface HideTexts extends TakingAway {
  type: 'hide-texts';
}

export interface EraseTexts extends TakingAway {
  type: 'erase-texts';
  authority: ErasureAuthority;
}

/** Shows what one hiding hid: it is named by the revision at which it was recorded. */
export interface ShowTexts {
  type: 'show-texts';
  hiding: number;
  reason?: string;
}

export type Command =
  | Publish
  | NewVersion
  | Cancel
  | Withdraw
  | Reinstate
  | ChangeSlug
  | AmendNotice
  | AmendVersion
  | HideTexts
  | EraseTexts
  | ShowTexts;

/** What a decision depends on besides the command and the facts. */
export interface Circumstances {
  /** From `recordingTime`. */
  recordedAt: Instant;
  /** A fresh id for a block, statement, correction or withdrawal: random and unlike any before. */
  mint(): string;
  /** The content of the base of a new version (or replacement), from `baseOf`. */
  base?: Content;
  /** Which blocks of its body continue which of that content; found here unless it is given. */
  continued?: Continuations;
  /**
   * The versions in which words stood that are in `before` and not in `after`, some of whose texts are still to be
   * written: `texts`, by name. Without it a word stood only where its whole text did.
   */
  stoodIn?(before: Manifest, after: Manifest, texts: ContentTexts): readonly number[];
  /** What was written at a revision: the names of its texts, and the first revision of its command. For hiding and erasing. */
  written?(revision: number): { names: readonly string[]; command: number } | undefined;
}

/** A part of a decision, or why the whole is refused. */
export type Outcome<T> = ({ ok: true } & T) | { ok: false; refusal: Refusal };

/**
 * No event: nothing would change. `version` is the one made or changed, or that already says all this; null where the
 * command is about the story.
 */
export type Decision = Outcome<{ events: StoryEvent[]; version: number | null }>;

export const refuse = (refusal: Refusal): { ok: false; refusal: Refusal } => ({ ok: false, refusal });

/** The new version that a command makes, if it makes one on a base. */
export const newVersionOf = (command: Command): NewVersion | undefined => {
  if (command.type === 'new-version') return command;
  return command.type === 'hide-texts' || command.type === 'erase-texts' ? command.replacement : undefined;
};
