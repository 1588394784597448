/** What stands above a story's text: corrections and withdrawals in their editors' words, and marks for staff. */
import type { ComponentChildren } from 'preact';
import { type Absent, isAbsent } from '../content/types.js';
import type { CorrectionAnswer, StoryAnswer, VersionAnswer, WithdrawalAnswer } from '../history/answers.js';
import { comparePath, historyPath } from './addresses.js';
import { detailBeside, full, plural, Time } from './times.js';
import { correctionNames, Typed, withdrawalNames } from './words.js';

/** A notice as its editor wrote it, a line a line; or that it is gone. */
export function NoticeWords({ notice }: { notice: string | Absent | null }): ComponentChildren {
  if (notice === null) return <span class="removed">[The notice was taken back]</span>;
  if (isAbsent(notice)) return <Typed text={notice} what="Notice" />;
  return notice.split('\n').map((line, index) => (
    <>
      {index > 0 && <br />}
      <bdi>{line}</bdi>
    </>
  ));
}

/** What the service says of a notice, and the notice. Not a landmark: a page may have several of a kind. */
const Notice = ({ name, title, children }: { name: string; title: ComponentChildren; children: ComponentChildren }) => (
  <div class="notice" role="note" aria-label={name}>
    <b>{title}</b>
    {children}
  </div>
);

interface CorrectionNoticeProps {
  correction: CorrectionAnswer;
  story: StoryAnswer;
  /** The version that is being read; left out where none is. */
  reading?: number;
  /** The change itself stands beside it. */
  beside?: boolean;
  zone: string;
}

export function CorrectionNotice({ correction, story, reading, beside, zone }: CorrectionNoticeProps) {
  const { kind, at, notice, version, against, corrects } = correction;
  const later = reading !== undefined && version !== undefined && version > reading && corrects.includes(reading);
  return (
    <Notice
      name={correctionNames[kind]}
      title={
        <>
          {later ? correctedLater[kind](reading, version) : correctionNames[kind]}
          {at ? (
            <>
              , <Time at={at} zone={zone} detail={detailBeside(at, story.firstPublishedAt ?? at, zone)} />
            </>
          ) : (
            ', not yet in force'
          )}
        </>
      }
    >
      <NoticeWords notice={notice} />{' '}
      {!beside && against !== undefined && version !== undefined && (
        <a href={comparePath(story, later ? reading : against, version)}>See the change</a>
      )}
    </Notice>
  );
}

/** Of an old version: that something was wrong with it, and where it was put right. */
const correctedLater: Record<CorrectionAnswer['kind'], (old: number, by: number) => string> = {
  correction: (old, by) => `Version ${old} had an error, corrected in version ${by}`,
  clarification: (old, by) => `Version ${old} was clarified in version ${by}`,
  'editors-note': (old, by) => `The editors added a note on version ${old} with version ${by}`,
};

export const noLongerStoodBy = 'The publisher no longer stands by this story.';

export function Withdrawal({ withdrawal, zone }: { withdrawal: WithdrawalAnswer | undefined; zone: string }) {
  if (!withdrawal) return null;
  const { kind, from, notice } = withdrawal;
  return (
    <Notice
      name={withdrawalNames[kind]}
      title={
        <>
          {withdrawalNames[kind]}, <Time at={from} zone={zone} detail={full} />
        </>
      }
    >
      {kind === 'retracted' && noLongerStoodBy} {notice !== null && <NoticeWords notice={notice} />}
    </Notice>
  );
}

export function StaffNotes({ answer }: { answer: VersionAnswer }) {
  const { hidden, cancelled, supersededBy, hiddenTexts = [], story } = answer;
  if (!hidden && !cancelled && hiddenTexts.length === 0 && !story.waiting?.length) return null;
  return (
    <p class="meta">
      {hidden && <span class="tag w">Hidden from readers</span>}{' '}
      {cancelled && <span class="tag w">Cancelled{supersededBy !== undefined && ` by version ${supersededBy}`}</span>}{' '}
      {hiddenTexts.length > 0 && (
        <span class="tag w">{plural(hiddenTexts.length, 'text')} of this page hidden from readers</span>
      )}{' '}
      {story.waiting?.length ? (
        <a href={historyPath(story)}>{plural(story.waiting.length, 'version')} waiting to come into force</a>
      ) : null}
    </p>
  );
}
