/**
 * Takes texts out of their streams: what is left goes behind as a new edition, then everything older is truncated. So the
 * words are gone from every read at once, and from the files with the next scavenge, which keeps a stream's last event
 * whatever it is. What is truncated is listed first, so that nobody takes it from the log, and scavenges can be checked.
 */
import { type EventData, jsonEvent } from '@kurrent/kurrentdb-client';
import { WrongExpectedRevision } from '../port.js';
import type { Cluster, Recorded } from './cluster.js';
import { inParallel, placeOf, positionOf, type Reading, recordPrefix } from './reading.js';
import { type Entry, editionOf, lastEdition, textPlaceOf, textPrefix } from './texts.js';

interface Text {
  revision: number;
  name: string;
}

/** Which text streams were rewritten, and where in the log their older editions lay. */
const rewrittenStream = 'palimpsest-rewritten-texts';
interface Rewritten {
  texts: string;
  positions: string[];
}
/** Up to where text streams have been looked at for ones that no record names. */
const sweptStream = 'palimpsest-swept';
/** Text streams that no record names are left alone this long, in milliseconds: their record may be on its way. */
export const grace = 60 * 60 * 1000;

/** Events of one long read; sweeping reads all of the log once. */
const longRead = 2_000;

export function erasingFrom(cluster: Cluster, reading: Reading) {
  const rewritten = new Map<string, string[]>();
  let nextRewritten = 0;

  /** By text stream, the positions of what was truncated. */
  async function readRewritten(): Promise<ReadonlyMap<string, string[]>> {
    for await (const events of reading.pagesOf(rewrittenStream, nextRewritten)) {
      for (const { data } of events) {
        const { texts, positions } = data as unknown as Rewritten;
        rewritten.set(texts, [...(rewritten.get(texts) ?? []), ...positions]);
      }
      nextRewritten = Number(events.at(-1)!.revision) + 1;
    }
    return rewritten;
  }

  /** Where these texts lie: by text stream, each with its event there. */
  async function find<T extends Text>(stream: string, texts: readonly T[]) {
    const found = new Map<string, { event: number; text: T }[]>();
    const byRevision = Map.groupBy(texts, ({ revision }) => revision);
    for (const [revision, asked] of byRevision) {
      const [record] = revision < 0 ? [] : await reading.ofStream(stream, revision, 1);
      const place = record && Number(record.revision) === revision ? textPlaceOf(record) : undefined;
      if (!place) continue;
      const there = found.get(place.texts) ?? [];
      found.set(place.texts, [...there, ...asked.map((text) => ({ event: place.event, text }))]);
    }
    return found;
  }

  const note = (stream: string, events: readonly Recorded[]) =>
    cluster.append(rewrittenStream, 'any', [
      jsonEvent({ type: 'texts-rewritten', data: { texts: stream, positions: events.map(positionOf) } }),
    ]);

  /**
   * Leaves of a text stream only what `stays`; says whether that is less. `before`: done first where it is. Idempotent,
   * and resumed where it was broken off.
   */
  async function rewrite(
    stream: string,
    stays: (entry: Entry) => boolean,
    before: typeof note = async () => {},
  ): Promise<boolean> {
    for (;;) {
      const events = await reading.wholeStream(stream);
      if (events.length === 0) return false;
      const edition = lastEdition(events);
      const left = edition?.entries.filter(stays) ?? [];
      if (edition && left.length === edition.entries.length) {
        await truncate(stream, edition.revision, Number(events[0]!.revision));
        return false;
      }
      await before(stream, events);
      let last = Number(events.at(-1)!.revision);
      const first = last + 1;
      try {
        for (const part of editionOf(left)) await cluster.append(stream, last++, [part]);
      } catch (error) {
        if (error instanceof WrongExpectedRevision) continue; // another node erases here too
        throw error;
      }
      await truncate(stream, first, Number(events[0]!.revision));
      return true;
    }
  }

  /** Never back: another node may have truncated further. `first`: the oldest revision that is still to be read. */
  async function truncate(stream: string, before: number, first: number): Promise<void> {
    while (first < before) {
      const last = await reading.lastOf(`$$${stream}`);
      const metadata = (last?.data ?? {}) as { $tb?: number };
      if ((metadata.$tb ?? 0) >= before) return;
      const event = jsonEvent({ type: '$metadata', data: { ...metadata, $tb: before } }) as EventData;
      try {
        return await cluster.append(`$$${stream}`, last ? Number(last.revision) : -1, [event]);
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
      }
    }
  }

  const lies = (entries: readonly Entry[], event: number, name: string) =>
    entries.some((entry) => entry.event === event && entry.text.name === name);

  return {
    async erase(stream: string, texts: readonly Text[]): Promise<void> {
      for (const [named, gone] of await find(stream, texts)) {
        await rewrite(
          named,
          (entry) => !gone.some(({ event, text }) => event === entry.event && text.name === entry.text.name),
          note,
        );
      }
    },
    async remaining<T extends Text>(stream: string, texts: readonly T[]): Promise<T[]> {
      const there = new Set<T>();
      for (const [named, asked] of await find(stream, texts)) {
        const entries = await reading.textsIn(named);
        for (const { event, text } of asked) if (lies(entries, event, text.name)) there.add(text);
      }
      return texts.filter((text) => there.has(text));
    },
    async lingering<T extends Text>(stream: string, texts: readonly T[]): Promise<T[]> {
      const listed = await readRewritten();
      const there = new Set<T>();
      for (const [named, asked] of await find(stream, texts)) {
        for (const position of listed.get(named) ?? []) {
          const [event] = await reading.ofLog(placeOf(position), 1);
          if (event?.streamId !== named || positionOf(event) !== position) continue;
          for (const { text } of asked) there.add(text);
          break;
        }
      }
      return texts.filter((text) => there.has(text));
    },
    /** Text streams that are no longer as they were first written. */
    rewritten: async (): Promise<ReadonlySet<string>> => new Set((await readRewritten()).keys()),
    /** Empties the text streams that no record names and says how many. `now`: milliseconds since 1970. */
    async sweep(now: number): Promise<number> {
      const started = (await reading.lastOf(sweptStream))?.data as { position: string } | undefined;
      let position = started?.position ?? '';
      const unnamed = new Map<string, Recorded>();
      for (let full = true; full; ) {
        const prefixes = [recordPrefix, textPrefix];
        const events = await reading.ofLog(placeOf(position), longRead, { prefixes });
        full = events.length === longRead;
        for (const event of events) {
          if (event.streamId.startsWith(recordPrefix)) unnamed.delete(textPlaceOf(event)?.texts ?? '');
          // What lies further back in a text stream was put there for a record of long ago.
          else if (event.revision === 0n) unnamed.set(event.streamId, event);
        }
        position = events.length > 0 ? positionOf(events.at(-1)!) : position;
      }
      const isOld = ({ created }: Recorded) => created.getTime() < now - grace;
      const [orphans, young] = [
        [...unnamed.values()].filter(isOld),
        [...unnamed.values()].filter((one) => !isOld(one)),
      ];
      let emptied = 0;
      await inParallel(orphans, async ({ streamId }) => {
        if (await rewrite(streamId, () => false)) emptied++;
      });
      const next = young.length > 0 ? positionOf(young[0]!) : position;
      if (next !== (started?.position ?? '')) {
        await cluster.append(sweptStream, 'any', [jsonEvent({ type: 'swept', data: { position: next } })]);
      }
      return emptied;
    },
  };
}
