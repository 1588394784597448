/** Long JSON lies packed in the views. Texts of a column go together: what erases one writes the row anew without it. */
import { pack, unpack } from '../event-store/sqlite/packing.js';

/** Up to this many bytes it lies as it is: what is read for every answer, and fits on a page, is not worth its unpacking. */
const longest = { texts: 1000, manifest: 400, authorship: 500 };

export const packJson = (json: string, what: keyof typeof longest): string | Uint8Array =>
  json.length <= longest[what] ? json : pack(Buffer.from(json), 'text');

const utf8 = new TextDecoder();
/** What `packJson` gave, as JSON. */
export const unpacked = (value: unknown): string =>
  typeof value === 'string' ? value : utf8.decode(unpack(value as Uint8Array));
export const unpackJson = (value: unknown) => JSON.parse(unpacked(value));
