/** The doors of history: questions over HTTP, answered as JSON, Markdown, HTML or plain text. */
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentViewer } from '../access/guard.js';
import type { Viewer } from '../access/viewer.js';
import type { Config } from '../config.js';
import { documentHtml } from '../content/html-out.js';
import { documentMarkdown } from '../content/markdown-out.js';
import { documentText } from '../content/text-out.js';
import type { Content } from '../content/types.js';
import { type Instant, parseInstant } from '../story/instant.js';
import { parseVersionNumber } from '../story/version-number.js';
import { exceptFor } from '../web/caching.js';
import { writersEtag } from '../web/etag.js';
import { keepWhile } from '../web/kept.js';
import { blockedBy, linkNext, originOf } from '../web/link.js';
import { contentType, type Format, mediaTypes, negotiate } from '../web/negotiate.js';
import { type Piece, sendPieces } from '../web/pieces.js';
import { position } from '../web/position.js';
import { problemTypes, Refused } from '../web/problem.js';
import { CONFIG } from '../web/tokens.js';
import type { AsOfAnswer, StoryAnswer, ToldComparison, VersionAnswer } from './answers.js';
import { authorshipText } from './authorship-text.js';
import { StoriesMember } from './list-members.js';
import { AuthorshipMember, ComparisonMember, VersionAsOfMember, VersionListMember, VersionMember } from './members.js';
import { closedItem, isClosing, newsItem } from './ninjs.js';
import {
  AsOfQuery,
  AuthorshipQuery,
  ComparisonQuery,
  comparisonFormats,
  DocumentQuery,
  documentFormats,
  StoriesQuery,
  VersionsQuery,
} from './parameters.js';
import type { Side } from './questions.js';
import type { Answer, HistoryRefusal } from './refusals.js';
import './problems.js';
import { CompareVersions, ListStories, ListVersions, ReadAuthorship, ReadVersion, StoryAsOf } from './queries.js';
import { renderings } from './renderings.js';
import { newsArticle, type Published } from './schema-org.js';

const storyParam = { name: 'story', description: 'Its id or slug. An old slug leads to the present one (308).' };
const asDocument = [...new Set(documentFormats.map((format) => mediaTypes[format]))];

@ApiTags('Reading')
@ApiHeader(position)
@Controller('api/stories')
export class HistoryController {
  constructor(
    private readonly queries: QueryBus,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Stories in force at an instant', description: 'The latest come into force first.' })
  @ApiOkResponse({ type: StoriesMember })
  async stories(
    @CurrentViewer() viewer: Viewer,
    @Query() { asOf, ...asked }: StoriesQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const at = instantOf('asOf', asOf);
    const query = new ListStories(viewer, { ...asked, ...(at && { asOf: at }) });
    const { asOf: answered, ...answer } = given(request, await this.queries.execute(query));
    linkNext(request, reply, 'cursor', answer.next);
    exceptFor(reply, answer.next);
    send(reply, 'json', JSON.stringify({ ...(answered === at && { asOf: at }), ...answer }));
  }

  @Get(':story')
  @ApiOperation({ summary: 'The version in force', description: 'Now, or at the instant asked about.' })
  @ApiParam(storyParam)
  @ApiProduces(...asDocument)
  @ApiOkResponse({ type: VersionAsOfMember })
  async story(
    @CurrentViewer() viewer: Viewer,
    @Param('story') story: string,
    @Query() asked: AsOfQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const format = negotiate(request.headers.accept, asked.format, documentFormats);
    const [at, knownAt] = [instantOf('asOf', asked.asOf), instantOf('knownAt', asked.knownAt)];
    const query = new StoryAsOf(viewer, story, { ...(at && { at }), ...(knownAt && { knownAt }) });
    this.sendDocument(viewer, request, reply, format, timeless(await this.queries.execute(query), at));
  }

  @Get(':story/versions')
  @ApiOperation({ summary: 'The versions of a story', description: 'The newest first.' })
  @ApiParam(storyParam)
  @ApiOkResponse({ type: VersionListMember })
  async versions(
    @CurrentViewer() viewer: Viewer,
    @Param('story') story: string,
    @Query() asked: VersionsQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const answer = given(request, await this.queries.execute(new ListVersions(viewer, story, asked)));
    linkNext(request, reply, 'cursor', answer.next);
    send(reply, 'json', JSON.stringify(answer), answer.story);
  }

  @Get(':story/versions/:version')
  @ApiOperation({ summary: 'One version' })
  @ApiParam(storyParam)
  @ApiParam({ name: 'version', schema: { type: 'integer', minimum: 1 } })
  @ApiProduces(...asDocument)
  @ApiOkResponse({ type: VersionMember })
  async version(
    @CurrentViewer() viewer: Viewer,
    @Param('story') story: string,
    @Param('version') version: string,
    @Query() asked: DocumentQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const format = negotiate(request.headers.accept, asked.format, documentFormats);
    const query = new ReadVersion(viewer, story, numberOf(version));
    this.sendDocument(viewer, request, reply, format, await this.queries.execute(query));
  }

  /** Takers of ninjs learn of a story that is closed from an item like any other; its status is that of every answer. */
  private sendDocument(
    viewer: Viewer,
    request: FastifyRequest,
    reply: FastifyReply,
    format: DocumentFormat,
    answer: Answer<VersionAnswer>,
  ): void {
    if (format === 'ninjs' && !answer.ok && isClosing(answer.refusal.code) && answer.refusal.story !== undefined) {
      const { code, story, notice } = answer.refusal;
      const status = problemTypes().get(code)!.status;
      reply.status(status).headers(status === 451 ? blockedBy(this.config) : {});
      reply.header('content-type', contentType(format)).send(JSON.stringify(closedItem(story, code, notice)));
      return;
    }
    const version = given(request, answer);
    // The others say under which address the caller has reached us.
    const isTheSameForAll = format !== 'schema.org' && format !== 'ninjs';
    if (viewer.audience === 'public' && isTheSameForAll && answer.ok && answer.holds) keepWhile(reply, answer.holds);
    const published = { publisher: this.config.publisher, origin: originOf(this.config, request) };
    send(reply, format, documentIn(format, version, published), version.story);
  }

  @Get(':story/compare/:sides')
  @ApiOperation({ summary: 'What changed between two versions' })
  @ApiParam(storyParam)
  @ApiParam({
    name: 'sides',
    description: '`{a}...{b}`, each a version’s number, `now`, or an instant',
    example: '1...now',
  })
  @ApiProduces('application/json', 'text/plain', 'text/html', 'text/x-diff')
  @ApiOkResponse({ type: ComparisonMember })
  async compare(
    @CurrentViewer() viewer: Viewer,
    @Param('story') story: string,
    @Param('sides') sides: string,
    @Query() asked: ComparisonQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const format = negotiate(request.headers.accept, asked.format, comparisonFormats);
    const [a, b] = sidesOf(sides);
    const query = new CompareVersions(viewer, story, a, b, renderings[format]);
    const answer = given(request, await this.queries.execute(query));
    reply.header('content-type', contentType(format));
    await sendPieces(reply, format === 'json' ? comparisonJson(answer) : [answer]);
  }

  @Get(':story/authorship')
  @ApiOperation({
    summary: 'Who wrote the words of a version',
    description:
      'For all words of its headline, standfirst and body: the version that first had them, the last that brought them back or moved them; and the sentences that left. Over the versions that you may read.',
  })
  @ApiParam(storyParam)
  @ApiProduces('application/json', 'text/plain')
  @ApiOkResponse({ type: AuthorshipMember })
  async authorship(
    @CurrentViewer() viewer: Viewer,
    @Param('story') story: string,
    @Query() { version, asOf, by, cursor, limit, format: named }: AuthorshipQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const format = negotiate(request.headers.accept, named, ['json', 'text']);
    const at = instantOf('asOf', asOf);
    const query = new ReadAuthorship(viewer, story, {
      ...(version !== undefined && { version: numberOf(version) }),
      ...(at && { at }),
      ...(by !== undefined && { by: /^[1-9]\d{0,8}$/.test(by) ? Number(by) : by }),
      ...(cursor !== undefined && { cursor }),
      ...(limit !== undefined && { limit }),
    });
    const answer = given(request, await this.queries.execute(query));
    linkNext(request, reply, 'cursor', answer.next);
    send(reply, format, format === 'json' ? JSON.stringify(answer) : authorshipText(answer), answer.story);
  }
}

/** What was answered, or the refusal thrown; an old slug leads to the same question about the present one. */
export function given<T>(request: FastifyRequest, answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  const { refusal } = answer;
  if (refusal.code !== 'story-moved') throw new Refused(refusal);
  const location = request.url.replace(/^(\/api\/stories\/)[^/?]+/, `$1${refusal.slug}`);
  throw new Refused(refusal, { location });
}

/** To writers with the tag that `If-Match` takes. */
export function send(reply: FastifyReply, format: Format, body: string, story?: StoryAnswer): void {
  if (story?.revision !== undefined) reply.header('etag', writersEtag(story.revision, story.versionInForce ?? 0));
  reply.header('content-type', contentType(format)).send(body);
}

const documents = { markdown: documentMarkdown, text: documentText, html: documentHtml };

type DocumentFormat = (typeof documentFormats)[number];

function documentIn(format: DocumentFormat, answer: VersionAnswer, published: Published): string {
  if (format === 'json') return JSON.stringify(flat(answer));
  if (format === 'schema.org') return JSON.stringify(newsArticle(answer, published));
  if (format === 'ninjs') return JSON.stringify(newsItem(answer, published));
  const text = documents[format](answer.content);
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** A `ComparisonAnswer`, whose comparison is JSON already. */
function comparisonJson({ story, a, b, bytes, digest, corrections }: ToldComparison): (string | Piece)[] {
  const before = JSON.stringify({ story, a, b }).slice(0, -1);
  return [`${before},"comparison":`, { bytes, digest }, `,"corrections":${JSON.stringify(corrections)}}`];
}

/** An answer for now does not say when that was, so that it stays the same until something changes. */
function timeless(answer: Answer<AsOfAnswer>, asked: Instant | undefined): Answer<VersionAnswer> {
  if (!answer.ok || answer.value.asOf.at === asked) return answer;
  const { at: _, ...asOf } = answer.value.asOf;
  const value = { ...answer.value, asOf };
  return { ...answer, value };
}

/** The content under the names it is sent with. */
function flat({ content, statements, headline: _, ...answer }: VersionAnswer): object {
  const { fields, ...rest }: Content = content;
  return { ...answer, statementsAdded: statements, ...fields, ...rest };
}

const refused = (code: HistoryRefusal['code'], parameter: string, detail: string) =>
  new Refused({ code, detail, faults: [{ parameter, code, detail }] });

/** In a query an unescaped `+` reads as a space; before an offset it can only have been a `+`. */
function instantOf(parameter: string, typed: string | undefined): Instant | undefined {
  if (typed === undefined) return undefined;
  const instant = parseInstant(typed.replace(/ (?=\d{2}:\d{2}$)/, '+'));
  if (instant) return instant;
  throw refused('bad-instant', parameter, 'An RFC 3339 date-time with an offset, such as 2026-05-14T11:30:00+01:00.');
}

function numberOf(typed: string): number {
  const number = parseVersionNumber(typed);
  if (number !== undefined) return number;
  throw refused('bad-version', 'version', 'A version is a number from 1.');
}

function sidesOf(sides: string): [Side, Side] {
  const [a, b] = sides
    .split('...')
    .map((typed): Side | undefined => parseVersionNumber(typed) ?? (typed === 'now' ? 'now' : parseInstant(typed)));
  if (a !== undefined && b !== undefined && sides.split('...').length === 2) return [a, b];
  throw refused(
    'bad-version',
    'sides',
    'Two sides with ... between them, each a version, "now" or an instant: 1...now.',
  );
}
