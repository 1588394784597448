/** A story at the desk: what readers get of it now, all its versions in all their states, its notices, and what can be done. */
import { isAbsent } from '../content/types.js';
import type { StoryAnswer, VersionItem } from '../history/answers.js';
import { comparePath, storyPath, versionPath } from '../reading/addresses.js';
import { CompareForm } from '../reading/compare-form.js';
import { LifeLine } from '../reading/life.js';
import { type Detail, detailBeside, detailFor, full, plural, Range, Time } from '../reading/times.js';
import { actsOf, correctionNames, isCorrection, Size, Speakers, Typed, withdrawalNames } from '../reading/words.js';
import { type Frame, Page } from '../web/page.js';
import type { Action, Parameters, Target } from './action.js';
import { actions, offered } from './actions.js';
import { actionPath, deskPath } from './addresses.js';
import { headlineIn } from './target.js';
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
            <a href={actionPath(story, name)}>{action.title?.(target) ?? action.name}</a>
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

function Versions({ target }: { target: Target }) {
  const { versions, zone } = target;
  const times = versions.flatMap((item) =>
    item.reigns.length
      ? item.reigns.flatMap(({ from, until }) => (until ? [from, until] : [from]))
      : [item.inForceFrom],
  );
  const detail = detailFor(times, zone);
  return (
    <section aria-labelledby="versions">
      <h2 id="versions">Versions</h2>
      <p class="meta">Times are in {zone}.</p>
      <table class="stack desk-versions">
        <caption class="hidden">All versions, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">In force</th>
            <th scope="col">What happened</th>
            <th scope="col">Who</th>
            <th scope="col">Change</th>
            <th scope="col">Actions</th>
          </tr>
        </thead>
        <tbody>
          {versions.map((item) => (
            <Row item={item} target={target} detail={detail} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ item, target, detail }: { item: VersionItem; target: Target; detail: Detail }) {
  const { story: answered, zone } = target;
  const story = answered!;
  const { version, reigns, note, statements, headline, editor, labels = [], changes } = item;
  return (
    <tr aria-current={item.current ? 'true' : undefined}>
      <td class="num">
        <b>
          <a href={versionPath(story, version)}>
            <span class="hidden">Version </span>
            {version}
          </a>
        </b>
      </td>
      <td class="num">
        {reigns.length > 0 && !item.waiting ? (
          reigns.map((reign, index) => (
            <>
              {index > 0 && <br />}
              <Range {...reign} zone={zone} detail={detail} />
            </>
          ))
        ) : (
          <>
            {item.cancelled ? 'was to be' : item.waiting ? 'from' : 'never; was for'}{' '}
            <Time at={item.inForceFrom} zone={zone} detail={detail} />
          </>
        )}
      </td>
      <td>
        {actsOf(item).map((act) => (
          <>
            <span class={isCorrection(item) && act === 'Correction' ? 'tag c' : 'tag'}>{act}</span>{' '}
          </>
        ))}
        <States item={item} />
        {note !== null ? <Typed text={note} what="Note" /> : <Speakers statements={statements} />}
        {note === null && statements.length === 0 && headline !== null && <Typed text={headline} what="Headline" />}
        {labels.length > 0 && (
          <span class="meta">
            {' '}
            Labels: <bdi>{labels.join(', ')}</bdi>
          </span>
        )}
        {item.recordedAt !== item.inForceFrom && (
          <span class="meta">
            {' '}
            Recorded{' '}
            <Time at={item.recordedAt} zone={zone} detail={detailBeside(item.recordedAt, item.inForceFrom, zone)} />.
          </span>
        )}
      </td>
      <td>{editor && <Typed text={'name' in editor ? editor.name : editor} what="Name" />}</td>
      <td class="num">
        <Size changes={changes} unit={changes?.against === null} />
        {changes?.against != null && (
          <>
            {' '}
            <a href={comparePath(story, changes.against, version)}>
              compare
              <span class="hidden">
                {' '}
                version {version} with version {changes.against}
              </span>
            </a>
          </>
        )}
      </td>
      <td>
        <VersionActions item={item} target={target} />
      </td>
    </tr>
  );
}

const States = ({ item }: { item: VersionItem }) => (
  <>
    {item.current && (
      <>
        <span class="tag on">In force</span>{' '}
      </>
    )}
    {item.waiting && (
      <>
        <span class="tag w">Waiting</span>{' '}
      </>
    )}
    {item.cancelled && (
      <>
        <span class="tag w">
          {item.supersededBy === undefined ? 'Cancelled' : `Superseded by version ${item.supersededBy}`}
        </span>{' '}
      </>
    )}
    {item.hidden && (
      <>
        <span class="tag w">Hidden</span>{' '}
      </>
    )}
  </>
);

function VersionActions({ item, target }: { item: VersionItem; target: Target }) {
  const { story: answered, viewer } = target;
  const story = answered!;
  const of = String(item.version);
  // What fits an action is told by what a list tells of a version.
  const about = { ...target, version: item as Target['version'] };
  const links: [string, string][] = offered(about, 'version').map(([name, action]: [string, Action]) => [
    action.name,
    actionPath(story, name, { of }),
  ]);
  if (viewer.may('new-version')) {
    const write = (label: string, asked: Parameters): [string, string] => [label, actionPath(story, 'write', asked)];
    if (item.waiting) links.unshift(write('Write on', { base: of }));
    else if (item.reigns.length > 0 && !item.current && !item.hidden) links.unshift(write('Restore', { restores: of }));
  }
  if (links.length === 0) return null;
  return (
    <details class="acts">
      <summary>
        Change<span class="hidden"> version {item.version}</span>
      </summary>
      <ul>
        {links.map(([label, href]) => (
          <li>
            <a href={href}>
              {label}
              <span class="hidden"> version {item.version}</span>
            </a>
          </li>
        ))}
      </ul>
    </details>
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
          <NoticeText notice={notice} />{' '}
          {change(id, `the ${correctionNames[kind].toLowerCase()} with version ${version}`)}
        </div>
      ))}
      {withdrawals.map(({ id, kind, from, until, notice }) => (
        <div class="notice">
          <b>
            {withdrawalNames[kind]}, <Range from={from} until={until} zone={zone} detail={full} />
          </b>
          <NoticeText notice={notice} /> {change(id, `the withdrawal of ${from}`)}
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

function NoticeText({ notice }: { notice: Target['corrections'][number]['notice'] }) {
  if (notice === null) return <span class="removed">No notice</span>;
  if (isAbsent(notice)) return <Typed text={notice} what="Notice" />;
  return (
    <>
      {notice.split('\n').map((line, index) => (
        <>
          {index > 0 && <br />}
          <bdi>{line}</bdi>
        </>
      ))}
    </>
  );
}
