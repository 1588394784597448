/**
 * What one writer is measured beside: rows of so many bytes, each committed by itself and on disk before the next.
 * `bare-commit.ts FILE BYTES SECONDS`, a process of its own; prints how many a second.
 */
import { randomBytes } from 'node:crypto';
import { bareStore } from './bare-store.js';

const [file, bytes, seconds] = process.argv.slice(2) as [string, string, string];
const commit = bareStore(file);
const body = randomBytes(Number(bytes));
let commits = 0;
const began = performance.now();
while (performance.now() - began < Number(seconds) * 1000) {
  commit(body);
  commits++;
}
console.log(commits / ((performance.now() - began) / 1000));
