/** The pages that tell of change, of the whole service: a story's history, comparisons, authorship, the corrections. */
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningApp, startApp } from '../support/start-app.js';
import { launchBrowser } from './browser.js';

let app: RunningApp;
let clock = Date.parse('2026-05-14T11:27:00Z');
const story = '/stories/ferries';

beforeAll(async () => {
  app = await startApp({ clock: () => clock, env: { PALIMPSEST_EDITORS_NAMES: 'name' } });
  const fire = 'A fire at Quay 9 stopped all sailings. Smoke could be seen from the lighthouse.';
  const ashore = (passengers: number) => `Her **${passengers} passengers** were led ashore along the pier.`;
  const editor = { id: 'ines', name: 'Ines Varga' };
  await write('11:27', '', {
    slug: 'ferries',
    headline: 'Ferries halted',
    body: { markdown: `${fire}\n\n${ashore(240)}` },
  });
  await write('12:20', '/ferries/versions', {
    note: 'The operator speaks',
    statements: [
      { speaker: 'Lena Okafor', organisation: 'Bay Island Ferries', body: { text: '“Everyone is accounted for.”' } },
    ],
  });
  await write('13:41', '/ferries/versions', {
    note: 'The figure was wrong',
    body: { markdown: `A fire at Quay 9 stopped all sailings.\n\n${ashore(140)}` },
    correction: { notice: 'It was 140 passengers, not 240.', corrects: [1, 2] },
  });
  await write('14:05', '/ferries/versions', {
    correction: { kind: 'editors-note', notice: 'The operator advertises with us.' },
  });
  await write('15:00', '/ferries/versions', { restores: 1, note: 'The first was right' });

  async function write(time: string, path: string, body: object): Promise<void> {
    clock = Date.parse(`2026-05-14T${time}:00Z`);
    const more = { as: 'standards' as const, body: { ...body, editor }, headers: { 'if-match': '*' } };
    const answer = await app.ask(`/api/stories${path}`, more);
    expect([path, answer.status, answer.json.detail]).toEqual([path, 201, undefined]);
  }
});
afterAll(() => app.dispose());

async function page(path: string, as?: 'editor') {
  const { status, text, headers } = await app.ask(path, { ...(as && { as }), headers: { accept: 'text/html' } });
  return { status, html: text, words: wordsOf(text), headers };
}

/** What a person reads, roughly: no markup, single spaces. */
const wordsOf = (html: string) =>
  html
    .replace(/<head>.*<\/head>/s, '')
    .replace(/<br\/?>|<\/(p|li|td|div|h\d|small)>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ');

describe('who wrote what', () => {
  test('each passage stands behind the version that wrote it, with when, who and why beside it', async () => {
    const { status, html, words } = await page(`${story}/authorship?version=3`);
    expect(status).toBe(200);
    expect(words).toContain('Of the 19 words of version 3, 18 were first written in version 1 and 1 in version 3.');
    expect(html).toMatch(
      /<span class="by age-4"><a class="from" href="#version-3" aria-describedby="why-3">.*?\[version 3\].*?<strong>140<\/strong>/,
    );
    expect(html).toMatch(
      /<span class="why"[^>]*><b>Version 3<\/b>, <time[^>]*>13:41<\/time>, <bdi>Ines Varga<\/bdi>: <bdi>The figure/,
    );
    expect(words).toMatch(/13:41 Version 3, Ines Varga The figure was wrong 1 word · mark only these/);
    expect(html).toContain(`<a href="${story}/versions/3"`);
    // What has left, with when and why, and the comparison that shows it.
    expect(html).toContain(`<a href="${story}/compare/2...3">Left in version 3</a>`);
    expect(html).toMatch(/<del class="words"><bdi>Smoke could be seen from the lighthouse\.<\/bdi><\/del>/);
    expect(html).toMatch(/in <a href="#(passage-[^"]+)">a paragraph that is still here<\/a>/);
    const [, there] = /in <a href="#(passage-[^"]+)">a paragraph that is still here/.exec(html)!;
    expect(html.split(`id="${there}"`)).toHaveLength(2);
  });

  test('what came back says so, in the text and among what had left', async () => {
    const { html, words } = await page(`${story}/authorship`);
    expect(words).toContain('All 26 words of version 5 were first written in version 1.');
    expect(html).toContain('[version 1, brought back by version 5]');
    expect(html).toContain(`<a href="${story}/versions/5">back in version 5</a>`);
  });

  test('the words of one version can be marked alone', async () => {
    const { html, words } = await page(`${story}/authorship?version=3&by=3`);
    expect(words).toContain('Marked: 1 word of version 3 that version 3 wrote first.');
    expect(html.match(/class="by /g)).toHaveLength(1);
    expect(words).toContain('A fire at Quay 9 stopped all sailings.');
    expect(html).toContain(`<a href="${story}/authorship?version=3">Mark the words of all versions</a>`);
  });

  test('is asked of a version, of a moment, or of now, and found from the story, a version and the history', async () => {
    expect((await page(`${story}/authorship?at=2026-05-14T12:25:00Z`)).html).toContain('aria-label="Version 2"');
    expect((await page(`${story}/authorship`)).html).toContain('aria-label="Version 5"');
    for (const [query, status] of [
      ['version=two', 400],
      ['by=two', 400],
      ['version=99', 404],
      ['version=1&at=2026-05-14', 400],
      ['at=yesterday', 400],
      ['at=2020-01-01', 404],
      ['cursor=nonsense', 400],
    ] as const) {
      expect([query, (await page(`${story}/authorship?${query}`)).status]).toEqual([query, status]);
    }
    for (const [path, link] of [
      [story, `${story}/authorship?version=5`],
      [`${story}/versions/2`, `${story}/authorship?version=2`],
      [`${story}/versions`, `${story}/authorship`],
    ]) {
      expect((await page(path!)).html).toContain(`<a href="${link}">Who wrote what</a>`);
    }
  });
});

test('a moment that is yet to come shows the story as it is now, and says so', async () => {
  const { status, words } = await page(`${story}?at=2099-01-01`);
  expect(status).toBe(200);
  expect(words).toContain('is yet to come; this is the story as it is now');
  expect(words).not.toContain('As of ');
});

describe('the history', () => {
  test('has the story’s life as a line, and can be filtered by what happened and by whom', async () => {
    const whole = await page(`${story}/versions`);
    expect(whole.html).toMatch(/<nav aria-label="The story’s life".*?Version 4: Editor’s note/);
    expect(whole.html).toContain('<option value="Ines Varga"');
    const corrections = await page(`${story}/versions?act=CorrectionIssued`);
    expect(corrections.html).toContain('<option value="CorrectionIssued" selected>');
    const rows = (html: string) => [...html.matchAll(/<td class="num"><b>(\d+)<\/b>/g)].map(([, version]) => version);
    expect(rows(whole.html)).toEqual(['5', '4', '3', '2', '1']);
    expect(rows(corrections.html)).toEqual(['4', '3']);
    expect(rows((await page(`${story}/versions?editor=Ines+Varga&act=StoryPublished`)).html)).toEqual(['1']);
    const none = await page(`${story}/versions?editor=Nobody`);
    expect([none.status, rows(none.html)]).toEqual([200, []]);
    expect(none.words).toContain('No version of this story matches.');
    const heading = (html: string) => /<h1 class="small">.*?<\/h1>/.exec(html)?.[0];
    for (const { html } of [none, corrections]) expect(heading(html)).toBe(heading(whole.html));
    // What the form sends where nothing is chosen.
    expect(rows((await page(`${story}/versions?act=&editor=`)).html)).toEqual(['5', '4', '3', '2', '1']);
    const unknown = await page(`${story}/versions?act=StoryPrinted`);
    expect([unknown.status, unknown.words]).toEqual([422, expect.stringContaining('must be one of StoryPublished, ')]);
  });
});

describe('a comparison', () => {
  test('has an address to share that names versions, whatever was asked', async () => {
    const { html } = await page(`${story}/compare/2026-05-14T11:30:00Z...now?view=plain`);
    expect(html).toContain(
      `<a href="${story}/compare/1...5?view=plain" data-copy="true">${app.url}${story}/compare/1...5`,
    );
  });

  test('of two moments is chosen by a form', async () => {
    const { html } = await page(`${story}/compare/1...2`);
    expect(html).toContain('<input id="moment-a" type="datetime-local" name="a"');
    const { status, headers } = await page(`${story}/compare?a=2026-05-14T11:30&b=2026-05-14T12:30`);
    expect([status, headers.get('location')]).toEqual([
      303,
      `${story}/compare/2026-05-14T11:30:00.000Z...2026-05-14T12:30:00.000Z`,
    ]);
  });

  test('in which nothing changed says so', async () => {
    expect((await page(`${story}/compare/3...4`)).words).toContain('The two say the same, word for word');
    expect((await page(`${story}/compare/3...3`)).words).toContain('Both sides are version 3.');
  });

  test('marks what was put in one place once, however it is formatted', async () => {
    const { words } = await page(`${story}/compare/1...3`);
    expect(words).toContain('Her [removed: 240] [added: 140] passengers');
    expect(words).toContain('all sailings.[removed: Smoke could be seen from the lighthouse.]');
  });
});

test('a correction that changed no text is listed without a comparison', async () => {
  const { html, words } = await page('/corrections');
  expect(words).toContain('The operator advertises with us.');
  expect(html).toContain(`<a href="${story}/compare/2...3">See the change</a>`);
  expect(html).not.toContain(`${story}/compare/3...4`);
  expect(html).toContain('<a href="/corrections/feed.atom"');
});

test('in a browser axe finds nothing; a passage’s number and the keys n and p lead on', async () => {
  const browser = await launchBrowser();
  try {
    const open = await (
      await browser.newContext({ baseURL: app.url, viewport: { width: 1180, height: 900 } })
    ).newPage();
    for (const path of ['/authorship?version=3', '/versions', '/compare/1...3']) {
      await open.goto(story + path);
      for (const colorScheme of ['light', 'dark'] as const) {
        await open.emulateMedia({ colorScheme });
        const { violations } = await new AxeBuilder({ page: open }).analyze();
        const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
        expect({ path, colorScheme, found }).toEqual({ path, colorScheme, found: [] });
      }
    }
    await open.keyboard.press('n');
    expect(await open.getByRole('status').textContent()).toBe('Change 1 of 2');
    await open.keyboard.press('n');
    expect(await open.evaluate('document.activeElement.textContent')).toContain('Her');
    await open.getByRole('button', { name: 'Keys n and p on' }).click();
    await open.keyboard.press('p');
    expect(await open.getByRole('status').textContent()).toBe('Change 2 of 2');

    await open.goto(`${story}/authorship?version=3`);
    const why = open.locator('.by', { hasText: '140' }).locator('.why');
    expect(await why.isVisible()).toBe(false);
    await open.locator('.from[aria-describedby="why-3"]').focus();
    expect(await why.isVisible()).toBe(true);
    // WCAG 1.4.13: what comes up can be sent away where one stands, and comes up again the next time.
    await open.keyboard.press('Escape');
    expect(await why.isVisible()).toBe(false);
    await open.locator('h1').click();
    await open.locator('.by', { hasText: '140' }).hover();
    expect(await why.isVisible()).toBe(true);
    await open.keyboard.press('Escape');
    expect(await why.isVisible()).toBe(false);
    await open.setViewportSize({ width: 360, height: 780 });
    expect(await open.evaluate('document.documentElement.scrollWidth')).toBe(360);
  } finally {
    await browser.close();
  }
}, 120_000);
