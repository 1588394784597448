/**
 * Who may do what, cell by cell, over HTTP: one table of every door and every member that needs a right, against every
 * role, a token narrowed to just the rights of the row, and one that has all its role's rights but the last of them.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { narrowed, type Right, type Role, rightsOf } from '../../src/access/rights.js';
import { Tokens } from '../../src/access/tokens.js';
import { newsroom } from '../editing/newsroom.js';
import { type Answer, type RunningApp, startApp } from '../support/start-app.js';

/** A number is a status; `403 x` is `forbidden` for want of the right x. */
const table = `
  door                                          | of what                          | rights             | reader | editor            | standards | auditor           | just these | all but the last
  POST /api/stories                             |                                  | publish            | 401    | 201               | 201       | 403 publish       | 201        | 403 publish
  POST /api/stories                             | imported                         | publish import     | 401    | 403 import        | 201       | 403 publish       | 201        | 403 import
  POST /api/stories/{story}/versions            |                                  | new-version        | 401    | 201               | 201       | 403 new-version   | 201        | 403 new-version
  POST /api/stories/{story}/versions            | correction                       | new-version        | 401    | 201               | 201       | 403 new-version   | 201        | 403 new-version
  POST /api/stories/{story}/versions            | restores                         | new-version        | 401    | 201               | 201       | 403 new-version   | 201        | 403 new-version
  POST /api/stories/{story}/versions            | imported                         | new-version import | 401    | 403 import        | 201       | 403 new-version   | 201        | 403 import
  POST /api/stories/{story}/versions            | of a killed story                | new-version        | 401    | 201               | 201       | 403 new-version   | 201        | 403 new-version
  DELETE /api/stories/{story}/versions/{version} |                                 | cancel             | 401    | 200               | 200       | 403 cancel        | 200        | 403 cancel
  PATCH /api/stories/{story}/versions/{version} | note                             | amend              | 401    | 200               | 200       | 403 amend         | 200        | 403 amend
  PATCH /api/stories/{story}/versions/{version} | inForceFrom                      | correct-times      | 401    | 403 correct-times | 200       | 403 amend         | 200        | 403 correct-times
  PATCH /api/stories/{story}/versions/{version} | significance                     | reclassify         | 401    | 200               | 200       | 403 amend         | 200        | 403 reclassify
  PATCH /api/stories/{story}/versions/{version} | labels                           | label              | 401    | 200               | 200       | 403 amend         | 200        | 403 label
  PATCH /api/stories/{story}/versions/{version} | hidden                           | hide               | 401    | 403 hide          | 200       | 403 amend         | 200        | 403 hide
  PATCH /api/stories/{story}/versions/{version} | hidden, force                    | hide force         | 401    | 403 hide          | 200       | 403 amend         | 200        | 403 force
  PATCH /api/stories/{story}/versions/{version} | hidden: false                    | show               | 401    | 403 show          | 200       | 403 amend         | 200        | 403 show
  PATCH /api/stories/{story}/versions/{version} | note, significance, labels       | amend reclassify label | 401 | 200              | 200       | 403 amend         | 200        | 403 label
  PATCH /api/stories/{story}/versions/{version} | note, hidden                     | amend hide         | 401    | 403 hide          | 200       | 403 amend         | 200        | 403 hide
  POST /api/stories/{story}/withdrawals         | unpublished                      | unpublish          | 401    | 201               | 201       | 403 unpublish     | 201        | 403 unpublish
  POST /api/stories/{story}/withdrawals         | retracted                        | retract            | 401    | 201               | 201       | 403 unpublish     | 201        | 403 retract
  POST /api/stories/{story}/withdrawals         | killed                           | kill               | 401    | 403 kill          | 201       | 403 unpublish     | 201        | 403 kill
  POST /api/stories/{story}/withdrawals         | takedown                         | takedown           | 401    | 403 takedown      | 201       | 403 unpublish     | 201        | 403 takedown
  POST /api/stories/{story}/withdrawals         | unpublished, imported            | unpublish import   | 401    | 403 import        | 201       | 403 unpublish     | 201        | 403 import
  POST /api/stories/{story}/withdrawals         | retracted, of an unpublished one | retract            | 401    | 201               | 201       | 403 unpublish     | 201        | 403 retract
  POST /api/stories/{story}/withdrawals         | retracted, of a killed one       | retract kill       | 401    | 403 kill          | 201       | 403 unpublish     | 201        | 403 kill
  POST /api/stories/{story}/withdrawals         | unpublished, of a taken-down one | unpublish takedown | 401    | 403 takedown      | 201       | 403 unpublish     | 201        | 403 takedown
  POST /api/stories/{story}/withdrawals         | killed, of a taken-down one      | kill takedown      | 401    | 403 kill          | 201       | 403 unpublish     | 201        | 403 takedown
  POST /api/stories/{story}/withdrawals         | unpublished, of one killed before | unpublish         | 401    | 201               | 201       | 403 unpublish     | 201        | 403 unpublish
  POST /api/stories/{story}/reinstatements      | of an unpublished one            | reinstate          | 401    | 200               | 200       | 403 reinstate     | 200        | 403 reinstate
  POST /api/stories/{story}/reinstatements      | of a retracted one               | reinstate          | 401    | 200               | 200       | 403 reinstate     | 200        | 403 reinstate
  POST /api/stories/{story}/reinstatements      | of a killed one                  | reinstate kill     | 401    | 403 kill          | 200       | 403 reinstate     | 200        | 403 kill
  POST /api/stories/{story}/reinstatements      | of a taken-down one              | reinstate takedown | 401    | 403 takedown      | 200       | 403 reinstate     | 200        | 403 takedown
  POST /api/stories/{story}/reinstatements      | imported                         | reinstate import   | 401    | 403 import        | 200       | 403 reinstate     | 200        | 403 import
  PUT /api/stories/{story}/slug                 |                                  | slug               | 401    | 200               | 200       | 403 slug          | 200        | 403 slug
  PATCH /api/stories/{story}/corrections/{id}   | notice                           | amend              | 401    | 200               | 200       | 403 amend         | 200        | 403 amend
  PATCH /api/stories/{story}/corrections/{id}   | null                             | amend              | 401    | 200               | 200       | 403 amend         | 200        | 403 amend
  PATCH /api/stories/{story}/withdrawals/{id}   | of an unpublished one            | amend              | 401    | 200               | 200       | 403 amend         | 200        | 403 amend
  PATCH /api/stories/{story}/withdrawals/{id}   | of a killed one                  | amend kill         | 401    | 403 kill          | 200       | 403 amend         | 200        | 403 kill
  PATCH /api/stories/{story}/withdrawals/{id}   | of a taken-down one              | amend takedown     | 401    | 403 takedown      | 200       | 403 amend         | 200        | 403 takedown
  PATCH /api/stories/{story}/withdrawals/{id}   | of one killed before             | amend kill         | 401    | 403 kill          | 200       | 403 amend         | 200        | 403 kill
  POST /api/stories/{story}/hidings             | preview                          | read-all hide      | 401    | 403 hide          | 200       | 403 hide          | 200        | 403 hide
  POST /api/stories/{story}/hidings             | token                            | hide               | 401    | 403 hide          | 201       | 403 hide          | 201        | 403 hide
  POST /api/stories/{story}/hidings             | token, force                     | hide force         | 401    | 403 hide          | 201       | 403 hide          | 201        | 403 force
  POST /api/stories/{story}/hidings             | token, replacement               | hide new-version   | 401    | 403 hide          | 201       | 403 hide          | 201        | 403 new-version
  DELETE /api/stories/{story}/hidings/{id}      |                                  | show               | 401    | 403 show          | 200       | 403 show          | 200        | 403 show
  POST /api/stories/{story}/erasures            | preview                          | read-all erase     | 401    | 403 erase         | 200       | 403 erase         | 200        | 403 erase
  POST /api/stories/{story}/erasures            | token                            | erase              | 401    | 403 erase         | 200       | 403 erase         | 200        | 403 erase
  POST /api/stories/{story}/erasures            | token, force                     | erase force        | 401    | 403 erase         | 200       | 403 erase         | 200        | 403 force
  POST /api/stories/{story}/erasures            | token, replacement               | erase new-version  | 401    | 403 erase         | 201       | 403 erase         | 201        | 403 new-version
  GET /api/stories/{story}                      | embargoed                        | read-all           | 404    | 200               | 200       | 200               | 200        | 404
  GET /api/stories/{story}                      | killed                           | read-all           | 410    | 200               | 200       | 200               | 200        | 410
  GET /api/stories/{story}                      | knownAt                          | read-all           | 403    | 200               | 200       | 200               | 200        | 403
  GET /api/stories                              | status                           | read-all           | 403    | 200               | 200       | 200               | 200        | 403
  GET /api/stories/{story}/versions/{version}   | embargoed                        | read-all           | 404    | 200               | 200       | 200               | 200        | 404
  GET /api/stories/{story}/versions/{version}   | hidden                           | read-all           | 410    | 200               | 200       | 200               | 200        | 410
  GET /api/stories/{story}/compare/{sides}      | embargoed                        | read-all           | 404    | 200               | 200       | 200               | 200        | 404
  GET /api/stories/{story}/events               |                                  | read-all read-record | 401  | 403 read-record   | 403 read-record | 200         | 200        | 403 read-record
  GET /api/stories/{story}/replay               |                                  | read-all read-record | 401  | 403 read-record   | 403 read-record | 200         | 200        | 403 read-record
  GET /api/events                               |                                  | read-all read-record | 401  | 403 read-record   | 403 read-record | 200         | 200        | 403 read-record
`;

let app: RunningApp;
let room: ReturnType<typeof newsroom>;
let tokens: Tokens;
beforeAll(async () => {
  app = await startApp();
  room = newsroom(app);
  tokens = new Tokens(app.data);
});
afterAll(() => app.dispose());

interface Asked {
  method?: string;
  path: string;
  body?: object;
  /** Whose state a refusal leaves as it was. */
  story?: string;
}
const to = (story: string, verb: string, body?: object, method = 'POST'): Asked => ({
  method,
  path: `/api/stories/${story}${verb}`,
  ...(body && { body }),
  story,
});

const soon = () => new Date(Date.now() + 3_600_000).toISOString();
const sooner = () => new Date(Date.now() + 1_800_000).toISOString();
const text = { body: { markdown: 'A fire stopped all sailings.' } };
const story = () => room.published('Ferries to Eyot Island stopped', { body: { markdown: 'Tom Achterberg is safe.' } });
/** The name in version 1 only. */
async function corrected(): Promise<string> {
  const slug = await story();
  await room.change(slug, { body: { markdown: 'Nobody was hurt.' } });
  return slug;
}
async function waiting(): Promise<string> {
  const slug = await story();
  await room.change(slug, { headline: 'Ferries sail again', inForceFrom: soon() });
  return slug;
}
async function withdrawn(kind: string): Promise<string> {
  const slug = await story();
  await room.withdraw(slug, { kind, notice: 'See the note.' });
  return slug;
}
const withdrawalOf = async (slug: string): Promise<string> =>
  (await room.withdraw(slug, { kind: 'killed', notice: 'Not to be used.' })).json.withdrawal;
async function notice(kind: string): Promise<Asked> {
  const slug = await story();
  const { json } = await room.withdraw(slug, { kind, notice: 'See the note.' });
  return to(slug, `/withdrawals/${json.withdrawal}`, { notice: 'See the longer note.' }, 'PATCH');
}
async function correction(said: string | null): Promise<Asked> {
  const slug = await story();
  const { json } = await room.change(slug, { correction: { notice: 'It was Quay 9.' } });
  return to(slug, `/corrections/${json.correction}`, { notice: said }, 'PATCH');
}
const amending = async (body: object, slug = story(), version = 1): Promise<Asked> =>
  to(await slug, `/versions/${version}`, body, 'PATCH');
const phrase = 'Tom Achterberg';
async function taking(verb: 'hidings' | 'erasures', slug: string, more: object): Promise<Asked> {
  const { json } = await room.send('POST', `/api/stories/${slug}/${verb}`, { phrase }, { headers: {} });
  const authority = verb === 'erasures' ? { authority: 'court-order' } : {};
  return to(slug, `/${verb}`, { phrase, token: json.token, ...authority, ...more });
}

/** What is asked, of a story in the state that the row names, made anew for each cell. */
const scenes: Record<string, () => Promise<Asked>> = {
  'POST /api/stories': async () => ({ method: 'POST', path: '/api/stories', body: { headline: 'Quay 9', ...text } }),
  'POST /api/stories imported': async () => ({
    method: 'POST',
    path: '/api/stories',
    body: { headline: 'Quay 9', ...text, imported: true, inForceFrom: '2012-03-21T11:27:00Z' },
  }),
  'POST /api/stories/{story}/versions': async () => to(await story(), '/versions', { headline: 'Ferries sail again' }),
  'POST /api/stories/{story}/versions correction': async () =>
    to(await story(), '/versions', { correction: { notice: 'It was Quay 9.' } }),
  'POST /api/stories/{story}/versions restores': async () => to(await corrected(), '/versions', { restores: 1 }),
  'POST /api/stories/{story}/versions imported': async () =>
    to(await story(), '/versions', { headline: 'From the archive', imported: true }),
  'POST /api/stories/{story}/versions of a killed story': async () =>
    to(await withdrawn('killed'), '/versions', { headline: 'For later' }),
  'DELETE /api/stories/{story}/versions/{version}': async () => to(await waiting(), '/versions/2', undefined, 'DELETE'),
  'PATCH /api/stories/{story}/versions/{version} note': () => amending({ note: 'Adds where.' }),
  'PATCH /api/stories/{story}/versions/{version} inForceFrom': () => amending({ inForceFrom: sooner() }, waiting(), 2),
  'PATCH /api/stories/{story}/versions/{version} significance': () => amending({ significance: 'minor' }),
  'PATCH /api/stories/{story}/versions/{version} labels': () => amending({ labels: ['first'] }),
  'PATCH /api/stories/{story}/versions/{version} hidden': () => amending({ hidden: true }, corrected()),
  'PATCH /api/stories/{story}/versions/{version} hidden, force': () => amending({ hidden: true, force: true }),
  'PATCH /api/stories/{story}/versions/{version} hidden: false': async () => {
    const slug = await corrected();
    await room.amend(slug, 1, { hidden: true });
    return to(slug, '/versions/1', { hidden: false }, 'PATCH');
  },
  'PATCH /api/stories/{story}/versions/{version} note, significance, labels': () =>
    amending({ note: 'Adds where.', significance: 'minor', labels: ['first'] }),
  'PATCH /api/stories/{story}/versions/{version} note, hidden': () =>
    amending({ note: 'Adds where.', hidden: true }, corrected()),
  'POST /api/stories/{story}/withdrawals unpublished': async () =>
    to(await story(), '/withdrawals', { kind: 'unpublished' }),
  'POST /api/stories/{story}/withdrawals retracted': async () =>
    to(await story(), '/withdrawals', { kind: 'retracted' }),
  'POST /api/stories/{story}/withdrawals killed': async () => to(await story(), '/withdrawals', { kind: 'killed' }),
  'POST /api/stories/{story}/withdrawals takedown': async () => to(await story(), '/withdrawals', { kind: 'takedown' }),
  'POST /api/stories/{story}/withdrawals unpublished, imported': async () =>
    to(await story(), '/withdrawals', { kind: 'unpublished', imported: true }),
  'POST /api/stories/{story}/withdrawals retracted, of an unpublished one': async () =>
    to(await withdrawn('unpublished'), '/withdrawals', { kind: 'retracted' }),
  'POST /api/stories/{story}/withdrawals retracted, of a killed one': async () =>
    to(await withdrawn('killed'), '/withdrawals', { kind: 'retracted' }),
  'POST /api/stories/{story}/withdrawals unpublished, of a taken-down one': async () =>
    to(await withdrawn('takedown'), '/withdrawals', { kind: 'unpublished' }),
  'POST /api/stories/{story}/withdrawals killed, of a taken-down one': async () =>
    to(await withdrawn('takedown'), '/withdrawals', { kind: 'killed' }),
  'POST /api/stories/{story}/withdrawals unpublished, of one killed before': async () => {
    const slug = await withdrawn('killed');
    await room.reinstate(slug);
    return to(slug, '/withdrawals', { kind: 'unpublished' });
  },
  'POST /api/stories/{story}/reinstatements of an unpublished one': async () =>
    to(await withdrawn('unpublished'), '/reinstatements', {}),
  'POST /api/stories/{story}/reinstatements of a retracted one': async () =>
    to(await withdrawn('retracted'), '/reinstatements', {}),
  'POST /api/stories/{story}/reinstatements of a killed one': async () =>
    to(await withdrawn('killed'), '/reinstatements', {}),
  'POST /api/stories/{story}/reinstatements of a taken-down one': async () =>
    to(await withdrawn('takedown'), '/reinstatements', {}),
  'POST /api/stories/{story}/reinstatements imported': async () =>
    to(await withdrawn('unpublished'), '/reinstatements', { imported: true }),
  'PUT /api/stories/{story}/slug': async () => to(await story(), '/slug', { slug: `renamed-${++renamed}` }, 'PUT'),
  'PATCH /api/stories/{story}/corrections/{id} notice': () => correction('It was Quay 8.'),
  'PATCH /api/stories/{story}/corrections/{id} null': () => correction(null),
  'PATCH /api/stories/{story}/withdrawals/{id} of an unpublished one': () => notice('unpublished'),
  'PATCH /api/stories/{story}/withdrawals/{id} of a killed one': () => notice('killed'),
  'PATCH /api/stories/{story}/withdrawals/{id} of a taken-down one': () => notice('takedown'),
  'PATCH /api/stories/{story}/withdrawals/{id} of one killed before': async () => {
    const slug = await story();
    const id = await withdrawalOf(slug);
    await room.reinstate(slug);
    return to(slug, `/withdrawals/${id}`, { notice: 'It was a mistake.' }, 'PATCH');
  },
  'POST /api/stories/{story}/hidings preview': async () => to(await corrected(), '/hidings', { phrase }),
  'POST /api/stories/{story}/hidings token': async () => taking('hidings', await corrected(), {}),
  'POST /api/stories/{story}/hidings token, force': async () => taking('hidings', await story(), { force: true }),
  'POST /api/stories/{story}/hidings token, replacement': async () =>
    taking('hidings', await story(), { replacement: text }),
  'DELETE /api/stories/{story}/hidings/{id}': async () => {
    const slug = await corrected();
    const { path, body } = await taking('hidings', slug, {});
    const { json } = await room.send('POST', path, body);
    return to(slug, `/hidings/${json.hiding}`, undefined, 'DELETE');
  },
  'POST /api/stories/{story}/erasures preview': async () => to(await corrected(), '/erasures', { phrase }),
  'POST /api/stories/{story}/erasures token': async () => taking('erasures', await corrected(), {}),
  'POST /api/stories/{story}/erasures token, force': async () => taking('erasures', await story(), { force: true }),
  'POST /api/stories/{story}/erasures token, replacement': async () =>
    taking('erasures', await story(), { replacement: text }),
  'GET /api/stories/{story} embargoed': async () => ({
    path: `/api/stories/${await room.published('For tomorrow', { inForceFrom: soon() })}?asOf=2099-01-01T00:00:00Z`,
  }),
  'GET /api/stories/{story} killed': async () => ({ path: `/api/stories/${await withdrawn('killed')}` }),
  'GET /api/stories/{story} knownAt': async () => ({
    path: `/api/stories/${await story()}?knownAt=${new Date().toISOString()}`,
  }),
  'GET /api/stories status': async () => ({ path: '/api/stories?status=withdrawn' }),
  'GET /api/stories/{story}/versions/{version} embargoed': async () => ({
    path: `/api/stories/${await waiting()}/versions/2`,
  }),
  'GET /api/stories/{story}/versions/{version} hidden': async () => {
    const slug = await corrected();
    await room.amend(slug, 1, { hidden: true });
    return { path: `/api/stories/${slug}/versions/1` };
  },
  'GET /api/stories/{story}/compare/{sides} embargoed': async () => ({
    path: `/api/stories/${await waiting()}/compare/1...2`,
  }),
  'GET /api/stories/{story}/events': async () => ({ path: `/api/stories/${await story()}/events` }),
  'GET /api/stories/{story}/replay': async () => ({ path: `/api/stories/${await story()}/replay` }),
  'GET /api/events': async () => ({ path: '/api/events?limit=1' }),
};
let renamed = 0;

const [columns, ...lines] = table
  .trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()));
const who = columns!.slice(3);

interface Row {
  name: string;
  door: string;
  rights: Right[];
  expected: string[];
}
const asRow = ([door = '', what, rights = '', ...expected]: string[]): Row => ({
  name: [door, what].filter(Boolean).join(' '),
  door,
  rights: rights.split(' ') as Right[],
  expected,
});
const rows = lines.map(asRow);

/** The role that has all the rights of a row. */
const roleWith = (rights: readonly Right[]): Role =>
  (['standards', 'auditor'] as const).find((role) => rights.every((right) => rightsOf[role].has(right)))!;

function secretFor(column: string, { rights, name }: Row): string | undefined {
  if (column === 'reader') return undefined;
  if (column === 'editor' || column === 'standards' || column === 'auditor') return app.token(column);
  const role = roleWith(rights);
  const just = column === 'just these';
  const names = just ? rights : [...rightsOf[role]].filter((right) => right !== rights.at(-1));
  // Without seeing everything, those that work by showing words are out of the question.
  const showing = ['hide', 'erase', 'read-record'];
  const alone = narrowed(role, names);
  const kept = just ? [...names, 'read-all'] : names.filter((right) => !showing.includes(right));
  const only = alone.ok ? alone : narrowed(role, kept);
  if (!only.ok) throw new Error(only.detail);
  return tokens.create({ name: `${column} of ${name}`, role, only: only.only }).secret;
}

const ask = ({ method = 'GET', path, body }: Asked, secret?: string): Promise<Answer> =>
  app.ask(path, {
    method,
    headers: { ...(method !== 'GET' && { 'if-match': '*' }), ...(secret && { authorization: `Bearer ${secret}` }) },
    ...(body && { body }),
  });

const cell = ({ status, json }: Answer): string =>
  json?.code === 'forbidden' ? `${status} ${json.right}` : String(status);

const stateOf = async (slug: string | undefined) =>
  slug && (await app.ask(`/api/stories/${slug}`, { as: 'standards' })).headers.get('etag');

test.each(rows)('$name', async (row) => {
  const cells: string[] = [];
  for (const column of who) {
    const asked = await scenes[row.name]!();
    const before = await stateOf(asked.story);
    const answer = await ask(asked, secretFor(column, row));
    cells.push(cell(answer));
    if (answer.status >= 400) expect([column, await stateOf(asked.story)]).toEqual([column, before]);
    if (answer.status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
  }
  expect(Object.fromEntries(who.map((column, index) => [column, cells[index]]))).toEqual(
    Object.fromEntries(who.map((column, index) => [column, row.expected[index]])),
  );
});

describe('the table', () => {
  test('has every route of openapi.json that changes something or needs a token', async () => {
    const { paths } = JSON.parse(await readFile(new URL('../../openapi.json', import.meta.url), 'utf8'));
    const routes = Object.entries<Record<string, { security?: object[] }>>(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { security }]) =>
        method !== 'get' || security ? [`${method.toUpperCase()} ${path}`] : [],
      ),
    );
    const doors = new Set(rows.map(({ door }) => door));
    expect(routes.filter((route) => !doors.has(route))).toEqual([]);
  });

  test('has every right', () => {
    const all = new Set(Object.values(rightsOf).flatMap((rights) => [...rights]));
    expect([...new Set(rows.flatMap(({ rights }) => rights))].sort()).toEqual([...all].sort());
  });
});

/** One row a door. */
const doors = rows.filter(({ door }, index) => rows.findIndex((row) => row.door === door) === index);

test.each(doors.filter(({ door }) => !door.startsWith('GET')))(
  '$door in the name of another is for tokens that write on behalf of others',
  async ({ door }) => {
    const { name } = rows.findLast((row) => row.door === door)!;
    const asked = await scenes[name]!();
    const body = { ...asked.body, editor: { id: 'iv', name: 'Ines Varga' } };
    const before = await stateOf(asked.story);
    const own = tokens.create({ name: `own ${door}`, role: 'standards' }).secret;
    const refused = await ask({ ...asked, body }, own);
    expect([refused.status, refused.json.code]).toEqual([403, 'on-behalf-forbidden']);
    expect(await stateOf(asked.story)).toBe(before);
    const others = tokens.create({ name: `others ${door}`, role: 'standards', onBehalf: true }).secret;
    expect((await ask({ ...asked, body }, others)).status).toBeLessThan(300);
  },
);

test.each(['expired', 'revoked'])('a token that is %s opens no door, not even a reader’s', async (how) => {
  const lifetime = how === 'expired' ? { lifetime: 0 } : {};
  const { token, secret } = tokens.create({ name: how, role: 'standards', ...lifetime });
  if (how === 'revoked') tokens.revoke(token.id);
  for (const { name } of doors) {
    const answer = await ask(await scenes[name]!(), secret);
    expect([name, answer.status, answer.json.code]).toEqual([name, 401, 'bad-token']);
  }
});

test('who reads as readers do cannot publish what readers may not read by building on it', async () => {
  const feed = tokens.create({ name: 'feed', role: 'editor', only: ['publish', 'new-version'] }).secret;
  const editor = tokens.create({ name: 'editor of the feed', role: 'editor' }).secret;
  const standards = tokens.create({ name: 'standards of the feed', role: 'standards' }).secret;
  const { json } = await ask({ method: 'POST', path: '/api/stories', body: { headline: 'Quay 10', ...text } }, editor);
  const story = `/api/stories/${json.story.id}`;
  const version = (body: object, secret: string) => ask({ method: 'POST', path: `${story}/versions`, body }, secret);
  await version({ body: { text: 'Hidden words.' } }, editor);
  await version({ body: { text: 'The pier.' } }, editor);
  await ask({ method: 'PATCH', path: `${story}/versions/2`, body: { hidden: true } }, standards);
  await version({ body: { text: 'Waiting words.' }, inForceFrom: '2031-03-03T06:00:00Z' }, editor);
  for (const base of [2, 4]) {
    const { status, json } = await version({ base, headline: 'Brought to light' }, feed);
    expect([base, status, json.code, json.right]).toEqual([base, 403, 'forbidden', 'read-all']);
  }
  expect((await version({ base: 1, headline: 'On the first', supersedes: [4] }, feed)).status).toBe(201);
  expect((await ask({ path: story })).text).not.toMatch(/(Hidden|Waiting) words/);
  expect((await version({ base: 2, headline: 'By who may read it' }, editor)).status).toBe(201);
});
