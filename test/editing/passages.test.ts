/** Words that must go: hidden or erased wherever they stand in a story, over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Tokens } from '../../src/access/tokens.js';
import { type RunningApp, startApp } from '../support/start-app.js';
import { newsroom } from './newsroom.js';

let app: RunningApp;
let room: ReturnType<typeof newsroom>;
beforeAll(async () => {
  app = await startApp();
  room = newsroom(app);
});
afterAll(() => app.dispose());

const name = 'Lena Okafor';
const erasures = (story: string, body: object, as?: Parameters<typeof room.send>[3]) =>
  room.send('POST', `/api/stories/${story}/erasures`, body, as);
const hidings = (story: string, body: object, as?: Parameters<typeof room.send>[3]) =>
  room.send('POST', `/api/stories/${story}/hidings`, body, as);
const unseen = { headers: {} };

/** A story of which versions 1 and 2 name her and version 3, in force, does not. */
async function corrected(headline: string): Promise<string> {
  const story = await room.published(headline, { body: { markdown: `Nobody was hurt, said *Lena* Okafor.` } });
  await room.change(story, { standfirst: `By ${name.toUpperCase()}`, note: `Adds ${name}` });
  await room.change(story, { standfirst: null, body: { markdown: 'Nobody was hurt.' } });
  return story;
}

describe('a preview', () => {
  test('tells of every text that holds a phrase, in which versions, and what readers have of it', async () => {
    const story = await corrected('Previewed');
    const answer = await erasures(story, { phrase: 'lena okafor' }, unseen);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ story: { slug: story, revision: 2 }, shownToReaders: 3, correctFirst: [] });
    const told = answer.json.texts.map(({ where, versions, inForce, shown }: Record<string, unknown>) => ({
      where,
      versions,
      inForce,
      shown,
    }));
    expect(told).toHaveLength(3);
    expect(told).toEqual(
      expect.arrayContaining([
        { where: 'body', versions: [1, 2], inForce: false, shown: true },
        { where: 'standfirst', versions: [2], inForce: false, shown: true },
        { where: 'note', versions: [2], inForce: false, shown: true },
      ]),
    );
    const body = answer.json.texts.find(({ where }: { where: string }) => where === 'body');
    expect(body).toMatchObject({ reference: { revision: 0, name: `body/${body.block}` }, count: 1 });
    expect(body.excerpt).toEqual({ before: 'Nobody was hurt, said ', match: 'Lena Okafor', after: '.' });
  });

  test('finds what is for staff, and what a withdrawn story says', async () => {
    const story = await room.published('Everywhere', { slug: 'everywhere-lena-okafor' });
    const { correction } = (await room.change(story, { correction: { notice: `Not ${name}.` } })).json;
    await room.amend(story, 1, { labels: [name], note: `Says ${name}` });
    await room.send('PATCH', `/api/stories/${story}/corrections/${correction}`, { notice: `Never ${name}.` });
    await room.withdraw(story, { kind: 'killed', notice: `${name} was wronged.`, reason: `${name} sued` });
    const { texts } = (await erasures(story, { phrase: name }, unseen)).json;
    const shown = texts.map((text: { where: string; shown: boolean }) => `${text.where} ${text.shown}`).sort();
    expect(shown).toEqual([
      'labels false',
      'note false',
      'notice false',
      'notice false',
      'notice true',
      'reason false',
      'slug false',
    ]);
  });

  test('names the versions to be corrected first, in force or still to come', async () => {
    const story = await room.published('Correct it first', { standfirst: name });
    const inForceFrom = new Date(Date.now() + 3_600_000).toISOString();
    await room.change(story, { headline: 'Tomorrow', inForceFrom });
    const { correctFirst, texts } = (await erasures(story, { phrase: name }, unseen)).json;
    expect(correctFirst).toEqual([1, 2]);
    expect(texts).toMatchObject([{ inForce: true, waiting: true, shown: true, versions: [1, 2] }]);
  });

  test('of references tells where the same words stand besides', async () => {
    const story = await corrected('Said twice');
    await room.change(story, { byline: `By ${name}, Harrow Bay` });
    await room.change(story, { byline: null });
    const references = [{ revision: 1, name: 'standfirst' }];
    const { texts, alsoHere } = (await erasures(story, { references }, unseen)).json;
    expect(texts.map(({ where }: { where: string }) => where)).toEqual(['standfirst']);
    expect(alsoHere.map(({ where }: { where: string }) => where)).toEqual(['byline']);
    const chosen = (await erasures(story, { references, phrase: name }, unseen)).json;
    expect(chosen.alsoHere.map(({ where }: { where: string }) => where).sort()).toEqual(['body', 'byline', 'note']);
  });

  test('names other stories that hold the phrase', async () => {
    const rare = 'Marguerite Zawadzki';
    const [here, there] = [
      await room.published('Here', { byline: rare }),
      await room.published('There', { byline: rare }),
    ];
    await room.change(there, { byline: null, headline: 'There now' });
    const { elsewhere } = (await erasures(here, { phrase: rare.toUpperCase() }, unseen)).json;
    expect(elsewhere).toEqual([{ story: expect.any(String), slug: there, headline: 'There now' }]);
  });

  test('leaves out what is gone already, and keeps whole words apart where that is asked', async () => {
    const story = await room.published('Ann', { slug: 'ann', standfirst: 'The announcement' });
    const where = async (body: object) =>
      (await hidings(story, body, unseen)).json.texts.map((text: { where: string }) => text.where).sort();
    expect(await where({ phrase: 'ann' })).toEqual(['headline', 'slug', 'standfirst']);
    expect(await where({ phrase: 'ann', words: true })).toEqual(['headline', 'slug']);
    const references = [{ revision: 0, name: 'slug' }];
    const { token } = (await hidings(story, { references }, unseen)).json;
    await hidings(story, { references, token, force: true });
    expect(await where({ phrase: 'ann', words: true })).toEqual(['headline']);
  });

  test.each([
    ['nothing to look for', {}, '', 'empty'],
    ['an empty phrase', { phrase: '  ' }, '/phrase', 'empty'],
    ['too long a phrase', { phrase: 'x'.repeat(501) }, '/phrase', 'too-long'],
  ])('of %s is refused', async (_, body, pointer, code) => {
    const story = await room.published('Bad previews', { slug: `bad-${code}-${pointer.length}` });
    const answer = await erasures(story, body, unseen);
    expect([answer.status, answer.json.faults]).toEqual([422, [expect.objectContaining({ pointer, code })]]);
  });

  test('of a text that is not there, or of no story, is refused', async () => {
    const story = await room.published('Not there');
    const references = [{ revision: 0, name: 'standfirst' }];
    const nothing = await erasures(story, { references }, unseen);
    expect([nothing.status, nothing.json.code]).toEqual([422, 'text-not-found']);
    expect((await erasures('no-such-story', { phrase: 'x' }, unseen)).status).toBe(404);
  });

  test.each(['editor', 'auditor'] as const)('is not for the role %s, nor for readers', async (as) => {
    const story = await corrected(`Not for ${as}`);
    for (const ask of [erasures, hidings]) {
      expect((await ask(story, { phrase: name }, { as, headers: {} })).status).toBe(403);
    }
    const reader = await app.ask(`/api/stories/${story}/erasures`, { body: { phrase: name } });
    expect([reader.status, reader.json.code]).toEqual([401, 'not-signed-in']);
  });
});

test('a token that may erase and not read what staff read is shown no words', async () => {
  const story = await corrected('Unread');
  const { secret } = new Tokens(app.data).create({
    name: 'Eraser',
    role: 'standards',
    onBehalf: false,
    only: ['erase', 'force'],
  });
  const headers = { authorization: `Bearer ${secret}` };
  const answer = await app.ask(`/api/stories/${story}/erasures`, { body: { phrase: name }, headers });
  expect([answer.status, answer.json.right]).toEqual([403, 'read-all']);
  expect(answer.text).not.toMatch(/okafor/i);
});

describe('erasing', () => {
  test('what a preview found takes it from everybody, for good', async () => {
    const story = await corrected('Erased');
    const { token } = (await erasures(story, { phrase: name }, unseen)).json;
    const answer = await erasures(story, { phrase: name, token, authority: 'court-order', reason: 'Order 7/26' });
    expect([answer.status, answer.json.version, answer.json.changed]).toEqual([200, null, true]);
    expect(answer.json.erasure).toEqual({ revision: 3, state: 'complete' });
    for (const as of ['editor', 'standards', 'auditor'] as const) {
      for (const path of ['versions/1', 'versions/2', 'versions', 'compare/1...2']) {
        expect((await app.ask(`/api/stories/${story}/${path}`, { as })).text).not.toMatch(/okafor/i);
      }
    }
    expect((await app.ask(`/api/stories/${story}/events`, { as: 'auditor' })).text).not.toMatch(/okafor/i);
    expect((await app.ask(`/api/stories/${story}/versions/1`)).text).toContain('erased');
    expect((await erasures(story, { phrase: name }, unseen)).json.texts).toEqual([]);
  });

  test('what the version in force holds needs a replacement in the same request, or force', async () => {
    const story = await room.published('Replaced', { standfirst: `Says ${name}` });
    const { token } = (await erasures(story, { phrase: name }, unseen)).json;
    const order = { phrase: name, token, authority: 'court-order' };
    const refused = await erasures(story, order);
    expect([refused.status, refused.json.code, refused.json.version]).toEqual([409, 'shown-to-readers', 1]);
    const again = await erasures(story, { ...order, replacement: { standfirst: `She is ${name}` } });
    expect([again.status, again.json.code]).toEqual([422, 'still-there']);
    expect(again.text).not.toMatch(/okafor/i);
    const replacement = { standfirst: 'A witness says', note: 'Takes a name out.' };
    const answer = await erasures(story, { ...order, replacement });
    expect([answer.status, answer.json.version, answer.json.story.revision]).toEqual([201, 2, 2]);
    expect(answer.headers.get('location')).toBe(`/api/stories/${story}/versions/2`);
    expect((await app.ask(`/api/stories/${story}`)).json.standfirst).toBe('A witness says');
    const { items } = (await app.ask(`/api/stories/${story}/events`, { as: 'auditor' })).json;
    const records = items.map(({ record }: { record: unknown }) => record);
    expect(records.map(({ type }: { type: string }) => type)).toEqual([
      'StoryPublished',
      'StoryUpdated',
      'TextsErased',
    ]);
    expect(records[1].metadata.commandId).toBe(records[2].metadata.commandId);
  });

  test('by force shows readers that something was removed', async () => {
    const story = await room.published('Forced', { standfirst: name });
    const { token } = (await erasures(story, { phrase: name }, unseen)).json;
    const answer = await erasures(story, { phrase: name, token, authority: 'safety', force: true });
    expect(answer.status).toBe(200);
    expect((await app.ask(`/api/stories/${story}`)).json.standfirst).toMatchObject({
      _absent: expect.stringMatching('eras'),
    });
  });

  test('leaves nothing to build on: the same words sent again are written anew', async () => {
    const story = await room.published('Written anew', { standfirst: `By ${name}` });
    await room.change(story, { note: 'Looked at once more' });
    const { token } = (await erasures(story, { phrase: name }, unseen)).json;
    await erasures(story, { phrase: name, token, authority: 'safety', force: true });
    expect((await app.ask(`/api/stories/${story}`)).json.standfirst).not.toBe(`By ${name}`);
    await room.change(story, { standfirst: `By ${name}` });
    expect((await app.ask(`/api/stories/${story}`)).json.standfirst).toBe(`By ${name}`);
  });

  test('with a preview that no longer holds is refused with what a new one says, and never with the phrase', async () => {
    const story = await corrected('Stale');
    const { token } = (await erasures(story, { phrase: name }, unseen)).json;
    await room.change(story, { byline: name });
    const answer = await erasures(story, { phrase: name, token, authority: 'court-order' });
    expect([answer.status, answer.json.code, answer.json.texts]).toEqual([409, 'preview-stale', 4]);
    expect(answer.json.correctFirst).toEqual([4]);
    expect(answer.text).not.toMatch(/okafor/i);
    const other = await hidings(story, { phrase: name, token: answer.json.token });
    expect(other.json.code).toBe('preview-stale');
    const narrower = await erasures(story, {
      references: [{ revision: 1, name: 'note' }],
      token: answer.json.token,
      authority: 'court-order',
    });
    expect(narrower.json.code).toBe('preview-stale');
  });

  test('needs an authority and If-Match', async () => {
    const story = await corrected('On whose order');
    const { token } = (await erasures(story, { phrase: name }, unseen)).json;
    const nobody = await erasures(story, { phrase: name, token });
    expect(nobody.json.faults).toMatchObject([{ pointer: '/authority', code: 'required' }]);
    const blind = await erasures(story, { phrase: name, token, authority: 'publisher' }, unseen);
    expect([blind.status, blind.json.code]).toEqual([428, 'precondition-required']);
    const headers = { 'if-match': '"1.2"' };
    const stale = await erasures(story, { phrase: name, token, authority: 'publisher' }, { headers });
    expect([stale.status, stale.json.code]).toEqual([412, 'story-changed']);
  });

  test('sent again with its key says what it did, though the words are gone; also after a restart', async () => {
    const own = await startApp();
    const desk = newsroom(own);
    const story = await desk.published('Once erased', { standfirst: name });
    const path = `/api/stories/${story}/erasures`;
    const { token } = (await desk.send('POST', path, { phrase: name }, unseen)).json;
    const headers = { 'if-match': '"0.1"', 'idempotency-key': 'order-7' };
    const body = { phrase: name, token, authority: 'court-order', replacement: { standfirst: 'A witness' } };
    const first = await desk.send('POST', path, body, { headers });
    const second = await desk.send('POST', path, body, { headers });
    await own.stop();
    const restarted = await startApp({ data: own.data });
    const third = await newsroom(restarted).send('POST', path, body, { headers });
    expect([first.status, second.status, third.status]).toEqual([201, 200, 200]);
    expect([second.json, third.json]).toEqual([first.json, first.json]);
    const other = await newsroom(restarted).send('POST', path, { ...body, authority: 'safety' }, { headers });
    expect([other.status, other.json.code]).toEqual([422, 'idempotency-key-reused']);
    await restarted.dispose();
  });

  test('a slug lets the story go by its id', async () => {
    const story = await room.published('Named after her', { slug: 'lena-okafor' });
    const { id } = (await app.ask(`/api/stories/${story}`)).json.story;
    const { token } = (await erasures(id, { phrase: name }, unseen)).json;
    const answer = await erasures(id, { phrase: name, token, authority: 'court-order' });
    expect([answer.status, answer.json.story.slug]).toEqual([200, null]);
    expect((await app.ask('/api/stories/lena-okafor')).status).toBe(404);
    const shown = await app.ask(`/api/stories/${id}`);
    expect([shown.status, shown.json.story.slug]).toEqual([200, null]);
  });
});

describe('hiding', () => {
  test('takes words from readers, marked for staff, until they are shown again by its id', async () => {
    const story = await corrected('Hidden');
    const { token } = (await hidings(story, { phrase: name }, unseen)).json;
    const answer = await hidings(story, { phrase: name, token, reason: 'Under review' });
    expect([answer.status, answer.json.hiding]).toEqual([201, 3]);
    expect(answer.headers.get('location')).toBe(`/api/stories/${story}/hidings/3`);
    expect((await app.ask(`/api/stories/${story}/versions/2`)).text).not.toMatch(/okafor/i);
    expect((await app.ask(`/api/stories/${story}/versions/2`, { as: 'editor' })).text).toMatch(/okafor/i);
    const show = (id: number | string, more: object = {}) =>
      room.send('DELETE', `/api/stories/${story}/hidings/${id}`, { reason: 'Reviewed' }, more);
    expect((await show(3, { as: 'editor' })).status).toBe(403);
    expect((await show(1)).json.code).toBe('hiding-not-found');
    expect((await show('x')).json.faults).toMatchObject([{ parameter: 'id' }]);
    const shown = await show(3);
    expect([shown.status, shown.json.changed, shown.json.version]).toEqual([200, true, null]);
    expect((await app.ask(`/api/stories/${story}/versions/2`)).text).toMatch(/okafor/i);
    expect((await show(3)).json.code).toBe('hiding-not-found');
  });
});
