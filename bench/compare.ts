/**
 * `npm run bench:compare`: our comparison and authorship beside others', on the same generated texts in one run: thread
 * time and the share of words whose origin was found right. `--quick`: fewer seeds, none of the slow rivals on heavy edits.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { compareContents } from '../src/compare/compare.js';
import { draws, history, Writer, written } from './generate.js';
import { fold } from './histories.js';
import { contentOf, originsOfScript } from './ours.js';
import { kinds, mean, pairOf, percent, rightShare, timed, wanted } from './pairs.js';
import { blame, originsOf, rivals } from './rivals.js';
import { median } from './rounds.js';

const quick = process.argv.includes('--quick');
const seeds = quick ? 3 : 10;
const rows: string[][] = [['method', ...kinds.flatMap((kind) => [`${kind} ms`, 'right %'])]];
for (const words of [1000, 10_000]) {
  const ours = kinds.flatMap((kind) => {
    const [times, shares]: number[][] = [[], []];
    for (let seed = 1; seed <= seeds; seed++) {
      const [before, after] = pairOf(kind, words, seed);
      shares!.push(rightShare(before, after, originsOfScript(before, after)));
      const [a, b] = [contentOf(before), contentOf(after)];
      // Warm: the first rounds are not counted. Short ones several together, since the clock of a thread is coarse.
      const together = 10_000 / words;
      for (let round = 0; round < 12; round++) {
        const { ms } = timed(() => {
          for (let n = 0; n < together; n++) compareContents(a, b);
        });
        if (round >= 4) times!.push(ms / together);
      }
    }
    return [median(times!).toFixed(1), percent(mean(shares!))];
  });
  rows.push([`ours, ${words} words`, ...ours]);
}
rows.push(['wanted, 10000 words', ...kinds.flatMap((kind) => [`${wanted[kind][1]}`, `${wanted[kind][0]}`])]);
for (const { name, compare } of rivals) {
  rows.push([
    `${name}, 10000 words`,
    ...kinds.flatMap((kind) => {
      if (quick && kind === 'heavy') return ['-', '-'];
      const [before, after] = pairOf(kind, 10_000, 1);
      const [a, b] = [written(before).text, written(after).text];
      const { value, ms } = timed(() => compare(a, b));
      return [ms.toFixed(0), percent(rightShare(before, after, originsOf(value, before, after)))];
    }),
  ]);
}
rows.push([
  'git blame -M -C, 10000 words',
  ...kinds.flatMap((kind) => {
    const [before, after] = pairOf(kind, 10_000, 1);
    const { ms, lines } = blame([before, after]);
    // A line of the file before is a word of the text before; empty lines part paragraphs.
    const wordAt = new Map<number, number>();
    let [line, word] = [0, 0];
    for (const paragraph of before) {
      for (const _ of paragraph.flat()) wordAt.set(line++, word++);
      line++;
    }
    const origins = Int32Array.from(lines, ({ version, line }) => (version === 1 ? (wordAt.get(line) ?? -1) : -1));
    return [ms.toFixed(0), percent(rightShare(before, after, origins))];
  }),
]);
print(rows);

const one = (() => {
  const [before] = pairOf('light', 10_000, 1);
  const changed = before.map((paragraph, p) =>
    p !== before.length >> 1
      ? paragraph
      : paragraph.map((sentence, s) => (s > 0 ? sentence : [{ text: 'Changed', id: -1 }, ...sentence.slice(1)])),
  );
  return [contentOf(before), contentOf(changed)] as const;
})();
const unrelated = [1, 2].map((seed) => contentOf(new Writer(draws(1000 + seed)).text(10_000)));
// Together, since the clock of a thread is coarse.
const warm = (a: typeof one, rounds: number) =>
  timed(() => {
    for (let round = 0; round < rounds; round++) compareContents(...a);
  }).ms / rounds;
print([
  ['10000 words', 'ms', 'wanted'],
  ['one word changed', warm(one, 60).toFixed(2), '2'],
  ['unrelated', warm([unrelated[0]!, unrelated[1]!], 15).toFixed(1), '150'],
]);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const large = [1, 2].map((seed) => contentOf(new Writer(draws(2000 + seed)).text(165_000)));
collect();
const before = process.memoryUsage().heapUsed;
const result = compareContents(large[0]!, large[1]!);
const during = process.memoryUsage().heapUsed;
collect();
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
print([
  ['two unrelated bodies of 1 MiB', 'heap'],
  ['used while comparing, at most', megabytes(during - before)],
  [`kept with the result (${result.blocks.length} changes)`, megabytes(process.memoryUsage().heapUsed - before)],
]);

const authorship: string[][] = [['histories of 12 versions', 'words', 'right %', 'ms a version', 'wanted %']];
for (const words of [1000, 10_000]) {
  const [shares, times, blamed, blameTimes]: number[][] = [[], [], [], []];
  for (let seed = 1; seed <= (words === 1000 ? seeds : Math.ceil(seeds / 3)); seed++) {
    const { versions, wroteIn } = history(seed, words);
    const last = versions.at(-1)!.flat(2);
    const { wrote, ms } = fold(versions);
    shares!.push(last.filter(({ id }, i) => wroteIn.get(id) === wrote[i]).length / last.length);
    times!.push(...ms.slice(1));
    if (seed > 3) continue;
    const told = blame(versions);
    blamed!.push(last.filter(({ id }, i) => wroteIn.get(id) === told.lines[i]!.version).length / last.length);
    blameTimes!.push(told.ms);
  }
  authorship.push(['ours', `${words}`, percent(mean(shares!)), median(times!).toFixed(1), '97']);
  authorship.push([
    'git blame -M -C',
    `${words}`,
    percent(mean(blamed!)),
    `${median(blameTimes!).toFixed(0)} (whole)`,
    '',
  ]);
}
print(authorship);

function print(table: readonly (readonly string[])[]): void {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  for (const row of table)
    console.log(
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
    );
  console.log('');
}
