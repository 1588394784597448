/**
 * The log, this node's views and what erases words from both, opened at start and closed last: HTTP first, then the
 * eraser, the projector, the store.
 */
import {
  type DynamicModule,
  Global,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Logger } from 'pino';
import { openEraser, type RunningEraser } from './audit/erasure.js';
import type { Config } from './config.js';
import { ERASER } from './event-store/eraser.js';
import { type Log, openLog } from './event-store/log.js';
import type { EventStore } from './event-store/port.js';
import { openSqliteStore } from './event-store/sqlite/store.js';
import { EVENT_LOG } from './event-store/tokens.js';
import { openViews, VIEWS, type Views } from './views/views.js';
import { ReadinessChecks } from './web/health.js';
import { CLOCK, LOG } from './web/tokens.js';

/** How long a start waits for the views, in milliseconds; readiness is not reported before they are there. */
const longestWait = 10_000;

const EVENT_STORE = Symbol('event store');

@Global()
@Module({})
export class StoreModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(VIEWS) private readonly views: Views,
    @Inject(ERASER) private readonly eraser: RunningEraser,
    readiness: ReadinessChecks,
  ) {
    views.run();
    eraser.run();
    readiness.add({
      name: 'erasures',
      check: () => (eraser.ready() ? { ready: true } : { ready: false, detail: 'looking for erasures the log lacks' }),
    });
    readiness.add({
      name: 'views',
      check: async () => {
        const { position, head, caughtUp, events, failing } = await views.progress();
        if (failing) return { ready: false, detail: `cannot follow the log (${failing}); trying again` };
        if (head === undefined) return { ready: false, detail: 'the event store does not answer' };
        // Anyone may ask: once it serves, a count would tell readers that something is recorded and waiting.
        if (caughtUp || position === head) return { ready: true };
        return { ready: false, detail: `catching up: ${events} events read so far` };
      },
    });
  }

  /** Before anybody is answered: views put back together with an older log still hold what was just ordered erased. */
  async onModuleInit(): Promise<void> {
    if (this.eraser.reapplied().length === 0) return;
    const { head } = await this.views.progress();
    if (head !== undefined) await this.views.waitFor(head, longestWait);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.eraser.close();
    await this.views.close();
    await this.store.close();
  }

  static register(config: Config, clock: () => number): DynamicModule {
    return {
      module: StoreModule,
      providers: [
        { provide: CLOCK, useValue: clock },
        { provide: EVENT_STORE, useFactory: () => openSqliteStore(config.data) },
        { provide: EVENT_LOG, useFactory: openLog, inject: [EVENT_STORE] },
        {
          provide: VIEWS,
          useFactory: (log: Log, said: Logger) => openViews(config.data, log, said),
          inject: [EVENT_LOG, LOG],
        },
        {
          provide: ERASER,
          async useFactory(log: Log, views: Views, said: Logger) {
            const eraser = openEraser({ directory: config.data, log, views, clock, said });
            await eraser.reapplyLedger();
            return eraser;
          },
          inject: [EVENT_LOG, VIEWS, LOG],
        },
      ],
      exports: [CLOCK, EVENT_LOG, VIEWS, ERASER],
    };
  }
}
