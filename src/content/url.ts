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

/**
 * A web address in the one form in which two are compared (RFC 3986, 6.2): scheme and host in small letters, no default
 * port, no fragment, no empty query; path and query as they are, but for the escapes of `,` and `;`, which RFC 8288 links
 * are safer with. `undefined` for what is no web address.
 */
export function comparableUrl(typed: string): string | undefined {
  if (!isWebUrl(typed)) return undefined;
  const url = new URL(typed);
  url.hash = '';
  const address = url.href.replace(/\?$/, '').replace(/[,;]/g, (mark) => (mark === ',' ? '%2C' : '%3B'));
  return address.replace(/%[0-9a-f]{2}/gi, (escaped) => escaped.toUpperCase());
}

/** A web address as an RFC 3986 URI: browsers take more than that. */
export function uriOf(address: string): string {
  const { href, origin } = new URL(address);
  const [path = '', ...fragment] = href.slice(origin.length).split('#');
  const escaped = (part: string) =>
    part.replace(/[^\w\-.~:/?@!$&'()*+,;=%]|%(?![0-9a-f]{2})/gi, (character) =>
      character === '%' ? '%25' : encodeURIComponent(character),
    );
  return origin + escaped(path) + (fragment.length > 0 ? `#${escaped(fragment.join('#'))}` : '');
}
