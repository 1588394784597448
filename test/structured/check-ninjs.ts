/** `npm run check:ninjs -- PATH`: the items of every act and state against IPTC's own schema, which PATH leads to. */
import { readFileSync } from 'node:fs';
import { startApp } from '../support/start-app.js';
import { documents, everyState, newClock, publisher } from './every-state.js';
import { validator } from './validator.js';

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error('Usage: npm run check:ninjs -- PATH, of a ninjs-schema_3.1.json as https://iptc.org/std/ninjs/ has it');
  process.exit(2);
}
const faultsOf = validator(JSON.parse(readFileSync(path, 'utf8')));
const clock = newClock();
const app = await startApp({ clock: () => clock.now, env: publisher });
try {
  const items = await documents(app, await everyState(app, clock), 'ninjs');
  const faults = items.flatMap(({ from, document }) => faultsOf(document).map((fault) => `${from}: ${fault}`));
  for (const fault of faults) console.error(fault);
  console.log(`${items.length} items, ${faults.length} faults`);
  process.exitCode = faults.length === 0 && items.length > 0 ? 0 : 1;
} finally {
  await app.dispose();
}
