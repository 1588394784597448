/** What readers were told was wrong, in all stories or in one: each notice in its editor's words, the latest first. */
import type { CorrectionItem, Page as PageOf } from '../history/answers.js';
import { Page } from '../web/page.js';
import { comparePath, correctionsFeedPath, correctionsPath, historyPath, storyPath } from './addresses.js';
import { FeedLink } from './feed-link.js';
import { NoticeWords, noLongerStoodBy } from './notices.js';
import type { Reading } from './story-page.js';
import { full, Time } from './times.js';
import { correctionNames, noHeadline, Typed } from './words.js';

interface CorrectionsPageProps extends Reading {
  answer: PageOf<CorrectionItem>;
  /** Whether this is the first page of the list. */
  first: boolean;
  /** The story asked for, as it was named. */
  story?: string;
}

export function CorrectionsPage({ frame, zone, answer: { items, next }, first, story }: CorrectionsPageProps) {
  const here = correctionsPath(story === undefined ? undefined : { id: encodeURIComponent(story), slug: null });
  const title = story === undefined ? 'Corrections' : 'Corrections of one story';
  return (
    <Page
      frame={frame}
      title={title}
      head={
        <>
          <link rel="canonical" href={here} />
          <FeedLink title="Corrections" path={correctionsFeedPath} />
        </>
      }
    >
      <div class="column">
        <h1>{title}</h1>
        <p class="summary">
          What was wrong, in the editors’ words, and where it was put right. The latest come first.
          {story !== undefined && (
            <>
              {' '}
              <a href={correctionsPath()}>Corrections of all stories</a>
            </>
          )}
        </p>
        <p class="meta">
          <a href={correctionsFeedPath} type="application/atom+xml">
            Follow all corrections in a feed reader
          </a>
        </p>
        {items.length > 0 ? (
          <ul class="stories">
            {items.map((item) => (
              <Entry item={item} zone={zone} />
            ))}
          </ul>
        ) : (
          <p class="empty">{first ? 'Nothing has been corrected.' : 'There are no more corrections.'}</p>
        )}
        {(!first || next) && (
          <nav class="pages" aria-label="Pages of the list">
            {first ? <span /> : <a href={here}>Back to the latest</a>}
            {next && (
              <a href={`${here}${story === undefined ? '?' : '&'}cursor=${encodeURIComponent(next)}`} rel="next">
                Earlier corrections
              </a>
            )}
          </nav>
        )}
      </div>
    </Page>
  );
}

function Entry({ item, zone }: { item: CorrectionItem; zone: string }) {
  const { story, kind, at, notice, headline, version, corrects, against } = item;
  const earlier = corrects.filter((number) => version !== undefined && number < version);
  return (
    <li>
      <p class="meta">
        <span class={kind === 'retraction' ? 'tag w' : 'tag c'}>{correctionNames[kind]}</span>{' '}
        <Time at={at} zone={zone} detail={full} />
      </p>
      <h2>
        <a href={storyPath(story)}>{headline === null ? noHeadline : <Typed text={headline} what="Headline" />}</a>
      </h2>
      <p class="words">
        {kind === 'retraction' && <>{noLongerStoodBy} </>}
        {(notice !== null || kind !== 'retraction') && <NoticeWords notice={notice} />}
      </p>
      <p class="meta">
        {version !== undefined && against !== undefined && (
          <>
            <a href={comparePath(story, against, version)}>See the change</a> ·{' '}
          </>
        )}
        {version !== undefined && earlier.length > 0 && (
          <>
            Concerns{' '}
            {earlier.map((number, index) => (
              <>
                {index > 0 && (index === earlier.length - 1 ? ' and ' : ', ')}
                {against === undefined ? (
                  `version ${number}`
                ) : (
                  <a href={comparePath(story, number, version)}>
                    version {number}
                    <span class="hidden"> compared with version {version}</span>
                  </a>
                )}
              </>
            ))}
            ; came with version {version} ·{' '}
          </>
        )}
        <a href={historyPath(story)}>
          History<span class="hidden"> of this story</span>
        </a>
      </p>
    </li>
  );
}
