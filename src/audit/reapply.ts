/** Orders anew, in a log that lacks them, the erasures that a ledger names: a backup put back brings no words back. */
import { v5 as uuidv5 } from 'uuid';
import { type Log, type LoggedFacts, noStory, type StoryHead } from '../event-store/log.js';
import { WrongExpectedRevision } from '../event-store/port.js';
import { UnreadableRecord } from '../event-store/sealing.js';
import type { Reference } from '../story/events.js';
import { evolve, initialStory } from '../story/evolve.js';
import { fromMs } from '../story/instant.js';
import { recordingTime } from '../story/questions.js';
import type { LedgerEntry } from './ledger.js';

/**
 * How an entry stands to a log. `recorded`: the log has this order. `lacking`: it has not, and `applies` are those of the
 * texts whose record is here, byte for byte. `elsewhere`: none is.
 */
export interface Standing {
  entry: LedgerEntry;
  standing: 'recorded' | 'lacking' | 'elsewhere';
  applies: Reference[];
  /** Texts of records that are not here: `gone` (no such revision), `other` (another record stands there). */
  apart: { revision: number; name: string; because: 'gone' | 'other' }[];
}

/** Throws StoreUnavailable. A story whose records cannot be read has none that are here. */
export async function standingIn(log: Log, entry: LedgerEntry): Promise<Standing> {
  const recorded: Standing = { entry, standing: 'recorded', applies: [], apart: [] };
  const here: LoggedFacts[] = [];
  try {
    for await (const { hash } of log.readFacts(entry.story, entry.revision)) {
      if (hash === entry.hash) return recorded;
      break;
    }
    for await (const facts of log.readFacts(entry.story)) {
      if (facts.type === 'TextsErased' && facts.data.ledger === entry.hash) return recorded;
      here.push(facts);
    }
  } catch (error) {
    if (!(error instanceof UnreadableRecord)) throw error;
  }
  const applies: Reference[] = [];
  const apart: Standing['apart'] = [];
  for (const { revision, name, record } of entry.references) {
    const found = here[revision];
    if (found?.hash === record && found.textNames.includes(name)) applies.push([revision, name]);
    else apart.push({ revision, name, because: found ? 'other' : 'gone' });
  }
  return { entry, standing: applies.length > 0 ? 'lacking' : 'elsewhere', applies, apart };
}

/**
 * Records every order that the log lacks, as far as it applies; removing the words is the eraser's. Says how each entry
 * stood before. `clock`: milliseconds since 1970. Throws StoreUnavailable; what was recorded by then stays.
 */
export async function reapply(log: Log, entries: readonly LedgerEntry[], clock: () => number): Promise<Standing[]> {
  const standings: Standing[] = [];
  for (const entry of entries) {
    const standing = await standingIn(log, entry);
    if (standing.standing === 'lacking') await order(log, entry, standing.applies, clock);
    standings.push(standing);
  }
  return standings;
}

const namespace = '0b6ac1de-51c9-4f58-8a3c-6f0c3b0d8f4e';

async function order(log: Log, entry: LedgerEntry, references: Reference[], clock: () => number): Promise<void> {
  const { story, authority, hash } = entry;
  for (let attempt = 1; ; attempt++) {
    let state = initialStory;
    let expected: StoryHead = noStory;
    for await (const facts of log.readFacts(story)) {
      state = evolve(state, facts);
      expected = { revision: facts.revision, hash: facts.hash };
    }
    try {
      await log.append({
        story,
        expected,
        commandId: uuidv5(hash, namespace),
        actor: 'ledger',
        recordedAt: recordingTime(state, fromMs(clock())!),
        events: [{ type: 'TextsErased', data: { references, authority, ledger: hash }, texts: {} }],
      });
      return;
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision) || attempt === 5) throw error;
    }
  }
}
