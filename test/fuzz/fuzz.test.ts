/**
 * The built service is asked a hundred thousand things over real HTTP, as openapi.json describes them, nearly so, and not
 * at all. `npm run fuzz` asks a million. A failure names the seed: `npm run fuzz -- --requests 100000 --seed <seed>`.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Run, run } from './run.js';

/** One for all runs of the gate: what fails here fails again. */
const seed = 20_260_514;
const requests = 100_000;

let ended: Run;
beforeAll(async () => {
  delete process.env.FORCE_COLOR;
  ended = await run({ requests, seed, connections: 16 });
}, 900_000);

describe(`after ${requests} requests over real HTTP (seed ${seed})`, () => {
  test('none has failed, every refusal is a problem document, and no answer tells what it should not', () => {
    expect([...ended.faults].map(([kind, told]) => `${kind}\n${told}`)).toEqual([]);
  });

  test('every operation of openapi.json has been carried out', () => {
    expect(ended.operations.filter((label) => !ended.succeeded.has(label))).toEqual([]);
  });

  test('every code that was met has its page', () => {
    expect(ended.codes.size).toBeGreaterThan(30);
    expect(ended.unexplained).toEqual([]);
  });

  test('the service is ready, has logged no error, has not grown without bounds, and ends when it is asked to', () => {
    expect(ended.ready).toMatchObject({ ready: true });
    expect(ended.log).toEqual([]);
    expect(ended.memory ?? 0).toBeLessThan(1024);
    expect(ended.exit).toBe('SIGTERM');
  });

  test('the log verifies, and the views equal a fresh replay', () => {
    expect(ended.verified).toMatchObject({ ok: true, views: 'equal', findings: [] });
    expect(ended.verified.events).toBeGreaterThan(1000);
  });
});
