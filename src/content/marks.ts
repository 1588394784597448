/** The words with which a body shows what isn't text of its own. The only place that decides them. */
import { type Absent, type Block, isAbsent, isKnownBlock, type Statement } from './types.js';

/** In the place of a text that may not, or can no longer, be shown. */
export const removedMark = '[removed]';

/** In the place of a block of a type this program doesn't know. */
export const unknownMark = (block: { _type: string }): string => `[${block._type}]`;

/** The line that sets a statement off: who speaks. */
export function leadIn(statement: Pick<Statement, 'speaker' | 'organisation'>): string {
  const speaker = shown(statement.speaker);
  return `Statement by ${statement.organisation === undefined ? speaker : `${speaker}, ${shown(statement.organisation)}`}:`;
}

export const shown = (text: string | Absent): string => (isAbsent(text) ? removedMark : text);

/** A block that says what stands there, or nothing if it has a form of its own. */
export function markOf(block: { _type: string }): string | undefined {
  if (block._type === 'removed') return removedMark;
  return isKnownBlock(block) ? undefined : unknownMark(block);
}

/** A body cut where a statement begins or ends; each part with the statement it belongs to, if its speaker is known. */
export function byStatement(
  body: readonly Block[],
  statements: readonly Statement[],
): { statement?: Statement; blocks: Block[] }[] {
  const parts: { id?: string; statement?: Statement; blocks: Block[] }[] = [];
  for (const block of body) {
    const last = parts.at(-1);
    if (last && last.id === block.statement) last.blocks.push(block);
    else
      parts.push({
        id: block.statement,
        statement: statements.find((one) => one.id === block.statement),
        blocks: [block],
      });
  }
  return parts;
}
