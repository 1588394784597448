/** The views as whoever runs the service meets them: made from the log alone, again and again the same. */

import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Log } from '../../src/event-store/log.js';
import { StoreUnavailable } from '../../src/event-store/port.js';
import type { Opened } from '../../src/story/events.js';
import { at, paragraph, publish, update } from '../../src/story/telling.test-support.js';
import { isAsLeft } from '../../src/views/leaving.js';
import { openViews, rebuildViews, viewsFile } from '../../src/views/views.js';
import { Newsroom, tom } from './newsroom.js';

let newsroom: Newsroom;
beforeEach(async () => {
  newsroom = await Newsroom.open();
});
afterEach(() => newsroom.close());

/** A morning with everything in it: two stories, embargoes moved and cancelled, words hidden and erased, a withdrawal. */
async function aMorning(): Promise<{ fire: string; harbour: string }> {
  const [fire, harbour] = [newsroom.newId(), newsroom.newId()];
  await newsroom.tell(fire, publish({ note: 'First word' }), at('11:27'));
  await newsroom.tell(harbour, publish({ slug: 'harbour-reopens', inForceFrom: at('18:00') }), at('11:30'));
  await newsroom.tell(
    fire,
    {
      type: 'new-version',
      fields: { headline: 'Ferries back by the weekend', tags: ['ferries', 'harbour'] },
      statements: [
        {
          speaker: 'Lena Okafor',
          organisation: 'Bay Island Ferries',
          blocks: [paragraph('Everyone is accounted for.')],
        },
      ],
    },
    at('12:20'),
    tom,
  );
  await newsroom.tell(fire, update('Tonight', { inForceFrom: at('18:00') }), at('12:30'));
  await newsroom.tell(fire, update('Late tonight', { inForceFrom: at('19:00') }), at('12:31'));
  await newsroom.tell(fire, { type: 'cancel', version: 3, reason: 'Not certain' }, at('12:40'));
  await newsroom.tell(fire, update('At once', { supersedes: [4] }), at('12:50'));
  await newsroom.record(fire, [{ type: 'SlugChanged', data: {}, texts: { slug: 'quay-9' } }], at('12:51'));
  await newsroom.record(
    fire,
    [{ type: 'TextsHidden', data: { references: [[0, 'note']] }, texts: { reason: 'Wrong tone' } }],
    at('12:52'),
  );
  await newsroom.record(
    fire,
    [
      {
        type: 'TextsErased',
        data: {
          // Not in the order in which the record names its texts.
          references: [
            [0, 'slug'],
            [0, 'headline'],
            [1, 'tags'],
            [2, 'editor'],
          ],
          authority: 'court-order',
        },
        texts: { reason: 'Order 12' },
      },
    ],
    at('12:53'),
  );
  await newsroom.record(
    harbour,
    [
      {
        type: 'StoryWithdrawn',
        data: { withdrawal: 'w1', kind: 'retracted', at: at('18:30') },
        texts: { notice: 'No.' },
      },
    ],
    at('18:30'),
  );
  return { fire, harbour };
}

const rows = () => [...newsroom.views.dump()];

async function allEvents(): Promise<Opened[]> {
  return newsroom.log.readAll('', 1000);
}

describe('a rebuild', () => {
  test('gives the same tables row for row', async () => {
    await aMorning();
    const before = rows();
    expect(before.length).toBeGreaterThan(25);
    await newsroom.views.close();
    await rebuildViews(newsroom.directory, newsroom.log);
    await newsroom.reopenViews();
    expect(rows()).toEqual(before);
  });

  test.each([1, 2, 3, 1000])('gives the same tables from batches of %i', async (size) => {
    await aMorning();
    const directory = await mkdtemp(join(tmpdir(), 'palimpsest-rebuilt-'));
    const rebuilt = await openViews(directory, newsroom.log);
    const events = await allEvents();
    for (let i = 0; i < events.length; i += size) await rebuilt.project(events.slice(i, i + size));
    expect([...rebuilt.dump()]).toEqual(rows());
    await rebuilt.close();
    await rm(directory, { recursive: true });
  });

  test('gives the same tables after the words of an erasure are gone from the log', async () => {
    const { fire } = await aMorning();
    const before = rows();
    await newsroom.log.erase(fire, [
      [0, 'headline'],
      [0, 'slug'],
      [1, 'tags'],
      [2, 'editor'],
    ]);
    await newsroom.views.close();
    await rebuildViews(newsroom.directory, newsroom.log);
    await newsroom.reopenViews();
    expect(rows()).toEqual(before);
  });

  test('tells how far it is', async () => {
    await aMorning();
    const told: { position: string; head?: string; caughtUp: boolean; events: number }[] = [];
    await newsroom.views.close();
    await rebuildViews(newsroom.directory, newsroom.log, (progress) => told.push(progress));
    const count = (await allEvents()).length;
    const head = await newsroom.log.head();
    expect(told.at(-1)).toEqual({ position: head, head, caughtUp: true, events: count });
  });
});

describe('following the log', () => {
  test('an event that is told twice changes nothing', async () => {
    await aMorning();
    const before = rows();
    const events = await allEvents();
    await newsroom.views.project(events);
    await newsroom.views.project(events.slice(3, 5));
    expect(rows()).toEqual(before);
  });

  test('an erased text does not come back with a late delivery, and no file of the views holds it any more', async () => {
    const story = newsroom.newId();
    const secret = 'Zanzibar-Quetzalcoatl';
    await newsroom.tell(story, publish({ fields: { headline: secret, tags: [secret] } }), at('11:27'));
    const told = await newsroom.log.readAll('', 10);
    const bytes = async () => {
      const files = (await readdir(newsroom.directory)).filter((name) => name.startsWith('views-'));
      const contents = await Promise.all(files.map((name) => readFile(join(newsroom.directory, name))));
      return Buffer.concat(contents).includes(secret);
    };
    expect(await bytes()).toBe(true);
    await newsroom.record(
      story,
      [
        {
          type: 'TextsErased',
          data: {
            references: [
              [0, 'headline'],
              [0, 'tags'],
            ],
            authority: 'safety',
          },
          texts: {},
        },
      ],
      at('11:30'),
    );
    await newsroom.views.project(told);
    expect(newsroom.views.contentOfManifest(story, newsroom.views.manifest(story, 1)!).fields).toEqual({
      headline: { _absent: 'erased' },
      tags: { _absent: 'erased' },
    });
    await newsroom.views.purge();
    expect(await bytes()).toBe(false);
  });

  test('views that follow hold what was appended, and say so', async () => {
    const story = newsroom.newId();
    newsroom.views.run();
    const [published] = await newsroom.append(
      story,
      [
        {
          type: 'StoryPublished',
          data: { version: 1, inForceFrom: at('11:27'), manifest: { fields: { headline: 0 }, body: [] } },
          texts: { headline: 'Ferries stopped', slug: 'ferries' },
        },
      ],
      at('11:27'),
    );
    expect(await newsroom.views.waitFor(published!.position, 5000)).toBe(true);
    expect(newsroom.views.slugOwner('ferries')).toBe(story);
    expect(await newsroom.views.progress()).toMatchObject({ position: published!.position, head: published!.position });
  });

  test('a wait for what does not come ends', async () => {
    expect(await newsroom.views.waitFor('9'.repeat(16), 20)).toBe(false);
  });

  test('a store that fails is waited out, and nothing is skipped', async () => {
    await aMorning();
    let failures = 3;
    const faulty: Log = {
      ...newsroom.log,
      async *subscribe(after, signal) {
        for await (const { events, caughtUp } of newsroom.log.subscribe(after, signal)) {
          for (const [index, event] of events.entries()) {
            if (index === 4 && failures-- > 0) throw new StoreUnavailable('gone');
            yield { events: [event], caughtUp: caughtUp && index === events.length - 1 };
          }
        }
      },
    };
    const directory = await mkdtemp(join(tmpdir(), 'palimpsest-faulty-'));
    const said: string[] = [];
    const views = await openViews(directory, faulty, {
      info() {},
      warn() {},
      error: (_, message) => said.push(message),
    });
    views.run();
    expect(await views.waitFor(await newsroom.log.head(), 10_000)).toBe(true);
    expect([...views.dump()]).toEqual(rows());
    expect(said).toHaveLength(3);
    await views.close();
    await rm(directory, { recursive: true });
  });

  test('an event that the views cannot take is named, and what came before it is shown', async () => {
    const fire = newsroom.newId();
    await newsroom.tell(fire, publish(), at('11:27'));
    const poisoned = { type: 'SlugChanged', data: {}, texts: { slug: ['no', 'slug'] } };
    await newsroom.append(fire, [poisoned as never], at('11:30'));
    const directory = await mkdtemp(join(tmpdir(), 'palimpsest-poisoned-'));
    const named = Promise.withResolvers<object>();
    const said = { info() {}, warn() {}, error: named.resolve };
    const views = await openViews(directory, newsroom.log, said);
    views.run();
    expect(await named.promise).toMatchObject({ event: { story: fire, revision: 1, type: 'SlugChanged' } });
    expect(views.story(fire)).toMatchObject({ revision: 0 });
    await views.close();
    await rm(directory, { recursive: true });
  });

  test('two that follow into one file do not harm each other', async () => {
    const beside = await openViews(newsroom.directory, newsroom.log);
    await aMorning();
    const expected = rows();
    await beside.catchUp();
    await newsroom.tell(newsroom.newId(), publish({ slug: 'third' }), at('19:00'));
    const events = await allEvents();
    await Promise.all([beside.project(events), newsroom.views.project(events)]);
    expect(rows().length).toBeGreaterThan(expected.length);
    expect([...beside.dump()]).toEqual(rows());
    await beside.close();
  });
});

describe('the views file', () => {
  const warnings: string[] = [];
  const said = { info() {}, warn: (_: object, message: string) => warnings.push(message), error() {} };

  test.each([
    ['a damaged one', (path: string) => writeFile(path, Buffer.alloc(8192, 'x'))],
    ['one cut short', async (path: string) => writeFile(path, (await readFile(path)).subarray(0, 20_000))],
  ])('%s is set aside and made anew', async (_, damage) => {
    await aMorning();
    const before = rows();
    await newsroom.views.close();
    await damage(viewsFile(newsroom.directory));
    warnings.length = 0;
    newsroom.views = await openViews(newsroom.directory, newsroom.log, said);
    await newsroom.views.catchUp();
    expect(rows()).toEqual(before);
    expect(warnings).toHaveLength(1);
  });

  test('one closed well has no free pages, and is known by the next start as it was left', async () => {
    await aMorning();
    await newsroom.views.close();
    const path = viewsFile(newsroom.directory);
    const db = new DatabaseSync(path);
    expect(db.prepare('PRAGMA freelist_count').get()).toEqual({ freelist_count: 0 });
    db.close();
    expect(isAsLeft(path)).toBe(true);
    await newsroom.reopenViews();
    expect(isAsLeft(path)).toBe(false);
    await newsroom.views.close();
    await utimes(path, new Date(), new Date());
    expect(isAsLeft(path)).toBe(false);
    await newsroom.reopenViews();
  });

  test('one made from another log is set aside and made anew', async () => {
    await aMorning();
    const before = rows();
    const other = await Newsroom.open();
    await other.tell(other.newId(), publish(), at('11:27'));
    await other.views.close();
    await newsroom.views.close();
    await writeFile(viewsFile(newsroom.directory), await readFile(viewsFile(other.directory)));
    newsroom.views = await openViews(newsroom.directory, newsroom.log, said);
    await newsroom.views.catchUp();
    expect(rows()).toEqual(before);
    await other.reopenViews();
    await other.close();
  });
});

describe('slugs', () => {
  const renamed = (slug: string) => ({ type: 'SlugChanged' as const, data: {}, texts: { slug } });

  test('the first to claim one owns it, and keeps it when it takes another', async () => {
    const [first, second] = [newsroom.newId(), newsroom.newId()];
    await newsroom.tell(first, publish({ slug: 'ferries' }), at('11:27'));
    await newsroom.tell(second, publish({ slug: 'ferries' }), at('11:28'));
    await newsroom.record(first, [renamed('quay-9')], at('11:29'));
    expect(newsroom.views.slugOwner('ferries')).toBe(first);
    expect(newsroom.views.story(first)!.slug).toBe('quay-9');
    expect(newsroom.views.story(second)!.slug).toBeNull();
  });
});
