import { describe, expect, test } from '@jest/globals';
import { at, paragraph, publish, Telling, update } from './telling.test-support.js';
import { reignAt } from './timeline.js';

const inForce = (telling: Telling, time: string) => reignAt(telling.story.timeline, at(time))?.version ?? null;
const refusal = (decision: ReturnType<Telling['when']>) => (decision.ok ? undefined : decision.refusal);
const words = (telling: Telling, version: number) =>
  telling
    .content(version)
    .body.map((block) =>
      'children' in block ? (block as never as { children: { text: string }[] }).children[0]!.text : block._type,
    );

describe('publishing', () => {
  test('makes version 1, in force from now', () => {
    const telling = new Telling();
    expect(telling.when(publish(), at('11:27'))).toMatchObject({ ok: true, version: 1 });
    expect(inForce(telling, '11:26:59.999')).toBe(null);
    expect(inForce(telling, '11:27')).toBe(1);
    expect(telling.headline(1)).toBe('Ferries stopped after fire at Quay 9');
  });

  test('under embargo puts nothing in force before its time', () => {
    const telling = new Telling();
    telling.when(publish({ inForceFrom: at('18:00') }), at('11:27'));
    expect(inForce(telling, '17:59:59.999')).toBe(null);
    expect(inForce(telling, '18:00')).toBe(1);
  });

  test('cannot pretend to have happened earlier, unless it is an import', () => {
    const telling = new Telling();
    const early = { inForceFrom: at('11:00') };
    expect(refusal(telling.when(publish(early), at('11:27')))).toMatchObject({ code: 'time-in-the-past' });
    expect(telling.when(publish({ ...early, imported: true }), at('11:27'))).toMatchObject({ ok: true });
    expect(inForce(telling, '11:00')).toBe(1);
    expect(telling.story.versions[0]).toMatchObject({ imported: true, recordedAt: at('11:27') });
  });

  test('happens once', () => {
    const telling = new Telling();
    telling.when(publish(), at('11:27'));
    expect(refusal(telling.when(publish(), at('11:28')))).toEqual({ code: 'story-exists' });
  });

  test('may bring statements along: one version, two acts', () => {
    const telling = new Telling();
    const statements = [
      { speaker: 'Lena Okafor', organisation: 'Bay Island Ferries', blocks: [paragraph('Everyone is safe.')] },
    ];
    telling.when(publish({ statements, note: 'First word' }), at('11:27'));
    expect(telling.story.versions).toMatchObject([{ acts: ['StoryPublished', 'StatementAdded'], note: [1, 'note'] }]);
    expect(telling.content(1).statements).toMatchObject([
      { speaker: 'Lena Okafor', organisation: 'Bay Island Ferries' },
    ]);
    expect(words(telling, 1)).toEqual(['A fire stopped all sailings.', 'Nobody was hurt.', 'Everyone is safe.']);
  });
});

describe('a new version', () => {
  const published = () => {
    const telling = new Telling();
    telling.when(publish(), at('11:27'));
    return telling;
  };

  test('needs a story', () => {
    expect(refusal(new Telling().when(update('x'), at('11:27')))).toEqual({ code: 'story-not-found' });
  });

  test('keeps what it does not mention, and leaves version 1 as it was', () => {
    const telling = published();
    telling.when(update('Ferries back on Friday'), at('12:20'));
    expect(telling.headline(2)).toBe('Ferries back on Friday');
    expect(words(telling, 2)).toEqual(words(telling, 1));
    expect(inForce(telling, '12:19:59.999')).toBe(1);
    expect(inForce(telling, '12:20')).toBe(2);
    expect(Object.keys(telling.told.at(-1)!.texts)).toEqual(['headline']);
  });

  test('writes only the paragraph that changed', () => {
    const telling = published();
    telling.when(
      update('Ferries stopped after fire at Quay 9', {
        body: [paragraph('A fire stopped all sailings.'), paragraph('Nobody was seriously hurt.')],
      }),
      at('12:20'),
    );
    expect(Object.keys(telling.told.at(-1)!.texts)).toHaveLength(1);
    expect(telling.content(2).body.map((b) => b._key)).toEqual(telling.content(1).body.map((b) => b._key));
  });

  test('takes a field away when it is sent as null', () => {
    const telling = new Telling();
    telling.when(publish({ fields: { headline: 'H', standfirst: 'S' } }), at('11:27'));
    telling.when({ type: 'new-version', fields: { standfirst: null } }, at('12:00'));
    expect(telling.content(2).fields).toEqual({ headline: 'H' });
  });

  test('is nothing at all if nothing changes and nothing is said', () => {
    const telling = published();
    const same = update('Ferries stopped after fire at Quay 9', {
      body: [paragraph('A fire stopped all sailings.'), paragraph('Nobody was hurt.')],
    });
    expect(telling.when(same, at('12:20'))).toEqual({ ok: true, events: [], version: 1 });
    expect(telling.when({ ...same, note: 'Checked again with the brigade' } as never, at('12:21'))).toMatchObject({
      version: 2,
    });
  });

  test('adds a statement where it belongs, with its speaker', () => {
    const telling = published();
    const after = telling.content(1).body[0]!._key;
    telling.when(
      {
        type: 'new-version',
        statements: [
          {
            speaker: 'Lena Okafor',
            after,
            blocks: [paragraph('Everyone is safe.'), paragraph('Tickets will be honoured.')],
          },
        ],
      },
      at('12:20'),
    );
    expect(words(telling, 2)).toEqual([
      'A fire stopped all sailings.',
      'Everyone is safe.',
      'Tickets will be honoured.',
      'Nobody was hurt.',
    ]);
    const [statement] = telling.content(2).statements;
    expect(telling.content(2).body.map((b) => b.statement)).toEqual([
      undefined,
      statement!.id,
      statement!.id,
      undefined,
    ]);
    expect(telling.story.versions[1]).toMatchObject({ acts: ['StatementAdded'], base: 1 });
  });

  test('keeps a statement together when the whole body is sent again', () => {
    const telling = published();
    telling.when(
      { type: 'new-version', statements: [{ speaker: 'Lena Okafor', blocks: [paragraph('Everyone is safe.')] }] },
      at('12:20'),
    );
    telling.when(
      { type: 'new-version', body: [paragraph('A fire stopped all sailings.'), paragraph('Everyone is safe.')] },
      at('12:30'),
    );
    expect(telling.content(3).statements).toHaveLength(1);
    expect(telling.content(3).body.map((b) => b.statement !== undefined)).toEqual([false, true]);
  });

  test('may change the headline and add a statement at once', () => {
    const telling = published();
    telling.when(
      update('Operator speaks', { statements: [{ speaker: 'Lena Okafor', blocks: [paragraph('Everyone is safe.')] }] }),
      at('12:20'),
    );
    expect(telling.story.versions).toHaveLength(2);
    expect(telling.story.versions[1]).toMatchObject({ acts: ['StoryUpdated', 'StatementAdded'] });
    expect(telling.headline(2)).toBe('Operator speaks');
  });

  test('names what it cannot find', () => {
    const telling = published();
    const statements = [{ speaker: 'L', after: 'nowhere', blocks: [paragraph('x')] }];
    expect(refusal(telling.when({ type: 'new-version', statements }, at('12:00')))).toEqual({
      code: 'block-not-found',
      key: 'nowhere',
    });
    expect(refusal(telling.when(update('x', { base: 7 }), at('12:00')))).toEqual({
      code: 'version-not-found',
      version: 7,
    });
    const body = [{ ...paragraph('Other words entirely'), statement: 'nobody' }];
    expect(refusal(telling.when({ type: 'new-version', body }, at('12:00')))).toEqual({
      code: 'statement-not-found',
      statement: 'nobody',
    });
  });

  test('may build on an earlier version', () => {
    const telling = published();
    telling.when(update('Second'), at('12:00'));
    telling.when({ type: 'new-version', base: 1 }, at('12:30'));
    expect(telling.headline(3)).toBe('Ferries stopped after fire at Quay 9');
    expect(telling.story.versions[2]).toMatchObject({ base: 1 });
  });

  test('refuses more blocks than a version may have', () => {
    const telling = published();
    const blocks = Array.from({ length: 1999 }, (_, i) => paragraph(`Line ${i}`));
    expect(
      refusal(telling.when({ type: 'new-version', statements: [{ speaker: 'L', blocks }] }, at('12:00'))),
    ).toMatchObject({ code: 'too-many-blocks', limit: 2000 });
  });
});

describe('an embargo', () => {
  const waiting = () => {
    const telling = new Telling();
    telling.when(publish(), at('11:27'));
    telling.when(update('Evening edition', { inForceFrom: at('18:00') }), at('12:00'));
    return telling;
  };

  test('comes into force at its time without anyone doing anything', () => {
    const telling = waiting();
    expect(inForce(telling, '17:59:59.999')).toBe(1);
    expect(inForce(telling, '18:00')).toBe(2);
  });

  test('is cancelled by an earlier version only if that is said', () => {
    const telling = waiting();
    expect(refusal(telling.when(update('Now'), at('13:00')))).toEqual({ code: 'would-supersede', versions: [2] });
    expect(refusal(telling.when(update('Now', { supersedes: [2, 3] }), at('13:00')))).toMatchObject({
      code: 'would-supersede',
    });
    expect(telling.when(update('Now', { supersedes: [2] }), at('13:00'))).toMatchObject({ ok: true, version: 3 });
    expect(telling.story.versions[1]).toMatchObject({ cancelled: true, supersededBy: 3, inForceSince: null });
    expect(inForce(telling, '18:00')).toBe(3);
  });

  test('lets a later version wait behind it', () => {
    const telling = waiting();
    telling.when(update('Night edition', { inForceFrom: at('22:00') }), at('13:00'));
    expect([inForce(telling, '13:00'), inForce(telling, '18:00'), inForce(telling, '22:00')]).toEqual([1, 2, 3]);
  });

  test('may have its end set beforehand: the words in force now come back behind it', () => {
    const telling = waiting();
    const back = { type: 'new-version', base: 1 } as const;
    expect(telling.when({ ...back, inForceFrom: at('17:00') }, at('12:01'))).toMatchObject({ ok: true, events: [] });
    expect(telling.when({ ...back, inForceFrom: at('20:00') }, at('12:02'))).toMatchObject({ ok: true, version: 3 });
    expect([inForce(telling, '17:59'), inForce(telling, '18:00'), inForce(telling, '20:00')]).toEqual([1, 2, 3]);
    expect(telling.headline(3)).toBe(telling.headline(1));
  });

  test('is rewritten by naming it as base: same time, nothing else to say', () => {
    const telling = waiting();
    telling.when(update('Evening edition, revised', { base: 2 }), at('13:00'));
    expect(telling.story.versions[1]).toMatchObject({ cancelled: true, supersededBy: 3 });
    expect(telling.story.versions[2]).toMatchObject({ inForceFrom: at('18:00') });
    expect([inForce(telling, '13:00'), inForce(telling, '18:00')]).toEqual([1, 3]);
  });

  test('of a whole story is not lifted by accident', () => {
    const telling = new Telling();
    telling.when(publish({ inForceFrom: at('18:00') }), at('11:27'));
    expect(refusal(telling.when(update('x', { inForceFrom: at('13:00') }), at('12:00')))).toEqual({
      code: 'base-needed',
      versions: [1],
    });
    telling.when(update('x', { inForceFrom: at('13:00'), base: 1 }), at('12:00'));
    expect(inForce(telling, '13:00')).toBe(2);
  });

  test('cancelled before its time never comes into force', () => {
    const telling = waiting();
    telling.when({ type: 'cancel', version: 2, reason: 'Not confirmed' }, at('17:59:59'));
    expect(inForce(telling, '18:00')).toBe(1);
    expect(refusal(telling.when({ type: 'cancel', version: 2 }, at('18:30')))).toEqual({
      code: 'already-cancelled',
      version: 2,
    });
  });

  test('cannot be cancelled once readers have had it, not even in its first millisecond', () => {
    const telling = waiting();
    expect(refusal(telling.when({ type: 'cancel', version: 2 }, at('18:00')))).toEqual({
      code: 'has-been-in-force',
      version: 2,
    });
  });

  test('left alone in the story after its cancellation must be named to build on', () => {
    const telling = new Telling();
    telling.when(publish({ inForceFrom: at('18:00') }), at('11:27'));
    telling.when({ type: 'cancel', version: 1 }, at('12:00'));
    expect(refusal(telling.when(update('x'), at('12:01')))).toEqual({ code: 'base-needed', versions: [1] });
    expect(telling.when(update('x', { base: 1 }), at('12:02'))).toMatchObject({ ok: true, version: 2 });
    expect(inForce(telling, '18:00')).toBe(2);
  });
});

describe('an import', () => {
  const imported = (time: string, headline: string) => update(headline, { imported: true, inForceFrom: at(time) });

  test('extends a history in the past', () => {
    const telling = new Telling();
    telling.when(publish({ imported: true, inForceFrom: at('08:00') }), at('20:00'));
    telling.when(imported('09:00', 'Second'), at('20:00'));
    expect([inForce(telling, '08:30'), inForce(telling, '09:00')]).toEqual([1, 2]);
  });

  test('never slips under what is there', () => {
    const telling = new Telling();
    telling.when(publish({ imported: true, inForceFrom: at('08:00') }), at('20:00'));
    telling.when(imported('09:00', 'Second'), at('20:00'));
    expect(refusal(telling.when(imported('08:30', 'Between'), at('20:00')))).toEqual({
      code: 'import-before-last',
      inForceFrom: at('08:30'),
      last: at('09:00'),
    });
  });

  test('of two at one time leaves the last in force, and the first known to have been', () => {
    const telling = new Telling();
    telling.when(publish({ imported: true, inForceFrom: at('08:00') }), at('20:00'));
    telling.when(imported('08:00', 'Second'), at('20:00'));
    expect(inForce(telling, '08:00')).toBe(2);
    expect(telling.story.versions[0]!.inForceSince).toBe(at('08:00'));
  });

  test('of the same words is nothing', () => {
    const telling = new Telling();
    telling.when(publish({ imported: true, inForceFrom: at('08:00') }), at('20:00'));
    const again = imported('09:00', 'Ferries stopped after fire at Quay 9');
    expect(telling.when(again, at('20:00'))).toEqual({ ok: true, events: [], version: 1 });
  });
});
