/** The doors of the desk: pages for those who write, correct and withdraw. Every form works without script. */
import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { CurrentViewer, need } from '../access/guard.js';
import { foreignTo } from '../access/origin.js';
import type { Viewer } from '../access/viewer.js';
import { ReplayStory } from '../audit/replay-story.js';
import type { Config } from '../config.js';
import { ListHidings } from '../editing/hidings.js';
import { HISTORY, type History } from '../history/questions.js';
import { fromMs } from '../story/instant.js';
import { frameFor, renderPage } from '../web/page.js';
import { Refused } from '../web/problem.js';
import { CLOCK, CONFIG } from '../web/tokens.js';
import { type Answered, begin, goOn } from './act.js';
import { type Doing, type Parameters, parameters } from './action.js';
import { actionNamed } from './actions.js';
import { deskPath } from './addresses.js';
import { deskPage } from './desk-page.js';
import type { Typed } from './fields.js';
import { LatePage, SignedOutPage } from './other-pages.js';
import { findIn } from './passages.js';
import { ReplayPage, stepsAPage } from './replay-page.js';
import { StoryDeskPage } from './story-page.js';
import { given, loadTarget } from './target.js';
import { erasureWords } from './words.js';

interface Visit {
  viewer: Viewer;
  request: FastifyRequest;
  reply: FastifyReply;
}

@ApiExcludeController()
@Controller('desk')
export class DeskController {
  constructor(
    @Inject(HISTORY) private readonly history: History,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: () => number,
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  async desk(@CurrentViewer() viewer: Viewer, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const visit = { viewer, request, reply };
    if (await this.turnedAway(visit)) return;
    await send(visit, await deskPage(this.history, viewer, { ...this.here(visit), asked: queryOf(request) }));
  }

  @Get('new')
  async newStory(@CurrentViewer() viewer: Viewer, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const visit = { viewer, request, reply };
    if (await this.turnedAway(visit)) return;
    await this.answer(visit, begin(await this.doing(visit, 'new')));
  }

  @Post('new')
  async publish(@CurrentViewer() viewer: Viewer, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const visit = { viewer, request, reply };
    const sent = typedIn(request);
    if (await this.turnedAway(visit, sent)) return;
    const doing = await this.doing(visit, 'new');
    await this.answer(visit, await goOn(doing, sent, this.commands, this.queries), doing);
  }

  @Get('stories/:story')
  async story(
    @CurrentViewer() viewer: Viewer,
    @Param('story') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const visit = { viewer, request, reply };
    if (await this.turnedAway(visit)) return;
    const asked = queryOf(request);
    const { cursor, done, version, late, erased } = asked;
    const here = this.here(visit);
    const found = await loadTarget(this.history, { viewer, ...here }, { name, ...(cursor && { cursor }) });
    if (!found.ok && late !== undefined) return send(visit, LatePage(here));
    const { target, next } = given(found);
    const action = done === undefined ? undefined : actionNamed(done);
    const message = action && {
      text:
        asked.nothing === undefined
          ? erased === undefined
            ? action.done(Number(version) || null)
            : erasureWords(erased)
          : 'Nothing would have changed, so nothing was recorded.',
      late: late !== undefined,
    };
    target.hidings = await this.queries.execute(new ListHidings(target.story!.id));
    await send(visit, StoryDeskPage({ ...here, target, next, first: !cursor, ...(message && { message }) }));
  }

  @Get('stories/:story/replay')
  async replay(
    @CurrentViewer() viewer: Viewer,
    @Param('story') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const visit = { viewer, request, reply };
    if (await this.turnedAway(visit)) return;
    need(viewer, 'read-record');
    const here = this.here(visit);
    const { target } = given(await loadTarget(this.history, { viewer, ...here }, { name }));
    const { at: typed = '0' } = queryOf(request);
    const at = /^\d{1,9}$/.test(typed) ? Number(typed) : 0;
    const from = at - (at % stepsAPage);
    const steps = await this.queries.execute(new ReplayStory(target.story!.id, from, stepsAPage));
    await send(visit, ReplayPage({ ...here, target, steps, at }));
  }

  @Get('stories/:story/:action')
  async form(
    @CurrentViewer() viewer: Viewer,
    @Param('story') story: string,
    @Param('action') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const visit = { viewer, request, reply };
    if (await this.turnedAway(visit)) return;
    await this.answer(visit, begin(await this.doing(visit, name, story)));
  }

  @Post('stories/:story/:action')
  async act(
    @CurrentViewer() viewer: Viewer,
    @Param('story') story: string,
    @Param('action') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const visit = { viewer, request, reply };
    const sent = typedIn(request);
    if (await this.turnedAway(visit, sent)) return;
    const doing = await this.doing(visit, name, story, sent);
    await this.answer(visit, await goOn(doing, sent, this.commands, this.queries), doing);
  }

  /** Whether somebody who is not signed in was sent to do so; what they had typed waits for them on the page. */
  private async turnedAway(visit: Visit, sent?: Typed): Promise<boolean> {
    const { viewer, request, reply } = visit;
    if (viewer.actor !== undefined) {
      need(viewer, 'read-all');
      return false;
    }
    if (sent === undefined) {
      await reply.redirect(`/sign-in?${new URLSearchParams({ back: request.url })}`, 303);
      return true;
    }
    // Nobody is signed in, so the guard had no session to protect.
    const foreign = foreignTo(this.config, request);
    if (foreign) throw new Refused({ code: 'cross-origin', detail: `Refused: ${foreign}.` });
    const { step: _, key: __, ...typed } = sent;
    await send(visit, SignedOutPage({ ...this.here(visit), action: request.url, typed }), 401);
    return true;
  }

  /** The form of this name, of a story or of none. Throws Refused where there is no such thing, or it is forbidden. */
  private async doing(visit: Visit, name: string, story?: string, sent: Typed = {}): Promise<Doing> {
    const { viewer, request } = visit;
    const action = actionNamed(name);
    if (!action || (name === 'new') !== (story === undefined))
      throw new Refused({ code: 'not-found', detail: 'There is no such form.' });
    if (!action.rights.some((right) => viewer.may(right))) need(viewer, action.rights[0]!);
    const query = queryOf(request);
    const asked: Parameters = {};
    for (const parameter of parameters) if (query[parameter] !== undefined) asked[parameter] = query[parameter];
    const here = this.here(visit);
    if (story === undefined) {
      const target = { viewer, ...here, asked, versions: [], corrections: [], withdrawals: [] };
      return { name, action, target, frame: here.frame, etag: undefined };
    }
    const wanted = { name: story, asked, of: action.of, ...(sent.filled !== undefined && { filled: sent.filled }) };
    const { target, etag } = given(await loadTarget(this.history, { viewer, ...here }, wanted));
    if (action.of === 'passages') {
      const passages = await findIn(this.queries, target, sent);
      if (!passages.ok) throw new Refused(passages.refusal);
      if (passages.found) target.found = passages.found;
    }
    return { name, action, target, frame: here.frame, etag };
  }

  private async answer(visit: Visit, answered: Answered, doing?: Doing): Promise<void> {
    if ('page' in answered) return send(visit, answered.page, answered.status, answered.headers);
    const { story, version, visible, changed, erasure } = answered.done;
    const query = new URLSearchParams({
      done: doing!.name,
      ...(version !== null && { version: String(version) }),
      ...(!changed && { nothing: '' }),
      ...(!visible && { late: '' }),
      ...(erasure && { erased: erasure.state }),
    });
    await visit.reply.redirect(`${deskPath({ id: story })}?${query}`, 303);
  }

  private here = ({ request }: Pick<Visit, 'request'>) => ({
    frame: frameFor(this.config, request),
    zone: this.config.timezone,
    now: fromMs(this.clock())!,
  });
}

async function send({ reply }: Visit, page: VNode, status = 200, headers: Readonly<Record<string, string>> = {}) {
  await reply
    .status(status)
    .headers({ ...headers, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    .send(renderPage(page));
}

const queryOf = ({ query }: FastifyRequest): Record<string, string> =>
  Object.fromEntries(
    Object.entries((query ?? {}) as Record<string, unknown>).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );

function typedIn({ body }: FastifyRequest): Typed {
  const values = Object.values(body ?? {});
  if (typeof body === 'object' && values.every((value) => typeof value === 'string')) return (body ?? {}) as Typed;
  throw new Refused({ code: 'malformed-form', detail: 'The desk reads forms, as its own pages send them.' });
}
