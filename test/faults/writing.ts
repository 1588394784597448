/** Writers who never give up: each change is asked for, of one node or another, until somebody says that it is recorded. */
import { setTimeout as sleep } from 'node:timers/promises';
import { randomFor } from '../fuzz/random.js';
import type { ServiceNode } from './node.js';

/** A change that was answered for. */
export interface Acknowledged {
  story: string;
  version: number;
  headline: string;
  key: string;
  /** `Palimpsest-Position` of the answer: of the story's last event, which is this change or a later one. */
  position: string;
}

export interface Writing {
  acknowledged: Acknowledged[];
  /** When, in milliseconds of `performance.now()`; in order. */
  times: number[];
  /** Answers and failures that made a writer ask again, by what they were. */
  retried: Map<string, number>;
  /** Answers that no fault explains, and changes that nobody answered for in the end. */
  violations: string[];
  /** Nobody is asked for anything new from here on; resolves when all that was asked for has been answered for. */
  finish(): Promise<void>;
}

export interface WritersOptions {
  nodes: readonly ServiceNode[];
  /** Of an editor, good at every node: so that a key means the same at each. */
  token: string;
  writers: number;
  stories: number;
  seed: number;
  /** Milliseconds between a writer's changes. */
  pause: number;
  /** How long an answer is waited for, and how long a change is asked for after `finish`, in milliseconds. */
  patience: number;
  lastPatience: number;
}

const [firstWait, longestWait] = [50, 1_000];

/** Resolves when all stories are published and the writers are under way. */
export async function startWriters(options: WritersOptions): Promise<Writing & { stories: string[] }> {
  const { nodes, token, writers, seed, pause, patience, lastPatience } = options;
  const run = `faults ${Date.now()} ${seed}`;
  const acknowledged: Acknowledged[] = [];
  const times: number[] = [];
  const retried = new Map<string, number>();
  const violations: string[] = [];
  const finishing = new AbortController();
  let last = Number.POSITIVE_INFINITY;

  /** The answer's body and position once it is recorded; undefined when it never was. */
  async function ask(random: ReturnType<typeof randomFor>, key: string, path: string, body: object) {
    let node = random.pick(nodes);
    for (let wait = firstWait; ; wait = Math.min(wait * 2, longestWait)) {
      const said = await fetch(`${node.url()}/api/stories${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'if-match': '*',
          'idempotency-key': key,
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(patience),
      })
        // biome-ignore lint/suspicious/noExplicitAny: the members are those of docs/api.md.
        .then(async (answer) => ({ answer, json: (await answer.json()) as any }))
        .catch((error: Error) => ({ failed: error.name === 'TimeoutError' ? 'no answer' : 'no connection' }));
      if ('answer' in said) {
        const { answer, json } = said;
        if (answer.status === 201 || answer.status === 200) {
          times.push(performance.now());
          return { json, position: answer.headers.get('palimpsest-position')! };
        }
        if (answer.status !== 503) {
          violations.push(`${answer.status} ${json.code} for ${key}: ${json.detail}`);
          return undefined;
        }
        count(retried, json.code);
      } else count(retried, said.failed);
      if (performance.now() > last) {
        violations.push(`nobody answered for ${key} within ${lastPatience} ms after the last fault`);
        return undefined;
      }
      await sleep(wait * random.fraction());
      node = random.pick(nodes);
    }
  }

  async function publish(index: number): Promise<string> {
    const headline = `Ferry ${index} is late`;
    const body = { text: `The ${index}th ferry to Eyot Island waits at Harrow Bay.` };
    const asked = { slug: `${run} ${index}`.replaceAll(' ', '-'), headline, body };
    const key = `${run} publish ${index}`;
    const said = await ask(randomFor(seed, index), key, '', asked);
    if (!said) throw new Error(violations.at(-1));
    const story = said.json.story.id as string;
    acknowledged.push({ story, version: said.json.version, headline, key, position: said.position });
    return story;
  }

  async function write(writer: number, stories: readonly string[]): Promise<void> {
    const random = randomFor(seed, 1_000_000 + writer);
    for (let change = 0; !finishing.signal.aborted; change++) {
      const story = random.pick(stories);
      const headline = `Ferry is late, writer ${writer} says for the ${change}th time`;
      const key = `${run} ${writer} ${change}`;
      const said = await ask(random, key, `/${story}/versions`, { headline });
      if (said) {
        acknowledged.push({ story, version: said.json.version, headline, key, position: said.position });
      }
      await sleep(pause * 2 * random.fraction());
    }
  }

  const stories: string[] = [];
  const left = Array.from({ length: options.stories }, (_, index) => index).values();
  await Promise.all(
    Array.from({ length: Math.min(8, writers) }, async () => {
      for (const index of left) stories[index] = await publish(index);
    }),
  );
  const writing = Array.from({ length: writers }, (_, writer) => write(writer, stories));
  return {
    stories,
    acknowledged,
    times,
    retried,
    violations,
    async finish() {
      last = performance.now() + lastPatience;
      finishing.abort();
      await Promise.all(writing);
    },
  };
}

export const count = (counts: Map<string, number>, name: string): void =>
  void counts.set(name, (counts.get(name) ?? 0) + 1);
