/** An action's form: what is asked for, with what was typed, and, where it was refused, why. */
import type { Happened } from '../editing/stories.js';
import { comparePath } from '../reading/addresses.js';
import { detailBeside, Time } from '../reading/times.js';
import { Page } from '../web/page.js';
import type { Action, Doing, Target } from './action.js';
import { actionPath, deskPath } from './addresses.js';
import type { Group, Typed, Wrong } from './fields.js';
import { ErrorSummary, Form } from './form.js';
import { headlineIn } from './target.js';
import { eventWords } from './words.js';

export interface FormPageProps {
  doing: Doing;
  groups: readonly Group[];
  typed: Typed;
  /** Nothing, where it has not been refused. */
  refused?: { title: string; wrong: readonly Wrong[]; since?: readonly Happened[] };
}

export const titleFor = (action: Action, target: Target): string => action.title?.(target) ?? action.name;

export function FormPage({ doing, groups, typed, refused }: FormPageProps) {
  const { frame, name, action, target, etag } = doing;
  const { story, zone, asked } = target;
  const title = titleFor(action, target);
  const intro = action.intro?.(target);
  return (
    <Page frame={frame} title={refused ? `Not done: ${title}` : title} desk unlisted>
      <div class="column">
        <Crumbs target={target} />
        <h1 class="small">{title}</h1>
        {refused && <ErrorSummary title={refused.title} wrong={refused.wrong} groups={groups} />}
        {refused?.since && <Since target={target} since={refused.since} />}
        {intro && <p class="summary">{intro}</p>}
        <Form
          action={actionPath(story, name, asked)}
          groups={groups}
          typed={typed}
          wrong={refused?.wrong ?? []}
          zone={zone}
          carried={etag === undefined ? {} : { etag }}
        >
          <button type="submit" name="step" value="preview" class="button">
            See what this does
          </button>
          {action.more && (
            <button type="submit" name="step" value="more" class="button plain">
              {action.more.label}
            </button>
          )}
          <a href={story ? deskPath(story) : '/desk'}>Leave it</a>
        </Form>
        <p class="meta">Nothing is recorded before you have seen what it does. Times are in {zone}.</p>
      </div>
    </Page>
  );
}

export const Crumbs = ({ target }: { target: Target }) => (
  <p class="meta crumbs">
    <a href="/desk">Desk</a>
    {target.story && (
      <>
        {' / '}
        <a href={deskPath(target.story)}>
          <bdi>{headlineIn(target)}</bdi>
        </a>
      </>
    )}
  </p>
);

/** What has happened while somebody was typing. */
function Since({ target: { story, zone, now, versions }, since }: { target: Target; since: readonly Happened[] }) {
  const made = since.findLast(({ version }) => version !== undefined)?.version;
  const against = versions.find(({ version }) => version === made)?.changes?.against;
  return (
    <div class="notice standing">
      <b>What has happened since</b>
      {since.length === 0 ? (
        'A time has come: another version is in force now.'
      ) : (
        <ul>
          {since.map(({ type, version, recordedAt }) => (
            <li>
              <Time at={recordedAt} zone={zone} detail={detailBeside(recordedAt, now, zone)} />{' '}
              {eventWords({ type, version }, zone)}
            </li>
          ))}
        </ul>
      )}
      {story && made !== undefined && against && (
        <a href={comparePath(story, against, made)}>See what changed in version {made}</a>
      )}
    </div>
  );
}
