/**
 * The lines of an export, as docs/export.md describes them: JSON, a line for the file, then for each story one line of its
 * own and one an event, and a last line by which a file that was cut off is noticed.
 */
import type { ErasureAuthority } from '../story/events.js';
import type { Instant } from '../story/instant.js';

export const exportFormat = 'palimpsest-export';
export const exportVersion = 1;

export interface FileLine {
  kind: 'export';
  format: typeof exportFormat;
  version: typeof exportVersion;
  exportedAt: Instant;
  /** Whose log it is: for people. */
  from: { publisher: string; url?: string; store: string };
  stories: number;
}

export interface StoryLine {
  kind: 'story';
  /** A UUID. */
  story: string;
  /** How many lines of events follow: the whole story, revision 0 first. */
  events: number;
  /** SHA-256 of the last of their records, hex. */
  head: string;
  /** Versions hidden from readers now. */
  hiddenVersions?: number[];
}

export interface TextLine {
  name: string;
  /** Base64url, 32 bytes. */
  key: string;
  /** RFC 8785 JSON of the text, as committed to. */
  text: string;
  /** Hidden from readers now. */
  hidden?: true;
}

/** A text that is gone: `order` is the revision of the `TextsErased` that names it. */
export interface GoneLine {
  name: string;
  because: 'erased';
  order: number;
  authority: ErasureAuthority;
}

export interface EventLine {
  kind: 'event';
  revision: number;
  /** SHA-256 of the UTF-8 of `record`, hex. */
  hash: string;
  /** RFC 8785 JSON, as chained. */
  record: string;
  texts: TextLine[];
  gone?: GoneLine[];
}

export interface EndLine {
  kind: 'end';
  stories: number;
  events: number;
  texts: number;
}

export type ExportLine = FileLine | StoryLine | EventLine | EndLine;

/** What some programs take for the end of a line, though JSON may hold it as it is. */
const otherLineEnds = /[\u0085\u2028\u2029]/g;

export const lineFor = (line: ExportLine): string =>
  `${JSON.stringify(line).replace(otherLineEnds, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
