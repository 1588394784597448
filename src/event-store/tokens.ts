/** The token to inject the `Log` by. */
export const EVENT_LOG = Symbol('event log');
