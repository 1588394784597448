/** A version's content put together from its manifest and the texts it refers to. */
import {
  type Absence,
  type Absent,
  type Block,
  type BlockText,
  type Content,
  fieldNames,
  type RemovedBlock,
  type VersionFields,
} from '../content/types.js';
import type { Manifest, Reference } from './events.js';
import { textKey } from './evolve.js';

/** A text as found: its value, or why it is absent. */
export type FoundText = { value: unknown } | { absent: Absence };

/** Looks a text up by where it was written. */
export type FindText = (revision: number, name: string) => FoundText;

export const blockTextName = (key: string) => `body/${key}` as const;
export const isBlockTextName = (name: string): boolean => name.startsWith('body/');

/** `find` must know every reference of the manifest, present or absent. */
export function contentOf(manifest: Manifest, find: FindText): Content {
  const fields: Record<string, unknown> = {};
  for (const name of fieldNames) {
    const revision = manifest.fields[name];
    if (revision === undefined) continue;
    fields[name] = shown(find(revision, name));
  }
  const statements = manifest.statements ?? [];
  const statementOf = new Map(statements.flatMap(({ id, blocks }) => blocks.map((key) => [key, id] as const)));
  return {
    fields: fields as VersionFields,
    statements: statements.map(({ id, revision, organisation }) => ({
      id,
      speaker: shown(find(revision, 'speaker')) as string | Absent,
      ...(organisation && { organisation: shown(find(revision, 'organisation')) as string | Absent }),
    })),
    body: manifest.body.map(([key, revision]): Block => {
      const found = find(revision, blockTextName(key));
      const block: BlockText | RemovedBlock =
        'value' in found ? (found.value as BlockText) : { _type: 'removed', absence: found.absent };
      const statement = statementOf.get(key);
      return { ...block, _key: key, ...(statement !== undefined && { statement }) };
    }),
  };
}

/** Every text a version's content is made of. */
export function referencesOf(manifest: Manifest): Reference[] {
  return [
    ...fieldNames.flatMap((name): Reference[] => {
      const revision = manifest.fields[name];
      return revision === undefined ? [] : [[revision, name]];
    }),
    ...(manifest.statements ?? []).flatMap(({ revision, organisation }): Reference[] =>
      organisation
        ? [
            [revision, 'speaker'],
            [revision, 'organisation'],
          ]
        : [[revision, 'speaker']],
    ),
    ...manifest.body.map(([key, revision]): Reference => [revision, blockTextName(key)]),
  ];
}

/** Hides texts, by `textKey`, from whoever looks them up. */
export function without(find: FindText, withheld: ReadonlySet<string>): FindText {
  if (withheld.size === 0) return find;
  return (revision, name) => {
    const found = find(revision, name);
    return 'value' in found && withheld.has(textKey([revision, name])) ? { absent: 'hidden' } : found;
  };
}

/** As content has it. */
export const shown = (found: FoundText): unknown => ('value' in found ? found.value : { _absent: found.absent });
