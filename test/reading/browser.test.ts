/** Readers' pages in a real browser: within everybody's reach, on any screen, without script, and never anybody else's. */
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { parseBody } from '../../src/content/parse-body.js';
import type { Block } from '../../src/content/types.js';
import { html, markdown, words } from '../content/hostile.js';
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

/** All that a page does behind a reader's back: whom it asks, what it would say by a dialog, what the policy stopped. */
interface Watched {
  asked: string[];
  noticed: string[];
}

async function visit<T>(
  options: BrowserContextOptions,
  look: (page: Page, watched: Watched) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ baseURL: service.url, ...options });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(8000);
    const watched: Watched = { asked: [], noticed: [] };
    page.on('request', (request) => watched.asked.push(request.url()));
    page.on('pageerror', (error) => watched.noticed.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && watched.noticed.push(message.text()));
    page.on('dialog', (dialog) => {
      watched.noticed.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    return await look(page, watched);
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
const wide = { width: 1180, height: 860 };
const phone = { width: 360, height: 780 };

/** What axe finds, in light colours, and in dark ones where only colours can differ. */
async function faultsOn(page: Page): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
    const { violations } = await (colorScheme === 'dark' ? axe.withRules('color-contrast') : axe).analyze();
    found.push(...violations.map(({ id, nodes }) => [colorScheme, id, nodes.map(({ html }) => html)]));
  }
  await page.emulateMedia({ colorScheme: null });
  return found;
}

test('axe finds nothing on any page; a phone never scrolls sideways; nothing is asked of anybody else', async () => {
  await visit({}, async (page, { asked, noticed }) => {
    for (const path of pages) {
      await page.setViewportSize(wide);
      await page.goto(path);
      expect({ path, found: await faultsOn(page) }).toEqual({ path, found: [] });
      await page.setViewportSize(phone);
      expect({ path, width: await width(page) }).toEqual({ path, width: 360 });
    }
    expect(asked.filter((url) => !url.startsWith(service.url))).toEqual([]);
    expect(noticed.filter((one) => !/status of 40[04]/.test(one))).toEqual([]);
  });
}, 120_000);

test('axe finds nothing in any state of a story, nor must a phone scroll sideways', async () => {
  await visit({ viewport: phone }, async (page, { asked }) => {
    for (const state of Object.keys(states)) {
      await goIn(page, state);
      expect({ state, width: await width(page) }).toEqual({ state, width: 360 });
      expect({ state, found: await faultsOn(page) }).toEqual({ state, found: [] });
    }
    expect(asked.filter((url) => !url.startsWith(service.url))).toEqual([]);
  });
}, 180_000);

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

const slider = (page: Page) => page.getByRole('slider', { name: 'The story’s life' });
const headline = (page: Page) => page.getByRole('heading', { level: 1 });
const addressOf = (page: Page) => page.url().slice(service.url.length);

/** How far along the line a time stands, told by the stop of version 1 and of version 2. */
async function pointAt(page: Page, share: number): Promise<{ x: number; y: number }> {
  const [one, two] = await Promise.all(
    [0, 1].map((nth) =>
      page
        .locator('.track a')
        .nth(nth)
        .boundingBox()
        .then((box) => box!),
    ),
  );
  const middle = ({ x, width }: { x: number; width: number }) => x + width / 2;
  return { x: middle(one!) + share * (middle(two!) - middle(one!)), y: one!.y + one!.height / 2 };
}

test('a reader finds the story, slides it to 11:30, compares that with now, and comes back', async () => {
  await visit({ viewport: wide, timezoneId: 'UTC' }, async (page, { noticed }) => {
    await page.goto('/');
    await page.getByRole('link', { name: 'Ferries stopped after fire at Quay 9' }).click();
    expect(await page.locator('.life .change').textContent()).toContain('What changed?');
    const from = await pointAt(page, 0);
    await page.mouse.move(...(Object.values(await stopOf(page, 4)) as [number, number]));
    await page.mouse.down();
    // 11:27 to 12:20: three of fifty-three minutes.
    const { x } = await pointAt(page, 3.4 / 53);
    await page.mouse.move(x, from.y, { steps: 5 });
    await page.getByText('You are reading version 1').waitFor();
    expect(await page.locator('.bubble').textContent()).toMatch(/^11:3\d · Version 1$/);
    // What stands above it changes its height; the slider stays under the hand.
    expect(Math.abs((await pointAt(page, 0)).y - from.y)).toBeLessThan(2);
    await page.mouse.up();
    expect(await headline(page).textContent()).toBe('Harbour ferries halted by blaze');
    expect(addressOf(page)).toBe(`${story}/versions/1`);
    expect(await page.title()).toContain('Harbour ferries halted by blaze (version 1)');
    expect(await page.locator('aside.history [aria-current]').textContent()).toContain('11:27 Published');
    await page.getByRole('link', { name: 'Compare with now' }).click();
    await page.waitForURL(`**${story}/compare/1...now`);
    await page.goBack();
    await page.getByText('You are reading version 1').waitFor();
    await page.goBack();
    await page.getByText('You are reading version 4').waitFor();
    expect(addressOf(page)).toBe(story);
    expect(noticed).toEqual([]);
  });
}, 60_000);

async function stopOf(page: Page, version: number): Promise<{ x: number; y: number }> {
  const box = (await page
    .locator('.track a')
    .nth(version - 1)
    .boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

test('a finger on a phone slides the story too, and the page does not scroll meanwhile', async () => {
  await visit({ viewport: phone, hasTouch: true, isMobile: true }, async (page) => {
    await page.goto(story);
    const stop = await stopOf(page, 2);
    await page.touchscreen.tap(stop.x, stop.y);
    await page.getByText('You are reading version 2').waitFor();
    expect(addressOf(page)).toBe(`${story}/versions/2`);
    expect(await width(page)).toBe(360);
  });
}, 60_000);

test('the keyboard alone leads past the header, through each version, and those who listen are told which', async () => {
  await visit({}, async (page) => {
    await page.goto(story);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('See the change');
    await page.keyboard.press('Tab');
    expect(await slider(page).getAttribute('aria-valuetext')).toMatch(/^Version 4: Correction, 13:05 \(4 of 4\)$/);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('status').getByText('Version 2: Statement added').waitFor();
    expect(await slider(page).getAttribute('aria-valuetext')).toBe('Version 2: Statement added, 12:20 (2 of 4)');
    expect(await page.evaluate('document.activeElement.type')).toBe('range');
    expect(await page.getByText('Smoke could be seen').isVisible()).toBe(true);
    await page.keyboard.press('End');
    await page.getByText('You are reading version 4').waitFor();
    expect(addressOf(page)).toBe(story);
  });
}, 60_000);

test('sliding over what was removed, or to when the story was away, says so and shows no neighbour', async () => {
  await visit({}, async (page) => {
    await goIn(page, 'life with gaps');
    await slider(page).focus();
    for (const [key, words] of [
      ['ArrowLeft', 'You are reading version 3'],
      ['ArrowLeft', 'As of Thursday 14 May 2026, 12:30 UTC the story was withdrawn'],
      ['ArrowLeft', 'Version 2 is removed'],
      ['Home', 'You are reading version 1'],
    ] as const) {
      if (words.startsWith('As of')) told.refusals = { asOf: { code: 'withdrawn-then', detail: '' } };
      await page.keyboard.press(key);
      await page.getByText(words).first().waitFor();
      const body = await page.locator('[data-part=text]').textContent();
      expect([words, body !== '']).toEqual([words, words.startsWith('You are')]);
    }
  });
}, 60_000);

test('times are the reader’s own, with the day where it is another; a moment is chosen by the same clocks', async () => {
  await visit({ timezoneId: 'Asia/Tokyo' }, async (page) => {
    await page.goto(`${story}/versions/4`);
    expect(await page.locator('.standing').textContent()).toContain('In force since Thursday 14 May 2026, 22:05 GMT+9');
    expect(await page.getByText('Times are in your time zone, Asia/Tokyo.').count()).toBe(1);
    const moment = page.getByLabel('Read it as of another moment');
    expect(await moment.inputValue()).toBe('2026-05-14T22:05');
    await moment.fill('2026-05-14T20:30');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByText('The story stood at version 1').waitFor();
    expect(addressOf(page)).toContain(encodeURIComponent('2026-05-14T11:30:00.000Z'));
    await page.goto(`${story}/versions`);
    expect(await page.locator('#b option').first().textContent()).toContain('22:05 GMT+9');
  });
  await visit({ timezoneId: 'Pacific/Auckland' }, async (page) => {
    await page.goto(story);
    expect(await page.locator('article .meta').first().textContent()).toMatch(
      /23:27 GMT\+12, last updated 15 May, 01:05/,
    );
  });
  await visit({ javaScriptEnabled: false, timezoneId: 'Asia/Tokyo' }, async (page) => {
    await page.goto(story);
    expect(await page.getByText('Times are in the publisher’s time zone, Europe/Berlin.').count()).toBe(1);
    expect(await page.locator('article .meta').first().textContent()).toContain('13:27 CEST');
  });
}, 60_000);

test('at 200 % nothing is cut off, whether the page is enlarged or its letters', async () => {
  // Twice as large is half as wide.
  await visit({ viewport: { width: 640, height: 430 }, deviceScaleFactor: 2 }, async (page) => {
    for (const path of ['/', story, `${story}/versions/2`, '/corrections']) {
      await page.goto(path);
      expect([path, await width(page)]).toEqual([path, 640]);
      await page.evaluate('document.documentElement.style.fontSize = "200%"');
      expect([path, await width(page)]).toEqual([path, 640]);
    }
  });
}, 60_000);

test('a story in a language written from the right is set so, its frame is not', async () => {
  const [one] = harrowBay;
  const fields = { ...one!.content.fields, headline: 'توقفت العبّارات بعد حريق', language: 'ar', section: 'الميناء' };
  const content = { ...one!.content, fields, body: [paragraph('لم يصب أحد بأذى، كما قالت فرقة الميناء.')] };
  told.versions = [{ ...one!, content, until: null }];
  told.corrections = [];
  await visit({ viewport: phone }, async (page) => {
    await page.goto(`${story}?language=ar`);
    const set = (selector: string) =>
      page.evaluate(`(() => {
        const it = document.querySelector('${selector}');
        return [it.closest('[lang]').lang, getComputedStyle(it).direction];
      })()`);
    expect(await set('h1')).toEqual(['ar', 'rtl']);
    expect(await set('[data-part=text] p')).toEqual(['ar', 'rtl']);
    expect(await set('.life p')).toEqual(['en', 'ltr']);
    expect(await width(page)).toBe(360);
    expect(await faultsOn(page)).toEqual([]);
  });
}, 60_000);

/** A hundred bodies as they would be stored, and a hundred headlines that no door would let in. */
test('a page with a hundred hostile bodies and headlines is inert', async () => {
  const bodies = [...html.map((one) => ({ html: one })), ...markdown.map((one) => ({ markdown: one }))].flatMap(
    (body) => {
      const parsed = parseBody(body);
      return parsed.ok ? parsed.value.blocks : [];
    },
  );
  const every = (list: readonly string[], nth: number) => list.filter((_, index) => index % nth === 0);
  const headlines = [
    ...every(words, 2).slice(0, 100),
    '</title><script>alert(1)</script>',
    '</script><script>alert(1)</script>',
    '\u202egnol.txt\u2066',
  ];
  expect(headlines.length).toBeGreaterThan(100);
  const contentWith = (one: string) => ({
    fields: {
      ...{ headline: one, standfirst: one, byline: one, section: one, source: one, language: one, tags: [one] },
      url: 'javascript:alert(1)',
      leadImage: { url: `javascript:${one}`, alt: one, caption: one, credit: one },
      fields: { [one]: one },
    },
    statements: [{ id: 's1', speaker: one, organisation: one }],
    body: [
      ...bodies.map((block, index) => ({ ...block, _key: `b${index}` })),
      ...headlines.map((text) => paragraph(text, { statement: 's1' })),
      ...['javascript:alert(1)', 'data:text/html,<script>alert(1)</script>'].map((href) =>
        paragraph('', {
          children: [{ _type: 'span', text: href, marks: ['l0', 'onclick'] }],
          markDefs: [{ _type: 'link', _key: 'l0', href }],
        }),
      ),
      { _key: 'x1', _type: one, [one]: one },
      { _key: 'x3', _type: 'embed', url: 'javascript:alert(1)', provider: one },
    ] as Block[],
  });
  await visit({ viewport: phone }, async (page, { asked, noticed }) => {
    const inert = async (path: string) => {
      await page.goto(path);
      const found = await page.evaluate<string[]>(`[...document.querySelectorAll('*')].flatMap((element) =>
        [...element.attributes].filter(({ name, value }) => /^(on|style$|srcdoc$)/.test(name) || /^\\s*(javascript|data|vbscript):/i.test(value) && /^(href|src|action)$/.test(name))
          .map(({ name, value }) => name + '=' + value)
          .concat(/^(img|svg|iframe|style|base|object|embed)$/i.test(element.tagName) ? [element.tagName] : [])
          .concat(element.matches('script:not([type="application/ld+json"], [src^="/assets/palimpsest."])') ? ['script'] : []))`);
      expect({ path, found }).toEqual({ path, found: [] });
      expect(await page.locator('footer.site').count()).toBe(1);
      expect(await page.title()).toMatch(/The Harrow Bay Courier$/);
      expect({ path, width: await width(page) }).toEqual({ path, width: 360 });
    };
    const version = (one: string) => ({
      ...harrowBay[0]!,
      content: contentWith(one),
      note: one,
      statements: [{ speaker: one, organisation: one }],
      editor: { name: one },
      until: null,
    });
    for (const [round, one] of every(headlines, 12).entries()) {
      told.versions = [harrowBay[0]!, version(one)];
      told.corrections = [{ ...correction, version: 2, notice: one }];
      told.listed = [{ ...listed[0]!, headline: one, notice: one }];
      const others = [
        '/corrections',
        `${story}/versions`,
        `${story}/compare/1...2`,
        `${story}?at=${encodeURIComponent(one)}`,
      ];
      await inert(`${story}?${round}`);
      await inert(`${others[round % others.length]}`);
    }
    // All at once, with what was slid in besides.
    told.front = headlines.map((one, index) => {
      const { content, until, from, ...item } = version(one);
      const { story: about } = listed[0]!;
      const place = { version: index + 1, inForceFrom: from, recordedAt: from, significance: 'major' as const };
      return {
        ...item,
        ...place,
        story: about,
        headline: one,
        standfirst: one,
        section: one,
        language: one,
        tags: [one],
        leadImage: null,
      };
    });
    await inert('/');
    await page.goto(`${story}?slid`);
    await slider(page).focus();
    await page.keyboard.press('Home');
    await page.getByText('You are reading version 1').waitFor();
    await page.keyboard.press('End');
    await page.getByText('You are reading version 2').waitFor();
    expect(asked.filter((url) => !url.startsWith(service.url))).toEqual([]);
    expect(noticed.filter((notice) => !/status of 400/.test(notice))).toEqual([]);
  });
}, 120_000);
