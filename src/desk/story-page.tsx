/** A story at the desk: what readers get of it now, all its versions in all their states, its notices, and what can be done. */
import type { StoryAnswer } from '../history/answers.js';
import { storyPath } from '../reading/addresses.js';
import { CompareForm } from '../reading/compare-form.js';
import { LifeLine } from '../reading/life.js';
import { NoticeWords } from '../reading/notices.js';
import { detailBeside, full, plural, Range, Time } from '../reading/times.js';
import { correctionNames, withdrawalNames } from '../reading/words.js';
import { type Frame, Page } from '../web/page.js';
import type { Target } from './action.js';
import { actions, offered } from './actions.js';
import { actionPath, deskPath } from './addresses.js';
import { titleFor } from './form-page.js';
import { headlineIn } from './target.js';
import { Versions } from './versions-table.js';
import { readersFind } from './words.js';

interface StoryDeskProps {
  frame: Frame;
  target: Target;
  first: boolean;
  next: string | null;
  /** What has just been done. */
  message?: { text: string; late: boolean };
}

export function StoryDeskPage({ frame, target, first, next, message }: StoryDeskProps) {
  const { story: answered, versions, zone, now, viewer } = target;
  const story = answered!;
  const headline = headlineIn(target);
  const current = versions.find((item) => item.current) ?? versions[0];
  return (
    <Page frame={frame} title={headline} desk unlisted>
      <p class="meta crumbs">
        <a href="/desk">Desk</a>
      </p>
      <h1 class="small">
        <bdi>{headline}</bdi>
      </h1>
      {message && (
        <div class="notice done" role="status">
          <b>{message.text}</b>
          {message.late && 'It is recorded for good. This node doesn’t show it yet; load the page again in a moment.'}
        </div>
      )}
      <p class="summary">
        <b>Readers now get:</b> {readersFind(story.status, story.versionInForce ?? current?.version ?? 0)}{' '}
        <Waiting story={story} zone={zone} now={now} />
      </p>
      <ul class="acts">
        {viewer.may('new-version') && (
          <>
            <li>
              <a class="button" href={actionPath(story, 'write')}>
                Write a new version
              </a>
            </li>
            <li>
              <a href={actionPath(story, 'write', { correct: '1' })}>Correct</a>
            </li>
          </>
        )}
        {offered(target, 'story', 'passages').map(([name, action]) => (
          <li>
            <a href={actionPath(story, name)}>{titleFor(action, target)}</a>
          </li>
        ))}
        <li>
          <a href={storyPath(story)}>Its page</a>
        </li>
        {viewer.may('read-record') && (
          <li>
            <a href={`${deskPath(story)}/replay`}>Replay the record</a>
          </li>
        )}
      </ul>
      {current && (
        <section class="life" aria-label="Life">
          <LifeLine story={story} versions={versions} reading={current.version} now={now} zone={zone} />
        </section>
      )}
      <Versions target={target} />
      {(!first || next) && (
        <nav class="pages" aria-label="Pages of the versions">
          {first ? <span /> : <a href={deskPath(story)}>Newest versions</a>}
          {next && (
            <a href={`${deskPath(story)}?cursor=${encodeURIComponent(next)}`} rel="next">
              Earlier versions
            </a>
          )}
        </nav>
      )}
      <Notices target={target} />
      <Hidings target={target} />
      {versions.length > 1 && <CompareForm story={story} versions={versions} zone={zone} />}
    </Page>
  );
}

function Waiting({ story, zone, now }: { story: StoryAnswer; zone: string; now: Target['now'] }) {
  const { waiting = [] } = story;
  if (waiting.length === 0) return null;
  return (
    <>
      {waiting.map(({ version, inForceFrom }) => (
        <>
          Version {version} waits until{' '}
          <Time at={inForceFrom} zone={zone} detail={{ ...detailBeside(inForceFrom, now, zone), zone: true }} />.{' '}
        </>
      ))}
    </>
  );
}

function Notices({ target }: { target: Target }) {
  const { story, corrections, withdrawals, zone, viewer } = target;
  if (corrections.length + withdrawals.length === 0) return null;
  const change = (id: string | undefined, what: string) =>
    viewer.may('amend') &&
    id !== undefined && (
      <a href={actionPath(story, 'notice', { of: id })}>
        {actions.notice!.name}
        <span class="hidden"> of {what}</span>
      </a>
    );
  return (
    <section aria-labelledby="notices">
      <h2 id="notices">Corrections and withdrawals</h2>
      {corrections.map(({ id, kind, version, corrects, at, notice }) => (
        <div class="notice">
          <b>
            {correctionNames[kind]}
            {version !== undefined && ` with version ${version}`}
            {corrects.length > 0 && `, of ${corrects.join(', ')}`}
            {at ? (
              <>
                , <Time at={at} zone={zone} detail={full} />
              </>
            ) : (
              ', not yet in force'
            )}
          </b>
          <StaffNotice notice={notice} />{' '}
          {change(id, `the ${correctionNames[kind].toLowerCase()} with version ${version}`)}
        </div>
      ))}
      {withdrawals.map(({ id, kind, from, until, notice }) => (
        <div class="notice">
          <b>
            {withdrawalNames[kind]}, <Range from={from} until={until} zone={zone} detail={full} />
          </b>
          <StaffNotice notice={notice} /> {change(id, `the withdrawal of ${from}`)}
        </div>
      ))}
    </section>
  );
}

function Hidings({ target: { story, hidings = [], zone, viewer } }: { target: Target }) {
  if (hidings.length === 0) return null;
  return (
    <section aria-labelledby="hidings">
      <h2 id="hidings">Words hidden from readers</h2>
      <ul class="desk-stories">
        {hidings.map(({ hiding, recordedAt, texts }) => (
          <li>
            {plural(texts, 'text')} hidden since <Time at={recordedAt} zone={zone} detail={full} />{' '}
            {viewer.may('show') && (
              <a href={actionPath(story, 'unhide', { of: String(hiding) })}>
                Show again<span class="hidden"> what was hidden at revision {hiding}</span>
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** To staff also that there is none. */
const StaffNotice = ({ notice }: Pick<Target['corrections'][number], 'notice'>) =>
  notice === null ? <span class="removed">No notice</span> : <NoticeWords notice={notice} />;
