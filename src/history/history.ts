/** Every question a viewer may ask of the stories, answered from the views, with visibility applied here once. */
import { readerViewer } from '../access/viewer.js';
import { isUuid } from '../content/slug.js';
import { comparableUrl } from '../content/url.js';
import { earlierOf, fromMs, type Instant } from '../story/instant.js';
import type { Viewing } from '../story/visibility.js';
import { silent, type Telemetry } from '../telemetry/telemetry.js';
import type { Comparing } from '../views/comparing.js';
import type { ReignRow } from '../views/reigns.js';
import type { Tables } from '../views/tables.js';
import type { VersionRow } from '../views/versions.js';
import type { Views } from '../views/views.js';
import { Refused } from '../web/problem.js';
import { storyAt } from './addresses.js';
import type { StoriesAnswer } from './answers.js';
import { describeAuthorship } from './authorship.js';
import { openCaches } from './caches.js';
import { openChanges } from './changes.js';
import { listCorrections } from './corrections.js';
import {
  type Describing,
  describeCorrections,
  describeItems,
  describePlace,
  describeReign,
  describeStory,
  describeVersion,
  describeWithdrawal,
  describeWithdrawals,
  type Policy,
} from './describe.js';
import { listVersions } from './lists.js';
import {
  closed,
  holding,
  isStaff,
  knowsSlug,
  type Looking,
  lookAt,
  noStory,
  publicNotice,
  readable,
  slugFor,
  spans,
} from './looking.js';
import { describeMemento, describeMementos, versionMeant } from './mementos.js';
import { isClosing } from './ninjs.js';
import { refuse } from './problems.js';
import type { Asking, AsOf, History, PublicStream, Side } from './questions.js';
import type { Answer, HistoryRefusal } from './refusals.js';
import { renderings } from './renderings.js';
import { parseQuery } from './search.js';
import { openSitemaps } from './sitemaps.js';
import { listStories } from './story-lists.js';

/** `clock` gives milliseconds since 1970. */
export function openHistory(
  tables: Tables & { comparing: Comparing } & Pick<Views, 'settled'>,
  policy: Policy,
  clock: () => number,
  telemetry: Pick<Telemetry, 'cache'> = silent,
): History & PublicStream {
  const caches = openCaches(tables, telemetry);
  const clockNow = () => fromMs(clock())!;
  const standing = { settled: tables.settled, clock };
  const viewingOf = ({ audience }: Asking): Viewing => ({ audience, publicHistory: policy.publicHistory });
  const describingFor = (viewer: Asking): Describing => ({ policy, caches, writes: viewer.may('new-version') });

  /** The story of this name as the viewer may look at it, or why not. */
  function named(viewer: Asking, name: string): Answer<Looking> {
    const id = tables.storyNamed(name);
    const row = id === undefined ? undefined : tables.story(id);
    if (!row) return noStory(name);
    const looking = lookAt(tables, viewingOf(viewer), row, clockNow());
    // A version never in force is not found whatever else is true of the story; a story without any other is not there.
    if (!isStaff(looking) && looking.standing.shown === null) return noStory(name);
    if (!isUuid(name) && !knowsSlug(looking, name)) return noStory(name);
    return { ok: true, value: looking };
  }

  /** The same; an old name leads to the present one. */
  function find(viewer: Asking, name: string): Answer<Looking> {
    const found = named(viewer, name);
    if (!found.ok) return found;
    const looking = found.value;
    const slug = slugFor(looking);
    if (!isUuid(name) && slug !== null && slug !== name && looking.verdict === 'show') {
      return refuse('story-moved', `This story is now called "${slug}".`, { slug });
    }
    return found;
  }

  /** The same, of a story that may be shown. */
  function look(viewer: Asking, name: string): Answer<Looking> {
    const found = find(viewer, name);
    if (!found.ok) return found;
    const { verdict } = found.value;
    return verdict === 'show' ? found : closed(found.value, verdict, name);
  }

  /** What held at an instant and may be shown. Never a neighbour. */
  function inForceAt(looking: Looking, { at: asked, knownAt }: AsOf): Answer<InForceThen> {
    const { row, now, verdict, viewing, standing } = looking;
    if (verdict !== 'show') return closed(looking, verdict);
    if (knownAt !== undefined && !isStaff(looking)) {
      return refuse('known-at-forbidden', 'Leave `knownAt` out, or sign in as editor or auditor.');
    }
    const at = asked === undefined ? now : isStaff(looking) ? asked : earlierOf(asked, now);
    const { reign: present } = looking;
    const isPresent = knownAt === undefined && present !== undefined && spans(present, at);
    const reign = isPresent ? present : tables.reignAt(row.id, at, knownAt);
    if (!reign || reign.version === null) {
      return refuse('not-yet-in-force', `At ${at} no version of this story was in force yet.`);
    }
    const hasEnded = reign.withdrawal !== null && reign.withdrawal !== looking.withdrawal?.id;
    if (!isStaff(looking) && viewing.publicHistory === 'none' && (hasEnded || reign.version !== standing.shown)) {
      return refuse('history-not-public', 'Readers are shown only what is in force now.');
    }
    if (!isStaff(looking) && hasEnded) return withdrawnThen(looking, reign, at);
    const version = read(looking, reign.version);
    return version.ok ? { ok: true, value: { at, reign, version: version.value } } : version;
  }

  /** Found by any of its names; closed for nobody but by a withdrawal. */
  function shownToReaders(name: string): Answer<Looking> {
    const found = named(readerViewer, name);
    if (!found.ok || found.value.verdict === 'show') return found;
    return closed(found.value, found.value.verdict, name);
  }

  function withdrawnThen(looking: Looking, reign: ReignRow, at: Instant): { ok: false; refusal: HistoryRefusal } {
    const withdrawal = tables.withdrawal(looking.row.id, reign.withdrawal!)!;
    const notice = publicNotice(looking, withdrawal);
    return refuse('withdrawn-then', `At ${at} this story was withdrawn.`, typeof notice === 'string' ? { notice } : {});
  }

  /** Of a version that is removed its place is told: its number, its times and its neighbours are in the list too. */
  function read(looking: Looking, number: number): Answer<VersionRow> {
    const version = readable(looking, number);
    if (version.ok || version.refusal.code !== 'version-hidden') return version;
    return { ok: false, refusal: { ...version.refusal, ...describePlace(looking, number) } };
  }

  function sideOf(looking: Looking, side: Side): Answer<VersionRow> {
    if (typeof side === 'number') return read(looking, side);
    const then = inForceAt(looking, side === 'now' ? {} : { at: side });
    return then.ok ? { ok: true, value: then.value.version } : then;
  }

  const changes = openChanges(tables, clock, describingFor(readerViewer));

  return fromOneState<History & PublicStream>(tables, {
    sitemaps: openSitemaps(tables, viewingOf(readerViewer), clockNow, describingFor(readerViewer)),

    async story(viewer, story) {
      const looking = look(viewer, story);
      return looking.ok ? { ok: true, value: describeStory(looking.value, describingFor(viewer)) } : looking;
    },

    asOf: (viewer, story, asked = {}) =>
      caches.whole(() => {
        const looking = look(viewer, story);
        if (!looking.ok) return looking;
        const then = inForceAt(looking.value, asked);
        if (!then.ok) return then;
        const { at, reign, version } = then.value;
        const withdrawal = reign.withdrawal === null ? undefined : tables.withdrawal(reign.story, reign.withdrawal);
        return {
          ok: true,
          // Of a time to come something else is told once it has come.
          ...((asked.at === undefined || asked.at === at) && {
            holds: holding(looking.value, standing, asked.at),
          }),
          value: {
            ...describeVersion(looking.value, version, describingFor(viewer)),
            asOf: {
              at,
              ...(asked.knownAt !== undefined && { knownAt: asked.knownAt }),
              reign: describeReign(looking.value, reign),
              ...(withdrawal && { withdrawal: describeWithdrawal(looking.value, withdrawal) }),
            },
          },
        };
      }),

    version: (viewer, story, number) =>
      caches.whole(() => {
        const looking = find(viewer, story);
        if (!looking.ok) return looking;
        const version = read(looking.value, number);
        if (!version.ok) return version;
        return {
          ok: true,
          holds: holding(looking.value, standing),
          value: describeVersion(looking.value, version.value, describingFor(viewer)),
        };
      }),

    versions: (viewer, story, asked = {}) =>
      caches.whole(() => {
        const looking = look(viewer, story);
        if (!looking.ok) return looking;
        if (asked.editor !== undefined && !isStaff(looking.value) && policy.editorsNames === 'none') {
          return refuse('editors-not-public', 'Leave `editor` out.');
        }
        const describing = describingFor(viewer);
        return withCursor(() => {
          const page = listVersions(looking.value, asked, describing);
          const listed = new Set(page.items.map(({ version }) => version));
          return {
            story: describeStory(looking.value, describing),
            ...page,
            corrections: describeCorrections(
              looking.value,
              ({ version, corrects }) => listed.has(version) || corrects.some((number) => listed.has(number)),
            ),
            withdrawals: describeWithdrawals(looking.value, listed),
          };
        });
      }),

    compare: (viewer, story, a, b, as = renderings.json) =>
      caches.whole(() => {
        const looking = find(viewer, story);
        if (!looking.ok) return looking;
        const before = sideOf(looking.value, a);
        if (!before.ok) return before;
        const after = sideOf(looking.value, b);
        if (!after.ok) return after;
        const told = caches.told(looking.value, before.value.version, after.value.version, as);
        if (!told) return undefined;
        const describing = describingFor(viewer);
        const [first, second] = describeItems(looking.value, [before.value, after.value], describing);
        const [earlier, later] = [first!.version, second!.version].sort((one, other) => one - other) as [
          number,
          number,
        ];
        return {
          ok: true,
          value: {
            story: describeStory(looking.value, describing),
            a: first!,
            b: second!,
            ...told,
            corrections: describeCorrections(looking.value, ({ version }) => version > earlier && version <= later),
          },
        };
      }),

    compareContents: caches.toldOf,

    async authorship(viewer, story, { version: number, at, ...asked } = {}) {
      // As of an instant asked like `asOf`, of a version like `version`.
      const looking = number === undefined ? look(viewer, story) : find(viewer, story);
      if (!looking.ok) return looking;
      if (number !== undefined && at !== undefined) {
        return refuse('bad-version', 'Ask for a version or as of an instant, not both.');
      }
      if (typeof asked.by === 'string' && !isStaff(looking.value) && policy.editorsNames === 'none') {
        return refuse('editors-not-public', 'Ask by the number of a version, or leave `by` out.');
      }
      const version = sideOf(looking.value, number ?? at ?? 'now');
      if (!version.ok) return version;
      const describing = describingFor(viewer);
      return withCursor(() => describeAuthorship(looking.value, version.value, asked, describing));
    },

    async corrections(viewer, { story, ...asked } = {}) {
      const looking = story === undefined ? undefined : named(viewer, story);
      if (looking && !looking.ok) return looking;
      const { verdict = 'show', row } = looking?.value ?? {};
      if (looking && verdict !== 'show') return closed(looking.value, verdict, story);
      const of = { ...asked, ...(row && { story: row.id }) };
      return withCursor(() => listCorrections(tables, viewingOf(viewer), clockNow(), of, describingFor(viewer)));
    },

    async storyAt(viewer, url) {
      const address = comparableUrl(url);
      if (address === undefined) return notAnAddress;
      const looking = storyAt(tables, viewingOf(viewer), clockNow(), address);
      if (!looking) return refuse('story-not-found', 'There is no story with this page.');
      if (looking.verdict !== 'show') return closed(looking, looking.verdict);
      return { ok: true, value: describeStory(looking, describingFor(viewer)) };
    },

    async mementos(story) {
      const looking = shownToReaders(story);
      return looking.ok ? { ok: true, value: describeMementos(looking.value) } : looking;
    },

    async memento(story, asked) {
      const looking = shownToReaders(story);
      if (!looking.ok) return looking;
      const version =
        typeof asked === 'number' ? asked : versionMeant(looking.value, asked === 'now' ? looking.value.now : asked);
      return version === undefined ? noStory(story) : describeMemento(looking.value, version);
    },

    async changes({ story, cursor, ...asked } = {}) {
      const looking = story === undefined ? undefined : look(readerViewer, story);
      if (looking && !looking.ok) return looking;
      const from = cursor === undefined ? undefined : withCursor(() => changes.behind(cursor));
      if (from && !from.ok) return from;
      const of = { ...(looking && { story: looking.value.row.id }), ...(from && { from: from.value }) };
      return { ok: true, value: await changes.latest({ ...asked, ...of }) };
    },

    placeInStream({ after, story }) {
      const looking = story === undefined ? undefined : shownToReaders(story);
      if (looking && !looking.ok) return looking;
      return withCursor(() => ({
        place: changes.placeAfter(after),
        ...(looking && { story: looking.value.row.id }),
      }));
    },
    cursorAt: changes.cursorAt,
    follow: changes.follow,

    stories: (viewer, { q, url, ...asked } = {}) =>
      caches.whole(() => {
        const { status = 'in-force' } = asked;
        if (status !== 'in-force' && viewer.audience !== 'staff') {
          return refuse('status-forbidden', 'Leave `status` out, or sign in.');
        }
        if ((q ?? url) !== undefined && status !== 'in-force') {
          return refuse('bad-status', `Leave \`status\` or \`${q === undefined ? 'url' : 'q'}\` out.`);
        }
        if (asked.asOf !== undefined && (status === 'waiting' || status === 'never-in-force')) {
          return refuse('bad-status', `Leave \`asOf\` out: \`${status}\` is asked of now.`);
        }
        const phrases = q === undefined ? undefined : parseQuery(q);
        if (phrases && !phrases.ok) return phrases;
        const address = url === undefined ? undefined : comparableUrl(url);
        if (url !== undefined && address === undefined) return notAnAddress;
        const viewing = viewingOf(viewer);
        const there = address === undefined ? undefined : storyAt(tables, viewing, clockNow(), address);
        const sought = {
          ...asked,
          ...(phrases && { phrases: phrases.value }),
          ...(address !== undefined && { story: there?.row.id ?? null }),
        };
        return withCursor(() => ({
          ...listStories(tables, viewing, clockNow(), sought, describingFor(viewer)),
          ...(there && whyClosed(there)),
        }));
      }),
  });
}

/** What each question reads before it first waits is as it was at one moment, whatever is written meanwhile. */
function fromOneState<T extends object>({ inOneState }: Tables, questions: T): T {
  const answers = Object.entries(questions).map(([name, ask]) => [
    name,
    typeof ask === 'function' ? (...given: unknown[]) => inOneState(() => ask(...given)) : ask,
  ]);
  return Object.fromEntries(answers) as T;
}

/** Of a story that was found by its address and is not in the list. */
function whyClosed(looking: Looking): Pick<StoriesAnswer, 'closed'> {
  if (looking.verdict === 'show') return {};
  const { code, story, notice } = closed(looking, looking.verdict).refusal;
  return isClosing(code) ? { closed: { code, story: story!, ...(notice !== undefined && { notice }) } } : {};
}

interface InForceThen {
  at: Instant;
  reign: ReignRow;
  version: VersionRow;
}

const notAnAddress = refuse('bad-url', 'Name the whole address of a page, such as https://news.example/ferry-fire.');

/** A cursor that is not ours is a refusal like any other. */
function withCursor<T>(list: () => T): Answer<T> {
  try {
    return { ok: true, value: list() };
  } catch (error) {
    if (error instanceof Refused && error.refusal.code === 'bad-cursor') {
      return { ok: false, refusal: { ...error.refusal, code: 'bad-cursor' } };
    }
    throw error;
  }
}
