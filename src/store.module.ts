/**
 * The log, this node's views and what erases words from both, opened at start and closed last: HTTP first, then the
 * eraser, the projector, the store.
 */

import { setTimeout as sleep } from 'node:timers/promises';
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
import { measured } from './event-store/measured.js';
import { openStore } from './event-store/open.js';
import type { EventStore } from './event-store/port.js';
import { EVENT_LOG } from './event-store/tokens.js';
import { TELEMETRY, type Telemetry } from './telemetry/telemetry.js';
import { lagOf } from './views/lag.js';
import { openViews, VIEWS, type Views } from './views/views.js';
import { ReadinessChecks } from './web/health.js';
import { CLOCK, CONFIG, LOG } from './web/tokens.js';

/** How long a start waits for the views before it listens, in milliseconds, and how often it looks. */
const longestWait = 10_000;
const oftenest = 100;

const EVENT_STORE = Symbol('event store');

@Global()
@Module({})
export class StoreModule implements OnModuleInit, OnApplicationShutdown {
  private isOpen = false;
  private isDamaged = false;
  private readonly closing = new AbortController();

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(EVENT_LOG) private readonly log: Log,
    @Inject(VIEWS) private readonly views: Views,
    @Inject(ERASER) private readonly eraser: RunningEraser,
    @Inject(CLOCK) clock: () => number,
    @Inject(CONFIG) { mostLag }: Pick<Config, 'mostLag'>,
    @Inject(TELEMETRY) telemetry: Telemetry,
    readiness: ReadinessChecks,
  ) {
    const lag = lagOf(log, views, clock);
    telemetry.level('projectionLag', async () => (await lag()) / 1000);
    telemetry.level('projectionFailing', () => (views.state().failing === undefined ? 0 : 1));
    telemetry.level('erasuresPending', () => eraser.pending().length);
    telemetry.level('comparisonsWaiting', views.comparing.waiting);
    views.run();
    eraser.run();
    readiness.openWhen(() => this.isOpen && !this.isDamaged);
    readiness.whenMet(views.met);
    views.whenDamaged(() => {
      this.isDamaged = true;
    });
    readiness.add({
      name: 'erasures',
      check: () => (eraser.ready() ? { ready: true } : { ready: false, detail: 'looking for erasures the log lacks' }),
    });
    readiness.add({
      name: 'views',
      check: async () => {
        if (this.isDamaged) return { ready: false, detail: 'damaged; made anew when the service starts again' };
        const { failing, events } = views.state();
        if (failing) return { ready: false, detail: `cannot follow the log (${failing}); trying again` };
        if (!this.isOpen) return { ready: false, detail: `catching up: ${events} events read so far` };
        // Anyone may ask: a count, or a moment's lag, would tell readers that something is recorded and waiting.
        const seconds = Math.floor((await lag()) / 1000);
        return { ready: seconds <= mostLag, ...(seconds > 0 && { detail: `${seconds} s behind the log` }) };
      },
    });
  }

  async onModuleInit(): Promise<void> {
    await Promise.race([this.open(), sleep(longestWait, undefined, { ref: false, signal: this.closing.signal })]).catch(
      () => {},
    );
  }

  /**
   * Views behind the log do not know yet what it hides and erases: nobody is answered from them before they do. What came
   * into force meanwhile is told first too.
   */
  private async open(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      try {
        if (this.eraser.ready() && (await this.views.waitFor(await this.log.head(), longestWait))) {
          // What fails is tried again when the next one is due.
          await this.views.announce().catch(() => {});
          this.isOpen = true;
          return;
        }
      } catch (error) {
        this.views.met(error);
      }
      await sleep(oftenest, undefined, { ref: false });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.closing.abort();
    await this.eraser.close();
    await this.views.close();
    await this.store.close();
  }

  static register(config: Config, clock: () => number): DynamicModule {
    return {
      module: StoreModule,
      providers: [
        { provide: CLOCK, useValue: clock },
        {
          provide: EVENT_STORE,
          async useFactory(telemetry: Telemetry) {
            return measured(await openStore(config, { clock, onSync: telemetry.synced }), telemetry);
          },
          inject: [TELEMETRY],
        },
        { provide: EVENT_LOG, useFactory: openLog, inject: [EVENT_STORE] },
        {
          provide: VIEWS,
          useFactory: (log: Log, said: Logger, telemetry: Telemetry, store: EventStore) =>
            orClosing(openViews(config.data, log, said, clock, telemetry), store),
          inject: [EVENT_LOG, LOG, TELEMETRY, EVENT_STORE],
        },
        {
          provide: ERASER,
          async useFactory(log: Log, views: Views, said: Logger, store: EventStore) {
            const eraser = openEraser({ directory: config.data, log, views, clock, said });
            await orClosing(eraser.reapplyLedger(), views, store);
            return eraser;
          },
          inject: [EVENT_LOG, VIEWS, LOG, EVENT_STORE],
        },
      ],
      exports: [CLOCK, EVENT_LOG, VIEWS, ERASER],
    };
  }
}

/** A start that fails leaves nothing open: the thread that writes would keep the process and the lock. */
async function orClosing<T>(opening: Promise<T>, ...opened: { close(): Promise<void> }[]): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    for (const one of opened) await one.close().catch(() => {});
    throw error;
  }
}
