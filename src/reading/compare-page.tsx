/** What changed between two versions, in place: additions and removals in the later version's order. */
import type { ComparisonAnswer, VersionItem } from '../history/answers.js';
import type { Instant } from '../story/instant.js';
import { Page } from '../web/page.js';
import { comparePath, historyPath, storyPath, versionPath } from './addresses.js';
import { Changes } from './changes.js';
import { CompareForm } from './compare-form.js';
import { FieldChanges, Headline } from './fields.js';
import { Recorded, since } from './life.js';
import { CorrectionNotice, Withdrawal } from './notices.js';
import type { Reading } from './story-page.js';
import { type Detail, detailBeside, full, plural, Time } from './times.js';
import { Count, noHeadline, plainTitle } from './words.js';

interface ComparePageProps extends Reading {
  answer: ComparisonAnswer;
  /** For the form that chooses others: newest first; may be empty. */
  versions: readonly VersionItem[];
}

export function ComparePage({ frame, zone, answer, versions }: ComparePageProps) {
  const { story, a, b, comparison, corrections } = answer;
  const { summary, fields, fallbacks } = comparison;
  const title = plainTitle(b.headline ?? a.headline, noHeadline);
  const headline = fields.find(({ name }) => name === 'headline');
  return (
    <Page
      frame={frame}
      title={`Versions ${a.version} and ${b.version} compared: ${title}`}
      description={summary.sentence}
      head={<link rel="canonical" href={comparePath(story, a.version, b.version)} />}
    >
      <div class="column">
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
        {fallbacks.length > 0 && (
          <p class="meta">These texts differ so much that parts of them were compared by a coarser method.</p>
        )}
        <article aria-label="Changes">
          {headline && <Headline change={headline} />}
          <FieldChanges changes={fields.filter((change) => change !== headline)} />
          <Changes comparison={comparison} />
        </article>
        {versions.length > 1 && (
          <CompareForm story={story} versions={versions} zone={zone} a={a.version} b={b.version} />
        )}
        <p class="meta">
          <a href={comparePath(story, b.version, a.version)}>The other way round</a> ·{' '}
          <a href={historyPath(story)}>All versions</a> · <a href={storyPath(story)}>The story now</a>
        </p>
      </div>
    </Page>
  );
}

function Sides({ answer: { story, a, b, comparison }, zone }: { answer: ComparisonAnswer; zone: string }) {
  const { words, blocks, shareChanged } = comparison.summary;
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
          {words.removed > 0 && <Count sign="−" count={words.removed} />} {words.added + words.removed > 0 && 'words'}
          {blocks.moved > 0 && ` · ${plural(blocks.moved, 'paragraph')} moved`}
          {shareChanged > 0 && ` · ${percent(shareChanged)} of the story`}
        </span>
      </span>
    </div>
  );
}

const percent = (share: number): string => (share < 0.01 ? 'less than 1 %' : `${Math.round(share * 100)} %`);
