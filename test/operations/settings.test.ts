/** The documentation has the settings as the program has them. `UPDATE_DOCS=1` writes them there. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { settingsTable } from '../../src/config.js';

const file = new URL('../../docs/operations.md', import.meta.url);
const block = /(<!-- settings: [^\n]*-->\n)(.*)(\n<!-- end of settings -->)/s;

test('docs/operations.md has every setting, as the program knows it', () => {
  const text = readFileSync(file, 'utf8');
  const table = settingsTable();
  if (process.env.UPDATE_DOCS)
    writeFileSync(
      file,
      text.replace(block, (_, begins, __, ends) => begins + table + ends),
    );
  expect(block.exec(readFileSync(file, 'utf8'))?.[2]).toBe(table);
});
