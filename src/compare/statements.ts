/** Statements compared: who speaks, and whether a block of theirs changed. */
import type { Absent, Content } from '../content/types.js';
import type { BlockReading } from './blocks.js';
import { changeOf } from './fields.js';
import type { BlockChange, StatementChanges, StatementRef } from './types.js';

/** Statements added, removed, and those whose speaker or blocks changed. */
export function compareStatements(
  before: Content,
  after: Content,
  readBefore: readonly BlockReading[],
  readAfter: readonly BlockReading[],
  blocks: readonly BlockChange[],
): StatementChanges {
  const refs = ({ statements, body }: Content, readings: readonly BlockReading[]) =>
    new Map(
      statements.map(({ id, speaker, organisation }): [string, StatementRef] => {
        const own = readings.filter((_, i) => body[i]!.statement === id);
        const words = own.reduce((sum, block) => sum + block.words(), 0);
        return [id, { id, speaker, ...(organisation !== undefined && { organisation }), blocks: own.length, words }];
      }),
    );
  const [was, is] = [refs(before, readBefore), refs(after, readAfter)];
  const touched = new Set<string>();
  for (const { kind, before, after } of blocks) {
    const [a, b] = [before, after].map((sides) => new Set(sides.map(({ statement }) => statement)));
    const elsewhere = a!.symmetricDifference(b!).size > 0;
    if (kind !== 'same' || elsewhere) for (const id of a!.union(b!)) if (id !== undefined) touched.add(id);
  }
  return {
    added: [...is.values()].filter(({ id }) => !was.has(id)),
    removed: [...was.values()].filter(({ id }) => !is.has(id)),
    changed: [...is.values()].flatMap((after) => {
      const before = was.get(after.id);
      if (!before) return [];
      const named =
        changeOf<string | Absent>(before.speaker, after.speaker).length +
        changeOf<string | Absent>(before.organisation, after.organisation).length;
      return named > 0 || touched.has(after.id) ? [{ before, after }] : [];
    }),
  };
}
