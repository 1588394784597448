/** The auditors' doors: the record as it lies there, and the story replayed from it. */
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../access/guard.js';
import type { Log } from '../event-store/log.js';
import { beginning } from '../event-store/port.js';
import { UnreadableRecord } from '../event-store/sealing.js';
import { EVENT_LOG } from '../event-store/tokens.js';
import { VIEWS, type Views } from '../views/views.js';
import { decodeCursor, encodeCursor } from '../web/cursor.js';
import { linkNext } from '../web/link.js';
import { Refused } from '../web/problem.js';
import { RecordedEventsMember, ReplayMember, StoryEventsMember } from './members.js';
import { type RecordedEvent, recordedEvent } from './record.js';
import { type Step, stepsOf } from './replay.js';

class Paging {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 200, default: 50 })
  limit?: number;
}

class StoryPaging extends Paging {
  @IsOptional()
  @IsString()
  @MaxLength(200)
  @ApiPropertyOptional({ type: String, description: 'As the answer before gave it.' })
  cursor?: string;
}

class LogPaging extends Paging {
  @IsOptional()
  @IsString()
  @MaxLength(200)
  @ApiPropertyOptional({ type: String, description: 'The position of the last event you have.' })
  after?: string;
}

interface Listed<T> {
  items: T[];
  /** Where to go on; null at the end. */
  next: string | null;
}

const pageSize = 50;
const isRevision = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

@ApiTags('Audit')
@ApiBearerAuth()
@Controller('api')
@Needs('read-record')
export class AuditController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: Log,
    @Inject(VIEWS) private readonly views: Views,
  ) {}

  @Get('stories/:story/events')
  @ApiOperation({
    summary: 'The record of a story',
    description: 'Each event: its record, byte for byte, its place in the chain, and how each of its texts stands.',
  })
  @ApiOkResponse({ type: StoryEventsMember })
  async events(
    @Param('story') name: string,
    @Query() { cursor, limit = pageSize }: StoryPaging,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ story: string } & Listed<RecordedEvent>> {
    const story = this.idOf(name);
    const from = cursor === undefined ? 0 : decodeCursor('events', cursor, isRevision);
    const items: RecordedEvent[] = [];
    let next: string | null = null;
    for await (const record of this.log.readRecords(story, from)) {
      if (items.length === limit) {
        next = encodeCursor('events', record.revision);
        break;
      }
      items.push(recordedEvent(record));
    }
    linkNext(request, reply, 'cursor', next);
    return { story, items, next };
  }

  @Get('stories/:story/replay')
  @ApiOperation({
    summary: 'Replay a story',
    description: 'Each event with every text checked, and the story after it, at the time the event was recorded.',
  })
  @ApiOkResponse({ type: ReplayMember })
  async replay(
    @Param('story') name: string,
    @Query() { cursor, limit = pageSize }: StoryPaging,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ story: string } & Listed<Step>> {
    const story = this.idOf(name);
    const from = cursor === undefined ? 0 : decodeCursor('replay', cursor, isRevision);
    const { items, next: revision } = await stepsOf(this.log, story, from, limit);
    const next = revision === null ? null : encodeCursor('replay', revision);
    linkNext(request, reply, 'cursor', next);
    return { story, items, next };
  }

  @Get('events')
  @ApiOperation({ summary: 'The whole log', description: 'The events of all stories, in the order of the log.' })
  @ApiOkResponse({ type: RecordedEventsMember })
  async all(
    @Query() { after = beginning, limit = pageSize }: LogPaging,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Listed<RecordedEvent>> {
    const places = await this.placesAfter(after, limit + 1);
    const wanted = places.slice(0, limit);
    const records = new Map<string, RecordedEvent>();
    for (const [story, [first]] of Map.groupBy(wanted, (place) => place.story)) {
      const last = wanted.findLast((place) => place.story === story)!;
      for await (const record of this.log.readRecords(story, first!.revision)) {
        records.set(record.position, recordedEvent(record));
        if (record.revision === last.revision) break;
      }
    }
    const next = places.length > limit ? wanted.at(-1)!.position : null;
    linkNext(request, reply, 'after', next);
    return { items: wanted.map(({ position }) => records.get(position)!), next };
  }

  private async placesAfter(after: string, limit: number) {
    try {
      return await this.log.readAll(after, limit);
    } catch (error) {
      if (error instanceof RangeError) {
        const faults = [{ parameter: 'after', code: 'bad-cursor', detail: 'is no position of this log' }];
        throw new Refused({ code: 'bad-cursor', detail: 'Give the position of an event, as it was given.', faults });
      }
      if (!(error instanceof UnreadableRecord)) throw error;
      throw new Refused({ code: 'record-unreadable', detail: error.message }, { 'retry-after': '60' });
    }
  }

  private idOf(name: string): string {
    const id = this.views.storyNamed(name);
    if (id !== undefined && this.views.story(id)) return id;
    throw new Refused({ code: 'story-not-found', detail: 'There is no such story.' });
  }
}
