/**
 * The script of `<story-history>` as browsers get it: its modules in one, each behind those that it imports, so that a page
 * names one address and waits once. A bundler would send 15 KiB for 26 (compressed 6.4 for 7.8), but want a build before
 * anything runs from source.
 */
import { existsSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

const modules = ['words', 'elements', 'sheet', 'asking', 'comparison', 'story-history'];

/** As built; run from source, the source without its types. */
function codeOf(module: string): string {
  const built = new URL(`./element/${module}.js`, import.meta.url);
  if (existsSync(built)) return readFileSync(built, 'utf8');
  return stripTypeScriptTypes(readFileSync(new URL(`./element/${module}.ts`, import.meta.url), 'utf8'));
}

/** Their comments are for us. */
export const script = modules
  .map(codeOf)
  .join('\n')
  .replace(/\/\*\*[\s\S]*?\*\/ ?|^\s*\/\/.*$/gm, '')
  .replace(/^import [^;]*;$/gm, '')
  .replace(/^export (?=\w)/gm, '')
  .replace(/^\s*\n/gm, '');
