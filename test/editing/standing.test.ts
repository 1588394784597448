/** Withdrawals, reinstatements, names and notices over HTTP. */
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

describe('a withdrawal', () => {
  test('answers 201 with its address and id; the story is gone for readers with the public words', async () => {
    const story = await room.published('Killed tonight');
    const answer = await room.withdraw(story, { kind: 'killed', notice: 'Must not be used.', reason: 'Libel' });
    expect([answer.status, answer.json.version, answer.json.changed]).toEqual([201, null, true]);
    expect(answer.headers.get('location')).toBe(`/api/stories/${story}/withdrawals/${answer.json.withdrawal}`);
    expect(answer.headers.get('etag')).toBe('"1.0"');
    const gone = await app.ask(`/api/stories/${story}`);
    expect([gone.status, gone.json.code, gone.json.notice]).toEqual([410, 'killed', 'Must not be used.']);
    expect(gone.text).not.toContain('Libel');
  });

  test('of the same kind again changes its notice, and makes nothing', async () => {
    const story = await room.published('Retracted twice');
    const first = await room.withdraw(story, { kind: 'retracted', notice: 'We were wrong.' });
    const again = await room.withdraw(story, { kind: 'retracted', notice: 'We were quite wrong.' });
    expect([again.status, again.json.withdrawal]).toEqual([200, first.json.withdrawal]);
    expect((await app.ask(`/api/stories/${story}`)).json.story.withdrawal.notice).toBe('We were quite wrong.');
    const nothing = await room.withdraw(story, { kind: 'retracted' });
    expect([nothing.status, nothing.json.changed]).toEqual([200, false]);
  });

  test.each([
    ['unpublished', 'editor', 201],
    ['retracted', 'editor', 201],
    ['killed', 'editor', 403],
    ['takedown', 'editor', 403],
    ['killed', 'standards', 201],
    ['takedown', 'standards', 201],
    ['unpublished', 'auditor', 403],
  ] as const)('as %s by the role %s is %d', async (kind, as, status) => {
    const story = await room.published(`${kind} by ${as}`);
    const answer = await room.withdraw(story, { kind }, { as });
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.json.code).toBe('forbidden');
  });

  test.each(['killed', 'takedown'] as const)(
    'as %s is changed, ended and its notice amended only by those who may impose it',
    async (kind) => {
      const story = await room.published(`Only standards ended ${kind}`);
      const { withdrawal } = (await room.withdraw(story, { kind, notice: 'Gone.' })).json;
      const right = kind === 'killed' ? 'kill' : 'takedown';
      const refused = [
        await room.withdraw(story, { kind: 'unpublished' }, { as: 'editor' }),
        await room.reinstate(story, {}, { as: 'editor' }),
        await room.send('PATCH', `/api/stories/${story}/withdrawals/${withdrawal}`, { notice: null }, { as: 'editor' }),
      ];
      expect(refused.map(({ status, json }) => [status, json.code, json.right])).toEqual(
        refused.map(() => [403, 'forbidden', right]),
      );
      const amended = await room.send('PATCH', `/api/stories/${story}/withdrawals/${withdrawal}`, { notice: null });
      expect([amended.status, amended.json.withdrawal]).toEqual([200, withdrawal]);
      expect((await app.ask(`/api/stories/${story}`)).json.notice).toBeUndefined();
      expect((await room.withdraw(story, { kind: 'unpublished' })).status).toBe(201);
      expect((await room.reinstate(story, {}, { as: 'editor' })).status).toBe(200);
    },
  );

  test('needs If-Match and a kind that there is', async () => {
    const story = await room.published('Unmatched');
    const unseen = await room.withdraw(story, { kind: 'killed' }, { headers: {} });
    expect([unseen.status, unseen.json.code]).toEqual([428, 'precondition-required']);
    const stale = await room.withdraw(story, { kind: 'killed' }, { headers: { 'if-match': '"7.1"' } });
    expect([stale.status, stale.json.code]).toEqual([412, 'story-changed']);
    const unknown = await room.withdraw(story, { kind: 'burnt' });
    expect([unknown.status, unknown.json.faults[0].pointer]).toEqual([422, '/kind']);
    const long = await room.withdraw(story, { kind: 'killed', notice: 'x'.repeat(5001) });
    expect(long.json.faults).toMatchObject([{ pointer: '/notice', code: 'too-long' }]);
    expect(long.json.faults[0].detail).toContain('5000');
  });

  test('names its time only as an import, which needs its own right', async () => {
    const story = await room.published('When it happened');
    const at = '2012-03-21T11:27:00Z';
    expect((await room.withdraw(story, { kind: 'unpublished', at })).json.code).toBe('time-not-allowed');
    const byEditor = await room.withdraw(story, { kind: 'unpublished', at, imported: true }, { as: 'editor' });
    expect([byEditor.status, byEditor.json.right]).toEqual([403, 'import']);
    const early = await room.withdraw(story, { kind: 'unpublished', at, imported: true });
    expect(early.json.code).toBe('import-before-last');
    const archive = await room.published('Long gone', { imported: true, inForceFrom: '2012-03-20T11:27:00Z' });
    expect((await room.withdraw(archive, { kind: 'unpublished', at, imported: true })).status).toBe(201);
  });

  test('of no story is 404, and its key used twice is one withdrawal, also after a restart', async () => {
    expect((await room.withdraw('no-such-story', { kind: 'killed' })).status).toBe(404);
    const own = await startApp();
    const story = await newsroom(own).published('Once withdrawn');
    const headers = { 'if-match': '"0.1"', 'idempotency-key': 'kill-it' };
    const send = (at: RunningApp) => newsroom(at).withdraw(story, { kind: 'killed', notice: 'Gone.' }, { headers });
    const first = await send(own);
    const second = await send(own);
    await own.stop();
    const restarted = await startApp({ data: own.data });
    const third = await send(restarted);
    expect([first.status, second.status, third.status]).toEqual([201, 200, 200]);
    expect(third.json).toEqual(second.json);
    expect(second.json).toEqual(first.json);
    const other = await newsroom(restarted).withdraw(story, { kind: 'takedown' }, { headers });
    expect([other.status, other.json.code]).toEqual([422, 'idempotency-key-reused']);
    await restarted.dispose();
  });
});

describe('a reinstatement', () => {
  test('brings the story back as it was', async () => {
    const story = await room.published('Back again');
    await room.withdraw(story, { kind: 'unpublished' }, { as: 'editor' });
    expect((await app.ask(`/api/stories/${story}`)).status).toBe(410);
    const back = await room.reinstate(story, { note: 'Checked.' }, { as: 'editor' });
    expect([back.status, back.json.version, back.headers.get('location')]).toEqual([200, null, null]);
    expect((await app.ask(`/api/stories/${story}`)).status).toBe(200);
    expect((await room.reinstate(story)).json.code).toBe('not-withdrawn');
  });
});

describe('a new slug', () => {
  const rename = (story: string, slug: string, more: object = {}) =>
    room.send('PUT', `/api/stories/${story}/slug`, { slug }, { as: 'editor', ...more });

  test('is the address from then on; the old one leads to it', async () => {
    await room.published('Quay nine', { slug: 'quay-nine' });
    const answer = await rename('quay-nine', 'quay-9');
    expect([answer.status, answer.json.story.slug, answer.json.version]).toEqual([200, 'quay-9', null]);
    const old = await app.ask('/api/stories/quay-nine');
    expect([old.status, old.headers.get('location')]).toEqual([308, '/api/stories/quay-9']);
    expect((await app.ask('/api/stories/quay-9')).status).toBe(200);
  });

  test('that it has already changes nothing; one it had before can come back; one of another story cannot', async () => {
    await room.published('Harbour', { slug: 'harbour' });
    await room.published('Pier', { slug: 'pier' });
    const same = await rename('harbour', 'harbour');
    expect([same.status, same.json.changed, same.json.story.revision]).toEqual([200, false, 0]);
    expect((await rename('harbour', 'pier')).json).toMatchObject({ code: 'slug-taken', slug: 'pier' });
    await rename('harbour', 'port');
    expect((await rename('pier', 'harbour')).json.code).toBe('slug-taken');
    expect((await rename('port', 'harbour')).json.story.slug).toBe('harbour');
    const bad = await rename('harbour', 'Not a Slug');
    expect(bad.json.faults).toMatchObject([{ pointer: '/slug', code: 'bad-slug' }]);
    expect((await rename('harbour', 'auditors', { as: 'auditor' })).status).toBe(403);
  });

  test('wanted by two stories at once goes to one', async () => {
    const [a, b] = [await room.published('Wants it too'), await room.published('Wants it')];
    const answers = await Promise.all([rename(a, 'wanted'), rename(b, 'wanted')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

describe('a notice', () => {
  test('of a correction is amended and taken back by editors', async () => {
    const story = await room.published('Corrected');
    const { correction } = (await room.change(story, { standfirst: 'Two.', correction: { notice: 'It was tow.' } }))
      .json;
    const amend = (notice: string | null) =>
      room.send('PATCH', `/api/stories/${story}/corrections/${correction}`, { notice }, { as: 'editor' });
    const amended = await amend('It said “tow”.');
    expect([amended.status, amended.json.correction, amended.json.version]).toEqual([200, correction, 2]);
    const shown = async () => (await app.ask(`/api/stories/${story}/versions/1`)).json.corrections[0]?.notice;
    expect(await shown()).toBe('It said “tow”.');
    expect((await amend(null)).json.changed).toBe(true);
    expect((await app.ask(`/api/stories/${story}/versions/1`)).text).not.toContain('tow');
    expect((await amend(null)).json.changed).toBe(false);
    const empty = await amend('');
    expect(empty.json.faults).toMatchObject([{ pointer: '/notice', code: 'empty' }]);
  });

  test('of nothing there is, is 404', async () => {
    const story = await room.published('Noticeless');
    const of = async (what: string) =>
      (await room.send('PATCH', `/api/stories/${story}/${what}/nothing`, { notice: 'x' })).json.code;
    expect([await of('corrections'), await of('withdrawals')]).toEqual([
      'correction-not-found',
      'withdrawal-not-found',
    ]);
  });
});
