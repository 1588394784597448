/** The doors of a story as a whole: withdraw it, bring it back, rename it, amend or take back a notice. */
import { Body, Controller, Headers, Param, Patch, Post, Put, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentViewer, Needs } from '../access/guard.js';
import type { Viewer } from '../access/viewer.js';
import type { AmendNotice } from '../story/commands.js';
import { position } from '../web/position.js';
import { ChangedAnswer } from './answer-members.js';
import { type Door, idempotencyKey, precondition, through } from './doors.js';
import { readReinstate, readSaid, readSlug, readWithdraw } from './parse-requests.js';
import { NoticeRequest, ReinstateRequest, SlugRequest, WithdrawRequest } from './standing-members.js';

@ApiTags('Writing')
@ApiBearerAuth()
@ApiHeader(precondition)
@ApiHeader(idempotencyKey)
@ApiHeader(position)
@Controller('api/stories')
export class StandingController {
  constructor(private readonly commands: CommandBus) {}

  @Post(':story/withdrawals')
  @Needs('unpublish', 'retract', 'kill', 'takedown')
  @ApiOperation({
    summary: 'Take a story away, or change how it is taken away',
    description: 'Changing a kill or a takedown needs the right that imposed it.',
  })
  @ApiCreatedResponse({ type: ChangedAnswer })
  withdraw(
    @CurrentViewer() viewer: Viewer,
    @Param('story') story: string,
    @Headers() headers: Record<string, string>,
    @Body() request: WithdrawRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedAnswer> {
    const given = { viewer, story, headers, request, editor: request.editor, reply };
    return through(this.commands, given, (found) => readWithdraw(request, found));
  }

  @Post(':story/reinstatements')
  @Needs('reinstate')
  @ApiOperation({
    summary: 'Bring a withdrawn story back',
    description: 'Ending a kill or a takedown needs the right that imposed it.',
  })
  @ApiOkResponse({ type: ChangedAnswer })
  reinstate(
    @CurrentViewer() viewer: Viewer,
    @Param('story') story: string,
    @Headers() headers: Record<string, string>,
    @Body() request: ReinstateRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedAnswer> {
    const given = { viewer, story, headers, request, editor: request.editor, reply };
    return through(this.commands, given, (found) => readReinstate(request, found));
  }

  @Put(':story/slug')
  @Needs('slug')
  @ApiOperation({
    summary: 'Rename a story',
    description: 'Its old slugs stay its own and lead to the new one.',
  })
  @ApiOkResponse({ type: ChangedAnswer })
  rename(
    @CurrentViewer() viewer: Viewer,
    @Param('story') story: string,
    @Headers() headers: Record<string, string>,
    @Body() request: SlugRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedAnswer> {
    const given = { viewer, story, headers, request, editor: request.editor, reply };
    return through(this.commands, given, (found) => ({ type: 'change-slug', slug: readSlug(request.slug, found) }));
  }

  @Patch(':story/corrections/:id')
  @Needs('amend')
  @ApiOperation({ summary: 'Amend or take back the notice of a correction' })
  @ApiParam({ name: 'id' })
  @ApiOkResponse({ type: ChangedAnswer })
  amendCorrection(
    @CurrentViewer() viewer: Viewer,
    @Param('story') story: string,
    @Param('id') correction: string,
    @Headers() headers: Record<string, string>,
    @Body() request: NoticeRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedAnswer> {
    return this.amend({ viewer, story, headers, request, reply }, request, { correction });
  }

  @Patch(':story/withdrawals/:id')
  @Needs('amend')
  @ApiOperation({
    summary: 'Amend or take back the notice of a withdrawal',
    description: 'That of a kill or a takedown needs the right that imposed it.',
  })
  @ApiParam({ name: 'id' })
  @ApiOkResponse({ type: ChangedAnswer })
  amendWithdrawal(
    @CurrentViewer() viewer: Viewer,
    @Param('story') story: string,
    @Param('id') withdrawal: string,
    @Headers() headers: Record<string, string>,
    @Body() request: NoticeRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedAnswer> {
    return this.amend({ viewer, story, headers, request, reply }, request, { withdrawal });
  }

  private amend(door: Door, { notice, editor }: NoticeRequest, of: AmendNotice['of']): Promise<ChangedAnswer> {
    const given = { ...door, request: { ...of, notice, editor }, editor };
    return through(this.commands, given, (found) => ({
      type: 'amend-notice',
      of,
      notice: notice === null ? null : (readSaid({ notice }, 'notice', found).notice ?? ''),
    }));
  }
}
