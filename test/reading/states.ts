/** The states that a story's pages can be in, made up: what each tells the made-up history, and the page that shows it. */
import type { Block } from '../../src/content/types.js';
import type { CorrectionItem, StoryAnswer } from '../../src/history/answers.js';
import { at, correction, harrowBay, type MadeUp } from './harrow-bay.js';

export const story = '/stories/ferries-stopped';

const [erased, hidden] = [{ _absent: 'erased' as const }, { _absent: 'hidden' as const }];
const withHiddenTwo = harrowBay.map((one, index) =>
  index === 1 ? { ...one, acts: [], statements: [], changes: null } : one,
);
const { fields, body } = harrowBay[3]!.content;
const withRemovedTexts = {
  ...harrowBay[3]!,
  note: hidden,
  content: {
    fields: { ...fields, headline: erased, standfirst: hidden, byline: erased, section: hidden, leadImage: erased },
    statements: [{ id: 's1', speaker: erased, organisation: hidden }],
    body: body.map((block, index): Block => {
      if (index === 1) return { _key: block._key, _type: 'removed', absence: 'hidden' };
      return index === 4 ? { _key: block._key, _type: 'removed', absence: 'erased', statement: 's1' } : block;
    }),
  },
};

const about = {
  story: { id: 'x', slug: 'ferries-stopped', status: 'published', versions: 4 } as StoryAnswer,
  headline: 'Ferries stopped after fire at Quay 9',
  at: at('13:05'),
};
const { version: _, against: __, ...unversioned } = correction;
export const listed: CorrectionItem[] = [
  {
    ...unversioned,
    ...about,
    id: 'r1',
    kind: 'retraction',
    corrects: [],
    headline: 'Council met in secret over quay sale',
    notice: 'Our account rested on a single document that we have since found to be forged.',
  },
  { ...correction, ...about },
  { ...correction, ...about, id: 'c2', kind: 'editors-note', headline: hidden, notice: erased },
  { ...correction, ...about, id: 'c3', kind: 'clarification', corrects: [3], notice: 'It is the old hall.\nNot this.' },
];

export const states: Record<string, [path: string, told: MadeUp]> = {
  corrections: ['/corrections', { listed }],
  'no corrections': ['/corrections', { listed: [] }],
  'corrections of one story': ['/corrections?story=ferries-stopped', { listed }],
  retracted: [
    story,
    {
      story: {
        status: 'retracted',
        withdrawal: { kind: 'retracted', from: at('15:00'), notice: 'Our account rested on a forged document.' },
      },
    },
  ],
  'corrected later': [
    `${story}/versions/2`,
    { corrections: [correction, { ...correction, id: 'c2', notice: 'We have asked.' }] },
  ],
  'texts removed': [story, { versions: [...harrowBay.slice(0, 3), withRemovedTexts] }],
  'texts removed, compared': [`${story}/compare/3...4`, { versions: [...harrowBay.slice(0, 3), withRemovedTexts] }],
  'version removed': [`${story}/versions/2`, { versions: withHiddenTwo }],
  'removed then': [`${story}?at=2026-05-14T12:25:00Z`, { versions: withHiddenTwo }],
  'brought back': [
    story,
    {
      versions: [
        ...harrowBay.slice(0, 3),
        { ...harrowBay[1]!, acts: ['VersionRestored'], restored: 2, from: at('13:05'), until: null, statements: [] },
      ],
    },
  ],
  'history with times away': [
    `${story}/versions`,
    {
      versions: withHiddenTwo,
      withdrawals: [
        { kind: 'unpublished', from: at('12:30'), until: at('12:35'), notice: null, version: 2 },
        { kind: 'killed', from: at('12:35'), until: at('12:41'), notice: 'Two names are wrong.', version: 2 },
      ],
    },
  ],
  'life with gaps': [
    story,
    {
      versions: withHiddenTwo,
      withdrawals: [{ kind: 'unpublished', from: at('12:30'), until: at('12:41'), notice: null, version: 2 }],
    },
  ],
  unpublished: [story, { refusal: { code: 'unpublished', detail: '' } }],
  killed: [story, { refusal: { code: 'killed', detail: '', notice: 'It confused two companies.' } }],
  takedown: [story, { refusal: { code: 'takedown', detail: '', notice: 'By order of the district court.' } }],
  'withdrawn then': [
    `${story}?at=2026-05-14T12:25:00Z`,
    { refusals: { asOf: { code: 'withdrawn-then', detail: '', notice: 'We were checking it.' } } },
  ],
};
