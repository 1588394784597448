/** The doors of stories and their versions: one verb a method, each a request made into a `ChangeStory`. */
import { Body, Controller, Delete, Headers, Param, Patch, Post, Res } from '@nestjs/common';
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
import { position } from '../web/position.js';
import { ChangedAnswer } from './answer-members.js';
import { idempotencyKey, numberOfVersion, precondition, through, versionParam } from './doors.js';
import { NewVersionRequest, PublishRequest } from './members.js';
import { readAmendVersion, readNewVersion, readPublish, readSaid } from './parse-requests.js';
import { AmendVersionRequest, ReasonRequest } from './standing-members.js';
import './problems.js';

@ApiTags('Writing')
@ApiBearerAuth()
@ApiHeader(idempotencyKey)
@ApiHeader(position)
@Controller('api/stories')
export class EditingController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @Needs('publish')
  @ApiOperation({ summary: 'Publish a story', description: 'Makes version 1. The answer’s Location is its address.' })
  @ApiCreatedResponse({ type: ChangedAnswer })
  publish(
    @CurrentViewer() viewer: Viewer,
    @Headers() headers: Record<string, string>,
    @Body() request: PublishRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedAnswer> {
    const given = { viewer, headers, request, editor: request.editor, reply };
    return through(this.commands, given, (found) => readPublish(request, found));
  }

  @Post(':story/versions')
  @Needs('new-version')
  @ApiOperation({
    summary: 'Make a new version',
    description:
      'An update, statements, a correction, a restoration, or several at once. What is left out stays as in the base.',
  })
  @ApiHeader(precondition)
  @ApiCreatedResponse({ type: ChangedAnswer })
  newVersion(
    @CurrentViewer() viewer: Viewer,
    @Param('story') story: string,
    @Headers() headers: Record<string, string>,
    @Body() request: NewVersionRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedAnswer> {
    const { editor, ...members } = request;
    const given = { viewer, story, headers, request, editor, reply };
    return through(this.commands, given, (found) => readNewVersion(members, found));
  }

  @Patch(':story/versions/:version')
  @Needs('amend', 'correct-times', 'reclassify', 'label', 'hide', 'show')
  @ApiOperation({
    summary: 'Change what is said of a version',
    description: 'Its note, time, significance, labels, and whether it is hidden: all or nothing.',
  })
  @ApiParam(versionParam)
  @ApiHeader(precondition)
  @ApiOkResponse({ type: ChangedAnswer })
  amendVersion(
    @CurrentViewer() viewer: Viewer,
    @Param('story') story: string,
    @Param('version') typed: string,
    @Headers() headers: Record<string, string>,
    @Body() request: AmendVersionRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedAnswer> {
    const version = numberOfVersion(typed);
    const given = { viewer, story, headers, request: { version, ...request }, editor: request.editor, reply };
    return through(this.commands, given, (found) => readAmendVersion(request, version, found));
  }

  @Delete(':story/versions/:version')
  @Needs('cancel')
  @ApiOperation({ summary: 'Cancel a version that has not yet been in force' })
  @ApiParam(versionParam)
  @ApiHeader(precondition)
  @ApiOkResponse({ type: ChangedAnswer })
  cancel(
    @CurrentViewer() viewer: Viewer,
    @Param('story') story: string,
    @Param('version') typed: string,
    @Headers() headers: Record<string, string>,
    @Body() request: ReasonRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedAnswer> {
    const version = numberOfVersion(typed);
    const given = { viewer, story, headers, request: { version, ...request }, editor: request.editor, reply };
    return through(this.commands, given, (found) => ({
      type: 'cancel',
      version,
      ...readSaid(request, 'reason', found),
    }));
  }
}
