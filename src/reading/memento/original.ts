/** The original resource (URI-R) that a TimeGate or a TimeMap is asked about, as it stands in the address. */
import { comparableUrl } from '../../content/url.js';

/**
 * Reads what stands behind `door` in a request's `url`. It is not escaped; clients double the slash before it or add a
 * `?`, proxies make one slash of two. `undefined` where it is no web address.
 */
export function readOriginal(url: string, door: string): string | undefined {
  const typed = url.slice(door.length).replace(/^\/+/, '');
  const address = /^https?%3a/i.test(typed) ? unescaped(typed) : typed;
  return address ? comparableUrl(address.replace(/^(https?):\/+/i, '$1://')) : undefined;
}

/** The name of the story whose page this is, if it is one of the pages at one of `origins`, by either scheme. */
export function storyPageName(address: string, origins: readonly string[]): string | undefined {
  const { host, pathname, search } = new URL(address);
  if (search || !origins.some((origin) => URL.parse(origin)?.host === host)) return undefined;
  const name = /^\/stories\/([^/]+)$/.exec(pathname)?.[1];
  return name && unescaped(name);
}

function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
