/** The door of the list of corrections. */
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentViewer } from '../access/guard.js';
import type { Viewer } from '../access/viewer.js';
import { linkNext } from '../web/link.js';
import { position } from '../web/position.js';
import { given, send } from './history.controller.js';
import { CorrectionsMember } from './list-members.js';
import { CorrectionsQuery } from './parameters.js';
import { ListCorrections } from './queries.js';

@ApiTags('Reading')
@ApiHeader(position)
@Controller('api/corrections')
export class CorrectionsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({
    summary: 'What readers were told was wrong',
    description:
      'Corrections, clarifications, editors’ notes and retractions, of all stories or of one; the latest first.',
  })
  @ApiOkResponse({ type: CorrectionsMember })
  async corrections(
    @CurrentViewer() viewer: Viewer,
    @Query() asked: CorrectionsQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const answer = given(request, await this.queries.execute(new ListCorrections(viewer, asked)));
    linkNext(request, reply, 'cursor', answer.next);
    send(reply, 'json', JSON.stringify(answer));
  }
}
