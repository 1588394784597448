/** A story's address can be read, typed and never taken for an id. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSlug, numbered, slugify } from './slug.js';

describe('a slug from a headline', () => {
  test.each([
    ['Ferry strike: Harrow Bay’s crews vote', 'ferry-strike-harrow-bays-crews-vote'],
    ["Don't wait — the 8.15 to Eyot Island won't sail", 'dont-wait-the-8-15-to-eyot-island-wont-sail'],
    ['Łódź, Ærø & Straße: ﬁve ports at İzmir', 'lodz-aero-strasse-five-ports-at-izmir'],
    ['渡轮罢工', 'story'],
    ['', 'story'],
    ['!!!', 'story'],
    ['01902a5c-7d3e-7c11-9b7a-0123456789ab', 'story-01902a5c-7d3e-7c11-9b7a-0123456789ab'],
  ])('%s → %s', (headline, slug) => {
    expect(slugify(headline)).toBe(slug);
  });

  test('is cut where a word ends', () => {
    const slug = slugify('harbour '.repeat(40));
    expect(slug.length).toBeLessThanOrEqual(100);
    expect(slug).toMatch(/^harbour(-harbour)+$/);
    expect(slugify('x'.repeat(300))).toBe('x'.repeat(100));
  });

  test('is always a slug', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (headline) => isSlug(slugify(headline))),
      { seed: 20260321 },
    );
  });
});

test('a taken slug gets a number, within the limit', () => {
  const first = (slug: string) => [...numbered(slug).take(3)];
  expect(first('ferries')).toEqual(['ferries', 'ferries-2', 'ferries-3']);
  const long = 'a'.repeat(100);
  expect(first(long)).toEqual([long, `${'a'.repeat(98)}-2`, `${'a'.repeat(98)}-3`]);
  const hyphen = `${'a'.repeat(97)}-bb`;
  expect(first(hyphen)[1]).toBe(`${'a'.repeat(97)}-2`);
  for (const slug of [...first(long), ...first(hyphen)]) expect(isSlug(slug)).toBe(true);
});

test.each(['a', '2-b', 'ferry-strike', 'x'.repeat(100)])('%s is a slug', (text) => expect(isSlug(text)).toBe(true));
test.each([
  '',
  '-',
  'a-',
  '-a',
  'a--b',
  'A',
  'é',
  'a b',
  'a\n',
  'x'.repeat(101),
  '01902a5c-7d3e-7c11-9b7a-0123456789ab',
])('%j is none', (text) => expect(isSlug(text)).toBe(false));
