/** What differs besides the text of blocks: fields, and the members of images, embeds and the like. */
import {
  type Absent,
  type Block,
  type Content,
  type FieldName,
  fieldNames,
  isAbsent,
  type Json,
  type TextBlock,
} from '../content/types.js';
import { plain, sortedJson } from './blocks.js';
import { diffTexts } from './runs.js';
import type { FieldChange, MemberChange } from './types.js';

// A table's flattened text is in the runs; its rows as cells are in the sides.
const textMembers = new Set(['_key', 'statement', 'children', 'markDefs', 'code', 'rows']);
/** What a block looks like besides its text and marks. */
export const shapeOf = (block: Block): string => {
  if (block._type === 'block') {
    const { style, listItem = '', level = 0, start = 0 } = block as TextBlock;
    return `${style} ${listItem} ${level} ${start}`;
  }
  return sortedJson(Object.fromEntries(Object.entries(block).filter(([name]) => !textMembers.has(name))) as Json);
};

const proseMembers: ReadonlySet<string> = new Set(['alt', 'caption', 'credit']);

/** The members that differ, of a block that is more than text. */
export function compareMembers(before: Block, after: Block, language: string | undefined): MemberChange[] {
  const hidden = new Set(['_key', '_type', 'statement', 'code', 'rows']);
  const [was, is] = [before, after] as unknown as { [name: string]: Json | undefined }[];
  const names = [...new Set([...Object.keys(was!), ...Object.keys(is!)])].filter((name) => !hidden.has(name)).sort();
  return names.flatMap((name) =>
    changeOf(was![name], is![name]).map((change): MemberChange => {
      const { before, after } = change;
      const words = proseMembers.has(name) && typeof before === 'string' && typeof after === 'string';
      return { name, ...change, ...(words && { runs: diffTexts(plain(before), plain(after), language) }) };
    }),
  );
}

// Nothing where nothing changed. Two absent texts can't be told apart, so they count as the same.
export function changeOf<T extends Json | Absent>(
  before: T | undefined,
  after: T | undefined,
): { before?: T; after?: T }[] {
  if (before === undefined && after === undefined) return [];
  if (isAbsent(before) && isAbsent(after)) return [];
  if (before !== undefined && after !== undefined && sortedJson(before as Json) === sortedJson(after as Json))
    return [];
  return [{ ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
}

const proseFields: ReadonlySet<FieldName> = new Set<FieldName>(['headline', 'standfirst', 'byline']);

/** The fields that differ. */
export function compareFields(before: Content, after: Content, language: string | undefined): FieldChange[] {
  return fieldNames.flatMap((name): FieldChange[] => {
    const [was, is] = [before.fields[name], after.fields[name]] as (Json | Absent | undefined)[];
    if (name === 'fields' && !isAbsent(was) && !isAbsent(is)) {
      const [a, b] = [was ?? {}, is ?? {}] as { [name: string]: Json }[];
      const members = [...new Set([...Object.keys(a!), ...Object.keys(b!)])].sort();
      const own = (map: { [name: string]: Json }, member: string) =>
        Object.hasOwn(map, member) ? map[member] : undefined;
      return members.flatMap((member) =>
        changeOf(own(a!, member), own(b!, member)).map((change) => ({ name, member, ...change })),
      );
    }
    return changeOf(was, is).map((change) => {
      if (!proseFields.has(name) || typeof was !== 'string' || typeof is !== 'string') return { name, ...change };
      return { name, ...change, runs: diffTexts(plain(was), plain(is), language) };
    });
  });
}
