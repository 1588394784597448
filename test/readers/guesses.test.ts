/** A reader who guesses what was removed, or what was before, is answered as one who guesses wrong. */
import { afterEach, expect, test } from '@jest/globals';
import { type RunningApp, startApp } from '../support/start-app.js';
import { bytes, withoutAsked, withoutLengths } from './asking.js';

let app: RunningApp;
afterEach(() => app.dispose());

async function send(method: string, path: string, body: object) {
  const answer = await app.ask(`/api/stories${path}`, {
    as: 'standards',
    method,
    body,
    headers: { 'if-match': '*' },
  });
  expect([path, Math.floor(answer.status / 100), answer.json.code]).toEqual([path, 2, undefined]);
  return answer.json;
}

test('a hidden slug, old or present, is answered as one that no story ever had; the others go on leading to it', async () => {
  app = await startApp();
  const { story } = await send('POST', '', { slug: 'harbour', headline: 'Harbour', body: { text: 'Closed.' } });
  await send('PUT', `/${story.id}/slug`, { slug: 'achterberg-held' });
  const asked = (name: string) => [
    `/api/stories/${name}`,
    `/api/stories/${name}/versions`,
    `/api/stories/${name}/versions/1`,
    `/api/stories/${name}/compare/1...now`,
    `/api/corrections?story=${name}`,
    `/stories/${name}`,
    `/stories/${name}/versions`,
    `/stories/${name}/versions/1`,
    `/corrections?story=${name}`,
  ];
  const told = async (name: string) => {
    const answers = await Promise.all(asked(name).map((path) => bytes(app, path)));
    return answers.map((answer, i) => withoutLengths(withoutAsked(answer, asked(name)[i]!).replaceAll(name, 'name')));
  };
  const hide = async () => {
    const { token } = await send('POST', `/${story.id}/hidings`, { phrase: 'achterberg-held' });
    return send('POST', `/${story.id}/hidings`, { phrase: 'achterberg-held', token });
  };
  const { hiding } = await hide();
  expect(await told('achterberg-held')).toEqual(await told('otherman-freed'));
  expect((await app.ask('/api/stories/harbour')).status).toBe(200);
  expect((await app.ask('/api/stories/achterberg-held', { as: 'editor' })).status).toBe(200);

  await send('PUT', `/${story.id}/slug`, { slug: 'a-man-held' });
  expect(await told('achterberg-held')).toEqual(await told('otherman-freed'));
  expect((await app.ask('/api/stories/harbour')).headers.get('location')).toBe('/api/stories/a-man-held');

  await send('DELETE', `/${story.id}/hidings/${hiding}`, {});
  expect((await app.ask('/api/stories/achterberg-held')).headers.get('location')).toBe('/api/stories/a-man-held');
});

test('where only what is in force is public, a withdrawn story does not tell how many versions it had', async () => {
  app = await startApp({ env: { PALIMPSEST_PUBLIC_HISTORY: 'none' } });
  const { story } = await send('POST', '', { headline: 'Harbour', body: { text: 'Closed.' } });
  await send('POST', `/${story.id}/versions`, { headline: 'Harbour closed' });
  await send('POST', `/${story.id}/versions`, { headline: 'Harbour closed again' });
  for (const kind of ['unpublished', 'killed', 'takedown']) {
    await send('POST', `/${story.id}/withdrawals`, { kind });
    const told = async (version: number) => {
      const paths = [`/api/stories/${story.id}/versions/${version}`, `/stories/${story.id}/versions/${version}`];
      const answers = await Promise.all(paths.map((path) => bytes(app, path)));
      return answers.map((answer) => answer.replaceAll(/(versions?[ /])\d+/g, '$1n'));
    };
    expect([kind, await told(1)]).toEqual([kind, await told(9)]);
    expect([kind, await told(2)]).toEqual([kind, await told(9)]);
    expect([kind, (await told(3))[0]!.slice(0, 3)]).toEqual([kind, kind === 'takedown' ? '451' : '410']);
  }
});
