/** What readers and editors are told about stories, asked of real views over a real log. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { AsOfAnswer } from '../../src/history/answers.js';
import type { Policy } from '../../src/history/describe.js';
import type { Asking } from '../../src/history/questions.js';
import type { Instant } from '../../src/story/instant.js';
import { at, publish } from '../../src/story/telling.test-support.js';
import { Newsroom } from '../views/newsroom.js';
import { auditor, code, editor, ferries, historyOf, numbers, reader, value, withdrawn } from './asking.js';

let newsroom: Newsroom;
let clock: Instant;
beforeEach(async () => {
  newsroom = await Newsroom.open();
  clock = at('15:00');
});
afterEach(() => newsroom.close());

const historyWith = (policy: Partial<Policy> = {}) => historyOf(newsroom, () => clock, policy);

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
    const answer = await historyWith().asOf(reader, await ferries(newsroom), { at: at(time) });
    expect(answer.ok ? answer.value.version : answer.refusal.code).toBe(expected);
  });

  test('a reader who asks for 11:30 gets the words of then, without the statement', async () => {
    const story = await ferries(newsroom);
    const then = value(await historyWith().asOf(reader, story, { at: at('11:30') }));
    expect(then.content.statements).toEqual([]);
    expect(then.content.body).toHaveLength(2);
    expect(then.asOf).toEqual({ at: at('11:30'), reign: { from: at('11:27'), until: at('12:20') } });
    const now = value(await historyWith().asOf(reader, story));
    expect(now.content.statements).toMatchObject([{ speaker: 'Lena Okafor', organisation: 'Bay Island Ferries' }]);
    expect(now).toMatchObject({ version: 3, current: true, headline: 'Ferries back by the weekend' });
  });

  test('a later time than now is now to a reader; an editor sees what is to come', async () => {
    const story = await ferries(newsroom);
    expect(value(await historyWith().asOf(reader, story, { at: at('18:30') })).asOf.at).toBe(clock);
    expect(value(await historyWith().asOf(editor, story, { at: at('18:30') })).version).toBe(5);
  });

  test('what waits is there when its time comes, with nothing else happening', async () => {
    const story = await ferries(newsroom);
    const history = historyWith();
    clock = at('17:59:59.999');
    expect(value(await history.asOf(reader, story)).version).toBe(3);
    clock = at('18:00');
    expect(value(await history.asOf(reader, story)).version).toBe(5);
  });

  test('a story written ahead of this clock is there at once', async () => {
    const story = await ferries(newsroom);
    clock = at('10:00');
    expect(value(await historyWith().asOf(reader, story)).version).toBe(3);
    expect(value(await historyWith().stories(reader)).items.map((item) => item.version)).toEqual([3]);
  });

  test('as known at an earlier time an editor gets what was believed then; a reader may not ask', async () => {
    const story = await ferries(newsroom);
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
    const story = await ferries(newsroom);
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
    const story = await ferries(newsroom);
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
    const { items } = value(await historyWith().versions(editor, await ferries(newsroom)));
    expect(numbers(items)).toEqual([5, 4, 3, 2, 1]);
    expect(items[0]).toMatchObject({ waiting: true, reigns: [{ from: at('18:00'), until: null }] });
    expect(items[1]).toMatchObject({ cancelled: true, reigns: [] });
    expect(items[2]).toMatchObject({ current: true, reigns: [{ from: at('13:05'), until: at('18:00') }] });
  });
});

describe('corrections', () => {
  test('stand at the versions they name once readers have the correction', async () => {
    const story = await ferries(newsroom);
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

describe('a publisher who shows no history', () => {
  test('gives readers what is in force and nothing before it', async () => {
    const story = await ferries(newsroom);
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
    const story = await ferries(newsroom);
    await newsroom.record(story, [{ type: 'SlugChanged', data: {}, texts: { slug: 'quay-9' } }], at('14:00'));
    const moved = await historyWith().version(reader, 'ferries-stopped', 1);
    expect(moved).toMatchObject({ ok: false, refusal: { code: 'story-moved', slug: 'quay-9' } });
    expect(value(await historyWith().story(reader, 'quay-9')).id).toBe(story);
    expect(value(await historyWith().story(reader, story.toUpperCase())).slug).toBe('quay-9');
  });

  test('the old slug of a story that is taken down does not tell the new one', async () => {
    const story = await ferries(newsroom);
    await newsroom.record(story, [{ type: 'SlugChanged', data: {}, texts: { slug: 'quay-9' } }], at('14:00'));
    await newsroom.record(story, [withdrawn('takedown', at('14:10'))], at('14:10'));
    expect(JSON.stringify(await historyWith().asOf(reader, 'ferries-stopped'))).not.toContain('quay-9');
  });
});

describe('comparing', () => {
  test('takes numbers, now and instants', async () => {
    const story = await ferries(newsroom);
    const history = historyWith();
    const sides = async (a: number | Instant, b: 'now' | Instant) => {
      const answer = value(await history.compare(reader, story, a, b));
      return [answer.a.version, answer.b.version];
    };
    expect(await sides(1, 'now')).toEqual([1, 3]);
    expect(await sides(at('11:30'), at('12:30'))).toEqual([1, 2]);
    const { summary } = value(await history.compare(reader, story, 1, 2));
    expect(summary).toMatchObject({
      words: { added: 4, removed: 0 },
      sentence: expect.stringContaining('Lena Okafor'),
    });
    expect(code(await history.compare(reader, story, at('11:00'), 'now'))).toBe('not-yet-in-force');
  });
});

describe('writers', () => {
  test('are told the revision and the version in force, readers and auditors are not', async () => {
    const story = await ferries(newsroom);
    const history = historyWith();
    const told = async (viewer: Asking) => (value(await history.asOf(viewer, story)) as AsOfAnswer).story;
    const { revision } = newsroom.of(story).story;
    expect(await told(editor)).toMatchObject({ revision, versionInForce: 3 });
    for (const viewer of [reader, auditor]) expect(await told(viewer)).not.toHaveProperty('revision');
    clock = at('18:00');
    expect(await told(editor)).toMatchObject({ revision, versionInForce: 5 });
  });
});
