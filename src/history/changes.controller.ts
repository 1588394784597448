/** The door of the public stream: server-sent events for as long as somebody listens, or JSON to ask again from. */
import {
  type BeforeApplicationShutdown,
  Controller,
  Get,
  Inject,
  type OnModuleDestroy,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config.js';
import { TELEMETRY, type Telemetry } from '../telemetry/telemetry.js';
import { VIEWS, type Views } from '../views/views.js';
import { countedAs, type Networks, networks } from '../web/client-address.js';
import { contentType, negotiate } from '../web/negotiate.js';
import { Refused } from '../web/problem.js';
import { CONFIG } from '../web/tokens.js';
import { type ChangeStreams, openChangeStreams } from './change-streams.js';
import { ChangesMember } from './changes-members.js';
import { ChangesQuery, changesFormats } from './parameters.js';
import { HISTORY, type PublicStream } from './questions.js';
import { type Answer } from './refusals.js';
import './problems.js';

/**
 * Changes of other types that one answer passes over. Those that readers are told of, only: the place at which an answer
 * breaks off tells nothing of the rest.
 */
const mostPassed = 1_000;

/** Between signs of life, in milliseconds: proxies let go of connections that are quiet for a minute or so. */
const beatEvery = 15_000;

@ApiTags('Reading')
@Controller('api/changes')
export class ChangesController implements BeforeApplicationShutdown, OnModuleDestroy {
  private readonly streams: ChangeStreams;
  private readonly trusted: Networks;
  private readonly beating: NodeJS.Timeout;
  private readonly unhear: () => void;

  constructor(
    @Inject(HISTORY) private readonly history: PublicStream,
    @Inject(VIEWS) views: Views,
    @Inject(CONFIG) config: Config,
    @Inject(TELEMETRY) telemetry: Telemetry,
  ) {
    this.trusted = networks(config.trustedProxies);
    this.streams = openChangeStreams(history, config.streams);
    telemetry.level('streamsOpen', this.streams.count);
    this.unhear = views.whenAnnounced(this.streams.pumpAll);
    this.beating = setInterval(this.streams.beat, beatEvery).unref();
  }

  @Get()
  @ApiOperation({
    summary: 'Every public change, when readers can notice it',
    description: `As server-sent events (\`Accept: text/event-stream\`): \`id\` is the cursor to come back with, \`event\` the type, \`data\` one change as JSON. As JSON: what has come since \`after\`, and \`next\` to ask again with. Without a cursor, from now on. An embargoed version is told when its time comes. A cursor of another node is good here too: the last minute is then told again, and changes are known by their \`id\`, the same on every node. What a change shows is what readers may know now.`,
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'As browsers send it; goes before `after`.' })
  @ApiProduces('application/json', 'text/event-stream')
  @ApiOkResponse({
    description: 'Changes in the order in which this node told them.',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(ChangesMember) } },
      'text/event-stream': { schema: { type: 'string' } },
    },
  })
  async changes(
    @Query() { after: named, story: name, type, limit, format: asked }: ChangesQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const format = negotiate(request.headers.accept, asked, changesFormats);
    const left = request.headers['last-event-id'] || named;
    const after = typeof left === 'string' ? left : undefined;
    const { place, story } = given(
      this.history.placeInStream({ ...(after && { after }), ...(name && { story: name }) }),
    );
    const following = { place, ...(story && { story }), ...(type && { type }) };
    reply.headers({ 'content-type': contentType(format), 'cache-control': 'no-store' });
    if (format === 'json') {
      const wanted = { ...following, ...(limit !== undefined && { limit }) };
      let followed = this.history.follow(wanted);
      let { passed } = followed;
      while (!followed.end && followed.items.length === 0 && passed.count < mostPassed) {
        await new Promise(setImmediate);
        if (reply.raw.destroyed) return void reply.send('');
        followed = this.history.follow({ ...wanted, place: followed.place });
        const { count, cursor } = followed.passed;
        passed = { count: passed.count + count, cursor: cursor ?? passed.cursor };
      }
      const { items, end } = followed;
      const next = end ? this.history.cursorAt(followed.place) : (items.at(-1)?.cursor ?? passed.cursor);
      reply.send(JSON.stringify({ items: items.map(({ change }) => change), next, end }));
      return;
    }
    if (request.method === 'HEAD') return void reply.send('');
    const from = countedAs(request, this.trusted);
    const stream = this.streams.open(following, { fromNow: after === undefined, ...(from && { from }) });
    if (!stream) {
      const detail = 'The places in this node’s stream of changes are taken, all or those of your address.';
      throw new Refused({ code: 'too-many-streams', detail }, { 'retry-after': '10' });
    }
    // Proxies that gather or compress answers would keep the news; and nothing else is asked on this connection.
    const asItComes = { 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no', connection: 'close' };
    reply.headers(asItComes).send(stream);
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.beating);
    this.streams.close();
  }

  onModuleDestroy(): void {
    this.unhear();
  }
}

function given<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  const { refusal } = answer;
  const of = { parameter: 'after', code: 'bad-cursor', detail: 'is not one of this stream, nor an instant' };
  throw new Refused(refusal.code === 'bad-cursor' ? { ...refusal, faults: [of] } : refusal);
}
