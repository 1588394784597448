/** The search box, and where a story says what was looked for: in whose words. */
import type { SearchMatch, StoryItem } from '../history/answers.js';
import { longestQuery } from '../history/search.js';
import type { Instant } from '../story/instant.js';
import { Typed, type tongueOf } from './words.js';

/** Searches what was in force at `at`; now, without. */
export const SearchForm = ({ q, at, problem }: { q?: string; at?: Instant; problem?: string }) => (
  <search>
    <form method="get" action="/" class="search">
      {at && <input type="hidden" name="at" value={at} />}
      <label class="field" for="q">
        <span>{at ? 'Search the stories as they were' : 'Search the stories'}</span>
        <input
          id="q"
          type="search"
          name="q"
          value={q}
          required
          maxlength={longestQuery}
          autocomplete="off"
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : 'q-problem'}
        />
      </label>
      <button type="submit" class="button plain">
        Search
      </button>
      {problem !== undefined && (
        <p id="q-problem" role="alert" class="meta">
          {problem} Put words that stand side by side in "quotation marks"; ferr* finds what begins so.
        </p>
      )}
    </form>
  </search>
);

/** What the list shows of a story anyway. */
const shownAnyway = new Set<SearchMatch['field']>(['headline', 'standfirst']);

const fieldNames: Partial<Record<SearchMatch['field'], string>> = {
  byline: 'Byline',
  authors: 'By',
  section: 'Section',
  tags: 'Tags',
  leadImage: 'Picture',
  source: 'Source',
  speaker: 'Statement by',
  organisation: 'Statement for',
};

export function Matches({
  matches = [],
  tongue,
}: Pick<StoryItem, 'matches'> & { tongue: ReturnType<typeof tongueOf> }) {
  const told = matches.filter(({ field }) => !shownAnyway.has(field));
  if (told.length === 0) return null;
  return (
    <ul class="excerpts" aria-label="Where it says so">
      {told.map(({ field, statement, excerpt }) => (
        <li>
          {fieldNames[field] !== undefined && `${fieldNames[field]}: `}
          {field === 'body' && statement && (
            <b>
              <Typed text={statement.speaker} what="Name" />
              {statement.organisation !== undefined && (
                <>
                  , <Typed text={statement.organisation} what="organisation" />
                </>
              )}
              {': '}
            </b>
          )}
          <bdi {...tongue}>{excerpt.map(({ text, match }) => (match ? <mark>{text}</mark> : text))}</bdi>
        </li>
      ))}
    </ul>
  );
}
