/** What holds of every history: random commands at random moments, held against the rules in their own words. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Command } from './commands.js';
import type { RecordedFacts } from './events.js';
import { evolve, initialStory, type Story } from './evolve.js';
import { type Instant, plusMs } from './instant.js';
import { inForceByTheBook } from './model.test-support.js';
import { recordingTime } from './questions.js';
import { at, paragraph, Telling } from './telling.test-support.js';
import { changedReigns, type Reign, reignAt } from './timeline.js';

const seed = Number(process.env.PROPERTY_SEED ?? 20260514);
console.info(`story properties: seed ${seed} (PROPERTY_SEED)`);
const settings = { seed, numRuns: 300 };

/** Minutes are few, so that times collide. */
const step = fc.record({
  wait: fc.constantFrom(0, 1, 60_000, 120_000),
  act: fc.constantFrom(
    'update',
    'update',
    'update',
    'statement',
    'import',
    'cancel',
    'withdraw',
    'reinstate',
    'correct-time',
    'restore',
  ),
  headline: fc.constantFrom('A', 'B', 'C'),
  body: fc.option(fc.array(fc.constantFrom('one', 'two', 'three', 'four'), { maxLength: 4 }), { nil: undefined }),
  ahead: fc.option(fc.constantFrom(0, 60_000, 120_000, 300_000), { nil: undefined }),
  version: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
  agree: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
const history = fc.record({
  embargo: fc.constantFrom(undefined, 60_000, 240_000, -600_000),
  steps: fc.array(step, { maxLength: 14 }),
});

interface Taken {
  telling: Telling;
  /** The story before and after each step that recorded something, and whether it was an import. */
  moves: { before: Story; after: Story; recordedAt: Instant; imported: boolean }[];
}

function play({ embargo, steps }: { embargo: number | undefined; steps: Step[] }): Taken {
  const telling = new Telling();
  const moves: Taken['moves'] = [];
  let clock = at('11:00');
  const does = (imported: boolean, act: () => unknown) => {
    const before = telling.story;
    act();
    const after = telling.story;
    if (after !== before) moves.push({ before, after, recordedAt: after.recordedAt!, imported });
  };
  const first: Command = {
    type: 'publish',
    slug: 's',
    fields: { headline: 'A' },
    body: [paragraph('one'), paragraph('two')],
    ...(embargo !== undefined && { inForceFrom: plusMs(clock, embargo) }),
    ...(embargo !== undefined && embargo < 0 && { imported: true as const }),
  };
  does(true, () => telling.when(first, clock));
  for (const next of steps) {
    clock = plusMs(clock, next.wait);
    const recordedAt = recordingTime(telling.story, clock);
    if (next.act === 'withdraw' || next.act === 'reinstate') {
      const imported = next.ahead !== undefined && { imported: true as const, at: plusMs(recordedAt, -next.ahead) };
      const kind = (['unpublished', 'retracted', 'killed', 'takedown'] as const)[(next.version ?? 0) % 4]!;
      does(imported !== false, () =>
        telling.when(
          next.act === 'withdraw' ? { type: 'withdraw', kind, ...imported } : { type: 'reinstate', ...imported },
          clock,
        ),
      );
      continue;
    }
    if (next.act === 'correct-time') {
      const version = next.version ?? 1;
      const present = telling.story.versions[version - 1]?.inForceFrom ?? recordedAt;
      const by = next.ahead ?? 1;
      const inForceFrom = next.agree ? plusMs(present, -by) : plusMs(recordedAt, by);
      does(true, () => telling.when({ type: 'amend-version', version, inForceFrom }, clock));
      continue;
    }
    if (next.act === 'restore') {
      const correction = next.agree ? { notice: 'Version is brought back' } : undefined;
      const restores = next.version ?? 1;
      does(false, () => telling.when({ type: 'new-version', restores, ...(correction && { correction }) }, clock));
      continue;
    }
    if (next.act === 'cancel') {
      does(false, () =>
        telling.when({ type: 'cancel', version: next.version ?? telling.story.versions.length }, clock),
      );
      continue;
    }
    const imported = next.act === 'import';
    const command: Extract<Command, { type: 'new-version' }> = {
      type: 'new-version',
      fields: { headline: next.headline },
      body: next.body?.map(paragraph),
      base: next.version,
      ...(next.act === 'statement' && { statements: [{ speaker: 'Lena Okafor', blocks: [paragraph('five')] }] }),
      ...(next.ahead !== undefined && { inForceFrom: plusMs(recordedAt, imported ? -next.ahead : next.ahead) }),
      ...(imported && { imported: true as const }),
    };
    does(imported, () => {
      const decision = telling.when(command, clock);
      if (!decision.ok && decision.refusal.code === 'would-supersede' && next.agree) {
        telling.when({ ...command, supersedes: decision.refusal.versions }, clock);
      }
    });
  }
  return { telling, moves };
}

/** All reigns ever believed, as the views keep them. */
function reignsOf(events: readonly RecordedFacts[]): Reign[] {
  const ended: Reign[] = [];
  let story = initialStory;
  for (const event of events) {
    const next = evolve(story, event);
    const { recordedAt } = event.metadata;
    for (const reign of changedReigns(story.timeline, next.timeline).ended) {
      if (reign.knownFrom < recordedAt && !next.timeline.reigns.includes(reign))
        ended.push({ ...reign, knownUntil: recordedAt });
    }
    story = next;
  }
  return [...ended, ...story.timeline.reigns];
}

const momentsOf = (events: readonly RecordedFacts[]): Instant[] => {
  const times = events.flatMap(({ data, metadata }) =>
    [metadata.recordedAt, (data as { inForceFrom?: Instant }).inForceFrom, (data as { at?: Instant }).at].filter(
      (t) => t !== undefined,
    ),
  );
  return [...new Set(times)].flatMap((t) => [plusMs(t, -1), t, plusMs(t, 1)]);
};

test('the reigns answer every at and known as the time rule says, by exactly one reign or none', () => {
  fc.assert(
    fc.property(history, (told) => {
      const { events } = play(told).telling;
      const reigns = reignsOf(events);
      const moments = momentsOf(events);
      for (const known of moments) {
        for (const when of moments) {
          const found = reigns.filter(
            (r) =>
              r.from <= when &&
              (r.until === null || when < r.until) &&
              r.knownFrom <= known &&
              (r.knownUntil === null || known < r.knownUntil),
          );
          expect(found.length).toBeLessThanOrEqual(1);
          const answer = found[0] && { version: found[0].version, withdrawal: found[0].withdrawal };
          expect(answer).toEqual(inForceByTheBook(events, when, known));
        }
      }
    }),
    { ...settings, numRuns: 150 },
  );
});

test('the story as folded event by event believes what its last reigns say', () => {
  fc.assert(
    fc.property(history, (told) => {
      const { telling } = play(told);
      expect(telling.events.reduce<Story>(evolve, initialStory)).toEqual(telling.story);
      expect(telling.story.timeline.reigns.every((reign) => reign.knownUntil === null)).toBe(true);
    }),
    settings,
  );
});

test('every version says exactly what it was made from', () => {
  fc.assert(
    fc.property(history, (told) => {
      const { telling, moves } = play(told);
      const text = (version: number) =>
        telling.content(version).body.map((block) => (block as { children: { text: string }[] }).children[0]!.text);
      expect(text(1)).toEqual(['one', 'two']);
      for (const { after } of moves)
        for (const { version } of after.versions) expect(telling.headline(version)).toMatch(/^[ABC]$/);
      // What was sent is what the version holds, whatever was kept of its base.
      const last = new Telling();
      last.when({ type: 'publish', slug: 's', fields: { headline: 'A' }, body: [paragraph('one')] }, at('10:00'));
      for (const [i, { body, headline }] of told.steps.entries()) {
        const decision = last.when(
          { type: 'new-version', fields: { headline }, body: body?.map(paragraph) },
          at(`11:${String(10 + i)}`),
        );
        if (!decision.ok) throw new Error(decision.refusal.code);
        const { version } = decision as { version: number };
        expect(last.headline(version)).toBe(headline);
        const words = last.content(version).body.map((b) => (b as { children: { text: string }[] }).children[0]!.text);
        if (body) expect(words).toEqual(body);
      }
    }),
    settings,
  );
});

test('no ordinary command changes what was in force before it', () => {
  fc.assert(
    fc.property(history, (told) => {
      const { telling, moves } = play(told);
      for (const { before, after, recordedAt, imported } of moves) {
        if (imported) continue;
        for (const when of momentsOf(telling.events).filter((t) => t < recordedAt)) {
          const [was, is] = [reignAt(before.timeline, when), reignAt(after.timeline, when)];
          expect([is?.version, is?.withdrawal]).toEqual([was?.version, was?.withdrawal]);
        }
      }
    }),
    settings,
  );
});

test('nothing superseded or cancelled ever comes back', () => {
  fc.assert(
    fc.property(history, (told) => {
      for (const { after } of play(told).moves) {
        const cancelled = after.versions.filter((v) => v.cancelled).map((v) => v.version);
        const reigning = after.timeline.reigns.filter((r) => r.withdrawal === null).map((r) => r.version);
        expect(reigning.filter((version) => cancelled.includes(version!))).toEqual([]);
        for (const version of cancelled) expect(after.versions[version - 1]!.inForceSince).toBe(null);
      }
    }),
    settings,
  );
});

test('a version once in force always was', () => {
  fc.assert(
    fc.property(history, (told) => {
      const { moves } = play(told);
      for (const [i, { after, recordedAt }] of moves.entries()) {
        for (const { version, inForceSince } of after.versions) {
          if (inForceSince === null || inForceSince > recordedAt) continue;
          for (const later of moves.slice(i + 1))
            expect(later.after.versions[version - 1]!.inForceSince! <= inForceSince).toBe(true);
        }
      }
    }),
    settings,
  );
});

test('what readers were given is never taken out of the history, but by two imports of one instant', () => {
  fc.assert(
    fc.property(history, (told) => {
      const { telling, moves } = play(told);
      const { reigns } = telling.story.timeline;
      const times = telling.events.flatMap(({ data }) => [
        (data as { inForceFrom?: Instant }).inForceFrom ?? (data as { at?: Instant }).at,
      ]);
      for (const { version, inForceSince } of telling.story.versions) {
        if (inForceSince === null || inForceSince > moves.at(-1)!.recordedAt) continue;
        const reigning = reigns.some((reign) => reign.version === version && reign.withdrawal === null);
        const tied = times.filter((time) => time === telling.story.versions[version - 1]!.inForceFrom).length > 1;
        expect([version, reigning || tied]).toEqual([version, true]);
      }
    }),
    settings,
  );
});

test('a version is public if and only if some reader could have been given it', () => {
  fc.assert(
    fc.property(history, (told) => {
      const { telling } = play(told);
      const now = plusMs(telling.story.recordedAt!, 30_000);
      const given = new Set(
        reignsOf(telling.events)
          .filter((r) => r.withdrawal === null && r.from <= now && (r.knownUntil === null || r.from < r.knownUntil))
          .map((r) => r.version),
      );
      for (const { version, inForceSince } of telling.story.versions) {
        expect([version, inForceSince !== null && inForceSince <= now]).toEqual([version, given.has(version)]);
      }
    }),
    settings,
  );
});
