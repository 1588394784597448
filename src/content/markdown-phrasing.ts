/** Spans with sets of marks as the nested marks of Markdown. */
import type { PhrasingContent } from 'mdast';
import type { RichText, Span } from './types.js';

type Where = 'paragraph' | 'heading' | 'cell';

/** The marks that Markdown has, in the order in which those of equal reach are nested; links stand outside of them. */
const writable = ['strong', 'em', 'strike-through'] as const;

export function phrasingOf({ children, markDefs }: RichText, where: Where): PhrasingContent[] {
  const links = new Map(markDefs.map((link) => [link._key, link.href]));
  const spans = merged(children, links);

  /** The marks of spans `from` to `to`, those in `open` being written already. */
  function write(from: number, to: number, open: readonly string[]): PhrasingContent[] {
    const nodes: PhrasingContent[] = [];
    for (let i = from; i < to; ) {
      const { mark, end } = widest(i, to, open);
      if (mark === undefined) {
        nodes.push(...textOf(spans, i, where));
        i += 1;
      } else {
        nodes.push(wrap(mark, write(i, end, [...open, mark])));
        i = end;
      }
    }
    return nodes;
  }

  /** Of the marks that begin at `i`, the one that reaches furthest without cutting a link in two. */
  function widest(i: number, to: number, open: readonly string[]): { mark?: string; end: number } {
    const reach = (mark: string, limit: number) => {
      let end = i;
      while (end < limit && spans[end]!.marks.includes(mark)) end++;
      return end;
    };
    const link = spans[i]!.marks.find((mark) => links.has(mark) && !open.includes(mark));
    let best: { mark?: string; end: number } = { mark: link, end: link ? reach(link, to) : i };
    const inLink = open.some((mark) => links.has(mark));
    for (const mark of writable) {
      if (open.includes(mark) || !spans[i]!.marks.includes(mark)) continue;
      let end = reach(mark, to);
      if (!inLink && end < to) {
        const cutLink = linkAcross(end);
        while (cutLink && end > i && spans[end - 1]!.marks.includes(cutLink)) end--;
      }
      if (end > best.end) best = { mark, end };
    }
    return best;
  }

  const linkAcross = (end: number): string | undefined =>
    spans[end]!.marks.find((mark) => links.has(mark) && spans[end - 1]!.marks.includes(mark));

  const wrap = (mark: string, children: PhrasingContent[]): PhrasingContent => {
    const url = links.get(mark);
    if (url !== undefined) return { type: 'link', url, children };
    return { type: mark === 'strong' ? 'strong' : mark === 'em' ? 'emphasis' : 'delete', children };
  };

  return write(0, spans.length, []);
}

/** Without empty spans, and with those joined that Markdown can't tell apart; the first link of a span counts. */
function merged(children: readonly Span[], links: ReadonlyMap<string, string>): Span[] {
  const spans: Span[] = [];
  for (const { text, marks } of children) {
    if (text === '') continue;
    const link = marks.find((mark) => links.has(mark));
    const known = [...writable, 'code'].filter((mark) => marks.includes(mark));
    if (link) known.push(link);
    const last = spans.at(-1);
    if (last && last.marks.join() === known.join()) last.text += text;
    else spans.push({ _type: 'span', text, marks: known });
  }
  return spans;
}

/** A line feed is a hard break where that can be written, else `<br>`, which is read back the same. */
function textOf(spans: readonly Span[], index: number, where: Where): PhrasingContent[] {
  const { text, marks } = spans[index]!;
  const code = marks.includes('code');
  const lines = text.split('\n');
  return lines.flatMap((line, i): PhrasingContent[] => {
    const nodes: PhrasingContent[] = [];
    if (i > 0) {
      const before = lines[i - 1] || (i === 1 ? wordsOf(spans[index - 1], marks) : '');
      const after = line || (i === lines.length - 1 ? wordsOf(spans[index + 1], marks) : '');
      const hard = where === 'paragraph' && !code && /\S$/.test(before) && /^\S/.test(after);
      nodes.push(hard ? { type: 'break' } : { type: 'html', value: '<br>' });
    }
    if (line !== '') nodes.push(code ? { type: 'inlineCode', value: line } : { type: 'text', value: line });
    return nodes;
  });
}

/** What stands beside a break at the edge of a span, unless that may be the edge of a mark too. */
const wordsOf = (neighbour: Span | undefined, marks: readonly string[]): string =>
  marks.length === 0 ? (neighbour?.text ?? '') : '';
