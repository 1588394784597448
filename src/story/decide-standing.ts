/** Decides withdrawals, reinstatements, and the notices of withdrawals and corrections. */
import {
  type AmendNotice,
  type Circumstances,
  type Decision,
  type Outcome,
  type Reinstate,
  refuse,
  type Withdraw,
} from './commands.js';
import { type Story, withdrawalOf } from './evolve.js';
import type { Instant } from './instant.js';
import { lastTime } from './questions.js';
import { hasBeenInForce } from './visibility.js';

export function decideWithdraw(story: Story, command: Withdraw, { recordedAt, mint }: Circumstances): Decision {
  const { kind, notice, reason, imported } = command;
  const timed = effectFrom(story, command, recordedAt);
  if (!timed.ok) return timed;
  const { at } = timed;
  // At the very time of a version that readers had, it would take all of that version's time in force.
  const had = story.versions.some((version) => version.inForceFrom === at && hasBeenInForce(version, recordedAt));
  if (had) return refuse({ code: 'import-before-last', inForceFrom: at, last: at });
  const present = presentWithdrawal(story);
  if (present?.kind === kind) return amended(present, { withdrawal: present.id }, notice);
  return {
    ok: true,
    version: null,
    events: [
      {
        type: 'StoryWithdrawn',
        data: { withdrawal: mint(), kind, at, ...(imported && { imported }) },
        texts: { ...(notice !== undefined && { notice }), ...(reason !== undefined && { reason }) },
      },
    ],
  };
}

export function decideReinstate(story: Story, command: Reinstate, { recordedAt }: Circumstances): Decision {
  const { note, imported } = command;
  const timed = effectFrom(story, command, recordedAt);
  if (!timed.ok) return timed;
  if (!presentWithdrawal(story)) return refuse({ code: 'not-withdrawn' });
  return {
    ok: true,
    version: null,
    events: [
      {
        type: 'StoryReinstated',
        data: { at: timed.at, ...(imported && { imported }) },
        texts: { ...(note !== undefined && { note }) },
      },
    ],
  };
}

export function decideAmendNotice(story: Story, { of, notice }: AmendNotice): Decision {
  if ('withdrawal' in of) {
    const withdrawal = withdrawalOf(story, of.withdrawal);
    return withdrawal ? amended(withdrawal, of, notice) : refuse({ code: 'withdrawal-not-found', ...of });
  }
  const correction = story.corrections.find(({ id }) => id === of.correction);
  return correction ? amended(correction, of, notice) : refuse({ code: 'correction-not-found', ...of });
}

/** The withdrawal that nothing recorded has ended: withdrawals and reinstatements are recorded in order of their times. */
export const presentWithdrawal = (story: Story) => {
  const id = story.timeline.withdrawals.at(-1)?.value;
  return id ? withdrawalOf(story, id) : undefined;
};

/** A notice that is not given stays; one that is not there need not be taken back. */
function amended(
  { notice: present, version = null }: { notice: unknown; version?: number | null },
  of: AmendNotice['of'],
  notice: string | null | undefined,
): Decision {
  if (notice === undefined || (notice === null && present === null)) return { ok: true, version, events: [] };
  return {
    ok: true,
    version,
    events: [{ type: 'NoticeAmended', data: of, texts: notice === null ? {} : { notice } }],
  };
}

/** Now; in an import not before anything that the story's history has already. */
function effectFrom(
  story: Story,
  { at, imported }: { at?: Instant; imported?: true },
  recordedAt: Instant,
): Outcome<{ at: Instant }> {
  if (at === undefined) return { ok: true, at: recordedAt };
  if (!imported || at > recordedAt) return refuse({ code: 'time-not-allowed' });
  const last = lastTime(story);
  return last && at < last ? refuse({ code: 'import-before-last', inForceFrom: at, last }) : { ok: true, at };
}
