/** Where readers meet a story, for formats that say it: the reading room's pages, as paths. */
import type { StoryAnswer } from './answers.js';

type Named = Pick<StoryAnswer, 'id' | 'slug'>;

export const storyPath = ({ slug, id }: Named): string => `/stories/${slug ?? id}`;
export const historyPath = (story: Named): string => `${storyPath(story)}/versions`;
export const versionPath = (story: Named, version: number): string => `${historyPath(story)}/${version}`;

/** The one address by which search engines are to know a story: the publisher's own page for it, else ours. Absolute. */
export const canonicalAddress = (story: Named & Pick<StoryAnswer, 'url'>, origin: string): string =>
  story.url ?? origin + storyPath(story);
