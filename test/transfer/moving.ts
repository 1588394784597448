/** Stories out of one data folder into a file, and out of a file into another folder, as the command line does it. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { verify } from '../../src/audit/verify.js';
import { takeInto } from '../../src/cli/import.js';
import type { EventStore } from '../../src/event-store/port.js';
import { openSqliteStore } from '../../src/event-store/sqlite/store.js';
import type { Instant } from '../../src/story/instant.js';
import { exportLog } from '../../src/transfer/export-log.js';

const exportedAt = '2026-05-14T11:30:00.000Z' as Instant;

export async function exported(store: EventStore, names: readonly string[] = []): Promise<string> {
  let text = '';
  const from = { publisher: 'The Courier', store: 'sqlite' };
  for await (const step of exportLog(store, names, { exportedAt, from })) if (step.kind === 'lines') text += step.text;
  return text;
}

/** From a folder, beside a running service or not, into a file. */
export async function exportTo(data: string, file: string): Promise<void> {
  const store = await openSqliteStore(data, { readOnly: true });
  const out = createWriteStream(file);
  out.end(await exported(store));
  await once(out, 'finish');
  await store.close();
}

/** Into a folder that nobody has open. */
export async function importFrom(file: string, data: string) {
  const store = await openSqliteStore(data);
  try {
    return await takeInto(store, { data }, file);
  } finally {
    await store.close();
  }
}

/** What is wrong with a store, and the heads of its chains by story. */
export async function proved(store: EventStore) {
  const heads = new Map<string, string>();
  const wrong: unknown[] = [];
  for await (const step of verify(store)) {
    if (step.kind === 'head') heads.set(step.head.story, step.head.hash);
    if (step.kind === 'finding' || step.kind === 'pending') wrong.push(step);
  }
  return { heads: Object.fromEntries(heads), wrong };
}

export async function provedIn(data: string) {
  const store = await openSqliteStore(data, { readOnly: true });
  try {
    return await proved(store);
  } finally {
    await store.close();
  }
}
