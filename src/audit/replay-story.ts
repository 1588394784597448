/** The replay of a story as a question, for pages: whoever asks it sees to it that an auditor reads the answer. */
import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Log } from '../event-store/log.js';
import { EVENT_LOG } from '../event-store/tokens.js';
import { type Step, stepsOf } from './replay.js';

export interface StepsAnswer {
  items: Step[];
  /** The revision to go on from; null at the end. */
  next: number | null;
}

/** For the QueryBus. */
export class ReplayStory extends Query<StepsAnswer> {
  constructor(
    /** Its id. */
    readonly story: string,
    readonly from: number,
    readonly limit: number,
  ) {
    super();
  }
}

@QueryHandler(ReplayStory)
export class ReplayStoryHandler implements IQueryHandler<ReplayStory> {
  constructor(@Inject(EVENT_LOG) private readonly log: Log) {}

  execute({ story, from, limit }: ReplayStory): Promise<StepsAnswer> {
    return stepsOf(this.log, story, from, limit);
  }
}
