import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hmacSha256 } from './hash.js';

test('our HMAC is Node’s HMAC, for keys and messages of any length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 130 }), fc.array(fc.uint8Array({ maxLength: 200 })), (key, parts) => {
      const theirs = createHmac('sha256', key).update(Buffer.concat(parts)).digest('base64url');
      expect(hmacSha256(key, ...parts)).toBe(theirs);
    }),
    { seed: 20260322, numRuns: 300 },
  );
});
