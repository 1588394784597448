/** A story as it is now, as it was at a moment, or as one of its versions: one page, told apart by what stands above it. */
import { isAbsent } from '../content/types.js';
import type { StoryAnswer, VersionAnswer, VersionItem, WithdrawnPeriod } from '../history/answers.js';
import type { Instant } from '../story/instant.js';
import { type Frame, Page } from '../web/page.js';
import { comparePath, storyPath, versionPath } from './addresses.js';
import { Body, Image } from './body.js';
import { HistoryAside, LifeLine } from './life.js';
import { MomentForm } from './moment-form.js';
import { CorrectionNotice, StaffNotes, Withdrawal } from './notices.js';
import { reignDetail, type Shown, Standing } from './standing.js';
import { StoryHead } from './story-head.js';
import { detailBeside, full, plural, Range, Time } from './times.js';
import { noHeadline, plainTitle, Removed, Typed, tongueOf } from './words.js';

/** What every page of one story knows besides its answer. */
export interface Reading {
  frame: Frame;
  /** The publisher's time zone. */
  zone: string;
  now: Instant;
}

interface StoryPageProps extends Reading {
  page: Shown;
  /** Newest first; empty where the viewer may not see the history. */
  versions: readonly VersionItem[];
  away: readonly WithdrawnPeriod[];
  /** What the version that is read changed, in a sentence; left out where nothing came before it. */
  change?: string;
}

/** Its parts are named for the script that shows another version in place. */
export function StoryPage({ frame, zone, now, page, versions, away, change }: StoryPageProps) {
  const { answer } = page;
  const { story, content } = answer;
  const { fields } = content;
  const tongue = tongueOf(fields);
  return (
    <Page
      frame={frame}
      title={titleOf(page)}
      description={typeof fields.standfirst === 'string' ? plainTitle(fields.standfirst, '') : undefined}
      head={<StoryHead answer={answer} frame={frame} />}
    >
      <div class="page">
        <article>
          <header data-part="head">
            {page.kind !== 'now' && <Standing page={page} zone={zone} />}
            {fields.section !== undefined && (
              <span class="kicker" {...tongue}>
                <Typed text={fields.section} what="Section" />
              </span>
            )}
            <h1 {...tongue}>
              <Typed text={answer.headline ?? { _absent: 'missing' }} what="Headline" />
            </h1>
            {fields.standfirst !== undefined && (
              <p class="standfirst" {...tongue}>
                <Typed text={fields.standfirst} what="Standfirst" />
              </p>
            )}
            <p class="meta">
              <Byline fields={fields} />
              <Published story={story} zone={zone} />
            </p>
            <Withdrawal withdrawal={story.withdrawal} zone={zone} />
            <StaffNotes answer={answer} />
            {answer.corrections.map((correction) => (
              <CorrectionNotice correction={correction} story={story} reading={answer.version} zone={zone} />
            ))}
          </header>
          {versions.length > 0 && (
            <Life page={page} versions={versions} away={away} change={change} now={now} zone={zone} />
          )}
          <div data-part="text">
            <div {...tongue}>
              {fields.leadImage !== undefined &&
                (isAbsent(fields.leadImage) ? (
                  <p>
                    <Removed what="Image" absence={fields.leadImage._absent} />
                  </p>
                ) : (
                  <Image image={fields.leadImage} sources={frame.imageSources} />
                ))}
              <Body content={content} imageSources={frame.imageSources} />
            </div>
            {fields.source !== undefined && (
              <p class="meta">
                Source: <Typed text={fields.source} what="source" />
              </p>
            )}
            <p class="paper">
              Version {answer.version}: {frame.origin}
              {versionPath(story, answer.version)}
            </p>
          </div>
        </article>
        <div>
          {versions.length > 0 && (
            <HistoryAside story={story} versions={versions} reading={answer.version} zone={zone} />
          )}
          <div data-part="moment">
            <MomentForm
              action={storyPath(story)}
              value={page.kind === 'as-of' ? page.answer.asOf.at : answer.inForceFrom}
              zone={zone}
            />
          </div>
        </div>
      </div>
    </Page>
  );
}

function titleOf({ kind, answer }: Shown): string {
  const retracted = answer.story.status === 'retracted' ? 'Retracted: ' : '';
  const headline = retracted + plainTitle(answer.headline, noHeadline);
  return kind === 'now' ? headline : `${headline} (version ${answer.version})`;
}

function Byline({ fields }: { fields: VersionAnswer['content']['fields'] }) {
  const { byline, authors } = fields;
  if (byline !== undefined) {
    return (
      <b class="byline" {...tongueOf(fields)}>
        <Typed text={byline} what="Byline" />
      </b>
    );
  }
  if (authors === undefined || (!isAbsent(authors) && authors.length === 0)) return null;
  if (isAbsent(authors)) {
    return (
      <>
        <Removed what="Authors" absence={authors._absent} />
        <br />
      </>
    );
  }
  return (
    <>
      By{' '}
      {authors.map(({ name, role }, index) => (
        <>
          {index > 0 && (index === authors.length - 1 ? ' and ' : ', ')}
          <b>
            <bdi>{name}</bdi>
          </b>
          {role && (
            <>
              {' '}
              (<bdi>{role}</bdi>)
            </>
          )}
        </>
      ))}
      <br />
    </>
  );
}

function Published({ story, zone }: { story: StoryAnswer; zone: string }) {
  const { firstPublishedAt: first, lastUpdatedAt: last, versions } = story;
  if (!first) return <>Not yet published</>;
  return (
    <>
      Published <Time at={first} zone={zone} detail={full} />
      {last && last !== first && (
        <>
          , last updated <Time at={last} zone={zone} detail={detailBeside(last, first, zone)} />
        </>
      )}
      {versions > 1 && <> · {plural(versions, 'version')}</>}
    </>
  );
}

function Life({ page, versions, away, change, now, zone }: Omit<StoryPageProps, 'frame'>) {
  const { answer } = page;
  const { story, version, reigns, restored, changes } = answer;
  const asOf = page.kind === 'version' ? undefined : page.answer.asOf;
  const reign = page.kind === 'as-of' && !asOf!.withdrawal ? asOf!.reign : reigns.at(-1);
  const against = changes?.against;
  const old = page.kind !== 'now' && !answer.current && !answer.waiting && reigns.length > 0;
  return (
    <section class="life" aria-label="Versions">
      <p data-part="reading">
        <span>
          You are reading <b>version {version}</b>
          {restored !== undefined && (
            <>
              , which brings back <a href={versionPath(story, restored)}>version {restored}</a>
            </>
          )}
          {reign && !answer.waiting && (
            <>
              , in force{' '}
              <Range
                {...reign}
                zone={zone}
                detail={reignDetail([reign], story.firstPublishedAt ?? answer.inForceFrom, zone)}
              />
            </>
          )}
        </span>
        {old && (
          <span class="meta">
            <a href={comparePath(story, version, 'now')}>Compare with now</a>
          </span>
        )}
      </p>
      <LifeLine story={story} versions={versions} away={away} reading={version} at={asOf?.at} now={now} zone={zone} />
      <p class="change" data-part="change">
        {change !== undefined && <bdi>{change} </bdi>}
        {against && <a href={comparePath(story, against, version)}>What changed?</a>}
      </p>
    </section>
  );
}
