/**
 * A newsroom kept in memory as simply as can be: every version whole, everything ever believed of its times remembered,
 * every answer worked out anew. Nothing here is shared with the service: it is what the service is held against.
 */

export interface Text {
  words: string;
  hiding: number | null;
  erased: boolean;
}
interface Statement {
  speaker: Text;
}
interface Paragraph {
  text: Text;
  statement: Statement | null;
}
export interface Version {
  number: number;
  base: number | null;
  time: number;
  recordedAt: number;
  acts: string[];
  significance: string;
  imported: boolean;
  headline: Text;
  standfirst: Text | null;
  body: Paragraph[];
  statements: Statement[];
  added: Statement[];
  note: Text | null;
  labels: string[];
  cancelled: boolean;
  supersededBy: number | null;
  restored: number | null;
  hidden: boolean;
}
export interface Withdrawal {
  id: string;
  kind: string;
  at: number;
  notice: Text | null;
}
export interface Correction {
  id: string;
  version: number;
  kind: string;
  corrects: number[];
  notice: Text | null;
}
/** What was believed of the times from one command to the next. */
interface Belief {
  recordedAt: number;
  versions: { number: number; time: number }[];
  /** In order of recording; `withdrawal` null: a reinstatement. */
  closings: { at: number; withdrawal: string | null }[];
}
export interface Story {
  id: string;
  slug: string;
  oldSlugs: string[];
  versions: Version[];
  withdrawals: Withdrawal[];
  closings: Belief['closings'];
  corrections: Correction[];
  texts: Text[];
  beliefs: Belief[];
  /** Commands that recorded something. */
  changes: number;
}

export interface VersionAsked {
  headline?: string;
  standfirst?: string | null;
  body?: string[];
  statement?: { speaker: string; words: string };
  correction?: { notice: string; kind?: string; corrects?: number[] };
  restores?: number;
  base?: number;
  inForceFrom?: number;
  supersedes?: number[];
  significance?: string;
  note?: string;
  imported?: true;
}

/** Refused with a code, or done. */
export type Result = { code: string; versions?: number[] } | { changed: boolean; version: number | null };
const refused = (code: string, versions?: number[]): Result => ({ code, ...(versions && { versions }) });

// Time.

export interface Segment {
  from: number;
  until: number | null;
  version: number | null;
  withdrawal: string | null;
}

const closingAt = (belief: Belief, t: number) => belief.closings.findLast(({ at }) => at <= t)?.withdrawal ?? null;
const openAt = (belief: Belief, t: number) => belief.versions.findLast(({ time }) => time <= t)?.number ?? null;

/** All of valid time cut where anything begins, what is alike put together again. */
export function segmentsOf(belief: Belief): Segment[] {
  const times = [...belief.versions.map(({ time }) => time), ...belief.closings.map(({ at }) => at)];
  const cuts = [...new Set(times)].sort((a, b) => a - b);
  const segments: Segment[] = [];
  let last: number | null = null;
  for (const [i, from] of cuts.entries()) {
    const withdrawal = closingAt(belief, from);
    if (withdrawal === null) last = openAt(belief, from);
    if (last === null && withdrawal === null) continue;
    const before = segments.at(-1);
    const until = cuts[i + 1] ?? null;
    if (before?.until === from && before.version === last && before.withdrawal === withdrawal) before.until = until;
    else segments.push({ from, until, version: last, withdrawal });
  }
  return segments;
}

export const beliefAt = (story: Story, known: number) => story.beliefs.findLast((b) => b.recordedAt <= known);
export const segmentAt = (belief: Belief | undefined, t: number) =>
  belief && segmentsOf(belief).find(({ from, until }) => from <= t && (until === null || t < until));
export const presently = (story: Story, now: number) => segmentAt(story.beliefs.at(-1), now);

/** When readers were first given a version; null: they never were, by now. */
export function givenSince(story: Story, number: number, now: number): number | null {
  const starts = story.beliefs.flatMap((belief, i) => {
    const end = story.beliefs[i + 1]?.recordedAt ?? now + 1;
    return segmentsOf(belief)
      .filter((s) => s.version === number && s.withdrawal === null && s.from < end && s.from <= now)
      .map(({ from }) => from);
  });
  return starts.length > 0 ? Math.min(...starts) : null;
}
export const wasGiven = (story: Story, number: number, now: number) => givenSince(story, number, now) !== null;

export const presentWithdrawal = (story: Story): Withdrawal | undefined => {
  const id = story.closings.at(-1)?.withdrawal;
  return story.withdrawals.find((withdrawal) => withdrawal.id === id);
};

const standing = (story: Story) => story.versions.filter(({ cancelled }) => !cancelled);
const lastTime = (story: Story) =>
  Math.max(...standing(story).map(({ time }) => time), ...story.closings.map(({ at }) => at));

function believe(story: Story, now: number): void {
  story.changes++;
  const versions = standing(story).map(({ number, time }) => ({ number, time }));
  story.beliefs.push({ recordedAt: now, versions, closings: structuredClone(story.closings) });
}

// Commands. Each changes the story it is given, or refuses and changes nothing that counts: give it a copy.

const write = (story: Story, words: string): Text => {
  const text = { words, hiding: null, erased: false };
  story.texts.push(text);
  return text;
};

export function publish(
  id: string,
  slug: string,
  asked: VersionAsked & { headline: string },
  now: number,
): { story: Story; result: Result } {
  const story: Story = {
    id,
    slug,
    oldSlugs: [],
    versions: [],
    withdrawals: [],
    closings: [],
    corrections: [],
    texts: [],
    beliefs: [],
    changes: 0,
  };
  const time = asked.inForceFrom ?? now;
  if (time < now && !asked.imported) return { story, result: refused('time-in-the-past') };
  const version = blank(1, null, time, now, asked);
  version.headline = write(story, asked.headline);
  version.standfirst = typeof asked.standfirst === 'string' ? write(story, asked.standfirst) : null;
  version.body = (asked.body ?? []).map((words) => ({ text: write(story, words), statement: null }));
  version.acts.push('StoryPublished');
  addStatement(story, version, asked);
  version.note = asked.note === undefined ? null : write(story, asked.note);
  story.versions.push(version);
  believe(story, now);
  return { story, result: { changed: true, version: 1 } };
}

const blank = (number: number, base: Version | null, time: number, now: number, asked: VersionAsked): Version => ({
  number,
  base: base?.number ?? null,
  time,
  recordedAt: now,
  acts: [],
  significance: asked.significance ?? 'major',
  imported: asked.imported ?? false,
  headline: base?.headline as Text,
  standfirst: base?.standfirst ?? null,
  body: [...(base?.body ?? [])],
  statements: [...(base?.statements ?? [])],
  added: [],
  note: null,
  labels: [],
  cancelled: false,
  supersededBy: null,
  restored: null,
  hidden: false,
});

function addStatement(story: Story, version: Version, { statement }: VersionAsked): void {
  if (!statement) return;
  const said = { speaker: write(story, statement.speaker) };
  version.statements.push(said);
  version.added.push(said);
  version.body.push({ text: write(story, statement.words), statement: said });
  version.acts.push('StatementAdded');
}

const textsOfContent = (version: Version): Text[] => [
  version.headline,
  ...(version.standfirst ? [version.standfirst] : []),
  ...version.statements.map(({ speaker }) => speaker),
  ...version.body.map(({ text }) => text),
];

const sameContent = (a: Version, b: Version) => {
  const [was, is] = [textsOfContent(a), textsOfContent(b)];
  return was.length === is.length && was.every((text, i) => text === is[i]);
};

export function newVersion(story: Story, asked: VersionAsked, now: number): Result {
  const { restores } = asked;
  if (restores !== undefined && asked.base !== undefined && asked.base !== restores) return refused('base-is-restored');
  const named = restores ?? asked.base;
  const open = openAt(story.beliefs.at(-1)!, now);
  const base =
    named === undefined ? (story.versions[(open ?? 0) - 1] ?? standing(story).at(-1)) : story.versions[named - 1];
  if (!base) return refused(named === undefined ? 'base-needed' : 'version-not-found');
  if (restores !== undefined) {
    const texts = textsOfContent(base);
    const gone = base.hidden || texts.some(({ hiding, erased }) => erased || hiding !== null);
    if (gone || !wasGiven(story, restores, now)) return refused('cannot-restore');
  } else if (base.hidden && named === undefined) return refused('base-hidden');

  const waits = !base.cancelled && base.time > now;
  const time = asked.inForceFrom ?? (waits ? base.time : now);
  if (waits && time < base.time && asked.base === undefined) return refused('base-needed');
  if (time < now && !asked.imported) return refused('time-in-the-past');
  if (time < now && time < lastTime(story)) return refused('import-before-last');

  const replaced = standing(story).filter((v) => v.time >= time && !wasGiven(story, v.number, now));
  const version = blank(story.versions.length + 1, base, time, now, asked);
  const kept = (text: Text | null, words: string) =>
    text && !text.erased && text.words === words ? text : write(story, words);
  if (asked.headline !== undefined) version.headline = kept(base.headline, asked.headline);
  if (asked.standfirst === null) version.standfirst = null;
  else if (asked.standfirst !== undefined) version.standfirst = kept(base.standfirst, asked.standfirst);
  if (asked.body) {
    version.body = asked.body.map(
      (words) =>
        base.body.find(({ text }) => !text.erased && text.words === words) ?? {
          text: write(story, words),
          statement: null,
        },
    );
    version.statements = base.statements.filter((said) => version.body.some(({ statement }) => statement === said));
  }
  const changed = !sameContent(base, version);
  const says = asked.note !== undefined || asked.statement !== undefined || asked.correction !== undefined;
  const otherwise = story.versions[(openAt(story.beliefs.at(-1)!, time) ?? 0) - 1];
  if (!changed && !says && otherwise && sameContent(otherwise, base)) return { changed: false, version: base.number };

  const others = replaced.filter((v) => v !== base).map(({ number }) => number);
  const agreed = (asked.supersedes ?? []).filter((number) => number !== base.number);
  if (String(others) !== String(agreed.sort((a, b) => a - b))) return refused('would-supersede', others);

  if (restores !== undefined) {
    version.acts.push('VersionRestored');
    version.restored = restores;
  }
  if (asked.correction) {
    const before = restores === undefined ? base : (story.versions[(open ?? base.number) - 1] as Version);
    const corrects = correctedBy(story, asked.correction.corrects, before, version, now);
    if ('code' in corrects) return corrects;
    version.acts.push('CorrectionIssued');
    story.corrections.push({
      id: '',
      version: version.number,
      kind: asked.correction.kind ?? 'correction',
      corrects: corrects.numbers,
      notice: write(story, asked.correction.notice),
    });
  } else if (changed || !(asked.statement || restores !== undefined)) version.acts.push('StoryUpdated');
  addStatement(story, version, asked);
  version.note = asked.note === undefined ? null : write(story, asked.note);
  for (const other of replaced) Object.assign(other, { cancelled: true, supersededBy: version.number });
  story.versions.push(version);
  believe(story, now);
  return { changed: true, version: version.number };
}

function correctedBy(
  story: Story,
  named: number[] | undefined,
  before: Version,
  after: Version,
  now: number,
): { numbers: number[] } | { code: string } {
  if (named) {
    for (const number of [...named].sort((a, b) => a - b)) {
      if (!story.versions[number - 1]) return { code: 'version-not-found' };
      if (!wasGiven(story, number, now)) return { code: 'never-in-force' };
    }
    return { numbers: [...new Set(named)].sort((a, b) => a - b) };
  }
  const kept = textsOfContent(after);
  const gone = textsOfContent(before).filter((text) => !kept.includes(text));
  const numbers = story.versions
    .filter((v) => wasGiven(story, v.number, now))
    .filter((v) => (gone.length === 0 ? v === before : textsOfContent(v).some((text) => gone.includes(text))))
    .map(({ number }) => number);
  return numbers.length > 0 ? { numbers } : { code: 'never-in-force' };
}

export function cancel(story: Story, number: number, now: number): Result {
  const version = story.versions[number - 1];
  if (!version) return refused('version-not-found');
  if (version.cancelled) return refused('already-cancelled');
  if (wasGiven(story, number, now)) return refused('has-been-in-force');
  version.cancelled = true;
  believe(story, now);
  return { changed: true, version: number };
}

export function withdraw(story: Story, id: string, kind: string, notice: string | undefined, now: number): Result {
  const present = presentWithdrawal(story);
  if (present?.kind === kind) {
    if (notice === undefined) return { changed: false, version: null };
    present.notice = write(story, notice);
  } else {
    story.withdrawals.push({ id, kind, at: now, notice: notice === undefined ? null : write(story, notice) });
    story.closings.push({ at: now, withdrawal: id });
  }
  believe(story, now);
  return { changed: true, version: null };
}

export function reinstate(story: Story, now: number): Result {
  if (!presentWithdrawal(story)) return refused('not-withdrawn');
  story.closings.push({ at: now, withdrawal: null });
  believe(story, now);
  return { changed: true, version: null };
}

export function amendNotice(story: Story, of: Correction | Withdrawal, notice: string | null, now: number): Result {
  const version = 'version' in of ? of.version : null;
  if (notice === null && of.notice === null) return { changed: false, version };
  of.notice = notice === null ? null : write(story, notice);
  believe(story, now);
  return { changed: true, version };
}

export function rename(story: Story, slug: string, now: number): Result {
  story.oldSlugs.push(story.slug);
  story.slug = slug;
  believe(story, now);
  return { changed: true, version: null };
}

export interface VersionAmended {
  note?: string | null;
  inForceFrom?: number;
  significance?: string;
  labels?: string[];
  hidden?: boolean;
  force?: true;
}

export function amendVersion(story: Story, number: number, asked: VersionAmended, now: number): Result {
  const version = story.versions[number - 1];
  if (!version) return refused('version-not-found');
  const before = story.changes;
  if (asked.note !== undefined && (asked.note !== null || version.note)) {
    version.note = asked.note === null ? null : write(story, asked.note);
    story.changes++;
  }
  if (asked.inForceFrom !== undefined && asked.inForceFrom !== version.time) {
    const code = retime(story, version, asked.inForceFrom, now);
    if (code) return refused(code);
    story.changes++;
  }
  if (asked.significance !== undefined && asked.significance !== version.significance) {
    version.significance = asked.significance;
    story.changes++;
  }
  if (asked.labels && (asked.labels.length > 0 || version.labels.length > 0)) {
    version.labels = asked.labels;
    story.changes++;
  }
  if (asked.hidden !== undefined && asked.hidden !== version.hidden) {
    const then = { ...story, beliefs: [...story.beliefs] };
    believe(then, now);
    if (asked.hidden && !asked.force && isShown(then, version, now)) return refused('shown-to-readers');
    version.hidden = asked.hidden;
    story.changes++;
  }
  if (story.changes === before) return { changed: false, version: number };
  believe(story, now);
  return { changed: true, version: number };
}

function retime(story: Story, version: Version, to: number, now: number): string | undefined {
  if (version.cancelled) return 'version-cancelled';
  const others = standing(story).filter((v) => v !== version);
  const after = others.findLast((v) => v.number < version.number)?.time ?? -Infinity;
  const until = others.find((v) => v.number > version.number)?.time ?? Infinity;
  if (to <= after || to >= until) return 'time-not-between';
  const given = wasGiven(story, version.number, now);
  if (!given && to < now) return 'time-in-the-past';
  if (given && to > version.time) return 'time-only-earlier';
  const was = version.time;
  const inForce = () => {
    const versions = standing(story).map(({ number, time }) => ({ number, time }));
    const segments = segmentsOf({ recordedAt: now, versions, closings: story.closings });
    return new Set(segments.filter((s) => s.withdrawal === null && s.from <= now).map((s) => s.version));
  };
  const before = inForce();
  version.time = to;
  if (before.difference(inForce()).size === 0) return undefined;
  version.time = was;
  return 'time-undoes-version';
}

/** Readers are given it, or will be. */
export function isShown(story: Story, version: Version, now: number): boolean {
  if (version.cancelled) return false;
  const { number, time } = version;
  if (presently(story, now)?.version === number || openAt(story.beliefs.at(-1)!, now) === number) return true;
  return time > now && !wasGiven(story, number, now);
}

export const holding = (story: Story, word: string): Text[] =>
  story.texts.filter(({ words, erased }) => !erased && words.split(/[ .]+/).includes(word));

export interface TakingAway {
  erase: boolean;
  word: string;
  force?: true;
  replacement?: VersionAsked;
}

/** `hiding`: what the hiding would be called. */
export function takeAway(story: Story, asked: TakingAway, hiding: number, now: number): Result {
  const changes = story.changes;
  const texts = holding(story, asked.word).filter((text) => asked.erase || text.hiding === null);
  let version: number | null = null;
  if (asked.replacement) {
    const result = newVersion(story, asked.replacement, now);
    if ('code' in result) return result;
    if (result.changed) version = result.version;
  }
  for (const shown of story.versions) {
    const held = [...textsOfContent(shown), ...(shown.note ? [shown.note] : [])].some((text) => texts.includes(text));
    if (held && !asked.force && isShown(story, shown, now)) return refused('shown-to-readers');
  }
  for (const text of texts) {
    if (asked.erase) text.erased = true;
    else text.hiding = hiding;
  }
  if (texts.length > 0) believe(story, now);
  return { changed: story.changes > changes, version };
}

export function show(story: Story, hiding: number, now: number): Result {
  const texts = story.texts.filter((text) => text.hiding === hiding && !text.erased);
  const all = story.texts.filter((text) => text.hiding === hiding);
  if (all.length === 0) return refused('hiding-not-found');
  for (const text of [...texts, ...all]) text.hiding = null;
  believe(story, now);
  return { changed: true, version: null };
}
