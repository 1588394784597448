/**
 * A version as a news item in IPTC's ninjs 3.1 (https://iptc.org/standards/ninjs/), for systems that take stories over.
 * All versions of a story have one `uri`; ninjs knows no corrections, so what is to be said about a version is in
 * `edNote`. What is hidden or erased is left out. A story closed to readers is an item without words that says so.
 */
import { toHtml } from '../content/html-out.js';
import { toText } from '../content/text-out.js';
import { type Content, present } from '../content/types.js';
import { uriOf } from '../content/url.js';
import type { WithdrawalKind } from '../story/events.js';
import { earlierOf, laterOf } from '../story/instant.js';
import type { AsOfAnswer, VersionAnswer } from './answers.js';
import { canonicalAddress, versionPath } from './page-addresses.js';
import { listed, type Published } from './schema-org.js';

/** `canceled` must not be used; `withheld` is not to be shown until further notice. */
const pubStatuses: Record<WithdrawalKind, 'withheld' | 'canceled'> = {
  unpublished: 'withheld',
  retracted: 'canceled',
  killed: 'canceled',
  takedown: 'canceled',
};

type Closing = Exclude<WithdrawalKind, 'retracted'>;

export function newsItem(answer: VersionAnswer | AsOfAnswer, { publisher, origin }: Published): object {
  const { story, content, version, waiting } = answer;
  const { status, withdrawal } = story;
  if (isClosing(status)) {
    const notice = status === 'unpublished' ? undefined : present(withdrawal?.notice);
    return closedItem(story.id, status, notice);
  }
  const { fields } = content;
  const authors = present(fields.authors) ?? [];
  const [headline, standfirst, section] = [answer.headline, fields.standfirst, fields.section].map(present);
  const html = toHtml(content);
  return {
    ...itemOf(story.id, 'full'),
    version: String(version),
    firstCreated: story.firstPublishedAt ?? undefined,
    ...createdAt(answer),
    embargoedUntil: waiting && story.firstPublishedAt === null ? answer.inForceFrom : undefined,
    pubStatus: status === 'retracted' ? pubStatuses.retracted : waiting || answer.cancelled ? 'withheld' : 'usable',
    edNote: noteOf(answer),
    language: present(fields.language) ?? publisher.language,
    slugline: story.slug ?? undefined,
    headlines: headline === undefined ? undefined : [{ role: 'main', ...plain(headline) }],
    descriptions: standfirst === undefined ? undefined : [{ role: 'standfirst', ...plain(standfirst) }],
    bodies: html
      ? [
          { role: 'main', contentType: 'text/html', value: html },
          { role: 'plain', ...plain(toText(content)) },
        ]
      : undefined,
    by: present(fields.byline) ?? (authors.length > 0 ? authors.map(({ name }) => name).join(', ') : undefined),
    people: listed(authors.map(({ name }) => ({ name, rel: 'author' }))),
    subjects: listed([
      ...(section === undefined ? [] : [{ name: section, rel: 'section' }]),
      ...(present(fields.tags) ?? []).map((name) => ({ name, rel: 'tag' })),
    ]),
    infoSources: sourcesOf(publisher, fields),
    associations: pictureOf(fields.leadImage),
    altIds: [
      { role: 'canonical', value: canonicalAddress(story, origin) },
      { role: 'version', value: origin + versionPath(story, version) },
    ],
    trustIndicators: policyOf(publisher),
  };
}

/** For takers of a story that is closed: they are to know of it, whatever they have of it. */
export const closedItem = (story: string, kind: Closing, notice?: string): object => ({
  ...itemOf(story, 'partial'),
  pubStatus: pubStatuses[kind],
  edNote: notice === undefined ? undefined : `${withdrawals[kind]}: ${notice}`,
});

export const isClosing = (status: string): status is Closing =>
  status === 'unpublished' || status === 'killed' || status === 'takedown';

const itemOf = (story: string, representationType: 'full' | 'partial') => ({
  standard: { name: 'ninjs', version: '3.1', schema: 'https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json' },
  uri: `urn:uuid:${story}`,
  type: 'text',
  representationType,
});

const plain = (value: string) => ({ contentType: 'text/plain', value });

/** An embargoed version was written before it came into force; an imported one was, before it became an item of ours. */
function createdAt({ inForceFrom, recordedAt }: VersionAnswer): object {
  return {
    versionCreated: laterOf(inForceFrom, recordedAt),
    contentCreated: inForceFrom === recordedAt ? undefined : earlierOf(inForceFrom, recordedAt),
  };
}

const withdrawals: Record<WithdrawalKind, string> = {
  unpublished: 'Unpublished',
  retracted: 'Retraction',
  killed: 'Kill',
  takedown: 'Takedown',
};
const corrections = { correction: 'Correction', clarification: 'Clarification', 'editors-note': 'Editor’s note' };

/** What the publisher says about this version: a retraction, then corrections, then why it was made. */
function noteOf({ story, corrections: all, note }: VersionAnswer): string | undefined {
  const retraction = present(story.withdrawal?.notice);
  const said = [
    ...(story.status === 'retracted' ? [retraction ? `${withdrawals.retracted}: ${retraction}` : 'Retracted.'] : []),
    ...all.flatMap(({ kind, notice }) => (typeof notice === 'string' ? [`${corrections[kind]}: ${notice}`] : [])),
    ...(typeof note === 'string' ? [`Change note: ${note}`] : []),
  ];
  return said.length > 0 ? said.join('\n\n') : undefined;
}

function sourcesOf({ name, home }: Published['publisher'], { source }: Content['fields']) {
  const known = present(source);
  const publisher = { name, role: 'publisher', uri: home === undefined ? undefined : uriOf(home) };
  return [publisher, ...(known === undefined ? [] : [{ name: known, role: 'source' }])];
}

/** https://cv.iptc.org/newscodes/trustindicator/ */
const policyOf = ({ correctionsPolicy }: Published['publisher']) =>
  correctionsPolicy === undefined
    ? undefined
    : [
        {
          role: 'http://cv.iptc.org/newscodes/trustindicator/correctionsPolicy',
          title: 'Corrections policy',
          href: uriOf(correctionsPolicy),
        },
      ];

function pictureOf(image: Content['fields']['leadImage']) {
  const known = present(image);
  if (!known) return undefined;
  const { url, alt, caption, credit } = known;
  const uri = uriOf(url);
  const described = [
    ...(caption === undefined ? [] : [{ role: 'caption', ...plain(caption) }]),
    ...(alt ? [{ role: 'alt', ...plain(alt) }] : []),
  ];
  return [
    {
      name: 'leadImage',
      rel: 'featureImage',
      uri,
      type: 'picture',
      descriptions: listed(described),
      by: credit,
      renditions: [{ name: 'main', href: uri }],
    },
  ];
}
