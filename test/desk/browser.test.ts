/** The desk in a real browser: whole journeys without script, within everybody's reach, in light and dark, on a phone. */
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../reading/browser.js';
import { type RunningApp, startApp } from '../support/start-app.js';

const noon = Date.parse('2026-05-14T12:00:00Z');
let app: RunningApp;
let browser: Browser;
let story: string;

beforeAll(async () => {
  [app, browser] = await Promise.all([
    startApp({ clock: () => noon, env: { PALIMPSEST_TIMEZONE: 'Europe/Berlin' } }),
    launchBrowser(),
  ]);
  await app.ask('/example', { as: 'standards', method: 'POST' });
  story = (await app.ask('/api/stories/harrow-bay-ferry-fire')).json.story.id;
  const write = (path: string, body: object) =>
    app.ask(`/api/stories/${path}`, { as: 'standards', body, headers: { 'if-match': '*' } });
  await write(`${story}/versions`, { correction: { notice: 'There were 118 passengers.' }, supersedes: [6] });
  await write(`${story}/versions`, { standfirst: 'Under embargo', inForceFrom: '2026-05-15T07:00:00Z' });
  const found = await write(`${story}/hidings`, { phrase: '140 passengers' });
  await write(`${story}/hidings`, { phrase: '140 passengers', token: found.json.token });
  const away = (await app.ask('/api/stories', { as: 'standards', body: { headline: 'Mayor to resign' } })).json.story
    .id;
  await write(`${away}/withdrawals`, { kind: 'killed', notice: 'It must not be used.' });
}, 60_000);
afterAll(async () => {
  await browser.close();
  await app.dispose();
});

async function visit<T>(
  role: 'editor' | 'standards' | 'auditor',
  options: BrowserContextOptions,
  look: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ baseURL: app.url, ...options });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(8000);
    await page.goto(`/sign-in?token=${app.token(role)}&back=%2Fdesk`);
    await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
    return await look(page);
  } finally {
    await context.close();
  }
}

const preview = (page: Page) => page.getByRole('button', { name: 'See what this does' }).click();
const desk = (form = '') => `/desk/stories/${story}${form}`;

/** Every page of the desk, each with what leads to it. */
const pages: [name: string, role: 'standards' | 'auditor', open: (page: Page) => Promise<unknown>][] = [
  ['the desk', 'standards', (page) => page.goto('/desk')],
  ['a search', 'standards', (page) => page.goto('/desk?q=ferries')],
  ['a list', 'standards', (page) => page.goto('/desk?status=withdrawn')],
  [
    'a story',
    'standards',
    async (page) => {
      await page.goto(desk('?done=write&version=8&late='));
      for (const summary of await page.locator('details.acts summary').all()) await summary.click();
    },
  ],
  ['a new story', 'standards', (page) => page.goto('/desk/new')],
  [
    'a refusal',
    'standards',
    async (page) => {
      await page.goto('/desk/new');
      await page.locator('summary', { hasText: 'A statement' }).click();
      await page.getByLabel('What they say').fill('Words of nobody.');
      await preview(page);
    },
  ],
  [
    'a comparison of what is to be',
    'standards',
    async (page) => {
      await page.goto(desk('/write?correct=1'));
      await page.getByLabel('Headline').fill('First ferry leaves after the fire');
      await page.getByLabel('Notice').fill('The headline left out a word.');
      await page.getByLabel('Text').fill('The *Marram* left at 16:04.\n\nMore will follow.');
      await page.getByLabel('In force from').fill('2026-05-16T06:00:00');
      await preview(page);
      await page.locator('details.whole summary').click();
    },
  ],
  [
    'what has to be confirmed',
    'standards',
    async (page) => {
      await page.goto(desk('/write'));
      await page.getByLabel('Headline').fill('Before the embargo');
      await preview(page);
    },
  ],
  ['withdrawing', 'standards', (page) => page.goto(desk('/withdraw'))],
  ['a time', 'standards', (page) => page.goto(desk('/time?of=8'))],
  [
    'words to be erased',
    'standards',
    async (page) => {
      await page.goto(desk('/words'));
      await page.getByLabel('Words', { exact: true }).fill('Quay 9');
      await page.getByLabel('Erase').check();
      await preview(page);
    },
  ],
  ['the replay', 'auditor', (page) => page.goto(desk('/replay?at=2'))],
];

test.each(pages)(
  'axe finds nothing on %s, in light or dark, and a phone never scrolls sideways',
  async (_, role, open) => {
    await visit(role, { viewport: { width: 1180, height: 900 } }, async (page) => {
      await open(page);
      expect(await page.locator('main h1').count()).toBe(1);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
        expect({ colorScheme, found }).toEqual({ colorScheme, found: [] });
      }
      await page.setViewportSize({ width: 360, height: 780 });
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(360);
    });
  },
  60_000,
);

test('without script a story is written, corrected, withdrawn and reinstated', async () => {
  await visit('standards', { javaScriptEnabled: false }, async (page) => {
    await page.getByRole('link', { name: 'New story' }).click();
    await page.getByLabel('Headline').fill('Council to vote on the sea wall');
    await page.getByLabel('Text').fill('The council votes on Friday.\n\nThe wall is to cost 4 million.');
    await preview(page);
    expect(await page.locator('main').textContent()).toContain('The story is published as version 1.');
    await page.getByRole('button', { name: 'Record the story' }).click();
    expect(await page.getByRole('status').textContent()).toContain('The story is recorded.');

    await page.getByRole('link', { name: 'Correct', exact: true }).click();
    const text = await page.getByLabel('Text').inputValue();
    await page.getByLabel('Text').fill(text.replace('4 million', '14 million'));
    await preview(page);
    expect(await page.getByRole('alert').textContent()).toContain('Notice');
    expect(await page.getByLabel('Text').inputValue()).toContain('14 million');
    await page.getByLabel('Notice').fill('The wall is to cost 14 million, not 4.');
    await preview(page);
    expect(await page.locator('article del').first().textContent()).toContain('4');
    await page.getByRole('button', { name: 'Record the version' }).click();
    expect(await page.locator('main').textContent()).toContain('Correction with version 2, of 1');

    await page.getByRole('link', { name: 'Withdraw the story' }).click();
    await page.getByLabel('Retract').check();
    await page.getByLabel('Notice').fill('We no longer stand by this story.');
    await preview(page);
    expect(await page.locator('main').textContent()).toContain('the notice above the last text');
    await page.getByRole('button', { name: 'Withdraw the story' }).click();
    await page.getByRole('link', { name: 'Reinstate' }).click();
    await preview(page);
    await page.getByRole('button', { name: 'Reinstate the story' }).click();
    expect(await page.getByRole('status').textContent()).toContain('The story is reinstated.');
    await page.locator('details.acts summary').last().click();
    await page.getByRole('link', { name: 'Restore version 1' }).click();
    await preview(page);
    expect(await page.locator('main').textContent()).toContain('Version 1 is brought back as version 3.');
    await page.getByRole('button', { name: 'Go back and change it' }).click();
    expect(await page.getByLabel('Text').inputValue()).toContain('cost 4 million');
  });
}, 60_000);

test('the keyboard alone writes: Enter asks what it does, and what is wrong has the focus and leads to its field', async () => {
  await visit('editor', {}, async (page) => {
    await page.goto('/desk/new');
    await page.getByLabel('Change note').focus();
    await page.getByLabel('Name in its address').focus();
    await page.keyboard.type('Not a slug');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.errors');
    expect(await page.evaluate('document.activeElement.className')).toBe('errors');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('headline');
    expect(await page.evaluate('document.activeElement.getAttribute("aria-describedby")')).toBe('headline-error');
  });
}, 60_000);
