/** What a page of a story says to machines, in its head: the one address to know it by, and what it is. */
import type { AsOfAnswer, VersionAnswer } from '../history/answers.js';
import { canonicalAddress } from '../history/page-addresses.js';
import { jsonLd, newsArticle } from '../history/schema-org.js';
import type { Frame } from '../web/page.js';
import { storyFeedPath } from './addresses.js';
import { FeedLink } from './feed-link.js';

/** Versions and earlier moments lead to the story as it is, so that what is old never outranks it. */
export function StoryHead({ answer, frame }: { answer: VersionAnswer | AsOfAnswer; frame: Frame }) {
  const data = jsonLd(newsArticle(answer, frame, { words: false }));
  return (
    <>
      <link rel="canonical" href={canonicalAddress(answer.story, frame.origin)} />
      <FeedLink title="Changes of this story" path={storyFeedPath(answer.story)} />
      <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: data }} />
    </>
  );
}
