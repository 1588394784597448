/** Whether the process lives and whether it can serve; rooms add what must be so before it can. */
import {
  type BeforeApplicationShutdown,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Header,
  Injectable,
  Res,
} from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { defineProblems, Refused } from './problem.js';

defineProblems({
  'not-open': {
    status: 503,
    title: 'The service is starting',
    explanation:
      'What it would show might be hidden or gone by what it has not read yet. `/health/ready` says how far it is. Ask again.',
  },
});

export interface ReadinessCheck {
  name: string;
  /** Cheap and bounded; what it throws counts as not ready. */
  check(): Readiness | Promise<Readiness>;
}
export interface Readiness {
  ready: boolean;
  /** For whoever runs the service, such as "built 40 of 100 stories". */
  detail?: string;
}

/** What must hold before requests are sent here. A room adds its own when its module starts. */
@Injectable()
export class ReadinessChecks implements BeforeApplicationShutdown {
  private readonly checks: ReadinessCheck[] = [];
  private readonly openings: (() => boolean)[] = [];
  private readonly listeners: ((error: unknown) => void)[] = [];
  private closing = false;

  add(check: ReadinessCheck): void {
    this.checks.push(check);
  }

  /** Nothing but health is answered before `isOpen` has become true. */
  openWhen(isOpen: () => boolean): void {
    this.openings.push(isOpen);
  }

  /** Tells `listener` of every error that a request was answered 5xx for. */
  whenMet(listener: (error: unknown) => void): void {
    this.listeners.push(listener);
  }

  met(error: unknown): void {
    for (const listener of this.listeners) listener(error);
  }

  isOpen = (): boolean => this.openings.every((isOpen) => isOpen());

  beforeApplicationShutdown(): void {
    this.closing = true;
  }

  async run(): Promise<{ ready: boolean; checks: ({ name: string } & Readiness)[] }> {
    const checks = await Promise.all(
      this.checks.map(async ({ name, check }) => {
        try {
          return { name, ...(await check()) };
        } catch (error) {
          return { name, ready: false, detail: error instanceof Error ? error.name : 'failed' };
        }
      }),
    );
    if (this.closing) checks.push({ name: 'service', ready: false, detail: 'is closing' });
    return { ready: checks.every(({ ready }) => ready), checks };
  }
}

const readyAnswer = {
  type: 'object',
  properties: {
    ready: { type: 'boolean' },
    checks: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, ready: { type: 'boolean' }, detail: { type: 'string' } },
        required: ['name', 'ready'],
      },
    },
  },
  required: ['ready', 'checks'],
};

/** Keeps everybody out until the service may answer at all. */
@Injectable()
export class OpeningGuard implements CanActivate {
  constructor(private readonly readiness: ReadinessChecks) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.readiness.isOpen() || context.getClass() === HealthController) return true;
    throw new Refused(
      { code: 'not-open', detail: 'The service is starting: it still reads what was recorded before.' },
      { 'retry-after': '2' },
    );
  }
}

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: ReadinessChecks) {}

  @Get('live')
  @ApiOperation({ summary: 'The process answers' })
  @ApiOkResponse({ schema: { type: 'object', properties: { live: { type: 'boolean' } }, required: ['live'] } })
  @Header('cache-control', 'no-store')
  live() {
    return { live: true };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Whether every check holds', description: '503 with the same body while one does not.' })
  @ApiOkResponse({ schema: readyAnswer })
  @Header('cache-control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const answer = await this.readiness.run();
    if (!answer.ready) reply.status(503);
    return answer;
  }
}
