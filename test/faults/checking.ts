/** What must hold once all is quiet: of the log, read with the bare client and through the store, and of every node's views. */
import { setTimeout as sleep } from 'node:timers/promises';
import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { v5 as uuidv5 } from 'uuid';
import { compareViews } from '../../src/audit/compare-views.js';
import { verify } from '../../src/audit/verify.js';
import { openLog } from '../../src/event-store/log.js';
import { openStore } from '../../src/event-store/open.js';
import { randomFor } from '../fuzz/random.js';
import type { ServiceNode } from './node.js';
import type { Acknowledged } from './writing.js';

export interface Checked {
  /** Events in the log, of all stories that it holds. */
  events: number;
  /** Rows compared, by node. */
  rows: Record<string, number>;
  violations: string[];
}

export interface Asked {
  address: string;
  nodes: readonly ServiceNode[];
  acknowledged: readonly Acknowledged[];
  /** Id of the token with which all was written. */
  actor: string;
  seed: number;
}

/** Changes looked up at every node by their address. */
const sampled = 50;
/** How long the nodes have to catch up, in milliseconds. */
const patience = 120_000;

export async function check({ address, nodes, acknowledged, actor, seed }: Asked): Promise<Checked> {
  const violations: string[] = [];
  for (const node of nodes) {
    if (!(await isReady(node))) violations.push(`${node.name} is not ready within ${patience} ms`);
  }
  violations.push(...againstLog(await readBare(address), acknowledged, actor));

  const config = { store: { kind: 'kurrentdb' as const, address }, data: '' };
  const store = await openStore(config, { readOnly: true });
  const rows: Checked['rows'] = {};
  let events = 0;
  try {
    const log = openLog(store);
    for await (const step of verify(store)) {
      if (step.kind === 'finding') violations.push(`verify: ${JSON.stringify(step.finding)}`);
      if (step.kind === 'checked') events = step.events;
    }
    for (const { name, data } of nodes) {
      const comparing = compareViews(data, log, patience);
      let step = await comparing.next();
      for (; !step.done; step = await comparing.next()) {
        if (step.value.kind === 'finding') violations.push(`views of ${name}: ${JSON.stringify(step.value.finding)}`);
      }
      if (step.value.views !== 'equal') violations.push(`views of ${name}: ${step.value.views}`);
      rows[name] = step.value.rows;
    }
  } finally {
    await store.close();
  }

  const random = randomFor(seed, 3_000_000);
  for (let i = 0; i < sampled; i++) {
    const { story, version, headline } = random.pick(acknowledged);
    for (const node of nodes) {
      const answer = await fetch(`${node.url()}/api/stories/${story}/versions/${version}`);
      const said = ((await answer.json()) as { headline?: string }).headline;
      if (said !== headline) {
        violations.push(`${node.name} gives "${said}" for version ${version} of ${story}, which is "${headline}"`);
      }
    }
  }
  return { events, rows, violations };
}

async function isReady(node: ServiceNode): Promise<boolean> {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(200)) {
    const answer = await fetch(`${node.url()}/health/ready`).catch(() => undefined);
    const json = (await answer?.json()) as { checks: { detail?: string }[] } | undefined;
    if (answer?.ok && json!.checks.every(({ detail }) => detail === undefined)) return true;
  }
  return false;
}

interface BareRecord {
  stream: string;
  revision: number;
  position: bigint;
  commandId: string;
}

/** With nothing of ours in between but the names of streams and members of records. */
async function readBare(address: string): Promise<BareRecord[]> {
  const client = KurrentDBClient.connectionString(address);
  try {
    const filter = { filterOn: 'streamName', prefixes: ['story-'] } as never;
    const records: BareRecord[] = [];
    for await (const { event } of client.readAll({ filter, requiresLeader: true })) {
      const { metadata } = JSON.parse(Buffer.from(event!.data as Uint8Array).toString());
      records.push({
        stream: event!.streamId,
        revision: Number(event!.revision),
        position: event!.position!.commit,
        commandId: metadata.commandId,
      });
    }
    return records;
  } finally {
    await client.dispose();
  }
}

/** Every acknowledged change is there once, as the version that was said, and streams have no gaps. */
function againstLog(records: readonly BareRecord[], acknowledged: readonly Acknowledged[], actor: string): string[] {
  const violations: string[] = [];
  const streams = Map.groupBy(records, ({ stream }) => stream);
  for (const [stream, events] of streams) {
    const broken = events.find(({ revision }, index) => revision !== index);
    if (broken) violations.push(`${stream} has revision ${broken.revision} at a place where another should be`);
  }
  // Each change is asked for until it is acknowledged, so that none may be there beside those.
  const written = new Set(acknowledged.map(({ story }) => `story-${story}`));
  const there = records.filter(({ stream }) => written.has(stream)).length;
  if (there !== acknowledged.length) {
    violations.push(`${acknowledged.length} changes were acknowledged, and the log holds ${there}`);
  }
  const byCommand = Map.groupBy(records, ({ commandId }) => commandId);
  for (const { story, version, key, position } of acknowledged) {
    const found = byCommand.get(uuidv5(key, actor)) ?? [];
    const [event] = found;
    const place = `${key}, acknowledged as version ${version} of ${story}`;
    if (found.length !== 1) violations.push(`${place}, is in the log ${found.length} times`);
    // Each change of this run makes one version with one event.
    else if (event!.stream !== `story-${story}` || event!.revision !== version - 1) {
      violations.push(`${place}, is revision ${event!.revision} of ${event!.stream}`);
    } else if (event!.position > BigInt(`0x${position.slice(0, 16)}`)) {
      violations.push(`${place}, was said to be at a position before its own`);
    }
  }
  return violations;
}
