/**
 * What a thread that compares does: takes two contents as JSON or finds them in the views, gives the words counted or the
 * comparison as it is told, in bytes that can be sent as they are.
 */
import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { move, transferableSymbol, valueSymbol, workerData } from 'piscina';
import { continuations } from '../compare/align.js';
import { compareContents, sizeOfChange } from '../compare/compare.js';
import type { Comparison, Summary } from '../compare/types.js';
import type { Content } from '../content/types.js';
import { contentOf, referencesOf, without } from '../story/content-of.js';
import { openNumbers } from './numbers.js';
import { openTexts } from './texts.js';
import { openVersions } from './versions.js';

/** A version as it lies in the views, but for some of its texts. */
export interface Lying {
  story: string;
  version: number;
  /** By `textKey`. */
  withheld: readonly string[];
}

export interface Task {
  before: Lying | { json: string };
  after: Lying | { json: string };
  /** Words are counted, or the blocks of `before` found in `after`; or the comparison is told. */
  wanted: 'size' | 'continuations' | Pick<Rendering, 'module' | 'name'>;
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
  /** UTF-8, in the pieces in which they came. */
  bytes: readonly Uint8Array[];
  /** Their SHA-256, base64url. */
  digest: string;
  /** Without the lists, which may be long. */
  summary: Pick<Summary, 'changed' | 'words' | 'blocks' | 'shareChanged' | 'sentence'>;
  /** Whether some of it was compared by a coarser method. */
  coarse: boolean;
}

export function rendered(before: Content, after: Content, render: (comparison: Comparison) => string): Rendered {
  const comparison = compareContents(before, after, { icu: process.versions.icu });
  const bytes = new TextEncoder().encode(render(comparison));
  const digest = createHash('sha256').update(bytes).digest('base64url');
  const { changed, words, blocks, shareChanged, sentence } = comparison.summary;
  const summary = { changed, words, blocks, shareChanged, sentence };
  return { bytes: [bytes], digest, summary, coarse: comparison.fallbacks.length > 0 };
}

let openedViews: ReturnType<typeof openViewsFile> | undefined;

function openViewsFile() {
  const db = new DatabaseSync((workerData as { path: string }).path, { readOnly: true, timeout: 5000 });
  const { numberOf } = openNumbers(db);
  return { ...openTexts(db, numberOf), ...openVersions(db, numberOf) };
}

function contentFrom(side: Task['before']): Content {
  if ('json' in side) return JSON.parse(side.json);
  openedViews ??= openViewsFile();
  const manifest = openedViews.manifest(side.story, side.version)!;
  const find = openedViews.textsOf(side.story, referencesOf(manifest));
  return contentOf(manifest, without(find, new Set(side.withheld)));
}

/** What a thread gives: what was wanted, but for the bytes of what is told. */
export interface Found {
  made: unknown;
  bytes?: readonly Uint8Array[];
}

export default async function compare({ before, after, wanted }: Task): Promise<Found> {
  const [was, is] = [contentFrom(before), contentFrom(after)];
  if (wanted === 'size') return { made: sizeOfChange(was, is) };
  if (wanted === 'continuations') return { made: continuations(was.body, is.body) };
  const { renderings } = await import(wanted.module);
  const { bytes, ...made } = rendered(was, is, renderings[wanted.name].render);
  // Handed over, not copied.
  return move({
    [transferableSymbol]: bytes.map(({ buffer }) => buffer),
    [valueSymbol]: { made, bytes },
  } as never) as never;
}
