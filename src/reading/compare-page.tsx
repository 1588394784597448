/** What changed between two versions: in the later version's order in place, side by side, or as text with marks. */
import type { ToldComparison, VersionItem } from '../history/answers.js';
import type { Instant } from '../story/instant.js';
import { Page } from '../web/page.js';
import { comparePath, historyPath, storyPath, versionPath } from './addresses.js';
import { CompareForm } from './compare-form.js';
import { type ViewName, viewNames } from './compare-views.js';
import { Recorded, since } from './life.js';
import { CorrectionNotice, Withdrawal } from './notices.js';
import type { Reading } from './story-page.js';
import { type Detail, detailBeside, full, plural, Time } from './times.js';
import { Count, noHeadline, plainTitle } from './words.js';

export interface ComparePageProps extends Reading {
  /** Its bytes are HTML of ours, and stand in for `changesHere`. */
  answer: ToldComparison;
  view: ViewName;
  /** For the form that chooses others: newest first; may be empty. */
  versions: readonly VersionItem[];
}

/** Where the changes go. No text of anybody's can say this: it is HTML. */
export const changesHere = '<!--changes-->';

const viewTitles: Record<ViewName, string> = {
  'in-place': 'In place',
  'side-by-side': 'Side by side',
  plain: 'Plain text',
};

export function ComparePage({ frame, zone, answer, view, versions }: ComparePageProps) {
  const { story, a, b, summary, coarse, corrections } = answer;
  const asked = (name: ViewName) => (name === viewNames[0] ? undefined : name);
  // By number even where moments were asked for: what was in force then may be asked again and answered otherwise.
  const permanent = comparePath(story, a.version, b.version, asked(view));
  const title = plainTitle(b.headline ?? a.headline, noHeadline);
  return (
    <Page
      frame={frame}
      title={`Versions ${a.version} and ${b.version} compared: ${title}`}
      description={summary.sentence}
      head={<link rel="canonical" href={comparePath(story, a.version, b.version)} />}
    >
      <div class={view === 'side-by-side' ? 'column broad' : 'column'}>
        <span class="kicker">What changed</span>
        <h1 class="small">
          <a href={storyPath(story)}>
            <bdi>{title}</bdi>
          </a>
        </h1>
        <p class="summary">
          <bdi>{summary.sentence}</bdi>
        </p>
        <Withdrawal withdrawal={story.withdrawal} zone={zone} />
        {corrections.map((correction) => (
          <CorrectionNotice
            correction={correction}
            story={story}
            beside={correction.against === a.version && correction.version === b.version}
            zone={zone}
          />
        ))}
        <Sides answer={answer} zone={zone} />
        {coarse && <p class="meta">These texts differ so much that parts of them were compared by a coarser method.</p>}
        <nav class="views choice" aria-label="View">
          {viewNames.map((name) => (
            <a
              href={comparePath(story, a.version, b.version, asked(name))}
              aria-current={name === view ? 'true' : undefined}
            >
              {viewTitles[name]}
            </a>
          ))}
        </nav>
        {!summary.changed && (
          <p class="empty">
            {a.version === b.version
              ? `Both sides are version ${a.version}.`
              : 'The two say the same, word for word and in the same form.'}
          </p>
        )}
        <article aria-label="Changes" data-part="changes" dangerouslySetInnerHTML={{ __html: changesHere }} />
        {versions.length > 1 && (
          <CompareForm story={story} versions={versions} zone={zone} a={a.version} b={b.version} view={asked(view)} />
        )}
        <p class="meta">
          To share this comparison:{' '}
          <a href={permanent} data-copy>
            {frame.origin + permanent}
          </a>
        </p>
        <p class="meta">
          <a href={comparePath(story, b.version, a.version, asked(view))}>The other way round</a> ·{' '}
          <a href={historyPath(story)}>All versions</a> · <a href={storyPath(story)}>The story now</a>
        </p>
      </div>
    </Page>
  );
}

function Sides({ answer: { story, a, b, summary }, zone }: { answer: ToldComparison; zone: string }) {
  const { words, blocks, shareChanged } = summary;
  const from = (item: VersionItem): Instant => since(item) ?? item.inForceFrom;
  const side = (item: VersionItem, detail: Detail) => (
    <span>
      <a href={versionPath(story, item.version)}>
        <b>Version {item.version}</b>
      </a>
      , <Time at={from(item)} zone={zone} detail={detail} />
      <Recorded item={item} zone={zone} />
    </span>
  );
  return (
    <div class="bar">
      {side(a, full)} <span aria-hidden="true">→</span>
      <span class="hidden">compared with</span> {side(b, detailBeside(from(b), from(a), zone))}
      <span class="grow">
        <span>
          {words.added > 0 && <Count sign="+" count={words.added} />}{' '}
          {words.removed > 0 && <Count sign="−" count={words.removed} />}{' '}
          {words.added + words.removed > 0 ? 'words' : 'no words changed'}
          {blocks.moved > 0 && ` · ${plural(blocks.moved, 'passage')} moved`}
          {words.moved > 0 &&
            ` · ${plural(words.moved, 'word')} moved with ${words.moved === 1 ? 'its' : 'their'} sentences`}
          {shareChanged > 0 && ` · ${percent(shareChanged)} of the story`}
        </span>
      </span>
    </div>
  );
}

const percent = (share: number): string => (share < 0.01 ? 'less than 1 %' : `${Math.round(share * 100)} %`);
