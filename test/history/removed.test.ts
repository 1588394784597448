/** What readers and editors are told of what is hidden, erased or withdrawn. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Policy } from '../../src/history/describe.js';
import type { Asking, History } from '../../src/history/questions.js';
import type { HistoryCode } from '../../src/history/refusals.js';
import type { Instant } from '../../src/story/instant.js';
import { at, update } from '../../src/story/telling.test-support.js';
import { Newsroom } from '../views/newsroom.js';
import { code, editor, ferries, hidden, historyOf, numbers, reader, reinstated, value, withdrawn } from './asking.js';

let newsroom: Newsroom;
let clock: Instant;
beforeEach(async () => {
  newsroom = await Newsroom.open();
  clock = at('15:00');
});
afterEach(() => newsroom.close());

const historyWith = (policy: Partial<Policy> = {}) => historyOf(newsroom, () => clock, policy);

describe('a hidden version', () => {
  test('keeps its number and times in lists, and is gone when read', async () => {
    const story = await ferries(newsroom);
    await newsroom.record(story, [hidden(2)], at('14:00'));
    const history = historyWith({ editorsNames: 'name' });
    const { items } = value(await history.versions(reader, story));
    expect(numbers(items)).toEqual([3, 2, 1]);
    expect(items[1]).toEqual({
      version: 2,
      inForceFrom: at('12:20'),
      recordedAt: at('12:20'),
      hidden: true,
      reigns: [{ from: at('12:20'), until: at('13:05') }],
      acts: [],
      significance: null,
      headline: null,
      note: null,
      statements: [],
      changes: null,
    });
    expect(code(await history.version(reader, story, 2))).toBe('version-hidden');
    expect(code(await history.asOf(reader, story, { at: at('12:30') }))).toBe('version-hidden');
    expect(code(await history.compare(reader, story, 2, 3))).toBe('version-hidden');
    expect(code(await history.compare(reader, story, 1, at('12:30')))).toBe('version-hidden');
    expect(value(await history.stories(reader, { asOf: at('12:30') })).items).toEqual([]);
  });

  test('is not found by what it was or by whom', async () => {
    const story = await ferries(newsroom);
    await newsroom.record(story, [hidden(2)], at('14:00'));
    const history = historyWith({ editorsNames: 'name' });
    expect(value(await history.versions(reader, story, { act: 'StatementAdded' })).items).toEqual([]);
    expect(value(await history.versions(reader, story, { editor: 'Tom Achterberg' })).items).toEqual([]);
    expect(numbers(value(await history.versions(editor, story, { act: 'StatementAdded' })).items)).toEqual([2]);
  });

  test('editors still read it, marked; what changed after it is measured for readers against what they may see', async () => {
    const story = await ferries(newsroom);
    const history = historyWith();
    const changes = async (viewer: Asking) => value(await history.version(viewer, story, 3)).changes;
    expect(await changes(reader)).toEqual({ against: 2, words: { added: 0, removed: 0 } });
    await newsroom.record(story, [hidden(2)], at('14:00'));
    expect(value(await history.version(editor, story, 2))).toMatchObject({ hidden: true, acts: ['StatementAdded'] });
    expect(await changes(editor)).toEqual({ against: 2, words: { added: 0, removed: 0 } });
    expect(await changes(reader)).toEqual({ against: 1, words: { added: 4, removed: 0 } });
  });
});

describe('hidden and erased texts', () => {
  test('readers get a mark in their place, in every answer; editors get them, named', async () => {
    const story = await ferries(newsroom);
    const { manifest } = newsroom.of(story).story.versions[1]!;
    const said = manifest.statements![0]!;
    const block = `body/${said.blocks[0]}`;
    const references = [
      [said.revision, block],
      [said.revision, 'speaker'],
      [0, 'headline'],
      [0, 'note'],
    ] as const;
    await newsroom.record(story, [{ type: 'TextsHidden', data: { references }, texts: { reason: 'x' } }], at('14:00'));
    const history = historyWith();
    for (const answer of [
      await history.asOf(reader, story),
      await history.version(reader, story, 1),
      await history.version(reader, story, 2),
      await history.versions(reader, story),
      await history.compare(reader, story, 1, 3),
      await history.stories(reader, { asOf: at('12:30') }),
    ]) {
      expect(answer.ok).toBe(true);
      expect(JSON.stringify(answer)).not.toMatch(/Lena|accounted|Quay 9|First word/);
      expect(JSON.stringify(answer)).toContain('hidden');
    }
    const whole = value(await history.version(editor, story, 2));
    expect(whole.content.statements[0]!.speaker).toBe('Lena Okafor');
    expect(whole.hiddenTexts).toEqual(
      expect.arrayContaining([
        { revision: 0, name: 'headline' },
        { revision: said.revision, name: block },
      ]),
    );
  });

  test('an erased text reads as erased to everyone', async () => {
    const story = await ferries(newsroom);
    await newsroom.record(
      story,
      [{ type: 'TextsErased', data: { references: [[0, 'headline']], authority: 'court-order' }, texts: {} }],
      at('14:00'),
    );
    for (const viewer of [reader, editor]) {
      expect(value(await historyWith().version(viewer, story, 1)).headline).toEqual({ _absent: 'erased' });
    }
  });
});

describe('a withdrawn story', () => {
  const everyQuestion = async (history: History, story: string): Promise<HistoryCode[]> =>
    (
      await Promise.all([
        history.story(reader, story),
        history.asOf(reader, story),
        history.asOf(reader, story, { at: at('11:30') }),
        history.version(reader, story, 1),
        history.versions(reader, story),
        history.compare(reader, story, 1, 2),
      ])
    ).map((answer) => code(answer) as HistoryCode);

  test.each(['unpublished', 'killed', 'takedown'] as const)('%s: nothing of it can be read', async (kind) => {
    const story = await ferries(newsroom);
    await newsroom.record(story, [withdrawn(kind, at('14:00'), 'Our sources were wrong.')], at('14:00'));
    const history = historyWith();
    expect(new Set(await everyQuestion(history, story))).toEqual(new Set([kind]));
    expect(code(await history.version(reader, story, 5))).toBe('version-not-found');
    expect(value(await history.stories(reader)).items).toEqual([]);
    expect(value(await history.stories(reader, { asOf: at('12:00') })).items).toEqual([]);
    const told = JSON.stringify(await history.story(reader, story));
    expect(told.includes('Our sources were wrong.')).toBe(kind !== 'unpublished');
    expect(value(await history.asOf(editor, story))).toMatchObject({ version: 3, asOf: { withdrawal: { kind } } });
  });

  test('retracted: its last text stays, under the notice', async () => {
    const story = await ferries(newsroom);
    await newsroom.record(story, [withdrawn('retracted', at('14:00'), 'We no longer stand by it.')], at('14:00'));
    const answer = value(await historyWith().asOf(reader, story));
    const withdrawal = { kind: 'retracted', from: at('14:00'), notice: 'We no longer stand by it.' };
    expect(answer).toMatchObject({ version: 3, story: { status: 'retracted', withdrawal }, asOf: { withdrawal } });
    expect(answer.current).toBeUndefined();
    expect(code(await historyWith().asOf(reader, story, { at: at('11:30') }))).toBe('answered');
  });

  test('once it is back, readers are told that it was away then, and are given no neighbour', async () => {
    const story = await ferries(newsroom);
    await newsroom.record(story, [withdrawn('unpublished', at('14:00'))], at('14:00'));
    await newsroom.record(story, [reinstated(at('14:30'))], at('14:30'));
    const history = historyWith();
    expect(code(await history.asOf(reader, story, { at: at('14:10') }))).toBe('withdrawn-then');
    expect(value(await history.asOf(reader, story)).version).toBe(3);
    expect(value(await history.version(reader, story, 3)).reigns).toEqual([
      { from: at('13:05'), until: at('14:00') },
      { from: at('14:30'), until: null },
    ]);
  });

  test('a version written while it was away was never in force', async () => {
    const story = await ferries(newsroom);
    await newsroom.record(story, [withdrawn('retracted', at('14:00'))], at('14:00'));
    await newsroom.tell(story, update('Rewritten', { supersedes: [5] }), at('14:10'));
    expect(code(await historyWith().version(reader, story, 6))).toBe('version-not-found');
    expect(value(await historyWith().story(reader, story)).versions).toBe(3);
  });
});
