/** A comparison of which nothing but the summary is wanted. A thread may make it, so this depends on nothing else. */
import { renderingsOf } from '../history/renderings.js';

export const renderings = renderingsOf(import.meta.url, { sentence: () => '' });
