/** Where a long answer goes: standard output, or a file for its owner only that is there whole or not at all. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { open, rename, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { Stop } from './outcome.js';

export interface Output {
  write(text: string | Uint8Array): Promise<void>;
  /** On disk, in its place, when it returns. */
  finish(): Promise<void>;
  /** Leaves no file behind. */
  abandon(): Promise<void>;
}

/** Small writes are put together, in characters. */
const portion = 256 * 1024;

export const writeTo = async (stream: Writable, text: string | Uint8Array): Promise<void> => {
  if (!stream.write(text)) await once(stream, 'drain');
};

/** `path`: a file, which is replaced; standard output without. Throws Stop `usage` where none can be made. */
export async function openOutput(path: string | undefined): Promise<Output> {
  if (path === undefined)
    return { write: (text) => writeTo(process.stdout, text), async finish() {}, async abandon() {} };
  const draft = `${path}.${randomUUID()}`;
  const file = await open(draft, 'wx', 0o600).catch((error: Error) => {
    throw new Stop('usage', `cannot write ${path}: ${error.message}`);
  });
  let waiting: (string | Uint8Array)[] = [];
  let length = 0;
  const flush = async () => {
    const bytes = Buffer.concat(waiting.map((text) => (typeof text === 'string' ? Buffer.from(text) : text)));
    waiting = [];
    length = 0;
    await file.writeFile(bytes);
  };
  return {
    async write(text) {
      waiting.push(text);
      length += text.length;
      if (length > portion) await flush();
    },
    async finish() {
      await flush();
      await file.sync();
      await file.close();
      await rename(draft, path);
    },
    async abandon() {
      await file.close().catch(() => {});
      await rm(draft, { force: true });
    },
  };
}
