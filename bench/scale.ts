/** Whether an answer takes longer the more versions a story has, or the more stories there are beside it. */
import { cores } from './cores.js';
import { began, ended, folderWith, type Plan, storyId } from './fixture.js';
import { draws } from './generate.js';
import { closedLoop } from './load.js';
import { service } from './processes.js';
import { asOf, histories, many } from './reads.js';
import { inTurn } from './rounds.js';
import { type Figure, told } from './table.js';

const connections = 32;
const seconds = Number(process.env.SECONDS ?? 3);
const rounds = Number(process.env.ROUNDS ?? 5);
const few: Plan = { stories: 100, versions: 1 };

/** Ten versions spread over the story's life, each time at another moment of theirs. */
function tenVersions(plan: Plan, draw: () => number): () => string {
  const length = (ended(plan) - began) / 10;
  return () => {
    const at = began + Math.floor(draw() * 10) * length + Math.floor(draw() * 30_000);
    return `/api/stories/${storyId(plan, 0)}?asOf=${new Date(at).toISOString()}`;
  };
}

export async function* figures(): AsyncGenerator<Figure> {
  const large = await service(await folderWith([many, ...histories]));
  const small = await service(await folderWith([few]));
  const draw = draws(28);
  /** Milliseconds an answer. */
  const time = (url: string, next: () => string, seconds: number) => async () =>
    1000 / (await closedLoop(url, { connections, seconds, next: () => ({ path: next() }) }));
  async function* compared(what: string, names: [string, string], asked: [string, () => string][]) {
    for (const [url, next] of asked) await time(url, next, 2)();
    const [ours, theirs] = asked.map(([url, next]) => time(url, next, seconds));
    const beside = await inTurn(rounds, ours!, theirs!);
    yield {
      what,
      conditions: `${names[0]} beside ${names[1]}; warm, each time at another moment; ${connections} connections; ${cores}`,
      ours: told(beside.ours, 'ms an answer'),
      baseline: told(beside.theirs, 'ms an answer'),
      ratio: beside.ratio,
      wanted: { atMost: 1.5 },
    };
  }
  try {
    const [short, ...longer] = histories;
    for (const plan of longer) {
      yield* compared(
        'as-of by the number of versions of the story',
        [`any of ten of ${plan.versions.toLocaleString('en')} versions`, `any of ${short!.versions}`],
        [plan, short!].map((one) => [large.url, tenVersions(one, draw)]),
      );
    }
    yield* compared(
      'as-of by the number of stories',
      ['100 of 100,000 stories', 'all of 100'],
      [
        [large.url, asOf(many, draw, 100)],
        [small.url, asOf(few, draw)],
      ],
    );
  } finally {
    await Promise.all([large.stop(), small.stop()]);
  }
}
