/** A story is found by the address of its publisher's own page, and by no address that a reader was never told. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Newsroom, openNewsroom } from './newsroom.js';

const page = 'https://news.example/ferry-fire';
let room: Newsroom;
beforeAll(async () => {
  room = await openNewsroom();
  room.at('11:27');
  await room.publish({ slug: 'ferry-fire', headline: 'Ferries stopped', url: page });
  room.at('11:28');
  await room.publish({ slug: 'copy', headline: 'The same page, later', url: page });
  room.at('11:40');
  await room.version('ferry-fire', { url: 'https://news.example/ferries/fire?id=5' });
  await room.version('ferry-fire', { url: 'https://news.example/hidden' });
  room.at('11:50');
  await room.version('ferry-fire', { url: 'https://news.example/removed' });
  await room.version('ferry-fire', { url: 'https://news.example/erased' });
  await room.version('ferry-fire', { url: 'https://news.example/now', headline: 'Ferries back' });
  await room.version('ferry-fire', { url: 'https://news.example/tomorrow', inForceFrom: '2026-05-15T06:00:00Z' });
  await room.publish({
    slug: 'early',
    headline: 'Waiting',
    url: 'https://news.example/early',
    inForceFrom: '2031-01-01T00:00:00Z',
  });
  await room.tell('PATCH', '/ferry-fire/versions/3', { hidden: true, reason: 'A slip' });
  for (const [how, word, more] of [
    ['hidings', 'removed', {}],
    ['erasures', 'erased', { authority: 'court-order' }],
  ] as const) {
    const phrase = `https://news.example/${word}`;
    const { token } = await room.tell('POST', `/ferry-fire/${how}`, { phrase });
    await room.tell('POST', `/ferry-fire/${how}`, { phrase, token, reason: 'Removed', ...more });
  }
  for (const kind of ['unpublished', 'retracted', 'killed', 'takedown']) {
    await room.publish({ slug: kind, headline: kind, url: `https://news.example/${kind}` });
    await room.tell('POST', `/${kind}/withdrawals`, { kind });
  }
  room.at('12:00');
}, 60_000);
afterAll(() => room.app.dispose());

const slugsAt = async (url: string, as?: 'editor') => {
  const { json } = await room.app.ask(`/api/stories?url=${encodeURIComponent(url)}`, { ...(as && { as }) });
  return json.items.map((item: { story: { slug: string } }) => item.story.slug);
};

test.each([
  [page, ['ferry-fire']],
  ['HTTPS://NEWS.example:443/ferry-fire#comments', ['ferry-fire']],
  ['https://news.example/ferries/fire?id=5', ['ferry-fire']],
  ['https://news.example/now', ['ferry-fire']],
  ['https://news.example/ferries/fire', []],
  ['https://news.example/ferries/fire?ID=5', []],
  ['http://news.example/ferry-fire', []],
  ['https://news.example/ferry-fire/', []],
])('%s is the page of %j: also once it was, the first story in force with it', async (url, slugs) => {
  expect(await slugsAt(url)).toEqual(slugs);
});

test.each(['hidden', 'removed', 'erased', 'tomorrow', 'early'])(
  'what is %s leads readers nowhere, and like an address that nobody ever named',
  async (word) => {
    expect(await slugsAt(`https://news.example/${word}`)).toEqual([]);
    const answers = await Promise.all(
      [word, 'x'.repeat(word.length)].map((name) => room.app.ask(`/api/stories?url=https://news.example/${name}`)),
    );
    expect(answers[0]!.text).toBe(answers[1]!.text);
  },
);

test('staff find what is hidden or waits, and nobody what is erased', async () => {
  for (const word of ['hidden', 'removed', 'tomorrow']) {
    expect(await slugsAt(`https://news.example/${word}`, 'editor')).toEqual(['ferry-fire']);
  }
  expect(await slugsAt('https://news.example/erased', 'editor')).toEqual([]);
});

test('a story that is closed is in no list; one that is retracted is', async () => {
  for (const kind of ['unpublished', 'killed', 'takedown']) {
    expect(await slugsAt(`https://news.example/${kind}`)).toEqual([]);
  }
  expect(await slugsAt('https://news.example/retracted')).toEqual(['retracted']);
});

test('it is a question like the others of the list: as of an instant, with words, by tag', async () => {
  const asked = async (more: string) => (await room.app.ask(`/api/stories?url=${page}&${more}`)).json;
  expect((await asked('asOf=2026-05-14T11:30:00Z')).items).toMatchObject([{ version: 1, headline: 'Ferries stopped' }]);
  expect((await asked('asOf=2026-05-14T11:00:00Z')).items).toEqual([]);
  expect((await asked('q=back')).items).toMatchObject([{ headline: 'Ferries back' }]);
  expect((await asked('q=submarine')).items).toEqual([]);
  expect((await asked('tag=harbour')).items).toEqual([]);
  expect((await room.app.ask('/api/stories?url=ferry-fire')).json).toMatchObject({ status: 400, code: 'bad-url' });
  const waiting = await room.app.ask(`/api/stories?status=waiting&url=${page}`, { as: 'editor' });
  expect(waiting.json).toMatchObject({ status: 400, code: 'bad-status' });
});
