/** RFC 8288 `Link` headers. */

/** `Link` header for targets such as `{next: '/api/stories?cursor=…'}`; `undefined` where there are none. */
export function linkHeader(targets: Readonly<Record<string, string | undefined>>): string | undefined {
  const links = Object.entries(targets)
    .filter((link): link is [string, string] => link[1] !== undefined)
    .map(([relation, target]) => `<${encodeTarget(target)}>; rel="${relation}"`);
  return links.length ? links.join(', ') : undefined;
}

/** Nothing that could end the target or the header gets through. */
const encodeTarget = (target: string): string =>
  target.replace(/[^\x21-\x7e]|[<>"]/gu, (character) => encodeURIComponent(character));
