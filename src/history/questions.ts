/** Every question that a viewer may ask, and what may be asked with it. */
import type { Viewer } from '../access/viewer.js';
import type { Content } from '../content/types.js';
import { type Act, withdrawalKinds } from '../story/events.js';
import type { Instant } from '../story/instant.js';
import type { Rendering } from '../views/comparing-thread.js';
import type {
  AsOfAnswer,
  AuthorshipAnswer,
  ChangeAnswer,
  ChangeType,
  CorrectionItem,
  Followed,
  FreshStory,
  ListedStory,
  MementoAnswer,
  MementosAnswer,
  Page,
  StoriesAnswer,
  StoryAnswer,
  Told,
  ToldComparison,
  VersionAnswer,
  VersionListAnswer,
} from './answers.js';
import type { Answer } from './refusals.js';

/** Who asks, as far as answers depend on it. Those who may write are told the revision and get the writers' entity tag. */
export type Asking = Pick<Viewer, 'audience' | 'may'>;

/** A public name or a UUID. */
export type StoryName = string;

/** A side of a comparison: a version's number, what is in force now, or what was in force at an instant. */
export type Side = number | 'now' | Instant;

export interface AsOf {
  /** Default: now. */
  at?: Instant;
  /** For staff. */
  knownAt?: Instant;
}

export interface VersionsAsked {
  cursor?: string;
  /** 1 to 200, default 50. */
  limit?: number;
  /** Only versions that this act made or helped to make. */
  act?: Act;
  /** Only by this editor: for staff an id or a name; for readers a name, if names are public. */
  editor?: string;
}

export interface AuthorshipAsked {
  /** Default: what is in force. Not with `at`. */
  version?: number;
  at?: Instant;
  /** Only words first written, and sentences removed, in this version or by this editor (as in `VersionsAsked`). */
  by?: number | string;
  cursor?: string;
  /** Of removed sentences: 1 to 200, default 50. */
  limit?: number;
}

/** For staff, but for the first: what readers get or would get; versions to come; stories withdrawn, in any way or one. */
export const storiesStatuses = ['in-force', 'waiting', 'never-in-force', 'withdrawn', ...withdrawalKinds] as const;
export type StoriesStatus = (typeof storiesStatuses)[number];

export interface StoriesAsked {
  /** Default: now. */
  asOf?: Instant;
  /** Default: `in-force`. */
  status?: StoriesStatus;
  /** Words and "phrases", all of which the version is to say. */
  q?: string;
  /** Only the story of which this is, or was, the publisher's own page. */
  url?: string;
  tag?: string;
  cursor?: string;
  /** 1 to 200, default 50. */
  limit?: number;
}

export interface CorrectionsAsked {
  /** Only of this story. */
  story?: StoryName;
  cursor?: string;
  /** 1 to 200, default 50. */
  limit?: number;
}

export interface ChangesAsked {
  /** Only of this story. */
  story?: StoryName;
  cursor?: string;
  /** 1 to 200, default 50. */
  limit?: number;
  /** Asked between steps of a long way: whether somebody still waits for the answer. */
  isWanted?: () => boolean;
}

/** Where to go on in the stream of this node, and what is wanted of it. */
export interface Following {
  place: number;
  /** Id of a story. */
  story?: string;
  type?: ChangeType;
  /** 1 to 200, default 50. */
  limit?: number;
}

/** All stories that readers may be shown; the same for everybody who asks. */
export interface Sitemaps {
  /** Names of the parts: the empty one, while there are few enough stories, or hexadecimal digits. */
  parts(): Promise<string[]>;
  /** The stories of one part, by id; null: there is no part of this name now. */
  part(part: string): Promise<ListedStory[] | null>;
  /** First published in the last two days; at most the 1,000 in which something last came into force. */
  fresh(): Promise<FreshStory[]>;
}

/** Every question that a viewer may ask. */
export interface History {
  story(viewer: Asking, story: StoryName): Promise<Answer<StoryAnswer>>;
  asOf(viewer: Asking, story: StoryName, asked?: AsOf): Promise<Answer<AsOfAnswer>>;
  version(viewer: Asking, story: StoryName, version: number): Promise<Answer<VersionAnswer>>;
  versions(viewer: Asking, story: StoryName, asked?: VersionsAsked): Promise<Answer<VersionListAnswer>>;
  authorship(viewer: Asking, story: StoryName, asked?: AuthorshipAsked): Promise<Answer<AuthorshipAnswer>>;
  /** As JSON unless told otherwise. Throws Refused `busy` where too many long comparisons wait. */
  compare(viewer: Asking, story: StoryName, a: Side, b: Side, as?: Rendering): Promise<Answer<ToldComparison>>;
  /** The same of two contents that the caller holds, such as one that is still to be recorded. */
  compareContents(before: Content, after: Content, as: Rendering): Promise<Told>;
  /** The story of which this address is, or was, the publisher's own page: the first that was in force with it. */
  storyAt(viewer: Asking, url: string): Promise<Answer<StoryAnswer>>;
  /** What archives are told is what readers are shown, whoever asks. An old slug is as good as the present one. */
  mementos(story: StoryName): Promise<Answer<MementosAnswer>>;
  /** One version, by its number or as readers were given it at an instant; before the first, the first. */
  memento(story: StoryName, asked: Side): Promise<Answer<MementoAnswer>>;
  stories(viewer: Asking, asked?: StoriesAsked): Promise<Answer<StoriesAnswer>>;
  /** The latest first. */
  corrections(viewer: Asking, asked?: CorrectionsAsked): Promise<Answer<Page<CorrectionItem>>>;
  sitemaps: Sitemaps;
  /** The public stream, as a reader may know of it; the latest first. */
  changes(asked?: ChangesAsked): Promise<Answer<Page<ChangeAnswer>>>;
}

/** The public stream as this node tells it. */
export interface PublicStream {
  /** Where this node's stream goes on behind a cursor, from an instant, or from now; `story`: the id of the one named. */
  placeInStream(asked: { after?: string; story?: StoryName }): Answer<{ place: number; story?: string }>;
  /** A cursor for a place in this node's stream. */
  cursorAt(place: number): string;
  follow(following: Following): Followed;
}

/** The token to inject a `History` (and `PublicStream`) by. */
export const HISTORY = Symbol('History');
