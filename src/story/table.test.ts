/** What may happen when: the table of commands against the standing of a story, a test for each cell. */
import { describe, expect, test } from '@jest/globals';
import type { Command } from './commands.js';
import type { EventType } from './events.js';
import { at, paragraph, publish, Telling, update } from './telling.test-support.js';
import { standingOf } from './visibility.js';

type Standing = 'no story' | 'published' | 'withdrawn';

/** Three versions in force one after another (the second a correction), a fourth waiting; for `withdrawn`, retracted. */
function story(standing: Standing): Telling {
  const telling = new Telling();
  if (standing === 'no story') return telling;
  telling.when(publish({ note: 'First word' }), at('11:27'));
  telling.when(update('Second', { correction: { notice: 'The quay was Quay 9.' } }), at('11:30'));
  telling.when(update('Third'), at('11:40'));
  telling.when(update('Fourth', { inForceFrom: at('18:00') }), at('11:50'));
  telling.when({ type: 'hide-texts', references: [[0, 'headline']] }, at('11:55'));
  if (standing === 'withdrawn') telling.when({ type: 'withdraw', kind: 'retracted', notice: 'Wrong.' }, at('11:58'));
  return telling;
}

const idsOf = ({ story }: Telling) => ({
  correction: story.corrections[0]?.id ?? 'none',
  withdrawal: story.withdrawals[0]?.id ?? 'none',
  hiding: [...story.hiddenTexts.values()][0] ?? 0,
});

type Row = [name: string, command: (ids: ReturnType<typeof idsOf>) => Command, outcome: EventType[] | string];

const always: Row[] = [
  ['cancel', () => ({ type: 'cancel', version: 4 }), ['VersionCancelled']],
  ['correct a time', () => ({ type: 'amend-version', version: 3, inForceFrom: at('11:35') }), ['VersionTimeCorrected']],
  [
    'amend a correction’s notice',
    ({ correction }) => ({ type: 'amend-notice', of: { correction }, notice: 'It was Quay 9.' }),
    ['NoticeAmended'],
  ],
  ['amend a note', () => ({ type: 'amend-version', version: 1, note: 'From the scene' }), ['ChangeNoteAmended']],
  ['reclassify', () => ({ type: 'amend-version', version: 3, significance: 'minor' }), ['VersionReclassified']],
  ['label', () => ({ type: 'amend-version', version: 1, labels: ['checked'] }), ['VersionLabelled']],
  ['change the slug', () => ({ type: 'change-slug', slug: 'quay-9' }), ['SlugChanged']],
  ['hide a version', () => ({ type: 'amend-version', version: 1, hidden: true }), ['VersionHidden']],
  ['hide texts', () => ({ type: 'hide-texts', references: [[0, 'note']] }), ['TextsHidden']],
  ['show texts', ({ hiding }) => ({ type: 'show-texts', hiding }), ['TextsShown']],
  ['erase', () => ({ type: 'erase-texts', references: [[0, 'headline']], authority: 'court-order' }), ['TextsErased']],
];

const newVersions = (outcome: (type: EventType) => EventType[]): Row[] => [
  ['update', () => update('Again', { supersedes: [4] }), outcome('StoryUpdated')],
  [
    'add a statement',
    () => ({
      type: 'new-version',
      statements: [{ speaker: 'Lena Okafor', blocks: [paragraph('Safe.')] }],
      supersedes: [4],
    }),
    outcome('StatementAdded'),
  ],
  [
    'correct',
    () => ({ type: 'new-version', correction: { notice: 'It was Quay 9.' }, supersedes: [4] }),
    outcome('CorrectionIssued'),
  ],
  ['restore', () => ({ type: 'new-version', restores: 2, supersedes: [4] }), outcome('VersionRestored')],
];

const table: Record<Standing, Row[]> = {
  'no story': [
    ['publish', () => publish(), ['StoryPublished']],
    ...[
      ...newVersions(() => []),
      ['withdraw', () => ({ type: 'withdraw', kind: 'killed' }), ''] as Row,
      ['reinstate', () => ({ type: 'reinstate' }), ''] as Row,
      ...always,
    ].map(([name, command]): Row => [name, command, 'story-not-found']),
  ],
  published: [
    ['publish', () => publish(), 'story-exists'],
    ...newVersions((type) => ['VersionCancelled', type]),
    ['withdraw', () => ({ type: 'withdraw', kind: 'killed', notice: 'Do not use.' }), ['StoryWithdrawn']],
    ['reinstate', () => ({ type: 'reinstate' }), 'not-withdrawn'],
    ...always,
  ],
  withdrawn: [
    ['publish', () => publish(), 'story-exists'],
    ...newVersions((type) => ['VersionCancelled', type]),
    ['withdraw as another kind', () => ({ type: 'withdraw', kind: 'takedown' }), ['StoryWithdrawn']],
    [
      'withdraw with another notice',
      () => ({ type: 'withdraw', kind: 'retracted', notice: 'New.' }),
      ['NoticeAmended'],
    ],
    ['withdraw the same again', () => ({ type: 'withdraw', kind: 'retracted' }), []],
    ['reinstate', () => ({ type: 'reinstate', note: 'Checked.' }), ['StoryReinstated']],
    [
      'amend the withdrawal’s notice',
      ({ withdrawal }) => ({ type: 'amend-notice', of: { withdrawal }, notice: null }),
      ['NoticeAmended'],
    ],
    ...always,
  ],
};

describe.each(Object.entries(table) as [Standing, Row[]][])('%s', (standing, rows) => {
  test.each(rows)(`%s`, (_, command, outcome) => {
    const telling = story(standing);
    const decision = telling.when(command(idsOf(telling)), at('12:00'));
    expect(decision.ok ? decision.events.map(({ type }) => type) : decision.refusal.code).toEqual(outcome);
  });
});

test('a version written during a withdrawal is not in force before reinstatement', () => {
  const telling = story('withdrawn');
  telling.when(update('Rewritten', { supersedes: [4] }), at('12:00'));
  expect(standingOf(telling.story, at('12:30'))).toEqual({ withdrawn: 'retracted', shown: 3 });
  expect(telling.story.versions[4]!.inForceSince).toBe(null);
  telling.when({ type: 'reinstate' }, at('13:00'));
  expect(standingOf(telling.story, at('13:00'))).toEqual({ withdrawn: null, shown: 5 });
  expect(telling.story.versions[4]!.inForceSince).toBe(at('13:00'));
});

test.each(['unpublished', 'retracted', 'killed', 'takedown'] as const)(
  'a story withdrawn as %s, and as each other kind after it, is as it was last withdrawn',
  (first) => {
    for (const then of ['unpublished', 'retracted', 'killed', 'takedown'] as const) {
      const telling = story('published');
      telling.when({ type: 'withdraw', kind: first, notice: 'First notice' }, at('12:00'));
      telling.when({ type: 'withdraw', kind: then }, at('12:30'));
      expect(standingOf(telling.story, at('12:31')).withdrawn).toBe(then);
      // A notice belongs to the withdrawal it was written for.
      expect(telling.story.withdrawals.at(-1)!.notice === null).toBe(first !== then);
      telling.when({ type: 'reinstate' }, at('12:45'));
      expect(standingOf(telling.story, at('12:46')).withdrawn).toBe(null);
    }
  },
);
