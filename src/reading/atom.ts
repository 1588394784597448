/** Feeds in Atom (RFC 4287), in pages (RFC 5005, section 3): one entry for each public change. */
import { v5 as uuidv5 } from 'uuid';
import { isAbsent } from '../content/types.js';
import type { ChangeAnswer, CorrectionItem, Page } from '../history/answers.js';
import type { Instant } from '../story/instant.js';
import { document, element, type Xml } from '../web/xml.js';
import { comparePath, storyPath, versionPath } from './addresses.js';
import { actsOf, correctionNames, noHeadline, plainTitle, withdrawalNames } from './words.js';

export interface FeedOf<T> {
  /** Stands for the feed for ever: an absolute address or a URN. */
  id: string;
  title: string;
  publisher: string;
  /** How the world reaches the service: an origin. */
  origin: string;
  /** Path of this page of the feed, of its first page, and of what it is a feed of. */
  self: string;
  first: string;
  page: string;
  answer: Page<T>;
  /** Path of the page behind this one. */
  next?: string;
}

export const atomType = 'application/atom+xml; charset=utf-8';

export const changesFeed = (feed: FeedOf<ChangeAnswer>): string =>
  document(
    feedElement(
      feed,
      feed.answer.items.map((change) => changeEntry(change, feed.origin)),
      feed.answer.items[0]?.at,
    ),
  );

export const correctionsFeed = (feed: FeedOf<CorrectionItem>): string =>
  document(
    feedElement(
      feed,
      feed.answer.items.map((item) => correctionEntry(item, feed.origin)),
      feed.answer.items[0]?.at,
    ),
  );

/** A feed that has no entry yet was last changed when time began. */
const never = '1970-01-01T00:00:00.000Z' as Instant;

function feedElement<T>(feed: FeedOf<T>, entries: Xml[], updated: Instant = never): Xml {
  const { id, title, publisher, origin, self, first, page, next } = feed;
  const link = (rel: string, path: string, type: string) => element('link', { rel, type, href: origin + path });
  const atom = 'application/atom+xml';
  return element(
    'feed',
    { xmlns: 'http://www.w3.org/2005/Atom', 'xml:lang': 'en' },
    element('id', {}, id),
    element('title', {}, title),
    element('updated', {}, updated),
    element('author', {}, element('name', {}, publisher)),
    link('self', self, atom),
    link('first', first, atom),
    next !== undefined && link('next', next, atom),
    link('alternate', page, 'text/html'),
    entries,
  );
}

interface Entry {
  urn: string;
  title: string;
  at: Instant;
  /** Absolute addresses. */
  page: string;
  /** What changed. */
  comparison?: string | undefined;
  categories: { term: string; label: string }[];
  summary?: string | undefined;
}

const entryElement = ({ urn, title, at, page, comparison, categories, summary }: Entry): Xml =>
  element(
    'entry',
    {},
    element('id', {}, `urn:uuid:${urn}`),
    element('title', {}, title),
    element('updated', {}, at),
    element('link', { rel: 'alternate', type: 'text/html', href: page }),
    comparison !== undefined &&
      element('link', { rel: 'related', type: 'text/html', href: comparison, title: 'What changed' }),
    categories.map(({ term, label }) => element('category', { term, label })),
    summary !== undefined && element('summary', {}, summary),
  );

/** What there is to read of a text, if it may be read. */
const readable = (text: unknown): string | undefined => (typeof text === 'string' && text !== '' ? text : undefined);

function changeEntry(change: ChangeAnswer, origin: string): Xml {
  const { id: urn, type, at, story, version, against, correction, withdrawal } = change;
  const headline = version?.headline;
  const about =
    headline === undefined || headline === null || isAbsent(headline) ? undefined : plainTitle(headline, '');
  const what = whatOf(change);
  return entryElement({
    urn,
    // A new story is its headline; everything else says first what it is.
    title: isFirst(change) && about !== undefined ? about : `${what}: ${about ?? subjectOf(change)}`,
    at,
    page: origin + (version && headline !== null ? versionPath(story, version.version) : storyPath(story)),
    comparison: version && against !== undefined ? origin + comparePath(story, against, version.version) : undefined,
    categories: [
      { term: type, label: what },
      ...(version?.acts ?? []).map((term) => ({ term, label: what })),
      ...(withdrawal ? [{ term: withdrawal.kind, label: withdrawalNames[withdrawal.kind] }] : []),
      ...(correction ? [{ term: correction.kind, label: correctionNames[correction.kind] }] : []),
    ],
    summary: readable(correction?.notice) ?? readable(withdrawal?.notice) ?? readable(version?.note),
  });
}

const isFirst = ({ type, version }: ChangeAnswer): boolean =>
  type === 'version' && (version?.acts.includes('StoryPublished') ?? false);

/** In a word or two. */
function whatOf({ type, version, correction, withdrawal }: ChangeAnswer): string {
  if (withdrawal) return type === 'notice' ? 'Notice amended' : withdrawalNames[withdrawal.kind];
  switch (type) {
    case 'correction':
      return correctionNames[correction?.kind ?? 'correction'];
    case 'reinstatement':
      return 'Published again';
    case 'notice':
      return 'Notice amended';
    case 'changed':
      return 'Changed';
    default:
      return version && version.acts.length > 0 ? actsOf(version).join(', ') : 'Version';
  }
}

/** What it is about where there is no headline to say it. */
function subjectOf({ story, version }: ChangeAnswer): string {
  if (version) return version.headline === null ? `version ${version.version}, removed` : noHeadline;
  return story.slug ?? 'a story';
}

function correctionEntry(item: CorrectionItem, origin: string): Xml {
  const { id, story, headline, kind, at, notice, version, against } = item;
  const isReadable = version !== undefined && against !== undefined;
  return entryElement({
    urn: uuidv5(id, story.id),
    title: `${correctionNames[kind]}: ${plainTitle(headline, noHeadline)}`,
    at,
    page: origin + (isReadable ? versionPath(story, version) : storyPath(story)),
    comparison: isReadable ? origin + comparePath(story, against, version) : undefined,
    categories: [{ term: kind, label: correctionNames[kind] }],
    summary: readable(notice),
  });
}
