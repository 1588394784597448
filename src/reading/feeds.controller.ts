/** The doors of the feeds: of all stories, of one, and of corrections. They tell everybody what readers may know. */
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v5 as uuidv5 } from 'uuid';
import { readerViewer } from '../access/viewer.js';
import type { Config } from '../config.js';
import { type Page } from '../history/answers.js';
import { HISTORY, type History } from '../history/questions.js';
import { originOf } from '../web/link.js';
import { CLOCK, CONFIG } from '../web/tokens.js';
import { correctionsFeedPath, correctionsPath, feedPath, storyFeedPath, storyPath } from './addresses.js';
import { type House, parameter, sendRefusal, type Visit } from './answering.js';
import { atomType, changesFeed, correctionsFeed } from './atom.js';
import { plainTitle } from './words.js';

const entriesAPage = 50;

@ApiExcludeController()
@Controller()
export class FeedsController {
  private readonly house: House;

  constructor(@Inject(HISTORY) history: History, @Inject(CONFIG) config: Config, @Inject(CLOCK) clock: () => number) {
    this.house = { history, config, clock };
  }

  @Get('feed.atom')
  async all(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = this.visit(request, reply);
    const { history, config } = this.house;
    const answer = await history.changes(pageAsked(visit));
    if (!answer.ok) return sendRefusal(visit, answer.refusal);
    const title = config.publisher.name;
    const id = originOf(config, request) + feedPath;
    await send(visit, changesFeed({ ...this.frameOf(visit, feedPath, answer.value), id, title, page: '/' }));
  }

  @Get('corrections/feed.atom')
  async corrections(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = this.visit(request, reply);
    const { history, config } = this.house;
    const answer = await history.corrections(readerViewer, pageAsked(visit));
    if (!answer.ok) return sendRefusal(visit, answer.refusal);
    const id = originOf(config, request) + correctionsFeedPath;
    const title = `Corrections – ${config.publisher.name}`;
    const frame = this.frameOf(visit, correctionsFeedPath, answer.value);
    await send(visit, correctionsFeed({ ...frame, id, title, page: correctionsPath() }));
  }

  @Get('stories/:story/feed.atom')
  async story(@Param('story') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = this.visit(request, reply);
    const { history, config } = this.house;
    const answer = await history.changes({ story: name, ...pageAsked(visit) });
    if (!answer.ok) return sendRefusal(visit, answer.refusal, { name });
    const story = await history.story(readerViewer, name);
    if (!story.ok) return sendRefusal(visit, story.refusal, { name });
    const { id, slug } = story.value;
    const headline = answer.value.items
      .map(({ version }) => version?.headline)
      .find((text) => typeof text === 'string');
    const frame = this.frameOf(visit, storyFeedPath(story.value), answer.value);
    const title = `${plainTitle(headline, slug ?? id)} – ${config.publisher.name}`;
    const urn = `urn:uuid:${uuidv5('feed', id)}`;
    await send(visit, changesFeed({ ...frame, id: urn, title, page: storyPath(story.value) }));
  }

  private visit = (request: FastifyRequest, reply: FastifyReply): Visit => ({
    house: this.house,
    viewer: readerViewer,
    request,
    reply,
  });

  private frameOf<T>({ request }: Visit, first: string, answer: Page<T>) {
    const { config } = this.house;
    const { searchParams } = new URL(request.url, 'http://localhost');
    const pageAt = (cursor: string | null) => (cursor ? `${first}?cursor=${encodeURIComponent(cursor)}` : first);
    return {
      publisher: config.publisher.name,
      origin: originOf(config, request),
      first,
      self: pageAt(searchParams.get('cursor')),
      answer,
      ...(answer.next !== null && { next: pageAt(answer.next) }),
    };
  }
}

function pageAsked(visit: Visit): { limit: number; cursor?: string; isWanted: () => boolean } {
  const cursor = parameter(visit, 'cursor');
  return { limit: entriesAPage, ...(cursor && { cursor }), isWanted: () => !visit.reply.raw.destroyed };
}

async function send({ reply }: Visit, feed: string): Promise<void> {
  await reply.header('content-type', atomType).send(feed);
}
