/** Starts a child process on a TypeScript file of this folder, without a build: Node strips the types itself. */
import { fileURLToPath } from 'node:url';

const hook = `import { registerHooks } from 'node:module';
  const isOurs = (name, { parentURL }) => name.startsWith('.') && parentURL?.endsWith('.ts');
  registerHooks({
    resolve: (name, context, next) => next(isOurs(name, context) ? name.replace(/\\.js$/, '.ts') : name, context),
  });`;

/** Arguments for `process.execPath`. */
export const fromSource = (file: string, ...args: string[]): string[] => [
  '--disable-warning=ExperimentalWarning',
  '--import',
  `data:text/javascript,${encodeURIComponent(hook)}`,
  fileURLToPath(new URL(file, import.meta.url)),
  ...args,
];
