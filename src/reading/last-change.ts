/** What a version changed, in one sentence, over what the viewer may see. */
import type { VersionAnswer } from '../history/answers.js';
import { renderingsOf } from '../history/renderings.js';
import { Refused } from '../web/problem.js';
import type { Visit } from './answering.js';

/** The summary is all that is wanted. A thread finds it by this module's address. */
export const renderings = renderingsOf(import.meta.url, { nothing: () => '' });

/** `undefined` where nothing came before it, or while too many long comparisons wait: no page waits for a sentence. */
export async function lastChange(
  { house, viewer }: Visit,
  { story, version, changes }: VersionAnswer,
): Promise<string | undefined> {
  if (!changes?.against) return undefined;
  try {
    const compared = await house.history.compare(viewer, story.id, changes.against, version, renderings.nothing);
    return compared.ok ? compared.value.summary.sentence : undefined;
  } catch (error) {
    if (error instanceof Refused && error.refusal.code === 'busy') return undefined;
    throw error;
  }
}
