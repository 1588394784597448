/**
 * A made-up story and a made-up history that answers for it as a reader or an editor would be answered, so that pages
 * can be looked at in every state, also in those that no door leads to yet.
 */
import type { Viewer } from '../../src/access/viewer.js';
import { compareContents } from '../../src/compare/compare.js';
import type { Block, Content, VersionFields } from '../../src/content/types.js';
import type {
  CorrectionAnswer,
  CorrectionItem,
  StoryAnswer,
  StoryItem,
  VersionAnswer,
  VersionItem,
  WithdrawnPeriod,
} from '../../src/history/answers.js';
import type { History } from '../../src/history/questions.js';
import type { Answer, HistoryCode, HistoryRefusal } from '../../src/history/refusals.js';
import { renderings } from '../../src/history/renderings.js';
import type { Instant } from '../../src/story/instant.js';
import { rendered } from '../../src/views/comparing-thread.js';

export const at = (time: string): Instant => `2026-05-14T${time}:00.000Z` as Instant;
export const now = at('15:30');

let nextKey = 0;
export const paragraph = (text: string, more: object = {}): Block =>
  ({
    _type: 'block',
    _key: `k${nextKey++}`,
    style: 'normal',
    children: [{ _type: 'span', text, marks: [] }],
    markDefs: [],
    ...more,
  }) as Block;
const block = (members: object): Block => ({ _key: `k${nextKey++}`, ...members }) as Block;
const rich = (...texts: string[]) => ({
  cells: texts.map((text) => ({ children: [{ _type: 'span', text, marks: [] }], markDefs: [] })),
});

const fire = paragraph(
  'A fire in the baggage hall of the Quay 9 ferry terminal stopped all sailings from Harrow Bay on Wednesday morning. Nobody was hurt, the harbour brigade said.',
);
const alarm = (passengers: number): Block => ({
  ...paragraph(''),
  _key: 'alarm',
  children: [
    { _type: 'span', text: 'The alarm was raised at 10:52 as the ', marks: [] },
    { _type: 'span', text: 'Marguerite', marks: ['em'] },
    {
      _type: 'span',
      text: ` was boarding. Her ${passengers} passengers were led ashore along the north pier within ten minutes, `,
      marks: [],
    },
    { _type: 'span', text: 'the timetable', marks: ['l0'] },
    { _type: 'span', text: ' says.', marks: [] },
  ],
  markDefs: [{ _type: 'link', _key: 'l0', href: 'https://ferries.example/timetable' }],
});
const smoke = paragraph('Smoke could be seen from the lighthouse.');
const carries = paragraph('Bay Island Ferries carries about 900 people a day to Eyot Island at this time of year.');
const control = paragraph(
  'The brigade brought the fire under control shortly before noon. Investigators will enter the building on Thursday.',
);
const said = [
  paragraph(
    '“Our first thought is for the passengers and crew who left the terminal so calmly this morning. Everyone is accounted for.',
    { statement: 's1' },
  ),
  paragraph(
    '“We will run a replacement service from the fish dock as soon as the harbour master allows it, and every ticket will be honoured.”',
    { statement: 's1' },
  ),
];
const lena = { id: 's1', speaker: 'Lena Okafor', organisation: 'Bay Island Ferries' };

/** One of everything that a body can hold. */
export const everything: Block[] = [
  paragraph('What is known', { style: 'h3' }),
  paragraph('The terminal is closed.', { listItem: 'bullet', level: 1 }),
  paragraph('The baggage hall is gutted.', { listItem: 'bullet', level: 2 }),
  paragraph('The fish dock is open.', { listItem: 'bullet', level: 1 }),
  paragraph('Call the harbour office.', { listItem: 'number', level: 1, start: 3 }),
  paragraph('We heard a bang and then the lights went.', { style: 'blockquote' }),
  block({ _type: 'rule' }),
  block({
    _type: 'table',
    header: true,
    align: [null, 'right'],
    rows: [rich('Day', 'Sailings'), rich('Wednesday', '0'), rich('Thursday', '6')],
  }),
  block({ _type: 'code', language: 'text', code: `QUAY 9 CLOSED ${'= '.repeat(60)}` }),
  block({
    _type: 'image',
    url: 'https://pictures.example/quay-9.jpg',
    alt: 'The terminal in smoke',
    caption: 'Quay 9 on Wednesday',
    credit: 'Tom Achterberg',
  }),
  block({ _type: 'embed', url: 'https://maps.example/quay-9', provider: 'Harbour Maps' }),
  block({ _type: 'tideTable', station: 'Harrow Bay', high: '14:20' }),
  block({ _type: 'removed', absence: 'hidden' }),
];

const fields = (headline: string, more: VersionFields = {}): VersionFields => ({
  headline,
  standfirst:
    'Crews worked through the afternoon to clear the terminal; services to Eyot Island are not expected back before the weekend.',
  byline: 'By Ines Varga and Tom Achterberg',
  section: 'Harbour',
  tags: ['ferries', 'fire'],
  language: 'en',
  ...more,
});

interface Told extends Partial<VersionItem> {
  content: Content;
  acts: VersionItem['acts'];
  from: Instant;
  until: Instant | null;
}

export const harrowBay: Told[] = [
  {
    content: {
      fields: fields('Harbour ferries halted by blaze'),
      statements: [],
      body: [fire, alarm(240), smoke, carries],
    },
    acts: ['StoryPublished'],
    from: at('11:27'),
    until: at('12:20'),
  },
  {
    content: {
      fields: fields('Harbour ferries halted by blaze'),
      statements: [lena],
      body: [fire, alarm(240), smoke, carries, ...said],
    },
    acts: ['StatementAdded'],
    statements: [{ speaker: 'Lena Okafor', organisation: 'Bay Island Ferries' }],
    from: at('12:20'),
    until: at('12:41'),
  },
  {
    content: {
      fields: fields('Ferries stopped after fire at Quay 9'),
      statements: [lena],
      body: [fire, alarm(240), carries, ...said, control],
    },
    acts: ['StoryUpdated'],
    note: 'Fire under control',
    recordedAt: at('12:30'),
    from: at('12:41'),
    until: at('13:05'),
  },
  {
    content: {
      fields: fields('Ferries stopped after fire at Quay 9'),
      statements: [lena],
      body: [carries, fire, alarm(140), ...said, control, ...everything],
    },
    acts: ['StoryUpdated', 'CorrectionIssued'],
    correction: 'correction',
    note: 'Passenger figure was 140, not 240',
    from: at('13:05'),
    until: null,
  },
];

export const correction: CorrectionAnswer = {
  id: 'c1',
  kind: 'correction',
  version: 4,
  corrects: [1, 2, 3],
  at: at('13:05'),
  against: 3,
  notice: 'An earlier version gave the number of passengers on board as 240. The operator says it was 140.',
};

export interface MadeUp {
  story?: Partial<StoryAnswer>;
  versions?: Told[];
  corrections?: CorrectionAnswer[];
  withdrawals?: WithdrawnPeriod[];
  /** The front; left out: the story alone. */
  front?: StoryItem[];
  /** The list of all corrections. */
  listed?: CorrectionItem[];
  /** What every question about the story is refused with. */
  refusal?: HistoryRefusal;
  /** What one question alone is refused with. */
  refusals?: { asOf?: HistoryRefusal };
}

const no = (code: HistoryCode, detail = 'No.', more = {}): { ok: false; refusal: HistoryRefusal } => ({
  ok: false,
  refusal: { code, detail, ...more },
});

/** A history that knows one story, as it is told. `told` may be changed between questions. */
export function madeUpHistory(told: MadeUp): History {
  const versionsOf = () => told.versions ?? harrowBay;
  const story = (): StoryAnswer => ({
    id: '5b0d2c3e-7f46-4f0e-9a52-1f2b3c4d5e6f',
    slug: 'ferries-stopped',
    status: 'published',
    firstPublishedAt: versionsOf()[0]?.from ?? null,
    lastUpdatedAt: versionsOf().at(-1)?.from ?? null,
    versions: versionsOf().length,
    ...told.story,
  });
  const item = (index: number): VersionItem => {
    const { content, from, until, ...rest } = versionsOf()[index]!;
    const before = versionsOf()[index - 1]?.content;
    const { words } = compareContents(before ?? { fields: {}, statements: [], body: [] }, content).summary;
    return {
      version: index + 1,
      significance: 'major',
      inForceFrom: from,
      recordedAt: from,
      reigns: [{ from, until }],
      ...(index === versionsOf().length - 1 && { current: true as const }),
      headline: content.fields.headline ?? null,
      note: null,
      statements: [],
      changes: { against: index || null, words },
      ...rest,
    };
  };
  const whole = (index: number): VersionAnswer => ({
    ...item(index),
    story: story(),
    content: versionsOf()[index]!.content,
    corrections: (told.corrections ?? [correction]).filter(
      ({ corrects, version }) => corrects.includes(index + 1) || version! <= index + 1,
    ),
    previous: index || null,
    next: index + 1 < versionsOf().length ? index + 2 : null,
  });
  const found = <T>(name: string, value: () => Answer<T>): Answer<T> => {
    if (told.refusal) return { ok: false, refusal: told.refusal };
    if (name === 'harbour-fire') return no('story-moved', 'It moved.', { slug: 'ferries-stopped' });
    const { slug, id } = story();
    return name === slug || name === id ? value() : no('story-not-found', `There is no story "${name}".`);
  };
  const readable = (index: number): Answer<number> => {
    if (!versionsOf()[index]) return no('version-not-found', `This story has no version ${index + 1}.`);
    if (versionsOf()[index]!.acts.length === 0) {
      const { from, until } = versionsOf()[index]!;
      const next = index + 1 < versionsOf().length ? index + 2 : null;
      const place = { reigns: [{ from, until }], previous: index || null, next };
      return no('version-hidden', 'Removed.', { version: index + 1, ...place });
    }
    return { ok: true, value: index };
  };
  const indexAt = (instant: Instant): Answer<number> => {
    const index = versionsOf().findLastIndex(({ from }) => from <= instant);
    return index < 0 ? no('not-yet-in-force', 'Not yet.') : readable(index);
  };
  const sorted = (viewer: Pick<Viewer, 'audience'>) =>
    versionsOf()
      .map((_, index) => item(index))
      .filter(({ waiting }) => !waiting || viewer.audience === 'staff')
      .reverse();
  return {
    story: async (_, name) => found(name, () => ({ ok: true, value: story() })),
    asOf: async (_, name, asked = {}) =>
      found(name, () => {
        if (told.refusals?.asOf) return { ok: false, refusal: told.refusals.asOf };
        const instant = asked.at && asked.at < now ? asked.at : now;
        const index = indexAt(instant);
        if (!index.ok) return index;
        const { from, until } = versionsOf()[index.value]!;
        return { ok: true, value: { ...whole(index.value), asOf: { at: instant, reign: { from, until } } } };
      }),
    version: async (_, name, version) =>
      found(name, () => {
        const index = readable(version - 1);
        return index.ok ? { ok: true, value: whole(index.value) } : index;
      }),
    versions: async (viewer, name, { cursor, limit = 50 } = {}) =>
      found(name, () => {
        const all = sorted(viewer);
        const start = Number(cursor ?? 0);
        const next = start + limit < all.length ? String(start + limit) : null;
        const corrections = told.corrections ?? [correction];
        const withdrawals = told.withdrawals ?? [];
        const items = all.slice(start, start + limit);
        return { ok: true, value: { story: story(), items, corrections, withdrawals, next } };
      }),
    authorship: async () => no('story-not-found', 'No page asks for it.'),
    compareContents: async (before, after, { render }) => rendered(before, after, render),
    storyAt: async () => no('story-not-found', 'No page asks for it.'),
    sitemaps: { parts: async () => [''], part: async () => [], fresh: async () => [] },
    mementos: async () => no('story-not-found', 'No page asks for it.'),
    memento: async () => no('story-not-found', 'No page needs it.'),
    compare: async (_, name, one, other, { render } = renderings.json) =>
      found(name, () => {
        const [a, b] = [one, other].map((side) =>
          typeof side === 'number' ? readable(side - 1) : indexAt(side === 'now' ? now : side),
        );
        if (!a!.ok) return a!;
        if (!b!.ok) return b!;
        const shown = rendered(versionsOf()[a!.value]!.content, versionsOf()[b!.value]!.content, render);
        const corrections = (told.corrections ?? [correction]).filter(
          ({ version = 0 }) => version > a!.value + 1 && version <= b!.value + 1,
        );
        return { ok: true, value: { story: story(), a: item(a!.value), b: item(b!.value), ...shown, corrections } };
      }),
    changes: async () => ({ ok: true, value: { items: [], next: null } }),
    corrections: async (_, { cursor, story: name } = {}) => {
      if (cursor) return no('bad-cursor', 'Start again without a cursor.');
      const { headline = null } = versionsOf().at(-1)!.content.fields;
      const all = told.listed ?? [{ ...correction, at: correction.at!, story: story(), headline }];
      const list = (): Answer<{ items: CorrectionItem[]; next: string | null }> => ({
        ok: true,
        value: { items: all, next: all.length > 1 ? 'more' : null },
      });
      return name === undefined ? list() : found(name, list);
    },
    stories: async (_, { asOf: asked = now, cursor } = {}) => {
      const asOf = asked < now ? asked : now;
      if (cursor) return no('bad-cursor', 'Start again without a cursor.');
      if (told.front) return { ok: true, value: { asOf, items: told.front, next: null } };
      const index = versionsOf().findLastIndex(({ from }) => from <= asOf);
      if (index < 0) return { ok: true, value: { asOf, items: [], next: null } };
      const { content, current, reigns, changes, ...shown } = { content: versionsOf()[index]!.content, ...item(index) };
      const { standfirst = null, section = null, language = null } = content.fields;
      const entry = { ...shown, story: story(), standfirst, section, language: language as string | null };
      return { ok: true, value: { asOf, items: [{ ...entry, tags: [], leadImage: null }], next: 'more' } };
    },
  };
}
