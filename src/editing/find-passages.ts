/** Looking for words before anything is done about them: the question, and who answers it. */
import { Inject, Optional } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Right } from '../access/rights.js';
import type { Log } from '../event-store/log.js';
import { EVENT_LOG } from '../event-store/tokens.js';
import { fromMs } from '../story/instant.js';
import { nowFor } from '../story/questions.js';
import { VIEWS, type Views } from '../views/views.js';
import { CLOCK, CONFIG } from '../web/tokens.js';
import type { Refusing, Sought } from './change-story.js';
import { findPassages, type Passages, type Policy, type Taking } from './passages.js';
import { refuse, refuseStory } from './problems.js';
import { Stories } from './stories.js';

/** Another story that holds a phrase. */
export interface Elsewhere {
  story: string;
  slug: string | null;
  headline: string | null;
}

/** Other stories that hold a phrase in any text, a few of them. */
export type FindElsewhere = (phrase: string, besides: string) => Promise<readonly Elsewhere[]>;

/** Under which it is injected, where there is a search. */
export const FIND_ELSEWHERE = Symbol('find elsewhere');

export interface PassagesPreview extends Passages {
  ok: true;
  story: string;
  slug: string | null;
  /** null: not looked for. */
  elsewhere: readonly Elsewhere[] | null;
}

/** For the QueryBus. */
export class FindPassages extends Query<PassagesPreview | Refusing> {
  constructor(
    readonly may: (right: Right) => boolean,
    /** Id or slug. */
    readonly story: string,
    readonly taking: Taking,
    readonly sought: Sought,
  ) {
    super();
  }
}

@QueryHandler(FindPassages)
export class FindPassagesHandler implements IQueryHandler<FindPassages> {
  constructor(
    @Inject(EVENT_LOG) private readonly log: Log,
    @Inject(VIEWS) private readonly views: Views,
    @Inject(CLOCK) private readonly clock: () => number,
    @Inject(CONFIG) private readonly policy: Policy,
    private readonly stories: Stories,
    @Optional() @Inject(FIND_ELSEWHERE) private readonly elsewhere?: FindElsewhere,
  ) {}

  async execute({ may, story, taking, sought }: FindPassages): Promise<PassagesPreview | Refusing> {
    const right: Right = taking === 'hide-texts' ? 'hide' : 'erase';
    if (!may(right)) return refuse('forbidden', `This needs the right ${right}.`, { right });
    const id = this.views.storyNamed(story);
    const known = id === undefined ? undefined : await this.stories.read(id);
    if (id === undefined || !known || known.story.revision < 0) return refuseStory();
    const now = nowFor(known.story.recordedAt, fromMs(this.clock())!);
    const found = await findPassages(this.log, { id, known, taking, sought, now, policy: this.policy });
    if (!found.ok) return found;
    const { phrase } = sought;
    const elsewhere = phrase !== undefined && this.elsewhere ? await this.elsewhere(phrase, id) : null;
    return { ...found, story: id, slug: this.views.story(id)?.slug ?? null, elsewhere };
  }
}
