/** Why a story cannot be shown as asked: in words, with the ways on from here. */
import type { HistoryRefusal, StoryAnswer } from '../history/answers.js';
import { Page } from '../web/page.js';
import { problemTypes } from '../web/problem.js';
import { historyPath, storyPath } from './addresses.js';
import { MomentForm } from './moment-form.js';
import type { Reading } from './story-page.js';
import { full, Time } from './times.js';

export interface RefusalPageProps extends Reading {
  refusal: HistoryRefusal;
  /** Where the viewer may know of it. */
  story?: StoryAnswer;
  /** The moment asked about, as it was typed, where it was none; else as it was read. */
  typed?: string;
  at?: StoryAnswer['firstPublishedAt'];
  /** Where another moment is asked for. */
  momentsAt: string;
}

export function RefusalPage({ frame, zone, refusal, story, typed, at, momentsAt }: RefusalPageProps) {
  const { code, notice } = refusal;
  const title = problemTypes().get(code)?.title ?? 'Not available';
  const badMoment = code === 'bad-instant';
  return (
    <Page frame={frame} title={title} unlisted>
      <div class="column">
        <h1>{title}</h1>
        <p class="summary" id="problem" role={badMoment ? 'alert' : undefined}>
          <Explained code={code} refusal={refusal} story={story} at={at} zone={zone} />
        </p>
        {typeof notice === 'string' && (
          <aside class="notice" aria-label="Notice">
            <b>From the publisher</b>
            <bdi>{notice}</bdi>
          </aside>
        )}
        {(badMoment || story) && (
          <MomentForm
            action={momentsAt}
            zone={zone}
            {...(badMoment ? { typed: typed ?? '', problem: 'problem' } : { value: at ?? undefined })}
          />
        )}
        <p class="meta">
          {story && (
            <>
              <a href={storyPath(story)}>The story now</a> · <a href={historyPath(story)}>All versions</a> ·{' '}
            </>
          )}
          <a href="/">All stories</a> · <a href={`/problems/${code}`}>What this means</a>
        </p>
      </div>
    </Page>
  );
}

function Explained({
  code,
  refusal,
  story,
  at,
  zone,
}: Pick<RefusalPageProps, 'refusal' | 'story' | 'at' | 'zone'> & { code: string }) {
  const then = at && <Time at={at} zone={zone} detail={{ ...full, seconds: true }} />;
  switch (code) {
    case 'bad-instant':
      return (
        <>
          That is no moment that can be read here. Type a date and time such as <code>2026-05-14 11:30</code>, a date,
          or an exact instant such as <code>2026-05-14T11:30:00+01:00</code>.
        </>
      );
    case 'not-yet-in-force':
      return (
        <>
          {then ? <>As of {then} this</> : 'This'} story had not been published.
          {story?.firstPublishedAt && (
            <>
              {' '}
              It was first published{' '}
              <a href={`${storyPath(story)}?at=${encodeURIComponent(story.firstPublishedAt)}`}>
                <Time at={story.firstPublishedAt} zone={zone} detail={full} />
              </a>
              .
            </>
          )}
        </>
      );
    case 'withdrawn-then':
      return <>{then ? <>As of {then} the</> : 'The'} story was withdrawn. It has been reinstated since.</>;
    case 'version-hidden':
      return (
        <>
          Version {refusal.version} {then ? <>was in force as of {then}; it</> : 'was in force and'} has been removed by
          the publisher. No other version stands in its place.
        </>
      );
    default:
      return <bdi>{refusal.detail}</bdi>;
  }
}
