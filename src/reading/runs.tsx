/** Compared text: what was removed and added, marked for the eye and in words for those who listen. */
import type { ComponentChildren } from 'preact';
import type { Mark, Run, SentenceMove } from '../compare/types.js';
import { linked, marked } from './text.js';

/** Both sides in one, or one of them. */
export type Side = 'before' | 'after';

/** What the runs of one comparison share. */
export interface Shown {
  moves: readonly SentenceMove[];
  side?: Side;
  /** Ends of moves that have their `id` already. A sentence of several formats is several runs. */
  named: Set<string>;
}
export const nothingMoved = (): Shown => ({ moves: [], named: new Set() });

/** Where a sentence went away and where it came to. */
const endsOf = (moved: number) => ({ from: `from-${moved + 1}`, to: `to-${moved + 1}` });

interface Piece extends Run {
  node?: ComponentChildren;
  apart?: boolean;
}

export function Runs({ runs, shown = nothingMoved() }: { runs: readonly Run[]; shown?: Shown }) {
  const { side } = shown;
  const seen = runs.filter(({ op }) => !side || op !== (side === 'before' ? 'inserted' : 'deleted'));
  const pieces = seen.flatMap((run, index): Piece[] => {
    const { textBefore = run.text, marksBefore = run.marks } = run;
    const read = side === 'before' ? { text: textBefore, marks: marksBefore } : {};
    const piece = { ...run, ...read, apart: touches(seen[index - 1], run) };
    return run.moved === undefined ? [piece] : movedPieces(piece, run.moved, shown);
  });
  return (
    <>
      {groupsOf(pieces).map((group) => {
        const [{ op, node, boundary, apart }] = group as [Piece];
        if (node) return node;
        const text = linked(group, (piece) => show(piece, side));
        const marked =
          op === 'kept' ? text : op === 'inserted' ? <Inserted>{text}</Inserted> : <Deleted>{text}</Deleted>;
        if (boundary) return op === 'inserted' ? <Inserted>¶</Inserted> : <Deleted>¶</Deleted>;
        return apart ? [' ', marked] : marked;
      })}
    </>
  );
}

/** Neighbours that were all kept, all added or all removed: what they look like makes no further mark. */
function groupsOf(pieces: readonly Piece[]): Piece[][] {
  const groups: Piece[][] = [];
  const alone = ({ node, boundary }: Piece) => node !== undefined || boundary === true;
  for (const piece of pieces) {
    const last = groups.at(-1)?.[0];
    if (last && last.op === piece.op && !alone(last) && !alone(piece)) groups.at(-1)!.push(piece);
    else groups.push([piece]);
  }
  return groups;
}

/** What was put in the place of something would else run into it: 240140. */
const touches = (before: Run | undefined, { op, text }: Run): boolean =>
  before?.op === 'deleted' && op === 'inserted' && /[\p{L}\p{N}]$/u.test(before.text) && /^[\p{L}\p{N}]/u.test(text);

export const wentTo = { up: 'Moved up ↑', down: 'Moved down ↓' };
export const cameFrom = { up: 'Moved here from below ↓', down: 'Moved here from above ↑' };

/** A link to the other end, then the sentence; where it came to with what was edited on the way, told once. */
function movedPieces(piece: Piece, moved: number, shown: Shown): Piece[] {
  const move = shown.moves[moved];
  if (!move) return [piece];
  const gone = piece.op === 'deleted';
  const { from, to } = endsOf(moved);
  const [id, other] = gone ? [from, to] : [to, from];
  const first = !shown.named.has(id);
  shown.named.add(id);
  const retold = !gone && move.edited;
  if (retold && !first) return [];
  const link: Piece = {
    ...piece,
    marks: [],
    node: (
      <a class="move" id={id} href={`#${other}`}>
        {gone ? wentTo[move.direction] : cameFrom[move.direction]}
      </a>
    ),
  };
  const sentence: Piece = retold
    ? {
        ...piece,
        marks: [],
        apart: false,
        node: (
          <span class="moved">
            <Runs runs={move.runs} shown={{ ...shown, moves: [] }} />
          </span>
        ),
      }
    : {
        ...piece,
        apart: false,
        node: gone ? <Deleted moved>{marked(piece)}</Deleted> : <Inserted moved>{marked(piece)}</Inserted>,
      };
  return first ? [link, { ...piece, marks: [], apart: false, node: ' ' }, sentence] : [sentence];
}

function show(run: Piece, side: Side | undefined): ComponentChildren {
  const text = marked(run);
  if (!run.marksBefore || side === 'before') return text;
  return (
    <span class="reformatted" title={`was ${marksInWords(run.marksBefore)}`}>
      <span class="hidden">[formatting changed: </span>
      {text}
      <span class="hidden">]</span>
    </span>
  );
}

interface Marked {
  children: ComponentChildren;
  moved?: boolean;
}

const Inserted = ({ children, moved }: Marked) => (
  <ins class={moved ? 'moved' : undefined}>
    <span class="hidden">{moved ? '[moved here: ' : '[added: '}</span>
    {children}
    <span class="hidden">]</span>
  </ins>
);

const Deleted = ({ children, moved }: Marked) => (
  <del class={moved ? 'moved' : undefined}>
    <span class="hidden">{moved ? '[moved away: ' : '[removed: '}</span>
    {children}
    <span class="hidden">]</span>
  </del>
);

const marksInWords = (marks: readonly Mark[]): string =>
  marks.map((mark) => (typeof mark === 'string' ? mark : `a link to ${mark.href}`)).join(', ') || 'without formatting';
