/** What a version changed, in one sentence, over what the viewer may see. */
import type { VersionAnswer } from '../history/answers.js';
import { Refused } from '../web/problem.js';
import type { Visit } from './answering.js';
import { renderings } from './sentence.js';

/** `undefined` where nothing came before it, or while too many long comparisons wait: no page waits for a sentence. */
export async function lastChange(
  { house, viewer }: Visit,
  { story, version, changes }: VersionAnswer,
): Promise<string | undefined> {
  if (!changes?.against) return undefined;
  try {
    const compared = await house.history.compare(viewer, story.id, changes.against, version, renderings.sentence);
    return compared.ok ? compared.value.summary.sentence : undefined;
  } catch (error) {
    if (error instanceof Refused && error.refusal.code === 'busy') return undefined;
    throw error;
  }
}
