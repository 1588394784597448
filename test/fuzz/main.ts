/** `npm run fuzz -- --requests 1000000 --seed 7`: a long run, told as it goes. Ends with 1 if anything is wrong. */
import { parseArgs } from 'node:util';
import { run, summary } from './run.js';

const { values } = parseArgs({
  options: { requests: { type: 'string' }, seed: { type: 'string' }, connections: { type: 'string' } },
});
const requests = Number(values.requests ?? 1_000_000);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const connections = Number(values.connections ?? 16);
console.log(`${requests} requests, seed ${seed}, ${connections} connections`);

const ended = await run({
  requests,
  seed,
  connections,
  progress(done) {
    if (done % 12_800 === 0 || done === requests) console.log(`${new Date().toISOString()} ${done}`);
  },
});
console.log(summary(ended));
const { faults, log, unexplained, verified, kept, exit, operations, succeeded } = ended;
for (const [kind, told] of faults) console.log(`\n✗ ${kind}\n${told}`);
for (const line of log.slice(0, 20)) console.log(`logged: ${line}`);
for (const finding of verified.findings.slice(0, 20)) console.log(`found: ${JSON.stringify(finding)}`);
if (kept) console.log(`the data is kept in ${kept}`);
if (unexplained.length) console.log(`codes without a page: ${unexplained.join(', ')}`);
const never = operations.filter((label) => !succeeded.has(label));
if (never.length) console.log(`never succeeded: ${never.join(', ')}`);
process.exitCode =
  faults.size || log.length || unexplained.length || never.length || !verified.ok || exit !== 'SIGTERM' ? 1 : 0;
