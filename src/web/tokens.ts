/** Names under which this room's values are injected. */
export const CONFIG = Symbol('config');
export const LOG = Symbol('log');
/** How a problem becomes a page. */
export const PROBLEM_PAGE = Symbol('problem page');
/** What time it is, in milliseconds since 1970: `() => number`. */
export const CLOCK = Symbol('clock');
/** Who knows credentials: a `Door`. */
export const DOOR = Symbol('door');
