/** Two nodes of the service on one cluster, writers and readers at both, one fault after another; then everything is checked. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Tokens } from '../../src/access/tokens.js';
import { check } from './checking.js';
import { type Cluster, tended, untilWhole } from './cluster.js';
import { type Circumstances, type Fault, faults, started } from './faults.js';
import { serviceNode } from './node.js';
import { watch } from './watching.js';
import { startWriters } from './writing.js';

/** Times in milliseconds. */
export interface RunOptions {
  cluster: Cluster;
  /** How long faults go on, the last one is ended; or how often all of them happen. */
  until: { ms: number } | { rounds: number };
  writers: number;
  stories: number;
  /** Of each kind at each node. */
  readers: number;
  /** Between a writer's changes, and between a reader's questions. */
  writersPause: number;
  readersPause: number;
  /** How long a server is away, how long one is frozen, how long a clock is wrong, how long all is well between faults. */
  outage: number;
  frozen: number;
  wrong: number;
  between: number;
  seed: number;
  /** Names of faults, in the order in which they are to happen, over and over. */
  order?: readonly string[];
  say?(line: string): void;
}

export interface Report {
  acknowledged: number;
  /** Answers that made a writer ask again, by code. */
  retried: Map<string, number>;
  reading: { read: number; told: number; toldAgain: number; connections: number };
  /** By fault: how often, and the longest time in which nobody was answered for a write, in milliseconds. */
  faults: Map<string, { times: number; longest: number }>;
  /** The same over all. */
  longest: number;
  /** From the first write to the last. */
  took: number;
  events: number;
  rows: Record<string, number>;
  violations: string[];
  /** Where the nodes' folders are kept, because something is wrong. */
  kept?: string;
}

/** How long a writer waits for an answer before it asks elsewhere, and all others at the end, in milliseconds. */
const [patience, lastPatience] = [15_000, 120_000];

export async function run(options: RunOptions): Promise<Report> {
  const { seed, until, between, say = () => {} } = options;
  const cluster = tended(options.cluster);
  const folder = await mkdtemp(join(tmpdir(), 'palimpsest-faults-'));
  const settings = { PALIMPSEST_STORE: cluster.address, PALIMPSEST_ACCESS: join(folder, 'access') };
  const nodes = ['one', 'two'].map((name) => serviceNode(`node ${name}`, join(folder, name), settings));
  const tokens = new Tokens(settings.PALIMPSEST_ACCESS);
  tokens.firstStart();
  const token = tokens.firstStartSecrets().standards!;
  const actor = tokens.find(token)!.id;
  const circumstances: Circumstances = { ...options, cluster, nodes, token };

  const violations: string[] = [];
  const happened = new Map<string, { times: number; longest: number }>();
  const since = new Date(Date.now() - 60_000).toISOString();
  await Promise.all(nodes.map((node) => started(node)));
  let stories: readonly string[] = [];
  const { readers, readersPause, writersPause } = options;
  const watching = watch(() => stories, since, { nodes, seed, readers, pause: readersPause, patience });
  let isWhole = false;
  try {
    const writing = await startWriters({ ...options, nodes, token, pause: writersPause, patience, lastPatience });
    stories = writing.stories;
    const begun = performance.now();
    const { times } = writing;
    const longestFrom = (from: number, to: number) => {
      const within = [from, ...times.filter((time) => time > from && time < to), to];
      return Math.max(...within.map((time, index) => time - (within[index - 1] ?? time)));
    };
    const befalls = async (fault: Fault, isWriting: boolean) => {
      const from = performance.now();
      try {
        await fault.run(circumstances);
      } catch (error) {
        violations.push(`${fault.name}: ${(error as Error).message}`);
      }
      for (const node of nodes) if (!node.isUp()) await started(node);
      const undone = performance.now();
      const isSilent = () => (times.at(-1) ?? 0) < undone && performance.now() < undone + lastPatience;
      while (isWriting && isSilent()) await sleep(20);
      await untilWhole(cluster).catch((error: Error) => violations.push(error.message));
      const longest = isWriting ? longestFrom(from, performance.now()) : 0;
      const known = happened.get(fault.name) ?? { times: 0, longest: 0 };
      happened.set(fault.name, { times: known.times + 1, longest: Math.max(known.longest, longest) });
      say(
        `${seconds(from - begun)} ${fault.name}: at most ${seconds(longest)} without a write; ${times.length} so far`,
      );
    };
    const { order, last: afterwards } = orderOf(circumstances, options.order);
    const isOver = (turn: number) =>
      'ms' in until ? performance.now() > begun + until.ms : turn >= until.rounds * order.length;
    for (let turn = 0; order.length > 0 && !isOver(turn); turn++) {
      await befalls(order[turn % order.length]!, true);
      await sleep(between);
    }
    await writing.finish();
    const ended = performance.now();
    for (const fault of afterwards) await befalls(fault, false);
    const { acknowledged, retried } = writing;
    const last = new Map<string, number>();
    for (const { story, version } of acknowledged) last.set(story, Math.max(version, last.get(story) ?? 0));
    say(`${acknowledged.length} writes acknowledged; now everything is checked`);
    const {
      events,
      rows,
      violations: wrong,
    } = await check({ address: cluster.address, nodes, acknowledged, actor, seed });
    await watching.haveAll(last, 60_000);
    violations.push(...wrong, ...writing.violations, ...watching.violations);
    for (const node of nodes)
      if (node.crashes()) violations.push(`${node.name} ended by itself ${node.crashes()} times`);
    isWhole = violations.length === 0;
    if (!isWhole) for (const { name, logged } of nodes) for (const line of logged.slice(-20)) say(`${name}: ${line}`);
    return {
      acknowledged: acknowledged.length,
      retried,
      reading: watching.counts,
      faults: happened,
      longest: longestFrom(begun, ended),
      took: ended - begun,
      events,
      rows,
      violations,
      ...(!isWhole && { kept: folder }),
    };
  } finally {
    await watching.stop();
    await cluster.leaveAlone();
    for (const node of nodes) {
      node.thaw();
      await node.stop();
    }
    if (isWhole) await rm(folder, { recursive: true, force: true });
  }
}

/** All that is possible, and between any two the leader is killed; or those named. */
function orderOf(circumstances: Circumstances, names?: readonly string[]): { order: Fault[]; last: Fault[] } {
  const unknown = names?.find((name) => !faults.some((fault) => fault.name === name));
  if (unknown) throw new Error(`there is no fault "${unknown}", but ${faults.map(({ name }) => name).join(', ')}`);
  const wanted = names?.map((name) => faults.find((fault) => fault.name === name)!) ?? faults;
  const possible = wanted.filter((fault) => fault.isPossible(circumstances));
  const last = possible.filter((fault) => fault.comesLast);
  const order = possible.filter((fault) => !fault.comesLast);
  const killed = faults[0]!;
  if (names || order[0] !== killed) return { order, last };
  return { order: order.slice(1).flatMap((fault) => [killed, fault]), last };
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
