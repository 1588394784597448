/** The doors that archives and their readers come by (RFC 7089): TimeGate and TimeMap. They tell what readers are shown. */
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readerViewer } from '../../access/viewer.js';
import type { Config } from '../../config.js';
import { type OriginalAnswer } from '../../history/answers.js';
import { HISTORY, type History, type Side } from '../../history/questions.js';
import { type Answer } from '../../history/refusals.js';
import { addLinks, linkValue, originOf } from '../../web/link.js';
import { Refused } from '../../web/problem.js';
import { CONFIG } from '../../web/tokens.js';
import { readAcceptDatetime } from './datetime.js';
import { linkFormat, linksOfTimeGate, linksOfTimeMap, mementoAddress, storyPage } from './links.js';
import { readOriginal, storyPageName } from './original.js';
import './problems.js';

/** What was asked about, and what history says of it. */
interface Found<T> {
  origin: string;
  original: string;
  answer: T;
}

@ApiExcludeController()
@Controller()
export class MementoController {
  constructor(
    @Inject(HISTORY) private readonly history: History,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('timegate/*')
  async timeGate(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    reply.header('vary', 'Accept-Datetime');
    const moment = momentAsked(request);
    const { origin, original, answer } = await this.find(request, '/timegate/', (story) =>
      this.history.memento(story, moment),
    );
    addLinks(reply, linksOfTimeGate(origin, original, answer));
    await reply
      .status(302)
      .header('location', mementoAddress(origin, answer, answer.version))
      .send();
  }

  @Get('timemap/link/*')
  async timeMap(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { origin, original, answer } = await this.find(request, '/timemap/link/', (story) =>
      this.history.mementos(story),
    );
    const links = linksOfTimeMap(origin, original, answer).map(linkValue);
    await reply.header('content-type', linkFormat).send(`${links.join(',\n')}\n`);
  }

  /** By the story's own page, or by its publisher's. Throws Refused where there is none, or none that may be shown. */
  private async find<T extends OriginalAnswer>(
    request: FastifyRequest,
    door: string,
    ask: (story: string) => Promise<Answer<T>>,
  ): Promise<Found<T>> {
    const origin = originOf(this.config, request);
    const original = readOriginal(request.url, door);
    if (original === undefined) {
      throw new Refused({ code: 'not-an-original', detail: 'What follows is no address that begins with http.' });
    }
    const name = storyPageName(original, [origin, `http://${request.host}`]);
    const own = name === undefined ? undefined : await ask(name);
    if (own?.ok) return { origin, original: storyPage(origin, own.value), answer: own.value };
    const there = await this.history.storyAt(readerViewer, original);
    if (there.ok) return { origin, original, answer: given(await ask(there.value.id)) };
    throw new Refused((own ?? there).refusal);
  }
}

function given<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Refused(answer.refusal);
  return answer.value;
}

/** No date, or none in the header: the latest. */
function momentAsked({ headers }: FastifyRequest): Side {
  const typed = headers['accept-datetime'];
  if (typeof typed !== 'string' || typed.trim() === '') return 'now';
  const instant = readAcceptDatetime(typed);
  if (instant) return instant;
  throw new Refused({
    code: 'bad-accept-datetime',
    detail: 'Send Accept-Datetime as in Thu, 14 May 2026 11:30:00 GMT.',
  });
}
