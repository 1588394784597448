/** Which addresses may stand in a story. Lists of what is allowed, never of what is forbidden. */

const linkSchemes = new Set(['http', 'https', 'mailto', 'tel']);

// White space and control characters anywhere: browsers drop some of them, which makes `java\nscript:` a scheme again.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unwritable = /[\s\u0000-\u0020\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/;

/** Everything before the first colon, unless a `/`, `?` or `#` says that it is a path (RFC 3986, 4.2). */
const schemeOf = (url: string): string | undefined => /^([^/?#:]*):/.exec(url)?.[1]?.toLowerCase();

/** A character reference where a scheme would stand: harmless unless somebody downstream decodes once too often. */
const disguised = /^[^/?]*&#?[a-z0-9]+;/i;

/** For links: http, https, mailto, tel, a relative reference, a fragment. */
export function isLinkUrl(url: string): boolean {
  if (url === '' || unwritable.test(url) || disguised.test(url)) return false;
  const scheme = schemeOf(url);
  if (scheme === undefined) return true;
  return linkSchemes.has(scheme) && (scheme.startsWith('http') ? isWebUrl(url) : url.length > scheme.length + 1);
}

/** For images, embeds and the publisher's own page: an absolute http or https address. */
export function isWebUrl(url: string): boolean {
  return /^https?:\/\//i.test(url) && !unwritable.test(url) && URL.canParse(url);
}
