/** Nobody of the staff is answered from before what they have written: the guard that waits for it. */
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isSafe } from '../access/guard.js';
import { readerViewer, type Viewer } from '../access/viewer.js';
import { VIEWS, type Views } from '../views/views.js';
import { Refused } from '../web/problem.js';
import './problems.js';

/** How long a request waits for the change that the caller has seen, in milliseconds. */
const patience = 2_000;

/**
 * Waits for the change that the caller says it has seen, before it reads or writes. Throws Refused `not-there-yet`. Whoever
 * has a token but reads as the public does is waited for only to write, of which positions tell anyhow; a reader never: it
 * would tell how much has been recorded.
 */
@Injectable()
export class ArrivalGuard implements CanActivate {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest & { viewer?: Viewer }>();
    const seen = request.headers['palimpsest-position'];
    if (typeof seen !== 'string') return true;
    const { audience, actor } = request.viewer ?? readerViewer;
    if (audience !== 'staff' && (actor === undefined || isSafe(request))) return true;
    return this.arrived(seen);
  }

  private async arrived(seen: string): Promise<true> {
    if (await this.views.waitFor(seen, patience)) return true;
    const detail = 'The change named by Palimpsest-Position has not arrived here yet.';
    throw new Refused({ code: 'not-there-yet', detail }, { 'retry-after': '1' });
  }
}
