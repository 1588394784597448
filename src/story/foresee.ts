/** The story as it will be once decided events are recorded: for rules that hold of the outcome. */
import type { Circumstances } from './commands.js';
import type { Metadata, RecordedFacts, StoryEvent } from './events.js';
import { evolve, type Story } from './evolve.js';

export const foresee = (story: Story, events: readonly StoryEvent[], { recordedAt }: Circumstances): Story =>
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
