/** What is kept of raw HTML in Markdown: its words. Tags, comments, scripts and styles are left out, never interpreted. */

const unseen =
  /<!--[\s\S]*?(?:-->|$)|<(script|style|template)\b[\s\S]*?(?:<\/\1\s*>|$)|<\?[\s\S]*?(?:\?>|$)|<![\s\S]*?(?:>|$)/gi;
// Also a tag or a quote that is never closed matches, up to the end: so no start is tried in vain, and time is linear.
const tag = /<\/?([a-z][a-z0-9-]*)(?:"[^"]*(?:"|$)|'[^']*(?:'|$)|[^'">])*(?:>|$)/gi;
/** Elements inside a line; any other begins a new paragraph. */
const inline = new Set(
  'a abbr b bdi bdo cite code data del dfn em font i ins kbd mark q ruby rp rt s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);

const named: { [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

/** The words of an HTML block as paragraphs of plain text; a `<br>` is a line feed. */
export function wordsOfHtml(html: string): string[] {
  return html
    .replace(unseen, '')
    .replace(/[^\S\u00a0]+/g, ' ')
    .replace(tag, (_, name: string) => {
      const element = name.toLowerCase();
      return element === 'br' ? '\n' : inline.has(element) ? '' : '\n\n';
    })
    .split(/\n\n+/)
    .map((paragraph) =>
      decode(paragraph)
        .replace(/ *\n */g, '\n')
        .replace(/^[ \t\n]+|[ \t\n]+$/g, ''),
    )
    .filter((paragraph) => paragraph !== '');
}

export const isBreak = (html: string): boolean => /^<br\s*\/?>$/i.test(html);

/** How a report names a piece of HTML. */
export const nameOfHtml = (html: string): string =>
  html.startsWith('<!--') ? 'comment' : `<${/^<\/?([a-z][a-z0-9-]*)/i.exec(html)?.[1]?.toLowerCase() ?? '!'}>`;

function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (whole, decimal, hex, name) => {
    if (name) return Object.hasOwn(named, name) ? named[name]! : whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    const invalid = code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
    return String.fromCodePoint(invalid ? 0xfffd : code);
  });
}
