/** What goes with events besides what they say: in whose name, and the fingerprint of what was asked. Both are texts. */
import { createHash } from 'node:crypto';
import { canonical } from '../event-store/canonical.js';
import type { StoryEvent } from '../story/events.js';
import type { Change } from './change-story.js';

/** Who did it goes with every event, what was asked with the first. */
export const signed = (event: StoryEvent, change: Change, first: boolean): StoryEvent =>
  ({
    ...event,
    texts: {
      ...event.texts,
      editor: change.editor,
      ...(first && change.idempotencyKey !== undefined && { request: fingerprint(change) }),
    },
  }) as StoryEvent;

const fingerprint = ({ asked, story, request }: Change): string =>
  createHash('sha256')
    .update(canonical({ type: asked.type, story: story ?? null, request }))
    .digest('base64url');

/** An erased request can't be told from any other. */
export const isAnother = (request: unknown, change: Change): boolean =>
  typeof request === 'string' && request !== fingerprint(change);
