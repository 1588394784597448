/** Whether the process lives and whether it can serve; rooms add what must be so before it can. */
import { type BeforeApplicationShutdown, Controller, Get, Header, Injectable, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

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
  private closing = false;

  add(check: ReadinessCheck): void {
    this.checks.push(check);
  }

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

@Controller('health')
export class HealthController {
  constructor(private readonly readiness: ReadinessChecks) {}

  /** The process answers. */
  @Get('live')
  @Header('cache-control', 'no-store')
  live() {
    return { live: true };
  }

  /** Every check holds; else 503 with those that don't. */
  @Get('ready')
  @Header('cache-control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const answer = await this.readiness.run();
    if (!answer.ready) reply.status(503);
    return answer;
  }
}
