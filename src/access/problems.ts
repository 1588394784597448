/** This room's refusals. */
import { defineProblems } from '../web/problem.js';

/** What every 401 says of how to ask (RFC 6750). */
export const challenge = { 'www-authenticate': 'Bearer realm="palimpsest"' };

defineProblems({
  'not-signed-in': {
    status: 401,
    title: 'Not signed in',
    explanation: 'This needs a token, in `Authorization: Bearer …`, or a session. `palimpsest tokens` makes tokens.',
  },
  'bad-token': {
    status: 401,
    title: 'The token is not good',
    explanation:
      'The token is unknown, has expired or was revoked; or it is one of the first start, which are good only on the machine itself while the service listens on loopback.',
  },
  forbidden: {
    status: 403,
    title: 'Your role does not have this right',
    explanation:
      '`right` names the right that is needed. Rights come with the role of a token, which may have been narrowed to some of them.',
  },
  'cross-origin': {
    status: 403,
    title: 'The request comes from elsewhere',
    explanation:
      'With a session, changes are accepted only from our own pages. Programs send a token in `Authorization`. Behind a proxy, set PALIMPSEST_PUBLIC_URL.',
  },
});
