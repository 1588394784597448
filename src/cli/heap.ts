/** How much memory V8 takes beside what the program needs. */
import { setFlagsFromString } from 'node:v8';

/**
 * Half as much as what lives, before it collects. Left alone it takes up to three times that, some 200 MB where much is read
 * and dropped, and nothing is sooner done for it (`docs/figures.md`).
 */
export const boundHeap = (): void => setFlagsFromString('--heap-growing-percent=50');
