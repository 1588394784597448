/** The rules of commands beside plain updates: corrections, restorations, times, and words that are taken away. */
import { describe, expect, test } from '@jest/globals';
import type { AmendVersion } from './commands.js';
import { at, paragraph, publish, Telling, update } from './telling.test-support.js';
import { reignAt } from './timeline.js';

const refusal = (decision: ReturnType<Telling['when']>) => (decision.ok ? undefined : decision.refusal);
const types = (decision: ReturnType<Telling['when']>) => (decision.ok ? decision.events.map(({ type }) => type) : []);
const inForce = (telling: Telling, time: string) => reignAt(telling.story.timeline, at(time))?.version ?? null;

/** In force: 1 from 11:00, 2 from 12:00, 3 from 13:00. */
function published(): Telling {
  const telling = new Telling();
  telling.when(publish({ fields: { headline: 'One', standfirst: 'A fire' } }), at('11:00'));
  telling.when(update('Two'), at('12:00'));
  telling.when(update('Three'), at('13:00'));
  return telling;
}

describe('a correction', () => {
  test.each(['correction', 'clarification', 'editors-note'] as const)('of the kind %s, with changed text', (kind) => {
    const telling = published();
    const decision = telling.when(update('Four', { correction: { notice: 'It was four.', kind } }), at('14:00'));
    expect(types(decision)).toEqual(['CorrectionIssued']);
    expect(telling.story.corrections).toMatchObject([{ kind, version: 4, corrects: [3], notice: [3, 'notice'] }]);
    expect(telling.story.versions[3]).toMatchObject({ acts: ['CorrectionIssued'], base: 3 });
    expect(telling.headline(4)).toBe('Four');
  });

  test.each(['correction', 'clarification', 'editors-note'] as const)('of the kind %s, of words alone', (kind) => {
    const telling = published();
    telling.when({ type: 'new-version', correction: { notice: 'To be clear.', kind } }, at('14:00'));
    expect(telling.story.corrections).toMatchObject([{ kind, version: 4, corrects: [3] }]);
    expect(telling.story.versions[3]!.manifest).toEqual(telling.story.versions[2]!.manifest);
  });

  test('corrects every version that readers had with the words it replaces', () => {
    const telling = published();
    const fields = { standfirst: 'A small fire' };
    telling.when({ type: 'new-version', fields, correction: { notice: 'Small.' } }, at('14:00'));
    expect(telling.story.corrections[0]!.corrects).toEqual([1, 2, 3]);
  });

  test('names its versions in order, each once, and only such as readers had', () => {
    const telling = published();
    const correct = (corrects: number[]) =>
      telling.when({ type: 'new-version', correction: { notice: 'Wrong.', corrects } }, at('14:00'));
    expect(refusal(correct([1, 9]))).toEqual({ code: 'version-not-found', version: 9 });
    correct([2, 1, 2]);
    expect(telling.story.corrections[0]!.corrects).toEqual([1, 2]);
    telling.when(update('Later', { inForceFrom: at('18:00') }), at('14:30'));
    expect(
      refusal(telling.when({ type: 'new-version', correction: { notice: 'x', corrects: [5] } }, at('15:00'))),
    ).toEqual({ code: 'would-supersede', versions: [5] });
    const agreed = { type: 'new-version', correction: { notice: 'x', corrects: [5] }, supersedes: [5] } as const;
    expect(refusal(telling.when(agreed, at('15:00')))).toEqual({ code: 'never-in-force', version: 5 });
  });

  test('of what nobody was given is none', () => {
    const telling = new Telling();
    telling.when(publish({ inForceFrom: at('18:00') }), at('11:00'));
    expect(refusal(telling.when(update('x', { base: 1, correction: { notice: 'y' } }), at('11:30')))).toEqual({
      code: 'never-in-force',
      version: 1,
    });
  });

  test('may come with a statement, and be minor', () => {
    const telling = published();
    const statements = [{ speaker: 'Lena Okafor', blocks: [paragraph('It was four.')] }];
    const correction = { notice: 'Four, not three.' };
    const decision = telling.when(update('Four', { correction, statements, significance: 'minor' }), at('14:00'));
    expect(types(decision)).toEqual(['CorrectionIssued', 'StatementAdded', 'VersionReclassified']);
    expect(telling.story.versions).toHaveLength(4);
    expect(telling.story.versions[3]).toMatchObject({
      acts: ['CorrectionIssued', 'StatementAdded'],
      significance: 'minor',
    });
    expect(telling.content(4).statements).toHaveLength(1);
  });

  test('keeps its present notice: amended, or taken back', () => {
    const telling = published();
    telling.when({ type: 'new-version', correction: { notice: 'Wrong.' } }, at('14:00'));
    const of = { correction: telling.story.corrections[0]!.id };
    expect(telling.when({ type: 'amend-notice', of, notice: 'Quite wrong.' }, at('14:10'))).toMatchObject({
      version: 4,
    });
    expect(telling.story.corrections[0]!.notice).toEqual([telling.story.revision, 'notice']);
    telling.when({ type: 'amend-notice', of, notice: null }, at('14:20'));
    expect(telling.story.corrections[0]!.notice).toBe(null);
    expect(types(telling.when({ type: 'amend-notice', of, notice: null }, at('14:30')))).toEqual([]);
    expect(refusal(telling.when({ type: 'amend-notice', of: { correction: 'x' }, notice: 'y' }, at('15:00')))).toEqual({
      code: 'correction-not-found',
      correction: 'x',
    });
    expect(refusal(telling.when({ type: 'amend-notice', of: { withdrawal: 'x' }, notice: 'y' }, at('15:00')))).toEqual({
      code: 'withdrawal-not-found',
      withdrawal: 'x',
    });
  });
});

describe('a restoration', () => {
  const restore = (telling: Telling, restores: number, more = {}) =>
    telling.when({ type: 'new-version', restores, ...more }, at('14:00'));

  test('brings back a version word for word, as a new one, and writes no text again', () => {
    const telling = published();
    restore(telling, 1, { note: 'The first was right' });
    expect(telling.story.versions[3]).toMatchObject({ acts: ['VersionRestored'], restored: 1, base: 1 });
    expect(telling.content(4)).toEqual(telling.content(1));
    expect(Object.keys(telling.told.at(-1)!.texts)).toEqual(['note']);
  });

  test('of what is in force is nothing, also where it was restored already', () => {
    const telling = published();
    expect(types(restore(telling, 3))).toEqual([]);
    restore(telling, 1);
    expect(types(restore(telling, 1))).toEqual([]);
  });

  test('may change words at once, and correct what it replaces', () => {
    const telling = published();
    const decision = restore(telling, 1, {
      fields: { headline: 'One again' },
      correction: { notice: 'Three was wrong.' },
    });
    expect(types(decision)).toEqual(['VersionRestored', 'CorrectionIssued']);
    expect(telling.headline(4)).toBe('One again');
    expect(telling.story.corrections[0]!.corrects).toEqual([3]);
  });

  test('is refused of a version never in force, hidden, or with words hidden or erased', () => {
    const because = (telling: Telling, version: number) => {
      const refused = refusal(restore(telling, version, { supersedes: [4] }));
      return refused?.code === 'cannot-restore' ? refused.because : refused?.code;
    };
    const telling = published();
    telling.when(update('Waiting', { inForceFrom: at('18:00') }), at('13:30'));
    expect(because(telling, 4)).toBe('never-in-force');
    expect(because(telling, 5)).toBe('version-not-found');
    telling.when({ type: 'amend-version', version: 2, hidden: true }, at('13:40'));
    expect(because(telling, 2)).toBe('hidden');
    telling.when({ type: 'hide-texts', references: [[0, 'headline']] }, at('13:41'));
    expect(because(telling, 1)).toBe('texts-hidden');
    telling.when({ type: 'erase-texts', references: [[0, 'headline']], authority: 'safety' }, at('13:42'));
    expect(because(telling, 1)).toBe('texts-erased');
  });

  test('is its own base', () => {
    expect(refusal(restore(published(), 1, { base: 2 }))).toEqual({ code: 'base-is-restored', version: 1 });
    expect(restore(published(), 1, { base: 1 })).toMatchObject({ ok: true, version: 4 });
  });
});

describe('the time of a version', () => {
  const correct = (telling: Telling, version: number, time: AmendVersion['inForceFrom'], clock = '14:00') =>
    telling.when({ type: 'amend-version', version, inForceFrom: time!, reason: 'By the clock of the site' }, at(clock));

  test('once in force is corrected only to an earlier one, and only after the version before it', () => {
    const telling = published();
    expect(refusal(correct(telling, 3, at('13:00:00.001')))).toMatchObject({ code: 'time-only-earlier' });
    expect(refusal(correct(telling, 3, at('12:00')))).toEqual({
      code: 'time-not-between',
      version: 3,
      after: at('12:00'),
      before: null,
    });
    expect(refusal(correct(telling, 2, at('13:00')))).toMatchObject({ code: 'time-not-between', before: at('13:00') });
    correct(telling, 3, at('12:30'));
    expect([inForce(telling, '12:29'), inForce(telling, '12:30')]).toEqual([2, 3]);
    correct(telling, 1, at('08:00'));
    expect(inForce(telling, '08:00')).toBe(1);
  });

  test('to come is corrected only to now or later', () => {
    const telling = published();
    telling.when(update('Four', { inForceFrom: at('18:00') }), at('13:30'));
    expect(refusal(correct(telling, 4, at('13:45')))).toMatchObject({ code: 'time-in-the-past' });
    correct(telling, 4, at('20:00'));
    expect([inForce(telling, '18:00'), inForce(telling, '20:00')]).toEqual([3, 4]);
    correct(telling, 4, 'now', '15:00');
    expect([inForce(telling, '14:59:59.999'), inForce(telling, '15:00')]).toEqual([3, 4]);
  });

  test('of a cancelled version is not corrected, and a cancelled version is no neighbour', () => {
    const telling = published();
    telling.when(update('Four', { inForceFrom: at('15:00') }), at('13:30'));
    telling.when(update('Five', { inForceFrom: at('18:00') }), at('13:31'));
    telling.when({ type: 'cancel', version: 4 }, at('13:32'));
    expect(refusal(correct(telling, 4, at('15:30')))).toEqual({ code: 'version-cancelled', version: 4 });
    expect(correct(telling, 5, at('14:30'))).toMatchObject({ ok: true });
  });

  test('never takes away that another version has been in force', () => {
    const telling = new Telling();
    telling.when(publish(), at('11:00'));
    telling.when({ type: 'withdraw', kind: 'unpublished' }, at('12:00'));
    telling.when(update('Two'), at('12:10'));
    telling.when({ type: 'reinstate' }, at('13:00'));
    telling.when(update('Three'), at('13:30'));
    expect(refusal(correct(telling, 3, at('12:30')))).toEqual({ code: 'time-undoes-version', version: 3, undone: 2 });
    expect(correct(telling, 3, at('13:00:00.001'))).toMatchObject({ ok: true });
  });

  test('corrected to what it is: nothing happens', () => {
    expect(types(correct(published(), 2, at('12:00')))).toEqual([]);
  });
});

describe('a withdrawal, or its end', () => {
  test('takes effect now: only an import may name another time, and none that is to come', () => {
    const telling = published();
    const kind = 'unpublished';
    expect(refusal(telling.when({ type: 'withdraw', kind, at: at('13:30') }, at('14:00')))).toEqual({
      code: 'time-not-allowed',
    });
    expect(refusal(telling.when({ type: 'withdraw', kind, at: at('15:00'), imported: true }, at('14:00')))).toEqual({
      code: 'time-not-allowed',
    });
    expect(refusal(telling.when({ type: 'withdraw', kind, at: at('12:30'), imported: true }, at('14:00')))).toEqual({
      code: 'import-before-last',
      inForceFrom: at('12:30'),
      last: at('13:00'),
    });
    // Else version 3, which readers had, would never have been.
    expect(refusal(telling.when({ type: 'withdraw', kind, at: at('13:00'), imported: true }, at('14:00')))).toEqual({
      code: 'import-before-last',
      inForceFrom: at('13:00'),
      last: at('13:00'),
    });
    telling.when({ type: 'withdraw', kind, at: at('13:30'), imported: true }, at('14:00'));
    expect(refusal(telling.when({ type: 'reinstate', at: at('13:20'), imported: true }, at('14:01')))).toMatchObject({
      code: 'import-before-last',
    });
    telling.when({ type: 'reinstate', at: at('13:45'), imported: true }, at('14:02'));
    expect(reignAt(telling.story.timeline, at('13:40'))).toMatchObject({ version: 3, withdrawal: expect.any(String) });
    expect(reignAt(telling.story.timeline, at('13:45'))).toMatchObject({ version: 3, withdrawal: null });
  });
});

describe('what is said about a version', () => {
  test('is one event a member, and nothing at all where a member is refused', () => {
    const telling = published();
    const amend: AmendVersion = {
      type: 'amend-version',
      version: 2,
      note: 'Adds the quay',
      inForceFrom: at('11:50'),
      significance: 'minor',
      labels: ['checked', 'desk'],
      hidden: true,
    };
    expect(types(telling.when(amend, at('14:00')))).toEqual([
      'ChangeNoteAmended',
      'VersionTimeCorrected',
      'VersionReclassified',
      'VersionLabelled',
      'VersionHidden',
    ]);
    const before = telling.story;
    expect(refusal(telling.when({ ...amend, hidden: false, inForceFrom: at('10:00') }, at('14:10')))).toMatchObject({
      code: 'time-not-between',
    });
    expect(telling.story).toBe(before);
  });

  test('that says nothing new records nothing', () => {
    const telling = published();
    const same = {
      type: 'amend-version',
      version: 2,
      note: null,
      significance: 'major',
      labels: [],
      hidden: false,
    } as const;
    expect(telling.when(same, at('14:00'))).toEqual({ ok: true, version: 2, events: [] });
  });
});

describe('what readers are given, or will be', () => {
  /** 3 in force, 4 waiting. */
  const waiting = () => {
    const telling = published();
    telling.when(update('Four', { inForceFrom: at('18:00') }), at('13:30'));
    return telling;
  };

  test.each([3, 4])('version %i is hidden only by force', (version) => {
    const telling = waiting();
    const hide = { type: 'amend-version', version, hidden: true } as const;
    expect(refusal(telling.when(hide, at('14:00')))).toEqual({ code: 'shown-to-readers', version });
    expect(types(telling.when({ ...hide, force: true }, at('14:00')))).toEqual(['VersionHidden']);
  });

  test.each(['hide-texts', 'erase-texts'] as const)('its words go by %s only by force', (type) => {
    const telling = waiting();
    const take = {
      type,
      references: [
        [2, 'headline'],
        [0, 'standfirst'],
      ],
      authority: 'safety',
    } as const;
    expect(refusal(telling.when(take, at('14:00')))).toEqual({
      code: 'shown-to-readers',
      version: 3,
      references: [
        [2, 'headline'],
        [0, 'standfirst'],
      ],
    });
    expect(telling.when({ ...take, force: true }, at('14:00'))).toMatchObject({ ok: true });
  });

  test('loses words without force where the same command replaces them', () => {
    const telling = published();
    const take = {
      type: 'erase-texts',
      references: [[0, 'standfirst']],
      authority: 'court-order',
      replacement: { type: 'new-version', fields: { standfirst: 'A fire, by order' } },
    } as const;
    expect(types(telling.when(take, at('14:00')))).toEqual(['StoryUpdated', 'TextsErased']);
    expect(telling.story.versions).toHaveLength(4);
    expect(telling.story.erasedTexts).toEqual(new Set(['0/standfirst']));
  });

  test('keeps its words where the replacement still holds them', () => {
    const telling = published();
    const replacement = { type: 'new-version', fields: { headline: 'Other' } } as const;
    const take = { type: 'hide-texts', references: [[0, 'standfirst']], replacement } as const;
    const before = telling.story;
    expect(refusal(telling.when(take, at('14:00')))).toMatchObject({ code: 'shown-to-readers', version: 4 });
    expect(telling.story).toBe(before);
  });

  test('of a withdrawn story, is what stands under its notice and what would come back', () => {
    const telling = published();
    telling.when({ type: 'withdraw', kind: 'retracted' }, at('14:00'));
    telling.when(update('Rewritten'), at('14:10'));
    for (const version of [3, 4]) {
      expect(refusal(telling.when({ type: 'amend-version', version, hidden: true }, at('14:20')))).toMatchObject({
        code: 'shown-to-readers',
      });
    }
  });

  test('is not built on unseen: a base that is hidden must be named', () => {
    const telling = published();
    telling.when({ type: 'amend-version', version: 3, hidden: true, force: true }, at('14:00'));
    expect(refusal(telling.when(update('Four'), at('14:10')))).toEqual({ code: 'base-hidden', version: 3 });
    expect(telling.when(update('Four', { base: 3 }), at('14:10'))).toMatchObject({ ok: true });
  });
});

describe('words that are taken away', () => {
  test('must have been written', () => {
    const telling = published();
    for (const reference of [
      [0, 'byline'],
      [9, 'headline'],
    ] as const) {
      expect(refusal(telling.when({ type: 'hide-texts', references: [reference] }, at('14:00')))).toEqual({
        code: 'text-not-found',
        reference,
      });
    }
  });

  test('are hidden once, and shown again by their hiding alone', () => {
    const telling = published();
    telling.when({ type: 'hide-texts', references: [[0, 'headline']] }, at('14:00'));
    const first = telling.story.revision;
    telling.when(
      {
        type: 'hide-texts',
        references: [
          [0, 'headline'],
          [1, 'headline'],
        ],
      },
      at('14:10'),
    );
    expect([...telling.story.hiddenTexts]).toEqual([
      ['0/headline', first],
      ['1/headline', first + 1],
    ]);
    telling.when({ type: 'show-texts', hiding: first }, at('14:20'));
    expect([...telling.story.hiddenTexts.keys()]).toEqual(['1/headline']);
    expect(refusal(telling.when({ type: 'show-texts', hiding: first }, at('14:30')))).toEqual({
      code: 'hiding-not-found',
      hiding: first,
    });
  });

  test('are erased once, and take the fingerprint of the request that brought them along', () => {
    const telling = new Telling();
    telling.when(publish({ note: 'Lena Okafor was there' }), at('11:00'));
    Object.assign(telling.told[0]!.event, { textNames: [...telling.told[0]!.event.textNames, 'request'] });
    const erase = {
      type: 'erase-texts',
      references: [[0, 'note']],
      authority: 'data-protection',
      force: true,
    } as const;
    telling.when(erase, at('12:00'));
    expect(telling.events.at(-1)!.data).toEqual({
      references: [
        [0, 'note'],
        [0, 'request'],
      ],
      authority: 'data-protection',
    });
    expect(types(telling.when(erase, at('12:10')))).toEqual([]);
  });
});
