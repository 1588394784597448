import { expect, test } from '@jest/globals';
import { Slugs } from './slugs.js';

test('a slug that two commands of one story claim is kept from others until both have ended', async () => {
  const slugs = new Slugs({ slugOwner: () => undefined });
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const under = [first, second].map(({ promise }) => slugs.claiming('harbour', 'ferry-late', () => promise));
  const other = () => slugs.chosen('quay', { type: 'change-slug', slug: 'ferry-late' }).ok;
  first.resolve();
  await under[0];
  expect(other()).toBe(false);
  second.resolve();
  await under[1];
  expect(other()).toBe(true);
});
