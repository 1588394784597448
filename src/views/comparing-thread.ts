/** What a thread that compares does: takes two contents as JSON, gives the words counted or the comparison as it is told. */
import { constants, setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { compareContents, sizeOfChange } from '../compare/compare.js';
import type { Comparison, Fallback, Summary, WordCounts } from '../compare/types.js';
import type { Content } from '../content/types.js';

export interface Task {
  before: string;
  after: string;
  /** Without these two only the words are counted. */
  module?: string;
  name?: string;
}

/**
 * How a comparison is told. A thread finds it again as the member `name` of the `renderings` that the module at this
 * address exports.
 */
export interface Rendering {
  module: string;
  name: string;
  render(comparison: Comparison): string;
}

/** `moduleUrl` is the `import.meta.url` of the module that exports `renderings`. */
export const renderingsOf = <Name extends string>(
  moduleUrl: string,
  renderings: { [N in Name]: (comparison: Comparison) => string },
) =>
  Object.fromEntries(
    Object.entries(renderings).map(([name, render]) => [name, { module: moduleUrl, name, render }]),
  ) as { [N in Name]: Rendering };

/** A comparison as it is told, and what must be known besides. */
export interface Rendered {
  text: string;
  summary: Summary;
  fallbacks: Fallback[];
}

export function rendered(before: Content, after: Content, render: (comparison: Comparison) => string): Rendered {
  const comparison = compareContents(before, after, { icu: process.versions.icu });
  return { text: render(comparison), summary: comparison.summary, fallbacks: comparison.fallbacks };
}

export default async function compare({ before, after, module, name }: Task): Promise<Rendered | WordCounts> {
  const [was, is] = [JSON.parse(before), JSON.parse(after)] as [Content, Content];
  if (module === undefined || name === undefined) return sizeOfChange(was, is);
  const { renderings } = await import(module);
  return rendered(was, is, renderings[name].render);
}

// Whoever answers goes first. On Linux a priority is one thread's; elsewhere it would be that of the whole process.
if (!isMainThread && process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
