/** The addresses of readers' pages. */
import type { StoryAnswer } from '../history/answers.js';
import type { Instant } from '../story/instant.js';

type Named = Pick<StoryAnswer, 'id' | 'slug'>;

export const storyPath = ({ slug, id }: Named): string => `/stories/${slug ?? id}`;
export const asOfPath = (story: Named, at: Instant): string => `${storyPath(story)}?at=${encodeURIComponent(at)}`;
export const historyPath = (story: Named): string => `${storyPath(story)}/versions`;
export const versionPath = (story: Named, version: number): string => `${historyPath(story)}/${version}`;
export const correctionsPath = (story?: Named): string =>
  story ? `/corrections?story=${story.slug ?? story.id}` : '/corrections';
/** Sides are version numbers, `now` or instants. */
export const comparePath = (story: Named, a: number | string, b: number | string, view?: string): string =>
  `${storyPath(story)}/compare/${a}...${b}${view ? `?view=${view}` : ''}`;
