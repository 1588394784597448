/** What the desk knows while something is done to a story, and what an action of the desk is. */
import type { Right } from '../access/rights.js';
import type { Viewer } from '../access/viewer.js';
import type { Dropped } from '../content/types.js';
import type { Asked, Sought } from '../editing/change-story.js';
import type { PassagesPreview } from '../editing/find-passages.js';
import type { Hiding } from '../editing/hidings.js';
import type { Taking } from '../editing/passages.js';
import type {
  CorrectionAnswer,
  StoryAnswer,
  VersionAnswer,
  VersionListAnswer,
  WithdrawnPeriod,
} from '../history/answers.js';
import type { Instant } from '../story/instant.js';
import type { Frame } from '../web/page.js';
import type { Group, Reader, Typed } from './fields.js';

/** The address says what it is about: `of` a version's number, a notice's id or a hiding's revision. */
export const parameters = ['of', 'base', 'restores', 'correct'] as const;
export type Parameters = { [P in (typeof parameters)[number]]?: string };

export interface Target {
  viewer: Viewer;
  zone: string;
  now: Instant;
  asked: Parameters;
  /** None for a story yet to be published. */
  story?: StoryAnswer;
  /** Newest first, with the story's corrections and withdrawals. */
  versions: VersionListAnswer['items'];
  corrections: readonly CorrectionAnswer[];
  withdrawals: readonly WithdrawnPeriod[];
  /** Of words, still holding; only where the story's desk is shown. */
  hidings?: readonly Hiding[];
  /** The version that `of` names, or that the form was filled from. */
  version?: VersionAnswer;
  found?: Found;
}

/** What a search for words that must go has found. */
export interface Found {
  taking: Taking;
  /** All that the phrase finds. */
  all: PassagesPreview;
  /** Of it, what is meant. */
  meant: PassagesPreview;
  sought: Sought;
}

/** A form of the desk, and the change it asks for. */
export interface Action {
  /** What it needs to know of a version, if it is about one. */
  of: 'story' | 'version' | 'notice' | 'hiding' | 'words' | 'passages';
  /** What it is called where it is offered, and above its form. */
  name: string;
  /** What the button that does it says, if it is not the title. */
  button?: string | ((target: Target) => string);
  /** Above the form, if it is called otherwise there. */
  title?(target: Target): string;
  intro?(target: Target): string | undefined;
  /** Offered to those with any of these, where `fits`; what is done needs what the command needs. */
  rights: readonly Right[];
  fits(target: Target): boolean;
  /** What the form holds at first. */
  values?(target: Target): Typed;
  groups(target: Target, typed: Typed): Group[];
  /** With what the form goes on, where there is more to fill in before it can be read. */
  next?(target: Target, typed: Typed): Typed | undefined;
  /** More of what will change, a line each. */
  told?(target: Target): string[];
  /** What of a form tells it from another by the same key, if not all of it. */
  kept?(typed: Typed): Typed;
  /** What is asked for; `undefined` where the reader has found something wrong. */
  read(reader: Reader, target: Target): Read | undefined;
  /** A button that asks for more fields. */
  more?: { label: string; ask(typed: Typed): Typed };
  /** What has happened, for the message afterwards. */
  done(version: number | null): string;
}

/** A form of the desk that somebody is at. */
export interface Doing {
  /** Of the action, in addresses. */
  name: string;
  action: Action;
  target: Target;
  frame: Frame;
  /** The writers' tag of the story as it stands; none for one yet to be published. */
  etag: string | undefined;
}

export interface Read {
  asked: Asked;
  /** What of the words could not be kept as they were typed. */
  dropped?: readonly Dropped[];
}

/** The correction or withdrawal that the address names. */
export function noticeOf({ corrections, withdrawals, asked }: Target) {
  const id = asked.of;
  return (
    corrections.find((correction) => correction.id === id) ?? withdrawals.find((withdrawal) => withdrawal.id === id)
  );
}
