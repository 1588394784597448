/** Why a story cannot be shown as asked: in words, with the ways on from here. */
import type { VNode } from 'preact';
import type { StoryAnswer } from '../history/answers.js';
import type { HistoryRefusal } from '../history/refusals.js';
import { Page } from '../web/page.js';
import { problemTypes } from '../web/problem.js';
import { asOfPath, correctionsPath, historyPath, storyPath, versionPath } from './addresses.js';
import { MomentForm } from './moment-form.js';
import { NoticeWords } from './notices.js';
import { Reigns } from './standing.js';
import type { Reading } from './story-page.js';
import { full, Time } from './times.js';
import { withdrawalNames } from './words.js';

interface RefusalPageProps extends Reading {
  refusal: HistoryRefusal;
  /** Where the viewer may know of it. */
  story?: StoryAnswer;
  /** The moment asked about, as it was typed, where it was none; else as it was read. */
  typed?: string;
  at?: StoryAnswer['firstPublishedAt'];
  /** Where another moment is asked for. */
  momentsAt: string;
}

export function RefusalPage(props: RefusalPageProps) {
  const { frame, zone, refusal, story, typed, at, momentsAt } = props;
  const { code, notice } = refusal;
  const title = titleOf(refusal);
  const badMoment = code === 'bad-instant';
  return (
    <Page frame={frame} title={title} unlisted>
      <div class="column">
        <h1>{title}</h1>
        <p class="summary" id="problem" role={badMoment ? 'alert' : undefined}>
          <Explained {...props} />
        </p>
        {typeof notice === 'string' && (
          <div class="notice" role="note" aria-label="Notice">
            <b>From the publisher</b>
            <NoticeWords notice={notice} />
          </div>
        )}
        <Onward {...props} />
        {(badMoment || story) && (
          <MomentForm
            action={momentsAt}
            zone={zone}
            {...(badMoment ? { typed: typed ?? '', problem: 'problem' } : { value: at ?? undefined })}
          />
        )}
      </div>
    </Page>
  );
}

function titleOf({ code, version }: HistoryRefusal): string {
  if (code === 'version-hidden') return `Version ${version} is removed`;
  if (code === 'killed') return withdrawalNames.killed;
  return problemTypes().get(code)?.title ?? 'Not available';
}

function Explained({ refusal, story, at, zone }: RefusalPageProps) {
  const then = at && <Time at={at} zone={zone} detail={{ ...full, exact: !at.endsWith(':00.000Z') }} />;
  switch (refusal.code) {
    case 'bad-instant':
      return (
        <>
          That is no moment that can be read here. Type a date and time such as <code>2026-05-14 11:30</code> or{' '}
          <code>14 May 2026, 11:30</code>, a date, or an exact instant such as <code>2026-05-14T11:30:00+01:00</code>.
        </>
      );
    case 'story-not-found':
      return <>There is no story at this address. It may be mistyped, or the link that led here cut short.</>;
    case 'not-yet-in-force':
      return (
        <>
          {then ? <>As of {then} this</> : 'This'} story had not been published.
          {story?.firstPublishedAt && (
            <>
              {' '}
              It was first published{' '}
              <a href={asOfPath(story, story.firstPublishedAt)}>
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
      return <RemovedVersion refusal={refusal} then={then || undefined} zone={zone} />;
    case 'unpublished':
      return <>There was a story here. It and all its versions have been taken down.</>;
    case 'killed':
      return <>The publisher has withdrawn this story: it must not be used, quoted or passed on.</>;
    case 'takedown':
      return <>There was a story here. It and all its versions have been removed by legal demand.</>;
    default:
      return <bdi>{refusal.detail}</bdi>;
  }
}

function RemovedVersion({ refusal, then, zone }: Pick<RefusalPageProps, 'refusal' | 'zone'> & { then?: VNode }) {
  const { version, reigns = [] } = refusal;
  return (
    <>
      Version {version} was in force
      {then && <> as of {then}</>}
      {then && reigns.length > 0 && ':'} {reigns.length > 0 && <Reigns reigns={reigns} zone={zone} />}. The publisher
      has removed it, and no other version stands in its place.
    </>
  );
}

/** The ways on from here, the nearest first. */
function Onward({ refusal, story }: RefusalPageProps) {
  const { code, previous, next } = refusal;
  const ways: [href: string, name: string][] = [];
  if (story) {
    if (previous) ways.push([versionPath(story, previous), `The version before it: version ${previous}`]);
    if (next) ways.push([versionPath(story, next), `The version after it: version ${next}`]);
    ways.push([storyPath(story), 'The story as it is now'], [historyPath(story), 'All its versions']);
  }
  ways.push(['/', 'The latest stories']);
  if (code === 'killed') ways.push([correctionsPath(), 'Corrections of other stories']);
  ways.push([`/problems/${code}`, 'What this answer means']);
  return (
    <nav aria-label="From here" class="onward">
      <ul>
        {ways.map(([href, name]) => (
          <li>
            <a href={href}>{name}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
