/** Writing at the desk: over real HTTP, as a browser without script sends it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningApp, startApp } from '../support/start-app.js';
import { type AtDesk, signIn } from './at-desk.js';

const start = Date.parse('2026-05-14T12:00:00Z');
let now = start;
let app: RunningApp;
let editor: AtDesk;

beforeAll(async () => {
  app = await startApp({ clock: () => now, env: { PALIMPSEST_TIMEZONE: 'Europe/Berlin' } });
  editor = await signIn(app, 'editor');
});
afterAll(() => app.dispose());

let count = 0;
/** Publishes a story; gives its id. */
async function published(members: Record<string, unknown> = {}): Promise<string> {
  now += 1000;
  const { json } = await app.ask('/api/stories', {
    as: 'standards',
    body: {
      headline: `Ferries stopped, ${++count}`,
      body: { markdown: 'First paragraph.\n\nSecond paragraph.' },
      ...members,
    },
  });
  return json.story.id;
}
const desk = (id: string, form = '') => `/desk/stories/${id}${form && `/${form}`}`;
const story = async (id: string) => (await app.ask(`/api/stories/${id}`)).json;

test('a story is written, looked at and published', async () => {
  const form = await editor.see('/desk/new');
  expect(form.status).toBe(200);
  const typed = {
    headline: 'Ferries stopped after fire at Quay 9',
    standfirst: 'Passengers led ashore unhurt',
    body: 'All ferries **stopped**.\r\n\r\nNobody was hurt.',
    authors: 'Ines Varga; Harbour reporter\r\nTom Achterberg',
    tags: 'ferries\r\nQuay 9',
    'speaker-1': 'Lena Okafor',
    'organisation-1': 'Bay Island Ferries',
    'words-1': '“Everybody is ashore.”',
    note: 'First report.',
  };
  const shown = await editor.preview('/desk/new', typed);
  expect(shown.status).toBe(200);
  expect(shown.text).toContain('The story is published as version 1.');
  expect(shown.text).toContain('A statement is added in version 1.');
  expect(shown.text).toContain('/stories/ferries-stopped-after-fire-at-quay-9');
  expect((await app.ask('/api/stories')).json.items).toEqual([]);

  const done = await editor.send(shown.action, { ...shown.values, step: 'act' });
  expect(done.status).toBe(303);
  const page = await editor.see(done.headers.get('location')!);
  expect(page.text).toContain('The story is recorded.');
  expect(await story('ferries-stopped-after-fire-at-quay-9')).toMatchObject({
    headline: 'Ferries stopped after fire at Quay 9',
    authors: [{ name: 'Ines Varga', role: 'Harbour reporter' }, { name: 'Tom Achterberg' }],
    tags: ['ferries', 'Quay 9'],
    note: 'First report.',
    statements: [{ speaker: 'Lena Okafor', organisation: 'Bay Island Ferries' }],
  });

  const again = await editor.send(shown.action, { ...shown.values, step: 'act' });
  expect(again.headers.get('location')).toBe(done.headers.get('location'));
});

test('what is refused comes back as it was typed, each fault with its field', async () => {
  const typed = {
    headline: '',
    body: '[press](javascript:alert)\r\n\r\n<b>& "so on"</b>',
    language: 'no language',
    slug: 'Not A Slug',
    'words-1': 'Words of nobody.',
    from: 'tomorrow',
  };
  const { status, values, html, text } = await editor.preview('/desk/new', typed);
  expect(status).toBe(422);
  expect(values).toMatchObject({ ...typed, body: typed.body.replaceAll('\r\n', '\n') });
  for (const field of ['headline', 'language', 'slug', 'speaker-1', 'from']) {
    expect([field, html.includes(`<a href="#${field}">`)]).toEqual([field, true]);
    expect([field, new RegExp(`id="${field}"[^>]*aria-describedby="[^"]*${field}-error`).test(html)]).toEqual([
      field,
      true,
    ]);
  }
  expect(text).toContain('things are to be mended');
});

test('a new version keeps what was not touched, and its blocks their keys', async () => {
  const id = await published({ section: 'Harbour', leadImage: { url: 'https://images.example/q.jpg', alt: 'Quay 9' } });
  const before = await story(id);
  const page = await editor.act(desk(id, 'write'), { standfirst: 'New standfirst', significance: 'minor' });
  expect(page.text).toContain('Version 2 is recorded.');
  const after = await story(id);
  expect(after).toMatchObject({ version: 2, standfirst: 'New standfirst', section: 'Harbour', significance: 'minor' });
  expect(after.body).toEqual(before.body);
  expect(after.leadImage).toEqual(before.leadImage);
});

test('what Markdown can’t say comes through an edit beside it', async () => {
  const span = (text: string, ...marks: string[]) => ({ _type: 'span', text, marks });
  const id = await published({
    body: [
      { _type: 'block', style: 'normal', children: [span('Told '), span('twice', 'underline')], markDefs: [] },
      { _type: 'embed', url: 'https://video.example/1', provider: 'Harbour cam' },
      { _type: 'poll', question: 'Will it sail?' },
      { _type: 'image', url: 'https://images.example/a.jpg', alt: 'A quay', caption: 'Quay 9', credit: 'I. Varga' },
      { _type: 'block', style: 'normal', children: [span('Last words.')], markDefs: [] },
    ],
  });
  const before = await story(id);
  const form = await editor.see(desk(id, 'write'));
  await editor.act(desk(id, 'write'), { body: form.values.body!.replace('Last words.', 'The very last words.') });
  const after = await story(id);
  expect(after.version).toBe(2);
  expect(after.body.slice(0, 4)).toEqual(before.body.slice(0, 4));
  expect(after.body[4].children[0].text).toBe('The very last words.');
});

test('a later time is an embargo by the publisher’s clocks, and readers see nothing of it', async () => {
  const id = await published();
  const shown = await editor.preview(desk(id, 'write'), { headline: 'Under embargo', from: '2026-05-15T06:00' });
  expect(shown.text).toContain('From Friday 15 May 2026, 06:00 CEST');
  await editor.send(shown.action, { ...shown.values, step: 'act' });
  expect((await story(id)).version).toBe(1);
  const { json } = await app.ask(`/api/stories/${id}/versions/2`, { as: 'editor' });
  expect(json).toMatchObject({ waiting: true, inForceFrom: '2026-05-15T04:00:00.000Z' });
  const form = await editor.see(desk(id, 'write?base=2'));
  expect(form.values.headline).toBe('Under embargo');
  expect(form.text).toContain('from the time of version 2');
});

test('a version that would cancel a waiting one has to say so', async () => {
  const id = await published();
  await editor.act(desk(id, 'write'), { headline: 'Waiting', from: '2026-05-15T06:00' });
  const refused = await editor.preview(desk(id, 'write'), { headline: 'Later', from: '2026-05-15T05:00' });
  expect(refused.status).toBe(409);
  expect(refused.text).toContain('This would cancel version 2');
  expect(refused.values.headline).toBe('Later');
  expect(refused.html).toContain('<a href="#supersedes">');
  const shown = await editor.send(refused.action, { ...refused.values, supersedes: '2', step: 'preview' });
  expect(shown.status).toBe(200);
  expect(shown.text).toContain('Version 2 is cancelled and never comes into force: version 3 takes its place.');
  expect((await editor.send(shown.action, { ...shown.values, step: 'act' })).status).toBe(303);
});

test('a time that has passed is refused, in words and in the publisher’s time', async () => {
  const id = await published();
  const refused = await editor.preview(desk(id, 'write'), { headline: 'Late', from: '2026-05-14T06:00' });
  expect(refused.status).toBe(422);
  expect(refused.text).toContain('Thursday 14 May 2026, 06:00:00 CEST has passed');
  expect(refused.values).toMatchObject({ headline: 'Late', from: '2026-05-14T06:00' });
});

test('who comes second is told what has happened, and loses nothing', async () => {
  const id = await published();
  const shown = await editor.preview(desk(id, 'write'), { headline: 'Mine' });
  const form = await editor.see(desk(id, 'write'));
  const other = await signIn(app, 'standards');
  await other.act(desk(id, 'write'), { standfirst: 'Theirs' });

  for (const [sent, step] of [
    [shown, 'act'],
    [form, 'preview'],
  ] as const) {
    const refused = await editor.send(sent.action, { ...sent.values, headline: 'Mine', step });
    expect([step, refused.status]).toEqual([step, 412]);
    expect(refused.text).toContain('Version 2 is written.');
    expect(refused.values.headline).toBe('Mine');
    expect(refused.html).toContain('/compare/1...2');
  }
  const refused = await editor.send(shown.action, { ...shown.values, step: 'act' });
  const looked = await editor.send(refused.action, { ...refused.values, step: 'preview' });
  expect(looked.status).toBe(200);
  await editor.send(looked.action, { ...looked.values, step: 'act' });
  expect(await story(id)).toMatchObject({ version: 3, headline: 'Mine', standfirst: 'Theirs' });
});

test('what others do while somebody mends a fault, or goes back, is noticed in the end', async () => {
  const id = await published();
  const other = await signIn(app, 'standards');
  const shown = await editor.preview(desk(id, 'write'), { headline: 'Mine' });
  const faulty = await editor.preview(desk(id, 'write'), { headline: 'Mine', from: 'some day' });
  expect(faulty.status).toBe(422);
  await other.act(desk(id, 'write'), { headline: 'Theirs' });
  for (const values of [
    { ...faulty.values, from: 'some other day', step: 'preview' },
    { ...shown.values, step: 'edit' },
    { ...shown.values, step: 'more' },
  ]) {
    const again = await editor.send(shown.action, values);
    const refused = await editor.send(again.action, { ...again.values, from: '', step: 'preview' });
    expect([values.step, refused.status]).toEqual([values.step, 412]);
    expect(refused.text).toContain('Version 2 is written.');
  }
});

test('a correction names what it corrects, and its notice is asked for', async () => {
  const id = await published();
  const path = desk(id, 'write?correct=1');
  const refused = await editor.preview(path, { body: 'First paragraph, put right.\n\nSecond paragraph.' });
  expect(refused.status).toBe(422);
  expect(refused.html).toContain('<a href="#notice">');
  // A retraction is listed among corrections, but takes a withdrawal.
  const retraction = await editor.preview(path, { kind: 'retraction', notice: 'None of it was so.' });
  expect([retraction.status, retraction.html.includes('<a href="#kind">')]).toEqual([422, true]);
  const shown = await editor.preview(path, { headline: 'Ferries running', notice: 'They had not stopped.' });
  expect(shown.text).toContain('A correction of version 1 is issued with version 2.');
  expect(shown.text).toContain('They had not stopped.');
  await editor.send(shown.action, { ...shown.values, step: 'act' });
  expect((await story(id)).corrections).toMatchObject([{ notice: 'They had not stopped.', corrects: [1] }]);
  const page = await editor.see(desk(id));
  expect(page.text).toContain('Correction with version 2, of 1');
});

test('an earlier version is restored, as it was or changed', async () => {
  const id = await published();
  await editor.act(desk(id, 'write'), { headline: 'Second' });
  const form = await editor.see(desk(id, 'write?restores=1'));
  expect(form.values.headline).toMatch(/^Ferries stopped/);
  const shown = await editor.preview(desk(id, 'write?restores=1'), {});
  expect(shown.text).toContain('Version 1 is brought back as version 3.');
  await editor.send(shown.action, { ...shown.values, step: 'act' });
  expect(await story(id)).toMatchObject({ version: 3, restored: 1 });
});

test('nothing changed is nothing to record', async () => {
  const id = await published();
  const shown = await editor.preview(desk(id, 'write'), {});
  expect(shown.text).toContain('This would change nothing');
  expect(shown.html).not.toContain('value="act"');
});

test('more statements than one are asked for without losing what was typed', async () => {
  const id = await published();
  const form = await editor.see(desk(id, 'write'));
  const more = await editor.send(form.action, {
    ...form.values,
    'speaker-1': 'Lena Okafor',
    'words-1': 'One.',
    step: 'more',
  });
  expect(more.values).toMatchObject({ 'speaker-1': 'Lena Okafor', 'words-1': 'One.', 'speaker-2': '' });
  const after = form.html.match(/<option value="([a-z0-9]+)">After “First paragraph/)![1]!;
  const shown = await editor.send(more.action, {
    ...more.values,
    'speaker-2': 'Tom Achterberg',
    'words-2': 'Two.',
    'after-2': after,
    step: 'preview',
  });
  await editor.send(shown.action, { ...shown.values, step: 'act' });
  const { statements, body } = await story(id);
  expect(statements.map(({ speaker }: { speaker: string }) => speaker).sort()).toEqual([
    'Lena Okafor',
    'Tom Achterberg',
  ]);
  expect(body.map((block: { children: { text: string }[] }) => block.children[0]!.text)).toEqual([
    'First paragraph.',
    'Two.',
    'Second paragraph.',
    'One.',
  ]);
});

test('going back from the preview finds everything as it was typed', async () => {
  const id = await published();
  const shown = await editor.preview(desk(id, 'write'), {
    headline: ' \u202eOdd & “quoted” <b> ',
    body: '\n\n  Indented\n\nEnd\n',
  });
  const back = await editor.send(shown.action, { ...shown.values, step: 'edit' });
  expect(back.values).toMatchObject({ headline: ' \u202eOdd & “quoted” <b> ', body: '\n\n  Indented\n\nEnd\n' });
});
