/** The API's description in the repository is the one that the built service serves. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Served, serve } from './support/serve.js';

const file = join(import.meta.dirname, '../openapi.json');
let data: string;
let service: Served;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'palimpsest-'));
  service = await serve(data);
}, 60_000);
afterAll(async () => {
  await service.stop();
  await rm(data, { recursive: true, force: true });
});

test('openapi.json is what the service says of itself (UPDATE_OPENAPI=1 writes it)', async () => {
  const served = await (await fetch(`${service.url}/api/openapi.json`)).json();
  if (process.env.UPDATE_OPENAPI) await writeFile(file, `${JSON.stringify(served, null, 2)}\n`);
  expect(served).toEqual(JSON.parse(await readFile(file, 'utf8')));
});

test('every operation has a summary, and everything it refers to is there', async () => {
  const document = JSON.parse(await readFile(file, 'utf8'));
  expect(document.openapi).toBe('3.1.0');
  for (const [path, operations] of Object.entries<Record<string, { summary?: string }>>(document.paths)) {
    for (const [method, { summary }] of Object.entries(operations))
      expect([method, path, summary]).toEqual([method, path, expect.any(String)]);
  }
  for (const [, name] of JSON.stringify(document).matchAll(/#\/components\/schemas\/([^"]+)/g)) {
    expect(Object.keys(document.components.schemas)).toContain(name);
  }
});

test('the page to try it on comes from this service alone', async () => {
  const page = await fetch(`${service.url}/api/docs`);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  expect(await page.text()).not.toMatch(/(src|href)="(https?:)?\/\//);
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
});
