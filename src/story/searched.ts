/** What search reads: the texts of a version's content that are running words, and those words. Nothing of the desk's own. */

import { plainText } from '../content/text-out.js';
import { type Author, type BlockText, fieldNames, isKnownBlock, type LeadImage } from '../content/types.js';
import { isBlockTextName } from './content-of.js';

/** `language` and `url` are no words of the story, and the free map is the publisher's own data. */
const searchedNames: ReadonlySet<string> = new Set([
  ...fieldNames.filter((name) => name !== 'language' && name !== 'url' && name !== 'fields'),
  'speaker',
  'organisation',
]);

/** Whether search reads the texts of this name. */
export const isSearched = (name: string): boolean => searchedNames.has(name) || isBlockTextName(name);

/** The passages of one text. A phrase is looked for in each by itself. */
export function passagesOf(name: string, value: unknown): string[] {
  if (isBlockTextName(name)) return passagesOfBlock(value as BlockText);
  switch (name) {
    case 'authors':
      return (value as Author[]).flatMap(({ name, role }) => present(name, role));
    case 'tags':
      return value as string[];
    case 'leadImage':
      return passagesOfImage(value as LeadImage);
    default:
      return present(value as string);
  }
}

/** Of a block that pages don't know what it says, nothing. */
function passagesOfBlock(block: BlockText): string[] {
  if (!isKnownBlock(block)) return [];
  switch (block._type) {
    case 'block':
      return present(plainText(block));
    case 'code':
      return present(block.code);
    case 'table':
      return block.rows.flatMap(({ cells }) => present(...cells.map(plainText)));
    case 'image':
      return passagesOfImage(block);
    default:
      return [];
  }
}

const passagesOfImage = ({ alt, caption, credit }: LeadImage) => present(alt, caption, credit);

const present = (...texts: (string | undefined)[]): string[] =>
  texts.filter((text) => text !== undefined && text !== '') as string[];
