/** How a page is sent, and what readers meet where there is none: a page that says why, or the way to the present name. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import type { Viewer } from '../access/viewer.js';
import type { Config } from '../config.js';
import type { StoryAnswer, VersionItem, WithdrawnPeriod } from '../history/answers.js';
import type { History, Side } from '../history/questions.js';
import type { HistoryRefusal } from '../history/refusals.js';
import { fromMs, type Instant } from '../story/instant.js';
import { parseVersionNumber } from '../story/version-number.js';
import { blockedBy } from '../web/link.js';
import { frameFor, renderPage } from '../web/page.js';
import { type Piece, sendPieces } from '../web/pieces.js';
import { problemTypes } from '../web/problem.js';
import { longestMoment, readMoment } from './moment.js';
import { RefusalPage } from './refusal-page.js';
import type { Reading } from './story-page.js';

export interface House {
  history: History;
  config: Config;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** One request for a page, and whoever sent it. */
export interface Visit {
  house: House;
  viewer: Viewer;
  request: FastifyRequest;
  reply: FastifyReply;
}

export const readingOf = ({ house: { config, clock }, request }: Visit): Reading => ({
  frame: frameFor(config, request),
  zone: config.timezone,
  now: fromMs(clock())!,
});

/** A parameter of the query; unknown ones are nobody's business here: links gather them. */
export function parameter({ request }: Visit, name: string): string | undefined {
  const value = (request.query as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export async function sendPage({ reply }: Visit, page: VNode): Promise<void> {
  await reply.header('content-type', 'text/html; charset=utf-8').send(renderPage(page));
}

/** A page with a long part that is rendered already: `place` is what stands for it in the page. */
export async function sendPageAround({ reply }: Visit, page: VNode, place: string, part: Piece): Promise<void> {
  const html = renderPage(page);
  const at = html.indexOf(place);
  reply.header('content-type', 'text/html; charset=utf-8');
  await sendPieces(reply, [html.slice(0, at), part, html.slice(at + place.length)]);
}

export const badMoment: HistoryRefusal = { code: 'bad-instant', detail: 'This is no moment.' };

/** The moment in `?at=`, or in `?asOf=` as the API calls it; none asked for: `{}`. */
export function momentAsked(visit: Visit): { at?: Instant; typed?: string; bad?: true } {
  const typed = parameter(visit, 'at') ?? parameter(visit, 'asOf');
  if (typed === undefined) return {};
  const at = readMoment(typed, visit.house.config.timezone);
  return at ? { at, typed } : { typed: typed.slice(0, longestMoment), bad: true };
}

export const badVersion: HistoryRefusal = {
  code: 'bad-version',
  detail: 'A version is a number from 1; a side of a comparison may also be “now” or a moment, as in 1...now.',
};

/** The number of a version in a parameter of the query; null: it is none. */
export function numberAsked(visit: Visit, name: string): number | null | undefined {
  const typed = parameter(visit, name);
  return typed === undefined ? undefined : (parseVersionNumber(typed) ?? null);
}

/** A side of a comparison as it stands in an address. */
export const readSide = (typed: string, zone: string): Side | undefined =>
  parseVersionNumber(typed) ?? (typed === 'now' ? 'now' : readMoment(typed, zone));

/** Versions that the life line and the forms know of. */
const mostBeside = 200;

/** A story's newest versions, and the times between them in which it was away. */
export interface Life {
  versions: readonly VersionItem[];
  away: readonly WithdrawnPeriod[];
}

/** Nothing where the viewer may not see the history. */
export async function lifeBeside({ house, viewer }: Visit, name: string): Promise<Life> {
  const answer = await house.history.versions(viewer, name, { limit: mostBeside });
  return answer.ok ? { versions: answer.value.items, away: answer.value.withdrawals } : { versions: [], away: [] };
}

export const versionsBeside = async (visit: Visit, name: string): Promise<readonly VersionItem[]> =>
  (await lifeBeside(visit, name)).versions;

/** Answers for a story that cannot be shown as asked. `name`: as in the address. */
export async function sendRefusal(
  visit: Visit,
  refusal: HistoryRefusal,
  { name, typed, at }: { name?: string; typed?: string; at?: Instant } = {},
): Promise<void> {
  const { house, viewer, request, reply } = visit;
  if (refusal.code === 'story-moved' && name !== undefined && refusal.slug !== undefined) {
    // However the old name was escaped.
    await reply.redirect(request.url.replace(/^(\/stories\/)[^/?]+/, `$1${refusal.slug}`), 308);
    return;
  }
  const story = name === undefined ? undefined : await storyFor(house.history, viewer, name);
  const page = RefusalPage({
    ...readingOf(visit),
    refusal,
    ...(story && { story }),
    ...(typed !== undefined && { typed }),
    ...(at && { at }),
    momentsAt: name === undefined ? '/' : `/stories/${encodeURIComponent(name)}`,
  });
  const status = problemTypes().get(refusal.code)?.status ?? 500;
  await reply
    .status(status)
    .header('content-type', 'text/html; charset=utf-8')
    .headers(status === 451 ? blockedBy(house.config) : {})
    .send(renderPage(page));
}

async function storyFor(history: History, viewer: Viewer, name: string): Promise<StoryAnswer | undefined> {
  const answer = await history.story(viewer, name);
  return answer.ok ? answer.value : undefined;
}
