/** Starts a child process on a TypeScript file of this folder, without a build. */
import { fileURLToPath } from 'node:url';
import { typescriptHook } from '../../src/event-store/sqlite/writing-thread.js';

/** Arguments for `process.execPath`. */
export const fromSource = (file: string, ...args: string[]): string[] => [
  '--disable-warning=ExperimentalWarning',
  '--import',
  typescriptHook,
  fileURLToPath(new URL(file, import.meta.url)),
  ...args,
];
