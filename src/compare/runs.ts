/** Steps over text made into runs of text with the marks of either side. */
import { type MarkRun, sameMarks } from './blocks.js';
import { type Cut, cut, Vocabulary } from './cut.js';
import { type Effort, fullEffort, matchWords, weightsOf } from './match-words.js';
import { type Step, stepsOf, tidied } from './tidy.js';
import type { Mark, Run } from './types.js';

type Joined = Pick<Cut, 'text' | 'breaks'>;

/** The runs of a script. Each ends where the script, or the marks of a side it is on, change. */
export function runsOf(
  steps: readonly Step[],
  before: Joined,
  after: Joined,
  marksBefore: readonly MarkRun[],
  marksAfter: readonly MarkRun[],
): Run[] {
  const runs: Run[] = [];
  const markBefore = markReader(marksBefore);
  const markAfter = markReader(marksAfter);
  const add = (run: Run) => {
    const last = runs.at(-1);
    const alike =
      last?.op === run.op &&
      last.moved === run.moved &&
      !last.boundary &&
      sameMarks(last.marks, run.marks) &&
      sameMarks(last.marksBefore ?? last.marks, run.marksBefore ?? run.marks);
    if (alike) last.text += run.text;
    else runs.push(run);
  };
  for (const { op, before: b, after: a, moved } of steps) {
    const deleted = op === 'deleted';
    const { text, breaks } = deleted ? before : after;
    const [from, to] = deleted ? b : a;
    for (let at = from; at < to; ) {
      if (breaks.includes(at)) {
        runs.push({ op, text: '', marks: [], boundary: true });
        at++;
        continue;
      }
      const was = op === 'inserted' ? undefined : markBefore(b[0] + at - from);
      const is = deleted ? undefined : markAfter(at);
      let end = Math.min(to, was ? was.to - b[0] + from : to, is ? is.to : to);
      for (const boundary of breaks) if (boundary > at && boundary < end) end = boundary;
      const run: Run = { op, text: text.slice(at, end), marks: [...(is ?? was)!.marks] };
      if (was && is && !sameMarks(was.marks, is.marks)) run.marksBefore = [...was.marks];
      if (moved !== undefined) run.moved = moved;
      add(run);
      at = end;
    }
  }
  return runs;
}

// Not those white spaces that are drawn (U+1680), or that nobody sees (U+FEFF).
const inLine = /^[^\S\n\r\v\f\u1680\u2028\u2029\uFEFF]+$/;

/** Runs of prose with white space that took the place of other white space within a line as kept: it reads the same. */
export function withSpacingKept(runs: readonly Run[]): Run[] {
  const isEdit = (run: Run | undefined) => run !== undefined && run.op !== 'kept';
  const isSpace = ({ text, moved }: Run) => moved === undefined && inLine.test(text);
  const told: Run[] = [];
  for (let k = 0; k < runs.length; k++) {
    const [run, next] = [runs[k]!, runs[k + 1]];
    const alone = run.op === 'deleted' && next?.op === 'inserted' && !isEdit(runs[k - 1]) && !isEdit(runs[k + 2]);
    if (!alone || !isSpace(run) || !isSpace(next)) {
      told.push(run);
      continue;
    }
    const marksBefore = sameMarks(run.marks, next.marks) ? {} : { marksBefore: run.marks };
    told.push({ ...next, op: 'kept', textBefore: run.text, ...marksBefore });
    k++;
  }
  return told;
}

// Offsets are asked for in rising order.
function markReader(runs: readonly MarkRun[]): (offset: number) => { to: number; marks: Mark[] } {
  let i = 0;
  return (offset) => {
    while (runs[i]!.to <= offset) i++;
    return runs[i]!;
  };
}

interface Marked {
  text: string;
  marks: readonly MarkRun[];
}

/** Two short texts compared by themselves. The other way round gives the mirror image. */
export function diffTexts(before: Marked, after: Marked, language: string | undefined, effort?: Effort): Run[] {
  const vocabulary = new Vocabulary();
  // Numbered in a fixed order, so that both directions are one computation.
  const back = after.text < before.text;
  const [first, second] = back ? [after, before] : [before, after];
  const [x, y] = [cut(first.text, language, vocabulary), cut(second.text, language, vocabulary)];
  const found = matchWords(x.ids, y.ids, weightsOf(vocabulary), effort ?? fullEffort());
  const shown = tidied(found, x, y, vocabulary);
  if (!back) return runsOf(stepsOf(shown, x, y), x, y, before.marks, after.marks);
  const turned = shown.map(({ before, after, length }) => ({ before: after, after: before, length }));
  return runsOf(stepsOf(turned, y, x), y, x, before.marks, after.marks);
}
