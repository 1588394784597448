/** What is in the package that `npm pack` makes, and that it needs nothing else. Needs `npm run build`. */
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import ts from 'typescript';
import { packedFiles, root } from './packed.js';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { dependencies, bin, version } = JSON.parse(read('package.json'));

let files: string[];
beforeAll(() => {
  files = packedFiles();
});

test('it has the program, what the program reads, the licence and the documentation', () => {
  expect(files).toEqual(
    expect.arrayContaining([
      ...['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md', 'openapi.json'],
      ...['docs/api.md', 'docs/operations.md', 'docs/promises.md'],
      ...[bin.palimpsest, 'dist/app.js', 'dist/metadata.js', 'dist/event-store/sqlite/writing-thread.js'],
      ...['dist/web/assets/house.css', 'dist/web/assets/life.js'],
    ]),
  );
});

test('it has no tests, no sources, no maps, nothing of this machine', () => {
  const known =
    /^(dist\/(?!.*(\.test|\.test-support)\.)[^.]+(\.[a-z-]+)?\.(js|css|svg)|docs\/[a-z-]+\.md|(README|CHANGELOG|SECURITY)\.md|LICENSE|openapi\.json|package\.json)$/;
  expect(files.filter((path) => !known.test(path))).toEqual([]);
});

test('the program imports only what is installed with it', () => {
  const imported = files
    .filter((path) => path.endsWith('.js'))
    .flatMap((path) => ts.preProcessFile(read(path), true, true).importedFiles)
    .map(({ fileName }) => /^(@[^/]+\/)?[^/]+/.exec(fileName)![0])
    .filter((name) => !/^\.\.?$/.test(name) && !isBuiltin(name));
  expect(imported).toContain('@nestjs/core');
  expect([...new Set(imported)].filter((name) => !(name in dependencies))).toEqual([]);
});

test('it is run by `palimpsest`, and the changelog tells of its version', () => {
  expect(read(bin.palimpsest)).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(read('CHANGELOG.md')).toMatch(`\n## [${version}] - `);
});
