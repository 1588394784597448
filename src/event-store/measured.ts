/** A store whose writes are watched. */
import type { Telemetry } from '../telemetry/telemetry.js';
import type { EventStore } from './port.js';

export const measured = (store: EventStore, telemetry: Pick<Telemetry, 'watch'>): EventStore => ({
  ...store,
  append: (stream, expected, events) => telemetry.watch('append', {}, () => store.append(stream, expected, events)),
  erase: (stream, texts) => telemetry.watch('erase', {}, () => store.erase(stream, texts)),
});
