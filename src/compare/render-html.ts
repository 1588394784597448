/**
 * A comparison as HTML, in place or side by side: `<ins>` and `<del>`, each named in words for those who listen, and moves
 * linked to where they went. Blocks are serialised after they were compared, so the HTML is well-formed; everything typed
 * is escaped, no address is loaded, and a link that may not stand in a story is only its text.
 */
import type { Absent, Block, Json, TextBlock } from '../content/types.js';
import { isLinkUrl } from '../content/url.js';
import { absentText, isRespaced, plainText, valueText } from './shown-text.js';
import type { BlockChange, CellChange, Comparison, FieldChange, Mark, Move, RowChange, Run } from './types.js';

export interface HtmlOptions {
  /** Ahead of every `id`, so that two comparisons can stand in one page. */
  ids?: string;
  /** Unchanged blocks shown around a change; all by default. */
  context?: number;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: HTML has no way to write them.
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]/g;
const entities: { [sign: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(unwritable, '\ufffd')
    .replace(/\r/g, '&#13;')
    .replace(/[&<>"']/g, (sign) => entities[sign]!);

const hidden = (text: string): string => `<span class="hidden">${text}</span>`;
const set = (tag: 'ins' | 'del', inner: string, attributes = ''): string =>
  inner === ''
    ? ''
    : `<${tag}${attributes}>${hidden(tag === 'ins' ? '[added: ' : '[removed: ')}${inner}${hidden(']')}</${tag}>`;

/** Additions and removals in place, in the later side's order. */
export function renderInline(comparison: Comparison, { ids = '', context }: HtmlOptions = {}): string {
  const paint = painter(comparison, ids);
  const blocks = withContext(
    comparison.blocks,
    context,
    (change, i) => paint.change(change, i),
    (count) => `<p class="skipped">${count} unchanged</p>`,
  );
  return `<div class="comparison">\n${head(comparison, paint)}${blocks.join('\n')}\n</div>\n`;
}

/** Two columns: what stood before, what stands after. */
export function renderSideBySide(comparison: Comparison, { ids = '', context }: HtmlOptions = {}): string {
  const paint = painter(comparison, ids);
  const { blocks } = comparison;
  /** Moved blocks by the change they stood behind. */
  const left = new Map<number, number[]>();
  blocks.forEach(({ moved }, i) => {
    if (moved) left.set(moved.stoodAfter, [...(left.get(moved.stoodAfter) ?? []), i]);
  });
  const row = (before: string, after: string, kind: string) =>
    `<tr class="${kind}"><td>${before}</td><td>${after}</td></tr>`;
  const wentFrom = (place: number) =>
    (left.get(place) ?? [])
      .sort((x, y) => blocks[x]!.before[0]!.index - blocks[y]!.before[0]!.index)
      .map((i) =>
        row(
          paint.side(blocks[i]!, 'before', paint.id('b', i)),
          `<p><a href="#${paint.id('c', i)}">moved ${blocks[i]!.moved!.direction}</a></p>`,
          'moved',
        ),
      );
  const rows = withContext(
    blocks,
    context,
    (change, i) => {
      const after = paint.side(change, 'after', paint.id('c', i));
      const before = change.moved
        ? `<p><a href="#${paint.id('b', i)}">moved ${change.moved.direction} from here</a></p>`
        : paint.side(change, 'before');
      return [row(before, after, change.moved ? `moved ${change.kind}` : change.kind), ...wentFrom(i)].join('\n');
    },
    (count) => `<tr class="skipped"><td colspan="2">${count} unchanged</td></tr>`,
  );
  const top = wentFrom(-1);
  return [
    `<div class="comparison">\n${head(comparison, paint)}<table class="side-by-side">`,
    '<thead><tr><th scope="col">Before</th><th scope="col">After</th></tr></thead>',
    '<tbody>',
    ...top,
    ...rows,
    '</tbody>\n</table>\n</div>\n',
  ].join('\n');
}

function withContext(
  blocks: readonly BlockChange[],
  context: number | undefined,
  show: (change: BlockChange, i: number) => string,
  skip: (count: number) => string,
): string[] {
  const told: string[] = [];
  const differs = ({ kind, moved }: BlockChange) => kind !== 'same' || moved !== undefined;
  let skipped = 0;
  blocks.forEach((change, i) => {
    if (context !== undefined && !blocks.slice(Math.max(0, i - context), i + context + 1).some(differs)) {
      skipped++;
      return;
    }
    if (skipped > 0) told.push(skip(skipped));
    skipped = 0;
    told.push(show(change, i));
  });
  if (skipped > 0) told.push(skip(skipped));
  return told;
}

function head({ summary, fields }: Comparison, paint: ReturnType<typeof painter>): string {
  const told = fields.map((field) => paint.field(field));
  const list = told.length > 0 ? `<dl>\n${told.join('\n')}\n</dl>\n` : '';
  return `<p class="summary"><bdi>${escaped(summary.sentence)}</bdi></p>\n${list}`;
}

function painter({ blocks, moves }: Comparison, ids: string) {
  const id = (kind: string, number: number) => escaped(`${ids}${kind}${number}`);
  const named = new Set<string>();

  const marked = ({ text, marks }: Pick<Run, 'text' | 'marks'>): string => {
    let inner = escaped(text).replaceAll('\n', '<br>');
    // A link can't stand in another.
    const link = marks.find((mark) => typeof mark !== 'string');
    for (const mark of marks) if (typeof mark === 'string' || mark === link) inner = wrap(mark, inner);
    return inner;
  };
  // Which runs are shown on a side; all of them in place.
  const runsHtml = (runs: readonly Run[], side?: 'before' | 'after'): string =>
    runs
      .map((run, k) => {
        const { op, boundary, moved } = run;
        if (side && op === (side === 'before' ? 'inserted' : 'deleted')) return '';
        // What took the place of something would run into it.
        const ahead = runs[k - 1];
        const gap =
          !side && ahead?.op === 'deleted' && op === 'inserted' && !/\s$/.test(ahead.text) && !/^\s/.test(run.text)
            ? ' '
            : '';
        if (boundary) return set(op === 'deleted' ? 'del' : 'ins', '¶', ' class="boundary"');
        const { textBefore = run.text, marksBefore = run.marks } = run;
        const text = marked(side === 'before' ? { text: textBefore, marks: marksBefore } : run);
        if (op === 'kept')
          return run.marksBefore
            ? `<span class="reformatted">${hidden('[formatting changed: ')}${text}${hidden(']')}</span>`
            : text;
        const tag = op === 'deleted' ? 'del' : 'ins';
        const move = moved === undefined ? undefined : moves[moved];
        if (moved === undefined || !move) return gap + set(tag, text);
        const [here, there] = op === 'deleted' ? (['f', 't'] as const) : (['t', 'f'] as const);
        const anchor = id(here, moved);
        const first = !named.has(anchor);
        named.add(anchor);
        // Where it came to it is told once, with what was edited on the way.
        const retold = op === 'inserted' && move.edited;
        if (retold && !first) return '';
        const where = `moved ${move.direction}${op === 'deleted' ? '' : ' from here'}`;
        const link = first ? `${gap}<a class="move" href="#${id(there, moved)}">${where}</a> ` : '';
        const name = first ? ` id="${anchor}"` : '';
        if (retold) return `${link}<span class="moved"${name}>${runsHtml(move.runs, side)}</span>`;
        const label = hidden(op === 'deleted' ? '[moved away: ' : '[moved here: ');
        return `${link}<${tag} class="moved"${name}>${label}${text}${hidden(']')}</${tag}>`;
      })
      .join('');

  const blockHtml = (block: Block, inner: string): string => {
    if (block._type === 'code') return `<pre><code>${inner}</code></pre>`;
    if (block._type !== 'block') return `<p>${inner}</p>`;
    const { style, listItem } = block as TextBlock;
    const tag = /^h[2-4]$/.test(style) ? style : 'p';
    const text = `<${tag}>${inner}</${tag}>`;
    const quoted = style === 'blockquote' ? `<blockquote>${text}</blockquote>` : text;
    return listItem ? (listItem === 'bullet' ? `<ul><li>${quoted}</li></ul>` : `<ol><li>${quoted}</li></ol>`) : quoted;
  };
  const whole = (block: Block, tag?: 'ins' | 'del'): string => {
    const isText = block._type === 'block';
    const inner = isText
      ? (block as TextBlock).children
          .map(({ text, marks }) => {
            const hrefs = new Map((block as TextBlock).markDefs.map(({ _key, href }) => [_key, { href }]));
            return marked({ text, marks: marks.map((mark) => hrefs.get(mark) ?? mark) });
          })
          .join('')
      : escaped(plainText(block)).replaceAll('\n', '<br>');
    return blockHtml(block, tag ? set(tag, inner) : inner);
  };
  const values = (before: Json | Absent | undefined, after: Json | Absent | undefined, side?: 'before' | 'after') =>
    [
      before === undefined || side === 'after' ? '' : set('del', escaped(valueText(before))),
      after === undefined || side === 'before' ? '' : set('ins', escaped(valueText(after))),
    ]
      .filter(Boolean)
      .join(' ');
  const cellHtml = ({ runs }: CellChange, side?: 'before' | 'after') => `<td>${runsHtml(runs, side)}</td>`;
  const rowsHtml = (rows: readonly RowChange[], side?: 'before' | 'after') =>
    `<table><tbody>${rows
      .filter((row) => !side || row[side] !== undefined)
      .map(
        (row) =>
          `<tr class="${row.kind}${row.moved ? ' moved' : ''}">${row.cells.map((cell) => cellHtml(cell, side)).join('')}</tr>`,
      )
      .join('')}</tbody></table>`;

  /** A block with its changes; of one side, or of both in one. */
  const bodyOf = (change: BlockChange, side?: 'before' | 'after'): string => {
    const { kind, before, after, runs, members, rows, absent } = change;
    if (absent && kind === 'edited') return `<p class="absent">${escaped(absentText(absent))}</p>`;
    const block = (side === 'before' ? before[0] : (after[0] ?? before[0]))!.block;
    const differing = (members ?? []).map(
      ({ name, before, after, runs }) =>
        `<p class="member">${escaped(name)}: ${runs ? runsHtml(runs, side) : values(before, after, side)}</p>`,
    );
    const said = rows
      ? rowsHtml(rows, side)
      : runs
        ? blockHtml(block, runsHtml(runs, side))
        : whole(block, kind === 'added' ? 'ins' : kind === 'removed' ? 'del' : undefined);
    return [said, ...differing].join('\n');
  };

  return {
    id,
    field({ name, member, before, after, runs }: FieldChange): string {
      const label = member === undefined ? name : `${name}: ${member}`;
      return `<dt>${escaped(label)}</dt><dd>${runs ? runsHtml(runs) : values(before, after)}</dd>`;
    },
    change(change: BlockChange, i: number): string {
      const { kind, moved } = change;
      const notes = [
        ...(moved ? [movedNote(moved)] : []),
        ...(kind in titles ? [titles[isRespaced(change) ? 'respaced' : (kind as keyof typeof titles)]] : []),
      ];
      const note = notes.length > 0 ? `<p class="note">${notes.join('; ')}</p>\n` : '';
      return `<div class="change ${kind}${moved ? ' moved' : ''}" id="${id('c', i)}">\n${note}${bodyOf(change)}\n</div>`;
    },
    /** One side of a change, empty where it has none. */
    side(change: BlockChange, side: 'before' | 'after', name?: string): string {
      if (change[side].length === 0) return '';
      const inner = bodyOf(change, side);
      return name ? `<div id="${name}">${inner}</div>` : inner;
    },
  };

  function movedNote({ direction, stoodAfter }: Move): string {
    return blocks[stoodAfter]
      ? `moved ${direction}: <a href="#${id('c', stoodAfter)}">it stood after this</a>`
      : `moved ${direction}: it stood first`;
  }
}

const titles = {
  split: 'split into several',
  merged: 'merged into one',
  reformatted: 'formatting changed',
  respaced: 'spacing changed',
} as const;

const tags: { [mark: string]: string } = {
  strong: 'strong',
  em: 'em',
  underline: 'u',
  'strike-through': 's',
  code: 'code',
};

function wrap(mark: Mark, inner: string): string {
  if (typeof mark !== 'string')
    return isLinkUrl(mark.href) ? `<a href="${escaped(mark.href)}" rel="nofollow">${inner}</a>` : inner;
  const tag = Object.hasOwn(tags, mark) ? tags[mark] : undefined;
  return tag ? `<${tag}>${inner}</${tag}>` : inner;
}
