/** The doors for words that must go: first a preview of where they stand, then, with its token, the act. */
import { Body, Controller, Delete, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentViewer, Needs } from '../access/guard.js';
import type { Viewer } from '../access/viewer.js';
import type { Reference } from '../story/events.js';
import { position } from '../web/position.js';
import { Refused } from '../web/problem.js';
import { invalid } from '../web/validation.js';
import { ChangedAnswer } from './answer-members.js';
import type { Refusing } from './change-story.js';
import { type Given, idempotencyKey, precondition, through } from './doors.js';
import { FindPassages, type PassagesPreview } from './find-passages.js';
import { parsed, readSaid, readSought, readTaking } from './parse-requests.js';
import type { FoundText, Taking } from './passages.js';
import { EraseTextsRequest, HideTextsRequest, PassagesAnswer } from './passages-members.js';
import { ReasonRequest } from './standing-members.js';

const whenActing = {
  ...precondition,
  required: false,
  description: `${precondition.description} Needed with a token.`,
};
const previewOrDone = {
  description: 'Without `token` a preview; with it what was done.',
  schema: { oneOf: [{ $ref: getSchemaPath(PassagesAnswer) }, { $ref: getSchemaPath(ChangedAnswer) }] },
};

@ApiTags('Writing')
@ApiBearerAuth()
@ApiHeader(idempotencyKey)
@ApiHeader(position)
@ApiExtraModels(PassagesAnswer, ChangedAnswer)
@Controller('api/stories')
export class PassagesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post(':story/hidings')
  @HttpCode(200)
  @Needs('hide')
  @ApiOperation({
    summary: 'Hide words from readers, wherever they stand in a story',
    description: 'Without `token` a preview. They can be shown again.',
  })
  @ApiHeader(whenActing)
  @ApiOkResponse(previewOrDone)
  hide(
    @CurrentViewer() viewer: Viewer,
    @Param('story') story: string,
    @Headers() headers: Record<string, string>,
    @Body() request: HideTextsRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PassagesAnswer | ChangedAnswer> {
    return this.take('hide-texts', { viewer, story, headers, request }, request, reply);
  }

  @Post(':story/erasures')
  @HttpCode(200)
  @Needs('erase')
  @ApiOperation({
    summary: 'Erase words for good, wherever they stand in a story',
    description: 'Without `token` a preview. The record keeps the proof that a text was there, and not the text.',
  })
  @ApiHeader(whenActing)
  @ApiOkResponse(previewOrDone)
  erase(
    @CurrentViewer() viewer: Viewer,
    @Param('story') story: string,
    @Headers() headers: Record<string, string>,
    @Body() request: EraseTextsRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PassagesAnswer | ChangedAnswer> {
    return this.take('erase-texts', { viewer, story, headers, request }, request, reply);
  }

  @Delete(':story/hidings/:id')
  @Needs('show')
  @ApiOperation({ summary: 'Show again what one hiding hid' })
  @ApiParam({ name: 'id', schema: { type: 'integer', minimum: 0 } })
  @ApiHeader(precondition)
  @ApiOkResponse({ type: ChangedAnswer })
  show(
    @CurrentViewer() viewer: Viewer,
    @Param('story') story: string,
    @Param('id') typed: string,
    @Headers() headers: Record<string, string>,
    @Body() request: ReasonRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedAnswer> {
    if (!/^(0|[1-9]\d{0,8})$/.test(typed)) {
      throw invalid([{ parameter: 'id', code: 'bad-hiding', detail: 'A hiding is named by a number.' }]);
    }
    const hiding = Number(typed);
    const given = { viewer, story, headers, request: { hiding, ...request }, editor: request.editor, reply };
    return through(this.commands, given, (found) => ({
      type: 'show-texts',
      hiding,
      ...readSaid(request, 'reason', found),
    }));
  }

  private async take(
    taking: Taking,
    given: Given & { story: string },
    request: EraseTextsRequest,
    reply: FastifyReply,
  ): Promise<PassagesAnswer | ChangedAnswer> {
    if (typeof request.token !== 'string') {
      const sought = parsed((found) => readSought(request, found));
      return previewed(await this.queries.execute(new FindPassages(given.viewer.may, given.story, taking, sought)));
    }
    // By the fingerprint of what is kept of a request, a guess at the phrase could be confirmed: the token stands for it.
    const { phrase: _, words: __, ...kept } = request;
    const door = { ...given, request: kept, editor: request.editor, reply };
    return through(this.commands, door, (found) => readTaking(taking, request, found));
  }
}

function previewed(found: PassagesPreview | Refusing): PassagesAnswer {
  if (!found.ok) throw new Refused(found.refusal, found.headers);
  const { story: id, slug, revision, token, texts, shownToReaders, correctFirst, alsoHere, elsewhere } = found;
  return {
    story: { id, slug, revision },
    token,
    texts: texts.map(told),
    shownToReaders,
    correctFirst,
    alsoHere: alsoHere.map(told),
    elsewhere: elsewhere && [...elsewhere],
  };
}

const told = ({ reference, ...text }: FoundText) => ({ reference: named(reference), ...text });

const named = ([revision, name]: Reference) => ({ revision, name });
