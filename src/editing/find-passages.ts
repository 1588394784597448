/** Looking for words before anything is done about them: the question, and who answers it. */
import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Right } from '../access/rights.js';
import { termsOf } from '../compare/terms.js';
import type { Log } from '../event-store/log.js';
import { EVENT_LOG } from '../event-store/tokens.js';
import { fromMs, type Instant } from '../story/instant.js';
import { nowFor } from '../story/questions.js';
import { VIEWS, type Views } from '../views/views.js';
import { CLOCK, CONFIG } from '../web/tokens.js';
import type { Refusing, Sought } from './change-story.js';
import { findPassages, type Passages, type Policy, type Taking } from './passages.js';
import { refuseStory } from './problems.js';
import { forbidden } from './rights-needed.js';
import { Stories } from './stories.js';

/** Another story that holds a phrase, with its headline in force, or the latest. */
export interface Elsewhere {
  story: string;
  slug: string | null;
  headline: string | null;
}

/** So many are named. */
const mostElsewhere = 20;

export interface PassagesPreview extends Passages {
  ok: true;
  story: string;
  slug: string | null;
  /** Found in what search reads of other stories, as words; null: there is no word to look for. */
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
  ) {}

  async execute({ may, story, taking, sought }: FindPassages): Promise<PassagesPreview | Refusing> {
    // A preview shows words, whoever may read them.
    const mayNot = forbidden(may, [taking === 'hide-texts' ? 'hide' : 'erase', 'read-all']);
    if (mayNot) return mayNot;
    const id = this.views.storyNamed(story);
    const known = id === undefined ? undefined : await this.stories.read(id);
    if (id === undefined || !known || known.story.revision < 0) return refuseStory();
    const now = nowFor(known.story.recordedAt, fromMs(this.clock())!);
    const found = await findPassages(this.log, { id, known, taking, sought, now, policy: this.policy });
    if (!found.ok) return found;
    const elsewhere = this.elsewhere(sought, id, now);
    return { ...found, story: id, slug: this.views.story(id)?.slug ?? null, elsewhere };
  }

  private elsewhere({ phrase }: Sought, besides: string, now: Instant): Elsewhere[] | null {
    const terms = termsOf(phrase ?? '').map(({ term }) => term);
    if (terms.length === 0) return null;
    const stories = this.views.storiesEverSaying({ terms, prefix: false }, { besides, most: mostElsewhere });
    return stories.map((story) => ({
      story,
      slug: this.views.story(story)?.slug ?? null,
      headline: this.headlineOf(story, now),
    }));
  }

  private headlineOf(story: string, now: Instant): string | null {
    const version = this.views.reignAt(story, now)?.version ?? this.views.latestVersion(story);
    const revision = this.views.version(story, version)?.fields.headline;
    const found = revision === undefined ? undefined : this.views.textsOf(story, [[revision, 'headline']]);
    const text = found?.(revision!, 'headline');
    return text && 'value' in text ? (text.value as string) : null;
  }
}
