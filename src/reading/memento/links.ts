/** The links between a story's page or its publisher's, its TimeGate, its TimeMap and its mementos (RFC 7089, RFC 5829). */
import type { Memento, MementoAnswer, MementosAnswer, OriginalAnswer } from '../../history/answers.js';
import type { Link } from '../../web/link.js';
import { historyPath, storyPath, versionPath } from '../addresses.js';
import { mementoDatetime } from './datetime.js';

export const linkFormat = 'application/link-format';
const isTimeMap = { rel: 'timemap', type: linkFormat };

export const storyPage = (origin: string, { story }: OriginalAnswer): string => origin + storyPath(story);
export const timeGate = (origin: string, original: string): string => `${origin}/timegate/${original}`;
export const timeMap = (origin: string, original: string): string => `${origin}/timemap/link/${original}`;
export const mementoAddress = (origin: string, { story }: OriginalAnswer, version: number): string =>
  origin + versionPath(story, version);

/** Of the story's own page: it is an original, so it does not name one. */
export function linksOfPage(origin: string, answer: MementoAnswer): Link[] {
  const page = storyPage(origin, answer);
  return [
    { target: timeGate(origin, page), rel: 'timegate' },
    { target: timeMap(origin, page), ...isTimeMap },
    ...mementoLinks(origin, answer, { first: answer.first, last: answer.last }),
  ];
}

/** Of an answer of the TimeGate for `original`. */
export const linksOfTimeGate = (origin: string, original: string, answer: MementoAnswer): Link[] => [
  { target: original, rel: 'original' },
  { target: timeMap(origin, original), ...isTimeMap },
  ...mementoLinks(origin, answer, neighbours(answer)),
];

/** Of a version. Its original is the publisher's page, where it has one. */
export function linksOfMemento(origin: string, answer: MementoAnswer): Link[] {
  const original = answer.url ?? storyPage(origin, answer);
  const { previous, next, last } = answer;
  const version = (rel: string, memento: Memento | null): Link[] =>
    memento ? [{ target: mementoAddress(origin, answer, memento.version), rel }] : [];
  return [
    { target: original, rel: 'original' },
    { target: timeGate(origin, original), rel: 'timegate' },
    { target: timeMap(origin, original), ...isTimeMap },
    ...mementoLinks(origin, answer, neighbours(answer)),
    { target: origin + historyPath(answer.story), rel: 'version-history' },
    ...version('predecessor-version', previous),
    ...version('successor-version', next),
    ...version('latest-version', last),
  ];
}

/** The TimeMap of `original`, whole. */
export function linksOfTimeMap(origin: string, original: string, answer: MementosAnswer): Link[] {
  const { mementos } = answer;
  const [first, last] = [mementos[0], mementos.at(-1)];
  const bounds = first && last && { from: mementoDatetime(first.from), until: mementoDatetime(last.from) };
  return [
    { target: original, rel: 'original' },
    { target: timeMap(origin, original), rel: 'self', type: linkFormat, ...bounds },
    { target: timeGate(origin, original), rel: 'timegate' },
    ...mementos.map((memento) =>
      mementoLink(origin, answer, memento, [memento === first && 'first', memento === last && 'last']),
    ),
  ];
}

const neighbours = ({ first, previous, memento, next, last }: MementoAnswer) => ({
  first,
  prev: previous,
  '': memento,
  next,
  last,
});

/** One link a memento, with all that it is. */
function mementoLinks(origin: string, answer: MementoAnswer, places: Record<string, Memento | null>): Link[] {
  const byVersion = new Map<number, { memento: Memento; rels: string[] }>();
  for (const [rel, memento] of Object.entries(places)) {
    if (!memento) continue;
    const known = byVersion.get(memento.version);
    if (known) known.rels.push(rel);
    else byVersion.set(memento.version, { memento, rels: [rel] });
  }
  return [...byVersion.values()]
    .sort((a, b) => a.memento.version - b.memento.version)
    .map(({ memento, rels }) => mementoLink(origin, answer, memento, rels));
}

const mementoLink = (
  origin: string,
  answer: OriginalAnswer,
  { version, from }: Memento,
  rels: readonly (string | false)[],
): Link => ({
  target: mementoAddress(origin, answer, version),
  rel: [...rels.filter(Boolean), 'memento'].join(' '),
  datetime: mementoDatetime(from),
});
