/** The one timer of the public stream: sees to it that what waits for its time is told when the clock says so. */
import { type Instant, msOf } from '../story/instant.js';

interface Announcing {
  /** When the next one is due; null: nothing waits. */
  nextDue(): Instant | null;
  /** Tells what is due. */
  announce(): Promise<void>;
  /** Milliseconds since 1970. */
  clock(): number;
  onFailure(error: unknown): void;
}

/** The clock is looked at this often while something waits, in milliseconds: it may be set, and timers have an end. */
const oftenest = 1_000;

export type Announcer = ReturnType<typeof openAnnouncer>;

export function openAnnouncer({ nextDue, announce, clock, onFailure }: Announcing) {
  let timer: NodeJS.Timeout | undefined;
  let firing: Promise<void> | undefined;
  let running = false;

  /** Looks at what waits; to be called when that may have changed. */
  function look(atLeast = 0): void {
    clearTimeout(timer);
    if (!running || firing) return;
    let due: Instant | null;
    try {
      due = nextDue();
    } catch (error) {
      onFailure(error);
      timer = setTimeout(look, oftenest).unref();
      return;
    }
    if (due === null) return;
    const ms = Math.min(Math.max(msOf(due) - clock(), atLeast), oftenest);
    timer = setTimeout(() => {
      firing = fire(due);
    }, ms).unref();
  }

  async function fire(due: Instant): Promise<void> {
    let failed = false;
    try {
      if (msOf(due) <= clock()) await announce();
    } catch (error) {
      failed = true;
      onFailure(error);
    }
    firing = undefined;
    look(failed ? oftenest : 0);
  }

  return {
    look,
    start(): void {
      running = true;
      look();
    },
    async stop(): Promise<void> {
      running = false;
      clearTimeout(timer);
      await firing;
    },
  };
}
