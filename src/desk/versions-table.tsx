/** The table of a story's versions at the desk: every state told, and what can be done to each. */
import type { VersionItem } from '../history/answers.js';
import { comparePath, versionPath } from '../reading/addresses.js';
import { type Detail, detailBeside, detailFor, Range, Time } from '../reading/times.js';
import { ActTag, actsOf, Size, Speakers, Typed } from '../reading/words.js';
import type { Action, Parameters, Target } from './action.js';
import { offered } from './actions.js';
import { actionPath } from './addresses.js';

export function Versions({ target }: { target: Target }) {
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
            <ActTag act={act} item={item} />{' '}
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
    name === 'time' && item.waiting ? 'Publish now, or at another time' : action.name,
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
