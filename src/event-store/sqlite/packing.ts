/**
 * How records and texts lie in the files: short ones as they are, longer ones deflated (RFC 1951), each by itself, so that
 * with one's bytes all of it is gone. The first byte tells: what is packed is JSON, which begins with neither tag.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { dictionary } from './dictionary.js';

const [asItIs, deflated] = [0, 1];

/** Of shorter ones little would be saved, for some 10 µs whenever one is read. */
const shortest = { text: 128, record: 1000 };
/** Bytes: far above any text or record there is; so that no damaged or hostile file takes all memory when it is unpacked. */
const longest = 16 * 1024 * 1024;
const options = { level: 6, dictionary, chunkSize: 4096, maxOutputLength: longest };

/** What is given keeps its bytes: `unpack` gives them back. */
export function pack(bytes: Uint8Array, kind: keyof typeof shortest): Uint8Array {
  if (bytes.length >= shortest[kind] && bytes.length <= longest) {
    const packed = deflateRawSync(bytes, options);
    if (packed.length < bytes.length - 1) return tagged(deflated, packed);
  }
  return bytes.length > 0 && bytes[0]! <= deflated ? tagged(asItIs, bytes) : bytes;
}

/** Damage is not told here: what can't be unpacked is given as it lies there, and is found not to be what was sealed. */
export function unpack(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === asItIs) return bytes.subarray(1);
  if (bytes[0] !== deflated) return bytes;
  try {
    return inflateRawSync(bytes.subarray(1), options);
  } catch {
    return bytes;
  }
}

function tagged(tag: number, bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(bytes.length + 1);
  whole[0] = tag;
  whole.set(bytes, 1);
  return whole;
}
