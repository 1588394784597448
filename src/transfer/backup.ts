/**
 * A backup is a folder with everything that must outlive the machine, and a manifest that names each file by its SHA-256
 * and is written last: a folder without one is no backup. Words ordered erased by then are not in it, nor any secret.
 */
import { createHash } from 'node:crypto';
import { chmodSync, closeSync, createReadStream, existsSync, fsyncSync, openSync, statSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { writePrivately } from '../access/private-file.js';
import { beginning, type EventStore } from '../event-store/port.js';
import { factsOf } from '../event-store/sealing.js';
import { copyStoreFile, keepingOut } from '../event-store/sqlite/backup.js';
import { openSqliteStore } from '../event-store/sqlite/store.js';
import { fromMs, type Instant } from '../story/instant.js';

/** Where a node keeps what lasts. Absolute paths. */
export interface Places {
  data: string;
  access: string;
}

export interface Manifest {
  palimpsest: 'backup';
  format: 1;
  madeAt: Instant;
  stories: number;
  events: number;
  files: { name: string; bytes: number; sha256: string }[];
}

export interface Progress {
  phase: 'copying' | 'hashing' | 'restoring';
  done: number;
  total: number;
}
type OnProgress = (progress: Progress) => void;

/** Why a folder is not written to, or not taken for a backup. Nothing was changed. */
export class BackupRefused extends Error {
  override name = 'BackupRefused';
}

const manifestFile = 'backup.json';
const unfinished = 'unfinished';
const log = 'events.db';
/** Each file that a backup may hold, and where it belongs. The log comes last: without it nothing can be served. */
const belongs = { 'tokens.json': 'access', 'erasures.jsonl': 'data', [log]: 'data' } as const;
type Name = keyof typeof belongs;
const names = Object.keys(belongs) as Name[];

interface BackingUp {
  places: Places;
  /** Made if it is not there; else empty. */
  to: string;
  /** Whether tokens.json goes with it. */
  tokens: boolean;
  /** Proves the copied log; throws what is wrong with it. */
  check(copy: EventStore): Promise<{ stories: number; events: number }>;
  /** Milliseconds since 1970. */
  clock?(): number;
  onProgress?: OnProgress;
}

/** While a service runs or not; embedded store only. Throws BackupRefused, what `check` throws, what stores throw. */
export async function backUp(given: BackingUp): Promise<Manifest> {
  const { places, to, tokens, check, clock = Date.now, onProgress = () => {} } = given;
  if (!relative(places.data, to).startsWith('..')) {
    throw new BackupRefused(`${to} is in the data folder, and would be lost with it; choose another place`);
  }
  await mkdir(to, { recursive: true, mode: 0o700 }).catch((error: Error) => {
    throw new BackupRefused(`${to} cannot be used: ${error.message}`);
  });
  const draft = join(to, unfinished);
  await refuseUnlessEmpty(to);
  await mkdir(draft, { mode: 0o700 });
  const madeAt = fromMs(clock())!;
  await copyStoreFile(places.data, join(draft, log), (done, total) => onProgress({ phase: 'copying', done, total }));
  // After the log: so it names every order that the log has, and those of meanwhile, whose words are still in the copy.
  const wanted = names.filter((name) => name !== log && (tokens || name !== 'tokens.json'));
  for (const name of wanted) {
    const from = join(places[belongs[name]], name);
    if (existsSync(from)) await copyFile(from, join(draft, name));
  }
  const store = await openSqliteStore(draft);
  let counts: { stories: number; events: number };
  try {
    await carryOutErasures(store);
    counts = await check(store);
  } finally {
    await store.close();
  }
  const files: Manifest['files'] = [];
  for (const name of names.filter((name) => existsSync(join(draft, name)))) {
    chmodSync(join(draft, name), 0o600);
    syncFile(join(draft, name));
    files.push({ name, ...(await measured(join(draft, name), onProgress)) });
  }
  for (const { name } of files) await rename(join(draft, name), join(to, name));
  await rm(draft, { recursive: true });
  const manifest: Manifest = { palimpsest: 'backup', format: 1, madeAt, ...counts, files };
  writePrivately(join(to, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** Takes out of the copy what was ordered erased and still lay in the store when it was copied. */
async function carryOutErasures(store: EventStore): Promise<void> {
  for (let after = beginning; ; ) {
    const events = await store.readAll(after, 256);
    for (const event of events) {
      const facts = factsOf(event);
      if (facts.type !== 'TextsErased') continue;
      const texts = facts.data.references.map(([revision, name]) => ({ revision, name }));
      const left = await store.remaining(event.stream, texts);
      if (left.length > 0) await store.erase(event.stream, left);
    }
    if (events.length === 0) return;
    after = events.at(-1)!.position;
  }
}

/** What a backup says of itself, once every file in it has been found to be what it says. Throws BackupRefused. */
export async function readBackup(from: string, onProgress: OnProgress = () => {}): Promise<Manifest> {
  const manifest = await readManifest(from);
  for (const { name, bytes, sha256 } of manifest.files) {
    const path = join(from, name);
    if (!existsSync(path)) throw new BackupRefused(`${path} is gone from the backup; take another one`);
    const found = await measured(path, onProgress);
    if (found.bytes !== bytes || found.sha256 !== sha256) {
      throw new BackupRefused(`${path} is not what was backed up: damaged or altered since; take another backup`);
    }
  }
  return manifest;
}

async function readManifest(from: string): Promise<Manifest> {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(await readFile(join(from, manifestFile), 'utf8'));
  } catch {
    throw new BackupRefused(
      existsSync(join(from, unfinished))
        ? `${from} is not whole: that backup was broken off, or still runs`
        : `${from} is no backup: there is no ${manifestFile} in it that can be read`,
    );
  }
  const isOurs = manifest?.palimpsest === 'backup' && Array.isArray(manifest.files) && manifest.files.every(isFile);
  if (!isOurs) throw new BackupRefused(`${join(from, manifestFile)} is not a manifest of Palimpsest`);
  const known = manifest.files.every(({ name }) => (names as string[]).includes(name));
  if (manifest.format !== 1 || !known) {
    throw new BackupRefused(`${from} was made by a newer Palimpsest; upgrade to restore it`);
  }
  return manifest;
}

const isFile = (one: unknown): boolean => {
  const { name, bytes, sha256 } = (one ?? {}) as Partial<Manifest['files'][number]>;
  return typeof name === 'string' && typeof bytes === 'number' && typeof sha256 === 'string';
};

/**
 * Puts a backup where a node starts from, nothing over anything. The backup is checked first, as `readBackup` does.
 * Throws BackupRefused; StoreRefused `in-use`.
 */
export async function restoreBackup(
  from: string,
  places: Places,
  onProgress: OnProgress = () => {},
): Promise<Manifest> {
  const manifest = await readBackup(from, onProgress);
  const targets = names
    .filter((name) => manifest.files.some((file) => file.name === name))
    .map((name) => ({ name, target: join(places[belongs[name]], name) }));
  await mkdir(places.data, { recursive: true, mode: 0o700 });
  await refuseUnlessEmpty(places.data);
  for (const { target } of targets) {
    if (existsSync(target)) throw new BackupRefused(`${target} is there already, and nothing is written over it`);
  }
  await mkdir(places.access, { recursive: true, mode: 0o700 });
  return keepingOut(places.data, async () => {
    for (const [index, { name, target }] of targets.entries()) {
      await copyFile(join(from, name), draftOf(target));
      chmodSync(draftOf(target), 0o600);
      syncFile(draftOf(target));
      onProgress({ phase: 'restoring', done: index + 1, total: targets.length });
    }
    for (const { target } of targets) await rename(draftOf(target), target);
    return manifest;
  });
}

const draftOf = (target: string): string => `${target}.restoring`;

/** A new volume has `lost+found`; the rest is what a restore leaves that was broken off. */
const passedOver = /^(lost\+found|writer\.lock\.db|.*\.restoring)$/;

async function refuseUnlessEmpty(folder: string): Promise<void> {
  const there = (await readdir(folder)).filter((name) => !passedOver.test(name));
  if (there.length === 0) return;
  const broken = there.includes(unfinished) ? ' (a backup that was broken off, or still runs)' : '';
  throw new BackupRefused(`${folder} holds ${there.slice(0, 3).join(', ')}${broken}; take an empty folder`);
}

async function measured(path: string, onProgress: OnProgress): Promise<{ bytes: number; sha256: string }> {
  const total = statSync(path).size;
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    hash.update(chunk);
    bytes += chunk.length;
    onProgress({ phase: 'hashing', done: bytes, total });
  }
  return { bytes, sha256: hash.digest('hex') };
}

function syncFile(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
