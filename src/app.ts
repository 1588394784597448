/** Puts the house together: rooms as Nest modules, behind one HTTP service. */
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DestinationStream } from 'pino';
import { AccessModule } from './access/access.module.js';
import { AuditModule } from './audit/audit.module.js';
import type { Config } from './config.js';
import { DeskModule } from './desk/desk.module.js';
import { EditingModule } from './editing/editing.module.js';
import { HistoryModule } from './history/history.module.js';
import { serveApiDescription } from './openapi.js';
import { ReadingModule } from './reading/reading.module.js';
import { StoreModule } from './store.module.js';
import { watchRequests } from './telemetry/requests.js';
import { TELEMETRY, type Telemetry } from './telemetry/telemetry.js';
import { TelemetryModule } from './telemetry.module.js';
import { configureApp, fastifyAdapter } from './web/app.js';
import type { Patience } from './web/patience.js';
import { WebModule } from './web/web.module.js';

export interface AppOptions {
  /** Milliseconds since 1970. */
  clock?: () => number;
  logTo?: DestinationStream;
  patience?: Patience;
}

@Module({})
class AppModule {
  static register(config: Config, { clock = Date.now, logTo }: AppOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        WebModule.register(config, { ...(logTo && { logTo }) }),
        TelemetryModule.register(config),
        AccessModule.register(config, clock),
        StoreModule.register(config, clock),
        CqrsModule.forRoot(),
        EditingModule,
        HistoryModule,
        AuditModule,
        ReadingModule,
        DeskModule,
      ],
    };
  }
}

/** The service, ready to `listen`. Throws StoreRefused when its data can't be opened; closing it closes everything. */
export async function createApp(config: Config, options: AppOptions = {}): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.register(config, options),
    fastifyAdapter(options.patience),
    {
      bufferLogs: true,
      abortOnError: false,
    },
  );
  const telemetry = app.get<Telemetry>(TELEMETRY);
  watchRequests(app.getHttpAdapter().getInstance(), telemetry);
  await configureApp(app, config, options.patience, telemetry);
  await serveApiDescription(app);
  return app;
}
