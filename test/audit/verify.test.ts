/** What verification finds out, on a real log that somebody has been at. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { compareLedger } from '../../src/audit/compare-ledger.js';
import { compareViews } from '../../src/audit/compare-views.js';
import { openEraser } from '../../src/audit/erasure.js';
import { type Finding, type Pending, type Verifying, verify } from '../../src/audit/verify.js';
import { type Log, openLog } from '../../src/event-store/log.js';
import { openSqliteStore } from '../../src/event-store/sqlite/store.js';
import type { StoryEvent } from '../../src/story/events.js';
import type { Instant } from '../../src/story/instant.js';
import { at, paragraph, publish, update } from '../../src/story/telling.test-support.js';
import { viewsFile } from '../../src/views/views.js';
import { Newsroom } from '../views/newsroom.js';

let newsroom: Newsroom;
let ferry: string;
let strike: string;

beforeEach(async () => {
  newsroom = await Newsroom.open();
  [ferry, strike] = [newsroom.newId(), newsroom.newId()];
  await newsroom.tell(ferry, publish(), at('11:27'));
  await newsroom.tell(strike, publish({ slug: 'crews-vote' }), at('11:40'));
  const statements = [
    { speaker: 'Lena Okafor', organisation: 'Bay Island Ferries', blocks: [paragraph('We are sorry.')] },
  ];
  await newsroom.tell(ferry, update('Ferries stopped: statement', { statements }), at('12:20'));
  await newsroom.tell(ferry, update('Report', { inForceFrom: at('18:00') }), at('12:30'));
  await newsroom.tell(ferry, update('Ferries sail again', { supersedes: [3] }), at('12:41'));
  await newsroom.tell(ferry, update('Report, out early', { inForceFrom: at('17:00') }), at('13:05'));
});
afterEach(() => newsroom.close());

interface Verified {
  findings: Finding[];
  codes: string[];
  pending: Pending[];
  heads: { story: string; revision: number; hash: string }[];
  checked?: Verifying & { kind: 'checked' };
  views: string;
}

async function verified(): Promise<Verified> {
  const store = await openSqliteStore(newsroom.directory, { readOnly: true });
  const found: Verified = { findings: [], codes: [], pending: [], heads: [], views: 'unchecked' };
  const take = (step: Verifying) => {
    if (step.kind === 'finding') found.findings.push(step.finding);
    if (step.kind === 'pending') found.pending.push(step.pending);
    if (step.kind === 'head') found.heads.push(step.head);
    if (step.kind === 'checked') found.checked = step;
  };
  try {
    for await (const step of verify(store)) take(step);
    const views = compareViews(newsroom.directory, openLog(store), 0);
    for (;;) {
      const { done, value } = await views.next();
      if (done) {
        found.views = value.views;
        break;
      }
      take(value);
    }
    for await (const step of compareLedger(newsroom.directory, openLog(store))) take(step);
  } finally {
    await store.close();
  }
  found.codes = found.findings.map(({ code }) => code);
  return found;
}

/** Of the log alone. */
async function findingsInLog(): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const step of verify(newsroom.store)) if (step.kind === 'finding') findings.push(step.finding);
  return findings;
}

/** As whoever can write to the file, without Palimpsest. */
function tamper(sql: string, ...values: (string | number)[]): void {
  const database = new DatabaseSync(join(newsroom.directory, 'events.db'), { timeout: 5000 });
  expect(database.prepare(sql).run(...values).changes).toBe(1);
  database.close();
}
const ofEvent = `position = (SELECT position FROM event JOIN stream ON stream.number = event.stream
  WHERE stream.name = ? AND revision = ?)`;

const references = [[2, 'speaker']] as const;
const erasure: StoryEvent = { type: 'TextsErased', data: { references, authority: 'court-order' }, texts: {} };

describe('a log that nobody has touched', () => {
  test('verifies, with the head of each story’s chain to keep', async () => {
    const { findings, heads, checked, views } = await verified();
    expect(findings).toEqual([]);
    expect(views).toBe('equal');
    expect(checked).toMatchObject({ stories: 2, texts: { missing: 0, erased: 0, 'erasure-pending': 0 } });
    expect(heads.map(({ story, hash }) => [story, hash]).sort()).toEqual(
      [ferry, strike].map((story) => [story, newsroom.of(story).head.hash]).sort(),
    );
  });

  test('verifies after an erasure, and until it is finished says where words may still lie', async () => {
    const [ordered] = await newsroom.record(ferry, [erasure], at('14:00'));
    const texts = async () => {
      const { codes, checked, pending } = await verified();
      const where = pending.map(({ where, revision }) => [where, revision]);
      return { codes, pending: checked!.texts['erasure-pending'], erased: checked!.texts.erased, where };
    };
    const inViews = ['views', ordered!.revision];
    expect(await texts()).toEqual({ codes: [], pending: 1, erased: 0, where: [['log', 2], inViews] });

    await newsroom.log.erase(ferry, references);
    expect(await texts()).toEqual({ codes: [], pending: 0, erased: 1, where: [inViews] });

    const { directory, log, views } = newsroom;
    await openEraser({ directory, log, views, clock: Date.now, said: { info() {}, warn() {} } }).carryOut();
    expect(await texts()).toEqual({ codes: [], pending: 0, erased: 1, where: [] });
  });

  test('verifies while words are being erased', async () => {
    let erasing: Promise<unknown> | undefined;
    const erase = async () => {
      await newsroom.record(ferry, [erasure], at('14:00'));
      await newsroom.log.erase(ferry, references);
    };
    const log: Log = {
      ...newsroom.log,
      async *subscribe(...asked) {
        erasing ??= erase();
        await erasing;
        yield* newsroom.log.subscribe(...asked);
      },
    };
    const findings: Verifying[] = [];
    for await (const step of compareViews(newsroom.directory, log, 0)) if (step.kind === 'finding') findings.push(step);
    expect(findings).toEqual([]);
    expect(erasing).toBeDefined();
  });

  test('verifies with views that were never told of the last event', async () => {
    const cancelled: StoryEvent = { type: 'VersionCancelled', data: { version: 5 }, texts: {} };
    await newsroom.append(ferry, [cancelled], at('14:00'));
    const { codes, views } = await verified();
    expect([codes, views]).toEqual([[], 'equal']);
  });

  test('verifies where there are no views yet', async () => {
    await newsroom.views.close();
    await rm(viewsFile(newsroom.directory));
    const { codes, views } = await verified();
    expect([codes, views]).toEqual([[], 'none']);
    await newsroom.reopenViews();
  });
});

describe('somebody has been at the records', () => {
  test('an altered fact breaks the chain at the next event', async () => {
    tamper(
      `UPDATE event SET record = CAST(replace(CAST(record AS TEXT), 'major', 'minor') AS BLOB) WHERE ${ofEvent}`,
      `story-${ferry}`,
      1,
    );
    const { findings, views } = await verified();
    expect(findings).toContainEqual(expect.objectContaining({ code: 'chain-broken', story: ferry, revision: 2 }));
    expect(views).toBe('different');
  });

  test('an altered last event shows in the head that was kept, and in the views', async () => {
    const kept = (await verified()).heads;
    const { revision } = newsroom.of(ferry).head;
    tamper(
      `UPDATE event SET record = CAST(replace(CAST(record AS TEXT), 'major', 'minor') AS BLOB) WHERE ${ofEvent}`,
      `story-${ferry}`,
      revision,
    );
    const { heads, codes } = await verified();
    expect(heads).not.toEqual(kept);
    expect(codes).toContain('views-differ');
  });

  test('a record that is no longer JSON is named, and so is all that hangs on it', async () => {
    tamper(`UPDATE event SET record = CAST('gone' AS BLOB) WHERE ${ofEvent}`, `story-${ferry}`, 1);
    await expect(verified()).rejects.toThrow('the record is not JSON');
    const codes = (await findingsInLog()).map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['unreadable', 'does-not-fold', 'chain-broken']));
  });

  test('an event taken out of the middle is missed', async () => {
    tamper(`DELETE FROM event WHERE ${ofEvent}`, `story-${ferry}`, 2);
    const { codes } = await verified();
    expect(codes).toEqual(expect.arrayContaining(['out-of-order', 'events-lost', 'chain-broken']));
  });

  test('the last event of the log cut off is missed by the views', async () => {
    tamper('DELETE FROM event WHERE position = (SELECT max(position) FROM event)');
    expect((await verified()).codes).toEqual(['views-ahead']);
  });

  test('a word altered, or removed without an order, is missing', async () => {
    tamper(`UPDATE text SET bytes = CAST('"Lena Ofakor"' AS BLOB) WHERE name = 'speaker'`);
    const { findings, checked } = await verified();
    expect(checked!.texts.missing).toBe(1);
    expect(findings[0]).toMatchObject({
      code: 'text-missing',
      story: ferry,
      detail: expect.stringContaining('speaker'),
    });
  });

  test('a text laid beside a record that never had it is a stray', async () => {
    tamper(`INSERT INTO text (event, name, key, bytes) VALUES (1, 'reason', randomblob(32), CAST('"so"' AS BLOB))`);
    expect((await verified()).codes).toEqual(['stray-text']);
  });
});

describe('somebody has been at the views', () => {
  test('an altered row is named by its table and key', async () => {
    await newsroom.views.close();
    const views = new DatabaseSync(viewsFile(newsroom.directory));
    views.exec(`UPDATE versions SET in_force_since = '2026-05-14T09:00:00.000Z' WHERE version = 2`);
    views.close();
    const { findings, views: compared } = await verified();
    expect(compared).toBe('different');
    expect(findings.map(({ detail }) => detail).join('\n')).toMatch(new RegExp(`versions story=${ferry} version=2`));
    await newsroom.reopenViews();
  });
});

describe('events that no command of ours would have made', () => {
  /** Sealed and chained as it should be; only what it says is wrong. */
  const smuggle = (story: string, event: StoryEvent, recordedAt: Instant) =>
    newsroom.log.append({
      story,
      expected: newsroom.of(story).head,
      commandId: newsroom.newId(),
      actor: 'somebody',
      recordedAt,
      events: [event],
    });
  const made = (version: number, more: object): StoryEvent =>
    ({
      type: 'StoryUpdated',
      data: {
        version,
        base: 1,
        inForceFrom: at('14:00'),
        significance: 'minor',
        manifest: { fields: { headline: 0 }, body: [] },
        ...more,
      },
      texts: {},
    }) as StoryEvent;

  test.each([
    ['a version whose time has passed', made(2, { inForceFrom: at('12:00') }), 'time-in-the-past'],
    ['an import before the last time', made(2, { inForceFrom: at('11:00'), imported: true }), 'import-before-last'],
    ['a number left out', made(3, {}), 'version-number'],
    ['a base that is not there', made(2, { base: 7 }), 'no-such-version'],
    [
      'a text never written',
      made(2, { manifest: { fields: { headline: 0 }, body: [['k9', 0]] } }),
      'reference-to-nothing',
    ],
    [
      'a cancelled version that has been in force',
      { type: 'VersionCancelled', data: { version: 1 }, texts: {} },
      'not-cancellable',
    ],
    ['a second publish', { ...publishedAgain() }, 'not-begun-by-publish'],
    ['an end to no withdrawal', { type: 'StoryReinstated', data: { at: at('14:00') }, texts: {} }, 'not-withdrawn'],
    [
      'a notice amended that never was',
      { type: 'NoticeAmended', data: { correction: 'c1' }, texts: {} },
      'no-such-notice',
    ],
  ] as [string, StoryEvent, string][])('%s', async (_, event, code) => {
    await smuggle(strike, event, at('14:00'));
    expect(await findingsInLog()).toContainEqual(expect.objectContaining({ code, story: strike, revision: 1 }));
  });

  test('a version that should have cancelled another still to come', async () => {
    await smuggle(ferry, made(6, { inForceFrom: at('14:00') }), at('14:00'));
    expect(await findingsInLog()).toContainEqual(expect.objectContaining({ code: 'not-superseded', story: ferry }));
  });

  test('a time not later than that of the command before', async () => {
    await smuggle(strike, made(2, { inForceFrom: at('11:40') }), at('11:40'));
    expect(await findingsInLog()).toContainEqual(expect.objectContaining({ code: 'time-not-later', story: strike }));
  });

  function publishedAgain(): StoryEvent {
    return {
      type: 'StoryPublished',
      data: { version: 2, inForceFrom: at('14:00'), manifest: { fields: {}, body: [] } },
      texts: { slug: 'again' },
    } as StoryEvent;
  }
});
