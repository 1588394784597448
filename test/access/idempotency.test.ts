/** Keys belong to the token that sends them: no other token, however alike, can take one or learn what it did. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type NewToken, Tokens } from '../../src/access/tokens.js';
import { type Answer, type RunningApp, startApp } from '../support/start-app.js';

let app: RunningApp;
let tokens: Tokens;
beforeAll(async () => {
  app = await startApp();
  tokens = new Tokens(app.data);
});
afterAll(() => app.dispose());

type Writer = (key: string, body: object, story?: string) => Promise<Answer>;

let made = 0;
function writer(said: Partial<NewToken> = {}): Writer {
  const { secret } = tokens.create({ name: `writer ${++made}`, role: 'editor', ...said });
  return (key, body, story) =>
    app.ask(story === undefined ? '/api/stories' : `/api/stories/${story}/versions`, {
      body,
      headers: { authorization: `Bearer ${secret}`, 'idempotency-key': key, 'if-match': '*' },
    });
}
const ferries = { headline: 'Ferries to Eyot Island stopped', body: { text: 'A fire stopped all sailings.' } };
const harbour = { headline: 'Harbour master speaks', body: { text: 'Nobody was hurt.' } };

describe.each<[string, Partial<NewToken>, Partial<NewToken>]>([
  ['two tokens of one role', {}, {}],
  ['a token and a narrowed one', {}, { only: ['publish', 'new-version'] }],
  ['two narrowed tokens', { only: ['publish', 'new-version'] }, { only: ['publish', 'new-version'] }],
  ['tokens of two roles', { role: 'standards' }, {}],
  ['two tokens that write on behalf of one person', { onBehalf: true }, { onBehalf: true }],
])('%s with the same key', (title, first, second) => {
  const editor = first.onBehalf ? { editor: { id: 'iv', name: 'Ines Varga' } } : {};

  test('publish a story each, and each finds its own again', async () => {
    const [one, other] = [writer(first), writer(second)];
    const answers = [await one(title, { ...ferries, ...editor }), await other(title, { ...ferries, ...editor })];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    const ids = answers.map(({ json }) => json.story.id);
    expect(ids[0]).not.toBe(ids[1]);
    const again = [await one(title, { ...ferries, ...editor }), await other(title, { ...ferries, ...editor })];
    expect(again.map(({ status, json }) => [status, json.story.id])).toEqual(ids.map((id) => [200, id]));
  });

  test('make a version each of one story, and neither is told that the key was used for another request', async () => {
    const [one, other] = [writer(first), writer(second)];
    const { json } = await one(`${title}, story`, { ...harbour, ...editor });
    const said = [
      await one(title, { headline: 'One says', ...editor }, json.story.id),
      await other(title, { headline: 'The other says', ...editor }, json.story.id),
    ];
    expect(said.map(({ status, json }) => [status, json.version])).toEqual([
      [201, 2],
      [201, 3],
    ]);
    const reused = await one(title, { headline: 'The other says', ...editor }, json.story.id);
    expect([reused.status, reused.json.code]).toEqual([422, 'idempotency-key-reused']);
  });
});

test('a token made anew under the name of a revoked one starts with no keys', async () => {
  const before = writer({ name: 'night desk' });
  const first = await before('tonight', ferries);
  tokens.revoke('night desk');
  expect((await before('tonight', ferries)).status).toBe(401);
  const after = await writer({ name: 'night desk' })('tonight', ferries);
  expect([after.status, after.json.story.id === first.json.story.id]).toEqual([201, false]);
});

test('a request refused for want of a right leaves its key free', async () => {
  const narrow = writer({ only: ['new-version'] });
  expect((await narrow('key', ferries)).status).toBe(403);
  const { json } = await writer()('key', ferries);
  expect((await narrow('key', { headline: 'Ferries sail again' }, json.story.id)).status).toBe(201);
});

test('by repeating a request nobody finds out which words were erased, also where it only sent them once more', async () => {
  const standards = writer({ role: 'standards' });
  const says = (name: string, second: string) => ({ body: { text: `${name} spoke.\n\n${second}` } });
  const { json } = await standards('first', { headline: 'At the quay', ...says('Tom Achterberg', 'It rained.') });
  await standards('second', says('Tom Achterberg', 'It still rained.'), json.story.id);
  await standards('third', says('Somebody', 'It still rained.'), json.story.id);
  const erase = (body: object) =>
    app.ask(`/api/stories/${json.story.id}/erasures`, { as: 'standards', body, headers: { 'if-match': '*' } });
  const { token } = (await erase({ phrase: 'Tom Achterberg' })).json;
  const erased = await erase({ phrase: 'Tom Achterberg', token, authority: 'court-order' });
  expect(erased.json.erasure.state).toBe('complete');
  for (const [key, second] of [
    ['first', 'It rained.'],
    ['second', 'It still rained.'],
  ] as const) {
    const guesses = ['Tom Achterberg', 'Ines Varga'].map((name) =>
      key === 'first'
        ? standards(key, { headline: 'At the quay', ...says(name, second) })
        : standards(key, says(name, second), json.story.id),
    );
    const [right, wrong] = await Promise.all(guesses);
    expect([key, right!.status, right!.text]).toEqual([key, wrong!.status, wrong!.text]);
  }
});
