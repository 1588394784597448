/**
 * Who said this word: what is looked for, and where a version says it in texts that this viewer may read. The index only
 * names the versions to look into; whether one matches is seen in its texts themselves, as they may be shown.
 */
import { type Term, termsOf } from '../compare/terms.js';
import type { Absent, FieldName } from '../content/types.js';
import { referencesOf, shown } from '../story/content-of.js';
import type { Reference } from '../story/events.js';
import { isSearched, passagesOf } from '../story/searched.js';
import type { Phrase } from '../views/search.js';
import type { VersionRow } from '../views/versions.js';
import type { ExcerptRun, SearchMatch } from './answers.js';
import { type Looking, textsFor } from './looking.js';
import { refuse } from './problems.js';
import type { Answer } from './refusals.js';

/** Characters (UTF-16 code units) of a query, and words and phrases in it. */
export const longestQuery = 200;
const mostPhrases = 16;
/** Letters before a `*`. */
const shortestPrefix = 3;

const mostMatches = 3;
/** Characters of an excerpt, and how many of them stand before its first match. */
const [excerptLength, excerptLead] = [200, 60];

const quotes = '"“”„«»';
const wanted = new RegExp(`[${quotes}]([^${quotes}]*)[${quotes}]?|[^\\s${quotes}]+`, 'gu');

/**
 * Every one of these is to be found: a word, or in quotation marks words that stand side by side. A `*` at the end stands
 * for any end of the last word. Refused `bad-query`.
 */
export function parseQuery(query: string): Answer<Phrase[]> {
  if (query.length > longestQuery) {
    return refuse('bad-query', `${query.length} characters; a query may have at most ${longestQuery}.`);
  }
  const phrases = new Map<string, Phrase>();
  for (const [whole, quoted] of query.matchAll(wanted)) {
    const typed = (quoted ?? whole).trimEnd();
    const terms = termsOf(typed).map(({ term }) => term);
    if (terms.length === 0) continue;
    const prefix = /[\p{L}\p{N}\p{M}]\*$/u.test(typed);
    if (prefix && terms.join('').length < shortestPrefix) {
      return refuse('bad-query', `At least ${shortestPrefix} letters stand before a *.`);
    }
    phrases.set(`${terms.join(' ')}${prefix ? '*' : ''}`, { terms, prefix });
  }
  if (phrases.size === 0) return refuse('bad-query', 'There is no word in this query to look for.');
  if (phrases.size > mostPhrases) {
    return refuse('bad-query', `${phrases.size} words and phrases; a query may have at most ${mostPhrases}.`);
  }
  return { ok: true, value: [...phrases.values()] };
}

interface Hit {
  text: Reference;
  passage: string;
  terms: Term[];
  ranges: Range[];
  /** Which of the phrases are in this text. */
  phrases: Set<number>;
}
type Range = [start: number, end: number];

/** Where the version says it; `undefined` unless every phrase is in some text of it that the viewer may read. */
export function searchVersion(
  looking: Looking,
  { version }: VersionRow,
  phrases: readonly Phrase[],
): SearchMatch[] | undefined {
  const manifest = looking.tables.manifest(looking.row.id, version)!;
  const references = referencesOf(manifest).filter(([, name]) => isSearched(name));
  const find = textsFor(looking, references);
  const missing = new Set(phrases.keys());
  const hits: Hit[] = [];
  for (const text of references) {
    if (missing.size === 0 && hits.length >= mostMatches) break;
    const found = find(...text);
    const hit = 'value' in found ? hitIn(text, found.value, phrases) : undefined;
    if (!hit) continue;
    hits.push(hit);
    for (const phrase of hit.phrases) missing.delete(phrase);
  }
  if (missing.size > 0) return undefined;

  const statements = manifest.statements ?? [];
  return telling(hits, phrases.length).map(({ text: [revision, name], passage, terms, ranges }): SearchMatch => {
    const key = name.startsWith('body/') ? name.slice('body/'.length) : undefined;
    const statement = statements.find((one) =>
      key === undefined ? isName(name) && one.revision === revision : one.blocks.includes(key),
    );
    return {
      field: key === undefined ? (name as FieldName | 'speaker' | 'organisation') : 'body',
      ...(key !== undefined && { block: key }),
      ...(statement && {
        statement: {
          id: statement.id,
          speaker: shown(find(statement.revision, 'speaker')) as string | Absent,
          ...(statement.organisation && {
            organisation: shown(find(statement.revision, 'organisation')) as string | Absent,
          }),
        },
      }),
      excerpt: excerptOf(passage, terms, ranges),
    };
  });
}

const isName = (name: string) => name === 'speaker' || name === 'organisation';

/** Of each phrase the first text that has it, then others; in the order of the version. */
function telling(hits: readonly Hit[], phrases: number): Hit[] {
  const chosen = new Set<Hit>();
  for (let phrase = 0; phrase < phrases; phrase++) chosen.add(hits.find((hit) => hit.phrases.has(phrase))!);
  const some = [...chosen].slice(0, mostMatches);
  const more = hits.filter((hit) => !chosen.has(hit)).slice(0, mostMatches - some.length);
  const kept = new Set([...some, ...more]);
  return hits.filter((hit) => kept.has(hit));
}

/** A text is shown by the first of its passages that has any of the phrases. */
function hitIn(text: Reference, value: unknown, phrases: readonly Phrase[]): Hit | undefined {
  let hit: Hit | undefined;
  for (const passage of passagesOf(text[1], value)) {
    const terms = termsOf(passage);
    const ranges = phrases.map((phrase) => rangesOf(terms, phrase));
    if (ranges.every(({ length }) => length === 0)) continue;
    hit ??= { text, passage, terms, ranges: joined(ranges.flat()), phrases: new Set() };
    for (const [index, found] of ranges.entries()) if (found.length > 0) hit.phrases.add(index);
  }
  return hit;
}

function rangesOf(terms: readonly Term[], { terms: sought, prefix }: Phrase): Range[] {
  const last = sought.length - 1;
  const ranges: Range[] = [];
  for (let at = 0; at + last < terms.length; at++) {
    const fits = sought.every((term, i) =>
      prefix && i === last ? terms[at + i]!.term.startsWith(term) : terms[at + i]!.term === term,
    );
    if (fits) ranges.push([terms[at]!.start, terms[at + last]!.end]);
  }
  return ranges;
}

/** In order, without overlaps. */
function joined(ranges: readonly Range[]): Range[] {
  const all: Range[] = [];
  for (const [start, end] of ranges.toSorted(([a], [b]) => a - b)) {
    const last = all.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else all.push([start, end]);
  }
  return all;
}

/** Cut only beside words; an ellipsis stands for what is left out. */
function excerptOf(passage: string, terms: readonly Term[], ranges: readonly Range[]): ExcerptRun[] {
  const [first, firstEnd] = ranges[0]!;
  const from = first <= excerptLead ? 0 : terms.find(({ start }) => start >= first - excerptLead)!.start;
  const most = Math.max(from + excerptLength, firstEnd);
  const to = passage.length <= most ? passage.length : terms.findLast(({ end }) => end <= most)!.end;
  const runs: ExcerptRun[] = [];
  let at = from;
  const plain = (until: number) => {
    if (until > at) runs.push({ text: passage.slice(at, until) });
  };
  for (const [start, end] of ranges) {
    if (end > to) break;
    plain(start);
    runs.push({ text: passage.slice(start, end), match: true });
    at = end;
  }
  plain(to);
  return [...(from > 0 ? [{ text: '…' }] : []), ...runs, ...(to < passage.length ? [{ text: '…' }] : [])];
}
