/**
 * Imports a story's history, a line a version, each one command with a key made of the line: what has been imported is
 * found again, so a run that was broken off is simply run again.
 */
import type { DraftBlock } from '../content/types.js';
import type { Instant } from '../story/instant.js';
import { sameJson } from '../story/same-json.js';
import type { ImportLine, ReadLine } from './import-line.js';

/** One request to the service, with the caller's token. */
export type Ask = (request: {
  method: 'GET' | 'POST';
  path: string;
  headers?: { [name: string]: string };
  body?: unknown;
}) => Promise<{ status: number; body: unknown }>;

/** `imported`; `unchanged`: nothing differs from what is in force; `there`: it was found, imported earlier. */
export type LineOutcome = 'imported' | 'unchanged' | 'there';

export type Importing =
  | {
      ok: true;
      line: number;
      outcome: LineOutcome;
      version: number;
      dropped: readonly { what: string; line?: number }[];
    }
  | { ok: false; line: number; problem: string };

/**
 * Sends line after line and ends at the first that is refused; what came before it stays. `story` is the slug that the
 * story has or gets, or its id.
 */
export async function* importVersions(
  story: string,
  lines: AsyncIterable<ReadLine>,
  ask: Ask,
): AsyncGenerator<Importing> {
  let exists = await isThere(story, ask);
  for await (const read of lines) {
    const outcome = read.ok
      ? await send(story, read.line, exists, ask)
      : { ok: false as const, line: read.number, problem: read.problem };
    yield outcome;
    if (!outcome.ok) return;
    exists = true;
  }
}

async function isThere(story: string, ask: Ask): Promise<boolean> {
  const { status, body } = await ask({ method: 'GET', path: `/api/stories/${story}` });
  return status !== 404 || (body as Answer).code !== 'story-not-found';
}

interface Answer {
  version?: number;
  changed?: boolean;
  dropped?: { what: string; line?: number }[];
  code?: string;
  detail?: string;
  faults?: { pointer?: string; detail: string }[];
}

async function send(story: string, line: ImportLine, exists: boolean, ask: Ask): Promise<Importing> {
  const refused = (problem: string): Importing => ({ ok: false, line: line.number, problem });
  const done = (outcome: LineOutcome, { version = 0, dropped = [] }: Answer): Importing => ({
    ok: true,
    line: line.number,
    outcome,
    version,
    dropped,
  });
  if (!exists && line.headline === undefined) {
    return refused('it has no headline, and a story needs one: give "headline", a front matter title, or --headline');
  }
  const key = { 'idempotency-key': `import/${story}/${line.number}/${line.hash}` };
  const { status, body } = await ask(
    exists
      ? {
          method: 'POST',
          path: `/api/stories/${story}/versions`,
          headers: { ...key, 'if-match': '*' },
          body: line.request,
        }
      : { method: 'POST', path: '/api/stories', headers: key, body: { slug: story, ...line.request } },
  );
  const answer = body as Answer;
  if (status === 201) return done('imported', answer);
  if (status === 200) return done(answer.changed ? 'there' : 'unchanged', answer);
  // The key holds the line's hash: whatever it was used for was this line, such as the publish that it once was.
  if (answer.code === 'idempotency-key-reused') return done('there', await versionAt(story, line.at, ask));
  if (answer.code === 'import-before-last') {
    // A line that changed nothing left no key behind, and another token's keys are others.
    const then = await versionAt(story, line.at, ask);
    if (saysThat(then, line)) return done('there', then);
  }
  const faults = (answer.faults ?? []).slice(0, 3).map(({ pointer, detail }) => `${pointer ?? ''} ${detail}`);
  return refused([answer.detail ?? `the service answered ${status}`, ...faults].join(' '));
}

interface VersionThen extends Answer {
  headline?: unknown;
  body?: readonly { [member: string]: unknown }[];
}

async function versionAt(story: string, at: Instant, ask: Ask): Promise<VersionThen> {
  const { status, body } = await ask({ method: 'GET', path: `/api/stories/${story}?asOf=${encodeURIComponent(at)}` });
  return status === 200 ? (body as VersionThen) : {};
}

const saysThat = ({ headline, body }: VersionThen, line: ImportLine): boolean =>
  body !== undefined &&
  (line.headline === undefined || headline === line.headline) &&
  sameJson(body.map(bare), (line.blocks as readonly DraftBlock[]).map(bare));

/** A block without the keys that tell it from its like; those of links stay, since marks name them. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== '_key' && name !== 'statement')
      .map(([name, member]) => [name, name === 'markDefs' ? member : bare(member)]),
  );
}
