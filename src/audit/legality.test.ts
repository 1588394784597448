import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { v5 as uuidv5 } from 'uuid';
import type { Command } from '../story/commands.js';
import type { RecordedFacts } from '../story/events.js';
import { evolve, initialStory } from '../story/evolve.js';
import { type Instant, plusMs } from '../story/instant.js';
import { at, paragraph, publish, Telling, update } from '../story/telling.test-support.js';
import { illegalitiesOf, type Past } from './legality.js';

const command = '6f1c2f9e-6c7a-4a53-9d0f-3f3c8a2b7d11';

/** What an editor might do next, `minutes` after the last thing. */
const step = fc.record({
  minutes: fc.integer({ min: 0, max: 90 }),
  kind: fc.constantFrom('update', 'statement', 'embargo', 'import', 'cancel', 'withdraw', 'reinstate'),
  later: fc.integer({ min: 1, max: 240 }),
  version: fc.integer({ min: 1, max: 6 }),
});

function commandOf({ kind, later, version }: { kind: string; later: number; version: number }, now: Instant): Command {
  const headline = `Ferries ${kind} ${later}`;
  if (kind === 'cancel') return { type: 'cancel', version };
  // An import need not name its time: then it takes effect at once, whatever is waiting.
  if (kind === 'withdraw') return { type: 'withdraw', kind: 'unpublished', ...(later % 2 && { imported: true }) };
  if (kind === 'reinstate') return { type: 'reinstate', ...(later % 2 && { imported: true }) };
  if (kind === 'embargo') return update(headline, { inForceFrom: plusMs(now, later * 60_000), base: version });
  if (kind === 'import') return update(headline, { inForceFrom: plusMs(now, -later * 60_000), imported: true });
  if (kind === 'statement')
    return update(headline, { statements: [{ speaker: 'Lena Okafor', blocks: [paragraph(headline)] }] });
  return update(headline);
}

/** The events of one command, with the ids that the log gives them. */
const recorded = (events: readonly RecordedFacts[], commandId: string): RecordedFacts[] =>
  events.map((event, index) => ({
    ...event,
    metadata: { ...event.metadata, commandId, eventId: uuidv5(String(index), commandId) },
  }));

test('nothing that was let through is ever called illegal', () => {
  let judged = 0;
  const kinds = new Set<string>();
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const telling = new Telling();
      let past: Past = { story: initialStory, ofLastCommand: 0, textNames: [] };
      let now = at('11:27');
      let number = 0;
      const tell = (next: Command) => {
        const before = telling.told.length;
        const decision = telling.when(next, now);
        if (!decision.ok && decision.refusal.code === 'would-supersede' && next.type === 'new-version') {
          telling.when({ ...next, supersedes: decision.refusal.versions }, now);
        }
        for (const event of recorded(telling.events.slice(before), uuidv5(String(number++), command))) {
          expect(illegalitiesOf(event, past)).toEqual([]);
          judged++;
          kinds.add(event.type);
          const ofLastCommand = past.last?.metadata.commandId === event.metadata.commandId ? past.ofLastCommand + 1 : 1;
          const textNames = [...past.textNames, new Set(event.textNames)];
          past = { story: evolve(past.story, event), last: event, ofLastCommand, textNames };
        }
      };
      tell(publish());
      for (const one of steps) {
        now = plusMs(now, one.minutes * 60_000);
        tell(commandOf(one, now));
      }
    }),
    { seed: 20260514, numRuns: 200 },
  );
  expect(judged).toBeGreaterThan(500);
  expect([...kinds].sort()).toEqual([
    'StatementAdded',
    'StoryPublished',
    'StoryReinstated',
    'StoryUpdated',
    'StoryWithdrawn',
    'VersionCancelled',
  ]);
});
