/**
 * `node … bench/fuzz.ts [from] [pairs]`: compares pairs of odd contents of all sizes within the limits and names the
 * slowest by their seeds. The slowest known are kept as a test (test/compare/slowest.test.ts).
 */
import { compareContents } from '../src/compare/compare.js';
import { oddPair } from './odd-pairs.js';

const from = Number(process.argv[2] ?? 1);
const pairs = Number(process.argv[3] ?? 10_000);
const slowest: { seed: number; ms: number; told: string }[] = [];
for (let seed = from; seed < from + pairs; seed++) {
  const { before, after, told } = oddPair(seed);
  const began = process.threadCpuUsage();
  const { fallbacks } = compareContents(before, after);
  const { user, system } = process.threadCpuUsage(began);
  const ms = (user + system) / 1000;
  if (slowest.length === 8 && ms <= slowest[7]!.ms) continue;
  const stages = [...new Set(fallbacks.map(({ stage }) => stage))].join(', ');
  slowest.push({ seed, ms, told: `${told}; ${stages}` });
  slowest.sort((x, y) => y.ms - x.ms);
  slowest.length = Math.min(slowest.length, 8);
}
for (const { seed, ms, told } of slowest) console.log(`${ms.toFixed(0).padStart(5)} ms  seed ${seed}  ${told}`);
