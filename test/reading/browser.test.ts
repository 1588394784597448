/** Readers' pages in a real browser: within everybody's reach, on any screen, without script, and never anybody else's. */
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Block } from '../../src/content/types.js';
import type { Service } from '../web/app.js';
import { launchBrowser } from './browser.js';
import { correction, harrowBay, type MadeUp, madeUpHistory, paragraph } from './harrow-bay.js';
import { servePages } from './serve.js';
import { listed, states, story } from './states.js';

const pages = [
  '/',
  '/?at=2026-05-14T13:30',
  story,
  `${story}?at=2026-05-14T13:30`,
  `${story}?at=2026-05-14`,
  `${story}?at=yesterday`,
  `${story}/versions`,
  `${story}/versions/3`,
  `${story}/compare/1...2`,
  `${story}/compare/2...4`,
  `${story}/compare/2...4?view=side-by-side`,
  `${story}/compare/2...4?view=plain`,
  '/stories/nobody-knows',
  '/problems',
  '/problems/version-hidden',
];

const told: MadeUp = {};
let service: Service;
let browser: Browser;

beforeAll(async () => {
  [service, browser] = await Promise.all([servePages(madeUpHistory(told)), launchBrowser()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await service.stop();
});
afterEach(clear);
function clear(): void {
  for (const key of Object.keys(told)) delete told[key as keyof MadeUp];
}

/** Every address that a page asks for is noted, and whatever a page would say by a dialog. */
async function visit<T>(options: BrowserContextOptions, look: (page: Page, asked: string[]) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ baseURL: service.url, ...options });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(8000);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('dialog', (dialog) => {
      asked.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    return await look(page, asked);
  } finally {
    await context.close();
  }
}

/** Goes to a page in a state; never to one that the browser has kept. */
async function goIn(page: Page, state: string): Promise<void> {
  const [path, inState] = states[state]!;
  clear();
  Object.assign(told, inState);
  await page.goto(`${path}${path.includes('?') ? '&' : '?'}state=${encodeURIComponent(state)}`);
}

const width = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth');

test('axe finds nothing on any page, in light colours or dark, and nothing is asked of anybody else', async () => {
  await visit({ viewport: { width: 1180, height: 900 } }, async (page, asked) => {
    for (const path of pages) {
      await page.goto(path);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
        expect({ path, colorScheme, found }).toEqual({ path, colorScheme, found: [] });
      }
    }
    expect(asked.filter((url) => !url.startsWith(service.url))).toEqual([]);
  });
}, 90_000);

test('axe finds nothing in any state of a story, in light colours or dark, nor must a phone scroll sideways', async () => {
  await visit({ viewport: { width: 360, height: 780 } }, async (page, asked) => {
    for (const state of Object.keys(states)) {
      await goIn(page, state);
      expect({ state, width: await width(page) }).toEqual({ state, width: 360 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
        expect({ state, colorScheme, found }).toEqual({ state, colorScheme, found: [] });
      }
    }
    expect(asked.filter((url) => !url.startsWith(service.url))).toEqual([]);
  });
}, 300_000);

test('what is removed is said in words to those who listen, in place', async () => {
  await visit({}, async (page) => {
    await goIn(page, 'texts removed');
    const heard = await page.locator('article').ariaSnapshot();
    expect(heard).toContain('heading "[Headline erased for good]" [level=1]');
    expect(heard).toContain('paragraph: "[Passage removed by the publisher]"');
    expect(heard).toContain('note "Correction"');
    await goIn(page, 'retracted');
    expect(await page.locator('article').ariaSnapshot()).toContain('note "Retracted"');
  });
}, 60_000);

test('on paper notices and what is removed stay, and nothing that is only for screens does', async () => {
  await visit({}, async (page) => {
    for (const [state, words] of [
      ['retracted', 'no longer stands by this story'],
      ['texts removed', '[Headline erased for good]'],
      ['history with times away', 'Two names are wrong.'],
    ] as const) {
      await goIn(page, state);
      await page.emulateMedia({ media: 'print' });
      expect(await page.getByText(words).first().isVisible()).toBe(true);
      expect(await page.getByRole('button', { name: 'Show' }).isVisible()).toBe(false);
      expect(await page.getByRole('navigation', { name: 'Site' }).isVisible()).toBe(false);
    }
  });
}, 60_000);

test('a reader without script follows a correction from the list, by the keyboard alone, to what changed', async () => {
  await visit({ javaScriptEnabled: false }, async (page) => {
    await goIn(page, 'corrections');
    await page.getByRole('link', { name: 'See the change' }).first().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**${story}/compare/3...4`);
    expect(await page.getByRole('note', { name: 'Correction' }).textContent()).toContain('number of passengers');
    expect(await page.locator('del', { hasText: '240' }).count()).toBe(1);
  });
}, 60_000);

test('a phone never has to scroll sideways, and axe finds nothing there either', async () => {
  await visit({ viewport: { width: 360, height: 780 } }, async (page) => {
    for (const path of pages) {
      await page.goto(path);
      expect({ path, width: await width(page) }).toEqual({ path, width: 360 });
    }
    for (const path of [story, `${story}/versions`]) {
      await page.goto(path);
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    }
  });
}, 60_000);

test('a reader without script finds a story, goes back to 13:30, and compares it with now', async () => {
  await visit({ javaScriptEnabled: false, timezoneId: 'Asia/Tokyo' }, async (page) => {
    await page.goto('/');
    await page.getByRole('link', { name: 'Ferries stopped after fire at Quay 9' }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Ferries stopped after fire at Quay 9');
    await page.getByLabel('Read it as of another moment').fill('2026-05-14T13:30');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await page.locator('.standing').textContent()).toContain('The story stood at version 1');
    await page.getByRole('link', { name: 'Compare with now' }).click();
    expect(page.url()).toBe(`${service.url}${story}/compare/1...now`);
    await page.locator('select[name=a]').selectOption('1');
    await page.locator('select[name=b]').selectOption('2');
    await page.getByRole('button', { name: 'Compare' }).click();
    expect(page.url()).toBe(`${service.url}${story}/compare/1...2`);
    await page.getByText('4 paragraphs unchanged').click();
    expect(await page.getByText('Smoke could be seen').isVisible()).toBe(true);
  });
}, 60_000);

test('the keyboard alone leads past the header to the story and to each of its versions', async () => {
  await visit({}, async (page) => {
    await page.goto(story);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('See the change');
    const stop = page.getByRole('link', { name: 'Version 2: Statement added, 14:20' });
    await stop.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**${story}/versions/2`);
  });
}, 60_000);

const hostile = [
  '<script>document.title="pwned"</script>',
  '</title><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '<svg onload=alert(1)>',
  '<iframe src="https://evil.example"></iframe>',
  '<a href="javascript:alert(1)">press</a>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '<!-- <style>*{display:none}</style>',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '</article></main></body></html>',
  ']]><![CDATA[',
  '{{constructor.constructor("alert(1)")()}}',
  '\u202egnol.txt\u2066 \u202dsdrawkcab',
];

test('hostile words stay words on every page', async () => {
  const link = (href: string): Block =>
    paragraph('', {
      children: [{ _type: 'span', text: `to ${href}`, marks: ['l0', 'onclick'] }],
      markDefs: [{ _type: 'link', _key: 'l0', href }],
    });
  for (const [round, words] of hostile.entries()) {
    const content = {
      fields: {
        headline: words,
        standfirst: words,
        byline: words,
        section: words,
        source: words,
        language: words,
        url: 'javascript:alert(1)',
        tags: [words],
        leadImage: { url: `javascript:${words}`, alt: words, caption: words, credit: words },
        fields: { [words]: words },
      },
      statements: [{ id: 's1', speaker: words, organisation: words }],
      body: [
        ...hostile.map((one) => paragraph(one)),
        paragraph(words, { statement: 's1' }),
        link('javascript:alert(1)'),
        link('data:text/html,<script>alert(1)</script>'),
        { _key: 'x1', _type: words, [words]: words },
        { _key: 'x2', _type: 'code', code: words },
        { _key: 'x3', _type: 'embed', url: 'javascript:alert(1)', provider: words },
        { _key: 'x4', _type: 'table', header: true, rows: [{ cells: [{ children: [], markDefs: [] }] }] },
      ] as Block[],
    };
    const version = { ...harrowBay[0]!, content, note: words, statements: content.statements, editor: { name: words } };
    told.versions = [harrowBay[0]!, { ...version, until: null }];
    told.corrections = [{ ...correction, version: 2, notice: words }];
    told.listed = [{ ...listed[0]!, headline: words, notice: words }];
    await visit({ viewport: { width: 360, height: 780 } }, async (page, asked) => {
      const others = [
        '/',
        '/corrections',
        `${story}/versions`,
        `${story}/compare/1...2`,
        `${story}?at=${encodeURIComponent(words)}`,
      ];
      // Each in turn heads the story; beside it the other pages take turns.
      for (const path of [story, others[round % others.length]!]) {
        await page.goto(path);
        const found = await page.evaluate<string[]>(`[...document.querySelectorAll('*')].flatMap((element) =>
          [...element.attributes].filter(({ name, value }) => /^on/.test(name) || /^\\s*(javascript|data):/i.test(value))
            .map(({ name, value }) => name + '=' + value)
            .concat(/^(script|img|svg|iframe|style|base|object)$/i.test(element.tagName) ? [element.tagName] : []))`);
        expect({ words, path, found }).toEqual({ words, path, found: [] });
        expect(await page.locator('footer.site').count()).toBe(1);
        expect(await page.title()).toMatch(/ – The Harrow Bay Courier$|^The Harrow Bay Courier$/);
        expect({ words, path, width: await width(page) }).toEqual({ words, path, width: 360 });
      }
      expect(asked.filter((url) => !url.startsWith(service.url))).toEqual([]);
      expect(await page.evaluate('document.querySelectorAll("meta[http-equiv]").length')).toBe(0);
    });
  }
}, 120_000);
