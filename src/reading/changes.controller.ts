/** The doors of the pages that tell of change: histories, comparisons, corrections. */
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentViewer } from '../access/guard.js';
import type { Viewer } from '../access/viewer.js';
import type { Config } from '../config.js';
import { HISTORY, type History } from '../history/questions.js';
import { acts } from '../story/events.js';
import { Refused } from '../web/problem.js';
import { CLOCK, CONFIG } from '../web/tokens.js';
import { comparePath, historyPath } from './addresses.js';
import {
  badMoment,
  badVersion,
  type House,
  momentAsked,
  numberAsked,
  parameter,
  readingOf,
  readSide,
  sendPage,
  sendPageAround,
  sendRefusal,
  versionsBeside,
} from './answering.js';
import { AuthorshipPage } from './authorship-page.js';
import { ComparePage, changesHere } from './compare-page.js';
import { renderings, viewNames } from './compare-views.js';
import { CorrectionsPage } from './corrections-page.js';
import { HistoryPage } from './history-page.js';

const correctionsAPage = 20;
const versionsAPage = 100;

@ApiExcludeController()
@Controller()
export class ChangesController {
  private readonly house: House;

  constructor(@Inject(HISTORY) history: History, @Inject(CONFIG) config: Config, @Inject(CLOCK) clock: () => number) {
    this.house = { history, config, clock };
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

  @Get('stories/:story/versions')
  async versions(
    @CurrentViewer() viewer: Viewer,
    @Param('story') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const visit = { house: this.house, viewer, request, reply };
    const [cursor, typed, editor] = [parameter(visit, 'cursor'), parameter(visit, 'act'), parameter(visit, 'editor')];
    const act = [...acts].find((one) => one === typed);
    if (typed !== undefined && !act) {
      const fault = { parameter: 'act', code: 'unknown', detail: `must be one of ${[...acts].join(', ')}` };
      throw new Refused({
        code: 'invalid',
        detail: `Versions are listed by an act that there is: act ${fault.detail}.`,
        faults: [fault],
      });
    }
    const filter = { ...(act && { act }), ...(editor && { editor }) };
    const asked = { limit: versionsAPage, ...filter, ...(cursor && { cursor }) };
    const answer = await this.house.history.versions(viewer, name, asked);
    if (!answer.ok) return sendRefusal(visit, answer.refusal, { name });
    const elsewhere = answer.value.items.every(({ current }) => !current);
    const now = elsewhere ? await this.house.history.asOf(viewer, name) : undefined;
    const headline = now?.ok ? now.value.headline : null;
    const found = { answer: answer.value, first: cursor === undefined, filter, ...(headline && { headline }) };
    await sendPage(visit, HistoryPage({ ...readingOf(visit), ...found }));
  }

  @Get('stories/:story/authorship')
  async authorship(
    @CurrentViewer() viewer: Viewer,
    @Param('story') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const visit = { house: this.house, viewer, request, reply };
    const { at, typed, bad } = momentAsked(visit);
    if (bad) return sendRefusal(visit, badMoment, { name, typed });
    const [version, by] = ['version', 'by'].map((number) => numberAsked(visit, number));
    if (version === null || by === null) return sendRefusal(visit, badVersion, { name });
    const cursor = parameter(visit, 'cursor');
    const asked = { version, by, at, cursor };
    const answer = await this.house.history.authorship(viewer, name, asked);
    if (!answer.ok) return sendRefusal(visit, answer.refusal, { name, ...(at && { at }) });
    const whole = await this.house.history.version(viewer, name, answer.value.version);
    if (!whole.ok) return sendRefusal(visit, whole.refusal, { name });
    const versions = await versionsBeside(visit, name);
    const props = { answer: answer.value, whole: whole.value, ...(by !== undefined && { by }), versions };
    await sendPage(visit, AuthorshipPage({ ...readingOf(visit), ...props, first: cursor === undefined }));
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
    const typed = [parameter(visit, 'a'), parameter(visit, 'b')];
    // The history has the form.
    if (typed.every((side) => side === undefined)) {
      await reply.redirect(`${historyPath({ id: encodeURIComponent(name), slug: null })}#a`, 303);
      return;
    }
    const [a, b] = typed.map((side) => side && readSide(side, timezone));
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
    const versions = await versionsBeside(visit, name);
    const page = ComparePage({ ...readingOf(visit), answer: answer.value, view, versions });
    await sendPageAround(visit, page, changesHere, answer.value);
  }
}
