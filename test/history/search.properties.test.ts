/** Search against a naive reading of everything that GET gives, for made-up newsrooms; and what an erasure leaves of words. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { termsOf } from '../../src/compare/terms.js';
import type { StoriesAnswer } from '../../src/history/answers.js';
import { openHistory } from '../../src/history/history.js';
import type { Asking, History } from '../../src/history/questions.js';
import type { Answer } from '../../src/history/refusals.js';
import type { StoryEvent } from '../../src/story/events.js';
import { type Instant, msOf, plusMs } from '../../src/story/instant.js';
import { at, paragraph } from '../../src/story/telling.test-support.js';
import { rebuildViews } from '../../src/views/views.js';
import { Newsroom } from '../views/newsroom.js';

const reader: Asking = { audience: 'public', may: () => false };
const editor: Asking = { audience: 'staff', may: () => false };

let newsroom: Newsroom;
beforeEach(async () => {
  newsroom = await Newsroom.open();
});
afterEach(() => newsroom.close());

const historyAt = (clock: Instant): History =>
  openHistory(newsroom.views, { publicHistory: 'all', editorsNames: 'none' }, () => msOf(clock));
function value<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(`${answer.refusal.code}: ${answer.refusal.detail}`);
  return answer.value;
}
/** Every story found, page by page. */
async function found(viewer: Asking, clock: Instant, q: string, asOf?: Instant): Promise<string[]> {
  const stories: string[] = [];
  let cursor: string | null = null;
  do {
    const page: StoriesAnswer = value(
      await historyAt(clock).stories(viewer, { q, limit: 2, ...(asOf && { asOf }), ...(cursor && { cursor }) }),
    );
    stories.push(...page.items.map(({ story, version }) => `${story.id} ${version}`));
    cursor = page.next;
  } while (cursor);
  return stories;
}

const vocabulary = ['ferry', 'ferries', 'quay', 'smoke', '港', '東京', 'Éire', 'nine'];
const words = fc.array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: 4 }).map((some) => some.join(' '));
const act = fc.oneof(
  fc.record({ kind: fc.constant('publish' as const), words, more: words }),
  fc.record({ kind: fc.constant('publish' as const), words, more: words }),
  fc.record({ kind: fc.constant('update' as const), story: fc.nat(3), words, wait: fc.constantFrom(0, 0, 0, 20) }),
  fc.record({ kind: fc.constant('statement' as const), story: fc.nat(3), words, more: words }),
  fc.record({ kind: fc.constant('restore' as const), story: fc.nat(3), version: fc.nat(3) }),
  fc.record({ kind: fc.constant('hide version' as const), story: fc.nat(3), version: fc.nat(3) }),
  fc.record({
    kind: fc.constantFrom('hide text' as const, 'erase text' as const),
    story: fc.nat(3),
    revision: fc.nat(4),
    text: fc.nat(4),
  }),
  fc.record({
    kind: fc.constantFrom('retracted' as const, 'unpublished' as const, 'reinstate' as const),
    story: fc.nat(3),
  }),
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** What cannot be done to the story as it stands is passed over. */
async function perform(stories: string[], next: Act, clock: Instant): Promise<void> {
  if (next.kind === 'publish') {
    const id = newsroom.newId();
    stories.push(id);
    const fields = { headline: next.words, standfirst: next.more };
    await newsroom.tell(
      id,
      { type: 'publish', slug: `s${stories.length}`, fields, body: [paragraph(next.more)] },
      clock,
    );
    return;
  }
  const id = stories[next.story];
  if (id === undefined) return;
  const { story } = newsroom.of(id);
  const record = (event: StoryEvent) => newsroom.record(id, [event], plusMs(clock, 1));
  const tell = async (command: Parameters<Newsroom['tell']>[1]) => {
    await newsroom.tell(id, command, clock).catch((error: Error) => {
      if (!error.message.startsWith('refused')) throw error;
    });
  };
  switch (next.kind) {
    case 'update': {
      const inForceFrom = next.wait ? plusMs(clock, next.wait * 60_000) : undefined;
      const supersedes = story.versions
        .filter((one) => !one.cancelled && one.inForceFrom > clock)
        .map(({ version }) => version);
      return tell({
        type: 'new-version',
        fields: { headline: next.words },
        ...(inForceFrom && { inForceFrom }),
        ...(supersedes.length > 0 && { supersedes }),
      });
    }
    case 'statement':
      return tell({ type: 'new-version', statements: [{ speaker: next.words, blocks: [paragraph(next.more)] }] });
    case 'restore': {
      const version = story.versions[next.version];
      if (version) await tell({ type: 'new-version', restores: version.version });
      return;
    }
    case 'hide version': {
      const version = story.versions[next.version];
      if (version) await record({ type: 'VersionHidden', data: { version: version.version }, texts: {} });
      return;
    }
    case 'hide text':
    case 'erase text': {
      const written = newsroom.of(id).texts[next.revision];
      const name = Object.keys(written ?? {}).filter((one) => one !== 'editor' && one !== 'request')[next.text];
      if (name === undefined) return;
      const references = [[next.revision, name] as const];
      await record(
        next.kind === 'hide text'
          ? { type: 'TextsHidden', data: { references }, texts: {} }
          : { type: 'TextsErased', data: { references, authority: 'safety' }, texts: {} },
      );
      return;
    }
    case 'reinstate':
      await record({ type: 'StoryReinstated', data: { at: plusMs(clock, 1) }, texts: {} });
      return;
    default:
      await record({
        type: 'StoryWithdrawn',
        data: { withdrawal: `w${clock}`, kind: next.kind, at: plusMs(clock, 1) },
        texts: {},
      });
  }
}

/** All words of a version's content as GET gives it, a line a passage. */
function passages({ fields, statements, body }: { fields: object; statements: object[]; body: object[] }): string[] {
  const texts: string[] = [];
  const gather = (one: unknown): void => {
    if (typeof one === 'string') texts.push(one);
    else if (Array.isArray(one)) for (const item of one) gather(item);
    else if (typeof one === 'object' && one !== null) for (const item of Object.values(one)) gather(item);
  };
  gather(fields);
  for (const { id: _, ...statement } of statements as { id: string }[]) gather(statement);
  for (const block of body as { children?: { text: string }[] }[])
    gather(block.children?.map(({ text }) => text).join(''));
  return texts;
}
const has = (passage: string, phrase: string) => {
  const whole = ` ${termsOf(passage)
    .map(({ term }) => term)
    .join(' ')} `;
  const sought = termsOf(phrase)
    .map(({ term }) => term)
    .join(' ');
  return /\*"?$/.test(phrase) ? whole.includes(` ${sought}`) : whole.includes(` ${sought} `);
};

const queries = [
  ...vocabulary.map((word) => [word]),
  ['ferry', 'quay'],
  ['ferr*'],
  ['"quay smoke"'],
  ['港', 'nine'],
  ['京'],
  ['"ferries ferr*"', 'eire'],
];

describe('search', () => {
  test('finds what a reading of every story as of that time finds, and no more', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 14 }), async (acts) => {
        await newsroom.close();
        newsroom = await Newsroom.open();
        const stories: string[] = [];
        for (const [minute, next] of acts.entries()) {
          await perform(stories, next, plusMs(at('12:00'), minute * 60_000));
        }
        const clock = plusMs(at('12:00'), acts.length * 60_000);
        for (const viewer of [reader, editor]) {
          for (const asOf of [undefined, at('12:04:30'), plusMs(clock, 20 * 60_000)]) {
            const readings = new Map<string, string[]>();
            for (const story of stories) {
              const answer = await historyAt(clock).asOf(viewer, story, asOf ? { at: asOf } : {});
              if (answer.ok) readings.set(`${story} ${answer.value.version}`, passages(answer.value.content));
            }
            for (const phrases of queries) {
              const expected = [...readings].filter(([, texts]) =>
                phrases.every((phrase) => texts.some((text) => has(text, phrase))),
              );
              const actual = await found(viewer, clock, phrases.join(' '), asOf);
              expect([phrases, actual.toSorted()]).toEqual([phrases, expected.map(([story]) => story).toSorted()]);
            }
          }
        }
        const rows = [...newsroom.views.dump()];
        await newsroom.views.close();
        await rebuildViews(newsroom.directory, newsroom.log);
        await newsroom.reopenViews();
        expect([...newsroom.views.dump()]).toEqual(rows);
      }),
      { seed: 4, numRuns: 15, endOnFailure: true },
    );
  }, 120_000);

  test('passes over no story where words are too common to be looked up, and says where it stopped', async () => {
    for (let i = 0; i < 5; i++) {
      const fields = { headline: i % 2 ? 'Smoke' : 'Smoke over the quay' };
      await newsroom.tell(newsroom.newId(), { type: 'publish', slug: `s${i}`, fields, body: [] }, at(`12:0${i}`));
    }
    const common = openHistory(
      { ...newsroom.views, isRare: () => false },
      { publicHistory: 'all', editorsNames: 'none' },
      () => msOf(at('13:00')),
    );
    const answer = value(await common.stories(reader, { q: 'smoke quay' }));
    expect(answer.items.map(({ headline }) => headline)).toEqual(Array(3).fill('Smoke over the quay'));
    expect([answer.next, answer.partial]).toEqual([null, undefined]);
  });
});

describe('erased words', () => {
  const bytes = async () => {
    const files = (await readdir(newsroom.directory)).filter((name) => name.startsWith('views-'));
    const contents = await Promise.all(files.map((name) => readFile(join(newsroom.directory, name))));
    return Buffer.concat(contents).toString('latin1').toLowerCase();
  };

  test('are found by nobody, and are in no byte of the views, the index included', async () => {
    const story = newsroom.newId();
    const [kept, gone] = ['Hippopotamus', 'Xylophonist'];
    const body = [paragraph(`A ${gone} at the quay`), paragraph(`A ${kept} at the quay`)];
    await newsroom.tell(story, { type: 'publish', slug: 'quay', fields: { headline: 'Quay' }, body }, at('12:00'));
    for (let i = 1; i < 9; i++) {
      await newsroom.tell(story, { type: 'new-version', fields: { headline: `Quay ${i}` } }, at(`12:0${i}`));
    }
    const [name] = Object.entries(newsroom.of(story).texts[0]!).find(([, text]) =>
      JSON.stringify(text).includes(gone),
    )!;
    expect(await found(reader, at('13:00'), gone)).toHaveLength(1);
    // The index keeps what the word does not share with the one before it.
    expect((await bytes()).includes('ylophonist')).toBe(true);
    await newsroom.record(
      story,
      [{ type: 'TextsErased', data: { references: [[0, name]], authority: 'court-order' }, texts: {} }],
      at('12:30'),
    );
    await newsroom.views.purge();
    for (const viewer of [reader, editor]) {
      expect(await found(viewer, at('13:00'), gone)).toEqual([]);
      expect(await found(viewer, at('13:00'), kept)).toHaveLength(1);
    }
    const left = await bytes();
    expect([left.includes('ippopotamus'), left.includes('ylophonist')]).toEqual([true, false]);
  });
});
