/** What readers and editors are told about stories, asked of real views over a real log. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Answer, Asking, AsOfAnswer, History, HistoryCode } from '../../src/history/answers.js';
import type { Policy } from '../../src/history/describe.js';
import { openHistory } from '../../src/history/history.js';
import type { StoryEvent, WithdrawalKind } from '../../src/story/events.js';
import { type Instant, msOf } from '../../src/story/instant.js';
import { at, paragraph, publish, update } from '../../src/story/telling.test-support.js';
import { ines, Newsroom, tom } from '../views/newsroom.js';

const reader: Asking = { audience: 'public', may: () => false };
const editor: Asking = { audience: 'staff', may: (right) => right === 'new-version' };
const auditor: Asking = { audience: 'staff', may: () => false };

let newsroom: Newsroom;
let clock: Instant;
beforeEach(async () => {
  newsroom = await Newsroom.open();
  clock = at('15:00');
});
afterEach(() => newsroom.close());

const historyWith = (policy: Partial<Policy> = {}): History =>
  openHistory(newsroom.views, { publicHistory: 'all', editorsNames: 'none', ...policy }, () => msOf(clock));

function value<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(`${answer.refusal.code}: ${answer.refusal.detail}`);
  return answer.value;
}
const code = (answer: Answer<unknown>): HistoryCode | 'answered' => (answer.ok ? 'answered' : answer.refusal.code);
const numbers = (items: readonly { version: number }[]) => items.map(({ version }) => version);

const statement = {
  speaker: 'Lena Okafor',
  organisation: 'Bay Island Ferries',
  blocks: [paragraph('Everyone is accounted for.')],
};

/** 11:27 published, 12:20 a statement by Tom, 13:05 an update; 18:00 waits, and what waited for 17:00 is cancelled. */
async function ferries(): Promise<string> {
  const story = newsroom.newId();
  await newsroom.tell(story, publish({ note: 'First word' }), at('11:27'));
  await newsroom.tell(story, { type: 'new-version', statements: [statement] }, at('12:20'), tom);
  await newsroom.tell(story, update('Ferries back by the weekend', { note: 'The operator says when' }), at('13:05'));
  await newsroom.tell(story, update('Secret of five', { inForceFrom: at('17:00') }), at('13:30'));
  await newsroom.tell(story, update('Secret of six', { inForceFrom: at('18:00') }), at('13:40'));
  await newsroom.tell(story, { type: 'cancel', version: 4 }, at('13:50'));
  return story;
}

const withdrawn = (kind: WithdrawalKind, time: Instant, notice?: string): StoryEvent => ({
  type: 'StoryWithdrawn',
  data: { withdrawal: `w-${time}`, kind, at: time },
  texts: notice === undefined ? {} : { notice },
});
const reinstated = (time: Instant): StoryEvent => ({ type: 'StoryReinstated', data: { at: time }, texts: {} });
const hidden = (version: number): StoryEvent => ({ type: 'VersionHidden', data: { version }, texts: { reason: 'x' } });

describe('as of an instant', () => {
  test.each([
    ['11:26:59.999', 'not-yet-in-force'],
    ['11:27', 1],
    ['11:30', 1],
    ['12:19:59.999', 1],
    ['12:20', 2],
    ['13:05', 3],
    ['15:00', 3],
    ['17:30', 3],
    ['23:00', 3],
  ])('a reader who asks for %s gets %s', async (time, expected) => {
    const answer = await historyWith().asOf(reader, await ferries(), { at: at(time) });
    expect(answer.ok ? answer.value.version : answer.refusal.code).toBe(expected);
  });

  test('a reader who asks for 11:30 gets the words of then, without the statement', async () => {
    const story = await ferries();
    const then = value(await historyWith().asOf(reader, story, { at: at('11:30') }));
    expect(then.content.statements).toEqual([]);
    expect(then.content.body).toHaveLength(2);
    expect(then.asOf).toEqual({ at: at('11:30'), reign: { from: at('11:27'), until: at('12:20') } });
    const now = value(await historyWith().asOf(reader, story));
    expect(now.content.statements).toMatchObject([{ speaker: 'Lena Okafor', organisation: 'Bay Island Ferries' }]);
    expect(now).toMatchObject({ version: 3, current: true, headline: 'Ferries back by the weekend' });
  });

  test('a later time than now is now to a reader; an editor sees what is to come', async () => {
    const story = await ferries();
    expect(value(await historyWith().asOf(reader, story, { at: at('18:30') })).asOf.at).toBe(clock);
    expect(value(await historyWith().asOf(editor, story, { at: at('18:30') })).version).toBe(5);
  });

  test('what waits is there when its time comes, with nothing else happening', async () => {
    const story = await ferries();
    const history = historyWith();
    clock = at('17:59:59.999');
    expect(value(await history.asOf(reader, story)).version).toBe(3);
    clock = at('18:00');
    expect(value(await history.asOf(reader, story)).version).toBe(5);
  });

  test('a story written ahead of this clock is there at once', async () => {
    const story = await ferries();
    clock = at('10:00');
    expect(value(await historyWith().asOf(reader, story)).version).toBe(3);
    expect(value(await historyWith().stories(reader)).items.map((item) => item.version)).toEqual([3]);
  });

  test('as known at an earlier time an editor gets what was believed then; a reader may not ask', async () => {
    const story = await ferries();
    const history = historyWith();
    const known = async (time: string, knownAt: string) => {
      const answer = await history.asOf(editor, story, { at: at(time), knownAt: at(knownAt) });
      return answer.ok ? answer.value.version : answer.refusal.code;
    };
    expect(await known('17:30', '13:30')).toBe(4);
    expect(await known('18:30', '13:39:59.999')).toBe(4);
    expect(await known('18:30', '13:45')).toBe(5);
    expect(await known('17:30', '13:50')).toBe(3);
    expect(await known('17:30', '12:00')).toBe(1);
    expect(await known('12:30', '11:26')).toBe('not-yet-in-force');
    expect(code(await history.asOf(reader, story, { knownAt: at('12:00') }))).toBe('known-at-forbidden');
  });
});

describe('what is not yet, or never was', () => {
  test('no answer to a reader names, counts or hints at it', async () => {
    const story = await ferries();
    const history = historyWith({ editorsNames: 'name' });
    const answers = [
      await history.story(reader, story),
      await history.asOf(reader, story),
      await history.asOf(reader, story, { at: at('23:00') }),
      await history.version(reader, story, 3),
      await history.versions(reader, story),
      await history.versions(reader, story, { act: 'StoryUpdated' }),
      await history.versions(reader, story, { editor: 'Ines Varga' }),
      await history.compare(reader, story, 1, 'now'),
      await history.stories(reader),
      await history.stories(reader, { asOf: at('23:00') }),
    ];
    for (const answer of answers) {
      expect(answer.ok).toBe(true);
      expect(JSON.stringify(answer)).not.toMatch(/Secret|17:00:00|18:00:00|13:30:00|13:40:00|13:50:00|"version":[45]/);
    }
    expect(value(await history.story(reader, story)).versions).toBe(3);
    expect(value(await history.version(reader, story, 3)).next).toBeNull();
    expect(value(await history.version(reader, story, 3)).reigns).toEqual([{ from: at('13:05'), until: null }]);
  });

  test.each([4, 5])('version %i answers a reader like a number never used', async (version) => {
    const story = await ferries();
    const history = historyWith();
    const answered = JSON.stringify(await history.version(reader, story, version)).replace(`${version}`, 'N');
    expect(answered).toBe(JSON.stringify(await history.version(reader, story, 99)).replace('99', 'N'));
    expect(code(await history.compare(reader, story, 1, version))).toBe('version-not-found');
    expect(value(await history.version(editor, story, version)).version).toBe(version);
  });

  test('a story that no version has been in force of is not there, by its id or its slug', async () => {
    const story = newsroom.newId();
    await newsroom.tell(story, publish({ slug: 'later', inForceFrom: at('18:00') }), at('14:00'));
    const history = historyWith();
    for (const [name, unused] of [
      [story, newsroom.newId()],
      ['later', 'never'],
    ] as const) {
      for (const ask of [
        (name: string) => history.story(reader, name),
        (name: string) => history.asOf(reader, name),
        (name: string) => history.version(reader, name, 1),
        (name: string) => history.versions(reader, name),
        (name: string) => history.compare(reader, name, 1, 'now'),
      ]) {
        const answered = JSON.stringify(await ask(name)).replaceAll(name, 'N');
        expect(answered).toBe(JSON.stringify(await ask(unused)).replaceAll(unused, 'N'));
        expect(answered).toContain('story-not-found');
      }
    }
    expect(value(await history.stories(reader)).items).toEqual([]);
    expect(code(await history.asOf(editor, 'later'))).toBe('not-yet-in-force');
    expect(value(await history.story(editor, 'later'))).toMatchObject({
      status: 'not-yet-in-force',
      firstPublishedAt: null,
      waiting: [{ version: 1, inForceFrom: at('18:00') }],
    });
  });

  test('editors see what waits and what was cancelled, marked', async () => {
    const { items } = value(await historyWith().versions(editor, await ferries()));
    expect(numbers(items)).toEqual([5, 4, 3, 2, 1]);
    expect(items[0]).toMatchObject({ waiting: true, reigns: [{ from: at('18:00'), until: null }] });
    expect(items[1]).toMatchObject({ cancelled: true, reigns: [] });
    expect(items[2]).toMatchObject({ current: true, reigns: [{ from: at('13:05'), until: at('18:00') }] });
  });
});

describe('a hidden version', () => {
  test('keeps its number and times in lists, and is gone when read', async () => {
    const story = await ferries();
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
    const story = await ferries();
    await newsroom.record(story, [hidden(2)], at('14:00'));
    const history = historyWith({ editorsNames: 'name' });
    expect(value(await history.versions(reader, story, { act: 'StatementAdded' })).items).toEqual([]);
    expect(value(await history.versions(reader, story, { editor: 'Tom Achterberg' })).items).toEqual([]);
    expect(numbers(value(await history.versions(editor, story, { act: 'StatementAdded' })).items)).toEqual([2]);
  });

  test('editors still read it, marked; what changed after it is measured for readers against what they may see', async () => {
    const story = await ferries();
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
    const story = await ferries();
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
    const story = await ferries();
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
    const story = await ferries();
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
    const story = await ferries();
    await newsroom.record(story, [withdrawn('retracted', at('14:00'), 'We no longer stand by it.')], at('14:00'));
    const answer = value(await historyWith().asOf(reader, story));
    const withdrawal = { kind: 'retracted', from: at('14:00'), notice: 'We no longer stand by it.' };
    expect(answer).toMatchObject({ version: 3, story: { status: 'retracted', withdrawal }, asOf: { withdrawal } });
    expect(answer.current).toBeUndefined();
    expect(code(await historyWith().asOf(reader, story, { at: at('11:30') }))).toBe('answered');
  });

  test('once it is back, readers are told that it was away then, and are given no neighbour', async () => {
    const story = await ferries();
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
    const story = await ferries();
    await newsroom.record(story, [withdrawn('retracted', at('14:00'))], at('14:00'));
    await newsroom.tell(story, update('Rewritten', { supersedes: [5] }), at('14:10'));
    expect(code(await historyWith().version(reader, story, 6))).toBe('version-not-found');
    expect(value(await historyWith().story(reader, story)).versions).toBe(3);
  });
});

describe('corrections', () => {
  test('stand at the versions they name once readers have the correction', async () => {
    const story = await ferries();
    const { manifest } = newsroom.of(story).story.versions[2]!;
    await newsroom.record(
      story,
      [
        {
          type: 'CorrectionIssued',
          data: {
            version: 6,
            inForceFrom: at('14:30'),
            base: 3,
            correction: 'c1',
            kind: 'correction',
            corrects: [1, 4],
            manifest,
          },
          texts: { notice: 'It was Quay 8.' },
        },
      ],
      at('14:00'),
    );
    const history = historyWith();
    clock = at('14:29:59.999');
    expect(value(await history.version(reader, story, 1)).corrections).toEqual([]);
    clock = at('14:30');
    expect(value(await history.version(reader, story, 1)).corrections).toEqual([
      {
        id: 'c1',
        kind: 'correction',
        version: 6,
        corrects: [1],
        at: at('14:30'),
        notice: 'It was Quay 8.',
        against: 3,
      },
    ]);
    expect(value(await history.version(reader, story, 2)).corrections).toEqual([]);
    await newsroom.record(story, [{ type: 'NoticeAmended', data: { correction: 'c1' }, texts: {} }], at('14:40'));
    expect(value(await history.version(reader, story, 1)).corrections).toEqual([]);
    expect(value(await history.version(editor, story, 1)).corrections).toMatchObject([
      { notice: null, corrects: [1, 4] },
    ]);
  });
});

describe('the list of versions', () => {
  test('comes in pages that neither skip nor repeat, also when a version is added meanwhile', async () => {
    const story = newsroom.newId();
    await newsroom.tell(story, publish(), at('11:00'));
    for (let minute = 1; minute <= 6; minute++) await newsroom.tell(story, update(`At ${minute}`), at(`11:0${minute}`));
    const history = historyWith();
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const page = value(await history.versions(reader, story, { limit: 3, ...(cursor && { cursor }) }));
      seen.push(...numbers(page.items));
      cursor = page.next as string | null;
      await newsroom.tell(story, update(`Meanwhile ${seen.length}`), at('11:30'));
    } while (cursor);
    expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  test('can be narrowed to an act and to an editor', async () => {
    const story = await ferries();
    const history = historyWith({ editorsNames: 'name' });
    const asked = async (viewer: Asking, wanted: object) =>
      numbers(value(await history.versions(viewer, story, wanted)).items);
    expect(await asked(reader, { act: 'StatementAdded' })).toEqual([2]);
    expect(await asked(reader, { editor: 'Ines Varga' })).toEqual([3, 1]);
    expect(await asked(reader, { editor: 'ines' })).toEqual([]);
    expect(await asked(editor, { editor: 'ines' })).toEqual([5, 4, 3, 1]);
    expect(await asked(editor, { editor: 'Tom Achterberg', act: 'StoryUpdated' })).toEqual([]);
  });

  test('names editors to readers only where the publisher does, and never their ids', async () => {
    const story = await ferries();
    const editorOf = async (viewer: Asking, policy: Partial<Policy>) =>
      value(await historyWith(policy).version(viewer, story, 2)).editor;
    expect(await editorOf(reader, {})).toBeUndefined();
    expect(await editorOf(reader, { editorsNames: 'name' })).toEqual({ name: 'Tom Achterberg' });
    expect(await editorOf(editor, {})).toEqual(tom);
    expect(code(await historyWith().versions(reader, story, { editor: ines.name }))).toBe('editors-not-public');
  });

  test('refuses a cursor of another list', async () => {
    const story = await ferries();
    const history = historyWith();
    await newsroom.tell(newsroom.newId(), publish({ slug: 'second' }), at('11:00'));
    const { next } = value(await history.stories(reader, { limit: 1 }));
    expect(code(await history.versions(reader, story, { cursor: next! }))).toBe('bad-cursor');
    expect(code(await history.stories(reader, { cursor: 'nonsense' }))).toBe('bad-cursor');
  });

  test('tells what each version added, and how much', async () => {
    const { items } = value(await historyWith().versions(reader, await ferries()));
    expect(items).toMatchObject([
      { version: 3, acts: ['StoryUpdated'], note: 'The operator says when', statements: [] },
      {
        version: 2,
        acts: ['StatementAdded'],
        statements: [{ speaker: 'Lena Okafor', organisation: 'Bay Island Ferries' }],
        changes: { against: 1, words: { added: 4, removed: 0 } },
      },
      { version: 1, acts: ['StoryPublished'], note: 'First word', changes: { against: null, words: { added: 8 } } },
    ]);
  });
});

describe('the list of stories', () => {
  const harbour = (slug: string, tags: string[]) => publish({ slug, fields: { headline: slug, tags } });

  test('has what was in force at the instant, the latest first, in stable pages', async () => {
    for (const [slug, time] of [
      ['one', '11:00'],
      ['two', '11:10'],
      ['three', '11:10'],
      ['four', '11:20'],
    ] as const) {
      await newsroom.tell(newsroom.newId(), harbour(slug, []), at(time));
    }
    const history = historyWith();
    const seen: unknown[] = [];
    let cursor: string | null = null;
    let first: Instant | undefined;
    do {
      const page = value(await history.stories(reader, { limit: 1, ...(cursor && { cursor }) }));
      first ??= page.asOf;
      expect(page.asOf).toBe(first);
      seen.push(...page.items.map((item) => item.headline));
      cursor = page.next as string | null;
      clock = at(`15:0${seen.length}`);
      await newsroom.tell(newsroom.newId(), harbour(`later-${seen.length}`, []), clock);
    } while (cursor);
    expect(seen).toHaveLength(4);
    expect(seen[0]).toBe('four');
    expect(new Set(seen.slice(1, 3))).toEqual(new Set(['two', 'three']));
    expect(seen[3]).toBe('one');
    const then = value(await history.stories(reader, { asOf: at('11:15') }));
    expect(new Set(then.items.map((item) => item.headline))).toEqual(new Set(['one', 'two', 'three']));
  });

  test('shows each story as it was then', async () => {
    const story = await ferries();
    const headlines = async (time: string) =>
      value(await historyWith().stories(reader, { asOf: at(time) })).items.map((item) => item.headline);
    expect(await headlines('11:00')).toEqual([]);
    expect(await headlines('12:00')).toEqual(['Ferries stopped after fire at Quay 9']);
    expect(await headlines('14:00')).toEqual(['Ferries back by the weekend']);
    await newsroom.record(story, [withdrawn('unpublished', at('14:10'))], at('14:10'));
    await newsroom.record(story, [reinstated(at('14:30'))], at('14:30'));
    expect(await headlines('14:20')).toEqual([]);
    expect(await headlines('14:40')).toEqual(['Ferries back by the weekend']);
  });

  test('can be narrowed to a tag, but not to one that is hidden', async () => {
    const story = newsroom.newId();
    await newsroom.tell(story, harbour('one', ['ferries', 'harbour']), at('11:00'));
    await newsroom.tell(newsroom.newId(), harbour('two', ['harbour']), at('11:10'));
    const history = historyWith();
    const tagged = async (viewer: Asking, tag: string) =>
      value(await history.stories(viewer, { tag })).items.map((item) => item.headline);
    expect(await tagged(reader, 'harbour')).toEqual(['two', 'one']);
    expect(await tagged(reader, 'ferries')).toEqual(['one']);
    await newsroom.record(
      story,
      [{ type: 'TextsHidden', data: { references: [[0, 'tags']] }, texts: {} }],
      at('11:20'),
    );
    expect(await tagged(reader, 'ferries')).toEqual([]);
    expect(await tagged(editor, 'ferries')).toEqual(['one']);
  });

  test('a cursor made up to reach into the future gives a reader nothing of it', async () => {
    const story = await ferries();
    const future = { at: at('23:00'), clock: at('23:00'), from: at('23:00'), story: '' };
    const cursor = Buffer.from(JSON.stringify(['stories', future])).toString('base64url');
    const { items } = value(await historyWith().stories(reader, { cursor }));
    expect(items).toMatchObject([{ story: { id: story }, version: 3 }]);
  });
});

describe('a publisher who shows no history', () => {
  test('gives readers what is in force and nothing before it', async () => {
    const story = await ferries();
    const history = historyWith({ publicHistory: 'none' });
    expect(value(await history.asOf(reader, story)).version).toBe(3);
    expect(value(await history.asOf(reader, story, { at: at('14:00') })).version).toBe(3);
    expect(code(await history.asOf(reader, story, { at: at('11:30') }))).toBe('history-not-public');
    expect(code(await history.version(reader, story, 1))).toBe('version-not-found');
    expect(code(await history.compare(reader, story, 1, 'now'))).toBe('version-not-found');
    const listed = value(await history.versions(reader, story));
    expect(numbers(listed.items)).toEqual([3]);
    expect(listed.items[0]!.changes!.against).toBeNull();
    expect(value(await history.version(reader, story, 3))).toMatchObject({ previous: null, next: null });
    expect(value(await history.stories(reader, { asOf: at('11:30') })).items).toEqual([]);
    expect(numbers(value(await history.versions(editor, story)).items)).toEqual([5, 4, 3, 2, 1]);
  });
});

describe('names of stories', () => {
  test('an old slug leads to the present one; the id is never redirected', async () => {
    const story = await ferries();
    await newsroom.record(story, [{ type: 'SlugChanged', data: {}, texts: { slug: 'quay-9' } }], at('14:00'));
    const moved = await historyWith().version(reader, 'ferries-stopped', 1);
    expect(moved).toMatchObject({ ok: false, refusal: { code: 'story-moved', slug: 'quay-9' } });
    expect(value(await historyWith().story(reader, 'quay-9')).id).toBe(story);
    expect(value(await historyWith().story(reader, story.toUpperCase())).slug).toBe('quay-9');
  });

  test('the old slug of a story that is taken down does not tell the new one', async () => {
    const story = await ferries();
    await newsroom.record(story, [{ type: 'SlugChanged', data: {}, texts: { slug: 'quay-9' } }], at('14:00'));
    await newsroom.record(story, [withdrawn('takedown', at('14:10'))], at('14:10'));
    expect(JSON.stringify(await historyWith().asOf(reader, 'ferries-stopped'))).not.toContain('quay-9');
  });
});

describe('comparing', () => {
  test('takes numbers, now and instants', async () => {
    const story = await ferries();
    const history = historyWith();
    const sides = async (a: number | Instant, b: 'now' | Instant) => {
      const answer = value(await history.compare(reader, story, a, b));
      return [answer.a.version, answer.b.version];
    };
    expect(await sides(1, 'now')).toEqual([1, 3]);
    expect(await sides(at('11:30'), at('12:30'))).toEqual([1, 2]);
    const { summary } = value(await history.compare(reader, story, 1, 2));
    expect(summary).toMatchObject({ words: { added: 4, removed: 0 }, statementsAdded: ['Lena Okafor'] });
    expect(code(await history.compare(reader, story, at('11:00'), 'now'))).toBe('not-yet-in-force');
  });
});

describe('writers', () => {
  test('are told the revision and the version in force, readers and auditors are not', async () => {
    const story = await ferries();
    const history = historyWith();
    const told = async (viewer: Asking) => (value(await history.asOf(viewer, story)) as AsOfAnswer).story;
    const { revision } = newsroom.of(story).story;
    expect(await told(editor)).toMatchObject({ revision, versionInForce: 3 });
    for (const viewer of [reader, auditor]) expect(await told(viewer)).not.toHaveProperty('revision');
    clock = at('18:00');
    expect(await told(editor)).toMatchObject({ revision, versionInForce: 5 });
  });
});
