/** Everything at the desk that is not writing: each form looked at first, then done, and refused with what was typed. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningApp, startApp } from '../support/start-app.js';
import { type AtDesk, signIn } from './at-desk.js';

let now = Date.parse('2026-05-14T12:00:00Z');
let app: RunningApp;
let editor: AtDesk;
let standards: AtDesk;
let auditor: AtDesk;

beforeAll(async () => {
  app = await startApp({ clock: () => now, env: { PALIMPSEST_TIMEZONE: 'Europe/Berlin' } });
  [editor, standards, auditor] = await Promise.all([
    signIn(app, 'editor'),
    signIn(app, 'standards'),
    signIn(app, 'auditor'),
  ]);
});
afterAll(() => app.dispose());

let count = 0;
async function published(members: Record<string, unknown> = {}): Promise<string> {
  now += 1000;
  const body = {
    headline: `Ferries stopped, ${++count}`,
    body: { markdown: 'Lena Okafor spoke.\n\nMore.' },
    ...members,
  };
  return (await app.ask('/api/stories', { as: 'standards', body })).json.story.id;
}
async function written(id: string, body: object): Promise<void> {
  now += 1000;
  const headers = { 'if-match': '*' };
  expect((await app.ask(`/api/stories/${id}/versions`, { as: 'standards', body, headers })).status).toBe(201);
}
const desk = (id: string, form = '') => `/desk/stories/${id}${form && `/${form}`}`;
const version = async (id: string, number: number) =>
  (await app.ask(`/api/stories/${id}/versions/${number}`, { as: 'standards' })).json;
const tomorrow = '2026-05-15T04:00:00Z';

const withdrawals = [
  ['unpublished', 410, 'answer 410 Gone, with no explanation'],
  ['retracted', 200, 'the notice above the last text'],
  ['killed', 410, 'answers 410 Gone with the notice'],
  ['takedown', 451, 'answer 451'],
] as const;
test.each(withdrawals)('withdrawn as %s, readers get %i, and the desk says so before', async (kind, status, said) => {
  const id = await published();
  const shown = await standards.preview(desk(id, 'withdraw'), { kind, notice: 'A notice of ours.' });
  expect(shown.text).toContain(said);
  expect((await app.ask(`/stories/${id}`, { headers: { accept: 'text/html' } })).status).not.toBe(
    status === 200 ? 404 : status,
  );
  const done = await standards.send(shown.action, { ...shown.values, step: 'act' });
  expect(done.status).toBe(303);
  const page = await standards.see(done.headers.get('location')!);
  expect(page.text).toContain('The withdrawal is recorded.');
  expect(page.text).toContain('A notice of ours.');
  expect((await app.ask(`/api/stories/${id}`)).status).toBe(status);
});

test('an editor is offered what an editor may do, and no more', async () => {
  const id = await published();
  const form = await editor.see(desk(id, 'withdraw'));
  expect(form.html).toContain('value="retracted"');
  expect(form.html).not.toContain('value="killed"');
  const forged = await editor.send(form.action, { ...form.values, kind: 'killed', step: 'preview' });
  expect(forged.status).toBe(422);
  const page = await editor.see(desk(id));
  for (const link of ['/hide?of=1', '/time?of=1', '/words', '/replay'])
    expect([link, page.html.includes(link)]).toEqual([link, false]);
  expect((await editor.see(desk(id, 'hide?of=1'))).status).toBe(403);
  const own = await standards.see(desk(id));
  for (const link of ['/hide?of=1', '/time?of=1', '/words'])
    expect([link, own.html.includes(link)]).toEqual([link, true]);
});

test('a kill is ended only by those who may impose one', async () => {
  const id = await published();
  await standards.act(desk(id, 'withdraw'), { kind: 'killed' });
  const refused = await editor.preview(desk(id, 'reinstate'), { note: 'It was right.' });
  expect(refused.status).toBe(403);
  expect(refused.values.note).toBe('It was right.');
  const page = await standards.act(desk(id, 'reinstate'), { note: 'It was right.' });
  expect(page.text).toContain('The story is reinstated.');
  expect((await app.ask(`/api/stories/${id}`)).status).toBe(200);
});

test('a story gets another address, and a taken one is refused', async () => {
  const id = await published({ slug: 'first-address' });
  await published({ slug: 'taken-address' });
  const refused = await editor.preview(desk(id, 'slug'), { slug: 'taken-address' });
  expect([refused.status, refused.values.slug]).toEqual([409, 'taken-address']);
  expect(refused.html).toContain('<a href="#slug">');
  const shown = await editor.preview(desk(id, 'slug'), { slug: 'second-address' });
  expect(shown.text).toContain('/stories/second-address');
  await editor.send(shown.action, { ...shown.values, step: 'act' });
  expect((await app.ask('/api/stories/first-address')).headers.get('location')).toBe('/api/stories/second-address');
  expect((await editor.see(desk('first-address'))).status).toBe(200);
});

test('a waiting version is cancelled, or comes into force now, or at another time', async () => {
  const id = await published();
  await written(id, { headline: 'Waiting', inForceFrom: tomorrow });
  const page = await standards.see(desk(id));
  expect(page.text).toContain('Version 2 waits until 15 May, 06:00 CEST');

  const later = await standards.preview(desk(id, 'time?of=2'), { when: 'at', from: '2026-05-15T08:00' });
  expect(later.text).toContain('The time of version 2 is changed to Friday 15 May 2026, 08:00 CEST.');
  await standards.send(later.action, { ...later.values, step: 'act' });
  expect((await version(id, 2)).inForceFrom).toBe('2026-05-15T06:00:00.000Z');

  const past = await standards.preview(desk(id, 'time?of=2'), {
    when: 'at',
    from: '2026-05-13T08:00',
    reason: 'Told late.',
  });
  expect(past.status).toBeGreaterThanOrEqual(409);
  expect(past.values).toMatchObject({ from: '2026-05-13T08:00', reason: 'Told late.' });

  await standards.act(desk(id, 'time?of=2'), { when: 'now' });
  expect((await version(id, 2)).current).toBe(true);

  await written(id, { headline: 'Waiting again', inForceFrom: tomorrow });
  const cancelled = await editor.act(desk(id, 'cancel?of=3'), { reason: 'Not to be.' });
  expect(cancelled.text).toContain('Version 3 is cancelled.');
  const again = await editor.preview(desk(id, 'cancel?of=3'), { reason: 'Once more.' });
  expect([again.status, again.values.reason]).toEqual([409, 'Once more.']);
});

test('note, significance and labels of a version change, each by its form', async () => {
  const id = await published({ note: 'First note.' });
  const form = await editor.see(desk(id, 'note?of=1'));
  expect(form.values.note).toBe('First note.');
  await editor.act(desk(id, 'note?of=1'), { note: 'Second note.' });
  await written(id, { standfirst: 'Second' });
  await editor.act(desk(id, 'significance?of=2'), { significance: 'minor', reason: 'Only a phrase.' });
  await editor.act(desk(id, 'labels?of=2'), { labels: 'checked\r\nlegal' });
  expect(await version(id, 1)).toMatchObject({ note: 'Second note.' });
  expect(await version(id, 2)).toMatchObject({ significance: 'minor', labels: ['checked', 'legal'] });
  await editor.act(desk(id, 'note?of=1'), { note: '' });
  expect((await version(id, 1)).note).toBeNull();
  const long = await editor.preview(desk(id, 'note?of=1'), { note: 'x'.repeat(3000) });
  expect([long.status, long.values.note?.length]).toEqual([422, 3000]);
});

test('a version is hidden and shown again; the one in force only when that is confirmed', async () => {
  const id = await published();
  await written(id, { standfirst: 'Second' });
  await standards.act(desk(id, 'hide?of=1'), { reason: 'Names a minor.' });
  expect((await app.ask(`/api/stories/${id}/versions/1`)).status).toBe(410);
  const page = await standards.see(desk(id));
  expect(page.html).toContain('/show?of=1');
  await standards.act(desk(id, 'show?of=1'), {});
  expect((await app.ask(`/api/stories/${id}/versions/1`)).status).toBe(200);

  const refused = await standards.preview(desk(id, 'hide?of=2'), { reason: 'All of it.' });
  expect([refused.status, refused.values.reason]).toEqual([409, 'All of it.']);
  expect(refused.html).toContain('<a href="#force">');
  const shown = await standards.send(refused.action, { ...refused.values, force: 'yes', step: 'preview' });
  expect(shown.status).toBe(200);
  expect((await standards.send(shown.action, { ...shown.values, step: 'act' })).status).toBe(303);
  expect((await app.ask(`/api/stories/${id}/versions/2`)).status).toBe(410);
});

test('a notice is changed and taken back', async () => {
  const id = await published();
  await written(id, { headline: 'Put right', correction: { notice: 'It was wrong.' } });
  const page = await editor.see(desk(id));
  const correction = page.html.match(/notice\?of=([^"]+)"/)![1]!;
  const form = await editor.see(desk(id, `notice?of=${correction}`));
  expect(form.values.notice).toBe('It was wrong.');
  await editor.act(desk(id, `notice?of=${correction}`), { notice: 'The headline was wrong.' });
  const corrections = async () => (await app.ask(`/api/stories/${id}`)).json.corrections;
  expect(await corrections()).toMatchObject([{ notice: 'The headline was wrong.' }]);
  await editor.act(desk(id, `notice?of=${correction}`), { back: 'yes' });
  expect(await corrections()).toEqual([]);

  await standards.act(desk(id, 'withdraw'), { kind: 'retracted', notice: 'Not ours any more.' });
  const withdrawal = (await editor.see(desk(id))).html.match(
    /notice\?of=([^"]+)"[^>]*>[^<]*<span class="hidden"> of the withdrawal/,
  )![1]!;
  await editor.act(desk(id, `notice?of=${withdrawal}`), { notice: 'We do not stand by it.' });
  expect((await app.ask(`/api/stories/${id}`)).json.story.withdrawal.notice).toBe('We do not stand by it.');
});

test('a name is found in every text of every version, hidden with other words instead, and shown again', async () => {
  const id = await published();
  await written(id, { standfirst: 'Lena Okafor explains' });
  const path = desk(id, 'words');
  const found = await standards.preview(path, { phrase: 'lena okafor', taking: 'hide-texts' });
  expect(found.text).toContain('Found in 2 texts');
  expect(found.text).toContain('Text, versions 1, 2, in force');
  expect(found.html).toContain('<mark>Lena Okafor</mark>');
  expect(found.values.standfirst).toBe('Lena Okafor explains');

  const unmended = await standards.send(found.action, { ...found.values, step: 'preview' });
  expect(unmended.status).toBe(409);
  const typed = { standfirst: 'The company explains', body: 'The company spoke.\n\nMore.', reason: 'A court said so.' };
  const shown = await standards.send(found.action, { ...found.values, ...typed, step: 'preview' });
  expect(shown.status).toBe(200);
  expect(shown.text).toContain('2 texts are hidden from readers wherever they stand.');
  expect(shown.text).toContain('Version 3 is written.');
  const done = await standards.send(shown.action, { ...shown.values, step: 'act' });
  expect(done.status).toBe(303);
  const again = await standards.send(shown.action, { ...shown.values, step: 'act' });
  expect(again.headers.get('location')).toBe(done.headers.get('location'));
  for (const number of [1, 2, 3]) {
    expect((await app.ask(`/api/stories/${id}/versions/${number}`)).text).not.toContain('Okafor');
  }
  const page = await standards.see(desk(id));
  expect(page.text).toContain('2 texts hidden since');
  const hiding = page.html.match(/unhide\?of=(\d+)/)![1]!;
  await standards.act(desk(id, `unhide?of=${hiding}`), { reason: 'The order was lifted.' });
  expect((await app.ask(`/api/stories/${id}/versions/1`)).text).toContain('Okafor');
  expect((await standards.see(desk(id))).html).not.toContain('unhide');
});

test('only what is ticked is erased, on somebody’s order', async () => {
  const id = await published();
  await written(id, { standfirst: 'Lena Okafor explains' });
  await written(id, { standfirst: 'Nobody explains', body: { markdown: 'Somebody spoke.\n\nMore.' } });
  const found = await standards.preview(desk(id, 'words'), { phrase: 'Okafor', taking: 'erase-texts' });
  const boxes = Object.keys(found.values).filter((name) => name.startsWith('text-'));
  expect(boxes).toHaveLength(2);
  const { [boxes.find((name) => name.includes('body'))!]: _, ...kept } = found.values;
  const refused = await standards.send(found.action, { ...kept, reason: 'Order 7', step: 'preview' });
  expect([refused.status, refused.values.reason]).toEqual([422, 'Order 7']);
  expect(refused.html).toContain('<a href="#authority">');
  const shown = await standards.send(found.action, { ...kept, authority: 'court-order', step: 'preview' });
  expect(shown.text).toContain('1 text is erased for ever');
  expect((await standards.send(shown.action, { ...shown.values, step: 'act' })).status).toBe(303);
  expect((await version(id, 2)).standfirst).toMatchObject({ _absent: expect.stringMatching(/^eras/) });
  expect(JSON.stringify((await version(id, 1)).body)).toContain('Okafor');
});

test('what is nowhere is found nowhere, and the words stay typed', async () => {
  const id = await published();
  const found = await standards.preview(desk(id, 'words'), { phrase: 'nobody’s name', taking: 'hide-texts' });
  expect(found.text).toContain('No text of this story holds these words.');
  expect(found.values.phrase).toBe('nobody’s name');
});

test('an auditor reads the desk, writes nothing, and steps through the record', async () => {
  const id = await published();
  await written(id, { standfirst: 'Second', inForceFrom: tomorrow });
  const page = await auditor.see(desk(id));
  expect(page.status).toBe(200);
  expect(page.html).not.toMatch(/\/write|\/withdraw|details class="acts"/);
  expect((await auditor.see(desk(id, 'write'))).status).toBe(403);
  expect((await auditor.see('/desk/new')).status).toBe(403);
  const first = await auditor.see(desk(id, 'replay'));
  expect(first.text).toContain('Revision 0: StoryPublished');
  expect(first.text).toContain('headline as it was recorded');
  const second = await auditor.see(desk(id, 'replay?at=1'));
  expect(second.text).toContain('Revision 1: StoryUpdated');
  expect(second.text).toContain('version 2 waiting until Friday 15 May 2026, 06:00 CEST');
  expect((await editor.see(desk(id, 'replay'))).status).toBe(403);
});

test('the desk lists what waits, what is withdrawn and what is in force, and finds words', async () => {
  const id = await published({ headline: 'A sea wall for Eyot Island' });
  await written(id, { headline: 'A higher wall', inForceFrom: tomorrow });
  const away = await published({ headline: 'Mayor said to resign' });
  await standards.act(desk(away, 'withdraw'), { kind: 'killed' });
  const page = await editor.see('/desk');
  expect(page.text).toMatch(
    /Waiting.*A higher wall.*Withdrawn.*Mayor said to resign.*In force.*A sea wall for Eyot Island/,
  );
  const sought = await editor.see('/desk?q=wall');
  expect(sought.text).toContain('A sea wall for Eyot Island');
  expect(sought.text).not.toContain('Mayor');
  expect((await editor.see('/desk?q=zeppelin')).text).toContain('Nothing in force says “zeppelin”.');
});

test('there is no form of another name, and none of a story that is not there', async () => {
  const id = await published();
  for (const name of ['constructor', 'new', 'nothing']) expect((await standards.see(desk(id, name))).status).toBe(404);
  expect((await standards.see(desk('no-such-story'))).status).toBe(404);
  expect((await standards.see(desk(id, 'note?of=9'))).status).toBe(404);
  expect((await standards.see(desk(id, 'note'))).status).toBe(400);
  expect((await standards.see(desk(id, 'notice?of=nothing'))).status).toBe(404);
  expect((await standards.see(`${desk(id)}?done=constructor`)).status).toBe(200);
});

test('other words are put where readers are given those that go, and the desk says when no file holds them', async () => {
  const id = await published({ standfirst: 'What LENA  Okafor (47) said.' });
  const found = await standards.preview(desk(id, 'words'), {
    phrase: 'lena okafor',
    instead: 'A woman',
    taking: 'erase-texts',
  });
  expect(found.values).toMatchObject({ standfirst: 'What A woman (47) said.', body: 'A woman spoke.\n\nMore.\n' });
  const shown = await standards.send(found.action, { ...found.values, authority: 'court-order', step: 'preview' });
  expect(shown.text).toContain('2 texts are erased for ever');
  expect(shown.text).toContain('Standfirst, version 1, in force: “What LENA Okafor (47) said.”');
  expect(shown.html).toContain('>Erase these texts for good</button>');
  const done = await standards.send(shown.action, { ...shown.values, step: 'act' });
  const after = await standards.see(done.headers.get('location')!);
  expect(after.text).toMatch(/The words are erased: (no file of this service holds|nobody is given) them any more/);
  expect(await app.ask(`/api/stories/${id}?format=text`).then(({ text }) => text)).toContain('A woman spoke.');
});

test('a restoration is compared with what readers have until then, and warns of what has been corrected', async () => {
  const id = await published();
  await written(id, { body: { markdown: 'Tom Achterberg spoke.\n\nMore.' }, correction: { notice: 'It was Tom.' } });
  const form = await standards.see(desk(id, 'write?restores=1'));
  expect(form.text).toContain('It has since been corrected');
  const shown = await standards.preview(desk(id, 'write?restores=1'), {});
  expect(shown.text).toContain('The words, compared with version 2');
  expect(shown.html).toMatch(/<del>.*Tom Achterberg.*<\/del>/s);
});

test('what others have imposed is not offered to be changed or ended', async () => {
  const id = await published();
  await standards.act(desk(id, 'withdraw'), { kind: 'killed' });
  const offers = async (who: AtDesk) => (await who.see(desk(id))).text;
  expect(await offers(standards)).toContain('Reinstate the story');
  expect(await offers(editor)).not.toMatch(/Reinstate the story|Change the withdrawal/);
  const list = (await editor.see('/desk')).html;
  expect(list.slice(list.indexOf('id="in-force"'))).not.toContain(id);
  expect(list).toContain(id);
});
