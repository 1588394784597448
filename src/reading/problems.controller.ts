/** The doors of the pages that explain problems: as pages or as JSON. */
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import type { Config } from '../config.js';
import { contentType, negotiate } from '../web/negotiate.js';
import { type Frame, frameFor, renderPage } from '../web/page.js';
import { problemTypes, Refused } from '../web/problem.js';
import { CONFIG } from '../web/tokens.js';
import { problemListPage, problemTypePage } from './problem-pages.js';

@ApiExcludeController()
@Controller('problems')
export class ProblemsController {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const types = [...problemTypes()].sort(([a], [b]) => (a < b ? -1 : 1));
    const asJson = { problems: types.map(([code, type]) => ({ code, type: `/problems/${code}`, ...type })) };
    await this.send(request, reply, (frame) => problemListPage(frame, types), asJson);
  }

  @Get(':code')
  async one(@Param('code') code: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const type = problemTypes().get(code);
    if (!type) throw new Refused({ code: 'not-found', detail: 'No problem has this code.' });
    const asJson = { code, type: `/problems/${code}`, ...type };
    await this.send(request, reply, (frame) => problemTypePage(frame, code, type), asJson);
  }

  private async send(
    request: FastifyRequest,
    reply: FastifyReply,
    page: (frame: Frame) => VNode,
    asJson: object,
  ): Promise<void> {
    const { format } = request.query as { format?: string };
    const as = negotiate(request.headers.accept, format, ['html', 'json']);
    const body = as === 'html' ? renderPage(page(frameFor(this.config, request))) : JSON.stringify(asJson);
    await reply.header('content-type', contentType(as)).send(body);
  }
}
