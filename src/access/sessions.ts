/**
 * Sessions of browsers: a signed cookie that names a token and an end, nothing kept. Each request looks the token up
 * again, so revoking it ends its sessions. Every node with the same access folder signs with the same key.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stampOf, writePrivately } from './private-file.js';

/** How long a session lasts, in milliseconds. */
export const sessionLength = 12 * 60 * 60 * 1000;

export interface Sessions {
  /** The cookie's value for a session of this token, from now. */
  begin(tokenId: string): string;
  /** The token that a cookie's value names, if it is ours and has not ended. */
  tokenOf(cookie: string): string | undefined;
}

/** Sessions under the key in the access folder, which is made when missing. */
export function openSessions(folder: string, clock: () => number = Date.now): Sessions {
  const key = keyIn(folder);
  const sign = (claim: string) => createHmac('sha256', key()).update(`palimpsest/session/1\0${claim}`).digest();
  return {
    begin(tokenId) {
      const claim = `${tokenId}.${clock() + sessionLength}`;
      return `${claim}.${sign(claim).toString('base64url')}`;
    },
    tokenOf(cookie) {
      const [tokenId = '', end = '', signature = '', ...more] = cookie.split('.');
      const given = Buffer.from(signature, 'base64url');
      const right = sign(`${tokenId}.${end}`);
      if (more.length || given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
      return Number(end) > clock() ? tokenId : undefined;
    },
  };
}

/** Read again when it has changed: of two nodes that make it at once, the later one's is everybody's. */
function keyIn(folder: string): () => Buffer {
  const file = join(folder, 'session.key');
  let read: { stamp: string; key: Buffer } = { stamp: '', key: Buffer.alloc(0) };
  const key = () => {
    if (stampOf(file) === '') {
      mkdirSync(folder, { recursive: true });
      writePrivately(file, `${randomBytes(32).toString('base64url')}\n`);
    }
    const stamp = stampOf(file);
    if (stamp !== read.stamp) read = { stamp, key: sessionKey(file) };
    return read.key;
  };
  key(); // what is wrong with it is told at the start
  return key;
}

function sessionKey(file: string): Buffer {
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url');
  if (key.length === 32) return key;
  throw new Error(`${file} is not a session key; delete it and everybody signs in again`);
}
