/** Log and views put back from before an erasure, beside the ledger that names it: what the very first reader is given. */
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, expect, jest, test } from '@jest/globals';
import { eventsFile } from '../../src/event-store/sqlite/files.js';
import { viewsFile } from '../../src/views/views.js';
import { filesWith } from '../support/bytes.js';
import { type RunningApp, startApp } from '../support/start-app.js';

jest.setTimeout(60_000);

let app: RunningApp;
afterEach(() => app.dispose());

test('the first reader after an older log was put back is not given what was erased since', async () => {
  app = await startApp();
  const { data } = app;
  const content = { headline: 'Quetzalfeather held at Quay 9', slug: 'quay-9', body: { text: 'A fire.' } };
  expect((await app.ask('/api/stories', { as: 'standards', body: content })).status).toBe(201);
  await app.stop();
  const backup = join(data, 'backup');
  await mkdir(backup);
  const kept = [eventsFile(data), viewsFile(data)];
  for (const file of kept) await copyFile(file, join(backup, basename(file)));

  app = await startApp({ data });
  const erase = (body: object) =>
    app.ask('/api/stories/quay-9/erasures', { as: 'standards', body, headers: { 'if-match': '*' } });
  const { token } = (await erase({ phrase: 'Quetzalfeather' })).json;
  const erased = await erase({ phrase: 'Quetzalfeather', token, authority: 'safety', force: true });
  expect(erased.json).toMatchObject({ erasure: { state: expect.stringMatching(/complete|pending/) } });
  await app.stop();
  for (const file of kept) {
    for (const ending of ['-wal', '-shm']) await rm(`${file}${ending}`, { force: true });
    await copyFile(join(backup, basename(file)), file);
  }
  await rm(backup, { recursive: true });
  expect(await filesWith(data, 'zalfeather')).toEqual(kept.map((file) => basename(file)).sort());

  app = await startApp({ data });
  const read = await app.ask('/api/stories/quay-9');
  expect([read.status, read.json.headline]).toEqual([200, { _absent: 'erased' }]);
  expect(read.text).not.toMatch('Quetzalfeather');
  while ((await filesWith(data, 'zalfeather')).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
});
