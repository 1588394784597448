/** A short run of what `npm run test:faults` does to a real cluster, on three stand-ins for its servers. */
import { expect, test } from '@jest/globals';
import { newDatabase } from '../event-store/kurrentdb/database.js';
import { type Node, startServer, type TestServer } from '../event-store/kurrentdb/server.js';
import type { Cluster } from './cluster.js';
import { run } from './run.js';

/** Three servers on one database: what is acknowledged is on all. */
async function standIns(): Promise<Cluster & { close(): void }> {
  const database = newDatabase();
  let members: Node[] = [];
  const servers = new Map<string, TestServer>();
  const down = new Set<string>();
  for (let i = 0; i < 3; i++) {
    const server = await startServer({ database, members: () => members });
    servers.set(`127.0.0.1:${server.port}`, server);
  }
  const nodes = [...servers.keys()];
  const elect = (leader: string | undefined) => {
    members = nodes.map((node) => ({ port: servers.get(node)!.port, leads: node === leader }));
  };
  elect(nodes[0]);
  const leader = () => nodes.find((_, index) => members[index]!.leads);
  return {
    address: servers.values().next().value!.address,
    nodes,
    leader: async () => leader(),
    isWhole: async () => down.size === 0,
    async stop(node) {
      down.add(node);
      servers.get(node)!.kill();
      elect(nodes.find((other) => !down.has(other)));
    },
    async start(node) {
      if (down.delete(node)) await servers.get(node)!.restart();
    },
    freeze: async (node) => servers.get(node)!.freeze(),
    thaw: async (node) => servers.get(node)!.thaw(),
    async dropSubscriptions() {
      for (const server of servers.values()) server.dropSlowConsumers();
    },
    close() {
      for (const server of servers.values()) server.close();
    },
  };
}

test('no acknowledged change is lost or doubled, and no reader sees an earlier version after a later one, whatever fails', async () => {
  const cluster = await standIns();
  const order = ['leader killed', 'subscriptions dropped', 'leader frozen', 'service killed', 'leader killed'];
  const report = await run({
    cluster,
    order,
    until: { rounds: 1 },
    writers: 6,
    stories: 8,
    readers: 1,
    writersPause: 100,
    readersPause: 50,
    outage: 300,
    frozen: 2_000,
    wrong: 0,
    between: 500,
    seed: 7,
  }).finally(() => cluster.close());
  expect(report.violations).toEqual([]);
  expect(new Set(report.faults.keys())).toEqual(new Set(order));
  expect(report.events).toBe(report.acknowledged);
  expect(report.acknowledged).toBeGreaterThan(8);
}, 180_000);
