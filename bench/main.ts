/**
 * `npm run bench`: every figure in one table, in Markdown on standard output; what is going on, on standard error.
 * `npm run bench -- reads writes` measures only those parts.
 */
import { cpus } from 'node:os';
import { type Figure, type Part, table } from './table.js';

/** Each module exports `figures`. */
const parts: Record<string, () => Promise<{ figures: Part }>> = {
  reads: () => import('./reads.js'),
  writes: () => import('./writes.js'),
  mixed: () => import('./mixed.js'),
  scale: () => import('./scale.js'),
  compare: () => import('./comparing.js'),
  stalls: () => import('./stalls.js'),
  rebuild: () => import('./rebuild.js'),
  disk: () => import('./disk.js'),
  start: () => import('./start.js'),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}

const figures: Figure[] = [];
for (const [name, load] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const { figures: measure } = await load();
  for await (const figure of measure()) {
    figures.push(figure);
    console.error(`${name}: ${table([figure]).split('\n').at(-1)}`);
  }
}
const [{ model } = { model: 'unknown' }] = cpus();
console.log(
  `${new Date().toISOString().slice(0, 10)}, Node.js ${process.version}, ${cpus().length} cores (${model})\n`,
);
console.log(table(figures));
