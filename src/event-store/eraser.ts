/** What rooms that order words erased may ask of the one that removes them (audit/erasure.ts), and the token to inject it by. */
import type { Reference } from '../story/events.js';

/** `complete`: no byte of the words is left in any file of this node. Whichever it is, no one is given them. */
export type ErasureState = 'complete' | 'pending';

/** A `TextsErased` of the log whose words may still lie in some file. */
export interface PendingErasure {
  story: string;
  revision: number;
  references: readonly Reference[];
}

export interface Eraser {
  /** Of the `TextsErased` at this revision; `pending` also while the views have not met it. */
  stateOf(story: string, revision: number): Promise<ErasureState>;
  pending(): PendingErasure[];
  /** Waits at most `patience` milliseconds for it to be complete; says how it stands then. */
  settle(story: string, revision: number, patience: number): Promise<ErasureState>;
}

export const ERASER = Symbol('eraser');
