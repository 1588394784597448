/** What viewers are told was wrong: the list of corrections, and where corrections and times away stand in a history. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CorrectionItem } from '../../src/history/answers.js';
import type { Policy } from '../../src/history/describe.js';
import type { Asking, CorrectionsAsked } from '../../src/history/questions.js';
import type { CorrectionKind, StoryEvent, WithdrawalKind } from '../../src/story/events.js';
import type { Instant } from '../../src/story/instant.js';
import { at, publish, update } from '../../src/story/telling.test-support.js';
import { Newsroom } from '../views/newsroom.js';
import { editor, historyOf, reader, reinstated, value, withdrawn } from './asking.js';

let newsroom: Newsroom;
let clock: Instant;
beforeEach(async () => {
  newsroom = await Newsroom.open();
  clock = at('15:00');
});
afterEach(() => newsroom.close());

const historyWith = (policy: Partial<Policy> = {}) => historyOf(newsroom, () => clock, policy);
const listed = async (viewer: Asking, asked: CorrectionsAsked = {}, policy: Partial<Policy> = {}) =>
  value(await historyWith(policy).corrections(viewer, asked)).items;
const notices = (items: readonly CorrectionItem[]) => items.map(({ notice }) => notice);

/** A correction of `corrects` as the story's next version; its content stays. */
async function correct(
  story: string,
  time: Instant,
  notice: string,
  more: { kind?: CorrectionKind; corrects?: number[]; inForceFrom?: Instant; id?: string; silent?: true } = {},
): Promise<number> {
  const { versions, revision } = newsroom.of(story).story;
  const base = versions.at(-1)!;
  const { kind = 'correction', corrects = [base.version], inForceFrom = time, id = newsroom.newId() } = more;
  const version = base.version + 1;
  // What it corrects is the byline, but for one that changes no text.
  const fields = { ...base.manifest.fields, ...(!more.silent && { byline: revision + 1 }) };
  const manifest = { ...base.manifest, fields };
  const data = { version, inForceFrom, base: base.version, correction: id, kind, corrects, manifest };
  const texts = { notice, ...(!more.silent && { byline: `By ${version}` }) };
  const [stored] = await newsroom.record(story, [{ type: 'CorrectionIssued', data, texts }], time);
  return stored!.revision;
}
const withdraw = (story: string, kind: WithdrawalKind, time: Instant, notice?: string) =>
  newsroom.record(story, [withdrawn(kind, time, notice)], time);
const reinstate = (story: string, time: Instant) => newsroom.record(story, [reinstated(time)], time);
const record = (story: string, event: StoryEvent, time: Instant) => newsroom.record(story, [event], time);

async function story(slug: string, time: Instant): Promise<string> {
  const id = newsroom.newId();
  await newsroom.tell(id, publish({ slug, fields: { headline: `About ${slug}` } }), time);
  return id;
}

describe('the list of corrections', () => {
  test('has those of all stories, the latest first by when readers got them, with their stories and what they correct', async () => {
    const ferries = await story('ferries', at('11:00'));
    const market = await story('market', at('11:10'));
    await newsroom.tell(ferries, update('Ferries again'), at('11:30'));
    // Recorded before the market's, in force after it.
    await correct(ferries, at('12:00'), 'It was 140.', { corrects: [1, 2], inForceFrom: at('14:00'), id: 'c1' });
    await correct(market, at('13:00'), 'It meant the old hall.', { kind: 'clarification' });
    clock = at('13:30');
    expect(notices(await listed(reader))).toEqual(['It meant the old hall.']);
    clock = at('14:00');
    const [latest, before] = await listed(reader);
    expect(latest).toEqual({
      story: expect.objectContaining({ id: ferries, slug: 'ferries', status: 'published' }),
      headline: 'Ferries again',
      id: 'c1',
      kind: 'correction',
      version: 3,
      corrects: [1, 2],
      at: at('14:00'),
      notice: 'It was 140.',
      against: 2,
    });
    expect(before).toMatchObject({ kind: 'clarification', version: 2, against: 1, at: at('13:00') });
  });

  test('comes in pages that neither skip nor repeat, also of one minute and when one is made meanwhile', async () => {
    for (let i = 0; i < 7; i++) {
      await correct(await story(`story-${i}`, at('11:00')), i < 4 ? at('12:00') : at(`12:0${i}`), `Notice ${i}`);
    }
    const history = historyWith();
    const seen: unknown[] = [];
    let cursor: string | null = null;
    do {
      const page = value(await history.corrections(reader, { limit: 2, ...(cursor && { cursor }) }));
      seen.push(...notices(page.items));
      cursor = page.next as string | null;
      await correct(await story(`later-${seen.length}`, at('14:00')), at('14:01'), 'Meanwhile');
    } while (cursor);
    expect(seen.slice(0, 3)).toEqual(['Notice 6', 'Notice 5', 'Notice 4']);
    expect(seen.toSorted()).toEqual(Array.from({ length: 7 }, (_, i) => `Notice ${i}`));
    expect(await history.corrections(reader, { cursor: 'nonsense' })).toMatchObject({
      refusal: { code: 'bad-cursor' },
    });
  });

  test('of one story has its own alone, by any of its names', async () => {
    const ferries = await story('ferries', at('11:00'));
    await correct(ferries, at('12:00'), 'It was 140.');
    await correct(await story('market', at('11:00')), at('12:10'), 'The old hall.');
    await record(ferries, { type: 'SlugChanged', data: {}, texts: { slug: 'quay-9' } }, at('13:00'));
    for (const name of [ferries, 'ferries', 'quay-9']) {
      expect(notices(await listed(reader, { story: name }))).toEqual(['It was 140.']);
    }
    expect(await historyWith().corrections(reader, { story: 'nowhere' })).toMatchObject({
      refusal: { code: 'story-not-found' },
    });
  });

  test('has nothing of what is embargoed, taken back before its time, or of a story that was never in force', async () => {
    const ferries = await story('ferries', at('11:00'));
    await correct(ferries, at('12:00'), 'Secret one', { inForceFrom: at('18:00') });
    await record(ferries, { type: 'VersionCancelled', data: { version: 2 }, texts: {} }, at('12:10'));
    await correct(ferries, at('12:20'), 'Secret two', { inForceFrom: at('18:00') });
    const waiting = newsroom.newId();
    await newsroom.tell(waiting, publish({ slug: 'waiting', inForceFrom: at('18:00') }), at('13:00'));
    await withdraw(waiting, 'retracted', at('13:10'), 'Secret three');
    expect(await listed(reader)).toEqual([]);
    const far = { at: '9999-12-31T23:59:59.999Z', story: '', id: '' };
    const cursor = Buffer.from(JSON.stringify(['corrections', far])).toString('base64url');
    expect(await listed(reader, { cursor })).toEqual([]);
    clock = at('18:00');
    expect(notices(await listed(reader))).toEqual(['Secret two']);
  });

  test.each(['unpublished', 'killed', 'takedown'] as const)('has nothing of a story that is %s', async (kind) => {
    const ferries = await story('ferries', at('11:00'));
    await correct(ferries, at('12:00'), 'It was 140.');
    await withdraw(ferries, kind, at('13:00'), 'Gone.');
    expect(await listed(reader)).toEqual([]);
    expect(await historyWith().corrections(reader, { story: ferries })).toMatchObject({ refusal: { code: kind } });
    expect(await listed(editor)).toMatchObject([{ notice: 'It was 140.', story: { status: kind } }]);
    await reinstate(ferries, at('14:00'));
    expect(notices(await listed(reader))).toEqual(['It was 140.']);
  });

  test('says that a story is retracted for as long as it is', async () => {
    const ferries = await story('ferries', at('11:00'));
    await correct(ferries, at('12:00'), 'It was 140.');
    await withdraw(ferries, 'retracted', at('13:00'), 'We no longer stand by it.');
    const [retraction, correction] = await listed(reader);
    expect(retraction).toMatchObject({
      kind: 'retraction',
      at: at('13:00'),
      corrects: [],
      notice: 'We no longer stand by it.',
      headline: 'About ferries',
    });
    expect(retraction).not.toHaveProperty('version');
    expect(correction).toMatchObject({ kind: 'correction' });
    await record(
      ferries,
      { type: 'NoticeAmended', data: { withdrawal: `w-${at('13:00')}` }, texts: { notice: 'Nor did it happen.' } },
      at('13:10'),
    );
    expect(notices(await listed(reader))).toEqual(['Nor did it happen.', 'It was 140.']);
    await reinstate(ferries, at('14:00'));
    expect(notices(await listed(reader))).toEqual(['It was 140.']);
  });

  test('gives a notice as it reads now: amended, taken back, hidden or erased', async () => {
    const ferries = await story('ferries', at('11:00'));
    const [amended, back, hidden, erased] = ['c1', 'c2', 'c3', 'c4'];
    const revisions = new Map<string, number>();
    for (const [i, id] of [amended!, back!, hidden!, erased!].entries()) {
      revisions.set(id, await correct(ferries, at(`12:0${i}`), `First words of ${id}`, { id }));
    }
    const amend = (correction: string, notice?: string) =>
      record(
        ferries,
        { type: 'NoticeAmended', data: { correction }, texts: notice === undefined ? {} : { notice } },
        at('13:00'),
      );
    await amend(amended!, 'It was 141.');
    await amend(back!);
    const reference = (id: string) => [[revisions.get(id)!, 'notice'] as const];
    await record(ferries, { type: 'TextsHidden', data: { references: reference(hidden!) }, texts: {} }, at('13:10'));
    await record(
      ferries,
      { type: 'TextsErased', data: { references: reference(erased!), authority: 'court-order' }, texts: {} },
      at('13:20'),
    );
    const told = await listed(reader);
    expect(told.map(({ id, notice }) => [id, notice])).toEqual([
      ['c4', { _absent: 'erased' }],
      ['c3', { _absent: 'hidden' }],
      ['c1', 'It was 141.'],
    ]);
    expect(JSON.stringify(told)).not.toContain('First words');
    expect((await listed(editor)).map(({ id, notice }) => [id, notice])).toEqual([
      ['c4', { _absent: 'erased' }],
      ['c3', 'First words of c3'],
      ['c2', null],
      ['c1', 'It was 141.'],
    ]);
  });

  test('compares one that changed no text with nothing', async () => {
    const ferries = await story('ferries', at('11:00'));
    await correct(ferries, at('12:00'), 'We asked twice.', { kind: 'editors-note', silent: true });
    const [item] = await listed(reader);
    expect(item).toMatchObject({ version: 2, corrects: [1] });
    expect(item).not.toHaveProperty('against');
  });

  test('names no version that readers may not know of, and compares with none that is removed', async () => {
    const ferries = await story('ferries', at('11:00'));
    await newsroom.tell(ferries, update('Secret', { inForceFrom: at('18:00') }), at('11:10'));
    await record(ferries, { type: 'VersionCancelled', data: { version: 2 }, texts: {} }, at('11:20'));
    await newsroom.tell(ferries, update('Ferries again', { base: 1 }), at('11:30'));
    await correct(ferries, at('12:00'), 'It was 140.', { corrects: [1, 2, 3] });
    expect(await listed(reader)).toMatchObject([{ version: 4, corrects: [1, 3], against: 3 }]);
    await record(ferries, { type: 'VersionHidden', data: { version: 3 }, texts: {} }, at('13:00'));
    expect(await listed(reader)).toMatchObject([{ version: 4, corrects: [1, 3], against: 1 }]);
    await newsroom.tell(ferries, update('On'), at('13:10'));
    await record(ferries, { type: 'VersionHidden', data: { version: 4 }, texts: {} }, at('13:20'));
    const [item] = await listed(reader);
    expect(item).toMatchObject({ version: 4, notice: 'It was 140.' });
    expect(item).not.toHaveProperty('against');
  });

  test('of a publisher who shows no history still says what was wrong, without the versions', async () => {
    const ferries = await story('ferries', at('11:00'));
    await correct(ferries, at('12:00'), 'It was 140.');
    await newsroom.tell(ferries, update('Ferries again'), at('12:30'));
    const [item] = await listed(reader, {}, { publicHistory: 'none' });
    expect(item).toMatchObject({ notice: 'It was 140.', corrects: [], headline: 'Ferries again' });
    expect(item).not.toHaveProperty('version');
    expect(item).not.toHaveProperty('against');
  });
});

describe('a history', () => {
  test('tells of the times a story was away, after which version, and with notices where they may be shown', async () => {
    const ferries = await story('ferries', at('11:00'));
    await withdraw(ferries, 'unpublished', at('11:30'), 'Not for readers');
    await withdraw(ferries, 'killed', at('11:40'), 'Must not be used.');
    await reinstate(ferries, at('12:00'));
    await newsroom.tell(ferries, update('Ferries again'), at('12:10'));
    await withdraw(ferries, 'retracted', at('13:00'), 'We no longer stand by it.');
    const { withdrawals } = value(await historyWith().versions(reader, ferries));
    expect(withdrawals).toEqual([
      { kind: 'unpublished', from: at('11:30'), until: at('11:40'), notice: null, version: 1 },
      { kind: 'killed', from: at('11:40'), until: at('12:00'), notice: 'Must not be used.', version: 1 },
      { kind: 'retracted', from: at('13:00'), until: null, notice: 'We no longer stand by it.', version: 2 },
    ]);
    const first = value(await historyWith().versions(reader, ferries, { limit: 1 }));
    expect(first.withdrawals.map(({ kind }) => kind)).toEqual(['retracted']);
    expect(value(await historyWith().versions(editor, ferries)).withdrawals[0]!.notice).toBe('Not for readers');
  });

  test('says nothing to readers of a time away before there was anything to read', async () => {
    const ferries = newsroom.newId();
    await newsroom.tell(ferries, publish({ inForceFrom: at('14:00') }), at('11:00'));
    await withdraw(ferries, 'killed', at('11:30'), 'Secret');
    await reinstate(ferries, at('12:00'));
    expect(value(await historyWith().versions(reader, ferries)).withdrawals).toEqual([]);
    expect(value(await historyWith().versions(editor, ferries)).withdrawals).toMatchObject([{ version: null }]);
  });

  test('has the corrections by and of the versions it lists; a comparison those that came between', async () => {
    const ferries = await story('ferries', at('11:00'));
    await correct(ferries, at('12:00'), 'First', { corrects: [1] });
    await correct(ferries, at('12:10'), 'Second', { corrects: [2] });
    const history = historyWith();
    const of = ({ corrections }: { corrections: { notice: unknown }[] }) => corrections.map(({ notice }) => notice);
    expect(of(value(await history.versions(reader, ferries)))).toEqual(['First', 'Second']);
    expect(of(value(await history.versions(reader, ferries, { limit: 1 })))).toEqual(['Second']);
    expect(of(value(await history.compare(reader, ferries, 1, 2)))).toEqual(['First']);
    expect(of(value(await history.compare(reader, ferries, 3, 1)))).toEqual(['First', 'Second']);
    expect(of(value(await history.compare(reader, ferries, 2, 2)))).toEqual([]);
  });

  test('of a removed version leaves its place: when it was in force and what stood before and after it', async () => {
    const ferries = await story('ferries', at('11:00'));
    await newsroom.tell(ferries, update('Two'), at('12:00'));
    await newsroom.tell(ferries, update('Secret', { inForceFrom: at('18:00') }), at('12:10'));
    await record(ferries, { type: 'VersionCancelled', data: { version: 3 }, texts: {} }, at('12:20'));
    await newsroom.tell(ferries, update('Four', { base: 2 }), at('13:00'));
    await record(ferries, { type: 'VersionHidden', data: { version: 2 }, texts: {} }, at('14:00'));
    const place = { version: 2, previous: 1, next: 4, reigns: [{ from: at('12:00'), until: at('13:00') }] };
    for (const answer of [
      await historyWith().version(reader, ferries, 2),
      await historyWith().asOf(reader, ferries, { at: at('12:30') }),
      await historyWith().compare(reader, ferries, 2, 4),
    ]) {
      expect(answer).toMatchObject({ ok: false, refusal: { code: 'version-hidden', ...place } });
    }
  });
});
