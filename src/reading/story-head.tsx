/** What a page of a story says to machines, in its head: the one address to know it by, what it is, and how to show a link to it. */
import type { AsOfAnswer, VersionAnswer } from '../history/answers.js';
import { canonicalAddress } from '../history/page-addresses.js';
import { jsonLd, newsArticle } from '../history/schema-org.js';
import type { Frame } from '../web/page.js';
import { storyFeedPath } from './addresses.js';
import { FeedLink } from './feed-link.js';

/** Versions and earlier moments lead to the story as it is, so that what is old never outranks it. */
export function StoryHead({ answer, frame }: { answer: VersionAnswer | AsOfAnswer; frame: Frame }) {
  const article = newsArticle(answer, frame, { words: false });
  return (
    <>
      <link rel="canonical" href={canonicalAddress(answer.story, frame.origin)} />
      <FeedLink title="Changes of this story" path={storyFeedPath(answer.story)} />
      {Object.entries(openGraph(article, frame)).map(([property, content]) =>
        content === undefined ? null : <meta property={property} content={content} />,
      )}
      <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: jsonLd(article) }} />
    </>
  );
}

/** The Open Graph protocol (https://ogp.me), by which others show a link: the same as schema.org is told, for that viewer. */
const openGraph = (article: ReturnType<typeof newsArticle>, frame: Frame): Record<string, string | undefined> => ({
  'og:type': 'article',
  'og:site_name': frame.publisher.name,
  'og:url': article.url,
  'og:title': article.headline,
  'og:description': article.description,
  'og:locale': article.inLanguage.replaceAll('-', '_'),
  'article:published_time': article.datePublished,
  'article:modified_time': article.dateModified,
  'article:section': article.articleSection,
});
