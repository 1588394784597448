/** Measuring two things in turn, so that what else the machine does is the same for both. */

const sorted = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);

/** `q` from 0 to 1. */
export const quantile = (numbers: readonly number[], q: number): number =>
  sorted(numbers)[Math.min(numbers.length - 1, Math.floor(numbers.length * q))]!;

export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5);

export interface Beside {
  /** Medians over the rounds. */
  ours: number;
  theirs: number;
  /** The median of each round's ours / theirs. */
  ratio: number;
  /** Of each round, in order. */
  ratios: number[];
}

/** Measures both in every round, and begins with the other one each time. */
export async function inTurn(
  rounds: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<Beside> {
  const measured: { ours: number; theirs: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    measured.push(
      round % 2 ? { theirs: await theirs(), ours: await ours() } : { ours: await ours(), theirs: await theirs() },
    );
  }
  const ratios = measured.map((round) => round.ours / round.theirs);
  return {
    ours: median(measured.map((round) => round.ours)),
    theirs: median(measured.map((round) => round.theirs)),
    ratio: median(ratios),
    ratios,
  };
}
