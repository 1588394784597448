/**
 * Everything that can happen to a story. An event is facts, kept for ever (`data`), and texts, everything a person typed
 * (`texts`), which can be erased. Nothing typed may stand in `data`.
 */
import type { BlockText, FieldName, Fields } from '../content/types.js';
import type { Instant } from './instant.js';

/** A text by where it was written: the revision of its event and its name there. */
export type Reference = readonly [revision: number, name: string];

/**
 * A version, complete in itself: for each field the revision whose event wrote its present text, the body as block keys
 * with the revision that wrote each, and the statements with the revision that names the speaker and their blocks.
 */
export interface Manifest {
  fields: { [F in FieldName]?: number };
  body: readonly (readonly [key: string, revision: number])[];
  statements?: readonly StatementReference[];
}

/** A statement in a version: `organisation` if one was given beside the speaker. */
export interface StatementReference {
  id: string;
  revision: number;
  organisation?: true;
  blocks: readonly string[];
}

export const significances = ['major', 'minor'] as const;
export type Significance = (typeof significances)[number];
export const correctionKinds = ['correction', 'clarification', 'editors-note'] as const;
export type CorrectionKind = (typeof correctionKinds)[number];
export const withdrawalKinds = ['unpublished', 'retracted', 'killed', 'takedown'] as const;
export type WithdrawalKind = (typeof withdrawalKinds)[number];
/** On whose order words were erased. */
export const erasureAuthorities = ['court-order', 'legal-advice', 'data-protection', 'safety', 'publisher'] as const;
export type ErasureAuthority = (typeof erasureAuthorities)[number];

/** On whose behalf. The actor (a token) is a fact; the editor's name is a text. */
export interface Editor {
  id: string;
  name: string;
}

/** Names of block texts. */
export type BlockTextName = `body/${string}`;

/** Texts of content: one a field, one a block. */
export type ContentTexts = { [F in FieldName]?: Fields[F] } & { [name: BlockTextName]: BlockText };

/** Texts that any event may have. `request` is the fingerprint by which a repeated command is told from another. */
export interface CommonTexts {
  editor?: Editor;
  request?: string;
}

interface Shape<Type extends string, Data, Texts = unknown> {
  type: Type;
  data: Data;
  texts: Texts & CommonTexts;
}

/** What every event that makes a version says. Several events of one command share a number; the last one's manifest is it. */
export interface VersionFacts {
  version: number;
  inForceFrom: Instant;
  manifest: Manifest;
  /** Extends the story's history from records kept elsewhere; its time may lie in the past. */
  imported?: true;
}

export type StoryPublished = Shape<'StoryPublished', VersionFacts, ContentTexts & { slug: string; note?: string }>;
export type StoryUpdated = Shape<
  'StoryUpdated',
  VersionFacts & { base: number; significance: Significance },
  ContentTexts & { note?: string }
>;
export type StatementAdded = Shape<
  'StatementAdded',
  VersionFacts & { base: number | null; statement: string; blocks: readonly string[] },
  ContentTexts & { speaker: string; organisation?: string; note?: string }
>;
export type CorrectionIssued = Shape<
  'CorrectionIssued',
  VersionFacts & { base: number; correction: string; kind: CorrectionKind; corrects: readonly number[] },
  ContentTexts & { notice: string; note?: string }
>;
export type VersionRestored = Shape<'VersionRestored', VersionFacts & { restored: number }, { note?: string }>;
export type VersionCancelled = Shape<
  'VersionCancelled',
  { version: number; supersededBy?: number },
  { reason?: string }
>;
export type StoryWithdrawn = Shape<
  'StoryWithdrawn',
  { withdrawal: string; kind: WithdrawalKind; at: Instant; imported?: true },
  { notice?: string; reason?: string }
>;
export type StoryReinstated = Shape<'StoryReinstated', { at: Instant; imported?: true }, { note?: string }>;
export type NoticeAmended = Shape<
  'NoticeAmended',
  { correction: string; withdrawal?: undefined } | { withdrawal: string; correction?: undefined },
  { notice?: string }
>;
export type ChangeNoteAmended = Shape<'ChangeNoteAmended', { version: number }, { note?: string }>;
export type VersionTimeCorrected = Shape<
  'VersionTimeCorrected',
  { version: number; inForceFrom: Instant },
  { reason?: string }
>;
export type VersionReclassified = Shape<
  'VersionReclassified',
  { version: number; significance: Significance },
  { reason?: string }
>;
export type VersionLabelled = Shape<'VersionLabelled', { version: number }, { labels: string[] }>;
export type SlugChanged = Shape<'SlugChanged', Record<never, never>, { slug: string }>;
export type VersionHidden = Shape<'VersionHidden', { version: number }, { reason?: string }>;
export type VersionShown = Shape<'VersionShown', { version: number }, { reason?: string }>;
export type TextsHidden = Shape<'TextsHidden', { references: readonly Reference[] }, { reason?: string }>;
export type TextsShown = Shape<'TextsShown', { references: readonly Reference[] }, { reason?: string }>;
export type TextsErased = Shape<
  'TextsErased',
  /** `ledger`: ordered in a log since lost, and again here from its ledger: SHA-256 (hex) of the record of that order. */
  { references: readonly Reference[]; authority: ErasureAuthority; ledger?: string },
  { reason?: string }
>;

export type VersionEvent = StoryPublished | StoryUpdated | StatementAdded | CorrectionIssued | VersionRestored;
export type StoryEvent =
  | VersionEvent
  | VersionCancelled
  | StoryWithdrawn
  | StoryReinstated
  | NoticeAmended
  | ChangeNoteAmended
  | VersionTimeCorrected
  | VersionReclassified
  | VersionLabelled
  | SlugChanged
  | VersionHidden
  | VersionShown
  | TextsHidden
  | TextsShown
  | TextsErased;
export type EventType = StoryEvent['type'];
/** The acts by which a version comes to be. */
export type Act = VersionEvent['type'];

/** The state of one text on reading. `value` is there when `state` is `verified`; everything else reads as `null`. */
export type TextState = 'verified' | 'erased' | 'erasure-pending' | 'missing';

/** Set once per command and the same in all its events, but for the event's id. */
export interface Metadata {
  /** UUIDv5 of the command id and the event's index in the command. */
  eventId: string;
  commandId: string;
  /** Ours, random: which token, never who. */
  actor: string;
  recordedAt: Instant;
  /** Of the request that asked for it, if one did: a UUID or hexadecimal digits, which mean nothing to anybody else. */
  correlationId?: string;
  /** Of the whole event's shape; upcasters bring older ones up. */
  schemaVersion: number;
}

/** An event as its record alone tells it, texts unread: all that folding needs. `textNames` are those it was written with. */
export type RecordedFacts<E extends StoryEvent = StoryEvent> = E extends StoryEvent
  ? { type: E['type']; data: E['data']; revision: number; metadata: Metadata; textNames: readonly string[] }
  : never;

/** An event as read from the log, its texts opened: `null` for a text that is absent. */
export interface Opened {
  story: string;
  revision: number;
  /** Its place in the whole log, opaque and increasing. */
  position: string;
  /** SHA-256 of its record, hex: what the story's next record names as `previous`. */
  hash: string;
  type: EventType;
  data: StoryEvent['data'];
  metadata: Metadata;
  texts: { [name: string]: unknown };
  textStates: { [name: string]: TextState };
}

/** What an opened event's record alone tells. */
export const factsOfOpened = ({ type, data, revision, metadata, textStates }: Opened): RecordedFacts =>
  ({ type, data, revision, metadata, textNames: Object.keys(textStates) }) as RecordedFacts;

export const isVersionEvent = (event: { type: EventType }): event is VersionEvent => acts.has(event.type as Act);
export const acts: ReadonlySet<Act> = new Set([
  'StoryPublished',
  'StoryUpdated',
  'StatementAdded',
  'CorrectionIssued',
  'VersionRestored',
]);
