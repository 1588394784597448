/** The hidings of words that still hold in a story: the question, and who answers it. */
import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Instant } from '../story/instant.js';
import { VIEWS, type Views } from '../views/views.js';
import { Stories } from './stories.js';

export interface Hiding {
  /** By which it is named: the revision at which it was recorded. */
  hiding: number;
  recordedAt: Instant;
  /** How many texts it hides. */
  texts: number;
}

/** For the QueryBus; staff's business. The newest first; none of a story that isn't there. */
export class ListHidings extends Query<Hiding[]> {
  /** `story`: id or slug. */
  constructor(readonly story: string) {
    super();
  }
}

@QueryHandler(ListHidings)
export class ListHidingsHandler implements IQueryHandler<ListHidings> {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    private readonly stories: Stories,
  ) {}

  async execute({ story }: ListHidings): Promise<Hiding[]> {
    const id = this.views.storyNamed(story);
    if (id === undefined) return [];
    const { story: folded, events } = await this.stories.read(id);
    const hidden = [...folded.hiddenTexts];
    return [...Map.groupBy(hidden, ([, hiding]) => hiding)]
      .map(([hiding, texts]) => ({ hiding, recordedAt: events[hiding]!.recordedAt, texts: texts.length }))
      .sort((a, b) => b.hiding - a.hiding);
  }
}
