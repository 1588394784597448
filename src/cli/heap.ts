/** How much memory V8 takes beside what the program needs. */
import { setFlagsFromString } from 'node:v8';

/**
 * Half as much as what lives, before it collects. Left alone it was seen to take 100 to 200 MB more where much is read and
 * dropped, and nothing was sooner done for it (`docs/figures.md`).
 */
export const boundHeap = (): void => setFlagsFromString('--heap-growing-percent=50');
