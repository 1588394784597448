/** Telemetry as the settings ask for it. What nobody asked for is not even loaded. */
import type { Logger } from 'pino';
import type { Config } from '../config.js';
import type { Metrics } from './metrics.js';
import type { MetricsListener } from './metrics-listener.js';
import { silent, type Telemetry } from './telemetry.js';
import type { Traces } from './traces.js';

export interface OpenTelemetry extends Telemetry {
  /** Lets metrics be read, where they are to be. Throws NoMetrics. */
  listen(): Promise<void>;
  /** Sends the traces that still wait, for a moment. */
  close(): Promise<void>;
}

export async function openTelemetry(
  { metrics: at, tracing }: Pick<Config, 'metrics' | 'tracing'>,
  said: Pick<Logger, 'info' | 'warn'>,
): Promise<OpenTelemetry> {
  const metrics = at && (await import('./metrics.js')).openMetrics();
  const to = tracing.tracesEndpoint ?? (tracing.endpoint && `${tracing.endpoint.replace(/\/$/, '')}/v1/traces`);
  const traces = to ? (await import('./traces.js')).openTraces(to, tracing, said) : undefined;
  let listener: MetricsListener | undefined;
  return {
    ...(metrics || traces ? telemetryOf(metrics, traces) : silent),
    async listen() {
      if (!at || !metrics) return;
      const { listenForMetrics } = await import('./metrics-listener.js');
      listener = await listenForMetrics(metrics, at);
      said.info({ url: listener.url }, 'metrics');
    },
    async close() {
      await listener?.close();
      metrics?.close();
      await traces?.close();
    },
  };
}

function telemetryOf(metrics?: Metrics, traces?: Traces): Telemetry {
  return {
    watch(work, facts, run, outcomeOf = () => 'ok') {
      const timed = metrics ? () => metrics.time(work, facts, run, outcomeOf) : run;
      return traces ? traces.span(work, facts, timed, outcomeOf) : timed();
    },
    request(asked) {
      const counted = metrics?.request(asked.method);
      const traced = asked.minor ? undefined : traces?.request(asked);
      return {
        within: (go) => (traced ? traced.within(go) : go()),
        end(answered) {
          counted?.(answered);
          traced?.end(answered);
        },
      };
    },
    problem: (code) => metrics?.problem(code),
    synced: (seconds) => metrics?.synced(seconds),
    projected(count, fresh, began) {
      metrics?.projected(count, began);
      traces?.projected(fresh, began);
    },
    level: (level, read) => metrics?.level(level, read),
    cache: (name, cache) => metrics?.cache(name, cache),
  };
}
