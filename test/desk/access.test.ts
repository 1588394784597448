/** Who gets to the desk: nobody unasked, and nobody loses what they typed when their session ends. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Tokens } from '../../src/access/tokens.js';
import { type RunningApp, startApp } from '../support/start-app.js';
import { signIn } from './at-desk.js';

let app: RunningApp;
let story: string;
beforeAll(async () => {
  app = await startApp();
  const { json } = await app.ask('/api/stories', {
    as: 'editor',
    body: { headline: 'Ferries stopped', body: { markdown: 'All of them.' } },
  });
  story = json.story.id;
});
afterAll(() => app.dispose());

const open = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${app.url}${path}`, { redirect: 'manual', headers: { accept: 'text/html', ...headers } });

test('a reader is asked to sign in, whether there is such a story or not, and comes back', async () => {
  for (const path of [
    '/desk',
    '/desk/new',
    `/desk/stories/${story}`,
    '/desk/stories/none',
    '/desk/stories/none/write',
  ]) {
    const answer = await open(path);
    expect([path, answer.status, answer.headers.get('location')]).toEqual([
      path,
      303,
      `/sign-in?back=${encodeURIComponent(path)}`,
    ]);
  }
  const page = await (await open('/sign-in?back=%2Fdesk%2Fnew')).text();
  expect(page).toContain('name="back" value="/desk/new"');
  const signedIn = (back: string) =>
    fetch(`${app.url}/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: app.url },
      body: new URLSearchParams({ token: app.token('editor'), back }),
    });
  expect((await signedIn('/desk/new')).headers.get('location')).toBe('/desk/new');
  for (const elsewhere of ['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example', 'desk']) {
    expect((await signedIn(elsewhere)).headers.get('location')).toBe('/');
  }
});

test('the header leads the signed-in to the desk, and nobody else', async () => {
  const editor = await signIn(app, 'editor');
  expect((await editor.see('/')).html).toContain('<a href="/desk">');
  expect(await (await open('/')).text()).not.toContain('/desk');
});

test('a session that has ended loses nothing that was typed', async () => {
  const tokens = new Tokens(app.data);
  const { token, secret } = tokens.create({ name: 'night editor', role: 'editor' });
  const editor = await signIn(app, 'editor', secret);
  const form = await editor.see(`/desk/stories/${story}/write`);
  tokens.revoke(token.id);

  const ended = await editor.send(form.action, { ...form.values, headline: 'Typed at night', step: 'act' });
  expect(ended.status).toBe(401);
  expect(ended.text).toContain('nothing was recorded');
  expect(ended.values).toMatchObject({ headline: 'Typed at night', step: 'edit' });
  const back = await signIn(app, 'editor');
  const again = await back.send(ended.action, ended.values);
  expect([again.status, again.values.headline]).toEqual([200, 'Typed at night']);
});

test('another site can neither write in somebody’s name nor put words on a page of ours', async () => {
  const editor = await signIn(app, 'editor');
  const form = await editor.see(`/desk/stories/${story}/write`);
  for (const step of ['preview', 'act']) {
    const values = { ...form.values, headline: 'Forged', step };
    const forged = await editor.send(form.action, values, { origin: 'https://evil.example' });
    expect(forged.status).toBe(403);
    const unsigned = await editor.send(form.action, values, { origin: 'https://evil.example', cookie: '' });
    expect([unsigned.status, unsigned.html.includes('Forged')]).toEqual([403, false]);
  }
  expect((await app.ask(`/api/stories/${story}`)).json.headline).toBe('Ferries stopped');
});

test('a token that may not read what staff read does not get to the desk', async () => {
  const { secret } = new Tokens(app.data).create({ name: 'writer', role: 'editor', only: ['new-version'] });
  const writer = await signIn(app, 'editor', secret);
  expect((await writer.see('/desk')).status).toBe(403);
  expect((await writer.see(`/desk/stories/${story}/write`)).status).toBe(403);
});

test('what is no form is refused', async () => {
  const json = await app.ask(`/desk/stories/${story}/write`, { as: 'editor', body: { headline: { no: 'text' } } });
  expect([json.status, json.json.code]).toEqual([400, 'malformed-form']);
  expect((await app.ask('/desk/new', { as: 'editor', body: ['x', 1] })).status).toBe(400);
});

test('what is recorded and not yet to be seen here is said to be recorded', async () => {
  const editor = await signIn(app, 'editor');
  const late = await editor.see('/desk/stories/5f0c8d5e-0000-4000-8000-000000000000?done=new&late=');
  expect(late.text).toContain('This node doesn’t show it yet');
  const known = await editor.see(`/desk/stories/${story}?done=write&version=2&late=`);
  expect(known.text).toContain('Version 2 is recorded.');
  expect(known.text).toContain('This node doesn’t show it yet');
});

test('pages of the desk have no script and no style of their own, and are nobody’s to keep', async () => {
  const editor = await signIn(app, 'editor');
  for (const path of ['/desk', '/desk/new', `/desk/stories/${story}`, `/desk/stories/${story}/write`]) {
    const { html, headers } = await editor.see(path);
    expect(html).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=/i);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('cache-control')).toContain('no-store');
  }
});
