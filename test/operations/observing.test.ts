/** What those who run the service are told of its work: in the log, in metrics, in traces; and that nobody else is. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningApp, startApp } from '../support/start-app.js';

const lines: { [member: string]: unknown }[] = [];
const spans: Span[] = [];
let collector: Server;
let app: RunningApp;

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  attributes: { [name: string]: unknown };
}

/** Takes OTLP over HTTP, as JSON: https://opentelemetry.io/docs/specs/otlp/#otlphttp */
async function startCollector(): Promise<Server> {
  const server = createServer(async (request, response) => {
    // biome-ignore lint/suspicious/noExplicitAny: what another program sends.
    const { resourceSpans } = (await json(request)) as any;
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    const attributeOf = ({ key, value }: any) => [key, Object.values(value)[0]];
    for (const { resource, scopeSpans } of resourceSpans)
      for (const span of scopeSpans.flatMap((scope: { spans: Span[] }) => scope.spans))
        spans.push({
          ...span,
          attributes: Object.fromEntries([...resource.attributes, ...span.attributes].map(attributeOf)),
        });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

beforeAll(async () => {
  collector = await startCollector();
  app = await startApp({
    env: {
      PALIMPSEST_LOG_LEVEL: 'info',
      PALIMPSEST_METRICS: '127.0.0.1:0',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
      OTEL_SERVICE_NAME: 'harrow-bay',
    },
    log: (line) => lines.push(JSON.parse(line)),
  });
});
afterAll(async () => {
  await app.dispose();
  collector.close();
  collector.closeAllConnections();
});

const publish = (headline: string) =>
  app.ask('/api/stories', { as: 'editor', body: { headline, body: { text: 'No crossings today.' } } });

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10);
}

describe('the log', () => {
  test('one id leads from a request to its answer, its log line, its record and its projection', async () => {
    const { json } = await publish('Ferry to Eyot Island suspended');
    const path = `/api/stories/${json.story.id}/versions`;
    const correlationId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const update = (more: Record<string, string>) =>
      app.ask(path, {
        as: 'editor',
        body: { headline: 'Ferry to Eyot Island runs again' },
        headers: { 'x-correlation-id': correlationId, ...more },
      });

    const refused = await update({});
    expect(refused.json).toMatchObject({ code: 'precondition-required', correlationId });
    const written = await update({ 'if-match': '*' });
    expect(written.headers.get('x-correlation-id')).toBe(correlationId);

    const { json: record } = await app.ask(`/api/stories/${json.story.id}/events`, { as: 'auditor' });
    expect(record.items[1].record.metadata).toMatchObject({ correlationId });
    const told = () => lines.filter((line) => line.correlationId === correlationId);
    await until(() => told().length === 3);
    expect(told()).toEqual([
      expect.objectContaining({ method: 'POST', route: '/api/stories/:story/versions', status: 428 }),
      expect.objectContaining({ msg: 'projected', story: json.story.id, revision: 1, type: 'StoryUpdated' }),
      expect.objectContaining({ method: 'POST', route: '/api/stories/:story/versions', status: 201 }),
    ]);
    for (const path of [`/api/stories/${json.story.id}`, `/api/stories/${json.story.id}/versions/2`]) {
      const { text, headers } = await app.ask(path);
      expect([text, ...headers.values()].join('\n')).not.toContain(correlationId);
    }
  });
});

describe('metrics', () => {
  const metricsUrl = () => lines.find(({ msg }) => msg === 'metrics')!.url as string;
  /** The value of a series, 0 where there is none. */
  async function read(series: string): Promise<number> {
    const text = await (await fetch(metricsUrl())).text();
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.slice(series.length + 1) ?? 0,
    );
  }
  /** How much a series grows by what is done. */
  async function growthOf(series: string, done: () => Promise<unknown>): Promise<number> {
    const before = await read(series);
    await done();
    let grown = 0;
    await until(async () => {
      grown = (await read(series)) - before;
      return grown > 0;
    });
    return grown;
  }
  let story: string;
  beforeAll(async () => {
    story = (await publish('Second ferry for Eyot Island')).json.story.id;
  });

  test('are counted: a command, a refusal, a read, a commit, an event taken into the views', async () => {
    const recorded = 'palimpsest_command_duration_seconds_count{verb="publish",outcome="recorded"}';
    expect(await growthOf(recorded, () => publish('Third ferry'))).toBe(1);
    const refused = 'palimpsest_command_duration_seconds_count{verb="withdraw",outcome="precondition-required"}';
    const withdraw = () =>
      app.ask(`/api/stories/${story}/withdrawals`, { as: 'standards', body: { kind: 'unpublished' } });
    expect(await growthOf(refused, withdraw)).toBe(1);
    expect(await growthOf('palimpsest_http_problems_total{code="precondition-required"}', withdraw)).toBe(1);
    const given = 'palimpsest_http_requests_total{method="GET",route="/api/stories/:story",status="200"}';
    expect(await growthOf(given, () => app.ask(`/api/stories/${story}`))).toBe(1);
    for (const series of [
      'palimpsest_store_sync_duration_seconds_count',
      'palimpsest_store_append_duration_seconds_count{outcome="ok"}',
      'palimpsest_projection_events_total',
      'palimpsest_projection_duration_seconds_count',
    ]) {
      expect(await growthOf(series, () => publish(`Ferry ${series}`))).toBe(1);
    }
  });

  test('tell of caches, open streams and what nobody found', async () => {
    for (const [cache, as] of [['contents', 'editor'], ['answers']] as const) {
      const ask = () => app.ask(`/api/stories/${story}/versions/1`, as && { as });
      await ask();
      const hit = `palimpsest_cache_requests_total{cache="${cache}",result="hit"}`;
      expect(await growthOf(hit, ask)).toBeGreaterThan(0);
    }
    expect(await read('palimpsest_cache_entries{cache="stories"}')).toBeGreaterThan(0);

    const listening = new AbortController();
    await fetch(`${app.url}/api/changes`, { headers: { accept: 'text/event-stream' }, signal: listening.signal });
    expect(await read('palimpsest_streams_open')).toBe(1);
    const streams = 'palimpsest_http_requests_total{method="GET",route="/api/changes",status="200"}';
    expect(await growthOf(streams, async () => listening.abort())).toBe(1);
    expect(await read('palimpsest_streams_open')).toBe(0);

    const unmatched = 'palimpsest_http_requests_total{method="GET",route="unmatched",status="404"}';
    expect(await growthOf(unmatched, () => app.ask(`/no/${story}`))).toBe(1);
  });

  test('name no story, and readers do not find them', async () => {
    const text = await (await fetch(metricsUrl())).text();
    expect(text).toMatch(/^palimpsest_projection_lag_seconds 0$/m);
    expect(text).toMatch(/^palimpsest_erasures_pending 0$/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(text).not.toMatch(new RegExp(`${story}|ferry`, 'i'));
    expect((await app.ask('/metrics')).status).toBe(404);
    expect((await fetch(metricsUrl().replace('/metrics', '/api/stories'))).status).toBe(404);
  });
});

describe('traces', () => {
  test('one write is one trace: request, command, append, and what takes the event into the views', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const { json: answer } = await app.ask('/api/stories', {
      as: 'editor',
      body: { headline: 'Marker of a headline', body: { text: 'Marker of a body.' } },
      headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    });
    const ours = () => spans.filter((span) => span.traceId === traceId);
    await until(() => ours().length >= 4);
    const named = (name: string) => ours().find((span) => span.name === name)!;
    const [request, command] = [named('POST /api/stories'), named('command')];
    expect(request).toMatchObject({
      parentSpanId: 'b7ad6b7169203331',
      attributes: {
        'service.name': 'harrow-bay',
        'http.request.method': 'POST',
        'http.route': '/api/stories',
        'palimpsest.correlation_id': expect.any(String),
      },
    });
    expect(command).toMatchObject({
      parentSpanId: request.spanId,
      attributes: { 'palimpsest.verb': 'publish', 'palimpsest.outcome': 'recorded' },
    });
    expect(named('append').parentSpanId).toBe(command.spanId);
    expect(named('projection')).toMatchObject({
      parentSpanId: command.spanId,
      attributes: {
        'palimpsest.story': answer.story.id,
        'palimpsest.type': 'StoryPublished',
        'palimpsest.correlation_id': request.attributes['palimpsest.correlation_id'],
      },
    });
    expect(JSON.stringify(spans)).not.toMatch(/marker/i);
  });
});
