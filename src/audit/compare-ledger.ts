/** Whether the log has every erasure that the ledger in the data folder names. */
import type { Log } from '../event-store/log.js';
import { readLedgerFile } from './ledger.js';
import { standingIn } from './reapply.js';
import type { Verifying } from './verify.js';

/** Throws what the log throws. */
export async function* compareLedger(directory: string, log: Log): AsyncGenerator<Verifying> {
  const { entries, unread } = readLedgerFile(directory);
  for (const line of unread) {
    yield { kind: 'finding', finding: { code: 'ledger-unread', detail: `line ${line} of erasures.jsonl is no entry` } };
  }
  for (const entry of entries) {
    const { standing, applies } = await standingIn(log, entry);
    if (standing !== 'lacking') continue;
    const detail = `the log lacks an erasure of ${applies.length} of its texts, ordered at ${entry.recordedAt} (erasures.jsonl): an older log was put back; start the service to order it anew`;
    yield { kind: 'finding', finding: { code: 'erasure-lacking', story: entry.story, detail } };
  }
}
