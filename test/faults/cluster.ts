/** A KurrentDB cluster as something that can be made to fail: by commands, so that any will do. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** A node goes by its address, host and port. What is absent cannot be done to this cluster. */
export interface Cluster {
  /** Its connection string. */
  address: string;
  nodes: readonly string[];
  /** The node that leads now; undefined where nobody says so. */
  leader(): Promise<string | undefined>;
  /** All its nodes are up, and in step with one that leads. */
  isWhole(): Promise<boolean>;
  /** As if its machine lost power. */
  stop?(node: string): Promise<void>;
  /** Does nothing to one that runs. */
  start?(node: string): Promise<void>;
  /** It keeps its connections and answers nothing. */
  freeze?(node: string): Promise<void>;
  thaw?(node: string): Promise<void>;
  /** The subscriptions of all clients end, as those of slow consumers do. */
  dropSubscriptions?(): Promise<void>;
}

export const commandNames = ['stop', 'start', 'freeze', 'thaw'] as const;
/** For the shell; `{node}` stands for host:port, `{host}` and `{port}` for its parts. */
export type Commands = Partial<Record<(typeof commandNames)[number], string>>;

interface Gossip {
  members: { state: string; isAlive: boolean; httpEndPointIp: string; httpEndPointPort: number }[];
}

export function clusterBehind(address: string, commands: Commands): Cluster {
  const [, hosts] = /^[a-z+]+:\/\/(?:[^@/]*@)?([^/?]+)/.exec(address) ?? [];
  if (!hosts) throw new Error('the connection string begins with kurrentdb:// and names hosts');
  const seeds = hosts.split(',').map((host) => (/:\d+$/.test(host) ? host : `${host}:2113`));
  const scheme = /[?&]tls=false/i.test(address) ? 'http' : 'https';

  /** What the first that knows of a leader says of all. */
  async function members(): Promise<Gossip['members']> {
    const told = seeds.map(async (seed) => {
      const answer = await fetch(`${scheme}://${seed}/gossip`, { signal: AbortSignal.timeout(3_000) });
      const { members } = (await answer.json()) as Gossip;
      const alive = members.filter(({ isAlive }) => isAlive);
      if (!alive.some(({ state }) => state === 'Leader')) throw new Error('no leader');
      return alive;
    });
    return Promise.any(told).catch(() => []);
  }

  const run = (command: string) => async (node: string) => {
    const [host, port] = node.split(/:(?=\d+$)/);
    const filled = command.replace(/\{(node|host|port)\}/g, (_, name) => ({ node, host, port })[name as 'node']!);
    const [code] = await once(spawn('sh', ['-c', filled], { stdio: ['ignore', 'ignore', 'inherit'] }), 'exit');
    if (code !== 0) throw new Error(`"${filled}" ended with ${code}`);
  };

  return {
    address,
    nodes: seeds,
    async leader() {
      const leader = (await members()).find(({ state }) => state === 'Leader');
      return leader && `${leader.httpEndPointIp}:${leader.httpEndPointPort}`;
    },
    async isWhole() {
      const inStep = (await members()).filter(({ state }) => ['Leader', 'Follower', 'ReadOnlyReplica'].includes(state));
      return inStep.length >= seeds.length;
    },
    ...Object.fromEntries(Object.entries(commands).map(([name, command]) => [name, run(command)])),
  };
}

/** How long a cluster has to come back, in milliseconds. */
const patience = 180_000;

/** Waits for the cluster to have one again. */
export async function leaderOf(cluster: Cluster): Promise<string> {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(200)) {
    const leader = await cluster.leader();
    if (leader) return leader;
  }
  throw new Error(`the cluster has no leader within ${patience} ms`);
}

/** Another fault before that would be two at once, of which a cluster of three bears only some. */
export async function untilWhole(cluster: Cluster): Promise<void> {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(500)) {
    if (await cluster.isWhole()) return;
  }
  throw new Error(`the cluster is not whole within ${patience} ms`);
}

/**
 * As its supervisor does: starts what has ended by itself, until told to stop. (A leader that took in what the others had
 * not cuts its log when it comes back to them, and for that ends and wants to be started.)
 */
export function tended(cluster: Cluster): Cluster & { leaveAlone(): Promise<void> } {
  const away = new Set<string>();
  const stopping = new AbortController();
  const { stop, start, freeze, thaw } = cluster;
  async function tend(): Promise<void> {
    while (start && !stopping.signal.aborted) {
      for (const node of cluster.nodes) if (!away.has(node)) await start(node).catch(() => {});
      await sleep(2_000, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }
  const tending = tend();
  type Act = (node: string) => Promise<void>;
  const leaving = (act: Act) => async (node: string) => {
    away.add(node);
    await act(node);
  };
  const coming = (act: Act) => async (node: string) => {
    await act(node);
    away.delete(node);
  };
  return {
    ...cluster,
    ...(stop && { stop: leaving(stop) }),
    ...(start && { start: coming(start) }),
    ...(freeze && { freeze: leaving(freeze) }),
    ...(thaw && { thaw: coming(thaw) }),
    async leaveAlone() {
      stopping.abort();
      await tending;
    },
  };
}
