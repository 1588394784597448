/** The front: stories in force, the latest changed first; as of any moment; and what to do while there are none. */
import type { StoriesAnswer, StoryItem, VersionAnswer } from '../history/answers.js';
import type { Instant } from '../story/instant.js';
import { Page } from '../web/page.js';
import { asOfPath, storyPath } from './addresses.js';
import { MomentForm } from './moment-form.js';
import type { Reading } from './story-page.js';
import { detailBeside, full, Time } from './times.js';
import { actsOf, isCorrection, noHeadline, Speakers, Typed, tongueOf, withdrawalNames } from './words.js';

export interface FrontEntry {
  item: StoryItem;
  /** Where it can be read. */
  version?: VersionAnswer;
}

export interface FrontPageProps extends Reading {
  answer: StoriesAnswer;
  entries: readonly FrontEntry[];
  /** Set where a moment was asked for. */
  at?: Instant;
  first: boolean;
  /** What a signed-in editor is told while there is nothing: the service's own address. */
  editor?: { origin: string };
}

export function FrontPage({ frame, zone, now, answer, entries, at, first, editor }: FrontPageProps) {
  const { next } = answer;
  const more = new URLSearchParams({ ...(at && { at }), ...(next && { cursor: next }) });
  return (
    <Page frame={frame} title={at ? 'As it was' : frame.publisher} unlisted={at !== undefined}>
      <div class="column">
        {at ? (
          <>
            <h1>As it was</h1>
            <div class="notice standing">
              <b>
                As of <Time at={at} zone={zone} detail={{ ...full, seconds: !at.endsWith(':00.000Z') }} />
              </b>
              These stories were in force then, each as it stood. <a href="/">Read them as they are now</a>
            </div>
          </>
        ) : (
          <h1>Latest</h1>
        )}
        {entries.length > 0 ? (
          <ul class="stories">
            {entries.map((entry) => (
              <Entry {...entry} at={at} now={now} zone={zone} />
            ))}
          </ul>
        ) : (
          <Empty at={at} first={first} editor={editor} />
        )}
        {(!first || next) && (
          <nav class="pages" aria-label="Pages of the list">
            {first ? <span /> : <a href={at ? `/?at=${encodeURIComponent(at)}` : '/'}>Back to the latest</a>}
            {next && (
              <a href={`/?${more}`} rel="next">
                Earlier stories
              </a>
            )}
          </nav>
        )}
        <MomentForm action="/" value={at} zone={zone} label="Read the front as of a moment" />
      </div>
    </Page>
  );
}

interface EntryProps extends FrontEntry {
  at: Instant | undefined;
  now: Instant;
  zone: string;
}

function Entry({ item, version, at, now, zone }: EntryProps) {
  const { story, headline, standfirst, section, withdrawal, hidden } = item;
  const { inForceFrom, recordedAt } = item;
  const tongue = tongueOf(version?.content.fields ?? {});
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
        <What item={item} version={version} />{' '}
        <Time at={inForceFrom} zone={zone} detail={{ ...detailBeside(inForceFrom, at ?? now, zone), zone: true }} />
        {recordedAt !== inForceFrom && (
          <>
            , recorded <Time at={recordedAt} zone={zone} detail={detailBeside(recordedAt, inForceFrom, zone)} />
          </>
        )}
        {version?.note != null ? (
          <>
            {' '}
            · <Typed text={version.note} what="Note" />
          </>
        ) : (
          version &&
          version.statements.length > 0 && (
            <>
              {' '}
              · <Speakers statements={version.statements} />
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
    </li>
  );
}

function What({ item, version }: FrontEntry) {
  if (!version?.acts.length) return <span class="tag">{item.version === 1 ? 'Published' : 'Changed'}</span>;
  return (
    <>
      {actsOf(version).map((act, index) => (
        <>
          {index > 0 && ' '}
          <span class={isCorrection(version) && act === 'Correction' ? 'tag c' : 'tag'}>{act}</span>
        </>
      ))}
    </>
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
