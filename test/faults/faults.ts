/** What is done to the servers and the service while others write and read. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, leaderOf } from './cluster.js';
import type { ServiceNode } from './node.js';

export interface Circumstances {
  cluster: Cluster;
  nodes: readonly ServiceNode[];
  /** A role's token, good at every node. */
  token: string;
  /** Milliseconds: how long a server is away, and how long one is frozen. */
  outage: number;
  frozen: number;
  /** How long a wrong clock stays wrong. */
  wrong: number;
}

export interface Fault {
  /** For people, and for `--only`. */
  name: string;
  isPossible(circumstances: Circumstances): boolean;
  /** Only when nobody writes any more. */
  comesLast?: true;
  /** Ends when what was done is undone. Throws what must not be. */
  run(circumstances: Circumstances): Promise<void>;
}

let turn = 0;
/** One node after the other. */
const next = ({ nodes }: Circumstances) => nodes[turn++ % nodes.length]!;

const leaderKilled: Fault = {
  name: 'leader killed',
  isPossible: ({ cluster }) => Boolean(cluster.stop && cluster.start),
  async run({ cluster, outage }) {
    const leader = await leaderOf(cluster);
    await cluster.stop!(leader);
    await sleep(outage);
    await cluster.start!(leader);
    await leaderOf(cluster);
  },
};

const leaderFrozen: Fault = {
  name: 'leader frozen',
  isPossible: ({ cluster }) => Boolean(cluster.freeze && cluster.thaw),
  async run({ cluster, frozen }) {
    const leader = await leaderOf(cluster);
    await cluster.freeze!(leader);
    await sleep(frozen);
    await cluster.thaw!(leader);
    await leaderOf(cluster);
  },
};

const serviceKilled: Fault = {
  name: 'service killed',
  isPossible: () => true,
  async run(circumstances) {
    const node = next(circumstances);
    await node.kill();
    await started(node);
  },
};

/** Its subscription is ended by a server that hears nothing from it; with 23.10 as that of a slow consumer. */
const serviceFrozen: Fault = {
  name: 'service frozen',
  isPossible: () => true,
  async run(circumstances) {
    const node = next(circumstances);
    node.freeze();
    await sleep(circumstances.frozen);
    node.thaw();
  },
};

const subscriptionDropped: Fault = {
  name: 'subscriptions dropped',
  isPossible: ({ cluster }) => Boolean(cluster.dropSubscriptions),
  run: ({ cluster }) => cluster.dropSubscriptions!(),
};

const clockBehind: Fault = {
  name: 'clock 90 s behind',
  isPossible: () => true,
  async run({ nodes, token, wrong }) {
    const [right, other] = nodes as [ServiceNode, ServiceNode];
    await other.kill();
    await started(other, -90_000);
    const until = sleep(wrong);
    await holdsWithWrongClock(right, other, token);
    await until;
    await other.kill();
    await started(other);
  },
};

/** For 80 s no node with a right clock would take what this one has touched. */
const clockAhead: Fault = {
  name: 'clock 90 s ahead',
  isPossible: () => true,
  comesLast: true,
  async run({ nodes, token }) {
    const [right, other] = nodes as [ServiceNode, ServiceNode];
    await other.kill();
    await started(other, 90_000);
    await holdsWithWrongClock(other, right, token);
    await other.kill();
    await started(other);
  },
};

export const faults: readonly Fault[] = [
  leaderKilled,
  leaderFrozen,
  serviceKilled,
  serviceFrozen,
  subscriptionDropped,
  clockBehind,
  clockAhead,
];

/** As long as it takes: the store may be away when it starts, and then it ends. */
export async function started(node: ServiceNode, clockOff = 0): Promise<void> {
  for (const end = Date.now() + 120_000; ; await sleep(500)) {
    try {
      await node.start(clockOff);
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/** What `ahead` records is in force at `behind` as soon as that holds it, and `behind` refuses to write that story. */
async function holdsWithWrongClock(ahead: ServiceNode, behind: ServiceNode, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'if-match': '*' };
  const post = async (node: ServiceNode, path: string, headline: string, more = {}) => {
    const key = { 'idempotency-key': `${headline} ${Date.now()}` };
    const body = JSON.stringify({ headline, ...more });
    for (const end = Date.now() + 60_000; ; await sleep(200)) {
      const asked = { method: 'POST', headers: { ...headers, ...key }, body };
      const answer = await fetch(`${node.url()}/api/stories${path}`, asked).catch(() => undefined);
      // biome-ignore lint/suspicious/noExplicitAny: the members are those of docs/api.md.
      const json = (await answer?.json().catch(() => undefined)) as any;
      const isBusy = !json || ['store-unavailable', 'views-behind', 'not-open', 'busy-story'].includes(json.code);
      if (!isBusy || Date.now() > end) return { status: answer?.status, json, headers: answer?.headers };
    }
  };
  const body = { body: { text: 'Whose clock is right?' } };
  const published = await post(ahead, '', `Clocks differ ${Date.now()}`, body);
  if (published.status !== 201) throw new Error(`a story could not be published: ${published.json?.code}`);
  const { id } = published.json.story;
  const read = async () => {
    const answer = await fetch(`${behind.url()}/api/stories/${id}`).catch(() => undefined);
    return { status: answer?.status, json: (await answer?.json().catch(() => undefined)) as { code?: string } };
  };
  let seen = await read();
  for (const end = Date.now() + 60_000; seen.status !== 200 && Date.now() < end; seen = await read()) {
    // Not there yet, or not open; but never there and not in force.
    const may = seen.status === undefined || seen.status === 503 || seen.json?.code === 'story-not-found';
    if (!may) throw new Error(`a node with a clock behind says ${seen.json?.code} of what is in force elsewhere`);
    await sleep(50);
  }
  if (seen.status !== 200) throw new Error(`a node with a clock behind gives ${seen.status} of what is in force`);
  const refused = await post(behind, `/${id}/versions`, 'Written by a clock behind');
  const { status, json } = refused;
  if (status !== 503 || json.code !== 'clock-behind' || refused.headers?.get('retry-after') !== '10') {
    throw new Error(`a node whose clock is 90 s behind answered ${status} ${json?.code}`);
  }
}
