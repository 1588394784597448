/** History as a Nest module. Needs VIEWS, CONFIG, CLOCK and the QueryBus. */
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Config } from '../config.js';
import { TELEMETRY, type Telemetry } from '../telemetry/telemetry.js';
import { VIEWS, type Views } from '../views/views.js';
import { CLOCK, CONFIG } from '../web/tokens.js';
import { ArrivalGuard } from './arrival.js';
import { ChangesController } from './changes.controller.js';
import { CorrectionsController } from './corrections.controller.js';
import { HistoryController } from './history.controller.js';
import { openHistory } from './history.js';
import { queryHandlers } from './queries.js';
import { HISTORY } from './questions.js';

@Module({
  controllers: [HistoryController, CorrectionsController, ChangesController],
  providers: [
    {
      provide: HISTORY,
      useFactory: (views: Views, config: Config, clock: () => number, telemetry: Telemetry) =>
        openHistory(views, config, clock, telemetry),
      inject: [VIEWS, CONFIG, CLOCK, TELEMETRY],
    },
    ...queryHandlers,
    // After the guard that finds out who asks: the module of access is imported before this one.
    { provide: APP_GUARD, useClass: ArrivalGuard },
  ],
  exports: [HISTORY],
})
export class HistoryModule {}
