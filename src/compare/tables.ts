/** Two tables compared by row and cell. Rows are aligned as blocks are; columns by their heads where their number changed. */
import type { RichText, TableBlock } from '../content/types.js';
import { align } from './align.js';
import { type MarkRun, rich } from './blocks.js';
import { cut, Vocabulary } from './cut.js';
import { intern, longestCommon } from './lcs.js';
import { bagOf } from './likeness.js';
import { fullEffort } from './match-words.js';
import { diffTexts } from './runs.js';
import type { CellChange, RowChange, Run } from './types.js';

type Cell = { text: string; marks: readonly MarkRun[] };

/** Rows in reading order: the later table's, with removed rows where they stood. */
export function compareTables(before: TableBlock, after: TableBlock, language: string | undefined): RowChange[] {
  const vocabulary = new Vocabulary();
  const [was, is] = [before, after].map(({ rows }) =>
    rows.map(({ cells }) => cells.map((cell: RichText) => rich(cell))),
  );
  const [a, b] = [was!, is!].map((rows) =>
    rows.map((cells) => {
      const text = cells.map(({ text }) => text).join('\n');
      const { ids } = cut(text, language, vocabulary);
      return { type: 'row', identity: text, text, bag: () => bagOf(ids) };
    }),
  );
  const { matches } = align(a!, b!, vocabulary);
  const ofAfter = new Map(matches.map((match) => [match.main[1], match]));
  const kept = new Set(matches.map((match) => match.main[0]));
  const columns = columnsOf(was![0] ?? [], is![0] ?? []);
  const effort = fullEffort();
  const rows: RowChange[] = [];
  let next = 0;
  const tellRemoved = (until: number) => {
    for (; next < until; next++)
      if (!kept.has(next))
        rows.push({ kind: 'removed', before: next, cells: was![next]!.map((cell) => only('removed', cell)) });
  };
  is!.forEach((cells, j) => {
    const match = ofAfter.get(j);
    if (!match) {
      rows.push({ kind: 'added', after: j, cells: cells.map((cell) => only('added', cell)) });
      return;
    }
    const i = match.main[0];
    if (!match.moved) tellRemoved(i);
    const changes = columns.flatMap(([x, y]): CellChange[] => {
      const [one, other] = [x === undefined ? undefined : was![i]![x], y === undefined ? undefined : cells[y]];
      if (!one) return other ? [only('added', other)] : [];
      if (!other) return [only('removed', one)];
      const runs = diffTexts(one, other, language, effort);
      const kind = runs.some(({ op }) => op !== 'kept')
        ? 'edited'
        : runs.some((run) => run.marksBefore)
          ? 'reformatted'
          : 'same';
      return [{ kind, runs }];
    });
    const kinds = new Set(changes.map(({ kind }) => kind));
    const kind =
      kinds.has('edited') || kinds.has('added') || kinds.has('removed')
        ? 'edited'
        : kinds.has('reformatted')
          ? 'reformatted'
          : 'same';
    rows.push({ kind, before: i, after: j, ...(match.moved && { moved: true }), cells: changes });
  });
  tellRemoved(was!.length);
  return rows;
}

function only(kind: 'added' | 'removed', { text, marks }: Cell): CellChange {
  let from = 0;
  const runs = marks.map(({ to, marks }): Run => {
    const run: Run = { op: kind === 'added' ? 'inserted' : 'deleted', text: text.slice(from, to), marks: [...marks] };
    from = to;
    return run;
  });
  return { kind, runs };
}

// Pairs of columns; by place where there are as many, else those with the same head and what lies between.
function columnsOf(before: readonly Cell[], after: readonly Cell[]): [number | undefined, number | undefined][] {
  if (before.length === after.length) return before.map((_, x) => [x, x]);
  const numbers = new Map<string, number>();
  const heads = [before, after].map((cells) => cells.map(({ text }) => intern(numbers, text)));
  const columns: [number | undefined, number | undefined][] = [];
  let [x, y] = [0, 0];
  const { runs } = longestCommon(heads[0]!, heads[1]!, 1_000_000);
  for (const run of [...runs, { before: before.length, after: after.length, length: 0 }]) {
    while (x < run.before && y < run.after && run.before - x === run.after - y) columns.push([x++, y++]);
    while (x < run.before) columns.push([x++, undefined]);
    while (y < run.after) columns.push([undefined, y++]);
    for (let k = 0; k < run.length; k++) columns.push([x++, y++]);
  }
  return columns;
}
