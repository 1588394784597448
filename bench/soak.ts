/**
 * `npm run soak`, after `npm run build`: the service for ten minutes at a quarter of what it bears, as a newsroom has it:
 * readers, writers, comparisons, followers of the stream. Prints memory and descriptors tenth by tenth, and whether those
 * of the last are within 10 % of the third. SECONDS=60 for a shorter one. Linux only: it reads /proc.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Agent, get, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { draws, paragraphsOf, Writer } from './generate.js';
import { closedLoop, openLoop } from './load.js';
import { editorOf, service } from './processes.js';

const seconds = Number(process.env.SECONDS ?? 600);
const tenths = 10;
const followers = 50;
const stories = 40;
const tolerance = 0.1;

interface Ask {
  method: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

const draw = draws(11);
const writer = new Writer(draw);
const text = () => paragraphsOf([[writer.sentence(), writer.sentence(), writer.sentence()]])[0]!;
const bodies = Array.from({ length: stories }, () => Array.from({ length: 12 }, text));
const slugOf = (index: number) => `soak-${index}`;

/** Of a hundred: 70 stories, 10 histories, 5 searches, 5 comparisons, 4 feeds, 3 authorships, 3 new versions. */
function next(editor: string): Ask {
  const story = Math.floor(draw() ** 2 * stories);
  const at = `/stories/${slugOf(story)}`;
  const dice = draw() * 100;
  const read = (path: string): Ask => ({ method: 'GET', path });
  if (dice < 35) return read(at);
  if (dice < 70) return read(`/api${at}`);
  if (dice < 80) return read(`${at}/versions`);
  if (dice < 85) return read(`/api/stories?q=${encodeURIComponent(bodies[story]![0]!.split(' ')[3]!)}`);
  if (dice < 90) return read(`/api${at}/compare/1...now`);
  if (dice < 94) return read(dice < 92 ? '/feed.atom' : `${at}/feed.atom`);
  if (dice < 97) return read(`/api${at}/authorship`);
  const body = bodies[story]!;
  body[Math.floor(draw() * body.length)] = text();
  return written(editor, `/api${at}/versions`, { body: { text: body.join('\n\n') } });
}
const written = (editor: string, path: string, body: object): Ask => ({
  method: 'POST',
  path,
  headers: { authorization: `Bearer ${editor}`, 'if-match': '*', 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

// Few, all open from the beginning and used in turn: else their number would grow with the slowest answers, and with it the descriptors.
const connections = 32;
const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' });
const statuses = new Map<number, number>();
const ask = (url: string, { method, path, headers = {}, body }: Ask) =>
  new Promise<void>((resolve) => {
    const counted = (status: number) => {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      resolve();
    };
    request(url + path, { agent, method, headers }, (response) => {
      response.resume().on('end', () => counted(response.statusCode ?? 0));
    })
      .on('error', () => counted(0))
      .end(body);
  });

const follow = (url: string) => {
  const asked = get(`${url}/api/changes`, { headers: { accept: 'text/event-stream' }, agent: false }, (response) =>
    response.resume(),
  );
  return asked.on('error', () => {});
};

/** Of a process: resident memory in MiB, and open descriptors. */
function sample(pid: number): { memory: number; descriptors: number } {
  const [, kB] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return { memory: Number(kB) / 1024, descriptors: readdirSync(`/proc/${pid}/fd`).length };
}
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const data = mkdtempSync(join(tmpdir(), 'palimpsest-soak-'));
const served = await service(data);
const { url } = served;
const pid = served.process.pid!;
let passed = false;
try {
  const editor = await editorOf(data);
  for (const [index, body] of bodies.entries()) {
    const headline = `Ferry ${index} waits`;
    await ask(
      url,
      written(editor, '/api/stories', { slug: slugOf(index), headline, body: { text: body.join('\n\n') } }),
    );
  }
  const most = await closedLoop(url, {
    connections: 16,
    seconds: Math.min(10, seconds / 10),
    next: () => next(editor),
  });
  console.log(
    `at most ${Math.round(most)} requests a second; a quarter of that for ${seconds} s, ${followers} following`,
  );
  await Promise.all(Array.from({ length: connections }, () => ask(url, next(editor))));
  statuses.clear();
  const following = Array.from({ length: followers }, () => follow(url));
  const taken: ReturnType<typeof sample>[][] = Array.from({ length: tenths }, () => []);
  const began = performance.now();
  const sampling = setInterval(() => {
    const tenth = Math.floor(((performance.now() - began) / 1000 / seconds) * tenths);
    taken[tenth]?.push(sample(pid));
  }, 250);
  const times = (await openLoop(most / 4, seconds, () => ask(url, next(editor)))).sort((a, b) => a - b);
  clearInterval(sampling);
  for (const one of following) one.destroy();
  const series = taken.map((samples) => ({
    memory: mean(samples.map(({ memory }) => memory)),
    descriptors: mean(samples.map(({ descriptors }) => descriptors)),
  }));
  console.log('tenth  memory, MiB  descriptors');
  for (const [index, { memory, descriptors }] of series.entries()) {
    console.log(
      `${String(index + 1).padStart(5)}  ${memory.toFixed(1).padStart(11)}  ${descriptors.toFixed(1).padStart(11)}`,
    );
  }
  const [third, last] = [series[2]!, series.at(-1)!];
  const grown = { memory: last.memory / third.memory, descriptors: last.descriptors / third.descriptors };
  const quantile = (q: number) => times[Math.floor(q * (times.length - 1))]!.toFixed(1);
  console.log(
    `answers by status: ${JSON.stringify(Object.fromEntries(statuses))}; ms: p50 ${quantile(0.5)}, p99 ${quantile(0.99)}`,
  );
  console.log(
    `last tenth beside the third: memory ${grown.memory.toFixed(3)}, descriptors ${grown.descriptors.toFixed(3)}`,
  );
  const failed = [...statuses].some(([status]) => status < 200 || status >= 400);
  passed = !failed && Object.values(grown).every((ratio) => Math.abs(ratio - 1) <= tolerance);
} finally {
  agent.destroy();
  await served.stop();
  rmSync(data, { recursive: true, force: true });
}
console.log(passed ? 'passed' : 'NOT passed');
process.exitCode = passed ? 0 : 1;
