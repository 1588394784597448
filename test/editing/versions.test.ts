/** What is said of versions, corrections and restorations over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningApp, startApp } from '../support/start-app.js';
import { newsroom } from './newsroom.js';

let app: RunningApp;
let room: ReturnType<typeof newsroom>;
beforeAll(async () => {
  app = await startApp();
  room = newsroom(app);
});
afterAll(() => app.dispose());

const later = (hours = 1) => new Date(Date.now() + hours * 3_600_000).toISOString();
const version = async (story: string, n: number, as?: 'editor') =>
  (await app.ask(`/api/stories/${story}/versions/${n}`, { ...(as && { as }) })).json;

describe('a correction', () => {
  test('with or without a change of text is told at the versions it is about', async () => {
    const story = await room.published('Corrected', { standfirst: 'Two ferries burnt.' });
    const made = await room.change(
      story,
      { standfirst: 'One ferry burnt.', correction: { notice: 'It was one ferry.', kind: 'clarification' } },
      { as: 'editor' },
    );
    expect([made.status, made.json.acts]).toEqual([201, ['CorrectionIssued']]);
    expect(made.json.correction).toMatch(/^[a-z0-9]{8}$/);
    expect((await version(story, 1)).corrections).toMatchObject([
      { id: made.json.correction, kind: 'clarification', notice: 'It was one ferry.', corrects: [1] },
    ]);
    const noted = await room.change(story, {
      correction: { notice: 'We should have said so earlier.', kind: 'editors-note', corrects: [1, 2] },
    });
    expect([noted.status, noted.json.version]).toEqual([201, 3]);
    expect((await version(story, 2)).corrections).toHaveLength(2);
  });

  test.each([
    [{ notice: '' }, '/correction/notice'],
    [{ notice: 'x'.repeat(5001) }, '/correction/notice'],
    [{ notice: 'x', kind: 'apology' }, '/correction/kind'],
    [{ notice: 'x', corrects: [0] }, '/correction/corrects'],
    [{}, '/correction/notice'],
  ])('%j is refused', async (correction, pointer) => {
    const answer = await room.change('corrected', { correction });
    expect([answer.status, answer.json.faults[0].pointer]).toEqual([422, pointer]);
  });

  test('of what readers never had is refused', async () => {
    const story = await room.published('Never had');
    await room.change(story, { headline: 'Later', inForceFrom: later() });
    const never = await room.change(story, { correction: { notice: 'x', corrects: [2] }, supersedes: [2] });
    expect([never.status, never.json.code]).toEqual([409, 'never-in-force']);
    const unknown = await room.change(story, { correction: { notice: 'x', corrects: [9] }, supersedes: [2] });
    expect([unknown.status, unknown.json.code]).toEqual([404, 'version-not-found']);
  });
});

describe('a restoration', () => {
  test('brings a version back, with what is sent laid over it', async () => {
    const story = await room.published('First words', { standfirst: 'As it was.' });
    await room.change(story, { headline: 'Second words', standfirst: 'As it is.' });
    const answer = await room.change(story, { restores: 1, note: 'Back to the first.' }, { as: 'editor' });
    expect([answer.status, answer.json.acts]).toEqual([201, ['VersionRestored']]);
    expect(await version(story, 3)).toMatchObject({ headline: 'First words', standfirst: 'As it was.', restored: 1 });
    await room.change(story, { restores: 2, byline: 'Ines Varga' });
    expect(await version(story, 4)).toMatchObject({ headline: 'Second words', byline: 'Ines Varga' });
  });

  test('of what never was in force, or is hidden, or builds on another, is refused', async () => {
    const story = await room.published('Not to be restored');
    await room.change(story, { headline: 'Second' });
    await room.change(story, { headline: 'Later', inForceFrom: later() });
    const never = await room.change(story, { restores: 3, supersedes: [3] });
    expect(never.json).toMatchObject({ code: 'cannot-restore', because: 'never-in-force' });
    await room.amend(story, 1, { hidden: true });
    const hidden = await room.change(story, { restores: 1, supersedes: [3] });
    expect(hidden.json).toMatchObject({ status: 409, code: 'cannot-restore', because: 'hidden' });
    const other = await room.change(story, { restores: 1, base: 2, supersedes: [3] });
    expect([other.status, other.json.code]).toEqual([422, 'base-is-restored']);
    expect((await room.change(story, { restores: 9 })).status).toBe(404);
  });
});

describe('what is said of a version', () => {
  test('its note, significance and labels are amended in one request', async () => {
    const story = await room.published('Amended');
    const answer = await room.amend(
      story,
      1,
      { note: 'First report.', significance: 'minor', labels: ['checked', 'night desk'], reason: 'Forgotten' },
      { as: 'editor' },
    );
    expect([answer.status, answer.json.version, answer.json.story.revision]).toEqual([200, 1, 3]);
    expect(answer.headers.get('location')).toBeNull();
    const told = await version(story, 1, 'editor');
    expect(told).toMatchObject({ note: 'First report.', significance: 'minor', labels: ['checked', 'night desk'] });
    expect((await app.ask(`/api/stories/${story}/versions/1`)).text).not.toMatch(/night desk|Forgotten/);
    expect((await room.amend(story, 1, { note: null, labels: [] })).json.changed).toBe(true);
    expect(await version(story, 1, 'editor')).toMatchObject({ note: null });
    expect((await room.amend(story, 1, { note: null, significance: 'minor' })).json.changed).toBe(false);
  });

  test('is changed as a whole or not at all', async () => {
    const story = await room.published('All or nothing');
    const answer = await room.amend(story, 1, { note: 'Half', labels: ['half'], hidden: true });
    expect([answer.status, answer.json.code]).toEqual([409, 'shown-to-readers']);
    const told = await app.ask(`/api/stories/${story}/versions/1`, { as: 'editor' });
    expect([told.json.note, told.json.story.revision]).toEqual([null, 0]);
  });

  test('needs the right to each thing that is changed', async () => {
    const story = await room.published('Rights');
    await room.change(story, { headline: 'Rights 2' });
    const rights: [object, string | undefined][] = [
      [{ note: 'x' }, undefined],
      [{ significance: 'minor' }, undefined],
      [{ labels: ['x'] }, undefined],
      [{ inForceFrom: 'now' }, 'correct-times'],
      [{ hidden: true }, 'hide'],
      [{ hidden: false }, 'show'],
      [{ note: 'y', force: true }, 'force'],
      [{ note: 'z', hidden: true }, 'hide'],
    ];
    for (const [body, right] of rights) {
      const answer = await room.amend(story, 1, body, { as: 'editor' });
      expect([body, answer.status, answer.json.right]).toEqual([body, right ? 403 : 200, right]);
    }
    expect((await room.amend(story, 1, { note: 'x' }, { as: 'auditor' })).status).toBe(403);
    expect((await room.amend(story, 1, { hidden: true })).status).toBe(200);
    expect((await app.ask(`/api/stories/${story}/versions/1`)).json.code).toBe('version-hidden');
    expect((await room.amend(story, 1, { hidden: false })).status).toBe(200);
    expect((await app.ask(`/api/stories/${story}/versions/1`)).status).toBe(200);
  });

  test('its time: an embargo is lifted or moved, what has been in force goes only back', async () => {
    const story = await room.published('Timed');
    await room.change(story, { headline: 'Timed 2', inForceFrom: later(2) });
    const moved = await room.amend(story, 2, { inForceFrom: later(3) });
    expect([moved.status, moved.json.inForceFrom > later(2)]).toEqual([200, true]);
    const lifted = await room.amend(story, 2, { inForceFrom: 'now' });
    expect([lifted.status, lifted.headers.get('etag')]).toEqual([200, '"3.2"']);
    expect((await app.ask(`/api/stories/${story}`)).json.headline).toBe('Timed 2');
    const forward = await room.amend(story, 2, { inForceFrom: later() });
    expect([forward.status, forward.json.code]).toEqual([409, 'time-only-earlier']);
    const before = await room.amend(story, 2, { inForceFrom: '2001-01-01T00:00:00Z' });
    expect([before.status, before.json.code]).toEqual([409, 'time-not-between']);
  });

  test.each([
    [{}, ''],
    [{ reason: 'only that' }, ''],
    [{ note: '' }, '/note'],
    [{ note: 'x'.repeat(2001) }, '/note'],
    [{ labels: ['x'.repeat(51)] }, '/labels/0'],
    [{ labels: ['x', 'x'] }, '/labels'],
    [{ labels: null }, '/labels'],
    [{ hidden: null }, '/hidden'],
    [{ inForceFrom: 'soon' }, '/inForceFrom'],
    [{ inForceFrom: '' }, '/inForceFrom'],
    [{ significance: 'huge' }, '/significance'],
    [{ headline: 'No' }, '/headline'],
    [{ note: 'x', reason: 'y'.repeat(2001) }, '/reason'],
  ])('%j is refused', async (body, pointer) => {
    const answer = await room.amend('amended', 1, body);
    expect([answer.status, answer.json.faults[0].pointer]).toEqual([422, pointer]);
  });

  test('needs a version that there is, If-Match, and is done once under one key', async () => {
    const story = await room.published('Once amended');
    expect((await room.amend(story, 2, { note: 'x' })).json.code).toBe('version-not-found');
    expect((await room.amend(story, 1, { note: 'x' }, { headers: {} })).status).toBe(428);
    const headers = { 'if-match': '"0.1"', 'idempotency-key': 'note-1' };
    const first = await room.amend(story, 1, { note: 'x' }, { headers });
    const again = await room.amend(story, 1, { note: 'x' }, { headers });
    expect([again.status, again.json]).toEqual([200, first.json]);
    expect((await room.amend(story, 1, { note: 'y' }, { headers })).json.code).toBe('idempotency-key-reused');
  });
});

test('a cancellation may say why, to staff', async () => {
  const story = await room.published('Why cancelled');
  await room.change(story, { headline: 'Later', inForceFrom: later() });
  const answer = await room.cancel(story, 2, { reason: 'Overtaken', editor: { id: 'iv', name: 'Ines Varga' } });
  expect([answer.status, answer.json.version]).toEqual([200, 2]);
  const events = await app.ask(`/api/stories/${story}/events`, { as: 'auditor' });
  expect(events.text).toMatch(/Overtaken/);
  expect((await version(story, 2)).code).toBe('version-not-found');
});

test('while a story is withdrawn new versions are written, and readers get the last of them when it is back', async () => {
  const story = await room.published('Rewritten meanwhile');
  await room.withdraw(story, { kind: 'unpublished' });
  const answer = await room.change(story, { headline: 'Rewritten' });
  expect([answer.status, answer.headers.get('etag')]).toEqual([201, '"2.0"']);
  expect((await app.ask(`/api/stories/${story}`)).status).toBe(410);
  await room.reinstate(story);
  expect((await app.ask(`/api/stories/${story}`)).json.headline).toBe('Rewritten');
});
