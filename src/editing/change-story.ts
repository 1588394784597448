/** The one command of the write path: something is to happen to a story. Verbs differ only in what they ask for. */
import type { DraftContent } from '../content/types.js';
import type { Cancel, NewVersion, StatementDraft } from '../story/commands.js';
import type { Act, Editor } from '../story/events.js';
import type { Instant } from '../story/instant.js';
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

export type Asked = PublishAsked | NewVersion | Cancel;

export interface Change {
  asked: Asked;
  /** Id or slug; none for a publish. */
  story?: string;
  /** Id of the token. */
  actor: string;
  /** In whose name: recorded as a text with every event. */
  editor: Editor;
  /** The header. Needed by all but publish. */
  ifMatch?: string;
  idempotencyKey?: string;
  /** What was sent, as JSON: two requests with one key must agree in it. */
  request: unknown;
}

export interface Changed {
  ok: true;
  story: string;
  slug: string | null;
  /** The version made, or that already said all this; the one cancelled. */
  version: number;
  acts: readonly Act[];
  inForceFrom: Instant;
  /** Of the version. */
  recordedAt: Instant;
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

export type Outcome = Changed | { ok: false; refusal: Refusal; headers?: Record<string, string> };

export class ChangeStory {
  constructor(readonly change: Change) {}
}
