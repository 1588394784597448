/**
 * Readers who look on all the while: some ask for one story after another, some follow the public stream. None may ever be
 * given a version of a story before an earlier one, and who follows the stream is told of them all.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { randomFor } from '../fuzz/random.js';
import type { ServiceNode } from './node.js';

export interface Watching {
  /** Answers read, and changes told. */
  counts: { read: number; told: number; toldAgain: number; connections: number };
  violations: string[];
  /** Resolves when all who follow the stream have been told of these versions, or `ms` are over, which is a violation. */
  haveAll(last: ReadonlyMap<string, number>, ms: number): Promise<void>;
  stop(): Promise<void>;
}

export interface WatchingOptions {
  nodes: readonly ServiceNode[];
  seed: number;
  /** Of each kind at each node; who follows the stream and takes another node when one fails comes on top. */
  readers: number;
  /** Milliseconds between a reader's questions. */
  pause: number;
  /** How long an answer may take. */
  patience: number;
}

/** `since`: where the followers begin, an RFC 3339 time. */
export function watch(stories: () => readonly string[], since: string, options: WatchingOptions): Watching {
  const { nodes, seed, readers, pause, patience } = options;
  const counts = { read: 0, told: 0, toldAgain: 0, connections: 0 };
  const violations: string[] = [];
  const stopping = new AbortController();
  const { signal } = stopping;
  const followers: { name: string; seen: Map<string, number[]> }[] = [];

  const rest = (ms: number) => sleep(ms, undefined, { signal }).catch(() => {});

  async function poll(name: string, node: ServiceNode, number: number): Promise<void> {
    const random = randomFor(seed, 2_000_000 + number);
    const seen = new Map<string, number>();
    while (!signal.aborted) {
      await rest(pause * 2 * random.fraction());
      if (stories().length === 0) continue;
      const story = random.pick(stories());
      const within = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
      const answer = await fetch(`${node.url()}/api/stories/${story}`, { signal: within }).catch(() => undefined);
      const json = (await answer?.json().catch(() => undefined)) as { version?: number; code?: string } | undefined;
      if (!answer || !json || answer.status === 503) continue;
      const before = seen.get(story);
      // Whoever has never seen it may come too early: the node has not heard of it yet.
      if (answer.status === 404 && before === undefined) continue;
      if (answer.status !== 200) violations.push(`${name} was answered ${answer.status} ${json.code} for ${story}`);
      else if (json.version! < (before ?? 0)) {
        violations.push(`${name} saw version ${json.version} of ${story} after version ${before}`);
      } else seen.set(story, json.version!);
      counts.read++;
    }
  }

  async function follow(name: string, choose: (connection: number) => ServiceNode): Promise<void> {
    const seen = new Map<string, number[]>();
    const ids = new Set<string>();
    followers.push({ name, seen });
    let lastId: string | undefined;
    const take = (id: string, change: Change) => {
      lastId = id;
      if (ids.has(change.id)) return void counts.toldAgain++;
      ids.add(change.id);
      counts.told++;
      if (!change.version) return;
      const { id: story } = change.story;
      const versions = seen.get(story) ?? [];
      seen.set(story, versions);
      const { version } = change.version;
      if (version <= (versions.at(-1) ?? 0)) {
        violations.push(`${name} was told version ${version} of ${story} after version ${versions.at(-1)}`);
      }
      versions.push(version);
    };
    for (let connection = 0; !signal.aborted; connection++) {
      const path = `/api/changes${lastId ? '' : `?after=${encodeURIComponent(since)}`}`;
      const headers = { accept: 'text/event-stream', ...(lastId && { 'last-event-id': lastId }) };
      try {
        const answer = await fetch(`${choose(connection).url()}${path}`, { headers, signal });
        if (answer.status === 200) {
          counts.connections++;
          await readEvents(answer.body!, take);
        } else {
          if (answer.status !== 503) violations.push(`${name} was answered ${answer.status} at ${path}`);
          await answer.body?.cancel();
        }
      } catch {
        // Broken off: it comes back with the last cursor.
      }
      await rest(pause + 200);
    }
  }

  const watching = nodes.flatMap((node, n) =>
    Array.from({ length: readers }, (_, r) => [
      poll(`reader ${r} of ${node.name}`, node, n * readers + r),
      follow(`follower ${r} of ${node.name}`, () => node),
    ]).flat(),
  );
  watching.push(follow('the follower of any node', (connection) => nodes[connection % nodes.length]!));

  return {
    counts,
    violations,
    async haveAll(last, ms) {
      const end = performance.now() + ms;
      for (const { name, seen } of followers) {
        const missing = () => {
          const all = last.entries().flatMap(([story, version]) => {
            const told = new Set(seen.get(story));
            return Array.from({ length: version }, (_, i) => i + 1).flatMap((v) =>
              told.has(v) ? [] : [`version ${v} of ${story}`],
            );
          });
          return [...all];
        };
        while (missing().length > 0 && performance.now() < end) await sleep(200);
        const [first, ...more] = missing();
        if (first)
          violations.push(`${name} was never told of ${first}${more.length ? ` and ${more.length} more` : ''}`);
      }
    },
    async stop() {
      stopping.abort();
      await Promise.all(watching);
    },
  };
}

interface Change {
  id: string;
  story: { id: string };
  version?: { version: number };
}

/** Server-sent events (WHATWG HTML section 9.2), as far as this service sends them: one line of data each. */
async function readEvents(body: ReadableStream<Uint8Array>, take: (id: string, change: Change) => void): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of body) {
    text += decoder.decode(piece, { stream: true });
    const events = text.split('\n\n');
    text = events.pop()!;
    for (const event of events) {
      const id = /^id: ?(.*)$/m.exec(event)?.[1];
      const data = /^data: ?(.*)$/m.exec(event)?.[1];
      if (id !== undefined && data !== undefined) take(id, JSON.parse(data));
    }
  }
}
