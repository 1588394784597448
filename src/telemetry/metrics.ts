/** Metrics as Prometheus reads them: https://prometheus.io/docs/instrumenting/exposition_formats/ */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type Answered, type Cache, type Facts, failureOf, type Level, type Work } from './telemetry.js';

/** Upper bounds of the histograms, in seconds. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

interface Metric {
  name: string;
  help: string;
  labelNames?: string[];
}

const works: Record<Work, Metric> = {
  command: {
    name: 'palimpsest_command_duration_seconds',
    help: 'Commands by verb and outcome: recorded, unchanged, repeated, or the code of the refusal.',
    labelNames: ['verb', 'outcome'],
  },
  append: {
    name: 'palimpsest_store_append_duration_seconds',
    help: 'Appends to the event store, from asking until durable, waiting included.',
    labelNames: ['outcome'],
  },
  erase: {
    name: 'palimpsest_store_erase_duration_seconds',
    help: 'Removals of erased texts from the event store.',
    labelNames: ['outcome'],
  },
  comparison: {
    name: 'palimpsest_comparison_duration_seconds',
    help: 'Comparisons of long texts, made in a process of their own, waiting included.',
    labelNames: ['outcome'],
  },
};

const levels: Record<Level, Metric> = {
  projectionLag: {
    name: 'palimpsest_projection_lag_seconds',
    help: 'How long ago the oldest event was recorded that this node’s views lack; 0 for none.',
  },
  projectionFailing: {
    name: 'palimpsest_projection_failing',
    help: '1 while this node cannot follow the log and tries again.',
  },
  erasuresPending: {
    name: 'palimpsest_erasures_pending',
    help: 'Orders to erase whose words may still lie in a file of this node.',
  },
  streamsOpen: { name: 'palimpsest_streams_open', help: 'Connections that follow the public stream of changes.' },
  comparisonsWaiting: {
    name: 'palimpsest_comparisons_waiting',
    help: 'Comparisons of long texts that wait for a thread.',
  },
  requestsOpen: { name: 'palimpsest_http_requests_open', help: 'Requests under way, streams included.' },
};

const others = {
  requests: {
    name: 'palimpsest_http_requests_total',
    help: 'Requests by method, pattern of the route (none: unmatched) and status.',
    labelNames: ['method', 'route', 'status'],
  },
  answers: {
    name: 'palimpsest_http_request_duration_seconds',
    help: 'From the head of a request to the last byte of its answer, or to where it broke off; without event streams.',
    labelNames: ['method', 'route', 'status_class'],
  },
  problems: {
    name: 'palimpsest_http_problems_total',
    help: 'Problem documents and pages that were answered, by their code.',
    labelNames: ['code'],
  },
  sync: {
    name: 'palimpsest_store_sync_duration_seconds',
    help: 'Commits of the embedded store, as long as the disk took.',
  },
  events: { name: 'palimpsest_projection_events_total', help: 'Events taken into this node’s views.' },
  batches: {
    name: 'palimpsest_projection_duration_seconds',
    help: 'Batches of events taken into the views in one transaction.',
  },
  lookUps: {
    name: 'palimpsest_cache_requests_total',
    help: 'What was looked for in a cache, by result: hit or miss.',
    labelNames: ['cache', 'result'],
  },
  entries: { name: 'palimpsest_cache_entries', help: 'What is in a cache.', labelNames: ['cache'] },
} satisfies Record<string, Metric>;

/** Every metric of ours for the documentation, in Markdown. */
export const metricsTable = (): string =>
  [
    '| metric | by | what it is |',
    '| --- | --- | --- |',
    ...[others.requests, others.answers, others.problems, ...Object.values(works), ...Object.values(levels)]
      .concat([others.sync, others.events, others.batches, others.lookUps, others.entries])
      .map(({ name, labelNames = [], help }: Metric) => `| \`${name}\` | ${labelNames.join(', ')} | ${help} |`),
  ].join('\n');

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export type Metrics = ReturnType<typeof openMetrics>;

export function openMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const histogram = (metric: Metric) => new Histogram({ ...metric, buckets, registers });
  const counter = (metric: Metric) => new Counter({ ...metric, registers });
  const timed = Object.fromEntries(Object.entries(works).map(([work, metric]) => [work, histogram(metric)]));
  const requests = counter(others.requests);
  const answers = histogram(others.answers);
  const problems = counter(others.problems);
  const sync = histogram(others.sync);
  const events = counter(others.events);
  const batches = histogram(others.batches);
  const lookUps = counter(others.lookUps);
  const caches = new Map<object, { name: string; cache: Cache }>();
  new Gauge({
    ...others.entries,
    registers,
    collect() {
      for (const { name, cache } of caches.values()) this.set({ cache: name }, cache.size);
    },
  });
  let open = 0;

  /** As lru-cache tells it of every cache of the process. */
  function lookedUp(message: unknown): void {
    const { op, cache, get } = message as { op?: string; cache?: object; get?: string };
    const known = op === 'get' && cache ? caches.get(cache) : undefined;
    if (known) lookUps.inc({ cache: known.name, result: get === 'hit' ? 'hit' : 'miss' });
  }
  subscribe('lru-cache:metrics', lookedUp);

  function level(level: Level, read: () => number | Promise<number>): void {
    new Gauge({
      ...levels[level],
      registers,
      async collect() {
        this.set(await read());
      },
    });
  }
  level('requestsOpen', () => open);

  return {
    async time<T>(work: Work, facts: Facts, run: () => Promise<T>, outcomeOf: (result: T) => string): Promise<T> {
      const observe = timed[work]!.startTimer(facts);
      try {
        const result = await run();
        observe({ outcome: outcomeOf(result) });
        return result;
      } catch (error) {
        observe({ outcome: failureOf(error) });
        throw error;
      }
    },
    /** A request has begun; what is given back is to be told of its end. */
    request(named: string): (answered: Answered) => void {
      open++;
      const method = methods.has(named) ? named : 'other';
      const observe = answers.startTimer({ method });
      return ({ route = 'unmatched', status, isStream }) => {
        open--;
        requests.inc({ method, route, status });
        if (!isStream) observe({ route, status_class: `${Math.floor(status / 100)}xx` });
      };
    },
    problem: (code: string) => problems.inc({ code }),
    synced: (seconds: number) => sync.observe(seconds),
    projected(count: number, began: number): void {
      events.inc(count);
      batches.observe((Date.now() - began) / 1000);
    },
    level,
    cache: (name: string, cache: Cache) => void caches.set(cache, { name, cache }),
    contentType: registry.contentType,
    /** All of it, as text. */
    read: () => registry.metrics(),
    close: () => void unsubscribe('lru-cache:metrics', lookedUp),
  };
}
