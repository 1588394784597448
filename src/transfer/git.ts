/**
 * A story's history as a stream for `git fast-import`: a commit for each version that was in force, in the order of its
 * time, and one for each withdrawal and reinstatement. Only what the answers of history say goes in, so whoever asked may
 * see it; the same answers give the same commits.
 */
import { writeFrontMatter } from '../content/front-matter.js';
import { toMarkdown } from '../content/markdown-out.js';
import { removedMark } from '../content/marks.js';
import { type Absent, type Author, type Content, isAbsent, type LeadImage } from '../content/types.js';
import type { CorrectionAnswer, InForce, VersionItem, WithdrawnPeriod } from '../history/answers.js';
import type { WithdrawalKind } from '../story/events.js';
import { type Instant, laterOf, msOf } from '../story/instant.js';

/** All versions that this viewer may know of. */
export interface ToldHistory {
  /** The story's id. */
  story: string;
  items: readonly VersionItem[];
  corrections: readonly CorrectionAnswer[];
  withdrawals: readonly WithdrawnPeriod[];
}

/** What a version says; nothing if this viewer may not read it. */
export type ReadContent = (version: number) => Promise<Content | undefined>;

/** One name all the time: a story that is renamed stays one file. */
export const gitFile = 'story.md';
export const gitBranch = 'main';

/** What happened to what readers are given, at `at`. */
type Happening =
  | { kind: 'version'; at: Instant; item: VersionItem; reign: InForce }
  | { kind: 'withdrawal'; at: Instant; period: WithdrawnPeriod };

/** Whether the history has times that git cannot hold, which is nothing before 1970. */
export const isBeforeGit = ({ items }: ToldHistory): boolean =>
  items.some(({ reigns }) => reigns.some(({ from }) => msOf(from) < 0));

/** Pieces of the stream, in order. `readContent` is asked for one version at a time. */
export async function* fastImport(history: ToldHistory, readContent: ReadContent): AsyncGenerator<string> {
  yield 'feature done\n';
  let mark = 0;
  let shown: number | undefined;
  let committed: Instant | undefined;
  for (const happening of happeningsOf(history)) {
    const { at } = happening;
    const told =
      happening.kind === 'version' ? versionSaid(history, happening, shown) : withdrawalSaid(history, happening);
    // git walks a history by these times, so none may lie before the one of its parent.
    committed = laterOf(committed ?? told.recordedAt, told.recordedAt);
    yield [
      `commit refs/heads/${gitBranch}\n`,
      `mark :${++mark}\n`,
      `author ${told.author} ${gitTime(at)}\n`,
      `committer Palimpsest <palimpsest@palimpsest.invalid> ${gitTime(committed)}\n`,
      data(told.message),
    ].join('');
    const version = happening.kind === 'version' ? happening.item.version : happening.period.version;
    const kept = happening.kind === 'version' || happening.period.kind === 'retracted';
    if (kept && version !== null) {
      const above = happening.kind === 'withdrawal' ? noticeAbove(happening.period) : '';
      const content = await readContent(version);
      yield `M 100644 inline ${gitFile}\n${data(content ? documentOf(content, above) : hiddenDocument(version, above))}`;
    } else if (mark > 1) yield `D ${gitFile}\n`;
    if (happening.kind === 'version') {
      if (shown !== version) yield `reset refs/tags/v${version}\nfrom :${mark}\n\n`;
      shown = version!;
    }
  }
  yield 'done\n';
}

function happeningsOf({ items, withdrawals }: ToldHistory): Happening[] {
  const versions = items.flatMap((item) =>
    item.reigns.map((reign): Happening => ({ kind: 'version', at: reign.from, item, reign })),
  );
  const periods = withdrawals.map((period): Happening => ({ kind: 'withdrawal', at: period.from, period }));
  return [...versions, ...periods].sort((a, b) => (a.at < b.at ? -1 : 1));
}

interface Said {
  author: string;
  recordedAt: Instant;
  message: string;
}

/** `shown`: the version of the commit before, if it was withdrawn after that. */
function versionSaid(history: ToldHistory, { item, at }: Happening & { kind: 'version' }, shown?: number): Said {
  const { version, recordedAt, hidden, acts, significance, imported, restored, note, headline } = item;
  const isBack = version === shown;
  const corrections = history.corrections.filter((one) => one.version === version);
  const notices = corrections.map(
    ({ kind, notice }) => `${correctionNames[kind]}: ${textOf(notice) || '(the notice was taken back)'}`,
  );
  // The first of these is the first line; a headline stands in the file as well.
  const [what, ...more] = [textOf(note), ...notices].filter((text) => text !== '');
  return {
    author: isBack ? newsroom : authorOf(item),
    recordedAt: isBack ? at : recordedAt,
    message: messageOf({
      subject: isBack
        ? `Reinstated, with version ${version}`
        : `Version ${version}: ${what ?? (textOf(headline) || (hidden ? 'hidden' : removedMark))}`,
      paragraphs: isBack ? [] : more,
      trailers: {
        Story: history.story,
        Version: String(version),
        ...(acts.length > 0 && { Acts: acts.join(', ') }),
        ...(significance && { Significance: significance }),
        'In-Force-From': at,
        ...(!isBack && { 'Recorded-At': recordedAt }),
        ...(imported && { Imported: 'true' }),
        ...(restored !== undefined && { Restores: String(restored) }),
        ...(corrections.length > 0 && {
          Corrects: [...new Set(corrections.flatMap(({ corrects }) => corrects))].join(', ') || 'no version',
        }),
        ...(hidden && { Hidden: 'true' }),
      },
    }),
  };
}

function withdrawalSaid({ story }: ToldHistory, { at, period }: Happening & { kind: 'withdrawal' }): Said {
  const { kind, notice, version } = period;
  return {
    author: newsroom,
    recordedAt: at,
    message: messageOf({
      subject: withdrawalNames[kind],
      paragraphs: [textOf(notice)],
      trailers: {
        Story: story,
        Withdrawal: kind,
        ...(version !== null && { 'Last-Version': String(version) }),
        'Withdrawn-From': at,
      },
    }),
  };
}

const correctionNames = { correction: 'Correction', clarification: 'Clarification', 'editors-note': 'Editor’s note' };
const withdrawalNames: Record<WithdrawalKind, string> = {
  unpublished: 'Unpublished',
  retracted: 'Retracted',
  killed: 'Killed',
  takedown: 'Taken down by legal demand',
};

const textOf = (text: string | Absent | null): string => (text === null ? '' : isAbsent(text) ? removedMark : text);

/** Letters of a first line before it is cut; all of it then follows below. */
const longestSubject = 100;

function messageOf(said: { subject: string; paragraphs: string[]; trailers: { [name: string]: string } }): string {
  const subject = said.subject.replace(/\s+/g, ' ').trim();
  const isLong = subject.length > longestSubject;
  const cut = subject
    .slice(0, longestSubject)
    .toWellFormed()
    .replace(/\ufffd$/, '');
  return [
    isLong ? `${cut}…` : subject,
    ...(isLong ? [said.subject] : []),
    ...said.paragraphs.filter((text) => text !== ''),
    Object.entries(said.trailers)
      .map(([name, value]) => `Palimpsest-${name}: ${value}`)
      .join('\n'),
  ]
    .join('\n\n')
    .concat('\n');
}

const newsroom = 'Newsroom <newsroom@palimpsest.invalid>';

/** A name that git can hold, and an address that nobody has (RFC 2606). */
function authorOf({ editor }: VersionItem): string {
  if (!editor || isAbsent(editor)) return newsroom;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: git takes none
  const name = editor.name.replace(/[<>\u0000-\u001f\u007f]+/g, ' ').trim();
  const address = encodeURIComponent(editor.id ?? editor.name).replace(/[()*!'~]/g, '_');
  return `${name || 'Editor'} <${address}@palimpsest.invalid>`;
}

/** Seconds since 1970, in UTC; git knows nothing before, and the trailers have the time as it is. */
const gitTime = (at: Instant): string => `${Math.max(0, Math.floor(msOf(at) / 1000))} +0000`;

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;

/** Every field as front matter, then the body. */
function documentOf({ fields, ...content }: Content, above: string): string {
  const { headline, ...others } = fields;
  const members = Object.entries({ title: headline, ...others }).flatMap(([name, value]) => membersOf(name, value));
  const present = members.filter(([, value]) => value !== removedMark);
  const removed = members.filter(([, value]) => value === removedMark).map(([name]) => `# ${name}: ${removedMark}\n`);
  const front = writeFrontMatter(Object.fromEntries(present), removed.join(''));
  return [front, above, toMarkdown(content)].filter((part) => part !== '').join('\n');
}

function membersOf(name: string, value: unknown): [name: string, value: string][] {
  if (value === undefined) return [];
  if (isAbsent(value)) return [[name, removedMark]];
  if (typeof value === 'string') return [[name, value]];
  if (name === 'tags') return [[name, (value as string[]).join(', ')]];
  if (name === 'authors') {
    const authors = value as Author[];
    return [[name, authors.map(({ name, role }) => (role ? `${name} (${role})` : name)).join(', ')]];
  }
  const members = Object.entries(value as LeadImage | { [name: string]: unknown });
  return members.map(([member, said]) => [
    name === 'fields' ? member : `${name}-${member}`,
    typeof said === 'string' ? said : JSON.stringify(said),
  ]);
}

const hiddenDocument = (version: number, above: string): string =>
  [above, `*Version ${version} is removed.*\n`].filter((part) => part !== '').join('\n');

function noticeAbove({ kind, notice }: WithdrawnPeriod): string {
  const lines = [`**${withdrawalNames[kind]}.**`, ...textOf(notice).split('\n')].filter((line) => line !== '');
  return `${lines.map((line) => `> ${line}`).join('\n')}\n`;
}
