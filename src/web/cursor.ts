/** Opaque cursors for lists: base64url of a kind and a value, so that one list's cursor is not taken by another. */
import { Refused } from './problem.js';

const longest = 2000;

export const encodeCursor = (kind: string, value: unknown): string =>
  Buffer.from(JSON.stringify([kind, value])).toString('base64url');

/** Throws Refused `bad-cursor` for what `encodeCursor` did not make for this kind, or what `check` does not hold for. */
export function decodeCursor<T>(kind: string, cursor: string, check: (value: unknown) => value is T): T {
  try {
    if (cursor.length <= longest && /^[A-Za-z0-9_-]+$/.test(cursor)) {
      const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
      if (Array.isArray(read) && read.length === 2 && read[0] === kind && check(read[1])) return read[1];
    }
  } catch {
    // not JSON: answered below
  }
  throw new Refused({
    code: 'bad-cursor',
    detail: 'This cursor was not given by this list. Start again without one.',
    faults: [{ parameter: 'cursor', code: 'bad-cursor', detail: 'is not one of this list' }],
  });
}
