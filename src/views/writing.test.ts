import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from './connection.js';
import { openWriting } from './writing.js';

const folder = mkdtempSync(join(tmpdir(), 'palimpsest-'));
const file = join(folder, 'views.db');
const [db, other] = [connect(file), connect(file)];
const { settled, during, lookAgain } = openWriting(db);
beforeAll(() => db.exec('CREATE TABLE ferries (name TEXT)'));
afterAll(() => {
  db.close();
  other.close();
  rmSync(folder, { recursive: true });
});

test('nothing is settled while something is written, and all is asked anew afterwards', async () => {
  const before = settled();
  expect([before, settled()]).toEqual([expect.any(Number), before]);
  const { promise, resolve } = Promise.withResolvers<void>();
  const written = during(() => promise);
  expect(settled()).toBeUndefined();
  resolve();
  await written;
  expect(settled()).not.toBe(before);
});

test('what could not be written counts like what was', async () => {
  const before = settled();
  await expect(during(() => Promise.reject(new Error('the disk is full')))).rejects.toThrow('full');
  expect([settled(), settled()]).toEqual([expect.any(Number), settled()]);
  expect(settled()).not.toBe(before);
});

test('what somebody else writes is noticed soon', async () => {
  const before = settled();
  other.exec(`INSERT INTO ferries VALUES ('Eyot Island')`);
  while (settled() === before) await new Promise(setImmediate);
});

test('what somebody else has written is known before anybody is told that it is there', () => {
  const before = settled();
  other.exec(`INSERT INTO ferries VALUES ('Harrow Bay')`);
  lookAgain();
  expect(settled()).not.toBe(before);
});
