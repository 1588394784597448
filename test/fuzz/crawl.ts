/** Pages as a person goes through them: links followed, forms filled in and sent, those of the desk above all. */
import type { Random } from './random.js';
import type { As, Asked, Writers } from './valid.js';
import { sentence, word } from './words.js';

interface Form {
  action: string;
  fields: { name: string; value: string; isTyped: boolean }[];
}

/** What the pages so far have shown: the last few of each. */
export interface Crawled {
  links: string[];
  forms: Form[];
}

const mostKept = 300;

export function look(html: string, { links, forms }: Crawled): void {
  for (const [, href = ''] of html.matchAll(/ href="(\/[^"#]*)/g)) {
    if (!href.startsWith('/assets/')) keep(links, plain(href));
  }
  for (const [, head = '', inside = ''] of html.matchAll(/<form([^>]*)>(.*?)<\/form>/gs)) {
    const action = attribute(head, 'action') ?? '';
    if (action.startsWith('/desk/')) keep(forms, { action, fields: fieldsIn(inside) });
  }
}

function keep<T>(kept: T[], one: T): void {
  kept.push(one);
  if (kept.length > mostKept) kept.shift();
}

function fieldsIn(html: string): Form['fields'] {
  const found = html.matchAll(/<(input|textarea|select|button)\b([^>]*)>(?:([^<]*)<\/textarea>)?/g);
  return [...found].flatMap(([, tag, head = '', typed]) => {
    const name = attribute(head, 'name');
    const value = plain(typed ?? '') || (attribute(head, 'value') ?? '');
    const isTyped = tag === 'textarea' || / type="(text|url|datetime-local)"/.test(head);
    return name === undefined ? [] : [{ name, value, isTyped }];
  });
}

const attribute = (head: string, name: string): string | undefined => {
  const found = new RegExp(` ${name}="([^"]*)"`).exec(head)?.[1];
  return found === undefined ? undefined : plain(found);
};

const plain = (html: string): string =>
  html.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

const whoGoes = (r: Random): Exclude<As, 'reader'> =>
  r.pick(['standards', 'standards', 'standards', 'editor', 'auditor', 'wire']);

const going = (as: Exclude<As, 'reader'>, writers: Writers) => ({
  as,
  headers: { authorization: `Bearer ${writers[as]}`, accept: 'text/html' } as Record<string, string>,
});

export const follow = (r: Random, { links }: Crawled, writers: Writers): Asked => ({
  label: 'link',
  kind: 'valid',
  method: 'GET',
  path: r.pick((r.chance(0.6) && links.filter((link) => link.startsWith('/desk/'))) || links) ?? '/desk',
  ...going(whoGoes(r), writers),
});

/** Mostly as the page has it, with words typed in; now and then with a field missing, new, or holding anything. */
export function submit(r: Random, { forms }: Crawled, writers: Writers): Asked {
  const { action, fields } = r.pick(forms);
  const sent = new URLSearchParams();
  for (const { name, value, isTyped } of fields) {
    if (sent.has(name) ? !r.chance(0.4) : r.chance(0.05)) continue;
    const typed = r.pick([sentence(r), word(r), String(r.int(-1, 9)), '2030-01-01T10:00']);
    sent.set(name, isTyped && r.chance(0.25) ? typed : value);
  }
  if (r.chance(0.05))
    sent.set(r.pick([...sent.keys(), 'unknown', '__proto__']), r.pick(['', 'x', '\u0000', '\ud800', 'x'.repeat(6000)]));
  const { as, headers } = going(whoGoes(r), writers);
  headers['content-type'] = 'application/x-www-form-urlencoded';
  return { label: 'form', kind: 'valid', as, method: 'POST', path: action, headers, body: Buffer.from(String(sent)) };
}
