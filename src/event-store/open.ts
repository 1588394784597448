/** The store that the settings name. Only the adapter that is asked for is loaded. */
import type { Config } from '../config.js';
import type { EventStore } from './port.js';

export interface OpenOptions {
  /** Beside a running service, or without one: changes nothing, and makes no store where there is none. */
  readOnly?: boolean;
  /** Milliseconds since 1970. */
  clock?: () => number;
  /** Told by an embedded store how long its disk took to make a commit durable, in seconds. */
  onSync?: (seconds: number) => void;
}

/** Throws StoreRefused, or StoreUnavailable. */
export async function openStore(
  { store, data }: Pick<Config, 'store' | 'data'>,
  options: OpenOptions = {},
): Promise<EventStore> {
  if (store.kind === 'sqlite') return (await import('./sqlite/store.js')).openSqliteStore(data, options);
  return (await import('./kurrentdb/store.js')).openKurrentStore(store.address, options);
}
