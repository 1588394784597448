/** The client package alone, doing what the KurrentDB store has to do: two appends and a read, one subscription. */
import { randomUUID } from 'node:crypto';
import { binaryEvent, KurrentDBClient, type ResolvedEvent } from '@kurrent/kurrentdb-client';
import { open } from '../src/event-store/sealing.js';
import type { SealedStory } from './kurrentdb-events.js';

export type Bare = Awaited<ReturnType<typeof bareClient>>;

export async function bareClient(address: string) {
  const client = KurrentDBClient.connectionString(address);
  const filter = {
    filterOn: 'streamName',
    prefixes: ['story-', 'texts-'],
    maxSearchWindow: 500,
    checkpointInterval: 2,
  };
  const subscribe = (after: string) =>
    client.subscribeToAll({
      filter: { ...filter, checkpointReached: async () => {} } as never,
      fromPosition:
        after === '' ? 'start' : { commit: BigInt(`0x${after.slice(0, 16)}`), prepare: BigInt(`0x${after.slice(16)}`) },
    });
  for await (const _ of client.readAll({ maxCount: 1 })) break;

  return {
    async append({ stream, event: { id, record, texts } }: SealedStory): Promise<void> {
      const name = `texts-${randomUUID()}`;
      const header = texts.map(({ name, key, bytes }) => ({
        event: 0,
        name,
        key: Buffer.from(key).toString('base64'),
        length: bytes.length,
      }));
      const said = Buffer.from(JSON.stringify(header));
      const length = Buffer.alloc(4);
      length.writeUInt32BE(said.length);
      const data = Buffer.concat([length, said, ...texts.map(({ bytes }) => bytes)]);
      const edition = binaryEvent({ type: 'texts', data, metadata: { part: 0, parts: 1 } });
      await client.appendToStream(name, [edition], { streamState: 'no_stream' });
      const event = binaryEvent({ id, type: 'record', data: record, metadata: { texts: name, event: 0 } });
      await client.appendToStream(stream, [event], { streamState: 'no_stream' });
      for await (const { event } of client.readStream(stream, { maxCount: 1, requiresLeader: true })) void event;
    },

    /** How many records there are after a position; each with its texts opened and checked. */
    async followAll(after: string): Promise<number> {
      const subscription = subscribe(after);
      const texts = new Map<string, Buffer>();
      let count = 0;
      subscription.on('data', ({ event }: ResolvedEvent) => {
        if (!event) return;
        const bytes = event.data as Uint8Array;
        const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
        if (event.streamId.startsWith('texts-')) return void texts.set(event.streamId, data);
        const name = (event.metadata as { texts: string }).texts;
        const edition = texts.get(name)!;
        texts.delete(name);
        let at = 4 + edition.readUInt32BE();
        const header = JSON.parse(edition.toString('utf8', 4, at)) as { name: string; key: string; length: number }[];
        open(
          {
            stream: event.streamId,
            revision: Number(event.revision),
            position: String(event.position!.commit),
            id: event.id,
            record: data,
            texts: header.map(({ name, key, length }) => {
              at += length;
              return { name, key: Buffer.from(key, 'base64'), bytes: edition.subarray(at - length, at) };
            }),
          },
          () => false,
        );
        count++;
      });
      await new Promise((resolve) => subscription.on('caughtUp', resolve));
      // It comes ahead of what still lies in the buffer.
      while (subscription.readableLength > 0) await new Promise(setImmediate);
      await subscription.unsubscribe();
      return count;
    },

    /** Tells when the first event of a stream comes by, by `performance.now()`. */
    async follow(after: string) {
      const subscription = subscribe(after);
      const waiting = new Map<string, (at: number) => void>();
      subscription.on('data', ({ event }: ResolvedEvent) => {
        waiting.get(event!.streamId)?.(performance.now());
        waiting.delete(event!.streamId);
      });
      await new Promise((resolve) => subscription.on('caughtUp', resolve));
      return {
        of: (stream: string) => new Promise<number>((resolve) => waiting.set(stream, resolve)),
        close: () => subscription.unsubscribe(),
      };
    },

    close: () => client.dispose(),
  };
}
