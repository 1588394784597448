/** The record replayed for auditors: each event, its texts checked, and the story as it stood after it. */
import type { StepsAnswer } from '../audit/replay-story.js';
import { detailFor, full, Time } from '../reading/times.js';
import type { TextState } from '../story/events.js';
import { type Frame, Page } from '../web/page.js';
import type { Target } from './action.js';
import { deskPath } from './addresses.js';
import { Crumbs } from './form-page.js';
import { headlineIn } from './target.js';
import { eventWords, readersFind } from './words.js';

export const stepsAPage = 50;

type Step = StepsAnswer['items'][number];

interface ReplayProps {
  frame: Frame;
  target: Target;
  steps: StepsAnswer;
  /** The revision of the step that is looked at. */
  at: number;
}

export function ReplayPage({ frame, target, steps, at }: ReplayProps) {
  const { story, zone } = target;
  const path = `${deskPath(story!)}/replay`;
  const { items, next } = steps;
  const index = Math.max(
    0,
    items.findIndex(({ revision }) => revision === at),
  );
  const step = items[index];
  const before = step && step.revision > 0 ? step.revision - 1 : undefined;
  const after = items[index + 1]?.revision ?? next ?? undefined;
  const detail = detailFor(
    items.flatMap(({ recordedAt }) => recordedAt ?? []),
    zone,
  );
  return (
    <Page frame={frame} title={`Replay: ${headlineIn(target)}`} desk unlisted>
      <div class="column">
        <Crumbs target={target} />
        <h1 class="small">Replay the record</h1>
        {step && <OneStep step={step} zone={zone} />}
        <nav class="pages" aria-label="Steps">
          {before === undefined ? (
            <span />
          ) : (
            <a href={`${path}?at=${before}`} rel="prev">
              Step back
            </a>
          )}
          {after !== undefined && (
            <a href={`${path}?at=${after}`} rel="next">
              Next step
            </a>
          )}
        </nav>
        <h2>The steps</h2>
        <ol class="steps" start={items[0]?.revision ?? 0}>
          {items.map((one) => (
            <li value={one.revision} aria-current={one === step ? 'step' : undefined}>
              <a href={`${path}?at=${one.revision}`}>{one.type ?? 'Unreadable'}</a>{' '}
              <span class="meta">
                {one.recordedAt && <Time at={one.recordedAt} zone={zone} detail={detail} />}
                {isBad(one) && <span class="tag w">Faults</span>}
              </span>
            </li>
          ))}
        </ol>
        {next !== null && (
          <p class="meta">
            <a href={`${path}?at=${next}`}>Later steps</a>
          </p>
        )}
        <p class="meta">
          As JSON: <a href={`/api/stories/${story!.id}/replay`}>replay</a> ·{' '}
          <a href={`/api/stories/${story!.id}/events`}>the record</a>
        </p>
      </div>
    </Page>
  );
}

const isBad = ({ faults, illegalities, texts }: Step): boolean =>
  faults.length + illegalities.length > 0 || Object.values(texts).includes('missing');

const states: Record<TextState, string> = {
  verified: 'as it was recorded',
  erased: 'erased by authority',
  'erasure-pending': 'erased by authority, not yet gone from every file',
  missing: 'missing: this is damage',
};

function OneStep({ step, zone }: { step: Step; zone: string }) {
  const { revision, type, recordedAt, hash, faults, illegalities, texts, state } = step;
  return (
    <section aria-labelledby="step">
      <h2 id="step">
        Revision {revision}: {type ?? 'unreadable'}
      </h2>
      {type && <p>{eventWords({ type }, zone)}</p>}
      <dl class="fields">
        {recordedAt && (
          <>
            <dt>Recorded</dt>
            <dd>
              <Time at={recordedAt} zone={zone} detail={{ ...full, exact: true }} />
            </dd>
          </>
        )}
        <dt>Record</dt>
        <dd>
          {faults.length === 0 ? 'Whole, and names the one before it' : faults.join('; ')}
          <br />
          SHA-256 <code>{hash}</code>
        </dd>
        <dt>Rules</dt>
        <dd>
          {illegalities.length === 0
            ? 'What it says could happen there'
            : illegalities.map(({ detail }) => detail).join('; ')}
        </dd>
        <dt>Texts</dt>
        <dd>
          {Object.entries(texts).map(([name, text]) => (
            <>
              <code>{name}</code> {states[text]}
              <br />
            </>
          ))}
          {Object.keys(texts).length === 0 && 'None'}
        </dd>
        {state ? (
          <>
            <dt>Readers then got</dt>
            <dd>
              {readersFind(state.status, state.inForce ?? 0)}
              {state.headline !== null && (
                <>
                  {' '}
                  <bdi>{state.headline}</bdi>
                </>
              )}
            </dd>
            <dt>Versions</dt>
            <dd>
              {state.versions}
              {state.waiting.map(({ version, inForceFrom }) => (
                <>
                  , version {version} waiting until <Time at={inForceFrom} zone={zone} detail={full} />
                </>
              ))}
              {state.cancelled.length > 0 && `, cancelled: ${state.cancelled.join(', ')}`}
            </dd>
          </>
        ) : (
          <>
            <dt>The story then</dt>
            <dd>can’t be told from here on</dd>
          </>
        )}
      </dl>
    </section>
  );
}
