/** Steps over tokens made into runs of text with the marks of either side. */
import { type MarkRun, type Prose, sameMarks } from './blocks.js';
import type { Step } from './diff-words.js';
import type { Mark, Run } from './types.js';
import type { Token } from './words.js';

/** Blocks read as one text; between them stands a token of its own, with no text. */
export function joinProse(parts: readonly Prose[]): Prose {
  if (parts.length === 1) return parts[0]!;
  const joined: Prose = { text: '', marks: [], tokens: [] };
  for (const [i, { text, marks, tokens }] of parts.entries()) {
    if (i > 0) joined.tokens.push({ text: '', kind: 'mark' });
    for (const run of marks) joined.marks.push({ to: joined.text.length + run.to, marks: run.marks });
    joined.text += text;
    for (const token of tokens) joined.tokens.push(token);
  }
  return joined;
}

/** The runs of a script. Each ends where the script, or the marks of a side it is on, change. */
export function runsOf(steps: readonly Step[], before: Prose, after: Prose): Run[] {
  const runs: Run[] = [];
  const markBefore = markReader(before.marks);
  const markAfter = markReader(after.marks);
  let [atBefore, atAfter] = [0, 0];
  const add = (run: Run) => {
    const last = runs.at(-1);
    const alike =
      last?.op === run.op &&
      !last.boundary &&
      !run.boundary &&
      sameMarks(last.marks, run.marks) &&
      sameMarks(last.marksBefore ?? last.marks, run.marksBefore ?? run.marks);
    if (alike) last.text += run.text;
    else runs.push(run);
  };
  for (const { op, before: b, after: a } of steps) {
    const deleted = op === 'deleted';
    const tokens = deleted ? before.tokens.slice(b[0], b[1]) : after.tokens.slice(a[0], a[1]);
    for (const stretch of betweenBoundaries(tokens)) {
      if (stretch === undefined) {
        runs.push({ op, text: '', marks: [], boundary: true });
        continue;
      }
      for (let left = stretch; left !== ''; ) {
        const was = op === 'inserted' ? undefined : markBefore(atBefore);
        const is = deleted ? undefined : markAfter(atAfter);
        const length = Math.min(left.length, was ? was.to - atBefore : left.length, is ? is.to - atAfter : left.length);
        const run: Run = { op, text: left.slice(0, length), marks: [...(is ?? was)!.marks] };
        if (was && is && !sameMarks(was.marks, is.marks)) run.marksBefore = [...was.marks];
        add(run);
        if (was) atBefore += length;
        if (is) atAfter += length;
        left = left.slice(length);
      }
    }
  }
  return runs;
}

function* betweenBoundaries(tokens: readonly Token[]): Generator<string | undefined> {
  let text = '';
  for (const token of tokens) {
    if (token.text !== '') {
      text += token.text;
      continue;
    }
    if (text !== '') yield text;
    text = '';
    yield undefined;
  }
  if (text !== '') yield text;
}

// Offsets are asked for in rising order.
function markReader(runs: readonly MarkRun[]): (offset: number) => { to: number; marks: Mark[] } {
  let i = 0;
  return (offset) => {
    while (runs[i]!.to <= offset) i++;
    return runs[i]!;
  };
}
