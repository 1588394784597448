/** A comparison as the service tells it in HTML, taken over piece by piece. */
import { element } from './elements.js';
import { filledText, type Tongue } from './words.js';

const taken = new Set(
  'a blockquote bdi br code dd del div dl dt em h2 h3 h4 ins li ol p pre s span strong table tbody td th thead tr u ul'.split(
    ' ',
  ),
);
const dropped = new Set(['script', 'style', 'template', 'iframe', 'object', 'svg', 'math']);
/** The service's own words, in English. */
const saidByService = '.hidden, .note, .move, .summary, .skipped, dt';
/** Of the places in a comparison, with the # of a link to it. */
export const madeId = /^#[a-z]\d+$/;
const directed = new Set('p h2 h3 h4 li pre td th dd'.split(' '));

/** What a comparison is made of, made anew here: words, known elements, and of attributes those that a comparison has. */
export function adopted(node: Node, tongue: Tongue): (Node | string)[] {
  if (node.nodeType === Node.TEXT_NODE) return [node.nodeValue!];
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  const from = node as Element;
  const { localName: name, className, id } = from;
  if (dropped.has(name)) return [];
  if (className === 'hidden') {
    const heard = tongue.words.heard[from.textContent];
    return [
      element('span', { class: 'hidden', lang: heard ? tongue.lang : 'en', dir: 'ltr' }, heard ?? from.textContent),
    ];
  }
  const children = [...from.childNodes].flatMap((child) => adopted(child, tongue));
  if (!taken.has(name)) return children;
  const attributes = {
    class: className || undefined,
    id: madeId.test(`#${id}`) ? id : undefined,
    ...(from.matches(saidByService) ? { lang: 'en', dir: 'ltr' } : directed.has(name) ? { dir: 'auto' } : {}),
    ...(name === 'a' ? addressOf(from) : {}),
  };
  return [element(name as 'div', attributes, ...children)];
}

function addressOf(link: Element): Record<string, string> {
  const href = link.getAttribute('href') ?? '';
  if (madeId.test(href)) return { href };
  const url = URL.parse(href, document.baseURI);
  return url && /^(https?|mailto|tel):$/.test(url.protocol) ? { href: url.href, rel: 'nofollow noopener' } : {};
}

/** Passages that nothing happened to fold away where there are several in a row. */
export function folded(comparison: Element, { words }: Tongue): void {
  const isSame = (one: Element | null) => one?.className === 'change same';
  for (const first of [...comparison.children]) {
    if (!isSame(first) || first.parentElement !== comparison) continue;
    const run = [first];
    for (let next = first.nextElementSibling; isSame(next); next = next!.nextElementSibling) run.push(next!);
    if (run.length === 1) continue;
    const fold = element(
      'details',
      {},
      element('summary', {}, filledText(words.unchangedBlocks, { count: run.length })),
    );
    first.before(fold);
    fold.append(...run);
  }
}
