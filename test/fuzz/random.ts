/** Chance that can be had again: the same seed makes the same choices. */

export interface Random {
  /** From 0, below 1. */
  fraction(): number;
  /** A whole number, both ends included. */
  int(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** `least` to `most` of whatever `make` makes. */
  list<T>(least: number, most: number, make: () => T): T[];
}

/** sfc32 (PractRand) on a seed and the number of the request, so that each request has choices of its own. */
export function randomFor(seed: number, index: number): Random {
  let [a, b, c, counter] = [seed | 0, index | 0, 0x9e3779b9, 1];
  const fraction = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 15; round++) fraction();
  const int = (least: number, most: number) => least + Math.floor(fraction() * (most - least + 1));
  return {
    fraction,
    int,
    chance: (probability) => fraction() < probability,
    pick: (from) => from[int(0, from.length - 1)]!,
    list: (least, most, make) => Array.from({ length: int(least, most) }, make),
  };
}
