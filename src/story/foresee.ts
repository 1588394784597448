/** The story as it will be once decided events are recorded: for rules that hold of the outcome. */
import type { Metadata, RecordedFacts, StoryEvent } from './events.js';
import { evolve, type Story } from './evolve.js';
import type { Instant } from './instant.js';

export const foresee = (story: Story, events: readonly StoryEvent[], recordedAt: Instant): Story =>
  events.reduce(
    (before, { type, data, texts }) =>
      evolve(before, {
        type,
        data,
        revision: before.revision + 1,
        // Folding asks for the time alone.
        metadata: { recordedAt } as Metadata,
        textNames: Object.keys(texts),
      } as RecordedFacts),
    story,
  );
