/** The fields of a form for a version's content: what they are, what they hold at first, and how they are read back. */
import { toMarkdown } from '../content/markdown-out.js';
import { parseDraftContent } from '../content/parse-fields.js';
import {
  type Content,
  type DraftContent,
  type Dropped,
  type Fault,
  isAbsent,
  type VersionFields,
} from '../content/types.js';
import { faithful } from './body.js';
import { type Group, type Reader, shown, type Typed } from './fields.js';

export const words: Group = {
  legend: 'The words',
  fields: [
    { kind: 'line', name: 'headline', label: 'Headline', required: true },
    { kind: 'text', name: 'standfirst', label: 'Standfirst', rows: 2 },
    {
      kind: 'text',
      name: 'body',
      label: 'Text',
      hint: 'Markdown: a blank line between paragraphs, ## for a heading, *emphasis*, **strong**, - for a list, > for a quotation, [words](https://…) for a link.',
      rows: 20,
      prose: true,
    },
  ],
};

export const about: Group = {
  legend: 'Byline, section, tags, image, source',
  folded: 'until-wrong',
  fields: [
    { kind: 'line', name: 'byline', label: 'Byline', hint: 'As it is to be printed.' },
    { kind: 'text', name: 'authors', label: 'Authors', hint: 'One a line; a role after a semicolon.', rows: 2 },
    { kind: 'line', name: 'section', label: 'Section' },
    { kind: 'text', name: 'tags', label: 'Tags', hint: 'One a line.', rows: 3 },
    { kind: 'line', name: 'language', label: 'Language', hint: 'Its BCP 47 tag, such as en-GB.', plain: true },
    { kind: 'line', name: 'image-url', label: 'Lead image: address', plain: true },
    { kind: 'line', name: 'image-alt', label: 'Lead image: what it shows, for those who can’t see it' },
    { kind: 'line', name: 'image-caption', label: 'Lead image: caption' },
    { kind: 'line', name: 'image-credit', label: 'Lead image: credit' },
    { kind: 'line', name: 'source', label: 'Source' },
    { kind: 'line', name: 'url', label: 'Your own page for this story', hint: 'Its address.', plain: true },
  ],
};

/** The values of the form's fields for a content; what is removed is empty, and stays as it is while it is left so. */
export function typedContent({ fields, ...body }: Content): Typed {
  const present = <F extends keyof VersionFields>(name: F) => {
    const value = fields[name];
    return isAbsent(value) ? undefined : (value as Exclude<typeof value, { _absent: unknown }>);
  };
  const image = present('leadImage');
  return {
    headline: shown(fields.headline),
    standfirst: shown(fields.standfirst),
    byline: shown(fields.byline),
    authors: (present('authors') ?? []).map(({ name, role }) => (role ? `${name}; ${role}` : name)).join('\n'),
    section: shown(fields.section),
    tags: (present('tags') ?? []).join('\n'),
    language: shown(fields.language),
    'image-url': image?.url ?? '',
    'image-alt': image?.alt ?? '',
    'image-caption': image?.caption ?? '',
    'image-credit': image?.credit ?? '',
    source: shown(fields.source),
    url: shown(fields.url),
    body: toMarkdown(body, { statements: false }),
  };
}

/** What was typed where it differs from the content that the form was filled with: all else stays as it is. */
export function contentOf(reader: Reader, base?: Content): { content: DraftContent; dropped: Dropped[] } | undefined {
  const before: Typed = base ? typedContent(base) : {};
  const changed = (name: string) => (reader.typed[name] ?? '').trim() !== (before[name] ?? '').trim();
  const members: Record<string, unknown> = {};
  for (const name of ['headline', 'standfirst', 'byline', 'section', 'language', 'source', 'url']) {
    if (changed(name)) members[name] = reader.text(name) ?? null;
  }
  // That it is needed has been said.
  if (members.headline === null) delete members.headline;
  if (changed('authors')) {
    members.authors = reader.lines('authors').map((line) => {
      const [name = '', ...role] = line.split(';');
      return { name: name.trim(), ...(role.length > 0 && { role: role.join(';').trim() }) };
    });
  }
  if (changed('tags')) members.tags = reader.lines('tags');
  if (['image-url', 'image-alt', 'image-caption', 'image-credit'].some(changed)) members.leadImage = imageOf(reader);
  if (changed('body')) members.body = { markdown: reader.typed.body ?? '' };
  const parsed = parseDraftContent(members);
  if (!parsed.ok) return faulted(reader, parsed.faults);
  const { dropped, fields, body } = parsed.value;
  return { content: { fields, ...(body && { body: base ? faithful(base, body) : body }) }, dropped };
}

function imageOf(reader: Reader): object | null {
  const [url, alt, caption, credit] = ['url', 'alt', 'caption', 'credit'].map((name) => reader.text(`image-${name}`));
  if (!url && !alt && !caption && !credit) return null;
  return { url: url ?? '', alt: alt ?? '', ...(caption && { caption }), ...(credit && { credit }) };
}

/** Faults at the fields where they can be mended. */
export function faulted(reader: Reader, faults: readonly Fault[]): undefined {
  for (const { pointer, detail } of faults) {
    // A limit told already.
    const field = fieldAt(pointer);
    if (!reader.wrong.some((one) => one.field === field && one.detail === detail)) reader.fault(field, detail);
  }
}

const inStatement: Record<string, string> = { speaker: 'speaker', organisation: 'organisation', after: 'after' };

/** The field of the form for a place in what was sent. */
function fieldAt(pointer: string): string | undefined {
  const [, first, second, third] = pointer.split('/');
  if (first === undefined) return undefined;
  if (first === 'statements') return `${inStatement[third ?? ''] ?? 'words'}-${second}`;
  if (first === 'leadImage') return `image-${['alt', 'caption', 'credit'].includes(second ?? '') ? second : 'url'}`;
  return first;
}
