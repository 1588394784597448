/**
 * `npm run test:faults -- <connection string> --stop '<command {node}>' --start '<command {node}>'`: does to a cluster,
 * and to the service on it, what happens to them in years. Ends with 1 if anything is wrong afterwards.
 */
import { parseArgs } from 'node:util';
import { type Commands, clusterBehind } from './cluster.js';
import { faults } from './faults.js';
import { type Report, run, seconds } from './run.js';

const usage = `npm run test:faults -- <connection string> [options]

  --stop <command>     kills a node of the cluster, as a loss of power would
  --start <command>    starts it again; does nothing to one that runs
  --freeze <command>   stops it in the middle of what it does, connections and all
  --thaw <command>     lets it go on
      {node} in a command is host:port of the node, {host} and {port} are its parts.
      Without these the faults that need them are left out.
  --seconds <n>        how long faults go on (120)
  --writers <n>        (64)      --stories <n>    (200)     --readers <n>  of each kind at each of two nodes (2)
  --outage <s>         a killed server is away (3)          --frozen <s>   a frozen one is (30)
  --wrong <s>          a clock is wrong (10)                --between <s>  all is well between two faults (3)
  --pause <ms>         between a writer's changes (20)      --seed <n>     (1)
  --order <names>      faults to go through, with commas between: ${faults.map(({ name }) => name).join(', ')}`;

const number = { type: 'string' } as const;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...{ stop: { type: 'string' }, start: { type: 'string' }, freeze: { type: 'string' }, thaw: { type: 'string' } },
    ...{ seconds: number, writers: number, stories: number, readers: number, outage: number, frozen: number },
    ...{ wrong: number, between: number, pause: number, seed: number, order: { type: 'string' } },
  },
});
const [address] = positionals;
if (!address) {
  console.error(usage);
  process.exit(2);
}

const { stop, start, freeze, thaw } = values;
const commands: Commands = {
  ...(stop && { stop }),
  ...(start && { start }),
  ...(freeze && { freeze }),
  ...(thaw && { thaw }),
};
const ms = (typed: string | undefined, byDefault: number) => Number(typed ?? byDefault) * 1000;
const report = await run({
  cluster: clusterBehind(address, commands),
  until: { ms: ms(values.seconds, 120) },
  writers: Number(values.writers ?? 64),
  stories: Number(values.stories ?? 200),
  readers: Number(values.readers ?? 2),
  writersPause: Number(values.pause ?? 20),
  readersPause: 50,
  outage: ms(values.outage, 3),
  frozen: ms(values.frozen, 30),
  wrong: ms(values.wrong, 10),
  between: ms(values.between, 3),
  seed: Number(values.seed ?? 1),
  ...(values.order && { order: values.order.split(',').map((name) => name.trim()) }),
  say: (line) => console.log(line),
});
console.log(told(report));
process.exitCode = report.violations.length ? 1 : 0;

function told({
  acknowledged,
  retried,
  reading,
  longest,
  took,
  events,
  rows,
  violations,
  kept,
  ...more
}: Report): string {
  const asked = [...retried].sort(([, a], [, b]) => b - a).map(([code, times]) => `${code} ${times}`);
  return [
    '',
    `${acknowledged} writes acknowledged in ${seconds(took)} (${(acknowledged / (took / 1000)).toFixed(0)}/s)`,
    `asked again: ${asked.join(', ') || 'never'}`,
    ...[...more.faults].map(
      ([name, { times, longest }]) => `${name}: ${times} times, at most ${seconds(longest)} without a write`,
    ),
    `longest time without an acknowledged write: ${seconds(longest)}`,
    `readers: ${reading.read} answers; followers: ${reading.told} changes, ${reading.toldAgain} told again, ${reading.connections} connections`,
    `the log holds ${events} events; rows equal to a fresh replay: ${Object.entries(rows)
      .map(([name, n]) => `${name} ${n}`)
      .join(', ')}`,
    ...violations.slice(0, 50).map((violation) => `✗ ${violation}`),
    ...(kept ? [`the nodes' folders are kept in ${kept}`] : []),
    violations.length ? `${violations.length} violations` : '✓ no violation',
  ].join('\n');
}
