/** Killed at random moments, fifty times on one folder: what was acknowledged is there, and nothing is half there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { v5 as uuidv5 } from 'uuid';
import { openLog } from '../../src/event-store/log.js';
import { openSqliteStore } from '../../src/event-store/sqlite/store.js';
import { fromSource } from './from-source.js';

const kills = 50;
const seed = 20260322;
const stories = Array.from({ length: 5 }, (_, i) => uuidv5(`story ${i}`, '5c3d6a39-6b0f-4ce2-8ab0-6f6ad0f3d0a5'));

interface Acknowledged {
  command: string;
  story: string;
  revision: number;
  hash: string;
}

/** Kills the child as soon as it has told of `after` commands; returns all that it told until it died. */
async function killedAfter(after: number, directory: string): Promise<Acknowledged[]> {
  const child = spawn(process.execPath, fromSource('crash-child.ts', directory, ...stories), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    if (told.split('\n').length > after) child.kill('SIGKILL');
  });
  expect(await once(child, 'close')).toEqual([null, 'SIGKILL']);
  const lines = told.slice(0, told.lastIndexOf('\n')).split('\n');
  return lines.map((line) => {
    const [command, story, revision, hash] = line.split(' ') as [string, string, string, string];
    return { command, story, revision: Number(revision), hash };
  });
}

test(`after ${kills} kills nothing acknowledged is lost, nothing is half there, and chains are unbroken`, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'palimpsest-crash-'));
  try {
    let random = seed;
    const acknowledged: Acknowledged[] = [];
    for (let i = 0; i < kills; i++) {
      random = (Math.imul(random, 1103515245) + 12345) >>> 1;
      acknowledged.push(...(await killedAfter(1 + (random % 40), directory)));
    }
    const store = await openSqliteStore(directory);
    const log = openLog(store);
    const hashes = new Map<string, string>();
    const events = new Map<string, { ids: string[]; promised: number }>();
    for (const story of stories) {
      let next = 0;
      for await (const { revision, faults, hash, opened } of log.readRecords(story)) {
        expect([revision, faults, opened?.textStates]).toEqual([next++, [], { labels: 'verified' }]);
        hashes.set(`${story} ${revision}`, hash);
        const { commandId, eventId } = opened!.metadata;
        const command = events.get(commandId) ?? { ids: [], promised: (opened!.data as { version: number }).version };
        command.ids.push(eventId);
        events.set(commandId, command);
      }
    }
    await store.close();
    for (const [command, { ids, promised }] of events)
      expect(ids).toEqual(Array.from({ length: promised }, (_, i) => uuidv5(String(i), command)));
    for (const { command, story, revision, hash } of acknowledged) {
      expect(events.has(command)).toBe(true);
      expect(hashes.get(`${story} ${revision}`)).toBe(hash);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(kills);
  } finally {
    await rm(directory, { recursive: true });
  }
}, 120_000);
