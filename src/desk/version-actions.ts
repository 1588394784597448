/** What the desk can do to one version: cancel it, and change what is said of it. */
import { limits } from '../content/limits.js';
import type { AmendVersion } from '../story/commands.js';
import type { Significance } from '../story/events.js';
import type { Action, Target } from './action.js';
import { one, reason, shown } from './fields.js';

/** A change of one thing that is said of a version. */
const amending = (
  action: Omit<Action, 'of' | 'read' | 'done' | 'fits'> & {
    fits?: Action['fits'];
    amend(reader: Parameters<Action['read']>[0], target: Target): Partial<AmendVersion> | undefined;
    done: string;
  },
): Action => ({
  fits: () => true,
  ...action,
  of: 'version',
  title: ({ version }) => `${action.name}: version ${version!.version}`,
  read(reader, target) {
    const amended = action.amend(reader, target);
    if (!amended) return undefined;
    const asked: AmendVersion = {
      type: 'amend-version',
      version: target.version!.version,
      ...amended,
      ...reader.said('reason'),
      ...(reader.text('force') && { force: true as const }),
    };
    return { asked };
  },
  done: (version) => `Version ${version}: ${action.done}`,
});

export const versionActions = {
  cancel: {
    of: 'version',
    name: 'Cancel',
    title: ({ version }) => `Cancel version ${version!.version}`,
    intro: () => 'It will never come into force, and readers will never know of it.',
    rights: ['cancel'],
    fits: ({ version }) => version?.waiting === true,
    groups: () => one('Why', reason),
    read: (reader, { version }) => ({ asked: { type: 'cancel', version: version!.version, ...reader.said('reason') } }),
    done: (version) => `Version ${version} is cancelled.`,
  },

  time: amending({
    name: 'Change its time',
    rights: ['correct-times'],
    fits: ({ version }) => !version?.cancelled,
    values: ({ version }) => ({
      when: version?.waiting ? 'now' : 'at',
      from: version?.inForceFrom ?? '',
    }),
    groups: ({ version }) => [
      {
        legend: 'When it comes into force',
        fields: [
          ...(version?.waiting
            ? [
                {
                  kind: 'choice' as const,
                  name: 'when',
                  label: 'When',
                  choices: [
                    { value: 'now', label: 'Now' },
                    { value: 'at', label: 'At the time below' },
                  ],
                },
              ]
            : []),
          {
            kind: 'moment',
            name: 'from',
            label: 'In force from',
            ...(!version?.waiting && { hint: 'It has been in force, so only to an earlier time.', required: true }),
          },
          reason,
        ],
      },
    ],
    amend(reader, { version }) {
      if (version?.waiting && reader.text('when') !== 'at') return { inForceFrom: 'now' };
      const inForceFrom = reader.moment('from');
      if (inForceFrom) return { inForceFrom };
      return reader.text('from') === undefined ? reader.fault('from', 'Type the time.') : undefined;
    },
    done: 'its time is changed.',
  }),

  note: amending({
    name: 'Change its note',
    rights: ['amend'],
    values: ({ version }) => ({ note: shown(version?.note) }),
    groups: () =>
      one('The change note', {
        kind: 'text',
        name: 'note',
        label: 'Change note',
        hint: 'Public, one sentence: why this version was made. Left empty: none.',
        max: limits.note,
      }),
    amend: (reader) => ({ note: reader.text('note') ?? null }),
    done: 'its note is changed.',
  }),

  significance: amending({
    name: 'Reclassify',
    rights: ['reclassify'],
    values: ({ version }) => ({ significance: version?.significance ?? 'major' }),
    groups: () =>
      one(
        'How much it matters',
        {
          kind: 'choice',
          name: 'significance',
          label: 'Significance',
          required: true,
          choices: [
            { value: 'major', label: 'Major' },
            { value: 'minor', label: 'Minor' },
          ],
        },
        reason,
      ),
    amend: (reader) => ({ significance: reader.text('significance') as Significance }),
    done: 'it is reclassified.',
  }),

  labels: amending({
    name: 'Label',
    rights: ['label'],
    values: ({ version }) => ({ labels: (version?.labels ?? []).join('\n') }),
    groups: () =>
      one('Labels', {
        kind: 'text',
        name: 'labels',
        label: 'Labels',
        hint: 'One a line. For staff: readers don’t see them.',
        rows: 4,
      }),
    amend: (reader) => ({ labels: reader.lines('labels') }),
    done: 'its labels are changed.',
  }),

  hide: amending({
    name: 'Hide',
    intro: () =>
      'Readers keep seeing its number and its times, and get 410 Gone for its words. Staff can still read it.',
    rights: ['hide'],
    fits: ({ version }) => !version?.hidden,
    groups: () => one('Why', reason),
    amend: () => ({ hidden: true }),
    done: 'it is hidden from readers.',
  }),

  show: amending({
    name: 'Show again',
    intro: () => 'Readers get its words again.',
    rights: ['show'],
    fits: ({ version }) => version?.hidden === true,
    groups: () => one('Why', reason),
    amend: () => ({ hidden: false }),
    done: 'readers can read it again.',
  }),
} satisfies Record<string, Action>;
