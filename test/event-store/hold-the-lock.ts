/** A child process: writes one event, says so, and holds the folder until it is killed. */
import { openSqliteStore } from '../../src/event-store/sqlite/store.js';

const store = await openSqliteStore(process.argv[2]!);
await store.append('story-held', -1, [
  { id: '7a0f4f0e-6d0c-4c53-9d9b-1f1f0a8c2b11', record: new Uint8Array([1]), texts: [] },
]);
console.log('holding');
