/** What every room with a door shares: settings, log, problems, checked requests, health. */
import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import type { DestinationStream, Logger } from 'pino';
import type { Config } from '../config.js';
import { HealthController, OpeningGuard, ReadinessChecks } from './health.js';
import { allWritten, createLog } from './log.js';
import { ProblemFilter, type ProblemPage } from './problem-filter.js';
import { problemPage } from './problem-page.js';
import { CONFIG, LOG, PROBLEM_PAGE } from './tokens.js';
import { RequestValidation } from './validation.js';

@Global()
@Module({})
export class WebModule implements OnApplicationShutdown {
  constructor(@Inject(LOG) private readonly log: Logger) {}

  /** Of all hooks the last, since this is the first of the global modules; then the signal ends the process. */
  onApplicationShutdown(): Promise<void> {
    return allWritten(this.log);
  }

  static register(
    config: Config,
    options: { problemPage?: ProblemPage; logTo?: DestinationStream } = {},
  ): DynamicModule {
    return {
      module: WebModule,
      controllers: [HealthController],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOG, useValue: createLog(config.logLevel, options.logTo) },
        { provide: PROBLEM_PAGE, useValue: options.problemPage ?? problemPage },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: OpeningGuard },
        { provide: APP_PIPE, useClass: RequestValidation },
        ReadinessChecks,
      ],
      exports: [CONFIG, LOG, PROBLEM_PAGE, ReadinessChecks],
    };
  }
}
