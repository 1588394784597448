/**
 * A version as schema.org's NewsArticle (https://schema.org/NewsArticle), for JSON-LD. What is hidden or erased is left
 * out. The vocabulary has no relation between the versions of one work: each says its number, and where it is archived.
 */
import type { Publisher } from '../config.js';
import { byStatement } from '../content/marks.js';
import { toText } from '../content/text-out.js';
import { type Content, present, type Statement } from '../content/types.js';
import { uriOf } from '../content/url.js';
import type { Instant } from '../story/instant.js';
import type { AsOfAnswer, CorrectionAnswer, StoryAnswer, VersionAnswer } from './answers.js';
import { canonicalAddress, versionPath } from './page-addresses.js';

/** What a document says besides the version: who publishes it, and under which origin. */
export interface Published {
  publisher: Publisher;
  origin: string;
}

/** `words`: whether it holds the body and the statements, as a page that shows them need not. */
export function newsArticle(
  answer: VersionAnswer | AsOfAnswer,
  { publisher, origin }: Published,
  { words = true }: { words?: boolean } = {},
) {
  const { story, content, version } = answer;
  const { fields } = content;
  const archivedAt = origin + versionPath(story, version);
  const url = isWhatReadersGet(answer) ? canonicalAddress(story, origin) : archivedAt;
  return {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    identifier: `urn:uuid:${story.id}`,
    url,
    mainEntityOfPage: url,
    archivedAt,
    headline: present(answer.headline),
    description: present(fields.standfirst),
    articleSection: present(fields.section),
    keywords: present(fields.tags),
    inLanguage: present(fields.language) ?? publisher.language,
    author: present(fields.authors)?.map(({ name, role }) => ({ '@type': 'Person', name, jobTitle: role })),
    creditText: present(fields.byline),
    image: imageOf(fields.leadImage),
    datePublished: story.firstPublishedAt ?? undefined,
    dateModified: modifiedAt(answer),
    version,
    creativeWorkStatus: statusOf(answer),
    correction: listed([...retraction(story), ...answer.corrections.flatMap(correction)]),
    publisher: organization(publisher),
    ...(words && {
      articleBody: toText(content, { marks: false }),
      hasPart: listed(quotations(content)),
    }),
  };
}

/** As text that may stand in a `<script>`: whatever was typed, nothing ends the element or opens a comment. */
export const jsonLd = (document: object): string =>
  JSON.stringify(document).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Left out rather than empty. */
export const listed = <T>(values: T[]): T[] | undefined => (values.length > 0 ? values : undefined);

/** Now, at the story's own address. */
const isWhatReadersGet = (answer: VersionAnswer | AsOfAnswer): boolean =>
  answer.current === true ||
  ('asOf' in answer && answer.asOf.withdrawal !== undefined && answer.asOf.reign.until === null);

/** Of what readers get the last public change, whatever it was; of any other version when they first got it. */
function modifiedAt(answer: VersionAnswer | AsOfAnswer): Instant {
  const { story, reigns, inForceFrom } = answer;
  if (!isWhatReadersGet(answer)) return reigns[0]?.from ?? inForceFrom;
  const times = [
    story.lastUpdatedAt,
    reigns.at(-1)?.from,
    story.withdrawal?.from,
    ...answer.corrections.map(({ at }) => at),
  ];
  return times.reduce<Instant>((last, at) => (at && at > last ? at : last), inForceFrom);
}

const statuses = {
  'not-yet-in-force': 'Draft',
  unpublished: 'Unpublished',
  retracted: 'Retracted',
  killed: 'Killed',
  takedown: 'Removed',
};

/** The vocabulary names Incomplete, Draft, Published and Obsolete, as examples. */
function statusOf({ story, current, waiting, cancelled }: VersionAnswer): string {
  if (waiting || cancelled) return 'Draft';
  if (story.status !== 'published') return statuses[story.status];
  return current ? 'Published' : 'Obsolete';
}

function imageOf(image: Content['fields']['leadImage']) {
  const known = present(image);
  if (!known) return undefined;
  const { url, alt, caption, credit } = known;
  return { '@type': 'ImageObject', url: uriOf(url), description: alt || undefined, caption, creditText: credit };
}

const correction = ({ kind, notice, at }: Pick<CorrectionAnswer, 'notice' | 'at'> & { kind: keyof typeof kinds }) =>
  typeof notice === 'string' && at !== null
    ? [{ '@type': 'CorrectionComment', name: kinds[kind], text: notice, datePublished: at }]
    : [];

/** A retraction takes back the whole story: it corrects the record too. */
const retraction = ({ withdrawal }: StoryAnswer) =>
  withdrawal?.kind === 'retracted' ? correction({ ...withdrawal, kind: 'retraction', at: withdrawal.from }) : [];

const kinds = {
  correction: 'Correction',
  clarification: 'Clarification',
  'editors-note': 'Editor’s note',
  retraction: 'Retraction',
};

function organization({ name, home, logo, correctionsPolicy, contact }: Publisher) {
  const email = contact?.startsWith('mailto:') ? contact.slice('mailto:'.length) : undefined;
  return {
    '@type': 'NewsMediaOrganization',
    name,
    url: home,
    logo: logo === undefined ? undefined : { '@type': 'ImageObject', url: uriOf(logo) },
    correctionsPolicy,
    email,
    contactPoint: contact === undefined || email ? undefined : { '@type': 'ContactPoint', url: contact },
  };
}

/** Statements whose speaker may be named: https://schema.org/Quotation. */
function quotations({ body, statements }: Content): object[] {
  return byStatement(body, statements).flatMap(({ statement, blocks }) => {
    const author = statement && speaker(statement);
    return author ? [{ '@type': 'Quotation', text: toText({ body: blocks }, { marks: false }), author }] : [];
  });
}

function speaker({ speaker, organisation }: Statement): object | undefined {
  const [name, office] = [present(speaker), present(organisation)];
  if (name === undefined) return undefined;
  return { '@type': 'Person', name, affiliation: office && { '@type': 'Organization', name: office } };
}
