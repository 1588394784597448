/** What no service in good health shows: a store that does not answer, while somebody has typed. */
import { expect, test } from '@jest/globals';
import type { CommandBus, QueryBus } from '@nestjs/cqrs';
import { tokenViewer } from '../../src/access/viewer.js';
import { goOn } from '../../src/desk/act.js';
import { publishing } from '../../src/desk/write.js';
import { parseInstant } from '../../src/story/instant.js';
import { renderPage } from '../../src/web/page.js';

const viewer = tokenViewer({ id: 'a', name: 'Ines Varga', role: 'editor', onBehalf: false });
const target = {
  viewer,
  zone: 'UTC',
  now: parseInstant('2026-05-14T12:00:00Z')!,
  asked: {},
  versions: [],
  corrections: [],
  withdrawals: [],
};
const doing = {
  name: 'new',
  action: publishing,
  target,
  frame: {
    publisher: { name: 'The Harrow Bay Courier', language: 'en' },
    zone: 'Europe/Berlin',
    imageSources: [],
    origin: 'https://courier.example',
  },
  etag: undefined,
};
const sent = { headline: 'Ferries stopped', body: 'All of them.', step: 'act', key: 'k' };

const failing = (error: Error) => ({ execute: () => Promise.reject(error) }) as unknown as CommandBus & QueryBus;

test('what was typed stays when the store does not answer, and it is said that nobody knows', async () => {
  const unavailable = failing(Object.assign(new Error('no answer'), { name: 'StoreUnavailable' }));
  const answered = await goOn(doing, sent, unavailable, unavailable);
  if (!('page' in answered)) throw new Error('it was done');
  const html = renderPage(answered.page);
  expect(answered.status).toBe(503);
  expect(html).toContain('value="Ferries stopped"');
  expect(html).toContain('it isn’t known whether this was recorded');
});

test('a fault of ours is not dressed up as a refusal', async () => {
  const broken = failing(new TypeError('ours'));
  await expect(goOn(doing, sent, broken, broken)).rejects.toThrow('ours');
});
