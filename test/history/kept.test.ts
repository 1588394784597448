/** Answers that are given again without being made anew: they end with whatever would make them another. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { openHistory } from '../../src/history/history.js';
import type { Instant } from '../../src/story/instant.js';
import { silent } from '../../src/telemetry/telemetry.js';
import { openComparing } from '../../src/views/comparing.js';
import { connect } from '../../src/views/connection.js';
import { openTables } from '../../src/views/tables.js';
import { viewsFile } from '../../src/views/views.js';
import { routes } from '../readers/asking.js';
import { type RunningApp, startApp } from '../support/start-app.js';
import { reader } from './asking.js';

let app: RunningApp;
let now = Date.parse('2026-05-14T11:00:00Z');
let stories = 0;
let slug: string;

beforeAll(async () => {
  app = await startApp({ clock: () => now });
});
afterAll(() => app.dispose());

beforeEach(async () => {
  slug = `ferry-${++stories}`;
  await write('', { slug, headline: 'Ferries stopped', body: { text: 'The crossing to Eyot Island is closed.' } });
});

const write = async (path: string, body: object) => {
  const headers = { 'if-match': '*' };
  const { status } = await app.ask(`/api/stories${path}`, { as: 'standards', body, headers });
  expect(status).toBeLessThan(300);
};
const at = (minutes: number) => new Date(Date.parse('2026-05-14T11:00:00Z') + minutes * 60_000).toISOString();
/** Asked twice: the second time it may be given again. */
async function read(query = '') {
  await app.ask(`/api/stories/${slug}${query}`);
  return app.ask(`/api/stories/${slug}${query}`);
}

test('asked again, a reader gets the same bytes and the same tag, and 304 for it', async () => {
  const first = await app.ask(`/api/stories/${slug}`);
  const again = await read();
  expect(again.text).toBe(first.text);
  expect(Object.fromEntries(again.headers)).toEqual({
    ...Object.fromEntries(first.headers),
    date: expect.anything(),
    'x-correlation-id': expect.anything(),
  });
  const etag = first.headers.get('etag')!;
  const [had, hadAnew] = await Promise.all(
    ['*/*', '*/*;anew=yes'].map((accept) =>
      app.ask(`/api/stories/${slug}`, { headers: { 'if-none-match': etag, accept } }),
    ),
  );
  expect([had!.status, had!.text]).toEqual([304, '']);
  const of = ({ headers }: typeof first) => ({ ...Object.fromEntries(headers), date: '', 'x-correlation-id': '' });
  expect(of(had!)).toEqual(of(hadAnew!));
});

test('an embargo that ends is seen at once, and not before, also when the clock is set back', async () => {
  now = Date.parse(at(0));
  await write(`/${slug}/versions`, { headline: 'Ferries sail again', inForceFrom: at(30) });
  expect((await read()).json.headline).toBe('Ferries stopped');
  now = Date.parse(at(30)) - 1;
  expect((await read()).json.headline).toBe('Ferries stopped');
  now = Date.parse(at(30));
  expect((await read()).json.headline).toBe('Ferries sail again');
  now = Date.parse(at(20));
  expect((await read()).json.headline).toBe('Ferries stopped');
});

test('a moment to come is not answered for it before it has come', async () => {
  now = Date.parse(at(40));
  expect((await read(`?asOf=${at(50)}`)).json.asOf.at).toBeUndefined();
  now = Date.parse(at(50));
  expect((await read(`?asOf=${at(50)}`)).json.asOf.at).toBe(at(50));
});

test('what is hidden is gone for whoever was given it, and staff are never given what readers were', async () => {
  await write(`/${slug}/versions`, { headline: 'Ferries sail again' });
  expect((await read('/versions/1')).status).toBe(200);
  const hidden = await app.ask(`/api/stories/${slug}/versions/1`, {
    as: 'standards',
    method: 'PATCH',
    body: { hidden: true, reason: 'A private address' },
    headers: { 'if-match': '*' },
  });
  expect(hidden.status).toBe(200);
  expect((await read('/versions/1')).status).toBe(410);
  expect((await app.ask(`/api/stories/${slug}/versions/1`, { as: 'editor' })).json.hidden).toBe(true);
});

test('another form of the same answer is another answer', async () => {
  await read();
  const markdown = await app.ask(`/api/stories/${slug}`, { headers: { accept: 'text/markdown' } });
  expect(markdown.headers.get('content-type')).toMatch('text/markdown');
  expect((await read('?format=text')).text).toMatch(/^Ferries stopped/);
});

test('after every kind of change readers get, byte for byte, what is made anew', async () => {
  let minute = 60;
  const later = (by = 1) => {
    minute += by;
    now = Date.parse(at(minute));
  };
  later();
  const names = [slug, `${slug}-old`, (await read()).json.story.id];
  const addresses = names.flatMap((name) => [
    ...routes['/api/stories/:story']!(name, []),
    ...routes['/api/stories/:story/versions/:version']!(name, []),
    ...[60, 61, 70, 75, 80].map((minutes) => `/api/stories/${name}?asOf=${at(minutes)}`),
  ]);
  /** No two requests with the same `Accept` are ever the same question, so nothing kept is given. */
  let asked = 0;
  const told = async (path: string, accept: string) => {
    const { status, headers, text } = await app.ask(path, { headers: { accept } });
    return {
      path,
      status,
      etag: headers.get('etag'),
      type: headers.get('content-type'),
      text: text.replace(/"correlationId":"[^"]*"/, ''),
    };
  };
  /** What the answers are made of, made by somebody who has kept nothing. */
  const file = viewsFile(app.data);
  const [db, comparing] = [connect(file), openComparing(file, silent)];
  const tables = { ...openTables(db), comparing, settled: () => undefined };
  const madeAnew = async (name: string, moment: Instant | undefined) => {
    const history = openHistory(tables, { publicHistory: 'all', editorsNames: 'none' }, () => now);
    const answer = await history.asOf(reader, name, moment && { at: moment });
    if (!answer.ok) return answer.refusal.code;
    const { content, statements, ...rest } = answer.value;
    const { fields, ...more } = content;
    return JSON.parse(JSON.stringify({ ...rest, statementsAdded: statements, ...fields, ...more }));
  };
  const compareAll = async () => {
    for (const moment of [undefined, ...[60, 61, 62, 63, 70, 75, 80].map((minutes) => at(minutes) as Instant)]) {
      const { json } = await app.ask(`/api/stories/${names[2]}${moment ? `?asOf=${moment}` : ''}`);
      const anew = await madeAnew(names[2], moment);
      if (typeof anew === 'string') expect(json.code).toBe(anew);
      else expect({ ...json, asOf: { ...json.asOf, at: anew.asOf.at } }).toEqual(anew);
    }
    for (const path of addresses) {
      const [kept, anew] = await Promise.all([told(path, '*/*'), told(path, `*/*;anew=${++asked}`)]);
      expect(kept).toEqual(anew);
    }
  };
  const send = async (method: string, path: string, body: object) => {
    later();
    const headers = { 'if-match': '*' };
    const { status, json } = await app.ask(`/api/stories/${slug}${path}`, { as: 'standards', method, body, headers });
    expect([path, status, json.code]).toEqual([path, expect.any(Number), undefined]);
    return json;
  };
  const takeAway = async (how: 'hidings' | 'erasures', phrase: string, more: object = {}) => {
    const { token } = await send('POST', `/${how}`, { phrase });
    await send('POST', `/${how}`, { phrase, token, reason: 'A private address', ...more });
  };
  const changes: (() => Promise<unknown>)[] = [
    () =>
      send('POST', '/versions', {
        headline: 'Ferries wait at Harrow Bay',
        body: { text: 'Lena Okafor waits.\n\nTom Achterberg sails.' },
      }),
    () =>
      send('POST', '/versions', {
        headline: 'Ferries sail',
        body: { text: 'The crossing is open.' },
        correction: { notice: 'It was Ines Varga.', corrects: [2] },
      }),
    () => takeAway('hidings', 'Lena Okafor'),
    () => takeAway('erasures', 'Tom Achterberg', { authority: 'court-order' }),
    () => send('PATCH', '/versions/1', { hidden: true, reason: 'A private address' }),
    () => send('POST', '/versions', { headline: 'Under embargo', inForceFrom: at(minute + 10) }),
    async () => later(20),
    () => send('PATCH', '/versions/1', { hidden: false, reason: 'It was none' }),
    () => send('POST', '/withdrawals', { kind: 'unpublished', reason: 'For now' }),
    () => send('POST', '/reinstatements', {}),
    () => send('POST', '/withdrawals', { kind: 'killed', notice: 'Killed.', reason: 'It was wrong' }),
  ];
  await compareAll();
  for (const change of changes) {
    await change();
    await compareAll();
  }
  db.close();
  await comparing.close();
}, 120_000);
