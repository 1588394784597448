/** Who is asking, for every room: tokens, sessions, the guard before every route. */
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Config } from '../config.js';
import { DOOR } from '../web/tokens.js';
import { SESSIONS, ViewerGuard } from './guard.js';
import { openSessions } from './sessions.js';
import { SignInController } from './sign-in.js';
import { Tokens } from './tokens.js';

@Global()
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: a Nest module is a class.
export class AccessModule {
  static register(config: Config, clock: () => number = Date.now): DynamicModule {
    return {
      module: AccessModule,
      controllers: [SignInController],
      providers: [
        { provide: Tokens, useFactory: () => new Tokens(config.access, clock) },
        { provide: SESSIONS, useFactory: () => openSessions(config.access, clock) },
        ViewerGuard,
        { provide: APP_GUARD, useExisting: ViewerGuard },
        { provide: DOOR, useFactory: ({ door }: ViewerGuard) => door, inject: [ViewerGuard] },
      ],
      exports: [Tokens, SESSIONS, DOOR],
    };
  }
}
