/** Readers' pages over real HTTP, on a history that is made up. */
import { HISTORY, type History } from '../../src/history/questions.js';
import '../../src/history/problems.js';
import { Global, Module } from '@nestjs/common';
import { ChangesController } from '../../src/reading/changes.controller.js';
import { PagesController } from '../../src/reading/pages.controller.js';
import { ProblemsController } from '../../src/reading/problems.controller.js';
import { msOf } from '../../src/story/instant.js';
import { CLOCK } from '../../src/web/tokens.js';
import { type Service, serve } from '../web/app.js';
import { now } from './harrow-bay.js';

/** `history` answers every question. */
export function servePages(history: History, env: Record<string, string> = {}): Promise<Service> {
  class Answers {}
  Global()(Answers);
  Module({
    providers: [
      { provide: HISTORY, useValue: history },
      { provide: CLOCK, useValue: () => msOf(now) },
    ],
    exports: [HISTORY, CLOCK],
  })(Answers);
  return serve(
    { imports: [Answers], controllers: [PagesController, ChangesController, ProblemsController] },
    {
      PALIMPSEST_PUBLISHER: 'The Harrow Bay Courier',
      PALIMPSEST_TIMEZONE: 'Europe/Berlin',
      PALIMPSEST_LOG_LEVEL: 'silent',
      ...env,
    },
  );
}
