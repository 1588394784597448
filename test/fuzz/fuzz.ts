/** Asks a running service a great many things, most of them sensible, and judges every answer. */
import { openClient } from './client.js';
import { type Crawled, follow, look, submit } from './crawl.js';
import { judge } from './judge.js';
import { emptyKnowledge } from './knowledge.js';
import { nearRequest } from './near.js';
import { type Operation, readApi } from './openapi.js';
import { type Random, randomFor } from './random.js';
import { type Asked, afterPreview, type Source, validRequest, type Writers } from './valid.js';
import { wildRequest } from './wild.js';

export interface Fuzzing {
  url: string;
  writers: Writers;
  requests: number;
  /** The same seed asks the same, as far as the answers, and with several connections their order, are the same. */
  seed: number;
  connections: number;
  /** Told now and then how far it is. */
  progress?(done: number): void;
}

export interface Report {
  /** How often each operation was answered with each status: `GET /api/stories 200`. */
  answers: Map<string, number>;
  /** Codes of refusals. */
  codes: Map<string, number>;
  /** Operations that succeeded at least once. */
  succeeded: Set<string>;
  operations: string[];
  /** What is wrong, with the request and the answer, the first of each kind. */
  faults: Map<string, string>;
}

/** Requests that are made up from what is known at one time. */
const batch = 128;

const page = (path: string): Operation => ({
  label: `page ${path}`,
  method: 'GET',
  path,
  parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name: name!, in: 'path', schema: {} })),
  produces: ['text/html'],
});
/** Not in openapi.json. */
const pages = [
  '/',
  '/stories/{story}',
  '/stories/{story}/versions',
  '/stories/{story}/versions/{version}',
  '/stories/{story}/compare/{sides}',
  '/corrections',
  '/problems/{code}',
  '/sign-in',
  '/desk',
  '/desk/new',
  '/desk/stories/{story}',
].map(page);

export async function fuzz({ url, writers, requests, seed, connections, progress }: Fuzzing): Promise<Report> {
  const api = readApi(await (await fetch(`${url}/api/openapi.json`)).json());
  const client = openClient(Number(new URL(url).port), connections);
  const knowledge = emptyKnowledge();
  const report: Report = {
    answers: new Map(),
    codes: new Map(),
    succeeded: new Set(),
    operations: api.operations.map(({ label }) => label),
    faults: new Map(),
  };
  const crawled: Crawled = { links: [], forms: [] };
  let again: Asked[] = [];
  for (let first = 0; first < requests; first += batch) {
    const source = { api, knowledge, writers, now: Date.now() };
    const asked = Array.from({ length: Math.min(batch, requests - first) }, (_, at) =>
      requestFor(randomFor(seed, first + at), source, again, crawled),
    );
    again = asked.filter(({ kind, headers }) => kind === 'valid' && headers['idempotency-key'] !== undefined);
    const answered = await Promise.all(asked.map((one) => client.send(one)));
    for (const [at, one] of asked.entries()) {
      const answer = answered[at]!;
      const { code, fault } = judge(one, answer);
      const { status, headers, text } = answer;
      count(report.answers, `${one.kind} ${one.label} ${status}`);
      if (code !== undefined) count(report.codes, code);
      if (status >= 200 && status < 300) report.succeeded.add(one.label);
      if (fault !== undefined) {
        const kind = `${fault}: ${one.label} ${status} ${code ?? ''}`;
        if (!report.faults.has(kind)) report.faults.set(kind, told(first + at, one, status, text));
      }
      if (headers['content-type']?.startsWith('text/html')) look(text, crawled);
      if (text && /\bjson\b/.test(headers['content-type'] ?? '') && fault === undefined) {
        const said = JSON.parse(text);
        knowledge.learn(one.label, one.story, headers, said);
        if (status === 200 && one.kind === 'valid' && typeof said.token === 'string') {
          again.push(afterPreview(randomFor(seed, first + at), one, said.token));
        }
      }
    }
    progress?.(first + asked.length);
  }
  client.close();
  return report;
}

/** `again`: requests with idempotency keys, some of which are sent again, and what previews have shown. */
function requestFor(r: Random, source: Source, again: readonly Asked[], crawled: Crawled): Asked {
  const chance = r.fraction();
  if (chance < 0.05) return wildRequest(r);
  if (chance < 0.07 && crawled.links.length) return follow(r, crawled, source.writers);
  if (chance < 0.1 && crawled.forms.length) return submit(r, crawled, source.writers);
  if (again.length && chance > 0.94) return r.pick(again);
  const operation = r.chance(0.05) ? r.pick(pages) : r.pick(source.api.operations);
  const valid = validRequest(r, source, operation);
  if (r.chance(0.02))
    return { ...valid, kind: 'near', method: r.pick(['HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'TRACE', 'QUERY']) };
  return chance < 0.4 ? nearRequest(r, source, valid) : valid;
}

const count = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);

function told(index: number, { method, path, headers, body, label, as }: Asked, status: number, text: string): string {
  const request =
    label === 'bytes'
      ? JSON.stringify(body!.toString('latin1'))
      : `${method} ${path} ${JSON.stringify(headers)} ${body ?? ''}`;
  const short = (said: string) => (said.length > 2000 ? `${said.slice(0, 2000)}… (${said.length} characters)` : said);
  return `request ${index}, as ${as}: ${short(request)}\nanswer ${status}: ${short(text)}`;
}
