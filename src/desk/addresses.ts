/** The addresses of the desk. */
import type { StoryAnswer } from '../history/answers.js';
import { type Parameters, parameters } from './action.js';

export const deskPath = (story: Pick<StoryAnswer, 'id'>): string => `/desk/stories/${story.id}`;

/** Where an action's form stands. No story: where one is published. */
export function actionPath(story: Pick<StoryAnswer, 'id'> | undefined, name: string, asked: Parameters = {}): string {
  const query = new URLSearchParams();
  for (const parameter of parameters) if (asked[parameter] !== undefined) query.set(parameter, asked[parameter]);
  const path = story ? `${deskPath(story)}/${name}` : '/desk/new';
  return query.size > 0 ? `${path}?${query}` : path;
}
