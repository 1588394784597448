import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { connect } from './connection.js';
import { isAsLeft, leave } from './leaving.js';

test('a file that was taken away while it was open is closed all the same', () => {
  const folder = mkdtempSync(join(tmpdir(), 'palimpsest-'));
  const path = join(folder, 'views.db');
  const db = connect(path);
  db.exec('CREATE TABLE ferries (name TEXT)');
  rmSync(folder, { recursive: true });
  leave(db, path, false);
  expect([db.isOpen, isAsLeft(path)]).toEqual([false, false]);
});
