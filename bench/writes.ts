/**
 * Durable edits over HTTP: one writer beside a bare commit of the same bytes, as is a bare Nest POST that makes that commit
 * and nothing else, which tells how much of it is HTTP's; 64 writers beside a bare Nest POST that
 * checks the same body and stores nothing. An edit sends the whole text, of which one paragraph is new.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cores } from './cores.js';
import { firstText, folderWith, type Plan, storyId } from './fixture.js';
import { closedLoop } from './load.js';
import { bareCommits, bareServer, editorOf, service } from './processes.js';
import { inTurn } from './rounds.js';
import { type Figure, told } from './table.js';

export const stories: Plan = { stories: 1000, versions: 1 };
const seconds = Number(process.env.SECONDS ?? 4);
const rounds = Number(process.env.ROUNDS ?? 5);

/** The next edit, of one story after the other. */
export function edits(token: string) {
  const texts = Array.from({ length: stories.stories }, (_, index) => firstText(storyId(stories, index)));
  let n = 0;
  const headers = { authorization: `Bearer ${token}`, 'if-match': '*', 'content-type': 'application/json' };
  return () => {
    const story = n % stories.stories;
    const text = texts[story]!;
    const edited = story % text.length;
    const body = text.with(edited, `${text[edited]} The harbour office said so in its note number ${n}.`);
    return {
      method: 'POST' as const,
      path: `/api/stories/${storyId(stories, story)}/versions`,
      // autocannon writes the length of the body into what it is given.
      headers: { ...headers },
      body: JSON.stringify({ note: `Note number ${n++}`, body: { text: body.join('\n\n') } }),
    };
  };
}

/** A folder of a thousand stories that may be written to. */
export async function folderToEdit(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'palimpsest-bench-'));
  cpSync(await folderWith([stories]), folder, { recursive: true });
  return folder;
}

export async function* figures(): AsyncGenerator<Figure> {
  const data = await folderToEdit();
  const folder = mkdtempSync(join(tmpdir(), 'palimpsest-bench-'));
  const ours = await service(data);
  const bare = await bareServer('bare-post.ts');
  const committing = await bareServer('bare-post.ts', join(folder, 'posted.db'));
  try {
    const next = edits(await editorOf(data));
    const bytes = Buffer.byteLength(next().body);
    const said = `bodies of ${bytes} bytes to 1,000 stories in turn`;
    await closedLoop(ours.url, { connections: 64, seconds: 2 * seconds, next });
    for (const { url } of [bare, committing]) await closedLoop(url, { connections: 64, seconds: 2, next });

    const one = { connections: 1, seconds, next };
    const alone = await inTurn(
      rounds,
      async () => 1000 / (await closedLoop(ours.url, one)),
      async () => 1000 / bareCommits(join(folder, 'bare.db'), bytes, seconds),
    );
    yield {
      what: 'a durable edit over HTTP, beside a bare durable commit of the same bytes',
      conditions: `1 writer; ${said}; SQLite in WAL with synchronous=FULL; ${cores}`,
      ours: told(alone.ours, 'ms'),
      baseline: told(alone.theirs, 'ms'),
      ratio: alone.ratio,
      wanted: { atMost: 4 },
    };

    const floor = await inTurn(
      rounds,
      async () => 1000 / (await closedLoop(committing.url, one)),
      async () => 1000 / bareCommits(join(folder, 'bare.db'), bytes, seconds),
    );
    yield {
      what: 'a bare Nest POST that checks the same body and commits it durably, beside that commit alone',
      conditions: `1 writer; ${said}; ${cores}`,
      ours: told(floor.ours, 'ms'),
      baseline: told(floor.theirs, 'ms'),
      ratio: floor.ratio,
    };

    const all = { connections: 64, seconds, next };
    const together = await inTurn(
      rounds,
      () => closedLoop(ours.url, all),
      () => closedLoop(bare.url, all),
    );
    yield {
      what: 'durable edits over HTTP, beside a bare Nest POST that checks the same body and stores nothing',
      conditions: `64 writers; ${said}; ${cores}`,
      ours: told(together.ours, 'a second'),
      baseline: told(together.theirs, 'a second'),
      ratio: together.ratio,
      wanted: { atLeast: 0.2 },
    };
  } finally {
    await Promise.all([ours.stop(), bare.stop(), committing.stop()]);
    for (const one of [data, folder]) rmSync(one, { recursive: true });
  }
}
