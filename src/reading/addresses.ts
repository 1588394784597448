/** The addresses of readers' pages. */
import type { StoryAnswer } from '../history/answers.js';
import { storyPath } from '../history/page-addresses.js';
import type { Instant } from '../story/instant.js';

export { historyPath, storyPath, versionPath } from '../history/page-addresses.js';

type Named = Pick<StoryAnswer, 'id' | 'slug'>;

export const asOfPath = (story: Named, at: Instant): string => `${storyPath(story)}?at=${encodeURIComponent(at)}`;
export const correctionsPath = (story?: Named): string =>
  story ? `/corrections?story=${story.slug ?? story.id}` : '/corrections';
/** Sides are version numbers, `now` or instants. */
export const comparePath = (story: Named, a: number | string, b: number | string, view?: string): string =>
  `${storyPath(story)}/compare/${a}...${b}${view ? `?view=${view}` : ''}`;

export const feedPath = '/feed.atom';
export const correctionsFeedPath = '/corrections/feed.atom';
export const storyFeedPath = (story: Named): string => `${storyPath(story)}/feed.atom`;
/** Who wrote a version; of the one in force if none is named. `by`: marks the words of this one alone. */
export function authorshipPath(story: Named, version?: number, by?: number): string {
  const asked = [version !== undefined && `version=${version}`, by !== undefined && `by=${by}`]
    .filter(Boolean)
    .join('&');
  return `${storyPath(story)}/authorship${asked && `?${asked}`}`;
}
