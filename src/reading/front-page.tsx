/** The front: stories in force, the latest changed first, or those that say something; as of any moment; and what to do while there are none. */
import type { StoriesAnswer, StoryItem } from '../history/answers.js';
import type { Instant } from '../story/instant.js';
import { Page } from '../web/page.js';
import { asOfPath, storyPath } from './addresses.js';
import { MomentForm } from './moment-form.js';
import { Matches, SearchForm } from './search.js';
import type { Reading } from './story-page.js';
import { detailBeside, full, Time } from './times.js';
import { ActTag, actsOf, noHeadline, plainTitle, Speakers, Typed, tongueOf, withdrawalNames } from './words.js';

interface FrontPageProps extends Reading {
  answer: Pick<StoriesAnswer, 'items' | 'next' | 'partial'>;
  /** Set where a moment was asked for. */
  at?: Instant;
  /** A moment that was asked for and is yet to come: the list is as it is now. */
  ahead?: Instant;
  /** What was looked for, as it was typed. */
  q?: string;
  /** Why it cannot be looked for. */
  problem?: string;
  first: boolean;
  /** What a signed-in editor is told while there is nothing: the service's own address. */
  editor?: { origin: string };
}

export function FrontPage({ frame, zone, now, answer, at, ahead, q, problem, first, editor }: FrontPageProps) {
  const { items, next, partial } = answer;
  const asked = { ...(q !== undefined && { q }), ...(at && { at }) };
  const title = q === undefined ? (at ? 'As it was' : frame.publisher.name) : `Search: ${plainTitle(q, '')}`;
  return (
    <Page frame={frame} title={title} unlisted={at !== undefined || q !== undefined}>
      <div class="column">
        {at ? (
          <>
            <h1>As it was</h1>
            <div class="notice standing">
              <b>
                As of <Time at={at} zone={zone} detail={{ ...full, exact: !at.endsWith(':00.000Z') }} />
              </b>
              These stories were in force then, each as it stood.{' '}
              <a href={pathOf({ ...(q !== undefined && { q }) })}>Read them as they are now</a>
            </div>
          </>
        ) : (
          <h1>{q === undefined ? 'Latest' : 'Search'}</h1>
        )}
        {ahead && (
          <div class="notice standing">
            <b>
              <Time at={ahead} zone={zone} detail={full} /> is yet to come; these are the stories as they are now
            </b>
          </div>
        )}
        <SearchForm q={q} at={at} problem={problem} />
        {items.length > 0 ? (
          <ul class="stories">
            {items.map((item) => (
              <Entry item={item} at={at} now={now} zone={zone} />
            ))}
          </ul>
        ) : problem !== undefined || partial ? null : q !== undefined ? (
          <NothingFound q={q} at={at} first={first} />
        ) : (
          <Empty at={at} first={first} editor={editor} />
        )}
        {partial && <p class="meta">These words are so common that the search stopped here. It can go on.</p>}
        {(!first || next) && (
          <nav class="pages" aria-label="Pages of the list">
            {first ? <span /> : <a href={pathOf(asked)}>Back to the latest</a>}
            {next && (
              <a href={pathOf({ ...asked, cursor: next })} rel="next">
                Earlier stories
              </a>
            )}
          </nav>
        )}
        <MomentForm
          action="/"
          value={at}
          zone={zone}
          label={q === undefined ? 'Read the front as of a moment' : 'Search as of a moment'}
          also={q === undefined ? {} : { q }}
        />
      </div>
    </Page>
  );
}

const pathOf = (asked: Record<string, string>): string => {
  const query = new URLSearchParams(asked);
  return query.size > 0 ? `/?${query}` : '/';
};

interface EntryProps {
  item: StoryItem;
  at: Instant | undefined;
  now: Instant;
  zone: string;
}

function Entry({ item, at, now, zone }: EntryProps) {
  const { story, headline, standfirst, section, withdrawal, hidden, language, note, statements } = item;
  const { inForceFrom, recordedAt } = item;
  const tongue = tongueOf(language === null ? {} : { language });
  return (
    <li>
      {section !== null && (
        <span class="kicker" {...tongue}>
          <Typed text={section} what="Section" />
        </span>
      )}
      <h2 {...tongue}>
        <a href={at ? asOfPath(story, at) : storyPath(story)}>
          {headline === null ? noHeadline : <Typed text={headline} what="Headline" />}
        </a>
      </h2>
      {standfirst !== null && (
        <p {...tongue}>
          <Typed text={standfirst} what="Standfirst" />
        </p>
      )}
      <p class="meta">
        <What item={item} />{' '}
        <Time at={inForceFrom} zone={zone} detail={{ ...detailBeside(inForceFrom, at ?? now, zone), zone: true }} />
        {recordedAt !== inForceFrom && (
          <>
            , recorded <Time at={recordedAt} zone={zone} detail={detailBeside(recordedAt, inForceFrom, zone)} />
          </>
        )}
        {note !== null ? (
          <>
            {' '}
            · <Typed text={note} what="Note" />
          </>
        ) : (
          statements.length > 0 && (
            <>
              {' '}
              · <Speakers statements={statements} />
            </>
          )
        )}
        {withdrawal && (
          <>
            {' '}
            <span class="tag w">{withdrawalNames[withdrawal.kind]}</span>
          </>
        )}
        {hidden && (
          <>
            {' '}
            <span class="tag w">Hidden from readers</span>
          </>
        )}
      </p>
      <Matches matches={item.matches} tongue={tongue} />
    </li>
  );
}

const What = ({ item }: { item: StoryItem }) => (
  <>
    {actsOf(item).map((act, index) => (
      <>
        {index > 0 && ' '}
        <ActTag act={act} item={item} />
      </>
    ))}
  </>
);

function NothingFound({ q, at, first }: { q: string } & Pick<FrontPageProps, 'at' | 'first'>) {
  if (!first) return <p class="empty">There are no more stories that say so.</p>;
  return (
    <p class="empty">
      No story {at ? 'in force then says' : 'says'} “<bdi>{q}</bdi>”.
    </p>
  );
}

function Empty({ at, first, editor }: Pick<FrontPageProps, 'at' | 'first' | 'editor'>) {
  if (!first) return <p class="empty">There are no more stories.</p>;
  if (at) return <p class="empty">No story was in force then.</p>;
  if (!editor) return <p class="empty">Nothing has been published yet.</p>;
  const request = JSON.stringify({
    headline: 'Ferries stopped after fire at Quay 9',
    body: { markdown: 'Nobody was hurt.' },
  });
  return (
    <div class="empty">
      <p>Nothing has been published yet.</p>
      <form method="post" action="/example">
        <button type="submit" class="button">
          Load the example story
        </button>
      </form>
      <h2>Publish a story of your own</h2>
      <p>Send it with an editor’s token:</p>
      <pre tabindex={0}>
        {`curl ${editor.origin}/api/stories \\
  -H 'Authorization: Bearer <token>' \\
  -H 'Content-Type: application/json' \\
  -d '${request}'`}
      </pre>
    </div>
  );
}
