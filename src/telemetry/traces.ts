/**
 * Traces by OpenTelemetry, sent to a collector by OTLP over HTTP. What takes an event into the views is put into the trace
 * of the command that recorded it: the event's correlation id leads there, on the node that took the command.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { Tracing } from '../config.js';
import { type Asked, type Facts, failureOf, type RequestWatched, type Told, type Work } from './telemetry.js';

/** How long closing waits for the collector, in milliseconds. */
const patience = 2_000;
/** How long spans wait for others to be sent with, in milliseconds. */
const gathering = 1_000;
/** Commands whose events may still be on their way to the views. */
const mostCommands = 10_000;

const correlationAttribute = 'palimpsest.correlation_id';

export type Traces = ReturnType<typeof openTraces>;

/** `to`: the whole address. What more the standard's variables say (headers, certificates, time-outs), the exporter reads. */
export function openTraces(to: string, { service, sampler, share }: Tracing, said: Pick<Logger, 'warn'>) {
  const exporter = heard(new OTLPTraceExporter({ url: to }), said);
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(detectResources({ detectors: [envDetector] }))
      .merge(resourceFromAttributes({ 'service.name': service })),
    sampler: samplerOf(sampler, share),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: gathering })],
  });
  const tracer = provider.getTracer('palimpsest');
  const current = new AsyncLocalStorage<{ context: Context; correlationId?: string }>();
  const commands = new LRUCache<string, Context>({ max: mostCommands });

  return {
    request({ method, correlationId, traceparent }: Asked): RequestWatched {
      const from = traceparent === undefined ? null : parseTraceParent(traceparent);
      const parent = from ? trace.setSpanContext(ROOT_CONTEXT, { ...from, isRemote: true }) : ROOT_CONTEXT;
      const attributes = { 'http.request.method': method, [correlationAttribute]: correlationId };
      const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
      return {
        within: (go) => current.run({ context: trace.setSpan(ROOT_CONTEXT, span), correlationId }, go),
        end({ route, status }) {
          if (route !== undefined) span.updateName(`${method} ${route}`).setAttribute('http.route', route);
          span.setAttribute('http.response.status_code', status);
          if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', String(status));
          span.end();
        },
      };
    },

    span<T>(work: Work, facts: Facts, run: () => Promise<T>, outcomeOf: (result: T) => string): Promise<T> {
      const { context = ROOT_CONTEXT, correlationId } = current.getStore() ?? {};
      const span = tracer.startSpan(work, { attributes: named(facts) }, context);
      const within = trace.setSpan(ROOT_CONTEXT, span);
      if (work === 'command' && correlationId !== undefined) commands.set(correlationId, within);
      return current.run({ context: within, ...(correlationId !== undefined && { correlationId }) }, () =>
        ended(span, run, outcomeOf),
      );
    },

    /** A span for each event, of the time that their batch took. */
    projected(events: readonly Told[], began: number): void {
      for (const { story, revision, type, metadata } of events) {
        const { correlationId } = metadata;
        const command = correlationId === undefined ? undefined : commands.get(correlationId);
        const attributes: Attributes = {
          ...named({ story, type }),
          'palimpsest.revision': revision,
          ...(correlationId !== undefined && { [correlationAttribute]: correlationId }),
        };
        const kind = SpanKind.CONSUMER;
        tracer.startSpan('projection', { kind, attributes, startTime: began }, command ?? ROOT_CONTEXT).end();
      }
    },

    /** Sends what waits, as far as the collector takes it soon. */
    async close(): Promise<void> {
      const over = Promise.withResolvers<void>();
      const timer = setTimeout(over.resolve, patience);
      await Promise.race([provider.shutdown().catch(() => {}), over.promise]);
      clearTimeout(timer);
    },
  };
}

async function ended<T>(span: Span, run: () => Promise<T>, outcomeOf: (result: T) => string): Promise<T> {
  try {
    const result = await run();
    span.setAttribute('palimpsest.outcome', outcomeOf(result));
    return result;
  } catch (error) {
    // Not its message: that may quote what somebody wrote.
    span.setAttribute('error.type', failureOf(error)).setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

const named = (facts: Facts): Attributes =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [`palimpsest.${name}`, value]));

function samplerOf(name: Tracing['sampler'], share: number): Sampler {
  const root = name.endsWith('always_on')
    ? new AlwaysOnSampler()
    : name.endsWith('always_off')
      ? new AlwaysOffSampler()
      : new TraceIdRatioBasedSampler(share);
  return name.startsWith('parentbased') ? new ParentBasedSampler({ root }) : root;
}

/** An exporter whose failures are logged: the first, and the first after a success. */
function heard(exporter: SpanExporter, said: Pick<Logger, 'warn'>): SpanExporter {
  let failing = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.error && !failing) said.warn({ err: result.error }, 'traces cannot be sent');
        failing = result.error !== undefined;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush && { forceFlush: () => exporter.forceFlush!() }),
  };
}
