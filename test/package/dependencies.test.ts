/** That docs/dependencies.md tells of every package that is asked for, that each is used, and that what is delivered is free. */
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { root } from './packed.js';

interface Manifest {
  license?: string;
  bin?: string | Record<string, string>;
  peerDependencies?: Record<string, string>;
  dev?: boolean;
}
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const manifest = JSON.parse(read('package.json'));
const locked: Record<string, Manifest> = JSON.parse(read('package-lock.json')).packages;
const of = (name: string): Manifest => locked[`node_modules/${name}`]!;

const asked: Record<string, string> = {
  ...manifest.dependencies,
  ...manifest.optionalDependencies,
  ...manifest.devDependencies,
};
/** Node.js itself, for machines that have an older one. */
const isNode = (name: string) => name in manifest.optionalDependencies;

/** `| package | licence | what for |` */
const rows = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, name = '', licence = '', reason = '']) => ({ name, licence: licence.trim(), reason: reason.trim() }),
);

describe('docs/dependencies.md', () => {
  test('has a line for every package that is asked for, and for no other', () => {
    expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(asked).sort());
  });

  test('says under which licence each is', () => {
    expect(rows.filter(({ name, licence }) => of(name).license !== licence)).toEqual([]);
  });

  test('says what each is for', () => {
    expect(rows.filter(({ reason }) => reason.length < 10)).toEqual([]);
  });
});

describe('nothing is asked for that is not used', () => {
  /** All code and settings. */
  let text: string;
  beforeAll(async () => {
    const folders = await Promise.all(
      ['src', 'test', 'bench'].map(async (folder) =>
        (await readdir(join(root, folder), { recursive: true })).map((path) => join(folder, path)),
      ),
    );
    const paths = folders
      .flat()
      .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !path.endsWith('dependencies.test.ts'));
    const settings = ['.swcrc', 'jest.config.mjs', 'nest-cli.json', 'tsconfig.json', '.dependency-cruiser.mjs'];
    text = [...paths, ...settings].map(read).join('\n');
  });

  const scripts = Object.values<string>(manifest.scripts).join('\n');
  const inScripts = (word: string) => new RegExp(`(^|[\\s/"])${word}([\\s/"]|$)`, 'm').test(scripts);
  /** Quoted, alone or with a path behind it. */
  const named = (name: string) =>
    ["'", '"'].some((quote) => ["'", '"', '/'].some((end) => text.includes(quote + name + end)));
  const binsOf = (name: string) => {
    const { bin = {} } = of(name);
    return typeof bin === 'string' ? [name] : Object.keys(bin);
  };
  const isPeer = (name: string) => Object.keys(asked).some((other) => name in (of(other).peerDependencies ?? {}));

  test.each(Object.keys(asked).filter((name) => !isNode(name)))('%s', (name) => {
    const used = name.startsWith('@types/')
      ? named(name.slice('@types/'.length)) || name === '@types/node'
      : named(name) || inScripts(name) || binsOf(name).some(inScripts) || isPeer(name);
    expect(used).toBe(true);
  });
});

test('everything that is delivered is under a licence that lets anybody pass it on', () => {
  const free = /^(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|Python-2\.0|OFL-1\.1)$/;
  const delivered = Object.entries(locked).filter(([path, { dev }]) => path !== '' && !dev);
  const others = delivered.filter(
    ([, { license = '' }]) =>
      !license
        .replace(/[()]/g, '')
        .split(/ AND /)
        .every((one) => free.test(one)),
  );
  // Its licence, MIT, is in its Readme.md alone.
  expect(others.map(([path]) => path)).toEqual(['node_modules/format']);
});
