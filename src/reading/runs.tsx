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
    const marks = side === 'before' ? (run.marksBefore ?? run.marks) : run.marks;
    const piece = { ...run, marks, apart: touches(seen[index - 1], run) };
    return run.moved === undefined ? [piece] : movedPieces(piece, run.moved, shown);
  });
  return (
    <>
      {linked(pieces, (piece) => {
        const node = piece.node ?? show(piece, side);
        return piece.apart ? [' ', node] : node;
      })}
    </>
  );
}

/** What was put in the place of something would else run into it: 240140. */
const touches = (before: Run | undefined, { op, text }: Run): boolean =>
  before?.op === 'deleted' && op === 'inserted' && !/\s$/.test(before.text) && !/^\s/.test(text);

export const wentTo = { up: 'moved up ↑', down: 'moved down ↓' };
export const cameFrom = { up: 'moved here from below ↓', down: 'moved here from above ↑' };

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
  if (run.boundary) return run.op === 'inserted' ? <Inserted>¶</Inserted> : <Deleted>¶</Deleted>;
  const text = marked(run);
  if (run.op === 'inserted') return <Inserted>{text}</Inserted>;
  if (run.op === 'deleted') return <Deleted>{text}</Deleted>;
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
