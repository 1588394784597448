/** What the newsroom in memory answers to a reader or an editor, and the same of what the service answers. */
import {
  beliefAt,
  type Correction,
  givenSince,
  presently,
  presentWithdrawal,
  type Segment,
  type Story,
  segmentAt,
  segmentsOf,
  type Text,
  type Version,
  wasGiven,
} from './newsroom.js';

export type Viewer = 'reader' | 'editor';
export interface Told {
  code?: string;
  [member: string]: unknown;
}

export const iso = (ms: number): string => new Date(ms).toISOString();

/** The words, or why they are not there. */
const told = (text: Text | null, viewer: Viewer): string | null => {
  if (!text) return null;
  if (text.erased) return '(erased)';
  return text.hiding !== null && viewer === 'reader' ? '(hidden)' : text.words;
};

const closedCode = (story: Story, now: number): string | undefined => {
  const here = presently(story, now);
  if (!here || here.version === null) return 'story-not-found';
  const withdrawal = here.withdrawal && presentWithdrawal(story);
  return withdrawal && withdrawal.kind !== 'retracted' ? withdrawal.kind : undefined;
};

/** Why the viewer may not read this version, if they may not. */
function closedVersion(story: Story, number: number, viewer: Viewer, now: number): string | undefined {
  const version = story.versions[number - 1];
  if (viewer === 'editor') return version ? undefined : 'version-not-found';
  if (presently(story, now)?.version == null) return 'story-not-found';
  if (!version || !wasGiven(story, number, now)) return 'version-not-found';
  return closedCode(story, now) ?? (version.hidden ? 'version-hidden' : undefined);
}

export function asOf(story: Story, viewer: Viewer, now: number, at?: number, known?: number): Told {
  const staff = viewer === 'editor';
  const closed = staff ? undefined : closedCode(story, now);
  if (closed) return { code: closed };
  if (known !== undefined && !staff) return { code: 'known-at-forbidden' };
  const when = at === undefined ? now : staff ? at : Math.min(at, now);
  const segment = segmentAt(known === undefined ? story.beliefs.at(-1) : beliefAt(story, known), when);
  if (!segment || segment.version === null) return { code: 'not-yet-in-force' };
  const present = presently(story, now)?.withdrawal ?? null;
  if (!staff && segment.withdrawal !== null && segment.withdrawal !== present) return { code: 'withdrawn-then' };
  const hidden = closedVersion(story, segment.version, viewer, now);
  if (hidden) return { code: hidden };
  return {
    ...whole(story, story.versions[segment.version - 1]!, viewer, now),
    // Told only where it is the instant asked about.
    at: when === at ? iso(when) : undefined,
    reign: period(segment, viewer, now),
    withdrawn: story.withdrawals.find(({ id }) => id === segment.withdrawal)?.kind ?? null,
  };
}

export function version(story: Story, number: number, viewer: Viewer, now: number): Told {
  const code = closedVersion(story, number, viewer, now);
  return code ? { code } : whole(story, story.versions[number - 1]!, viewer, now);
}

export function versions(story: Story, viewer: Viewer, now: number): Told {
  const code = viewer === 'editor' ? undefined : closedCode(story, now);
  if (code) return { code };
  return {
    story: standing(story, viewer, now),
    items: knownVersions(story, viewer, now)
      .map((version) => item(story, version, viewer, now))
      .reverse(),
  };
}

export function compare(story: Story, a: number, b: number, viewer: Viewer, now: number): Told {
  const code = closedVersion(story, a, viewer, now) ?? closedVersion(story, b, viewer, now);
  return code ? { code } : { a: item(story, story.versions[a - 1]!, viewer, now).version, b };
}

/** Slugs and versions, the latest come into force first. */
export function stories(all: readonly Story[], viewer: Viewer, now: number, at?: number, word?: string): Told {
  const when = at === undefined ? now : viewer === 'reader' ? Math.min(at, now) : at;
  const found = all.flatMap((story) => {
    const segment = segmentAt(story.beliefs.at(-1), when);
    const then = asOf(story, viewer, now, when);
    if (!segment || then.code !== undefined) return [];
    const version = story.versions[segment.version! - 1]!;
    if (word !== undefined && !says(version, word, viewer)) return [];
    return [{ from: segment.from, id: story.id, told: `${story.slug} ${segment.version}` }];
  });
  found.sort((a, b) => b.from - a.from || (a.id < b.id ? -1 : 1));
  return { items: found.map(({ told }) => told) };
}

const says = ({ headline, standfirst, statements, body }: Version, word: string, viewer: Viewer) =>
  [headline, standfirst, ...statements.map(({ speaker }) => speaker), ...body.map(({ text }) => text)].some((text) =>
    told(text, viewer)?.split(/[ .]+/).includes(word),
  );

const knownVersions = (story: Story, viewer: Viewer, now: number) =>
  story.versions.filter(({ number }) => viewer === 'editor' || wasGiven(story, number, now));

function standing(story: Story, viewer: Viewer, now: number): Told {
  const since = story.versions.map(({ number }) => givenSince(story, number, now)).filter((time) => time !== null);
  const here = presently(story, now);
  const withdrawal = here?.withdrawal ? presentWithdrawal(story) : undefined;
  return {
    slug: story.slug,
    status: withdrawal?.kind ?? (here ? 'published' : 'not-yet-in-force'),
    firstPublishedAt: since.length > 0 ? iso(Math.min(...since)) : null,
    lastUpdatedAt: since.length > 0 ? iso(Math.max(...since)) : null,
    versions: knownVersions(story, viewer, now).length,
    ...(withdrawal && { notice: told(withdrawal.notice, viewer) }),
  };
}

const period = ({ from, until }: Segment, viewer: Viewer, now: number) => ({
  from: iso(from),
  until: until === null || (viewer === 'reader' && until > now) ? null : iso(until),
});

function item(story: Story, version: Version, viewer: Viewer, now: number): Told {
  const { number, hidden, cancelled, supersededBy } = version;
  const staff = viewer === 'editor';
  const segments = segmentsOf(story.beliefs.at(-1)!).filter(
    (s) => s.version === number && s.withdrawal === null && (staff || s.from <= now),
  );
  const here = presently(story, now);
  const times = {
    version: number,
    inForceFrom: iso(version.time),
    recordedAt: iso(version.recordedAt),
    imported: version.imported,
    hidden,
    current: here?.version === number && here.withdrawal === null,
    reigns: segments.map((segment) => period(segment, viewer, now)),
  };
  if (hidden && !staff) return { ...times, acts: [], significance: null, headline: null, note: null, added: [] };
  return {
    ...times,
    acts: version.acts,
    significance: version.significance,
    headline: told(version.headline, viewer),
    note: told(version.note, viewer),
    added: version.added.map(({ speaker }) => told(speaker, viewer)),
    restored: version.restored !== null && (staff || wasGiven(story, version.restored, now)) ? version.restored : null,
    ...(staff && {
      waiting: !cancelled && version.time > now && !wasGiven(story, number, now),
      cancelled,
      supersededBy,
      labels: version.labels,
    }),
  };
}

function whole(story: Story, version: Version, viewer: Viewer, now: number): Told {
  const known = knownVersions(story, viewer, now).map(({ number }) => number);
  return {
    ...item(story, version, viewer, now),
    story: standing(story, viewer, now),
    standfirst: told(version.standfirst, viewer),
    body: version.body.map(({ text, statement }) => `${statement ? '> ' : ''}${told(text, viewer)}`),
    speakers: version.statements.map(({ speaker }) => told(speaker, viewer)),
    corrections: corrections(story, version.number, viewer, now),
    previous: known.findLast((number) => number < version.number) ?? null,
    next: known.find((number) => number > version.number) ?? null,
  };
}

function corrections(story: Story, number: number, viewer: Viewer, now: number) {
  const knows = (of: number) => viewer === 'editor' || wasGiven(story, of, now);
  const shown = ({ version, corrects, notice }: Correction) =>
    (version <= number || corrects.includes(number)) &&
    (viewer === 'editor' || (notice !== null && wasGiven(story, version, now)));
  return story.corrections.filter(shown).map(({ version, kind, corrects, notice }) => {
    const at = givenSince(story, version, now);
    return {
      version: knows(version) ? version : null,
      kind,
      corrects: corrects.filter(knows),
      at: at === null ? null : iso(at),
      notice: told(notice, viewer),
    };
  });
}

// The service's answers, brought to the same form.

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes.
type Json = any;

const given = (value: Json): string | null => {
  if (value === null || value === undefined) return null;
  const absence = value._absent ?? value.absence;
  if (absence) return `(${absence === 'erasure-pending' ? 'erased' : absence})`;
  return typeof value === 'string' ? value : value.children.map((span: Json) => span.text).join('');
};

const storyGiven = ({ slug, status, firstPublishedAt, lastUpdatedAt, versions, withdrawal }: Json): Told => ({
  slug,
  status,
  firstPublishedAt,
  lastUpdatedAt,
  versions,
  ...(withdrawal && { notice: given(withdrawal.notice) }),
});

function itemGiven(json: Json, viewer: Viewer): Told {
  const { version, inForceFrom, recordedAt, imported, hidden, current, reigns, acts, significance } = json;
  const removed = hidden === true && viewer === 'reader';
  return {
    version,
    inForceFrom,
    recordedAt,
    imported: imported ?? false,
    hidden: hidden ?? false,
    current: current ?? false,
    reigns,
    acts,
    significance,
    headline: given(json.headline),
    note: given(json.note),
    added: (json.statementsAdded ?? json.statements).map(({ speaker }: Json) => given(speaker)),
    ...(!removed && { restored: json.restored ?? null }),
    ...(viewer === 'editor' && {
      waiting: json.waiting ?? false,
      cancelled: json.cancelled ?? false,
      supersededBy: json.supersededBy ?? null,
      labels: json.labels,
    }),
  };
}

const wholeGiven = (json: Json, viewer: Viewer): Told => ({
  ...itemGiven(json, viewer),
  story: storyGiven(json.story),
  standfirst: given(json.standfirst),
  body: json.body.map((block: Json) => `${block.statement ? '> ' : ''}${given(block)}`),
  speakers: json.statements.map(({ speaker }: Json) => given(speaker)),
  corrections: json.corrections
    .map(({ version, kind, corrects, at, notice }: Json) => ({
      version: version ?? null,
      kind,
      corrects,
      at,
      notice: given(notice),
    }))
    .sort((a: Json, b: Json) => a.version - b.version),
  previous: json.previous,
  next: json.next,
});

export const read = {
  asOf: (json: Json, viewer: Viewer): Told => ({
    ...wholeGiven(json, viewer),
    at: json.asOf.at,
    reign: json.asOf.reign,
    withdrawn: json.asOf.withdrawal?.kind ?? null,
  }),
  version: wholeGiven,
  versions: (json: Json, viewer: Viewer): Told => ({
    story: storyGiven(json.story),
    items: json.items.map((item: Json) => itemGiven(item, viewer)),
  }),
  compare: (json: Json): Told => ({ a: json.a.version, b: json.b.version }),
  stories: (json: Json): Told => ({ items: json.items.map((item: Json) => `${item.story.slug} ${item.version}`) }),
};
