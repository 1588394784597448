/** Takes the pictures of docs/screenshots: a reader's pages of the example story, in light colours and dark. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exampleSlug } from '../../src/desk/example.js';
import { startApp } from '../support/start-app.js';
import { launchBrowser } from './browser.js';

const folder = join(import.meta.dirname, '../../docs/screenshots');
const story = `/stories/${exampleSlug}`;
const pages = { story, history: `${story}/versions`, compare: `${story}/compare/3...4` };

const app = await startApp({ clock: () => Date.parse('2026-05-14T08:00:00Z') });
const browser = await launchBrowser();
try {
  await app.ask('/example', { as: 'standards', method: 'POST' });
  await mkdir(folder, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({
      baseURL: app.url,

      colorScheme,
      viewport: { width: 1180, height: 860 },
    });
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(path);
      await page.evaluate('document.fonts.ready');
      await page.screenshot({ path: join(folder, `${name}${colorScheme === 'dark' ? '-dark' : ''}.png`) });
    }
  }
} finally {
  await browser.close();
  await app.dispose();
}
