/** Chooses a moment to read a story, or all of them, as of: a form that works without script. */
import type { Instant } from '../story/instant.js';
import { localInput } from './moment.js';

/** `typed` is shown as it was, were it no moment at all. */
export function MomentForm({
  action,
  value,
  typed,
  zone,
  label = 'Read it as of another moment',
  problem,
  also = {},
}: {
  action: string;
  value?: Instant;
  typed?: string;
  zone: string;
  label?: string;
  /** The id of what says what was wrong with `typed`. */
  problem?: string;
  /** What else is asked for. */
  also?: Record<string, string>;
}) {
  return (
    <form method="get" action={action} class="moment">
      {Object.entries(also).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <label class="field" for="at">
        <span>{label}</span>
        {typed === undefined ? (
          <input
            id="at"
            type="datetime-local"
            name="at"
            step="1"
            required
            value={value && localInput(value, zone)}
            data-at={value}
          />
        ) : (
          <input
            id="at"
            type="text"
            name="at"
            required
            value={typed}
            aria-invalid="true"
            aria-describedby={problem}
            autocomplete="off"
            spellcheck={false}
          />
        )}
      </label>
      <button type="submit" class="button plain">
        Show
      </button>{' '}
      <span class="meta" data-times="">
        Times are in {zone}.
      </span>
    </form>
  );
}
