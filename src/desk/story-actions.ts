/** What the desk can do to a story as a whole: take it away and bring it back, rename it, its notices, words hidden in it. */
import { limits } from '../content/limits.js';
import { rightToWithdraw } from '../editing/rights-needed.js';
import type { WithdrawalKind } from '../story/events.js';
import { type Action, noticeOf, type Target } from './action.js';
import { type Choice, one, reason, shown } from './fields.js';

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

/** A kill or takedown is changed or ended by those who may impose it. */
const mayChangeStanding = ({ story, viewer }: Target): boolean => {
  const kind = story?.withdrawal?.kind;
  return (kind !== 'killed' && kind !== 'takedown') || viewer.may(rightToWithdraw[kind]);
};

export const storyActions = {
  withdraw: {
    of: 'story',
    name: 'Withdraw',
    title: (target) => (isWithdrawn(target) ? 'Change the withdrawal' : 'Withdraw the story'),
    rights: Object.values(rightToWithdraw),
    fits: mayChangeStanding,
    values: ({ story }) => ({
      kind: story?.withdrawal?.kind ?? '',
      notice: shown(story?.withdrawal?.notice),
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
    read: (reader) => ({
      asked: { type: 'withdraw', kind: reader.text('kind') as WithdrawalKind, ...reader.said('notice', 'reason') },
    }),
    done: () => 'The withdrawal is recorded.',
  },

  reinstate: {
    of: 'story',
    name: 'Reinstate',
    title: () => 'Reinstate the story',
    intro: () => 'Readers get it again, with every version that was open before.',
    rights: ['reinstate'],
    fits: (target) => isWithdrawn(target) && mayChangeStanding(target),
    groups: () =>
      one('Why', { kind: 'text', name: 'note', label: 'Note', hint: 'Kept in the record.', max: limits.note, rows: 2 }),
    read: (reader) => ({ asked: { type: 'reinstate', ...reader.said('note') } }),
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
    read: (reader) => ({ asked: { type: 'change-slug', slug: reader.slug('slug')! } }),
    done: () => 'The story has its new address.',
  },

  notice: {
    of: 'notice',
    name: 'Change the notice',
    rights: ['amend'],
    fits: () => true,
    values: (target) => ({ notice: shown(noticeOf(target)?.notice) }),
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

  unhide: {
    of: 'hiding',
    name: 'Show the words again',
    intro: () => 'Readers get again what this hiding took away.',
    rights: ['show'],
    fits: () => true,
    groups: () => one('Why', reason),
    read: (reader, { asked }) => ({
      asked: { type: 'show-texts', hiding: Number(asked.of), ...reader.said('reason') },
    }),
    done: () => 'The words are shown again.',
  },
} satisfies Record<string, Action>;
