/** What stands above a story's text: corrections and withdrawals in their editors' words, and marks for staff. */
import type { ComponentChildren } from 'preact';
import { isAbsent } from '../content/types.js';
import type { CorrectionAnswer, VersionAnswer, VersionItem, WithdrawalAnswer } from '../history/answers.js';
import { comparePath, historyPath } from './addresses.js';
import { detailBeside, full, plural, Time } from './times.js';
import { correctionNames, Typed, withdrawalNames } from './words.js';

/** A notice as its editor wrote it, a paragraph a line. */
const Lines = ({ text, what }: { text: string; what: string }): ComponentChildren =>
  text.split('\n').map((line, index) => (
    <>
      {index > 0 && <br />}
      <Typed text={line} what={what} />
    </>
  ));

export function CorrectionNotice({
  correction: { kind, at, notice, version },
  answer,
  versions,
  zone,
}: {
  correction: CorrectionAnswer;
  answer: VersionAnswer;
  versions: readonly VersionItem[];
  zone: string;
}) {
  const against = versions.find((item) => item.version === version)?.changes?.against;
  const later = version !== undefined && version > answer.version;
  return (
    <aside class="notice" aria-label={correctionNames[kind]}>
      <b>
        {later ? `${correctionNames[kind]} made later` : correctionNames[kind]}
        {at ? (
          <>
            , <Time at={at} zone={zone} detail={detailBeside(at, answer.story.firstPublishedAt ?? at, zone)} />
          </>
        ) : (
          ', not yet in force'
        )}
      </b>
      {notice === null && <span class="removed">The notice was taken back</span>}
      {notice !== null &&
        (isAbsent(notice) ? <Typed text={notice} what="Notice" /> : <Lines text={notice} what="Notice" />)}{' '}
      {against && version !== undefined && <a href={comparePath(answer.story, against, version)}>See the change</a>}
    </aside>
  );
}

export function Withdrawal({ withdrawal, zone }: { withdrawal: WithdrawalAnswer | undefined; zone: string }) {
  if (!withdrawal) return null;
  const { kind, from, notice } = withdrawal;
  return (
    <aside class="notice" aria-label={withdrawalNames[kind]}>
      <b>
        {withdrawalNames[kind]}, <Time at={from} zone={zone} detail={full} />
      </b>
      {notice !== null &&
        (isAbsent(notice) ? <Typed text={notice} what="Notice" /> : <Lines text={notice} what="Notice" />)}
    </aside>
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
