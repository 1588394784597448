/**
 * What history answers to a viewer: plain data, already judged for that viewer, the same for JSON and for pages. What a
 * viewer may not know is not here: left out, `null`, or an `Absent` that says why.
 */
import type { Comparison } from '../compare/types.js';
import type { Absent, Content, FieldName, LeadImage } from '../content/types.js';
import { type Act, type CorrectionKind, type Significance, type WithdrawalKind } from '../story/events.js';
import type { Instant } from '../story/instant.js';
import type { StoryStatus } from '../story/visibility.js';
import type { Rendered } from '../views/comparing-thread.js';

export interface StoryAnswer {
  id: string;
  /** null: it has none that may be shown; go by the id. */
  slug: string | null;
  /** The publisher's own page for it, in the version that readers are shown; left out: none that may be shown. */
  url?: string;
  /** Now, whatever instant was asked about. */
  status: StoryStatus;
  /** When readers first got it; null: not yet. */
  firstPublishedAt: Instant | null;
  /** When readers got the latest version that this viewer may know of. */
  lastUpdatedAt: Instant | null;
  /** How many versions this viewer's list has. */
  versions: number;
  /** The withdrawal that closes it now, where this viewer may know of it. */
  withdrawal?: WithdrawalAnswer;
  /** For writers: of the last event. */
  revision?: number;
  /** For writers: the version in force now, 0 for none. */
  versionInForce?: number;
  /** For staff: versions whose time has not come. */
  waiting?: { version: number; inForceFrom: Instant }[];
}

export interface WithdrawalAnswer {
  /** For staff: by which its notice is amended. */
  id?: string;
  kind: WithdrawalKind;
  from: Instant;
  /** null: none was given, or it was taken back. */
  notice: string | Absent | null;
}

export interface CorrectionAnswer {
  id: string;
  kind: CorrectionKind;
  /** The version that made it; left out where this viewer may not know of it. */
  version?: number;
  /** The versions it corrects, of those this viewer may know of. */
  corrects: number[];
  /** When readers got it; null (staff only): not yet. */
  at: Instant | null;
  /** null (staff only): taken back. */
  notice: string | Absent | null;
  /** What to compare `version` with to see the change; left out where either may not be read, or nothing changed. */
  against?: number;
}

/** An entry in the list of corrections. */
export interface CorrectionItem extends Omit<CorrectionAnswer, 'kind' | 'at'> {
  story: StoryAnswer;
  /** Of the version that readers are shown now; null: none that may be read. */
  headline: string | Absent | null;
  /** `retraction`: the publisher no longer stands by the story; it names no versions, and its notice may be null. */
  kind: CorrectionKind | 'retraction';
  /** When readers got it. */
  at: Instant;
}

/** A time in which the story was, or is, away. */
export interface WithdrawnPeriod extends WithdrawalAnswer, InForce {
  /** The version last in force before it; null (staff only): none. */
  version: number | null;
}

/** A time in force: `from` is inside, `until` is not; null: still, as far as this viewer may know. */
export interface InForce {
  from: Instant;
  until: Instant | null;
}

/** How much a version changed: words of its body and what it is measured against. */
export interface ChangeSize {
  /** null: nothing came before it that this viewer may see; all its words are added. */
  against: number | null;
  words: { added: number; removed: number };
}

/** A version in a list. To a reader a hidden one is its number and times alone. */
export interface VersionItem {
  version: number;
  /** Empty for a version hidden from this viewer. */
  acts: Act[];
  /** null for a version hidden from this viewer. */
  significance: Significance | null;
  inForceFrom: Instant;
  /** Every view says it wherever it differs from `inForceFrom`. */
  recordedAt: Instant;
  imported?: true;
  /** In force now. */
  current?: true;
  /** Removed: staff may still read it. */
  hidden?: true;
  /** For staff: its time has not come. */
  waiting?: true;
  /** For staff: taken back before it was ever in force, perhaps by another version. */
  cancelled?: true;
  supersededBy?: number;
  /** The version it brought back, where this viewer may know of it. */
  restored?: number;
  /** What kind of correction it made. */
  correction?: CorrectionKind;
  /** When it was in force, in order; empty for a version never in force. */
  reigns: InForce[];
  headline: string | Absent | null;
  note: string | Absent | null;
  /** Statements it added. */
  statements: { speaker: string | Absent; organisation?: string | Absent }[];
  /** To readers only the name, and only by the publisher's policy. */
  editor?: { id?: string; name: string } | Absent;
  /** For staff. */
  labels?: string[];
  /** null for a version hidden from this viewer. */
  changes: ChangeSize | null;
}

/** A version, whole. */
export interface VersionAnswer extends VersionItem {
  story: StoryAnswer;
  content: Content;
  /** For staff: its texts that readers don't get, by where they were written and their names there. */
  hiddenTexts?: { revision: number; name: string }[];
  /** Notices of corrections of this version, by this version, and by versions before it. */
  corrections: CorrectionAnswer[];
  /** The version before and after it in this viewer's list. */
  previous: number | null;
  next: number | null;
}

/** What is, or was, in force at an instant. */
export interface AsOfAnswer extends VersionAnswer {
  asOf: {
    /** The instant answered for: for a reader never later than now. */
    at: Instant;
    /** As known then; left out: as known now. */
    knownAt?: Instant;
    /** The time in force that holds `at`; for a reader it ends only if it has ended. */
    reign: InForce;
    /** The withdrawal that held at `at`, with the version last in force before it. */
    withdrawal?: WithdrawalAnswer;
  };
}

export interface Page<T> {
  items: T[];
  /** Cursor of the next page; null: this is the last. */
  next: string | null;
}

/** Newest first. */
export interface VersionListAnswer extends Page<VersionItem> {
  story: StoryAnswer;
  /** Corrections by, or of, the versions listed. */
  corrections: CorrectionAnswer[];
  /** After which of the versions listed the story was away, in order; an unpublished time shows readers no notice. */
  withdrawals: WithdrawnPeriod[];
}

export interface ComparisonAnswer {
  story: StoryAnswer;
  a: VersionItem;
  b: VersionItem;
  comparison: Comparison;
  /** Corrections that came with the versions after the earlier side, up to the later one. */
  corrections: CorrectionAnswer[];
}

/** Words of a text in a row of which the same is told. Offsets are UTF-16, of its first word's start and its last's end. */
export interface AuthorSpan {
  from: number;
  to: number;
  words: number;
  /** The version that first had them, of those this viewer may read. */
  first: number;
  /** The last that had them again after one that had not. */
  broughtBack?: number;
  /** The last that moved them. */
  moved?: number;
}

/** `spans` are in order; what stands between words belongs to none. */
export interface AuthoredText {
  text: string | Absent;
  spans: AuthorSpan[];
}

export interface AuthoredBlock extends AuthoredText {
  key: string;
  /** `_type`. */
  type: string;
  statement?: string;
}

/** A sentence most of whose words are nowhere in the version in which it left. */
export interface RemovedSentenceAnswer {
  part: 'body' | 'headline' | 'standfirst';
  /** Key of the block in which it stood. */
  block?: string;
  text: string;
  /** The last version with it before it left. */
  lastIn: number;
  leftIn: number;
  /** The version that had it, or nearly all of it, again. */
  returnedIn?: number;
}

/** A version named in an authorship. */
export type AuthoringVersion = Pick<
  VersionItem,
  'version' | 'inForceFrom' | 'recordedAt' | 'imported' | 'note' | 'editor'
>;

export interface AuthorshipAnswer {
  story: StoryAnswer;
  /** Whose words these are. */
  version: number;
  /** All that are named, in order. */
  versions: AuthoringVersion[];
  /** null: it has none, or none of the words asked for. */
  headline: AuthoredText | null;
  standfirst: AuthoredText | null;
  body: AuthoredBlock[];
  /** Gone by this version, the last that left first. */
  removed: RemovedSentenceAnswer[];
  /** Cursor of more of those; null: these are the last. */
  next: string | null;
}
/** A comparison as it is to be shown. */
export type Told = Rendered;
export interface ToldComparison extends Omit<ComparisonAnswer, 'comparison'>, Told {}

/** A story in a list, with what was in force in it, or waits. */
export interface StoryItem extends Omit<VersionItem, 'current' | 'reigns' | 'editor' | 'labels' | 'changes'> {
  story: StoryAnswer;
  standfirst: string | Absent | null;
  section: string | Absent | null;
  tags: string[];
  /** BCP 47. */
  language: string | null;
  leadImage: LeadImage | null;
  /** The withdrawal that held at the instant asked about. */
  withdrawal?: WithdrawalAnswer;
  /** Of a search: where it says what was looked for, in the order of the version. */
  matches?: SearchMatch[];
}

/** One text that says some of what was looked for. */
export interface SearchMatch {
  /** A field's name; `body`: a block; `speaker` or `organisation` of a statement. */
  field: FieldName | 'body' | 'speaker' | 'organisation';
  /** Key of the block. */
  block?: string;
  /** Whose words they are, where the block belongs to a statement. */
  statement?: { id: string; speaker: string | Absent; organisation?: string | Absent };
  excerpt: ExcerptRun[];
}

/** A piece of an excerpt. `…` stands for what is left out at either end. */
export interface ExcerptRun {
  text: string;
  match?: true;
}

/** Stories in force at an instant, the latest come into force first; or as `status` says. */
export interface StoriesAnswer extends Page<StoryItem> {
  asOf: Instant;
  /** The words are so common that the search stopped before the page was full; `next` goes on. */
  partial?: true;
  /** Asked by `url`: that page's story is closed now, so it is not among the items. As a refusal says it. */
  closed?: { code: Exclude<WithdrawalKind, 'retracted'>; story: string; notice?: string };
}

export const changeTypes = ['version', 'correction', 'withdrawal', 'reinstatement', 'notice', 'changed'] as const;
/**
 * `version`, `correction`: one came into force; `notice`: that of a correction or a withdrawal was amended or taken back;
 * `changed`: what readers had is otherwise now, perhaps gone: ask again for what you have kept.
 */
export type ChangeType = (typeof changeTypes)[number];

/** A change that readers could notice, as they may know of it now. */
export interface ChangeAnswer {
  /** UUID, the same on every node. */
  id: string;
  type: ChangeType;
  /** From when readers could notice it: it had been recorded, and its time had come. */
  at: Instant;
  /** Of a story that is closed only this, and which withdrawal closes it. */
  story: Pick<StoryAnswer, 'id' | 'slug' | 'status'> & Partial<StoryAnswer>;
  /** What came into force, or changed, or whose correction's notice did. */
  version?: Omit<VersionItem, 'changes'>;
  /** What to compare `version` with to see what it changed. */
  against?: number;
  correction?: CorrectionAnswer;
  withdrawal?: WithdrawalAnswer;
}

export interface Followed {
  /** In the order in which this node told them, each with the cursor to go on behind it. */
  items: { change: ChangeAnswer; cursor: string }[];
  /** Those that were told of another type than asked for: how many, and the cursor to go on behind the last. */
  passed: { count: number; cursor: string | null };
  /** Where to go on. */
  place: number;
  /** Nothing is behind it now. */
  end: boolean;
}

/** A version as archives know it (RFC 7089): readers were given it, first at `from`, and may still read it. */
export interface Memento {
  version: number;
  from: Instant;
}

/** Whose mementos they are. */
export interface OriginalAnswer {
  story: Pick<StoryAnswer, 'id' | 'slug'>;
  /** The publisher's own page for it, as `comparableUrl` writes it; null: there is none, or it is another story's. */
  url: string | null;
}

export interface MementosAnswer extends OriginalAnswer {
  /** In order. */
  mementos: Memento[];
}

/** One version among the mementos. It is itself none if it has been hidden. */
export interface MementoAnswer extends OriginalAnswer {
  version: number;
  memento: Memento | null;
  first: Memento | null;
  previous: Memento | null;
  next: Memento | null;
  last: Memento | null;
}

/** A story that readers may be shown, as search engines are told of it. */
export interface ListedStory {
  story: StoryAnswer;
  /** When readers last got something else: a version, a retraction, the story again. */
  lastChangedAt: Instant;
}
export interface FreshStory extends ListedStory {
  headline: string;
}
