/** Who asks, whom they ask, and the story they mostly ask about: for tests of what history answers. */

import type { Policy } from '../../src/history/describe.js';
import { openHistory } from '../../src/history/history.js';
import type { Asking, History } from '../../src/history/questions.js';
import type { Answer, HistoryCode } from '../../src/history/refusals.js';
import type { StoryEvent, WithdrawalKind } from '../../src/story/events.js';
import { type Instant, msOf } from '../../src/story/instant.js';
import { at, paragraph, publish, update } from '../../src/story/telling.test-support.js';
import { type Newsroom, tom } from '../views/newsroom.js';

export const reader: Asking = { audience: 'public', may: () => false };
export const editor: Asking = { audience: 'staff', may: (right) => right === 'new-version' };
export const auditor: Asking = { audience: 'staff', may: () => false };

export const historyOf = ({ views }: Newsroom, clock: () => Instant, policy: Partial<Policy> = {}): History =>
  openHistory(views, { publicHistory: 'all', editorsNames: 'none', ...policy }, () => msOf(clock()));

export function value<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(`${answer.refusal.code}: ${answer.refusal.detail}`);
  return answer.value;
}
export const code = (answer: Answer<unknown>): HistoryCode | 'answered' =>
  answer.ok ? 'answered' : answer.refusal.code;
export const numbers = (items: readonly { version: number }[]) => items.map(({ version }) => version);

export const statement = {
  speaker: 'Lena Okafor',
  organisation: 'Bay Island Ferries',
  blocks: [paragraph('Everyone is accounted for.')],
};

/** 11:27 published, 12:20 a statement by Tom, 13:05 an update; 18:00 waits, and what waited for 17:00 is cancelled. */
export async function ferries(newsroom: Newsroom): Promise<string> {
  const story = newsroom.newId();
  await newsroom.tell(story, publish({ note: 'First word' }), at('11:27'));
  await newsroom.tell(story, { type: 'new-version', statements: [statement] }, at('12:20'), tom);
  await newsroom.tell(story, update('Ferries back by the weekend', { note: 'The operator says when' }), at('13:05'));
  await newsroom.tell(story, update('Secret of five', { inForceFrom: at('17:00') }), at('13:30'));
  await newsroom.tell(story, update('Secret of six', { inForceFrom: at('18:00') }), at('13:40'));
  await newsroom.tell(story, { type: 'cancel', version: 4 }, at('13:50'));
  return story;
}

export const withdrawn = (kind: WithdrawalKind, time: Instant, notice?: string): StoryEvent => ({
  type: 'StoryWithdrawn',
  data: { withdrawal: `w-${time}`, kind, at: time },
  texts: notice === undefined ? {} : { notice },
});
export const reinstated = (time: Instant): StoryEvent => ({ type: 'StoryReinstated', data: { at: time }, texts: {} });
export const hidden = (version: number): StoryEvent => ({
  type: 'VersionHidden',
  data: { version },
  texts: { reason: 'x' },
});
