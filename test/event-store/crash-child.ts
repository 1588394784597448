/**
 * A child process of the crash test: eight editors write stories without pause; each acknowledged command is told on
 * stdout, before anything else happens, as a line `command story revision hash`. It runs until it is killed.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { type Log, noStory, openLog, type StoryHead } from '../../src/event-store/log.js';
import { WrongExpectedRevision } from '../../src/event-store/port.js';
import { openSqliteStore } from '../../src/event-store/sqlite/store.js';
import type { VersionLabelled } from '../../src/story/events.js';
import { fromMs } from '../../src/story/instant.js';

const [directory, ...stories] = process.argv.slice(2) as [string, ...string[]];

async function headOf(log: Log, story: string): Promise<StoryHead> {
  let head = noStory;
  for await (const { revision, hash } of log.readFacts(story)) head = { revision, hash };
  return head;
}

async function write(log: Log, heads: Map<string, StoryHead>): Promise<void> {
  for (;;) {
    const story = stories[randomInt(stories.length)]!;
    const count = 1 + randomInt(4);
    const events = Array.from(
      { length: count },
      (_, i): VersionLabelled => ({
        type: 'VersionLabelled',
        data: { version: count },
        texts: { labels: [`${i}`, 'fog over Harrow Bay '.repeat(randomInt(80))] },
      }),
    );
    const commandId = randomUUID();
    const expected = heads.get(story) ?? (await headOf(log, story));
    try {
      const stored = await log.append({ story, expected, commandId, actor: 'crash', recordedAt: fromMs(0)!, events });
      const { revision, hash } = stored.at(-1)!;
      writeSync(1, `${commandId} ${story} ${revision} ${hash}\n`);
      if ((heads.get(story)?.revision ?? -1) < revision) heads.set(story, { revision, hash });
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
      heads.delete(story);
    }
  }
}

const log = openLog(await openSqliteStore(directory));
const heads = new Map<string, StoryHead>();
await Promise.all(Array.from({ length: 8 }, () => write(log, heads)));
