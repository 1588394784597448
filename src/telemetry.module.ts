/** Telemetry as a Nest module: opened before the store, read from when the service listens, closed with it. */
import {
  type DynamicModule,
  Global,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Config } from './config.js';
import { type OpenTelemetry, openTelemetry } from './telemetry/open.js';
import { TELEMETRY } from './telemetry/telemetry.js';
import { LOG } from './web/tokens.js';

@Global()
@Module({})
export class TelemetryModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(TELEMETRY) private readonly telemetry: OpenTelemetry) {}

  onApplicationBootstrap(): Promise<void> {
    return this.telemetry.listen();
  }

  onApplicationShutdown(): Promise<void> {
    return this.telemetry.close();
  }

  static register(config: Config): DynamicModule {
    return {
      module: TelemetryModule,
      providers: [{ provide: TELEMETRY, useFactory: (said) => openTelemetry(config, said), inject: [LOG] }],
      exports: [TELEMETRY],
    };
  }
}
