/** All that the desk can do, by its name in addresses. */
import type { Action, Target } from './action.js';
import { passages } from './passages.js';
import { storyActions } from './story-actions.js';
import { versionActions } from './version-actions.js';
import { publishing, writing } from './write.js';

export const actions: Readonly<Record<string, Action>> = {
  write: writing,
  ...storyActions,
  ...versionActions,
  words: passages,
};

/** The action whose form stands under this name; `new` has no story yet. */
export const actionNamed = (name: string): Action | undefined =>
  name === 'new' ? publishing : Object.hasOwn(actions, name) ? actions[name] : undefined;

/** The names of the actions of a kind that fit and are allowed to this viewer. */
export const offered = (target: Target, ...of: Action['of'][]): [name: string, action: Action][] =>
  Object.entries(actions).filter(
    ([, action]) =>
      of.includes(action.of) && action.rights.some((right) => target.viewer.may(right)) && action.fits(target),
  );
