/** Compared text: what was removed and added, marked for the eye and in words for those who listen. */
import type { ComponentChildren } from 'preact';
import type { Mark, Run } from '../compare/types.js';
import { linked, marked } from './text.js';

export const Runs = ({ runs }: { runs: readonly Run[] }) => (
  <>
    {linked(
      runs.map((run, index) => ({ ...run, apart: touches(runs[index - 1], run) })),
      (run) => (run.apart ? [' ', show(run)] : show(run)),
    )}
  </>
);

/** What was put in the place of something would else run into it: 240140. */
const touches = (before: Run | undefined, { op, text }: Run): boolean =>
  before?.op === 'deleted' && op === 'inserted' && !/\s$/.test(before.text) && !/^\s/.test(text);

function show(run: Run): ComponentChildren {
  if (run.boundary) return run.op === 'inserted' ? <Inserted>¶</Inserted> : <Deleted>¶</Deleted>;
  const text = marked(run);
  if (run.op === 'inserted') return <Inserted>{text}</Inserted>;
  if (run.op === 'deleted') return <Deleted>{text}</Deleted>;
  if (!run.marksBefore) return text;
  return (
    <span class="reformatted" title={`was ${marksInWords(run.marksBefore)}`}>
      <span class="hidden">[formatting changed: </span>
      {text}
      <span class="hidden">]</span>
    </span>
  );
}

const Inserted = ({ children }: { children: ComponentChildren }) => (
  <ins>
    <span class="hidden">[added: </span>
    {children}
    <span class="hidden">]</span>
  </ins>
);

const Deleted = ({ children }: { children: ComponentChildren }) => (
  <del>
    <span class="hidden">[removed: </span>
    {children}
    <span class="hidden">]</span>
  </del>
);

const marksInWords = (marks: readonly Mark[]): string =>
  marks.map((mark) => (typeof mark === 'string' ? mark : `a link to ${mark.href}`)).join(', ') || 'without formatting';
