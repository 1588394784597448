/** Stories as long as a request may be, compared over HTTP: on threads, without anybody else waiting. */
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { draws } from '../../bench/generate.js';
import { continuations } from '../../src/compare/align.js';
import { compareContents, sizeOfChange } from '../../src/compare/compare.js';
import type { Content } from '../../src/content/types.js';
import { renderings } from '../../src/history/renderings.js';
import { renderings as views } from '../../src/reading/compare-views.js';
import { renderings as sentences } from '../../src/reading/sentence.js';
import { longFrom, mostWaiting, openComparing, type Side, sideOf, TooManyWaiting } from '../../src/views/comparing.js';
import { type Rendered, rendered } from '../../src/views/comparing-thread.js';
import { type RunningApp, startApp } from '../support/start-app.js';

jest.setTimeout(120_000);

const draw = draws(7);
const words = 'ferry quay harbour fire brigade sailing tide pier lamp crew ticket island watch hall noon'.split(' ');
const word = () => words[Math.floor(draw() * words.length)]! + Math.floor(draw() * 300);
const paragraph = (length: number) => `${Array.from({ length }, word).join(' ')}.`;
const edited = (text: string) => text.replace(/\w+/g, (one) => (draw() < 0.3 ? word() : one));
const contentOf = (paragraphs: readonly string[]): Content => ({
  fields: { headline: 'The whole record', language: 'en' },
  statements: [],
  body: paragraphs.map((text, at) => ({
    _type: 'block',
    _key: `k${at}`,
    style: 'normal',
    markDefs: [],
    children: [{ _type: 'span', _key: 's', text, marks: [] }],
  })),
});

describe('a thread', () => {
  const comparing = openComparing();
  afterAll(() => comparing.close());
  const before = Array.from({ length: 60 }, () => paragraph(60));
  const sides = [before, before.map(edited)].map(contentOf) as [Content, Content];
  const both: [Side, Side] = [sideOf(sides[0]), sideOf(sides[1])];
  const later = <T>(made: { made: T } | { later: () => Promise<T> }) => {
    if (!('later' in made)) throw new Error('made at once');
    return made.later();
  };

  test.each([...Object.values(renderings), ...Object.values(views), ...Object.values(sentences)])(
    'gives $name as it would be made here',
    async (rendering) => {
      expect(JSON.stringify(sides).length).toBeGreaterThan(longFrom);
      const asText = ({ bytes, ...told }: Rendered) => ({ ...told, text: Buffer.concat(bytes).toString() });
      const there = await later(comparing.render(both, rendering));
      expect(asText(there)).toEqual(asText(rendered(...sides, rendering.render)));
    },
  );

  test('counts words as they would be counted here', async () => {
    const words = sizeOfChange(...sides);
    expect(await later(comparing.size(both))).toEqual(words);
    expect(compareContents(...sides).summary.words).toMatchObject(words);
  });

  test('finds again which blocks an incoming body continues', async () => {
    const body = [...sides[1].body].reverse();
    const found = await later(comparing.continuations([both[0], sideOf({ ...sides[1], body })]));
    expect(found).toEqual(continuations(sides[0].body, body));
    expect(found.every(({ from }) => from !== undefined)).toBe(true);
  });

  test('is not started for what is short', () => {
    const [a, b] = [contentOf(['A fire.']), contentOf(['A small fire.'])];
    expect(comparing.size([sideOf(a), sideOf(b)])).toEqual({ made: { added: 1, removed: 0 } });
  });

  test('is followed by another when its process dies', async () => {
    const lost = later(comparing.size(both));
    process.kill(comparing.pid()!, 'SIGKILL');
    await expect(lost).rejects.toThrow('has ended');
    expect(await later(comparing.size(both))).toEqual(sizeOfChange(...sides));
  });

  test('is ended with what it is doing', async () => {
    const lost = later(comparing.render(both, renderings.json));
    await Promise.all([expect(lost).rejects.toThrow('was ended'), comparing.close()]);
    expect(comparing.pid()).toBeUndefined();
  });

  test('is waited for by so many at once and no more', async () => {
    const asked = Array.from({ length: mostWaiting + 10 }, () => later(comparing.size(both)));
    const refused = (await Promise.allSettled(asked)).flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused.length).toBeGreaterThan(0);
    for (const reason of refused) expect(reason).toBeInstanceOf(TooManyWaiting);
    expect(refused.length).toBeLessThan(asked.length - mostWaiting + 1);
  });
});

describe('over HTTP', () => {
  let app: RunningApp;
  /** Asks again for as long as it is asked to: long versions take a while to be in the views. */
  const insist = async (path: string, request: Parameters<RunningApp['ask']>[1]) => {
    for (;;) {
      const answer = await app.ask(path, request);
      if (answer.status !== 503) return answer;
    }
  };
  const publish = async (slug: string, ...versions: string[][]) => {
    let seen: Record<string, string> = {};
    for (const [index, paragraphs] of versions.entries()) {
      const { status, headers } = await insist(index === 0 ? '/api/stories' : `/api/stories/${slug}/versions`, {
        as: 'editor',
        headers: { ...seen, ...(index > 0 && { 'if-match': '*' }) },
        body: { ...(index === 0 && { slug }), headline: 'The whole record', body: contentOf(paragraphs).body },
      });
      expect(status).toBe(201);
      seen = { 'palimpsest-position': headers.get('palimpsest-position')! };
    }
    expect((await insist(`/api/stories/${slug}`, { as: 'editor', headers: seen })).status).toBe(200);
  };
  const whole = Array.from({ length: 1600 }, () => paragraph(50));
  beforeAll(async () => {
    app = await startApp();
    await publish('long', whole, whole.map(edited));
    await publish('short', ['A fire stopped all sailings.']);
    await publish('middling', whole.slice(0, 200), whole.slice(0, 200).map(edited));
  });
  afterAll(() => app.dispose());

  test('others are answered while the longest comparison is made', async () => {
    let made = false;
    const comparison = app.ask('/api/stories/long/compare/1...2').then((answer) => {
      made = true;
      return answer;
    });
    let answered = 0;
    while (!made) {
      expect((await app.ask('/api/stories/short')).status).toBe(200);
      if (!made) answered++;
    }
    const { status, json } = await comparison;
    expect([status, json.comparison.summary.changed]).toEqual([200, true]);
    expect(answered).toBeGreaterThan(20);
  });

  test('its pages say what the last change was, and a comparison that has nothing to tell is empty', async () => {
    const page = await app.ask('/stories/long', { headers: { accept: 'text/html' } });
    expect(page.status).toBe(200);
    expect(/Changes \d+ figures\./.test(page.text)).toBe(true);
    await publish('renamed', whole.slice(0, 200));
    const body = { headline: 'The same under another name' };
    const renamed = await app.ask('/api/stories/renamed/versions', {
      as: 'editor',
      headers: { 'if-match': '*' },
      body,
    });
    expect(renamed.status).toBe(201);
    const { status, text } = await app.ask('/api/stories/renamed/compare/1...2?format=unified');
    expect([status, text]).toEqual([200, '']);
  });

  test('what many ask for at once is the same for all, and again later', async () => {
    const path = '/api/stories/middling/compare/1...2';
    const answers = await Promise.all(Array.from({ length: mostWaiting + 10 }, () => app.ask(path)));
    const first = answers[0]!;
    expect(first.status).toBe(200);
    for (const { status, text } of [...answers, await app.ask(path)]) expect([status, text]).toEqual([200, first.text]);
  });

  test('words hidden while their comparison is made are not told', async () => {
    const secret = 'Quetzalcoatl';
    await publish('hushed', [`${secret} was there.`, ...whole.slice(0, 400)], whole.slice(0, 400).map(edited));
    const told = (as?: 'editor') => app.ask('/api/stories/hushed/compare/1...2', { ...(as && { as }) });
    const asked = { as: 'standards' as const, headers: { 'if-match': '*' } };
    const body = { phrase: secret, reason: 'It names a child.' };
    const { json } = await app.ask('/api/stories/hushed/hidings', { ...asked, body });
    await told('editor');
    const { pid, underWay } = app.comparing();
    process.kill(pid()!, 'SIGSTOP');
    const late = told();
    while (underWay() === 0) await setImmediate();
    const hiding = await app.ask('/api/stories/hushed/hidings', { ...asked, body: { ...body, token: json.token } });
    process.kill(pid()!, 'SIGCONT');
    expect(hiding.status).toBe(201);
    const answer = await late;
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain(secret);
    expect((await told('editor')).text).toContain(secret);
    expect((await told()).text).not.toContain(secret);
  });

  test('whoever has a long answer is told so, and HEAD tells its length', async () => {
    const path = '/api/stories/long/compare/1...2?format=text';
    const { status, headers, text } = await app.ask(path);
    expect([status, headers.get('content-length')]).toEqual([200, String(Buffer.byteLength(text))]);
    const again = await app.ask(path, { headers: { 'if-none-match': headers.get('etag')! } });
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', headers.get('etag')]);
    const head = await app.ask(path, { method: 'HEAD' });
    expect([head.status, head.headers.get('etag')]).toEqual([200, headers.get('etag')]);
    expect(head.headers.get('content-length')).toBe(headers.get('content-length'));
  });

  test('too many at once are asked to come again', async () => {
    // Each view and each order is a comparison of its own.
    const pages = ['1...2', '2...1'].flatMap((pair) => [
      ...['json', 'html', 'text', 'unified', 'side-by-side'].map(
        (format) => `/api/stories/middling/compare/${pair}?format=${format}`,
      ),
      ...['in-place', 'side-by-side', 'plain'].map((view) => `/stories/middling/compare/${pair}?view=${view}`),
    ]);
    const answers = await Promise.all(pages.flatMap((page) => [app.ask(page), app.ask(page, { as: 'editor' })]));
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers } of refused) expect(headers.get('retry-after')).toMatch(/^\d+$/);
    expect(refused.some(({ json }) => json?.code === 'busy')).toBe(true);
    expect((await app.ask('/api/stories/short')).status).toBe(200);
  });

  test('an answer that is on its way when the service closes is finished, and nobody waits for its connection', async () => {
    const answer = await fetch(`${app.url}/api/stories/long/compare/1...2?format=html`);
    const closed = app.stop();
    const length = Number(answer.headers.get('content-length'));
    expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([200, length]);
    await closed;
  }, 30_000);
});
