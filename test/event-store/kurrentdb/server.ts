/**
 * A stand-in for a KurrentDB server, on loopback and in this process: serves the real client, its native reader included,
 * as far as the adapter uses it, and fails on demand. It proves nothing about a real server; the same tests run against
 * one where PALIMPSEST_TEST_KURRENTDB names it.
 */

import * as grpc from '@grpc/grpc-js';
import gossipService from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_grpc_pb.js';
import gossip from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_pb.js';
import featuresService from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_grpc_pb.js';
import features from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_pb.js';
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import streamsService from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import streams, {
  type BatchAppendReq,
  type ReadReq,
} from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import { type Database, type Expected, newDatabase, type Proposed, type Recorded } from './database.js';
import * as wire from './wire.js';

export interface Faults {
  /** How many of the next appends are committed and then answered by a broken connection. */
  loseReplies: number;
  /** How many of the next calls, of any kind, find the server starting ("Server Is Not Ready"). */
  notReady: number;
}

export interface TestServer {
  readonly address: string;
  readonly port: number;
  readonly database: Database;
  readonly faults: Faults;
  /** How many calls of each kind were begun. */
  readonly calls: Record<'append' | 'read' | 'subscribe', number>;
  /** Every connection breaks; nobody listens. */
  kill(): void;
  /** On the same port, with the same database. */
  restart(): Promise<void>;
  /** Takes what comes and answers nothing, until thawed. */
  freeze(): void;
  thaw(): void;
  /** As 23.10 does to a live consumer that reads too slowly. */
  dropSlowConsumers(): void;
  close(): void;
}

export interface Node {
  port: number;
  leads: boolean;
}

export interface ServerOptions {
  database?: Database;
  /** Of the whole cluster, this node among them; alone by default. */
  members?: () => Node[];
}

export async function startServer({ database = newDatabase(), members }: ServerOptions = {}): Promise<TestServer> {
  const faults: Faults = { loseReplies: 0, notReady: 0 };
  const calls = { append: 0, read: 0, subscribe: 0 };
  const subscribers = new Set<grpc.ServerWritableStream<ReadReq, unknown>>();
  let thawed = Promise.withResolvers<void>();
  thawed.resolve();
  let port = 0;
  let server: grpc.Server | undefined;

  const nodes = () => members?.() ?? [{ port, leads: true }];
  const leads = () => nodes().some((node) => node.port === port && node.leads);

  /** What a real server says before it looks at a call. */
  function refusalOf(metadata: grpc.Metadata, writes: boolean): Partial<grpc.StatusObject> | undefined {
    if (faults.notReady > 0) {
      faults.notReady--;
      return { code: grpc.status.UNKNOWN, details: 'Server Is Not Ready' };
    }
    if (leads() || (!writes && metadata.get('requires-leader')[0] !== 'true')) return undefined;
    const said = new grpc.Metadata();
    const leader = nodes().find((node) => node.leads);
    said.set('exception', 'not-leader');
    said.set('leader-endpoint-host', '127.0.0.1');
    said.set('leader-endpoint-port', String(leader?.port ?? 0));
    return { code: grpc.status.NOT_FOUND, details: 'Leader info available', metadata: said };
  }

  function batchAppend(call: grpc.ServerDuplexStream<BatchAppendReq, unknown>) {
    const batches = new Map<string, { stream: string; expected: Expected; events: Proposed[] }>();
    call.on('error', () => {});
    call.on('end', () => call.end());
    call.on('data', async (request: BatchAppendReq) => {
      await thawed.promise;
      const correlation = request.getCorrelationId()!;
      const options = request.getOptions();
      if (options) {
        // Absolute, by the client's clock: one that runs behind asks for what is over.
        const deadline = options.getDeadline21100()?.toDate().getTime() ?? Number.POSITIVE_INFINITY;
        if (deadline <= database.clock()) return call.write(wire.timedOut(correlation));
        batches.set(correlation.getString(), {
          stream: wire.textOf(options.getStreamIdentifier()!.getStreamName_asU8()),
          expected: expectedBy(options),
          events: [],
        });
      }
      const batch = batches.get(correlation.getString());
      if (!batch) return;
      batch.events.push(...request.getProposedMessagesList().map(wire.proposed));
      if (!request.getIsFinal()) return;
      batches.delete(correlation.getString());
      calls.append++;
      const refusal = refusalOf(call.metadata, true);
      if (refusal) return call.emit('error', refusal);
      const outcome = database.append(batch.stream, batch.expected, batch.events);
      if (faults.loseReplies > 0) {
        faults.loseReplies--;
        return call.emit('error', { code: grpc.status.UNAVAILABLE, details: 'connection lost' });
      }
      call.write(wire.batchAnswer(correlation, batch.stream, batch.expected, outcome));
    });
  }

  async function read(call: grpc.ServerWritableStream<ReadReq, unknown>) {
    call.on('error', () => {});
    const options = call.request.getOptions()!;
    const subscribes = options.hasSubscription();
    calls[subscribes ? 'subscribe' : 'read']++;
    await thawed.promise;
    const refusal = refusalOf(call.metadata, false);
    if (refusal) return call.emit('error', refusal);
    if (subscribes) return subscribe(call, options);
    const found = options.hasAll() ? fromLog(options) : fromStream(options)?.values();
    if (found === undefined) call.write(wire.streamNotFound(nameOf(options)));
    for (const event of found?.take(Number(options.getCount())) ?? []) await send(call, wire.eventMessage(event));
    call.end();
  }

  function* fromLog(options: ReadReq.Options): Generator<Recorded> {
    const passes = filterOf(options);
    const all = options.getAll()!;
    const from = all.hasPosition() ? BigInt(all.getPosition()!.getCommitPosition()) : undefined;
    const { log } = database;
    // Forwards the position is included, backwards it is not.
    const place = from === undefined ? (all.hasEnd() ? log.length : 0) : indexFrom(log, from);
    if (isBackwards(options)) {
      for (let at = place - 1; at >= 0; at--) if (passes(log[at]!)) yield log[at]!;
    } else {
      for (let at = place; at < log.length; at++) if (passes(log[at]!)) yield log[at]!;
    }
  }

  function fromStream(options: ReadReq.Options): Recorded[] | undefined {
    const events = database.stream(nameOf(options));
    const asked = options.getStream()!;
    const backwards = isBackwards(options);
    const from = asked.hasRevision() ? Number(asked.getRevision()) : asked.hasEnd() ? Number.POSITIVE_INFINITY : 0;
    const found = events?.filter(({ revision }) => (backwards ? revision <= from : revision >= from));
    return backwards ? found?.reverse() : found;
  }

  async function subscribe(call: grpc.ServerWritableStream<ReadReq, unknown>, options: ReadReq.Options) {
    const passes = filterOf(options);
    const filter = options.getFilter();
    const window = filter?.hasMax() ? filter.getMax() : 32;
    const every = window * (filter?.getCheckpointintervalmultiplier() || 1);
    const position = options.getAll()!.getPosition();
    let last = position ? BigInt(position.getCommitPosition()) : -1n;
    let bell = Promise.withResolvers<void>();
    const quiet = database.onAppend(() => bell.resolve());
    const end = () => {
      quiet();
      subscribers.delete(call);
      bell.resolve();
    };
    call.on('cancelled', end);
    call.on('close', end);
    subscribers.add(call);
    call.write(wire.confirmation());
    let scanned = 0;
    let live = false;
    while (subscribers.has(call)) {
      bell = Promise.withResolvers<void>();
      for (const event of database.log.slice(indexFrom(database.log, last + 1n))) {
        if (!subscribers.has(call)) return;
        last = event.position;
        if (passes(event)) await send(call, wire.eventMessage(event));
        if (++scanned % every === 0) call.write(wire.checkpoint(event.position));
        await thawed.promise;
      }
      if ((database.log.at(-1)?.position ?? -1n) > last) continue;
      if (!live) call.write(wire.caughtUp());
      live = true;
      await bell.promise;
      await thawed.promise;
    }
  }

  function listen(at: number): Promise<number> {
    server = new grpc.Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
    server.addService(
      streamsService.StreamsService as unknown as grpc.ServiceDefinition,
      {
        read,
        batchAppend,
      } as unknown as grpc.UntypedServiceImplementation,
    );
    server.addService(featuresService.ServerFeaturesService as unknown as grpc.ServiceDefinition, {
      getSupportedMethods,
    });
    server.addService(gossipService.GossipService as unknown as grpc.ServiceDefinition, { read: readGossip });
    return new Promise((resolve, reject) =>
      server!.bindAsync(`127.0.0.1:${at}`, grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
  }

  async function getSupportedMethods(_: unknown, answer: grpc.sendUnaryData<unknown>) {
    await thawed.promise;
    const message = new features.SupportedMethods();
    message.setEventStoreServerVersion('24.10.0');
    const methods = ['read', 'append', 'batchappend', 'delete', 'tombstone'].map((name) => {
      const method = new features.SupportedMethod();
      method.setServiceName('event_store.client.streams.streams');
      method.setMethodName(name);
      if (name === 'read') method.setFeaturesList(['position', 'events']);
      return method;
    });
    message.setMethodsList(methods);
    answer(null, message);
  }

  async function readGossip(_: unknown, answer: grpc.sendUnaryData<unknown>) {
    await thawed.promise;
    const { LEADER, FOLLOWER } = gossip.MemberInfo.VNodeState;
    const message = new gossip.ClusterInfo();
    message.setMembersList(
      nodes().map((node) => {
        const endPoint = new gossip.EndPoint().setAddress('127.0.0.1').setPort(node.port);
        const member = new gossip.MemberInfo();
        member.setInstanceId(
          new shared.UUID().setString(`00000000-0000-4000-8000-${String(node.port).padStart(12, '0')}`),
        );
        member.setState(node.leads ? LEADER : FOLLOWER);
        member.setIsAlive(true);
        member.setTimeStamp('0');
        return member.setHttpEndPoint(endPoint);
      }),
    );
    answer(null, message);
  }

  function kill() {
    server?.forceShutdown();
    server = undefined;
    subscribers.clear();
  }

  port = await listen(0);
  return {
    get address() {
      const seeds = nodes().map((node) => `127.0.0.1:${node.port}`);
      return `kurrentdb://${seeds.join(',')}?tls=false`;
    },
    port,
    database,
    faults,
    calls,
    kill,
    async restart() {
      thawed.resolve();
      kill();
      await listen(port);
    },
    freeze() {
      thawed = Promise.withResolvers<void>();
    },
    thaw: () => thawed.resolve(),
    dropSlowConsumers() {
      for (const call of [...subscribers]) {
        subscribers.delete(call);
        call.emit('error', {
          code: grpc.status.ABORTED,
          details: 'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.',
        });
      }
    },
    close() {
      thawed.resolve();
      kill();
    },
  };
}

const isBackwards = (options: ReadReq.Options): boolean =>
  options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;

/** Where in the log the first event at or behind a position is. */
function indexFrom(log: readonly Recorded[], position: bigint): number {
  let [low, high] = [0, log.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (log[middle]!.position < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

const nameOf = (options: ReadReq.Options): string =>
  wire.textOf(options.getStream()!.getStreamIdentifier()!.getStreamName_asU8());

function filterOf(options: ReadReq.Options): (event: Recorded) => boolean {
  const filter = options.getFilter();
  if (!filter) return () => true;
  const expression = (filter.getStreamIdentifier() ?? filter.getEventType())!;
  const subject = ({ stream, type }: Recorded) => (filter.hasStreamIdentifier() ? stream : type);
  const prefixes = expression.getPrefixList();
  const pattern = expression.getRegex() ? new RegExp(expression.getRegex()) : undefined;
  return (event) => pattern?.test(subject(event)) ?? prefixes.some((prefix) => subject(event).startsWith(prefix));
}

function expectedBy(options: BatchAppendReq.Options): Expected {
  if (options.hasAny()) return 'any';
  if (options.hasStreamExists()) return 'stream-exists';
  return options.hasNoStream() ? -1 : Number(options.getStreamPosition());
}

/** Waits where the reader is slower. */
function send(call: grpc.ServerWritableStream<ReadReq, unknown>, message: unknown): Promise<void> | undefined {
  if (call.write(message) || call.cancelled) return undefined;
  return new Promise((resolve) => {
    const go = () => {
      for (const event of ['drain', 'close', 'cancelled', 'error']) call.off(event, go);
      resolve();
    };
    for (const event of ['drain', 'close', 'cancelled', 'error']) call.once(event, go);
  });
}
