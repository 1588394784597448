/** `<story-history>` on a publisher's own page: another origin, as strict a policy as there is, a real browser. */
import { SourceTextModule } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type RunningApp, startApp } from '../support/start-app.js';
import { launchBrowser } from './browser.js';
import { openPublisher, type PublisherSite } from './publisher.js';

let app: RunningApp;
let site: PublisherSite;
let browser: Browser;

const hostile = [
  '<script>parent.pwned=1</script>',
  '"><img src=x onerror=alert(1)>',
  '</p></div></section><iframe src="https://evil.example"></iframe>',
  '<style>*{display:none}</style>',
  '[added: \u202egnol',
].join(' ');

async function write(method: string, path: string, body: object): Promise<void> {
  const headers = { 'if-match': '*' };
  const answer = await app.ask(`/api/stories${path}`, { as: 'standards', method, body, headers });
  expect([method, path, Math.floor(answer.status / 100), answer.json.code]).toEqual([method, path, 2, undefined]);
}
/** A story of the publisher's page at `/<slug>`, of so many versions more than the first. */
async function publish(slug: string, story: object, ...versions: object[]): Promise<void> {
  site.put(`/${slug}`, {
    head: `<link rel="canonical" href="https://courier.example/${slug}">`,
    body: '<story-history></story-history>',
  });
  await write('POST', '', { slug, url: `https://courier.example/${slug}`, ...story });
  for (const version of versions) await write('POST', `/${slug}/versions`, version);
}

beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), launchBrowser()]);
  site = await openPublisher(app.url);
  const text = ['A fire stopped the ferries.', 'Nobody was hurt.', 'The quay is closed.', 'It was built in 1911.'];
  await publish(
    'ferries',
    { headline: 'Ferries stopped', body: { text: [...text, '140 passengers were led ashore.'].join('\n\n') } },
    { statements: [{ speaker: 'Lena Okafor', organisation: 'Bay Island Ferries', body: { text: 'All are safe.' } }] },
    {
      body: { text: [...text, '118 passengers were led ashore.'].join('\n\n') },
      correction: { notice: 'An earlier version gave the wrong number of passengers.', corrects: [1, 2] },
      note: 'Counted again.',
    },
  );
  await publish('calm', { headline: 'Calm', body: { text: 'Nothing happened.' } });
  await publish('retracted', { headline: 'It rained', body: { text: 'Rain.' } }, { headline: 'It did rain' });
  await write('POST', '/retracted/withdrawals', { kind: 'retracted', notice: 'It did not rain.' });
  await publish('killed', { headline: 'Not so', body: { text: 'Wrong.' } });
  await write('POST', '/killed/withdrawals', { kind: 'killed', notice: 'Do not use this.' });
  await publish('unpublished', { headline: 'Quiet', body: { text: 'Quiet.' } });
  await write('POST', '/unpublished/withdrawals', { kind: 'unpublished', notice: 'A secret reason.' });
  await publish(
    'hostile',
    { headline: 'Once', body: { text: 'Once.' } },
    {
      headline: hostile,
      standfirst: hostile,
      body: { text: hostile },
      note: hostile,
      statements: [{ speaker: hostile, organisation: hostile, body: { text: hostile } }],
      correction: { notice: hostile },
    },
  );
  await publish(
    'arabic',
    { headline: 'حريق', language: 'ar', body: { text: 'توقفت العبارات.' } },
    {
      body: { text: 'توقفت العبارات اليوم.' },
      note: 'أضيف اليوم.',
    },
  );
}, 60_000);
afterAll(async () => {
  await browser.close();
  await site.stop();
  await app.dispose();
});

interface Noted {
  asked: string[];
  /** Breaches of a policy, errors, dialogs. */
  wrong: string[];
}

async function visit(
  path: string,
  look: (page: Page, noted: Noted) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await browser.newContext({ baseURL: site.url, viewport: { width: 700, height: 900 }, ...options });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(8000);
    const noted: Noted = { asked: [], wrong: [] };
    page.on('request', (request) => noted.asked.push(request.url()));
    page.on('pageerror', (error) => noted.wrong.push(String(error)));
    page.on('console', (message) => {
      if (/policy|refused/i.test(message.text())) noted.wrong.push(message.text());
    });
    page.on('dialog', (dialog) => {
      noted.wrong.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(path);
    // Whatever there is to say, or that there is nothing, has been found out.
    await page.locator('story-history[state]').first().waitFor({ state: 'attached' });
    await look(page, noted);
    expect(noted.wrong).toEqual([]);
    const elsewhere = noted.asked.filter((url) => !url.startsWith(`${app.url}/`) && !url.startsWith(`${site.url}/`));
    expect(elsewhere).toEqual([]);
  } finally {
    await context.close();
  }
}
const history = (page: Page) => page.locator('story-history');
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
/** All of it, shown or not. */
const said = (page: Page) => page.evaluate<string>("document.querySelector('story-history').shadowRoot.textContent");
const stateOf = (page: Page) => history(page).first().getAttribute('state');

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include('story-history').analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

test('found by the page’s canonical address; the keyboard alone opens the history and what a correction changed', async () => {
  await visit('/ferries?from=mail', async (page, { asked }) => {
    expect(await said(page)).toMatch(/^Updated 2 times, last .+ · corrected .+ · see what changed/);
    expect(asked.filter((url) => url.startsWith(app.url)).map((url) => new URL(url).pathname)).toEqual([
      '/embed/story-history.js',
      '/api/stories',
      expect.stringMatching(/^\/api\/stories\/[^/]+\/versions$/),
    ]);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const versions = page.getByRole('list', { name: 'Versions' }).getByRole('listitem');
    expect(await versions.count()).toBe(3);
    expect(await versions.nth(0).textContent()).toMatch(/Correction.*Version 3 \(now\).*Counted again\./s);
    expect(await versions.nth(0).textContent()).toContain('An earlier version gave the wrong number of passengers.');
    expect(await versions.nth(1).textContent()).toMatch(/Statement added.*Lena Okafor, Bay Island Ferries/s);
    expect(await versions.nth(2).textContent()).toContain('corrected in version 3');
    // The page itself has the words of now.
    const read = versions.getByRole('link', { name: 'Read it as it was' });
    expect(await read.evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual(
      [2, 1].map((version) => `${app.url}/stories/ferries/versions/${version}`),
    );

    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const compared = page.getByRole('group', { name: 'What changed (Version 3)' });
    expect(await compared.locator('del').first().textContent()).toBe('[removed: 140]');
    expect(await compared.locator('ins').first().textContent()).toBe('[added: 118]');
    expect(await compared.getByText('A fire stopped the ferries.').isVisible()).toBe(false);
    await compared.getByText('passages unchanged').first().click();
    expect(await compared.getByText('A fire stopped the ferries.').isVisible()).toBe(true);
    expect(await page.getByRole('status').textContent()).toBe(await compared.locator('.summary').textContent());

    await button(page, 'What changed since (Version 1)').click();
    await page.getByRole('group', { name: 'What changed since (Version 1)' }).locator('ins').first().waitFor();
    // One is open at a time.
    expect(await page.getByRole('group', { name: 'What changed' }).count()).toBe(1);
    expect(await button(page, 'What changed (Version 3)').getAttribute('aria-expanded')).toBe('false');
    await button(page, 'What changed since (Version 1)').click();
    expect(await page.getByRole('group', { name: 'What changed' }).count()).toBe(0);
    const whole = page.getByRole('link', { name: 'The whole history' });
    expect(await whole.getAttribute('href')).toBe(`${app.url}/stories/ferries/versions`);
  });
}, 60_000);

test('axe finds nothing in light colours or dark; and on a phone nothing must be scrolled sideways', async () => {
  for (const path of ['/ferries', '/arabic']) {
    await visit(
      path,
      async (page) => {
        await button(page, 'see what changed').click();
        await button(page, 'What changed (Version 2)').click();
        await page.locator('.summary').waitFor();
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await expectNoViolations(page);
        }
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      },
      { viewport: { width: 360, height: 780 } },
    );
  }
}, 60_000);

test('each state of a story says what is so, and an address that is no story’s says nothing', async () => {
  site.put('/unknown', { body: '<story-history></story-history>' });
  site.put('/german', {
    root: 'lang="de-AT"',
    body: '<story-history for="https://courier.example/ferries"></story-history>',
  });
  site.put('/named', { body: '<story-history story="killed"></story-history>' });
  for (const [path, state, words] of [
    ['/calm', 'unchanged', /^Published .+, unchanged since$/],
    ['/retracted', 'retracted', /^Retracted · .+ · It did not rain\.Updated .+ · see what changed/],
    ['/named', 'withdrawn', /^Withdrawn: not to be used · Do not use this\.$/],
    ['/killed', 'withdrawn', /^Withdrawn: not to be used · Do not use this\.$/],
    ['/german', 'corrected', /^2-mal aktualisiert, zuletzt .+ · berichtigt .+ · was sich geändert hat/],
    ['/unpublished', 'none', /^$/],
    ['/unknown', 'none', /^$/],
  ] as const) {
    await visit(path, async (page) => {
      expect([path, await stateOf(page), await said(page)]).toEqual([path, state, expect.stringMatching(words)]);
      if (state === 'none') expect([path, await history(page).isVisible()]).toEqual([path, false]);
    });
  }
}, 60_000);

test('hostile words stay words, in the list and in a comparison', async () => {
  await visit('/hostile', async (page) => {
    await button(page, 'see what changed').click();
    await button(page, 'What changed (Version 2)').click();
    await page.locator('.summary').waitFor();
    const found = await page.evaluate<
      string[]
    >(`[...document.querySelector('story-history').shadowRoot.querySelectorAll('*')]
      .flatMap((one) => [...one.attributes].filter(({ name }) => /^on|style|src/.test(name)).map(({ name }) => name)
        .concat(/^(script|img|iframe|style|svg)$/i.test(one.localName) ? [one.localName] : []))`);
    expect(found).toEqual([]);
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(await page.getByText('onerror=alert(1)').count()).toBeGreaterThan(3);
  });
}, 60_000);

test('who can’t reach the service reads the page as it is, and one who could before is told and tries again', async () => {
  await visit('/ferries', async (page) => {
    await button(page, 'see what changed').click();
    await page.route('**/compare/**', (route) => route.abort());
    await button(page, 'What changed (Version 2)').click();
    await page.getByText('This could not be loaded.').first().waitFor();
    await page.unroute('**/compare/**');
    await button(page, 'Try again').click();
    await page.locator('.summary').waitFor();
    expect(await page.evaluate("document.querySelector('story-history').shadowRoot.activeElement.id")).toBe('c2');

    await page.route('**/api/**', (route) => route.abort());
    await page.evaluate("document.querySelector('story-history').setAttribute('for', '/another')");
    await page.locator('story-history[state=error]').waitFor({ state: 'attached' });
    expect(await history(page).isVisible()).toBe(false);
  });
}, 60_000);

test('the script as built is one module of less than 10 KiB compressed', async () => {
  const { script } = (await import('../../dist/reading/embed/script.js' as string)) as { script: string };
  expect(gzipSync(script).length).toBeLessThan(10 * 1024);
  expect(new SourceTextModule(script).moduleRequests).toEqual([]);
});

test('the example’s page shows it under a strict policy, as readers have it', async () => {
  expect((await fetch(`${app.url}/embed/example`)).headers.get('content-security-policy')).not.toMatch(/unsafe/);
  await app.ask('/example', { as: 'standards', method: 'POST' });
  await visit(`${app.url}/embed/example`, async (page) => {
    await button(page, 'see what changed').click();
    // The seventh is under embargo.
    expect(await page.getByRole('list', { name: 'Versions' }).getByRole('listitem').count()).toBe(6);
    await expectNoViolations(page);
  });
}, 60_000);
