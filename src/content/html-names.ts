/** What the names of HTML's elements mean here. Lists of what is taken in; any other element is left out and reported. */
import type { Decorator, TextStyle } from './types.js';

export const set = (names: string): ReadonlySet<string> => new Set(names.split(' '));

/** In the order in which a span lists them. */
export const markOrder: readonly Decorator[] = ['strong', 'em', 'underline', 'strike-through', 'code'];

export const marksOf: ReadonlyMap<string, Decorator> = new Map([
  ...[...set('b strong')].map((name) => [name, 'strong'] as const),
  ...[...set('i em cite dfn var')].map((name) => [name, 'em'] as const),
  ...[...set('u ins')].map((name) => [name, 'underline'] as const),
  ...[...set('s strike del')].map((name) => [name, 'strike-through'] as const),
  ...[...set('code kbd samp tt')].map((name) => [name, 'code'] as const),
]);

export const headings: ReadonlyMap<string, TextStyle> = new Map([
  ['h1', 'h2'],
  ['h2', 'h2'],
  ['h3', 'h3'],
  ['h4', 'h4'],
  ['h5', 'h4'],
  ['h6', 'h4'],
]);

/** Shown word for word. */
export const preformatted = set('pre listing xmp plaintext');
/** What they hold is no text of the page, or only shown where something else fails. */
export const unread = set(
  'script style template svg math noscript noembed noframes title iframe canvas datalist input frame frameset param track area map embed applet',
);
/** Bring a recording or a page of somebody else's. */
export const players = set('video audio');
/** Begin and end a paragraph. What is not named anywhere here stands in a line. */
export const paragraphs = set(
  'address article aside body center dd details dialog dir div dl dt fieldset figcaption figure footer form frameset header hgroup html legend li main nav object optgroup option p search section summary table tbody td tfoot th thead tr caption',
);
/** Say nothing about their words that a block could hold: not reported. */
export const silent = set(
  'a article base body br caption col colgroup div figcaption figure font footer head header hgroup html label li link main meta nobr o:p p picture section source span tbody td tfoot th thead time tr wbr',
);

/** Whose frames are kept as embeds: the host, or a subdomain of it. */
const providers: readonly (readonly [host: string, provider: string])[] = [
  ['youtube.com', 'YouTube'],
  ['youtube-nocookie.com', 'YouTube'],
  ['vimeo.com', 'Vimeo'],
  ['dailymotion.com', 'Dailymotion'],
  ['twitter.com', 'X'],
  ['x.com', 'X'],
  ['bsky.app', 'Bluesky'],
  ['facebook.com', 'Facebook'],
  ['instagram.com', 'Instagram'],
  ['tiktok.com', 'TikTok'],
  ['soundcloud.com', 'SoundCloud'],
  ['spotify.com', 'Spotify'],
  ['podcasts.apple.com', 'Apple Podcasts'],
  ['datawrapper.de', 'Datawrapper'],
  ['datawrapper.dwcdn.net', 'Datawrapper'],
  ['flo.uri.sh', 'Flourish'],
  ['infogram.com', 'Infogram'],
  ['documentcloud.org', 'DocumentCloud'],
  ['maps.google.com', 'Google Maps'],
  ['openstreetmap.org', 'OpenStreetMap'],
];

export function providerOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname, pathname } = new URL(url);
  if (hostname === 'www.google.com' && pathname.startsWith('/maps/')) return 'Google Maps';
  return providers.find(([host]) => hostname === host || hostname.endsWith(`.${host}`))?.[1];
}

/** Says who took a picture or owns it. */
export const creditClass = /(?:^|[\s_-])(?:credits?|copyright|photographer)(?:[\s_-]|$)/i;
