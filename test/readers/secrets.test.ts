/**
 * What readers had and no longer may have: versions and texts hidden, texts erased, stories closed; and what was never
 * theirs: reasons, labels, names of editors. Each has a marker word of its own; then everything is asked.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningApp, startApp } from '../support/start-app.js';
import { ask, bytes, everything, withoutAsked, withoutLengths } from './asking.js';

const start = Date.parse('2026-05-14T11:27:00.000Z');
let clock = start;

const kinds = [
  'hidden',
  'hiddentext',
  'erased',
  'amended',
  'killed',
  'takedown',
  'unpublished',
  'gonenotice',
  'reason',
  'label',
  'editor',
  'away',
] as const;
const markerOf = (kind: (typeof kinds)[number]) => `quokka${kind}`;
const marker = /quokka\w*/gi;

const whole = (word: string) => ({
  headline: `${word} headline`,
  standfirst: `${word} standfirst`,
  byline: `By ${word}`,
  authors: [{ name: `${word} author` }],
  section: `${word} section`,
  tags: ['harbour', `${word}tag`],
  leadImage: { url: `https://images.example/${word}.jpg`, alt: `${word} picture`, caption: `${word} caption` },
  source: `${word} source`,
  fields: { [`${word}Field`]: `${word} value` },
  body: { markdown: `A ${word} paragraph.\n\n| ${word} | table |\n| --- | --- |\n| cell | ${word} |` },
  note: `${word} note`,
  statements: [{ speaker: `${word} speaker`, organisation: `${word} office`, body: { text: `${word} words.` } }],
});

/** One newsroom under one policy of its publisher. */
function newsroom(env: Record<string, string>) {
  let app: RunningApp;
  const editor = { id: 'e1', name: `${markerOf('editor')} Varga` };

  async function send(method: string, path: string, body: object): Promise<{ token: string }> {
    clock += 1000;
    const address = path ? `/api/stories/${path}` : '/api/stories';
    const { status, json } = await app.ask(address, { as: 'standards', method, body, headers: { 'if-match': '*' } });
    expect([method, path, Math.floor(status / 100), json.code]).toEqual([method, path, 2, undefined]);
    return json;
  }
  const publish = (body: object) => send('POST', '', { ...body, editor });
  const version = (story: string, body: object) => send('POST', `${story}/versions`, { ...body, editor });
  const reason = `${markerOf('reason')}`;

  async function takeAway(story: string, how: 'hidings' | 'erasures', phrase: string, more: object = {}) {
    const { token } = await send('POST', `${story}/${how}`, { phrase });
    await send('POST', `${story}/${how}`, { phrase, token, reason, ...more });
  }

  async function plant(): Promise<void> {
    app = await startApp({ clock: () => clock, env });
    // Versions 1, 4 and 5 may be read; 2 is hidden, of 3 texts are hidden and erased, and one of 4's notes was taken back.
    await publish({ slug: 'harbour', headline: 'Harbour closed', body: { text: 'The harbour is closed.' } });
    await version('harbour', whole(markerOf('hidden')));
    await version('harbour', {
      ...whole(markerOf('hiddentext')),
      base: 1,
      body: { text: `A ${markerOf('hiddentext')} one.\n\nAn ${markerOf('erased')} one.` },
      byline: markerOf('erased'),
    });
    await version('harbour', {
      ...whole('open'),
      note: markerOf('amended'),
      correction: { notice: markerOf('amended'), corrects: [3] },
    });
    await send('PATCH', 'harbour/versions/2', { hidden: true, reason, labels: [markerOf('label')] });
    await send('PATCH', 'harbour/versions/4', { note: 'An open note', labels: [markerOf('label')] });
    const { json } = await app.ask('/api/stories/harbour/versions/4');
    await send('PATCH', `harbour/corrections/${json.corrections[0].id}`, { notice: null });
    await takeAway('harbour', 'hidings', markerOf('hiddentext'));
    await takeAway('harbour', 'erasures', markerOf('erased'), { authority: 'court-order' });
    await takeAway('harbour', 'hidings', markerOf('amended'));
    await send('POST', 'harbour/withdrawals', { kind: 'unpublished', notice: markerOf('gonenotice'), reason });
    await version('harbour', { headline: `${markerOf('away')} while away`, supersedes: [] });
    await version('harbour', { restores: 4, note: 'Back again' });
    await send('POST', 'harbour/reinstatements', {});

    for (const kind of ['killed', 'takedown', 'unpublished'] as const) {
      await publish({ slug: `${kind}-short`, ...whole(markerOf(kind)), url: `https://news.example/${markerOf(kind)}` });
      await publish({ slug: `${kind}-long1`, ...whole(markerOf(kind)) });
      await version(`${kind}-long1`, { headline: `${markerOf(kind)} again`, correction: { notice: markerOf(kind) } });
      await version(`${kind}-long1`, { restores: 1, note: markerOf(kind) });
      for (const slug of [`${kind}-short`, `${kind}-long1`]) {
        const notice = kind === 'unpublished' ? markerOf(kind) : 'Withdrawn.';
        await send('POST', `${slug}/withdrawals`, { kind, notice, reason });
      }
    }
    clock += 60_000;
  }
  return { plant, app: () => app, dispose: () => app.dispose() };
}

const slugs = [
  'harbour',
  ...['killed', 'takedown', 'unpublished'].flatMap((kind) => [`${kind}-short`, `${kind}-long1`]),
];
const words = ['harbour', 'open', ...kinds.map(markerOf)];

/** Markers in answers to what does not itself name one, by the address that gave them. */
async function found(app: RunningApp, names: readonly string[] = slugs): Promise<string[]> {
  const answers = await ask(
    app,
    names.flatMap((name) => everything(name, words)),
  );
  return [...answers].flatMap(([path, answer]) => {
    const told: readonly string[] = decodeURIComponent(path).match(marker) ?? [];
    const leaks = (withoutAsked(answer, path).match(marker) ?? []).filter((word) => !told.includes(word));
    return leaks.map((word) => `${word} at ${path}`);
  });
}

describe('as publishers mostly have it', () => {
  const room = newsroom({});
  beforeAll(room.plant, 120_000);
  afterAll(room.dispose);

  test('the markers are there to be found: staff are given them, but for those erased', async () => {
    const told = new Set<string>();
    for (const slug of slugs) {
      for (const path of [`${slug}/versions`, ...[1, 2, 3, 4, 5].map((n) => `${slug}/versions/${n}`)]) {
        const { text } = await room.app().ask(`/api/stories/${path}`, { as: 'standards' });
        for (const word of text.match(marker) ?? []) told.add(word);
      }
      const { text } = await room.app().ask(`/api/stories/${slug}/events?limit=200`, { as: 'auditor' });
      for (const word of text.match(marker) ?? []) told.add(word);
    }
    for (const kind of kinds) expect([kind, told.has(markerOf(kind))]).toEqual([kind, kind !== 'erased']);
  }, 60_000);

  test('readers find no word of what is hidden, erased, closed or said among staff', async () => {
    const { json } = await room.app().ask('/api/stories/harbour', { as: 'editor' });
    expect(await found(room.app(), [...slugs, json.story.id])).toEqual([]);
  }, 300_000);

  test('searching for a removed word finds what searching for any unknown word finds', async () => {
    for (const kind of kinds) {
      for (const path of ['/api/stories?q=', '/api/stories?asOf=2026-05-14T11:27:05Z&q=', '/?q=']) {
        const [hidden, unknown] = [`${path}${markerOf(kind)}`, `${path}quoll${kind}`];
        const told = async (path: string, word: string) =>
          withoutLengths(await bytes(room.app(), path)).replaceAll(word, 'word');
        expect([hidden, await told(hidden, markerOf(kind))]).toEqual([hidden, await told(unknown, `quoll${kind}`)]);
      }
    }
  });

  test.each(['killed', 'takedown', 'unpublished'])(
    'a story closed as %s tells nothing of how many versions it had, or of what they were',
    async (kind) => {
      const name = (slug: string) => ({ slug, path: (path: string) => path.replaceAll(`${kind}-long1`, slug) });
      const [long, short] = [name(`${kind}-long1`), name(`${kind}-short`)];
      const idOf = async (slug: string) =>
        (await room.app().ask(`/api/stories/${slug}`, { as: 'editor' })).json.story.id as string;
      const ids = [await idOf(long.slug), await idOf(short.slug)];
      const plain = (answer: string) =>
        withoutLengths(ids.reduce((text, id) => text.replaceAll(id, 'id'), answer)).replaceAll(/-(long1|short)/g, '');
      const paths = everything(long.slug, []).filter((path) => path.includes(long.slug));
      // Versions 2 and up are there in one and not in the other: a number never used is another answer, by design.
      for (const path of paths.filter((path) => !/versions\/[2-9]|version=[2-9]|compare\//.test(path))) {
        const [is, as] = [await bytes(room.app(), path), await bytes(room.app(), short.path(path))];
        expect([path, plain(is)]).toEqual([path, plain(as)]);
      }
    },
    60_000,
  );

  test('who writes without signing in is refused in the same words whatever is there', async () => {
    for (const slug of [...slugs, 'no-such-story']) {
      for (const [method, path] of [
        ['POST', 'versions'],
        ['POST', 'withdrawals'],
        ['POST', 'reinstatements'],
        ['PUT', 'slug'],
        ['PATCH', 'versions/2'],
        ['DELETE', 'versions/2'],
        ['POST', 'hidings'],
        ['POST', 'erasures'],
        ['DELETE', 'hidings/5'],
        ['PATCH', 'corrections/x'],
        ['PATCH', 'withdrawals/x'],
      ] as const) {
        const { status, json, text } = await room.app().ask(`/api/stories/${slug}/${path}`, { method, body: {} });
        expect([slug, path, status, json.code]).toEqual([slug, path, 401, 'not-signed-in']);
        expect(text.replaceAll(slug, '')).not.toMatch(/quokka/);
      }
    }
  });
});

describe('where only what is in force is public', () => {
  const room = newsroom({ PALIMPSEST_PUBLIC_HISTORY: 'none' });
  beforeAll(room.plant, 120_000);
  afterAll(room.dispose);

  test('readers find no word of what is removed, and none of earlier versions', async () => {
    expect(await found(room.app())).toEqual([]);
    const answers = await ask(room.app(), everything('harbour', ['closed']));
    for (const [path, answer] of answers) expect([path, /Harbour closed/.test(answer)]).toEqual([path, false]);
  }, 300_000);
});

describe('where editors’ names are public', () => {
  const room = newsroom({ PALIMPSEST_EDITORS_NAMES: 'name' });
  beforeAll(room.plant, 120_000);
  afterAll(room.dispose);

  test('readers are told names and no ids, and no name of a version that is removed', async () => {
    const { json } = await room.app().ask('/api/stories/harbour/versions');
    const named = json.items.map(({ version, editor }: { version: number; editor: unknown }) => [version, editor]);
    const editor = { name: `${markerOf('editor')} Varga` };
    expect(named).toEqual(
      expect.arrayContaining([
        [1, editor],
        [2, undefined],
        [4, editor],
      ]),
    );
    expect((await found(room.app())).filter((leak) => !leak.startsWith(markerOf('editor')))).toEqual([]);
  }, 300_000);
});
