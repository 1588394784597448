/**
 * The messages of the write path: something is to happen to a story, or it is asked what would. Verbs differ only in what
 * they ask for.
 */
import { Command as CommandMessage, Query } from '@nestjs/cqrs';
import type { Right } from '../access/rights.js';
import type { Viewer } from '../access/viewer.js';
import type { Content, DraftContent } from '../content/types.js';
import type { Command, EraseTexts, HideTexts, Publish, StatementDraft } from '../story/commands.js';
import type { Act, Editor, Reference, StoryEvent } from '../story/events.js';
import type { Instant } from '../story/instant.js';
import type { StoryStatus } from '../story/visibility.js';
import type { Refusal } from '../web/problem.js';

/** A publish before its slug is settled. */
export interface PublishAsked {
  type: 'publish';
  slug?: string;
  content: DraftContent;
  statements?: readonly StatementDraft[];
  note?: string;
  inForceFrom?: Instant;
  imported?: true;
}

/** Which texts: those that hold a phrase, or those named; with both, those named. */
export interface Sought {
  phrase?: string;
  /** Only where the phrase stands as whole words. */
  words?: boolean;
  references?: readonly Reference[];
}

/** Hiding or erasing what a preview found: the texts are looked for again, and must be the same. */
export type PassagesAsked = {
  sought: Sought;
  /** As the preview gave it. */
  token: string;
} & (Omit<HideTexts, 'references'> | Omit<EraseTexts, 'references'>);

export type Asked = PublishAsked | Exclude<Command, Publish> | PassagesAsked;

export interface Change {
  asked: Asked;
  /** Id or slug; none for a publish. */
  story?: string;
  /** Id of the token. */
  actor: string;
  /** What the token may do: every command is judged by it once more. */
  may(right: Right): boolean;
  /** In whose name: recorded as a text with every event. */
  editor: Editor;
  /** The header. Needed by all but publish, and by no preview. */
  ifMatch?: string;
  idempotencyKey?: string;
  /** What was sent, as JSON: two requests with one key must agree in it. */
  request: unknown;
}

/** A viewer's change: in the name of `editor`, if one is given, else in the token's own. */
export const changeBy = (
  viewer: Viewer,
  asked: Asked,
  more: Pick<Change, 'request'> & Partial<Pick<Change, 'story' | 'editor' | 'ifMatch' | 'idempotencyKey'>>,
): Change => ({
  editor: { id: viewer.actor!, name: viewer.name! },
  ...more,
  asked,
  actor: viewer.actor!,
  may: viewer.may,
});

export interface Changed {
  ok: true;
  story: string;
  slug: string | null;
  /** The version made or changed, or that already said all this; null where it is the story that changed. */
  version: number | null;
  acts: readonly Act[];
  /** Of the version, as is `recordedAt`. */
  inForceFrom: Instant | null;
  recordedAt: Instant | null;
  /** What has an address and is new, if anything. */
  made: 'version' | 'withdrawal' | 'hiding' | null;
  /** Id of the correction issued, or whose notice was amended. */
  correction?: string;
  /** The same of a withdrawal. */
  withdrawal?: string;
  /** The revision of the hiding. */
  hiding?: number;
  erasure?: { revision: number; state: 'complete' | 'pending' };
  revision: number;
  versionInForce: number;
  position: string;
  /** false: nothing would have changed, so nothing was recorded. */
  changed: boolean;
  /** This request was carried out before, and this is what it did. */
  repeated: boolean;
  /** Whether this node's views have it already; if not, they will. */
  visible: boolean;
}

export interface Refusing {
  ok: false;
  refusal: Refusal;
  headers?: Record<string, string>;
}

export type Outcome = Changed | Refusing;

/** What a change would do. Ids in it are made up: those of the change itself will be others. */
export interface Foreseen {
  ok: true;
  /** None where nothing would change. */
  events: readonly Pick<StoryEvent, 'type' | 'data'>[];
  /** As of `Changed`. */
  version: number | null;
  /** Of that version, after the change. */
  inForceFrom?: Instant;
  /**
   * The version it would be built on; of a restoration, what readers have until then, if anything. With `after`, where
   * a version would be made.
   */
  before?: { version: number; content: Content };
  after?: Content;
  /** The versions still to come that it would cancel. */
  supersedes: readonly number[];
  /** The story as readers would find it at once, the version in force 0 for none. */
  readers: { status: StoryStatus; versionInForce: number };
  /** The slug it would have, where one is chosen or changed. */
  slug?: string;
}

export type Preview = Foreseen | Refusing;

/** For the CommandBus: gives an `Outcome`. */
export class ChangeStory extends CommandMessage<Outcome> {
  constructor(readonly change: Change) {
    super();
  }
}

/** For the QueryBus: the same change up to its recording; gives a `Preview`. `If-Match` is judged if it is there. */
export class PreviewChange extends Query<Preview> {
  constructor(readonly change: Change) {
    super();
  }
}
