/** The SQLite store against the whole kit. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openSqliteStore } from '../../src/event-store/sqlite/store.js';
import { eventStoreConformance, promises } from './conformance.js';

eventStoreConformance('SQLite', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'palimpsest-store-'));
  let store = await openSqliteStore(directory);
  return {
    store,
    async reopen() {
      await store.close();
      store = await openSqliteStore(directory);
      return store;
    },
    async dispose() {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
});

test('the kit holds at least 30 promises, so that none is lost unseen', () => {
  expect(Object.keys(promises).length).toBeGreaterThanOrEqual(30);
});
