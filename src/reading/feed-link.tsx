/** Where feed readers find the feed that belongs to a page. */
export const FeedLink = ({ title, path }: { title: string; path: string }) => (
  <link rel="alternate" type="application/atom+xml" title={title} href={path} />
);
