/** The doors of the write path: one verb a method, each a request made into a `ChangeStory`. */
import { Body, Controller, Delete, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
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
import { CurrentViewer, Needs, need } from '../access/guard.js';
import type { Viewer } from '../access/viewer.js';
import { checkText } from '../content/check.js';
import { limits } from '../content/limits.js';
import { type ParsedStatement, parseDraftContent, parseStatement } from '../content/parse-fields.js';
import { isSlug } from '../content/slug.js';
import type { DraftContent, Dropped, Fault, Parsed } from '../content/types.js';
import type { StatementDraft } from '../story/commands.js';
import { type Instant, parseInstant } from '../story/instant.js';
import { writersEtag } from '../web/etag.js';
import { Refused } from '../web/problem.js';
import { invalid } from '../web/validation.js';
import { type Asked, ChangeStory, type Outcome } from './change-story.js';
import { ChangedAnswer, NewVersionRequest, PublishRequest, type VersionMembers } from './members.js';
import './problems.js';

const idempotencyKey = {
  name: 'Idempotency-Key',
  required: false,
  description: 'The same request with the same key is carried out once. 1 to 255 visible ASCII characters.',
};
const precondition = {
  name: 'If-Match',
  required: true,
  description: 'The story’s ETag as you have seen it, or * for whatever it is.',
};

const slugForm = `A slug has lower-case letters and digits with single hyphens between them, at most ${limits.slug}, and not the form of a UUID.`;

interface Given {
  viewer: Viewer;
  story?: string;
  headers: Record<string, string | undefined>;
  request: object;
  editor?: { id: string; name: string };
}

@ApiTags('Writing')
@ApiBearerAuth()
@Controller('api/stories')
export class EditingController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @Needs('publish')
  @ApiOperation({ summary: 'Publish a story', description: 'Makes version 1. The answer’s Location is its address.' })
  @ApiHeader(idempotencyKey)
  @ApiCreatedResponse({ type: ChangedAnswer })
  async publish(
    @CurrentViewer() viewer: Viewer,
    @Headers() headers: Record<string, string>,
    @Body() request: PublishRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedAnswer> {
    const { slug } = request;
    if (slug !== undefined && !isSlug(slug)) throw invalid([{ pointer: '/slug', code: 'bad-slug', detail: slugForm }]);
    const { dropped, ...said } = versionOf(viewer, request, true);
    const asked = { type: 'publish', ...said, ...(slug !== undefined && { slug }) } as const;
    return answered(reply, dropped, await this.change({ viewer, headers, request, editor: request.editor }, asked));
  }

  @Post(':story/versions')
  @Needs('new-version')
  @ApiOperation({
    summary: 'Make a new version',
    description: 'An update, statements, or both at once. What is left out stays as in the base.',
  })
  @ApiHeader(precondition)
  @ApiHeader(idempotencyKey)
  @ApiCreatedResponse({ type: ChangedAnswer })
  async newVersion(
    @CurrentViewer() viewer: Viewer,
    @Param('story') story: string,
    @Headers() headers: Record<string, string>,
    @Body() request: NewVersionRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedAnswer> {
    const { significance, base, supersedes } = request;
    const { dropped, content, ...said } = versionOf(viewer, request, false);
    const asked = { type: 'new-version', ...content, ...said, significance, base, supersedes } as const;
    return answered(
      reply,
      dropped,
      await this.change({ viewer, story, headers, request, editor: request.editor }, asked),
    );
  }

  @Delete(':story/versions/:version')
  @HttpCode(200)
  @Needs('cancel')
  @ApiOperation({ summary: 'Cancel a version that has not yet been in force' })
  @ApiParam({ name: 'version', schema: { type: 'integer', minimum: 1 } })
  @ApiHeader(precondition)
  @ApiHeader(idempotencyKey)
  @ApiOkResponse({ type: ChangedAnswer })
  async cancel(
    @CurrentViewer() viewer: Viewer,
    @Param('story') story: string,
    @Param('version') typed: string,
    @Headers() headers: Record<string, string>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedAnswer> {
    if (!/^[1-9]\d{0,8}$/.test(typed)) {
      throw invalid([{ parameter: 'version', code: 'bad-version', detail: 'A version is a number from 1.' }]);
    }
    const version = Number(typed);
    const outcome = await this.change({ viewer, story, headers, request: { version } }, { type: 'cancel', version });
    const answer = answered(reply, [], outcome);
    reply.status(200);
    return answer;
  }

  private change({ viewer, story, headers, request, editor }: Given, asked: Asked): Promise<Outcome> {
    if (editor && !viewer.onBehalf) {
      throw new Refused({
        code: 'on-behalf-forbidden',
        detail: 'This token writes in its own name; leave `editor` out.',
      });
    }
    const actor = viewer.actor!;
    return this.commands.execute(
      new ChangeStory({
        asked,
        actor,
        editor: editor ? { id: editor.id, name: editor.name } : { id: actor, name: viewer.name! },
        request: JSON.parse(JSON.stringify(request)),
        ...(story !== undefined && { story }),
        ...(headers['if-match'] !== undefined && { ifMatch: headers['if-match'] }),
        ...(headers['idempotency-key'] !== undefined && { idempotencyKey: headers['idempotency-key'] }),
      }),
    );
  }
}

interface Said {
  content: DraftContent;
  statements?: StatementDraft[];
  note?: string;
  inForceFrom?: Instant;
  imported?: true;
  dropped: Dropped[];
}

/** What a request says of a version, or Refused `invalid` with every fault. */
function versionOf(viewer: Viewer, request: VersionMembers, whole: boolean): Said {
  const { statements, note, inForceFrom, imported, editor, ...members } = request;
  if (imported) need(viewer, 'import');
  const faults: Fault[] = [];
  const dropped: Dropped[] = [];
  const taken = <T extends { dropped: Dropped[] }>(parsed: Parsed<T>): T | undefined => {
    if (!parsed.ok) faults.push(...parsed.faults);
    else dropped.push(...parsed.value.dropped);
    return parsed.ok ? parsed.value : undefined;
  };
  const { slug, significance, base, supersedes, ...contentMembers } = members as Record<string, unknown>;
  const content = taken(parseDraftContent(contentMembers));
  if (whole && content && content.fields.headline === undefined) {
    const detail = 'A story needs a headline, here or as the title of the Markdown’s front matter.';
    faults.push({ pointer: '/headline', code: 'required', detail });
  }
  const said = statements?.map((statement, index) => taken(parseStatement(statement, `/statements/${index}`)));
  if (note !== undefined) faults.push(...checkText(note, { max: limits.note, multiline: true }, '/note'));
  if (editor) faults.push(...checkText(editor.name, { max: limits.speaker }, '/editor/name'));
  const time = inForceFrom === undefined ? undefined : parseInstant(inForceFrom);
  if (inForceFrom !== undefined && !time) {
    const detail = 'An RFC 3339 date-time with an offset, such as 2026-05-14T11:27:00+01:00.';
    faults.push({ pointer: '/inForceFrom', code: 'bad-instant', detail });
  }
  if (faults.length) throw invalid(faults);
  return {
    content: { fields: content!.fields, ...(content!.body && { body: content!.body }) },
    ...(said && { statements: said.map((statement) => statementOf(statement!)) }),
    ...(note !== undefined && { note }),
    ...(time && { inForceFrom: time }),
    ...(imported && { imported: true as const }),
    dropped,
  };
}

const statementOf = ({ dropped: _, ...statement }: ParsedStatement): StatementDraft => statement;

function answered(reply: FastifyReply, dropped: Dropped[], outcome: Outcome): ChangedAnswer {
  if (!outcome.ok) throw new Refused(outcome.refusal, outcome.headers);
  const { story, slug, revision, version, acts, inForceFrom, recordedAt, changed, visible, position } = outcome;
  reply.header('etag', writersEtag(revision, outcome.versionInForce));
  reply.header('palimpsest-position', position);
  if (changed && !outcome.repeated) reply.header('location', `/api/stories/${slug ?? story}/versions/${version}`);
  else reply.status(200);
  return { story: { id: story, slug, revision }, version, acts, inForceFrom, recordedAt, changed, visible, dropped };
}
