/** The limits of content, each named by the error that enforces it. */
export const limits = {
  /** Bytes of a request's body. */
  requestBytes: 1024 * 1024,
  /** UTF-8 bytes of one block as JSON. */
  blockBytes: 64 * 1024,
  /** Blocks of one version. */
  blocks: 2000,
  /** UTF-16 code units. */
  headline: 500,
  standfirst: 2000,
  byline: 500,
  section: 100,
  source: 500,
  url: 2000,
  note: 2000,
  reason: 2000,
  notice: 5000,
  /** For staff, on a version. */
  label: 50,
  labels: 50,
  speaker: 200,
  organisation: 200,
  author: 200,
  role: 200,
  alt: 2000,
  caption: 2000,
  credit: 500,
  provider: 100,
  language: 100,
  /** Of a block's type, a key, a name of a member. */
  name: 100,
  tag: 100,
  tags: 100,
  authors: 100,
  statements: 50,
  /** UTF-8 bytes of the free map as JSON. */
  freeFieldsBytes: 64 * 1024,
  slug: 100,
  /** Of an editor: the id in the newsroom's own system. */
  editorId: 200,
  /** Words to be hidden or erased, and the texts that one request may name. */
  phrase: 500,
  references: 10_000,
  /** UTF-8 bytes of YAML front matter. */
  frontMatterBytes: 16 * 1024,
  /** Faults, and things left out, told of one request. */
  faults: 1000,
  /** Levels of objects and lists inside one another. */
  depth: 20,
  /** Elements of HTML inside one another, and all of them. */
  htmlDepth: 200,
  htmlElements: 100_000,
} as const;
