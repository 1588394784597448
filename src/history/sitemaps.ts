/**
 * Every story that readers may be shown, for search engines: in parts by the first digits of their ids, which are
 * random, so that any number of stories makes files of about one size, each found by a look into an index.
 */
import { setImmediate } from 'node:timers/promises';
import { fromMs, type Instant, laterOf, msOf } from '../story/instant.js';
import type { Viewing } from '../story/visibility.js';
import type { Tables } from '../views/tables.js';
import type { FreshStory, ListedStory } from './answers.js';
import { type Describing, describeStory } from './describe.js';
import { headlineOf, type Looking, lookAt } from './looking.js';
import type { Sitemaps } from './questions.js';

/** The protocol allows ten times as many, but each takes a tenth of a millisecond to judge. */
const storiesAPart = 5_000;
/** How many stories are judged before others get their turn. */
const atOnce = 100;
/** For news sitemaps: https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap */
const freshFor = 48 * 60 * 60 * 1000;
const mostFresh = 1_000;

/** `clock` gives an instant. */
export function openSitemaps(
  tables: Tables,
  viewing: Viewing,
  clock: () => Instant,
  describing: Describing,
  aPart = storiesAPart,
): Sitemaps {
  const list = (looking: Looking): ListedStory => {
    const story = describeStory(looking, describing);
    return { story, lastChangedAt: laterOf(story.lastUpdatedAt!, looking.reign!.from) };
  };
  const digits = () => Math.max(0, Math.ceil(Math.log(tables.countInForce(clock()) / aPart) / Math.log(16)));

  return {
    async parts() {
      const length = digits();
      return Array.from({ length: 16 ** length }, (_, index) =>
        length === 0 ? '' : index.toString(16).padStart(length, '0'),
      );
    },

    async part(part) {
      if (part.length !== digits()) return null;
      const found: ListedStory[] = [];
      let after = part;
      for (;;) {
        const ids = tables.storiesFrom(after, `${part}~`, atOnce);
        tables.inOneState(() => {
          for (const id of ids) {
            const looking = lookAt(tables, viewing, tables.story(id)!, clock());
            if (looking.verdict === 'show') found.push(list(looking));
          }
        });
        if (ids.length < atOnce) return found;
        after = `${ids.at(-1)} `;
        await setImmediate();
      }
    },

    async fresh() {
      const now = clock();
      const since = fromMs(msOf(now) - freshFor)!;
      const found: FreshStory[] = [];
      let after: { from: Instant; story: string } | null = null;
      for (;;) {
        const scan = { at: laterOf(now, tables.lastRecordedAt() ?? now), clock: now, tag: null, stories: null };
        const reigns = tables.storiesInForce({ ...scan, withdrawn: null, after, limit: atOnce });
        for (const { from, story: id } of reigns) {
          // Whatever came into force last before then was first published before then.
          if (from < since || found.length === mostFresh) return found;
          const looking = lookAt(tables, viewing, tables.story(id)!, now);
          // Nobody is to be sent to what the publisher no longer stands by.
          if (looking.verdict !== 'show' || looking.withdrawal) continue;
          const headline = headlineOf(looking);
          const listed = list(looking);
          if (typeof headline !== 'string' || listed.story.firstPublishedAt! < since) continue;
          found.push({ ...listed, headline });
        }
        const last = reigns.at(-1);
        if (!last || reigns.length < atOnce) return found;
        after = last;
        await setImmediate();
      }
    },
  };
}
