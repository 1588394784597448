/** What lies in the cluster, read in bounded pages: records, their texts, positions. */
import type { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { beginning, type StoredEvent, type StoredRecord } from '../port.js';
import type { Cluster, Recorded } from './cluster.js';
import { type Entry, lastEdition, textPlaceOf, textsOf } from './texts.js';

/** Of the streams that hold records; everything else in the cluster is passed over. */
export const recordPrefix = 'story-';

/** Events fetched at a time. */
export const page = 256;
/** Text streams taken up at once. */
const atOnce = 16;

const hex = (number: bigint) => number.toString(16).padStart(16, '0');
/** Commit and prepare position, of a fixed width so that they sort as strings. */
export const positionOf = ({ position }: Recorded): string => hex(position.commit) + hex(position.prepare);
export function placeOf(position: string): 'start' | { commit: bigint; prepare: bigint } {
  if (position === beginning) return 'start';
  if (!/^[0-9a-f]{32}$/.test(position)) throw new RangeError(`"${position}" is not a position of this store`);
  return { commit: BigInt(`0x${position.slice(0, 16)}`), prepare: BigInt(`0x${position.slice(16)}`) };
}

export const recordOf = (event: Recorded): StoredRecord => ({
  stream: event.streamId,
  revision: Number(event.revision),
  position: positionOf(event),
  id: event.id,
  record: event.data,
});

export type Reading = ReturnType<typeof readingFrom>;

export function readingFrom(cluster: Cluster) {
  const ofStream = (stream: string, from: number, maxCount: number) =>
    cluster.read((client) => client.readStream(stream, { fromRevision: BigInt(from), maxCount, requiresLeader: true }));

  type Direction = 'forwards' | 'backwards';
  const ofLog = (
    fromPosition: NonNullable<Parameters<KurrentDBClient['readAll']>[0]>['fromPosition'],
    maxCount: number,
    { direction = 'forwards', prefixes }: { direction?: Direction; prefixes?: string[] } = {},
  ) =>
    cluster.read((client) =>
      client.readAll({
        fromPosition,
        maxCount,
        direction,
        requiresLeader: true,
        ...(prefixes && { filter: { filterOn: 'streamName', prefixes } as never }),
      }),
    );

  async function* pagesOf(stream: string, from: number): AsyncIterable<Recorded[]> {
    for (let next = from; ; ) {
      const events = await ofStream(stream, next, page);
      if (events.length > 0) yield events;
      if (events.length < page) return;
      next = Number(events.at(-1)!.revision) + 1;
    }
  }

  /** All that may be read of a stream, oldest first. */
  async function wholeStream(stream: string): Promise<Recorded[]> {
    const events: Recorded[] = [];
    for await (const some of pagesOf(stream, 0)) events.push(...some);
    return events;
  }

  async function lastOf(stream: string): Promise<Recorded | undefined> {
    const [last] = await cluster.read((client) =>
      client.readStream(stream, { fromRevision: 'end', direction: 'backwards', maxCount: 1, requiresLeader: true }),
    );
    return last;
  }

  const textsIn = async (stream: string): Promise<Entry[]> => lastEdition(await wholeStream(stream))?.entries ?? [];

  /** `known`: texts that came by already, by stream. */
  async function withTexts(events: readonly Recorded[], known?: (stream: string) => Entry[] | undefined) {
    const places = events.map(textPlaceOf);
    const read = new Map<string, Entry[]>();
    const wanted = [...new Set(places.flatMap((place) => (place ? [place.texts] : [])))];
    await inParallel(wanted, async (stream) => void read.set(stream, known?.(stream) ?? (await textsIn(stream))));
    return events.map((event, index): StoredEvent => {
      const place = places[index];
      return { ...recordOf(event), texts: place ? textsOf(read.get(place.texts)!, place.event) : [] };
    });
  }

  return { ofStream, ofLog, pagesOf, wholeStream, lastOf, textsIn, withTexts };
}

export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  await Promise.all(
    Array.from({ length: Math.min(atOnce, items.length) }, async () => {
      for (const item of left) await work(item);
    }),
  );
}
