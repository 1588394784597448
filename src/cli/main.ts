#!/usr/bin/env node
/** Starts the command line. Imports nothing before it knows that this Node.js can run the rest. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 9)) {
  process.stderr.write(
    `palimpsest: needs Node.js 24.9 or newer, and this is ${process.versions.node}.\n` +
      'On Linux and Windows npm brings one along. In a clone: `npm start`, or `npm run palimpsest -- …`;\n' +
      'in a folder into which the package was installed: `npx palimpsest …`.\n' +
      'Elsewhere install it from https://nodejs.org.\n',
  );
  process.exitCode = 3;
} else {
  // What is not readers' to see lies in these files: the account that runs it alone may read them.
  process.umask(0o077);
  const { run } = await import('./program.js');
  process.exitCode = await run(process.argv.slice(2));
}
