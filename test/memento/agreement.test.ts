/**
 * Whichever way it is asked, a moment has one answer: for random histories the API, the page, the command line and the
 * TimeGate (a second standing for its last millisecond) name the same version; where none may be named, each has its own
 * right way to say so.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import LinkHeader from 'http-link-header';
import { asOfCommand } from '../../src/cli/as-of.js';
import { Stop } from '../../src/cli/outcome.js';
import { type RunningApp, startApp } from '../support/start-app.js';

const seed = Number(process.env.PROPERTY_SEED ?? 20260514);
console.info(`memento agreement: seed ${seed} (PROPERTY_SEED)`);

let clock = Date.parse('2026-05-14T11:00:00.000Z');
let app: RunningApp;
beforeAll(async () => {
  app = await startApp({ clock: () => clock });
  writeFileSync(join(app.data, 'service.json'), JSON.stringify({ url: app.url, pid: process.pid }));
  process.env.PALIMPSEST_DATA = app.data;
});
afterAll(async () => {
  delete process.env.PALIMPSEST_DATA;
  await app.dispose();
});

/** Waits are short, so that several things happen in one second. */
const step = fc.record({
  wait: fc.constantFrom(1, 200, 400, 1_000, 61_000),
  act: fc.constantFrom('update', 'update', 'update', 'embargo', 'withdraw', 'reinstate', 'hide'),
  kind: fc.constantFrom('unpublished', 'unpublished', 'retracted', 'killed', 'takedown'),
  ahead: fc.constantFrom(300, 1_500, 90_000),
  version: fc.integer({ min: 1, max: 4 }),
});
const history = fc.record({
  waits: fc.constantFrom(0, 0, 700, 120_000),
  steps: fc.array(step, { minLength: 2, maxLength: 8 }),
  reinstated: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
  after: fc.constantFrom(0, 400, 100_000),
});
type Told = typeof history extends fc.Arbitrary<infer H> ? H : never;

type Step = Told['steps'][number];
const did = (act: Step['act'], wait: Step['wait']): Step => ({
  act,
  wait,
  kind: 'killed',
  ahead: 1_500,
  version: 2,
});
/** Every kind of answer is among theirs. */
const examples: [Told][] = [
  [
    {
      waits: 700,
      steps: [
        did('update', 61_000),
        did('update', 61_000),
        did('withdraw', 61_000),
        did('reinstate', 61_000),
        did('hide', 1),
      ],
      reinstated: false,
      after: 0,
    },
  ],
  [{ waits: 0, steps: [did('embargo', 400), did('withdraw', 61_000)], reinstated: false, after: 400 }],
];

const iso = (ms: number) => new Date(ms).toISOString();
let stories = 0;

/** Tells a story as far as it is allowed; gives its slug and the moments at which something may have changed. */
async function tell({ waits, steps, reinstated, after }: Told): Promise<{ slug: string; moments: number[] }> {
  const slug = `story-${++stories}`;
  const moments: number[] = [];
  let supersedes: number[] | undefined;
  const ask = async (method: string, path: string, body: object) => {
    moments.push(clock);
    const { status, json } = await app.ask(`/api/stories${path}`, {
      as: 'standards',
      method,
      body,
      headers: { 'if-match': '*' },
    });
    expect([path, status]).not.toEqual([path, 500]);
    supersedes = json.code === 'would-supersede' ? json.supersedes : undefined;
  };
  clock += 1_000;
  const inForceFrom = iso(clock + waits);
  moments.push(clock + waits);
  await ask('POST', '', {
    slug,
    headline: 'Ferries stopped',
    body: { text: 'No ferries.' },
    ...(waits && { inForceFrom }),
  });
  for (const [index, { wait, act, kind, ahead, version }] of steps.entries()) {
    clock += wait;
    const headline = `Ferries, ${index}`;
    if (act === 'update' || act === 'embargo') {
      const time = act === 'embargo' ? clock + ahead : clock;
      moments.push(time);
      const more = { ...(act === 'embargo' && { inForceFrom: iso(time) }) };
      await ask('POST', `/${slug}/versions`, { headline, ...more });
      if (supersedes) await ask('POST', `/${slug}/versions`, { headline, ...more, supersedes });
    } else if (act === 'withdraw') await ask('POST', `/${slug}/withdrawals`, { kind });
    else if (act === 'reinstate') await ask('POST', `/${slug}/reinstatements`, {});
    else await ask('PATCH', `/${slug}/versions/${version}`, { hidden: true, force: true, reason: 'A slip' });
  }
  if (reinstated) await ask('POST', `/${slug}/reinstatements`, {});
  clock += after;
  return { slug, moments: [...moments, clock] };
}

/** The version that is named, or the code that says why none is. */
type Named = number | string;

async function byApi(slug: string, at: string): Promise<Named> {
  const { json } = await app.ask(`/api/stories/${slug}?asOf=${at}`);
  return json.code === 'version-hidden' ? `hidden ${json.version}` : (json.code ?? json.version);
}

async function byPage(slug: string, at: string): Promise<Named> {
  const { status, text } = await app.ask(`/stories/${slug}?at=${at}`);
  const data = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(text)?.[1];
  if (status === 200) return Number(JSON.parse(data!).version);
  const code = /"\/problems\/([a-z-]+)"/.exec(text)![1]!;
  return code === 'version-hidden' ? `hidden ${/Version (\d+) is removed/.exec(text)![1]}` : code;
}

async function byCommand(slug: string, at: string): Promise<Named> {
  let printed = '';
  const stdout = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
  try {
    await asOfCommand().exitOverride().parseAsync([slug, at, '--json'], { from: 'user' });
    return JSON.parse(printed).version;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const { code, version } = error.answer as { code: string; version?: number };
    return code === 'version-hidden' ? `hidden ${version}` : code;
  } finally {
    stdout.mockRestore();
  }
}

async function byTimeGate(slug: string, second: number): Promise<Named> {
  const { status, headers } = await app.ask(`/timegate/${app.url}/stories/${slug}`, {
    headers: { 'accept-datetime': new Date(second).toUTCString() },
  });
  return status === 302 ? Number(/\/versions\/(\d+)$/.exec(headers.get('location')!)![1]) : status;
}

const statuses: Record<string, number> = { 'story-not-found': 404, unpublished: 410, killed: 410, takedown: 451 };

/** Where the TimeGate leads, by what the API has answered and the lists tell. */
async function gateFor(slug: string, at: string, named: Named): Promise<Named> {
  if (typeof named === 'number') return named;
  if (named.startsWith('hidden ')) return Number(named.slice(7));
  const list = (await app.ask(`/api/stories/${slug}/versions`)).json;
  switch (named) {
    case 'not-yet-in-force': {
      const { text } = await app.ask(`/timemap/link/${app.url}/stories/${slug}`);
      const first = LinkHeader.parse(text.replaceAll('\n', ' ')).refs.find(({ rel }) => rel === 'first');
      return first
        ? Number(/\d+$/.exec(first.uri)![0])
        : list.items.find(({ current }: { current?: true }) => current).version;
    }
    case 'withdrawn-then':
      return list.withdrawals.find(
        ({ from, until }: { from: string; until: string | null }) => from <= at && (until === null || at < until),
      ).version;
    default:
      return statuses[named] ?? named;
  }
}

test('the API, the page, the command line and the TimeGate name the same version', async () => {
  const seen = new Set<Named>();
  await fc.assert(
    fc.asyncProperty(history, async (told) => {
      const { slug, moments } = await tell(told);
      const seconds = new Set(moments.flatMap((ms) => [ms - 1_000, ms]).map((ms) => Math.floor(ms / 1000) * 1000));
      for (const second of seconds) {
        const at = iso(second + 999);
        const named = await byApi(slug, at);
        seen.add(typeof named === 'number' ? 'version' : (statuses[named] ?? named.split(' ')[0]!));
        expect([at, await byPage(slug, at)]).toEqual([at, named]);
        expect([at, await byCommand(slug, at)]).toEqual([at, named]);
        expect([at, await byTimeGate(slug, second)]).toEqual([at, await gateFor(slug, at, named)]);
      }
    }),
    { seed, numRuns: Number(process.env.PROPERTY_RUNS ?? 10), examples },
  );
  expect(seen).toEqual(seen.union(new Set(['version', 'hidden', 'not-yet-in-force', 'withdrawn-then', 410])));
}, 120_000);
