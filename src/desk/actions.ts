/** Everything else that the desk can do to a story, one entry an action, by its name in addresses. */
import type { Right } from '../access/rights.js';
import { limits } from '../content/limits.js';
import { isSlug } from '../content/slug.js';
import { rightToWithdraw } from '../editing/rights-needed.js';
import type { AmendVersion } from '../story/commands.js';
import type { Significance, WithdrawalKind } from '../story/events.js';
import type { Action, Target } from './action.js';
import type { Choice, Field, Group } from './fields.js';
import { passages } from './passages.js';
import { publishing, writing } from './write.js';

const reason: Field = {
  kind: 'text',
  name: 'reason',
  label: 'Reason',
  hint: 'For staff: readers don’t see it.',
  max: limits.reason,
  rows: 2,
};

const one = (legend: string, ...fields: Field[]): Group[] => [{ legend, fields }];
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const kinds: Record<WithdrawalKind, Choice> = {
  unpublished: {
    value: 'unpublished',
    label: 'Unpublish',
    hint: 'Taken down quietly; it may return. The story and its versions answer 410 Gone, with no explanation.',
  },
  retracted: {
    value: 'retracted',
    label: 'Retract',
    hint: 'We no longer stand by it. Its page stays (200) with the notice above the last text; its versions stay open, with the notice.',
  },
  killed: {
    value: 'killed',
    label: 'Kill',
    hint: 'It must not be used. The story answers 410 Gone with the notice, its versions 410.',
  },
  takedown: {
    value: 'takedown',
    label: 'Take down',
    hint: 'Removed by legal demand. The story and its versions answer 451, with the notice if there is one.',
  },
};

const isWithdrawn = ({ story }: Target): boolean => story?.withdrawal !== undefined;

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
    if (!amended || reader.wrong.length > 0) return undefined;
    const why = reader.text('reason');
    const asked: AmendVersion = {
      type: 'amend-version',
      version: target.version!.version,
      ...amended,
      ...(why !== undefined && { reason: why }),
      ...(reader.text('force') && { force: true as const }),
    };
    return { asked };
  },
  done: (version) => `Version ${version}: ${action.done}`,
});

export const actions: Readonly<Record<string, Action>> = {
  write: writing,

  withdraw: {
    of: 'story',
    name: 'Withdraw',
    title: (target) => (isWithdrawn(target) ? 'Change the withdrawal' : 'Withdraw the story'),
    rights: Object.values(rightToWithdraw),
    fits: () => true,
    values: ({ story }) => ({
      kind: story?.withdrawal?.kind ?? '',
      notice: text(story?.withdrawal?.notice),
    }),
    groups: ({ viewer }) => [
      {
        legend: 'How',
        fields: [
          {
            kind: 'choice',
            name: 'kind',
            label: 'What readers get',
            required: true,
            choices: Object.values(kinds).filter(({ value }) => viewer.may(rightToWithdraw[value as WithdrawalKind])),
          },
          {
            kind: 'text',
            name: 'notice',
            label: 'Notice',
            hint: 'Public, where the kind shows it: what readers are told.',
            max: limits.notice,
          },
          reason,
        ],
      },
    ],
    read(reader) {
      const [kind, notice, why] = [reader.text('kind'), reader.text('notice'), reader.text('reason')];
      if (reader.wrong.length > 0) return undefined;
      return {
        asked: {
          type: 'withdraw',
          kind: kind as WithdrawalKind,
          ...(notice !== undefined && { notice }),
          ...(why !== undefined && { reason: why }),
        },
      };
    },
    done: () => 'The withdrawal is recorded.',
  },

  reinstate: {
    of: 'story',
    name: 'Reinstate',
    title: () => 'Reinstate the story',
    intro: () => 'Readers get it again, with every version that was open before.',
    rights: ['reinstate'],
    fits: isWithdrawn,
    groups: () =>
      one('Why', { kind: 'text', name: 'note', label: 'Note', hint: 'Kept in the record.', max: limits.note, rows: 2 }),
    read(reader) {
      const note = reader.text('note');
      if (reader.wrong.length > 0) return undefined;
      return { asked: { type: 'reinstate', ...(note !== undefined && { note }) } };
    },
    done: () => 'The story is reinstated.',
  },

  slug: {
    of: 'story',
    name: 'Change the address',
    rights: ['slug'],
    fits: () => true,
    values: ({ story }) => ({ slug: story?.slug ?? '' }),
    groups: () =>
      one('The address', {
        kind: 'line',
        name: 'slug',
        label: 'Name in its address',
        hint: 'Lower-case letters and digits with single hyphens between. The names it had keep leading to it.',
        required: true,
        plain: true,
      }),
    read(reader) {
      const slug = reader.text('slug');
      if (slug !== undefined && !isSlug(slug)) {
        reader.fault('slug', `Lower-case letters and digits with single hyphens between, at most ${limits.slug}.`);
      }
      return reader.wrong.length > 0 ? undefined : { asked: { type: 'change-slug', slug: slug! } };
    },
    done: () => 'The story has its new address.',
  },

  cancel: {
    of: 'version',
    name: 'Cancel',
    title: ({ version }) => `Cancel version ${version!.version}`,
    intro: () => 'It will never come into force, and readers will never know of it.',
    rights: ['cancel'],
    fits: ({ version }) => version?.waiting === true,
    groups: () => one('Why', reason),
    read(reader, { version }) {
      const why = reader.text('reason');
      if (reader.wrong.length > 0) return undefined;
      return {
        asked: { type: 'cancel', version: version!.version, ...(why !== undefined && { reason: why }) },
      };
    },
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
    values: ({ version }) => ({ note: text(version?.note) }),
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

  notice: {
    of: 'notice',
    name: 'Change the notice',
    rights: ['amend'],
    fits: () => true,
    values: (target) => ({ notice: text(noticeOf(target)?.notice) }),
    groups: () =>
      one(
        'The notice',
        { kind: 'text', name: 'notice', label: 'Notice', hint: 'Public.', max: limits.notice, rows: 4 },
        { kind: 'check', name: 'back', value: 'yes', label: 'Take the notice back: readers no longer see one' },
      ),
    read(reader, target) {
      const notice = reader.text('notice');
      const back = reader.text('back') !== undefined;
      if (!back && notice === undefined) reader.fault('notice', 'Type the notice, or tick that it is taken back.');
      if (reader.wrong.length > 0) return undefined;
      const { of = '' } = target.asked;
      const isCorrection = target.corrections.some(({ id }) => id === of);
      return {
        asked: {
          type: 'amend-notice',
          of: isCorrection ? { correction: of } : { withdrawal: of },
          notice: back ? null : notice!,
        },
      };
    },
    done: () => 'The notice is changed.',
  },

  words: passages,

  unhide: {
    of: 'hiding',
    name: 'Show the words again',
    intro: () => 'Readers get again what this hiding took away.',
    rights: ['show'],
    fits: () => true,
    groups: () => one('Why', reason),
    read(reader, { asked }) {
      const why = reader.text('reason');
      if (reader.wrong.length > 0) return undefined;
      return {
        asked: { type: 'show-texts', hiding: Number(asked.of), ...(why !== undefined && { reason: why }) },
      };
    },
    done: () => 'The words are shown again.',
  },
};

/** The action whose form stands under this name; `new` has no story yet. */
export const actionNamed = (name: string): Action | undefined =>
  name === 'new' ? publishing : Object.hasOwn(actions, name) ? actions[name] : undefined;

/** The correction or withdrawal that the address names. */
export function noticeOf({ corrections, withdrawals, asked }: Target) {
  const id = asked.of;
  return (
    corrections.find((correction) => correction.id === id) ?? withdrawals.find((withdrawal) => withdrawal.id === id)
  );
}

/** The names of the actions of a kind that fit and are allowed to this viewer. */
export const offered = (target: Target, ...of: Action['of'][]): [name: string, action: Action][] =>
  Object.entries(actions).filter(
    ([, action]) =>
      of.includes(action.of) && action.rights.some((right: Right) => target.viewer.may(right)) && action.fits(target),
  );
