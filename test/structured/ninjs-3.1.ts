/**
 * The members of ninjs 3.1 as IPTC's guide describes them (https://iptc.org/std/ninjs/userguide/), as a JSON Schema of
 * our own: nothing else may stand in an item. Of what Palimpsest never says (events, planned coverage) only the names.
 */
const text = { type: 'string' };
const texts = { type: 'array', items: text };
const uri = { type: 'string', format: 'uri' };
const time = { type: 'string', format: 'date-time' };
const count = { type: 'integer' };
const percent = { type: 'integer', minimum: 0, maximum: 100 };
const oneOf = (...values: string[]) => ({ enum: values });
const object = (properties: object, ...required: string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const listOf = (items: object) => ({ type: 'array', items });
const anything = { type: 'object' };

const address = object({ lines: texts, locality: text, area: text, postalCode: text, country: text });
const contactInfo = listOf(object({ type: text, role: text, lang: text, name: text, value: text, address }));
const concept = { name: text, rel: text, uri, literal: text };
const said = { role: text, contentType: text, value: text };
const rendition = object(
  {
    ...{ name: text, href: uri, contentType: text, title: text, width: count, height: count, sizeInBytes: count },
    ...{ duration: {}, format: text, aspectRatio: {}, poi: anything, bitrate: text, videoCodec: text, frameRate: {} },
    ...{ transportProtocol: text, scanType: oneOf('progressive', 'interlaced') },
  },
  'name',
);

const members = {
  uri,
  type: oneOf('text', 'audio', 'video', 'picture', 'graphic', 'composite', 'component', 'event', 'planning'),
  representationType: oneOf('full', 'partial'),
  profile: text,
  version: text,
  firstCreated: time,
  versionCreated: time,
  contentCreated: time,
  embargoedUntil: time,
  expires: time,
  pubStatus: oneOf('usable', 'withheld', 'canceled'),
  urgency: { type: 'integer', minimum: 1, maximum: 9 },
  copyrightHolder: text,
  copyrightNotice: text,
  usageTerms: text,
  rightsInfo: object({ langId: uri, linkedRights: uri, encodedRights: text }),
  edNote: text,
  language: text,
  title: text,
  by: text,
  slugline: text,
  located: text,
  headlines: listOf(object(said, 'value')),
  descriptions: listOf(object(said, 'value')),
  bodies: listOf(object({ ...said, charCount: count, wordCount: count }, 'value')),
  people: listOf(object({ ...concept, contactInfo })),
  organisations: listOf(object({ ...concept, contactInfo, symbols: listOf(anything) })),
  places: listOf(object({ ...concept, contactInfo, geoJSON: anything })),
  subjects: listOf(object({ ...concept, creator: text, relevance: percent, confidence: percent })),
  events: listOf(object({ id: text, ...concept })),
  objects: listOf(object(concept)),
  infoSources: listOf(object({ name: text, role: text, uri, literal: text, contactInfo })),
  genres: listOf(object({ name: text, uri: text, literal: text })),
  digitalSourceType: object({ name: text, uri, literal: text }),
  trustIndicators: listOf(object({ role: uri, title: text, href: uri })),
  altIds: listOf(object({ role: text, value: text })),
  standard: object({ name: text, version: text, schema: uri }),
  renditions: listOf(rendition),
  eventDetails: anything,
  plannedCoverage: listOf(anything),
};

export const ninjs = {
  $defs: {
    // Associated items are items again, named, and related in some way.
    associated: object(
      { ...members, name: text, rel: text, associations: listOf({ $ref: '#/$defs/associated' }) },
      'name',
      'uri',
    ),
  },
  ...object({ ...members, associations: listOf({ $ref: '#/$defs/associated' }) }, 'uri'),
};
