/** XML 1.0 as text: elements with attributes, and every character that it allows. */

/** A piece of XML, escaped already. */
export interface Xml {
  xml: string;
}

/** Not in XML 1.0 (section 2.2), however they are written; lone surrogates are no characters at all. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };

const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(forbidden, '')
    .replace(/[&<>"\r]/g, (character) => entities[character]!);

type Child = Xml | string | undefined | false;

/** An element; attributes and children that are `undefined` are left out. Names are ours, never anybody's words. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly (Child | readonly Child[])[]
): Xml {
  const written = Object.entries(attributes)
    .filter((attribute): attribute is [string, string] => attribute[1] !== undefined)
    // In an attribute a line end would read as a space (section 3.3.3).
    .map(([key, value]) => ` ${key}="${escaped(value).replace(/[\n\t]/g, (blank) => `&#${blank.charCodeAt(0)};`)}"`)
    .join('');
  const inside = children
    .flat()
    .map((child) =>
      child === undefined || child === false ? '' : typeof child === 'string' ? escaped(child) : child.xml,
    )
    .join('');
  return { xml: inside === '' ? `<${name}${written}/>` : `<${name}${written}>${inside}</${name}>` };
}

export const document = (root: Xml): string => `<?xml version="1.0" encoding="utf-8"?>\n${root.xml}\n`;
