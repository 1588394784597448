/** Who is asking. Every question and every command has a viewer; without credentials it is a reader. */
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

/** The viewer that a token makes. */
export function staffViewer(token: { id: string; name: string; role: Role; onBehalf: boolean }): Viewer {
  const rights = rightsOf[token.role];
  return {
    audience: 'staff',
    actor: token.id,
    name: token.name,
    role: token.role,
    may: (right) => rights.has(right),
    onBehalf: token.onBehalf,
  };
}
