/** The lists of versions and of stories: their order, their pages, and what they can be narrowed to. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Policy } from '../../src/history/describe.js';
import type { Asking } from '../../src/history/questions.js';
import type { Instant } from '../../src/story/instant.js';
import { at, publish, update } from '../../src/story/telling.test-support.js';
import { ines, Newsroom, tom } from '../views/newsroom.js';
import { code, editor, ferries, historyOf, numbers, reader, reinstated, value, withdrawn } from './asking.js';

let newsroom: Newsroom;
let clock: Instant;
beforeEach(async () => {
  newsroom = await Newsroom.open();
  clock = at('15:00');
});
afterEach(() => newsroom.close());

const historyWith = (policy: Partial<Policy> = {}) => historyOf(newsroom, () => clock, policy);

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
    const story = await ferries(newsroom);
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
    const story = await ferries(newsroom);
    const editorOf = async (viewer: Asking, policy: Partial<Policy>) =>
      value(await historyWith(policy).version(viewer, story, 2)).editor;
    expect(await editorOf(reader, {})).toBeUndefined();
    expect(await editorOf(reader, { editorsNames: 'name' })).toEqual({ name: 'Tom Achterberg' });
    expect(await editorOf(editor, {})).toEqual(tom);
    expect(code(await historyWith().versions(reader, story, { editor: ines.name }))).toBe('editors-not-public');
  });

  test('refuses a cursor of another list', async () => {
    const story = await ferries(newsroom);
    const history = historyWith();
    await newsroom.tell(newsroom.newId(), publish({ slug: 'second' }), at('11:00'));
    const { next } = value(await history.stories(reader, { limit: 1 }));
    expect(code(await history.versions(reader, story, { cursor: next! }))).toBe('bad-cursor');
    expect(code(await history.stories(reader, { cursor: 'nonsense' }))).toBe('bad-cursor');
  });

  test('tells what each version added, and how much', async () => {
    const { items } = value(await historyWith().versions(reader, await ferries(newsroom)));
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
    const story = await ferries(newsroom);
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
    const story = await ferries(newsroom);
    const future = { at: at('23:00'), clock: at('23:00'), from: at('23:00'), story: '' };
    const cursor = Buffer.from(JSON.stringify(['stories', future])).toString('base64url');
    const { items } = value(await historyWith().stories(reader, { cursor }));
    expect(items).toMatchObject([{ story: { id: story }, version: 3 }]);
  });
});
