/** All versions of a story in a table: when each was in force, what happened, how much changed, the time between. */
import type {
  CorrectionAnswer,
  StoryAnswer,
  VersionItem,
  VersionListAnswer,
  WithdrawnPeriod,
} from '../history/answers.js';
import { type Act, acts } from '../story/events.js';
import { type Instant, msOf } from '../story/instant.js';
import { Page } from '../web/page.js';
import {
  authorshipPath,
  comparePath,
  correctionsPath,
  historyPath,
  storyFeedPath,
  storyPath,
  versionPath,
} from './addresses.js';
import { CompareForm } from './compare-form.js';
import { FeedLink } from './feed-link.js';
import { LifeLine, Recorded, since } from './life.js';
import { MomentForm } from './moment-form.js';
import { NoticeWords, Withdrawal } from './notices.js';
import type { Reading } from './story-page.js';
import { type Detail, detailFor, duration, full, plural, Range, Time } from './times.js';
import { ActTag, actNames, actsOf, plainTitle, Removed, Size, Speakers, Typed, withdrawalNames } from './words.js';

/** Shorter times between versions get no row of their own. */
const gapMs = 30 * 60_000;

interface HistoryPageProps extends Reading {
  answer: VersionListAnswer;
  /** Whether this is the first page of the list. */
  first: boolean;
  /** Only versions of this act, or of this editor, are listed. */
  filter: Filter;
  /** Of the version in force, where the list may not hold it. */
  headline?: VersionItem['headline'];
}

interface Filter {
  act?: Act;
  editor?: string;
}

export function HistoryPage({ frame, zone, now, answer, first, filter, ...given }: HistoryPageProps) {
  const { story, items, next, corrections, withdrawals } = answer;
  const headline =
    given.headline ?? items.find((item) => item.current)?.headline ?? items.find((item) => item.headline)?.headline;
  const title = plainTitle(headline, 'This story');
  const times = items.flatMap(({ reigns, inForceFrom }) =>
    reigns.length ? reigns : [{ from: inForceFrom, until: null }],
  );
  const ends = [...times, ...withdrawals].flatMap(({ from, until }) => (until ? [from, until] : [from]));
  const detail = detailFor(ends, zone);
  const editors = items.some((item) => item.editor !== undefined);
  const filtered = filter.act !== undefined || filter.editor !== undefined;
  const inForce = story.status === 'published' ? items.find((item) => item.current)?.version : undefined;
  return (
    <Page
      frame={frame}
      title={`History: ${title}`}
      head={
        <>
          <link rel="canonical" href={historyPath(story)} />
          <FeedLink title="Changes of this story" path={storyFeedPath(story)} />
        </>
      }
    >
      <span class="kicker">History</span>
      <h1 class="small">
        <a href={storyPath(story)}>
          <bdi>{title}</bdi>
        </a>
      </h1>
      <Withdrawal withdrawal={story.withdrawal} zone={zone} />
      <p class="bar">
        <span>
          {plural(story.versions, 'version')}
          {story.firstPublishedAt && (
            <>
              {' '}
              · first <Time at={story.firstPublishedAt} zone={zone} detail={full} />
            </>
          )}
          {inForce !== undefined && (
            <>
              {' '}
              · in force: <b>{inForce}</b>
            </>
          )}
        </span>
        <span class="grow">
          <a href={authorshipPath(story)}>Who wrote what</a> <a href={storyFeedPath(story)}>Feed</a>
        </span>
      </p>
      {first && !filtered && items.length > 1 && (
        <div class="life">
          <LifeLine
            story={story}
            versions={items}
            away={withdrawals}
            reading={inForce ?? items[0]!.version}
            now={now}
            zone={zone}
          />
        </div>
      )}
      {(filtered || !first || items.length > 2) && (
        <FilterForm story={story} filter={filter} editors={editors || filter.editor !== undefined} items={items} />
      )}
      {items.length === 0 && (
        <p class="empty">{first ? 'No version of this story matches.' : 'There are no earlier versions.'}</p>
      )}
      <table class="stack" hidden={items.length === 0}>
        <caption class="hidden">Versions, newest first</caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden">Version</span>
            </th>
            <th scope="col">In force</th>
            <th scope="col">What happened</th>
            {editors && <th scope="col">Who</th>}
            <th scope="col">Change</th>
            <th scope="col">
              <span class="hidden">Links</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((item, index) => (
            <>
              {withdrawals
                .filter(({ version }) => version === item.version)
                .reverse()
                .map((away) => (
                  <Away away={away} zone={zone} detail={detail} columns={editors ? 4 : 3} />
                ))}
              <Row item={item} {...{ story, corrections, zone, detail, editors }} />
              {!filtered && <Gap item={item} before={items[index + 1]} columns={editors ? 5 : 4} />}
            </>
          ))}
        </tbody>
      </table>
      {(!first || next) && (
        <nav class="pages" aria-label="Pages of the history">
          {first ? <span /> : <a href={filteredPath(story, filter)}>Newest versions</a>}
          {next && (
            <a href={filteredPath(story, filter, next)} rel="next">
              Earlier versions
            </a>
          )}
        </nav>
      )}
      {corrections.length > 0 && (
        <p class="meta">
          <a href={correctionsPath(story)}>All corrections of this story</a>
        </p>
      )}
      <div class="forms">
        {items.length > 1 && <CompareForm story={story} versions={items} zone={zone} />}
        <MomentForm
          action={storyPath(story)}
          value={(items.find((item) => item.current) ?? items[0])?.inForceFrom}
          zone={zone}
          label="Read it as of a moment"
        />
      </div>
    </Page>
  );
}

function filteredPath(story: StoryAnswer, filter: Filter, cursor?: string): string {
  const asked = Object.entries({ ...filter, cursor }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return historyPath(story) + (asked.length ? `?${asked.join('&')}` : '');
}

interface FilterFormProps {
  story: StoryAnswer;
  filter: Filter;
  /** Whether the viewer may ask for an editor. */
  editors: boolean;
  items: readonly VersionItem[];
}

function FilterForm({ story, filter, editors, items }: FilterFormProps) {
  const names = new Set(items.flatMap(({ editor }) => (editor && 'name' in editor ? [editor.name] : [])));
  if (filter.editor !== undefined) names.add(filter.editor);
  return (
    <form method="get" action={historyPath(story)} class="choose filter">
      <label class="field" for="act">
        <span>What happened</span>
        <select id="act" name="act">
          <option value="">Anything</option>
          {[...acts].map((act) => (
            <option value={act} selected={act === filter.act}>
              {actNames[act]}
            </option>
          ))}
        </select>
      </label>
      {editors && (
        <label class="field" for="editor">
          <span>Who</span>
          <input id="editor" name="editor" value={filter.editor} list="editors" autocomplete="off" />
          <datalist id="editors">
            {[...names].map((name) => (
              <option value={name} />
            ))}
          </datalist>
        </label>
      )}
      <button type="submit" class="button plain">
        Filter
      </button>
      {(filter.act ?? filter.editor) !== undefined && (
        <span class="meta">
          <a href={historyPath(story)}>All versions</a>
        </span>
      )}
    </form>
  );
}

interface RowProps {
  item: VersionItem;
  story: StoryAnswer;
  corrections: readonly CorrectionAnswer[];
  zone: string;
  detail: Detail;
  editors: boolean;
}

function Row({ item, story, corrections, zone, detail, editors }: RowProps) {
  const removed = item.acts.length === 0;
  const { version, reigns, changes } = item;
  const against = changes?.against;
  return (
    <tr aria-current={item.current ? 'true' : undefined}>
      <td class="num">
        <b>{version}</b>
      </td>
      <td class="num">
        {item.waiting || reigns.length === 0 ? (
          <>
            {item.cancelled ? 'was to be' : 'from'} <Time at={item.inForceFrom} zone={zone} detail={detail} />
          </>
        ) : (
          reigns.map((reign, index) => (
            <>
              {index > 0 && <br />}
              <Range {...reign} zone={zone} detail={detail} />
            </>
          ))
        )}
        <Recorded item={item} zone={zone} />
      </td>
      <td>
        {removed ? <Removed what="This version was" absence="hidden" /> : <What {...{ item, story, corrections }} />}
      </td>
      {editors && (
        <td>{item.editor && <Typed text={'name' in item.editor ? item.editor.name : item.editor} what="Name" />}</td>
      )}
      <td class="num">
        <Size changes={changes} unit={changes?.against === null} />
      </td>
      <td class="meta">
        {!removed && (
          <a href={versionPath(story, version)}>
            read<span class="hidden"> version {version}</span>
          </a>
        )}
        {against && (
          <>
            {' '}
            ·{' '}
            <a href={comparePath(story, against, version)}>
              compare
              <span class="hidden">
                {' '}
                version {version} with version {against}
              </span>
            </a>
          </>
        )}
      </td>
    </tr>
  );
}

function What({ item, story, corrections }: Pick<RowProps, 'item' | 'story' | 'corrections'>) {
  const { note, statements, headline, version } = item;
  const made = corrections.filter((correction) => correction.version === version);
  const later = corrections.filter(({ corrects, version: by }) => corrects.includes(version) && by && by !== version);
  return (
    <>
      {actsOf(item).map((act) => (
        <>
          <ActTag act={act} item={item} />{' '}
        </>
      ))}
      {item.waiting && <span class="tag w">Waiting</span>} {item.cancelled && <span class="tag w">Cancelled</span>}{' '}
      {item.hidden && <span class="tag w">Hidden from readers</span>}{' '}
      {note !== null ? <Typed text={note} what="Note" /> : <Speakers statements={statements} />}
      {note !== null && statements.length > 0 && (
        <>
          <br />
          <span class="meta">
            Statement: <Speakers statements={statements} />
          </span>
        </>
      )}
      {note === null && statements.length === 0 && made.length === 0 && headline !== null && (
        <Typed text={headline} what="Headline" />
      )}
      {made.map(({ notice }) => (
        <p class="words">
          <NoticeWords notice={notice} />
        </p>
      ))}
      {later.map(({ kind, version: by }) => (
        <p class="meta">
          {putRight[kind]} <a href={versionPath(story, by!)}>version {by}</a>
        </p>
      ))}
    </>
  );
}

const putRight: Record<CorrectionAnswer['kind'], string> = {
  correction: 'Corrected in',
  clarification: 'Clarified in',
  'editors-note': 'An editor’s note came with',
};

/** A time in which readers could not have the story, or only under its retraction. */
function Away({
  away: { kind, notice, from, until },
  zone,
  detail,
  columns,
}: Pick<RowProps, 'zone' | 'detail'> & { away: WithdrawnPeriod; columns: number }) {
  return (
    <tr class="away">
      <td />
      <td class="num">
        <Range from={from} until={until} zone={zone} detail={detail} />
      </td>
      <td colspan={columns}>
        <span class="tag w">{withdrawalNames[kind]}</span>
        {notice !== null && (
          <p class="words">
            <NoticeWords notice={notice} />
          </p>
        )}
      </td>
    </tr>
  );
}

function Gap({ item, before, columns }: { item: VersionItem; before: VersionItem | undefined; columns: number }) {
  if (!before) return null;
  const from = (one: VersionItem): Instant => since(one) ?? one.inForceFrom;
  const between = msOf(from(item)) - msOf(from(before));
  if (between < gapMs) return null;
  return (
    <tr class="gap">
      <td />
      <td colspan={columns}>
        {duration(between)}
        <span class="hidden"> between them</span>
      </td>
    </tr>
  );
}
