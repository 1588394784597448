/** Why a question about a story has no answer, in HTTP's terms. */
import { defineProblems } from '../web/problem.js';
import type { HistoryCode, HistoryRefusal } from './refusals.js';

/** `bad-cursor` is the web's. */
defineProblems<Exclude<HistoryCode, 'bad-cursor'> | 'not-there-yet' | 'busy' | 'too-many-streams'>({
  'story-not-found': {
    status: 404,
    title: 'No such story',
    explanation: 'There is no story of this name or id, or none that you may know of.',
  },
  'story-moved': {
    status: 308,
    title: 'The story has another name now',
    explanation: 'Its old names keep leading to it. `Location` has the present address.',
  },
  'version-not-found': {
    status: 404,
    title: 'No such version',
    explanation: 'The story has no version of this number, or none that you may know of.',
  },
  'not-yet-in-force': {
    status: 404,
    title: 'Not yet published then',
    explanation: 'At the instant asked about no version of the story was in force yet.',
  },
  'withdrawn-then': {
    status: 410,
    title: 'Withdrawn then',
    explanation: 'At the instant asked about the story was withdrawn. It has been reinstated since.',
  },
  'version-hidden': {
    status: 410,
    title: 'The version is removed',
    explanation: 'This version was in force. The publisher has removed it; no other stands in its place.',
  },
  unpublished: {
    status: 410,
    title: 'The story is no longer published',
    explanation: 'The story and all its versions have been taken down.',
  },
  killed: {
    status: 410,
    title: 'The story has been killed',
    explanation: 'The publisher has withdrawn the story: it must not be used. `notice` is what they say about it.',
  },
  takedown: {
    status: 451,
    title: 'Removed by legal demand',
    explanation: 'The story has been removed by legal demand (RFC 7725).',
  },
  'known-at-forbidden': {
    status: 403,
    title: 'Only for staff',
    explanation: '`knownAt` asks what was known at an earlier time. That is for editors and auditors.',
  },
  'history-not-public': {
    status: 403,
    title: 'Earlier versions are not public',
    explanation: 'This publisher shows readers only what is in force now.',
  },
  'editors-not-public': {
    status: 403,
    title: 'Editors’ names are not public',
    explanation: 'This publisher does not name its editors to readers, so versions can’t be asked for by editor.',
  },
  'bad-instant': {
    status: 400,
    title: 'Not an instant',
    explanation: 'An instant is an RFC 3339 date-time with an offset, such as `2026-05-14T11:30:00+01:00`.',
  },
  'bad-version': {
    status: 400,
    title: 'Not a version',
    explanation: 'A version is a number from 1; a side of a comparison may also be `now` or an instant.',
  },
  'bad-query': {
    status: 400,
    title: 'Not a query',
    explanation:
      'A query is words and "quoted phrases", all of which are to be found; a `*` after at least three letters stands for any end of a word. The detail says which limit it breaks.',
  },
  'bad-url': {
    status: 400,
    title: 'Not an address',
    explanation: 'A publisher’s own page has an absolute address that begins with `http://` or `https://`.',
  },
  'bad-status': {
    status: 400,
    title: 'Not asked of this list',
    explanation:
      'A search is of what was in force at an instant. What waits, and what has never been in force, is listed as of now.',
  },
  'status-forbidden': {
    status: 403,
    title: 'Only for staff',
    explanation: 'Readers are given the stories in force. Lists of all others are for those who have signed in.',
  },
  'too-many-streams': {
    status: 503,
    title: 'Too many follow the stream',
    explanation:
      'As many as this node takes follow its stream of changes already, or a tenth of them from your address, or it is closing. Come again, perhaps to another node; or ask for JSON from time to time.',
  },
  'not-there-yet': {
    status: 503,
    title: 'Not there yet',
    explanation: 'The change named by `Palimpsest-Position` has not arrived here yet. Ask again.',
  },
  busy: {
    status: 503,
    title: 'Too much to compare just now',
    explanation: 'Long comparisons are made a few at a time. `Retry-After` says when to ask again.',
  },
});

export const refuse = (
  code: HistoryCode,
  detail: string,
  more: Partial<HistoryRefusal> = {},
): { ok: false; refusal: HistoryRefusal } => ({ ok: false, refusal: { code, detail, ...more } });
