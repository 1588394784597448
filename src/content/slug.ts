/** How addresses name a story: by its id, or by a slug, which is made from its headline or checked here. */
import { limits } from './limits.js';

const form = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Letters that have no decomposition in Unicode but a customary spelling in ASCII. */
const spelled: { [letter: string]: string } = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  ŋ: 'ng',
  þ: 'th',
  ŧ: 't',
};

/** RFC 9562. An address names a story by id or slug, so no slug may look like an id. */
export const isUuid = (text: string): boolean => uuid.test(text);

export const isSlug = (text: string): boolean => text.length <= limits.slug && form.test(text) && !isUuid(text);

/** `Ferry strike: Harrow Bay’s crews vote` → `ferry-strike-harrow-bays-crews-vote`; `story` where nothing is left. */
export function slugify(headline: string): string {
  const folded = headline
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøđðħıłŋþŧ]/g, (letter) => spelled[letter]!)
    .replace(/['’‘ʼ]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const slug = cut(folded) || 'story';
  return isUuid(slug) ? `story-${slug}` : slug;
}

/** For where a slug is taken: `fire`, `fire-2`, `fire-3` … without end, each within the limit. */
export function* numbered(slug: string): Generator<string> {
  yield slug;
  for (let n = 2; ; n++) yield `${slug.slice(0, limits.slug - String(n).length - 1).replace(/-$/, '')}-${n}`;
}

/** At most the limit, cut where a word ends; a single longer word is cut inside. */
function cut(slug: string): string {
  if (slug.length <= limits.slug) return slug;
  const end = slug.lastIndexOf('-', limits.slug);
  return slug.slice(0, end > 0 ? end : limits.slug);
}
