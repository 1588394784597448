import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningApp, startApp } from '../support/start-app.js';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.dispose());

const story = (headline: string, more: object = {}) => ({
  headline,
  body: { markdown: 'A fire stopped all sailings.\n\nNobody was hurt.' },
  ...more,
});
const publish = (body: object, headers: Record<string, string> = {}) =>
  app.ask('/api/stories', { as: 'editor', body, headers });
const change = (slug: string, body: object, headers: Record<string, string> = { 'if-match': '*' }) =>
  app.ask(`/api/stories/${slug}/versions`, { as: 'editor', body, headers });

describe('publishing', () => {
  test('answers 201 with the address, the slug from the headline and the writers’ tag', async () => {
    const answer = await publish(story('Ferries stopped after fire at Quay 9'));
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({
      story: { slug: 'ferries-stopped-after-fire-at-quay-9', revision: 0 },
      version: 1,
      acts: ['StoryPublished'],
      changed: true,
      visible: true,
      dropped: [],
    });
    expect(answer.headers.get('etag')).toBe('"0.1"');
    expect(answer.headers.get('location')).toBe('/api/stories/ferries-stopped-after-fire-at-quay-9/versions/1');
    expect(answer.headers.get('palimpsest-position')).toMatch(/^\d+$/);
  });

  test('gives the second story of a name the next slug, and refuses one that was asked for and is taken', async () => {
    await publish(story('Twice told'));
    expect((await publish(story('Twice told'))).json.story.slug).toBe('twice-told-2');
    const taken = await publish(story('Twice told', { slug: 'twice-told' }));
    expect([taken.status, taken.json.code]).toEqual([409, 'slug-taken']);
  });

  test('gives each of many at once a slug of its own', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => publish(story('All at once'))));
    expect(new Set(answers.map(({ json }) => json.story.slug)).size).toBe(12);
  });

  test('names every fault by its place', async () => {
    const answer = await publish({
      headline: 'x'.repeat(501),
      tags: [1],
      body: [{ _type: 'removed' }],
      inForceFrom: 'soon',
    });
    expect([answer.status, answer.json.code]).toEqual([422, 'invalid']);
    const pointers = answer.json.faults.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers).toEqual(expect.arrayContaining(['/headline', '/tags/0', '/inForceFrom']));
    expect(answer.json.faults.find((f: { pointer: string }) => f.pointer === '/headline').detail).toMatch('500');
  });

  test('needs a headline', async () => {
    const answer = await publish({ body: { text: 'Something happened.' } });
    expect(answer.json.faults).toMatchObject([{ pointer: '/headline', code: 'required' }]);
    const faulty = await publish({ headline: 'Ferry late', tags: [1] });
    expect(faulty.json.faults).toMatchObject([{ pointer: '/tags/0' }]);
  });

  test('is for those who may', async () => {
    const body = story('Not by readers');
    const reader = await app.ask('/api/stories', { body });
    expect([reader.status, reader.json.code]).toEqual([401, 'not-signed-in']);
    const auditor = await app.ask('/api/stories', { as: 'auditor', body });
    expect([auditor.status, auditor.json.code]).toEqual([403, 'forbidden']);
  });

  test('as an import needs the right to import', async () => {
    const body = story('From the archive', { imported: true, inForceFrom: '2012-03-21T11:27:00Z' });
    expect((await publish(body)).status).toBe(403);
    const answer = await app.ask('/api/stories', { as: 'standards', body });
    expect([answer.status, answer.json.inForceFrom]).toEqual([201, '2012-03-21T11:27:00.000Z']);
  });
});

describe('a new version', () => {
  test('needs If-Match, and says which tag', async () => {
    const { headers } = await publish(story('Unseen'));
    const answer = await change('unseen', { headline: 'Seen' }, {});
    expect([answer.status, answer.json.code]).toEqual([428, 'precondition-required']);
    expect(answer.json.detail).toContain(headers.get('etag'));
  });

  test('with a stale tag is refused and told what has happened since', async () => {
    const first = await publish(story('Stale'));
    const etag = { 'if-match': first.headers.get('etag')! };
    const second = await change('stale', { headline: 'Stale no more' }, etag);
    expect([second.status, second.headers.get('etag')]).toEqual([201, '"1.2"']);
    const third = await change('stale', { headline: 'Too late' }, etag);
    expect([third.status, third.json.code]).toEqual([412, 'story-changed']);
    expect(third.json).toMatchObject({
      revision: 1,
      versionInForce: 2,
      since: [{ revision: 1, type: 'StoryUpdated', version: 2 }],
    });
    expect(third.headers.get('etag')).toBe('"1.2"');
  });

  test('that says nothing new is no version', async () => {
    await publish(story('Quiet'));
    const answer = await change('quiet', { headline: 'Quiet' });
    expect([answer.status, answer.json.changed, answer.json.version]).toEqual([200, false, 1]);
  });

  test('may be an update and a statement at once', async () => {
    await publish(story('Operator silent'));
    const answer = await change('operator-silent', {
      headline: 'Operator speaks',
      note: 'Adds the operator’s statement',
      statements: [{ speaker: 'Lena Okafor', organisation: 'Bay Island Ferries', body: { text: 'Everyone is safe.' } }],
    });
    expect(answer.json).toMatchObject({ version: 2, acts: ['StoryUpdated', 'StatementAdded'], story: { revision: 2 } });
  });

  test('that would cancel a waiting one is refused until it says so', async () => {
    await publish(story('Tomorrow'));
    const later = new Date(Date.now() + 3_600_000).toISOString();
    expect((await change('tomorrow', { headline: 'Tomorrow’s', inForceFrom: later })).json.version).toBe(2);
    const refused = await change('tomorrow', { headline: 'Today’s' });
    expect([refused.status, refused.json.code, refused.json.versions]).toEqual([409, 'would-supersede', [2]]);
    expect((await change('tomorrow', { headline: 'Today’s', supersedes: [2] })).json.version).toBe(3);
  });

  test('not yet in force can be cancelled; one that was cannot', async () => {
    await publish(story('Cancelled'));
    const inForceFrom = new Date(Date.now() + 3_600_000).toISOString();
    await change('cancelled', { headline: 'Later', inForceFrom });
    const cancel = (n: number) =>
      app.ask(`/api/stories/cancelled/versions/${n}`, { as: 'editor', method: 'DELETE', headers: { 'if-match': '*' } });
    expect((await cancel(2)).status).toBe(200);
    expect((await cancel(2)).json.code).toBe('already-cancelled');
    expect((await cancel(1)).json.code).toBe('has-been-in-force');
    expect((await cancel(9)).status).toBe(404);
  });

  test.each(['one', '0', '-1', '1e3', '1.5', '99999999999999999999'])('called %s is no number to cancel', async (n) => {
    await publish(story('Numbered', { slug: 'numbered' }));
    const headers = { 'if-match': '*' };
    const answer = await app.ask(`/api/stories/numbered/versions/${n}`, { as: 'editor', method: 'DELETE', headers });
    expect([answer.status, answer.json.faults]).toEqual([422, [expect.objectContaining({ parameter: 'version' })]]);
  });

  test('of no story is 404', async () => {
    const answer = await change('no-such-story', { headline: 'x' });
    expect([answer.status, answer.json.code]).toEqual([404, 'story-not-found']);
  });

  test('by many writers at once: each lands, none is lost', async () => {
    await publish(story('Busy'));
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => change('busy', { headline: `Busy ${i}`, note: `${i}` })),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    expect(answers.map(({ json }) => json.version).sort((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('in someone’s name needs a token that may', async () => {
    await publish(story('In her name'));
    const editor = { id: 'iv', name: 'Ines Varga' };
    expect((await change('in-her-name', { headline: 'By Ines', editor })).status).toBe(201);
  });
});

describe('an idempotency key', () => {
  test('makes a repeated publish one story', async () => {
    const once = await publish(story('Once'), { 'idempotency-key': 'once' });
    const again = await publish(story('Once'), { 'idempotency-key': 'once' });
    expect([once.status, again.status]).toEqual([201, 200]);
    expect(again.json.story).toEqual(once.json.story);
  });

  test('answers before If-Match is looked at, as the first time', async () => {
    const { headers } = await publish(story('Keyed'));
    const send = () =>
      change('keyed', { headline: 'Keyed 2' }, { 'if-match': headers.get('etag')!, 'idempotency-key': 'keyed/2' });
    expect((await send()).status).toBe(201);
    const again = await send();
    expect([again.status, again.json.version, again.json.story.revision]).toEqual([200, 2, 1]);
  });

  test('sent many times at once is one story, and every answer names it', async () => {
    for (const round of [1, 2, 3]) {
      const named = round === 3 ? { slug: 'pressed-too-often' } : {};
      const pressed = () =>
        publish(story(`Pressed too often ${round}`, named), { 'idempotency-key': `pressed-${round}` });
      const answers = await Promise.all([pressed(), pressed(), pressed(), pressed()]);
      const { id, slug } = answers[0]!.json.story;
      expect(answers.map(({ json }) => json.story)).toEqual(answers.map(() => ({ id, slug, revision: 0 })));
      expect((await app.ask(`/api/stories/${slug}`)).json.story.id).toBe(id);
    }
  });

  test('for two requests at once carries out one, and never says so of the other', async () => {
    await publish(story('Two at once'));
    for (const round of [1, 2, 3]) {
      const headers = { 'if-match': '*', 'idempotency-key': `two-${round}` };
      const headlines = [1, 2, 3].map((n) => `Two at once: ${round}, ${n}`);
      const answers = await Promise.all(headlines.map((headline) => change('two-at-once', { headline }, headers)));
      const carriedOut = headlines.filter((_, index) => answers[index]!.status === 201);
      expect(carriedOut).toEqual([(await app.ask('/api/stories/two-at-once')).json.headline]);
      expect(new Set(answers.map(({ json }) => json.code))).toEqual(new Set([undefined, 'idempotency-key-reused']));
    }
  });

  test('for another request is refused', async () => {
    await publish(story('Key A'), { 'idempotency-key': 'a' });
    const other = await publish(story('Key B'), { 'idempotency-key': 'a' });
    expect([other.status, other.json.code]).toEqual([422, 'idempotency-key-reused']);
  });

  test('belongs to the token that sent it', async () => {
    await publish(story('Mine'), { 'idempotency-key': 'shared' });
    const other = await app.ask('/api/stories', {
      as: 'standards',
      body: story('Theirs'),
      headers: { 'idempotency-key': 'shared' },
    });
    expect(other.status).toBe(201);
  });

  test('still holds after a restart', async () => {
    const first = await startApp();
    const body = story('Restarted');
    const headers = { 'idempotency-key': 'restart' };
    const before = await first.ask('/api/stories', { as: 'editor', body, headers });
    await first.stop();
    const second = await startApp({ data: first.data });
    const after = await second.ask('/api/stories', { as: 'editor', body, headers });
    expect([after.status, after.json.story]).toEqual([200, before.json.story]);
    await second.dispose();
  });
});
