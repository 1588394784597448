/**
 * Who is asking. Every question and every command has a viewer; without credentials it is a reader. So it is with a token
 * that lacks `read-all`: it may do what it may, and reads what readers read.
 */
import type { Audience } from '../story/visibility.js';
import { type Right, type Role, rightsOf } from './rights.js';

export interface Viewer {
  /** Readers see what is public; staff see everything, marked. */
  audience: Audience;
  /** The random id of the token: what is recorded as actor. */
  actor?: string;
  /** What the token was named. */
  name?: string;
  role?: Role;
  may(right: Right): boolean;
  /** Whether the token may write on behalf of others. */
  onBehalf: boolean;
}

export const readerViewer: Viewer = { audience: 'public', may: () => false, onBehalf: false };

/** The viewer that a token makes. What its role has lost since the token was narrowed, it has lost too. */
export function tokenViewer({ id, name, role, only, onBehalf }: TokenSays): Viewer {
  const may = (right: Right) => rightsOf[role].has(right) && (only?.includes(right) ?? true);
  return { audience: may('read-all') ? 'staff' : 'public', actor: id, name, role, may, onBehalf };
}

type TokenSays = { id: string; name: string; role: Role; only?: readonly Right[]; onBehalf: boolean };
