/** The doors of readers' pages: each asks history and shows what it answers. */
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentViewer } from '../access/guard.js';
import type { Viewer } from '../access/viewer.js';
import type { Config } from '../config.js';
import { HISTORY, type History, type Side, type VersionItem } from '../history/answers.js';
import { longestQuery } from '../history/search.js';
import { parseVersionNumber } from '../story/version-number.js';
import { CLOCK, CONFIG } from '../web/tokens.js';
import { comparePath } from './addresses.js';
import { badMoment, type House, momentAsked, parameter, readingOf, sendPage, sendRefusal } from './answering.js';
import { ComparePage } from './compare-page.js';
import { renderings, viewNames } from './compare-views.js';
import { CorrectionsPage } from './corrections-page.js';
import { FrontPage } from './front-page.js';
import { HistoryPage } from './history-page.js';
import { tellArchives } from './memento/headers.js';
import { readMoment } from './moment.js';
import { StoryPage } from './story-page.js';

const storiesAPage = 20;
const correctionsAPage = 20;
const versionsAPage = 100;
/** Versions that the life line and the forms know of. */
const versionsBeside = 200;

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
        ? { answer: answer.value, ...(at && { at: answer.value.asOf }) }
        : { answer: { items: [], next: null }, problem: answer.refusal.detail, ...(at && { at }) }),
      first: cursor === undefined,
      ...(q && { q: q.slice(0, 2 * longestQuery) }),
      ...(viewer.may('publish') && {
        editor: { origin: `${request.protocol}://${request.host}` },
      }),
    };
    await sendPage(visit, FrontPage(props));
  }

  @Get('corrections')
  async corrections(
    @CurrentViewer() viewer: Viewer,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const visit = { house: this.house, viewer, request, reply };
    const [cursor, story] = [parameter(visit, 'cursor'), parameter(visit, 'story')];
    const answer = await this.house.history.corrections(viewer, {
      limit: correctionsAPage,
      ...(cursor && { cursor }),
      ...(story && { story }),
    });
    if (!answer.ok) return sendRefusal(visit, answer.refusal, { name: story });
    const props = { ...readingOf(visit), answer: answer.value, first: cursor === undefined, ...(story && { story }) };
    await sendPage(visit, CorrectionsPage(props));
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
    const page = { kind: at ? ('as-of' as const) : ('now' as const), answer: answer.value };
    const versions = await this.versionsBeside(viewer, name);
    await sendPage(visit, StoryPage({ ...readingOf(visit), page, versions }));
  }

  @Get('stories/:story/versions')
  async versions(
    @CurrentViewer() viewer: Viewer,
    @Param('story') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const visit = { house: this.house, viewer, request, reply };
    const cursor = parameter(visit, 'cursor');
    const answer = await this.house.history.versions(viewer, name, { limit: versionsAPage, ...(cursor && { cursor }) });
    if (!answer.ok) return sendRefusal(visit, answer.refusal, { name });
    await sendPage(visit, HistoryPage({ ...readingOf(visit), answer: answer.value, first: cursor === undefined }));
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
    const page = { kind: 'version' as const, answer: answer.value };
    const versions = await this.versionsBeside(viewer, name);
    await sendPage(visit, StoryPage({ ...readingOf(visit), page, versions }));
  }

  /** Where the form that chooses two versions leads. */
  @Get('stories/:story/compare')
  async choose(
    @CurrentViewer() viewer: Viewer,
    @Param('story') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const visit = { house: this.house, viewer, request, reply };
    const { timezone } = this.house.config;
    const [a, b] = [parameter(visit, 'a'), parameter(visit, 'b')].map((typed) => typed && readSide(typed, timezone));
    if (!a || !b) return sendRefusal(visit, badVersion, { name });
    const view = viewNames.find((one) => one !== viewNames[0] && one === parameter(visit, 'view'));
    await reply.redirect(comparePath({ id: encodeURIComponent(name), slug: null }, a, b, view), 303);
  }

  @Get('stories/:story/compare/:sides')
  async compare(
    @CurrentViewer() viewer: Viewer,
    @Param('story') name: string,
    @Param('sides') sides: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const visit = { house: this.house, viewer, request, reply };
    const typed = sides.split('...');
    const [a, b] = typed.map((side) => readSide(side, this.house.config.timezone));
    if (!a || !b || typed.length !== 2) return sendRefusal(visit, badVersion, { name });
    const view = viewNames.find((one) => one === parameter(visit, 'view')) ?? viewNames[0];
    const answer = await this.house.history.compare(viewer, name, a, b, renderings[view]);
    if (!answer.ok) return sendRefusal(visit, answer.refusal, { name });
    const versions = await this.versionsBeside(viewer, name);
    await sendPage(visit, ComparePage({ ...readingOf(visit), answer: answer.value, view, versions }));
  }

  /** The newest; none where the viewer may not see the history. */
  private async versionsBeside(viewer: Viewer, name: string): Promise<VersionItem[]> {
    const answer = await this.house.history.versions(viewer, name, { limit: versionsBeside });
    return answer.ok ? answer.value.items : [];
  }
}

const badVersion = {
  code: 'bad-version' as const,
  detail: 'A version is a number from 1; a side of a comparison may also be “now” or a moment, as in 1...now.',
};

/** A side of a comparison as it stands in an address. */
const readSide = (typed: string, zone: string): Side | undefined =>
  parseVersionNumber(typed) ?? (typed === 'now' ? 'now' : readMoment(typed, zone));
