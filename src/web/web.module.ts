/** What every room with a door shares: settings, log, problems, checked requests, health. */
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import type { DestinationStream } from 'pino';
import type { Config } from '../config.js';
import { HealthController, OpeningGuard, ReadinessChecks } from './health.js';
import { createLog } from './log.js';
import { ProblemFilter, type ProblemPage } from './problem-filter.js';
import { problemPage } from './problem-page.js';
import { CONFIG, LOG, PROBLEM_PAGE } from './tokens.js';
import { RequestValidation } from './validation.js';

@Global()
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: a Nest module is a class.
export class WebModule {
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
