/** The documentation has settings and metrics as the program has them. `UPDATE_DOCS=1` writes them there. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { settingsTable } from '../../src/config.js';
import { metricsTable } from '../../src/telemetry/metrics.js';

const file = new URL('../../docs/operations.md', import.meta.url);

test.each([
  ['settings', settingsTable()],
  ['metrics', metricsTable()],
])('docs/operations.md has all %s, as the program knows them', (name, table) => {
  const block = new RegExp(`(<!-- ${name}: [^\n]*-->\n)(.*)(\n<!-- end of ${name} -->)`, 's');
  const text = readFileSync(file, 'utf8');
  if (process.env.UPDATE_DOCS) {
    writeFileSync(
      file,
      text.replace(block, (_, begins, __, ends) => begins + table + ends),
    );
  }
  expect(block.exec(readFileSync(file, 'utf8'))?.[2]).toBe(table);
});
