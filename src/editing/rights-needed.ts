/** Which rights a change needs: by what it asks for, and by how the story stands. */
import type { Right } from '../access/rights.js';
import type { WithdrawalKind } from '../story/events.js';
import { type Story, versionOf, withdrawalOf } from '../story/evolve.js';
import type { Instant } from '../story/instant.js';
import { hasBeenInForce } from '../story/visibility.js';
import type { Asked, Refusing } from './change-story.js';
import { refuse } from './problems.js';

export const rightToWithdraw: Readonly<Record<WithdrawalKind, Right>> = {
  unpublished: 'unpublish',
  retracted: 'retract',
  killed: 'kill',
  takedown: 'takedown',
};

/** Unless all of these rights are there. */
export function forbidden(may: (right: Right) => boolean, rights: readonly Right[]): Refusing | undefined {
  const right = rights.find((right) => !may(right));
  return right && refuse('forbidden', `This needs the right ${right}.`, { right });
}

/** By what is asked for alone. */
export function rightsNeeded(asked: Asked): Right[] {
  const imported = 'imported' in asked && asked.imported;
  const force = 'force' in asked && asked.force;
  return [...ofVerb(asked), ...(imported ? ['import' as const] : []), ...(force ? ['force' as const] : [])];
}

function ofVerb(asked: Asked): Right[] {
  switch (asked.type) {
    case 'publish':
    case 'new-version':
    case 'cancel':
      return [asked.type];
    case 'withdraw':
      return [rightToWithdraw[asked.kind]];
    case 'reinstate':
      return ['reinstate'];
    case 'change-slug':
      return ['slug'];
    case 'amend-notice':
      return ['amend'];
    case 'amend-version':
      return [
        ...(asked.note !== undefined ? ['amend' as const] : []),
        ...(asked.inForceFrom !== undefined ? ['correct-times' as const] : []),
        ...(asked.significance !== undefined ? ['reclassify' as const] : []),
        ...(asked.labels !== undefined ? ['label' as const] : []),
        ...(asked.hidden !== undefined ? [asked.hidden ? ('hide' as const) : ('show' as const)] : []),
      ];
    case 'hide-texts':
    case 'erase-texts':
      return [
        asked.type === 'hide-texts' ? 'hide' : 'erase',
        ...(asked.replacement ? rightsNeeded(asked.replacement) : []),
      ];
    case 'show-texts':
      return ['show'];
  }
}

/**
 * Changing or ending a kill or takedown, or its notice, needs the right that imposed it. And who reads as readers do
 * brings nothing to light by building on it that readers may not read.
 */
export function rightsOfStanding(story: Story, asked: Asked, now: Instant): Right[] {
  const kinds = touchedWithdrawals(story, asked, now).map((id) => withdrawalOf(story, id)?.kind);
  const imposing = kinds.flatMap((kind) => (kind === 'killed' || kind === 'takedown' ? [rightToWithdraw[kind]] : []));
  const named = asked.type === 'new-version' && asked.base !== undefined ? versionOf(story, asked.base) : undefined;
  const isClosed = named !== undefined && (named.hidden || !hasBeenInForce(named, now));
  return isClosed ? [...imposing, 'read-all'] : imposing;
}

function touchedWithdrawals(story: Story, asked: Asked, now: Instant): string[] {
  if (asked.type === 'amend-notice') return 'withdrawal' in asked.of ? [asked.of.withdrawal] : [];
  if (asked.type !== 'withdraw' && asked.type !== 'reinstate') return [];
  const { withdrawals } = story.timeline;
  // What stands now, and whatever an import may have set for later.
  const standing = withdrawals.findLastIndex(({ from }) => from <= now);
  return withdrawals.slice(Math.max(0, standing)).flatMap(({ value }) => (value === null ? [] : [value]));
}
