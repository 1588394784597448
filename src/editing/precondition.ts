/** Whether a change was asked for by someone who has seen the story as it stands (RFC 9110 section 13.1.1, RFC 6585). */

import type { Instant } from '../story/instant.js';
import { nowFor, versionInForce } from '../story/questions.js';
import { type EntityTag, ifMatch, parseEntityTags, readWritersEtag, writersEtag } from '../web/etag.js';
import type { Refusing } from './change-story.js';
import { refuse } from './problems.js';
import type { KnownStory } from './stories.js';

/** Of what has happened since, this much is told. */
const mostTold = 50;

/** Why not, if not. Throws Refused `bad-etag`. */
export function unseen({ story, events }: KnownStory, header: string | undefined, now: Instant): Refusing | undefined {
  const inForce = versionInForce(story, nowFor(story.recordedAt, now));
  const etag = writersEtag(story.revision, inForce);
  if (header === undefined) {
    return refuse(
      'precondition-required',
      `Send If-Match: ${etag}, the story's present ETag, if that is what you have seen.`,
    );
  }
  if (ifMatch(header, etag)) return undefined;
  // Not `*`, which has matched.
  const [tag] = parseEntityTags(header) as [EntityTag];
  const seen = readWritersEtag(tag)?.revision ?? story.revision;
  return refuse(
    'story-changed',
    `The story is at revision ${story.revision} with ${inForce ? `version ${inForce}` : 'nothing'} in force.`,
    { revision: story.revision, versionInForce: inForce, since: events.slice(seen + 1).slice(-mostTold) },
    { etag },
  );
}
