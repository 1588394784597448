/** Opens the store for a command that must have this folder's views to itself. */
import type { Config } from '../config.js';
import { openStore } from '../event-store/open.js';
import { type EventStore, StoreRefused } from '../event-store/port.js';
import { Stop } from './outcome.js';
import { runningService } from './service.js';

/**
 * `then`: what to do once the service is stopped; `make`: a store where there is none. Throws Stop `unavailable`,
 * StoreRefused, StoreUnavailable.
 */
export async function openAlone(config: Config, then: string, { make = false } = {}): Promise<EventStore> {
  const running = () => new Stop('unavailable', `the service is running on ${config.data}; stop it${then}`);
  // A cluster has no lock; the views of the folder are all that a service there would share.
  if (config.store.kind !== 'sqlite' && (await runningService(config))) throw running();
  // Where there is no store there is nothing to do, and opening one for writing would make it.
  if (!make) await (await openStore(config, { readOnly: true })).close();
  return openStore(config).catch((error) => {
    throw error instanceof StoreRefused && error.code === 'in-use' ? running() : error;
  });
}
