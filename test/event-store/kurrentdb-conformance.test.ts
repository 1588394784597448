/** The KurrentDB store against the whole kit: on the stand-in, and on a real server where one is named. */
import { jest } from '@jest/globals';
import { openKurrentStore } from '../../src/event-store/kurrentdb/store.js';
import { eventStoreConformance } from './conformance.js';
import { startServer } from './kurrentdb/server.js';

// A real cluster on a busy machine takes its time over what many writers want at once.
jest.setTimeout(120_000);

eventStoreConformance('KurrentDB', async () => {
  const server = await startServer();
  const opening = await openOn(server.address);
  return {
    ...opening,
    async dispose() {
      await opening.dispose();
      server.close();
    },
  };
});

const real = process.env.PALIMPSEST_TEST_KURRENTDB;
if (real) eventStoreConformance('KurrentDB, a real one,', () => openOn(real));

async function openOn(address: string) {
  let store = await openKurrentStore(address);
  return {
    store,
    async reopen() {
      await store.close();
      store = await openKurrentStore(address);
      return store;
    },
    dispose: () => store.close(),
  };
}
