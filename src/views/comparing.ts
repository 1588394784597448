/**
 * Where contents are compared: short ones here and now, long ones in a process of its own, so that nobody else waits for
 * them. What comes out is the same either way.
 */
import { availableParallelism } from 'node:os';
import { type Continuations, continuations } from '../compare/align.js';
import { sizeOfChange } from '../compare/compare.js';
import type { WordCounts } from '../compare/types.js';
import type { Content } from '../content/types.js';
import { silent, type Telemetry } from '../telemetry/telemetry.js';
import { openElsewhere } from './comparing-elsewhere.js';
import { type Rendered, type Rendering, rendered, type Task } from './comparing-thread.js';

/** Characters of both contents from which a comparison is long: about 2,000 words a side, some ten milliseconds. */
export const longFrom = 40_000;
/** Long comparisons that readers may be waiting for at once, beside those under way. */
export const mostWaiting = 16;
const mostThreads = 4;

/** What could be made at once, or the work that makes it. */
export type Made<T> = { made: T } | { later: () => Promise<T> };

/** A content to compare, which is read here only if it is short. */
export interface Side {
  /** Characters, or not many more. */
  length: number;
  content(): Content;
  /** What a thread has it from. */
  found(): Task['before'];
}
type Sides = [before: Side, after: Side];

/** A content that is no version. */
export function sideOf(content: Content): Side {
  const json = JSON.stringify(content);
  return { length: json.length, content: () => content, found: () => ({ json }) };
}

/** Too many wait already. */
export class TooManyWaiting extends Error {}

export type Comparing = ReturnType<typeof openComparing>;

/** `path`: of the views file, from which threads read versions. */
export function openComparing(path?: string, telemetry: Pick<Telemetry, 'watch'> = silent) {
  const maxThreads = Math.max(1, Math.min(mostThreads, availableParallelism() - 1));
  const threads = openElsewhere({ maxThreads, ...(path !== undefined && { views: path }) });

  /** Refused at once where too many wait: they would only wait longer. */
  const elsewhere = async (task: Task): Promise<unknown> => {
    if (threads.waiting() >= mostWaiting) throw new TooManyWaiting();
    return telemetry.watch('comparison', {}, () => threads.run(task));
  };

  function make<T>([before, after]: Sides, wanted: Task['wanted'], here: (...sides: [Content, Content]) => T) {
    if (before.length + after.length < longFrom) return { made: here(before.content(), after.content()) };
    const task = { before: before.found(), after: after.found(), wanted };
    return { later: () => elsewhere(task) as Promise<T> };
  }

  return {
    render: (sides: Sides, { module, name, render }: Rendering): Made<Rendered> =>
      make(sides, { module, name }, (before, after) => rendered(before, after, render)),
    /** Words added and removed. */
    size: (sides: Sides): Made<WordCounts> => make(sides, 'size', sizeOfChange),
    /** Which blocks of the one continue which of the other. */
    continuations: (sides: Sides): Made<Continuations> =>
      make(sides, 'continuations', (before, after) => continuations(before.body, after.body)),
    /** How many wait for a thread. */
    waiting: threads.waiting,
    underWay: threads.underWay,
    /** Of the process in which long ones are made, while there is one. */
    pid: threads.pid,
    close: threads.close,
  };
}
