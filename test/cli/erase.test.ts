/** `palimpsest erase`, beside a running service. Needs `npm run build`. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { palimpsest, type Served, serve } from '../support/serve.js';

jest.setTimeout(60_000);

const story = 'harrow-bay-ferry-fire';
let data: string;
let service: Served;
beforeAll(async () => {
  delete process.env.FORCE_COLOR;
  data = await mkdtemp(join(tmpdir(), 'palimpsest-cli-'));
  service = await serve(data);
  expect(await run('example')).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await service.stop();
  await rm(data, { recursive: true, force: true });
});

const run = (...args: string[]) => palimpsest(data, ...args);
const erase = (...args: string[]) => run('erase', story, '--authority', 'court-order', ...args);

test('shows what would go, and without --yes leaves it there', async () => {
  const { code, stdout, stderr } = await erase('--phrase', 'lena okafor');
  expect([code, stderr]).toEqual([1, expect.stringContaining('--yes')]);
  expect(stdout).toMatch(/^ {2}\d+\/speaker {2}speaker, versions \d.*shown to readers/m);
  expect((await run('as-of', story, 'now', '--format', 'text')).stdout).toContain('Lena Okafor');
  const asJson = await erase('--phrase', 'lena okafor', '--json');
  expect([asJson.code, JSON.parse(asJson.stdout).texts.length]).toEqual([1, expect.any(Number)]);
});

test('what readers are given is refused, unless by force; then no file of the service holds it', async () => {
  const refused = await erase('--phrase', 'Lena Okafor', '--yes');
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('force')]);
  const { code, stdout } = await erase('--phrase', 'Lena Okafor', '--yes', '--force', '--json');
  expect([code, JSON.parse(stdout).erased.erasure.state]).toEqual([0, 'complete']);
  expect((await run('as-of', story, 'now', '--format', 'text')).stdout).not.toContain('Okafor');
  const again = await erase('--phrase', 'Lena Okafor', '--yes');
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('nothing to erase')]);
  expect((await run('verify')).code).toBe(0);
});

test('what readers are given is replaced by the same order, without force', async () => {
  const file = join(data, '..', `${data.split('/').at(-1)}-replacement.json`);
  await writeFile(file, JSON.stringify({ standfirst: 'Fewer boats for now', supersedes: [7] }));
  const { code, stdout } = await erase('--phrase', 'Hourly crossings', '--replacement', file, '--yes', '--json');
  await rm(file);
  expect([code, JSON.parse(stdout).erased]).toMatchObject([
    0,
    { acts: ['StoryUpdated'], erasure: { state: 'complete' } },
  ]);
  const now = (await run('as-of', story, 'now', '--format', 'text')).stdout;
  expect(now).toContain('Fewer boats for now');
  expect(now).not.toContain('Hourly crossings');
});

test.each([
  [[]],
  [['--phrase', 'x', '--replacement', '/no/such/file']],
  [['--reference', 'headline']],
  [['--phrase', 'x', '--wait', 'long']],
])('%j is wrong usage: 2', async (args) => {
  expect((await erase(...args)).code).toBe(2);
});

test('is for those who may erase', async () => {
  expect((await erase('--phrase', 'x', '--as', 'editor')).code).toBe(1);
});
