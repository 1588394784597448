/** The doors of the front, of stories and of their versions: each asks history and shows what it answers. */
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentViewer } from '../access/guard.js';
import type { Viewer } from '../access/viewer.js';
import type { Config } from '../config.js';
import type { StoriesAnswer } from '../history/answers.js';
import { HISTORY, type History } from '../history/questions.js';
import { longestQuery } from '../history/search.js';
import { type Instant, msOf } from '../story/instant.js';
import { exceptFor } from '../web/caching.js';
import { CLOCK, CONFIG } from '../web/tokens.js';
import {
  badMoment,
  badVersion,
  type House,
  lifeBeside,
  momentAsked,
  parameter,
  readingOf,
  readSide,
  sendPage,
  sendRefusal,
  type Visit,
} from './answering.js';
import { FrontPage } from './front-page.js';
import { lastChange } from './last-change.js';
import { tellArchives } from './memento/headers.js';
import type { Shown } from './standing.js';
import { StoryPage } from './story-page.js';

const storiesAPage = 20;

@ApiExcludeController()
@Controller()
export class PagesController {
  private readonly house: House;

  constructor(@Inject(HISTORY) history: History, @Inject(CONFIG) config: Config, @Inject(CLOCK) clock: () => number) {
    this.house = { history, config, clock };
  }

  @Get()
  async front(
    @CurrentViewer() viewer: Viewer,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const visit = { house: this.house, viewer, request, reply };
    const { at, typed, bad } = momentAsked(visit);
    if (bad) return sendRefusal(visit, badMoment, { typed });
    const [q, cursor] = [parameter(visit, 'q'), parameter(visit, 'cursor')];
    const answer = await this.house.history.stories(viewer, {
      limit: storiesAPage,
      ...(at && { asOf: at }),
      ...(q && { q }),
      ...(cursor && { cursor }),
    });
    const badQuery = !answer.ok && answer.refusal.code === 'bad-query';
    if (!answer.ok && !badQuery) return sendRefusal(visit, answer.refusal);
    const props = {
      ...readingOf(visit),
      ...(answer.ok
        ? { answer: answer.value, ...momentOf(at, answer.value) }
        : { answer: { items: [], next: null }, problem: answer.refusal.detail, ...(at && { at }) }),
      first: cursor === undefined,
      ...(q && { q: q.slice(0, 2 * longestQuery) }),
      ...(viewer.may('publish') && {
        editor: { origin: `${request.protocol}://${request.host}` },
      }),
    };
    exceptFor(reply, props.answer.next);
    await sendPage(visit, FrontPage(props));
  }

  @Get('stories/:story')
  async story(
    @CurrentViewer() viewer: Viewer,
    @Param('story') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const visit = { house: this.house, viewer, request, reply };
    const { at, typed, bad } = momentAsked(visit);
    if (bad) return sendRefusal(visit, badMoment, { name, typed });
    const answer = await this.house.history.asOf(viewer, name, at ? { at } : {});
    if (!answer.ok) return sendRefusal(visit, answer.refusal, { name, ...(at && { at }) });
    if (!at) await tellArchives(visit, answer.value.story.id);
    await sendStory(visit, name, { kind: at ? 'as-of' : 'now', answer: answer.value, ...(at && { asked: at }) });
  }

  @Get('stories/:story/versions/:version')
  async version(
    @CurrentViewer() viewer: Viewer,
    @Param('story') name: string,
    @Param('version') number: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const visit = { house: this.house, viewer, request, reply };
    const side = readSide(number, this.house.config.timezone);
    if (typeof side !== 'number') return sendRefusal(visit, badVersion, { name });
    const answer = await this.house.history.version(viewer, name, side);
    if (!answer.ok) return sendRefusal(visit, answer.refusal, { name });
    await tellArchives(visit, answer.value.story.id, side);
    await sendStory(visit, name, { kind: 'version', answer: answer.value });
  }
}

/** The moment that is answered, or, where a reader's was yet to come, that it is. */
function momentOf(at: Instant | undefined, { asOf }: Pick<StoriesAnswer, 'asOf'>): { at?: Instant; ahead?: Instant } {
  if (!at || asOf === undefined) return {};
  return msOf(at) > msOf(asOf) ? { ahead: at } : { at: asOf };
}

async function sendStory(visit: Visit, name: string, page: Shown): Promise<void> {
  const beside = await lifeBeside(visit, name);
  const change = beside.versions.length > 0 && (await lastChange(visit, page.answer));
  await sendPage(visit, StoryPage({ ...readingOf(visit), page, ...beside, ...(change && { change }) }));
}
