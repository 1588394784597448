/** Why a TimeGate has no answer, in HTTP's terms. */
import { defineProblems } from '../../web/problem.js';

defineProblems<'bad-accept-datetime' | 'not-an-original'>({
  'bad-accept-datetime': {
    status: 400,
    title: 'Not a date of HTTP',
    explanation: '`Accept-Datetime` is a date such as `Thu, 14 May 2026 11:30:00 GMT` (RFC 7089).',
  },
  'not-an-original': {
    status: 404,
    title: 'Not the address of a story',
    explanation:
      'Behind `/timegate/` and `/timemap/link/` stands the whole address of a story’s page, or of its publisher’s page for it, as it is: `/timegate/https://news.example/ferry-fire`.',
  },
});
