import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Controller, Get, Post } from '@nestjs/common';
import { CurrentViewer, Needs, need } from '../../src/access/guard.js';
import { narrowed, type Right, type Role, rightsOf, roles } from '../../src/access/rights.js';
import { sessionLength } from '../../src/access/sessions.js';
import { Tokens } from '../../src/access/tokens.js';
import type { Viewer } from '../../src/access/viewer.js';
import { freshFolder, type Service, serve } from './app.js';

@Controller('api')
class Door {
  @Get('who')
  who(@CurrentViewer() { audience, actor, name, role, onBehalf }: Viewer) {
    return { audience, actor, name, role, onBehalf };
  }
  @Post('stories')
  @Needs('publish')
  publish() {
    return { published: true };
  }
  @Post('withdrawals')
  withdraw(@CurrentViewer() viewer: Viewer) {
    need(viewer, 'takedown');
    return { withdrawn: true };
  }
}

let service: Service;
let tokens: Tokens;
beforeAll(async () => {
  service = await serve({ controllers: [Door] });
  tokens = service.app.get(Tokens);
});
afterAll(() => service.stop());

const make = (role: Role, more: { only?: Right[]; onBehalf?: boolean; lifetime?: number } = {}) =>
  tokens.create({ name: `${role} of the day`, role, ...more });
const call = (path: string, init: RequestInit = {}, at = service) =>
  fetch(at.url + path, { redirect: 'manual', ...init });
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const post = (path: string, headers: Record<string, string>, body?: URLSearchParams, at = service) =>
  call(path, { method: 'POST', headers, body }, at);
// biome-ignore lint/suspicious/noExplicitAny: answers differ.
const json = async (response: Promise<Response>): Promise<any> => (await response).json();
const signIn = async (secret: string, at = service, headers: Record<string, string> = { origin: at.url }) => {
  const response = await post('/sign-in', headers, new URLSearchParams({ token: secret }), at);
  return { response, cookie: (response.headers.get('set-cookie') ?? '').split(';')[0]! };
};

/** Of publishing; unlike `fetch` it may send any Host. */
const statusOf = ({ port }: Service, headers: Record<string, string>) =>
  new Promise<number | undefined>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/api/stories', method: 'POST', headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    })
      .on('error', reject)
      .end();
  });

describe('a token', () => {
  test('says who is asking; without one it is a reader', async () => {
    const { token, secret } = make('editor', { onBehalf: true });
    expect(await json(call('/api/who', { headers: bearer(secret) }))).toEqual({
      audience: 'staff',
      actor: token.id,
      name: 'editor of the day',
      role: 'editor',
      onBehalf: true,
    });
    expect(await json(call('/api/who'))).toEqual({ audience: 'public', onBehalf: false });
  });

  test.each(['Bearer pal_wrong', `Bearer pal_${'A'.repeat(43)}`, 'Bearer', 'Basic aTp2', ''])(
    'that is not good (%s) is an error, also where readers may go',
    async (authorization) => {
      const response = await call('/api/who', { headers: { authorization } });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
      expect((await response.json()).code).toBe('bad-token');
    },
  );

  test('that expires is good until then and not after', async () => {
    const { secret } = make('editor', { lifetime: 60_000 });
    expect((await call('/api/who', { headers: bearer(secret) })).status).toBe(200);
    service.pass(60_001);
    expect((await call('/api/who', { headers: bearer(secret) })).status).toBe(401);
  });

  test('narrowed to some rights has no others, and reads what readers read unless it may read all', async () => {
    const wire = make('editor', { only: ['publish'] });
    expect((await json(call('/api/who', { headers: bearer(wire.secret) }))).audience).toBe('public');
    expect((await post('/api/stories', bearer(wire.secret))).status).toBe(201);
    const narrow = make('standards', { only: ['hide', 'read-all'] });
    expect((await json(call('/api/who', { headers: bearer(narrow.secret) }))).audience).toBe('staff');
    for (const [path, right] of [
      ['/api/stories', 'publish'],
      ['/api/withdrawals', 'takedown'],
    ] as const) {
      const refused = await post(path, bearer(narrow.secret));
      const { code, right: named, detail } = await refused.json();
      expect([refused.status, code, named]).toEqual([403, 'forbidden', right]);
      expect(detail).toMatch(/narrowed/);
    }
  });

  test('that another process makes or revokes is so at once', async () => {
    const elsewhere = new Tokens(service.config.data);
    const { token, secret } = elsewhere.create({ name: 'wire desk', role: 'editor' });
    expect((await call('/api/who', { headers: bearer(secret) })).status).toBe(200);
    expect(elsewhere.revoke('wire desk').map(({ id }) => id)).toEqual([token.id]);
    expect((await call('/api/who', { headers: bearer(secret) })).status).toBe(401);
  });

  test('revoked by a name that was used before is revoked all the same', () => {
    const first = tokens.create({ name: 'night desk', role: 'editor' });
    tokens.revoke('night desk');
    const second = tokens.create({ name: 'night desk', role: 'editor' });
    expect(tokens.find(second.secret)).toBeDefined();
    expect(tokens.revoke('night desk').map(({ id }) => id)).toEqual([second.token.id]);
    expect([tokens.find(first.secret), tokens.find(second.secret)]).toEqual([undefined, undefined]);
    expect(tokens.revoke('nobody')).toEqual([]);
  });

  test('is kept as a hash only, in a file that nobody else may read', () => {
    const { secret } = make('auditor');
    const file = join(service.config.data, 'tokens.json');
    expect(readFileSync(file, 'utf8')).not.toContain(secret.slice(4));
    for (const name of ['tokens.json', 'session.key']) {
      expect(statSync(join(service.config.data, name)).mode & 0o777).toBe(0o600);
    }
  });

  test('file that is damaged stops requests with credentials, loudly, and no others', async () => {
    const damaged = await serve({ controllers: [Door] });
    writeFileSync(join(damaged.config.data, 'tokens.json'), '{');
    const secret = `pal_${'A'.repeat(43)}`;
    expect((await call('/api/who', { headers: bearer(secret) }, damaged)).status).toBe(500);
    expect(damaged.log.join('')).toContain('tokens.json cannot be read as tokens');
    expect((await call('/api/who', {}, damaged)).status).toBe(200);
    await damaged.stop();
  });
});

describe('rights', () => {
  const all: Right[] = [...new Set(roles.flatMap((role) => [...rightsOf[role]]))];

  test('are those of the table', () => {
    const table = Object.fromEntries(all.map((right) => [right, roles.filter((role) => rightsOf[role].has(right))]));
    const writers = ['editor', 'standards'];
    const both = ['publish', 'new-version', 'cancel', 'slug', 'amend', 'reclassify', 'label'];
    const withdrawing = ['unpublish', 'retract', 'reinstate'];
    const grave = ['kill', 'takedown', 'hide', 'show', 'erase', 'force', 'correct-times', 'import'];
    expect(table).toEqual({
      ...Object.fromEntries([...both, ...withdrawing].map((right) => [right, writers])),
      ...Object.fromEntries(grave.map((right) => [right, ['standards']])),
      'read-all': ['editor', 'standards', 'auditor'],
      'read-record': ['auditor'],
    });
  });

  test.each<[Role, string[], RegExp]>([
    ['editor', ['publish', 'kill'], /no "kill" among the rights of the role editor: publish, new-version, cancel/],
    ['auditor', ['read', ''], /no "read", "" among the rights of the role auditor: read-all, read-record$/],
    ['editor', ['toString'], /no "toString"/],
    ['editor', [], /none named of the rights/],
    ['standards', ['hide', 'erase'], /hide and erase would show every word, so add read-all/],
    ['auditor', ['read-record'], /add read-all/],
  ])('%s cannot be narrowed to %j, and is told why', (role, names, why) => {
    expect(narrowed(role, names)).toEqual({ ok: false, detail: expect.stringMatching(why) });
  });

  test('named twice or in another order are the same rights', () => {
    expect(narrowed('editor', ['read-all', 'slug', 'publish', 'slug'])).toEqual({
      ok: true,
      only: ['publish', 'slug', 'read-all'],
    });
  });

  test('a reader who writes is asked to sign in', async () => {
    const response = await post('/api/stories', {});
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="palimpsest"']);
    expect((await response.json()).code).toBe('not-signed-in');
  });

  test('a role without the right is refused by the right’s name, whether the route or the command asks for it', async () => {
    const publish = await post('/api/stories', bearer(make('auditor').secret));
    expect([publish.status, (await publish.json()).right]).toEqual([403, 'publish']);
    const takedown = await post('/api/withdrawals', bearer(make('editor').secret));
    expect([takedown.status, (await takedown.json()).right]).toEqual([403, 'takedown']);
    expect((await post('/api/withdrawals', bearer(make('standards').secret))).status).toBe(201);
  });
});

describe('a session', () => {
  test('begins with a button, not with the link alone, and ends with another', async () => {
    const { secret } = make('editor');
    const page = await call(`/sign-in?token=${secret}`);
    expect(page.headers.get('set-cookie')).toBeNull();
    expect(page.headers.get('cache-control')).toMatch(/no-store/);
    expect(await page.text()).toContain(`<input type="hidden" name="token" value="${secret}"`);

    const { response, cookie } = await signIn(secret);
    expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
    expect(response.headers.get('set-cookie')).toMatch(/; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/);
    expect((await json(call('/api/who', { headers: { cookie } }))).role).toBe('editor');

    const out = await post('/sign-out', { cookie, origin: service.url });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([
      303,
      expect.stringMatching(/^palimpsest_session=;.*1970/),
    ]);
  });

  test('does not begin with a wrong token', async () => {
    const { response } = await signIn('pal_wrong');
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('That token is not good');
  });

  test('shows who is signed in on every page, and a problem page too', async () => {
    const { cookie } = await signIn(make('standards').secret);
    const page = await call('/sign-in', { headers: { cookie } });
    expect(await page.text()).toContain('standards of the day, standards');
  });

  test('ends when its token is revoked, and after twelve hours', async () => {
    const { token, secret } = make('editor');
    const audience = async (cookie: string) => (await json(call('/api/who', { headers: { cookie } }))).audience;
    const first = await signIn(secret);
    expect(await audience(first.cookie)).toBe('staff');
    service.pass(sessionLength + 1);
    expect(await audience(first.cookie)).toBe('public');
    const second = await signIn(secret);
    expect(await audience(second.cookie)).toBe('staff');
    tokens.revoke(token.id);
    expect(await audience(second.cookie)).toBe('public');
  });

  test('cannot be made up or changed', async () => {
    const [mine, other] = [make('auditor'), make('standards')];
    const { cookie } = await signIn(mine.secret);
    for (const forged of [
      cookie.replace(mine.token.id, other.token.id),
      cookie.replace(/\.(\d+)\./, (_, end) => `.${Number(end) + 1}.`),
      `palimpsest_session=${other.token.id}.9999999999999.`,
      `${cookie}.x`,
    ]) {
      expect((await json(call('/api/who', { headers: { cookie: forged } }))).audience).toBe('public');
    }
  });

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a page without origin', { origin: 'null' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['another site, said otherwise', { 'sec-fetch-site': 'same-site' }],
    ['nobody knows where', {}],
  ])('changes nothing for %s', async (_, from) => {
    const { secret } = make('editor');
    const { cookie } = await signIn(secret);
    const response = await post('/api/stories', { cookie, ...(from as Record<string, string>) });
    expect([response.status, (await response.json()).code]).toEqual([403, 'cross-origin']);
    expect((await signIn(secret, service, from as Record<string, string>)).response.status).toBe(403);
  });

  test('changes what its role may from our own pages', async () => {
    const { cookie } = await signIn(make('editor').secret);
    expect((await post('/api/stories', { cookie, origin: service.url })).status).toBe(201);
    expect((await post('/api/stories', { cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(201);
  });

  test('a name that somebody points at us (DNS rebinding) is none of ours', async () => {
    const { cookie } = await signIn(make('editor').secret);
    const named = (host: string) => ({ cookie, host, origin: `http://${host}` });
    expect(await statusOf(service, named(`localhost:${service.port}`))).toBe(201);
    expect(await statusOf(service, named(`evil.example:${service.port}`))).toBe(403);
  });
});

test('what is asked with credentials is for the one who asked; what readers get is not', async () => {
  const { secret } = make('editor');
  const { cookie } = await signIn(secret);
  for (const headers of [bearer(secret), { cookie }, bearer('pal_wrong')]) {
    expect((await call('/api/who', { headers })).headers.get('cache-control')).toBe('private, no-store, no-transform');
  }
  expect((await call('/api/who')).headers.get('cache-control')).toMatch(/^public, max-age=\d\b/);
});

test('the log knows no token and no cookie', async () => {
  const { secret } = make('editor');
  const { cookie } = await signIn(secret);
  await call(`/sign-in?token=${secret}`, { headers: { cookie } });
  expect(service.log.join('')).not.toContain(secret);
  expect(service.log.join('')).not.toContain(cookie.split('=')[1]);
});

describe('the first start', () => {
  test('makes a token for each role, once, and tells them while they are good', async () => {
    const local = await serve({ controllers: [Door] });
    const ours = local.app.get(Tokens);
    expect(ours.firstStart()).toBe(true);
    const secrets = ours.firstStartSecrets();
    expect(Object.keys(secrets)).toEqual(['editor', 'standards', 'auditor']);
    expect(statSync(join(local.config.data, 'first-start-tokens.json')).mode & 0o777).toBe(0o600);
    expect((await json(call('/api/who', { headers: bearer(secrets.standards!) }, local))).role).toBe('standards');

    expect(ours.firstStart()).toBe(false);
    ours.revoke('first start, editor');
    expect(Object.keys(ours.firstStartSecrets())).toEqual(['standards', 'auditor']);
    await local.stop();
  });

  test.each([
    ['listens on every address', { PALIMPSEST_HOST: '0.0.0.0' }, {}],
    ['is reached from the world', { PALIMPSEST_PUBLIC_URL: 'https://courier.example' }, {}],
    ['stands behind a proxy', {}, { 'x-forwarded-for': '203.0.113.9' }],
  ])('tokens are refused where the service %s', async (_, env, headers) => {
    const open = await serve({ controllers: [Door] }, env as Record<string, string>);
    const ours = open.app.get(Tokens);
    ours.firstStart();
    const secret = ours.firstStartSecrets().editor!;
    const response = await call(
      '/api/who',
      { headers: { ...bearer(secret), ...(headers as Record<string, string>) } },
      open,
    );
    expect([response.status, (await response.json()).code]).toEqual([401, 'bad-token']);
    expect(
      (await signIn(secret, open, { origin: open.url, ...(headers as Record<string, string>) })).response.status,
    ).toBe(401);
    const made = ours.create({ name: 'desk', role: 'editor' }).secret;
    expect((await call('/api/who', { headers: bearer(made) }, open)).status).toBe(200);
    await open.stop();
  });
});

test('behind TLS the cookie is secure, the public origin is ours, and browsers are told to stay with TLS', async () => {
  const open = await serve({ controllers: [Door] }, { PALIMPSEST_PUBLIC_URL: 'https://courier.example' });
  const { secret } = open.app.get(Tokens).create({ name: 'desk', role: 'editor' });
  const { response, cookie } = await signIn(secret, open, { origin: 'https://courier.example' });
  expect(response.headers.get('set-cookie')).toContain('; Secure;');
  expect(response.headers.get('strict-transport-security')).toContain('max-age=');
  expect(await statusOf(open, { cookie, host: 'courier.example', origin: 'https://courier.example' })).toBe(201);
  await open.stop();
});

test('nodes with one access folder know the same tokens and the same sessions; a new key ends them on every node', async () => {
  const env = { PALIMPSEST_ACCESS: freshFolder() };
  const [one, another] = [await serve({ controllers: [Door] }, env), await serve({ controllers: [Door] }, env)];
  const alone = await serve({ controllers: [Door] });
  const who = (headers: Record<string, string>, at: Service) => call('/api/who', { headers }, at);
  const { secret } = one.app.get(Tokens).create({ name: 'desk', role: 'editor' });
  expect((await who(bearer(secret), another)).status).toBe(200);
  expect((await who(bearer(secret), alone)).status).toBe(401);

  const { cookie } = await signIn(secret, one);
  expect((await json(who({ cookie }, another))).name).toBe('desk');
  expect((await json(who({ cookie }, alone))).audience).toBe('public');

  rmSync(join(env.PALIMPSEST_ACCESS, 'session.key'));
  for (const node of [one, another]) expect((await json(who({ cookie }, node))).audience).toBe('public');
  const again = (await signIn(secret, another)).cookie;
  expect((await json(who({ cookie: again }, one))).name).toBe('desk');

  one.app.get(Tokens).revoke('desk');
  expect((await json(who({ cookie: again }, another))).audience).toBe('public');
  for (const node of [one, another, alone]) await node.stop();
  rmSync(env.PALIMPSEST_ACCESS, { recursive: true, force: true });
});
