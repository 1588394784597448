/**
 * Messages with bytes behind them, through a pipe between two processes: lengths of both (32 bits each, big-endian), the
 * message as V8 serialises it, the bytes. A channel of Node's own would hold some megabytes three times, and the thread
 * that receives them for as long as that takes.
 */
import type { Readable, Writable } from 'node:stream';
import { deserialize, serialize } from 'node:v8';

export function send(pipe: Writable, message: unknown, bytes: readonly Uint8Array[] = []): void {
  const head = serialize(message);
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(head.length, 0);
  lengths.writeUInt32BE(lengthOf(bytes), 4);
  pipe.write(Buffer.concat([lengths, head]));
  for (const chunk of bytes) pipe.write(chunk);
}

/** `take` has the bytes in the chunks in which they came, not copied. Both ends are ours: what came is not doubted. */
export function receiving<T>(pipe: Readable, take: (message: T, bytes: Uint8Array[]) => void): void {
  let chunks: Buffer[] = [];
  let held = 0;
  let lengths: [head: number, bytes: number] | undefined;

  function taken(length: number): Buffer[] {
    held -= length;
    const some: Buffer[] = [];
    let [index, left] = [0, length];
    for (; left > 0; index++) {
      const chunk = chunks[index]!;
      some.push(chunk.subarray(0, left));
      left -= chunk.length;
    }
    // Of the last one there may be a rest.
    chunks = left < 0 ? [chunks[index - 1]!.subarray(left), ...chunks.slice(index)] : chunks.slice(index);
    return some;
  }

  pipe.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    held += chunk.length;
    for (;;) {
      if (!lengths) {
        if (held < 8) return;
        const both = Buffer.concat(taken(8));
        lengths = [both.readUInt32BE(0), both.readUInt32BE(4)];
      }
      const [head, bytes] = lengths;
      if (held < head + bytes) return;
      lengths = undefined;
      take(deserialize(Buffer.concat(taken(head))) as T, taken(bytes));
    }
  });
}

const lengthOf = (chunks: readonly Uint8Array[]) => chunks.reduce((sum, { length }) => sum + length, 0);
