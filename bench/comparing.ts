/** The comparison in short, for the one table; `npm run bench:compare` has the whole. */
import { compareContents } from '../src/compare/compare.js';
import { written } from './generate.js';
import { contentOf, originsOfScript } from './ours.js';
import { kinds, mean, pairOf, percent, rightShare, timed, wanted } from './pairs.js';
import { originsOf, rivals } from './rivals.js';
import { median } from './rounds.js';
import type { Figure } from './table.js';

const words = 10_000;
const seeds = 3;
const rival = rivals.find(({ name }) => name.startsWith('diff-match-patch'))!;

export async function* figures(): AsyncGenerator<Figure> {
  // Each kind of edit takes its own ways through the code: all are walked before any is measured.
  for (const kind of kinds) {
    const [a, b] = pairOf(kind, words, 1).map(contentOf);
    for (let round = 0; round < 20; round++) compareContents(a!, b!);
  }
  for (const kind of kinds) {
    const [times, shares]: number[][] = [[], []];
    for (let seed = 1; seed <= seeds; seed++) {
      const [before, after] = pairOf(kind, words, seed);
      shares!.push(100 * rightShare(before, after, originsOfScript(before, after)));
      const [a, b] = [contentOf(before), contentOf(after)];
      for (let round = 0; round < 12; round++) {
        const { ms } = timed(() => compareContents(a, b));
        if (round >= 4) times!.push(ms);
      }
    }
    const [before, after] = pairOf(kind, words, 1);
    // On heavy edits it takes minutes.
    const theirs = kind === 'heavy' ? undefined : timed(() => rival.compare(written(before).text, written(after).text));
    const [right, ms] = wanted[kind];
    const conditions = `${kind} edits of ${words.toLocaleString('en')} words, ${seeds} pairs, warm, in process, time of the thread`;
    yield {
      what: 'comparing two versions',
      conditions,
      ours: `${median(times!).toFixed(1)} ms`,
      ...(theirs && { baseline: `${theirs.ms.toFixed(0)} ms (${rival.name})`, ratio: median(times!) / theirs.ms }),
      wanted: { atMost: ms, of: median(times!), unit: 'ms' },
    };
    yield {
      what: 'words whose origin is found right',
      conditions,
      ours: `${percent(mean(shares!) / 100)} %`,
      ...(theirs && {
        baseline: `${percent(rightShare(before, after, originsOf(theirs.value, before, after)))} % (${rival.name})`,
      }),
      wanted: { atLeast: right, of: mean(shares!), unit: '%' },
    };
  }
}
