/** What a change would do, asked before it is done: the same answers, and nothing recorded. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../src/app.js';
import { parseConfig } from '../../src/config.js';
import { type Asked, type Change, ChangeStory, PreviewChange } from '../../src/editing/change-story.js';
import type { Instant } from '../../src/story/instant.js';

const start = Date.parse('2026-05-14T11:00:00.000Z');
const instant = (ms: number) => new Date(ms).toISOString() as Instant;
const hour = 3_600_000;
let now = start;
let data: string;
let app: NestFastifyApplication;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'palimpsest-'));
  const parsed = parseConfig({ PALIMPSEST_DATA: data, PALIMPSEST_PORT: '0', PALIMPSEST_LOG_LEVEL: 'error' });
  if (!parsed.ok) throw new Error(parsed.faults.join());
  app = await createApp(parsed.config, { clock: () => now });
  await app.init();
});
afterAll(async () => {
  await app.close();
  await rm(data, { recursive: true, force: true });
});

const change = (asked: Asked, more: Partial<Change> = {}): Change => ({
  asked,
  story: 'ferries',
  actor: '3b1f7f3e-6c6e-4a53-9d6e-0d3f1e0a2c11',
  may: () => true,
  editor: { id: 'iv', name: 'Ines Varga' },
  ifMatch: '*',
  request: {},
  ...more,
});
const act = (asked: Asked, more?: Partial<Change>) => app.get(CommandBus).execute(new ChangeStory(change(asked, more)));
const preview = (asked: Asked, more?: Partial<Change>) =>
  app.get(QueryBus).execute(new PreviewChange(change(asked, more)));
const publish = (slug: string): Asked => ({
  type: 'publish',
  slug,
  content: { fields: { headline: 'Ferries stopped' }, body: [] },
});

describe('a preview', () => {
  test('tells what would be made, before and after, and changes nothing', async () => {
    expect(await preview(publish('ferries'))).toMatchObject({
      ok: true,
      version: 1,
      slug: 'ferries',
      readers: { status: 'published', versionInForce: 1 },
      after: { fields: { headline: 'Ferries stopped' } },
    });
    expect(await act(publish('ferries'))).toMatchObject({ ok: true, revision: 0 });
    now = start + hour;
    const embargo: Asked = {
      type: 'new-version',
      fields: { headline: 'Evening' },
      inForceFrom: instant(start + 5 * hour),
    };
    expect(await preview(embargo)).toMatchObject({
      ok: true,
      version: 2,
      inForceFrom: instant(start + 5 * hour),
      before: { version: 1, content: { fields: { headline: 'Ferries stopped' } } },
      after: { fields: { headline: 'Evening' } },
      supersedes: [],
      readers: { status: 'published', versionInForce: 1 },
      events: [{ type: 'StoryUpdated' }],
    });
    expect(await act(embargo)).toMatchObject({ ok: true, revision: 1, version: 2 });
    const now2: Asked = { type: 'new-version', fields: { standfirst: 'No sailings' }, supersedes: [2] };
    expect(await preview(now2)).toMatchObject({ version: 3, supersedes: [2], readers: { versionInForce: 3 } });
    expect(await preview({ type: 'withdraw', kind: 'killed' })).toMatchObject({
      version: null,
      readers: { status: 'killed', versionInForce: 0 },
    });
    expect(await preview({ type: 'new-version', fields: { headline: 'Ferries stopped' } })).toMatchObject({
      events: [],
      version: 1,
    });
    expect(await act({ type: 'cancel', version: 2 })).toMatchObject({ ok: true, revision: 2 });
  });

  test('is refused as the change would be: rights, state, precondition', async () => {
    const code = async (asked: Asked, more?: Partial<Change>) => {
      const [foreseen, done] = [await preview(asked, more), await act(asked, more)];
      expect(foreseen).toMatchObject({ ok: false });
      expect(done).toEqual(foreseen);
      return foreseen.ok ? undefined : foreseen.refusal.code;
    };
    expect(await code({ type: 'reinstate' })).toBe('not-withdrawn');
    expect(await code({ type: 'withdraw', kind: 'killed' }, { may: (right) => right !== 'kill' })).toBe('forbidden');
    expect(await code({ type: 'reinstate' }, { ifMatch: '"0.1"' })).toBe('story-changed');
    expect(await code({ type: 'reinstate' }, { story: 'no-such-story' })).toBe('story-not-found');
    expect(await code(publish('ferries'))).toBe('slug-taken');
  });

  test('needs no If-Match', async () => {
    const { ifMatch: _, ...unseen } = change({ type: 'withdraw', kind: 'unpublished' });
    expect(await app.get(QueryBus).execute(new PreviewChange(unseen))).toMatchObject({ ok: true });
  });
});

test('nothing that would undo a version is recorded in the second before it comes into force', async () => {
  const at = now + hour;
  await act({ type: 'new-version', fields: { headline: 'Embargoed' }, inForceFrom: instant(at) });
  const undoing: Asked[] = [
    { type: 'cancel', version: 3 },
    { type: 'new-version', fields: { headline: 'Instead' }, supersedes: [3] },
    { type: 'withdraw', kind: 'killed' },
    { type: 'amend-version', version: 3, inForceFrom: instant(at + hour) },
  ];
  now = at - 2_000;
  for (const asked of undoing) expect(await preview(asked)).toMatchObject({ ok: true });
  now = at - 5;
  for (const asked of undoing) {
    expect(await act(asked)).toMatchObject({
      ok: false,
      refusal: { code: 'busy-story' },
      headers: { 'retry-after': '1' },
    });
  }
  expect(await act({ type: 'amend-version', version: 3, labels: ['harmless'] })).toMatchObject({ ok: true });
});
