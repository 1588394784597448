/** Pairs of generated texts whose true comparison is known, what is wanted of comparing them, and how it is timed. */
import { draws, rates, type Text, Writer } from './generate.js';
import type { Origins } from './rivals.js';

export type Kind = keyof typeof rates;
export const kinds = Object.keys(rates) as Kind[];
/** Origins and milliseconds wanted, by kind. */
export const wanted = { light: [99.9, 10], moves: [99, 12], heavy: [95, 90] } satisfies {
  [K in Kind]: [number, number];
};

/** Milliseconds this thread worked: what else runs on the machine hardly counts. */
export function timed<T>(work: () => T): { value: T; ms: number } {
  const began = process.threadCpuUsage();
  const value = work();
  const { user, system } = process.threadCpuUsage(began);
  return { value, ms: (user + system) / 1000 };
}
export const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
export const percent = (share: number) => (100 * share).toFixed(2);

export function rightShare(before: Text, after: Text, origins: Origins): number {
  const [was, is] = [before.flat(2), after.flat(2)];
  const at = new Map(was.map(({ id }, i) => [id, i]));
  return is.filter(({ id }, i) => (at.get(id) ?? -1) === origins[i]).length / is.length;
}

export function pairOf(kind: Kind, words: number, seed: number): [Text, Text] {
  const writer = new Writer(draws(seed));
  const before = writer.text(words);
  return [before, writer.edit(before, rates[kind])];
}
