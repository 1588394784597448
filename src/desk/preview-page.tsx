/** What a change would do, before it is done: what is recorded, what changes in the words, what readers then find. */
import { type Content, type Dropped, isAbsent } from '../content/types.js';
import type { Foreseen } from '../editing/change-story.js';
import type { Told as Compared } from '../history/answers.js';
import { Body, Image } from '../reading/body.js';
import { NoticeWords } from '../reading/notices.js';
import { full, Time, timeText } from '../reading/times.js';
import { Typed as Shown, tongueOf } from '../reading/words.js';
import { Page } from '../web/page.js';
import type { Doing, Target } from './action.js';
import { actionPath, deskPath } from './addresses.js';
import type { Typed } from './fields.js';
import { Carried } from './form.js';
import { Crumbs, titleFor } from './form-page.js';
import { eventWords, readersFind } from './words.js';

interface PreviewPageProps {
  /** Its tag: what the form began from. */
  doing: Doing;
  typed: Typed;
  /** By which a second sending of the same form is known. */
  key: string;
  foreseen: Foreseen;
  /** The words now and then, as HTML of ours; `busy`: too many long comparisons wait. */
  compared?: Compared | 'busy';
  dropped: readonly Dropped[];
}

export function PreviewPage({ doing, typed, key, foreseen, compared, dropped }: PreviewPageProps) {
  const { frame, name, action, target, etag } = doing;
  const { story, zone, asked } = target;
  const title = titleFor(action, target);
  const changes = foreseen.events.length > 0;
  return (
    <Page frame={frame} title={`Before it is done: ${title}`} desk unlisted>
      <div class="column">
        <Crumbs target={target} />
        <h1 class="small">{title}</h1>
        <p class="summary">
          {changes
            ? 'Nothing is recorded yet. This is what it would do.'
            : 'This would change nothing, so nothing would be recorded.'}
        </p>
        {changes && (
          <>
            <section aria-labelledby="changes">
              <h2 id="changes">What will change</h2>
              <ul class="events">
                {foreseen.events.map(({ type, data }) => (
                  <li>{eventWords({ type, data }, zone)}</li>
                ))}
              </ul>
              <Told lines={action.told?.(target) ?? []} />
              <Dropping dropped={dropped} />
              <Said typed={typed} />
            </section>
            <Readers target={target} foreseen={foreseen} />
            <Words target={target} foreseen={foreseen} compared={compared} />
          </>
        )}
        <form method="post" action={actionPath(story, name, asked)} class="desk-form">
          <Carried values={{ ...typed, ...(etag !== undefined && { etag }), key }} />
          <div class="buttons">
            {changes && (
              <button type="submit" name="step" value="act" class="button">
                {typeof action.button === 'function' ? action.button(target) : (action.button ?? title)}
              </button>
            )}
            <button type="submit" name="step" value="edit" class="button plain">
              Go back and change it
            </button>
            <a href={story ? deskPath(story) : '/desk'}>Leave it</a>
          </div>
        </form>
      </div>
    </Page>
  );
}

const linesTold = 200;

const Told = ({ lines }: { lines: readonly string[] }) =>
  lines.length === 0 ? null : (
    <ul class="events">
      {lines.slice(0, linesTold).map((line) => (
        <li>{line}</li>
      ))}
      {lines.length > linesTold && <li>and {lines.length - linesTold} more</li>}
    </ul>
  );

/** The public words that go with a change, as readers will get them. */
function Said({ typed }: { typed: Typed }) {
  const said = (['notice', 'note'] as const).filter((name) => typed[name]);
  if (said.length === 0) return null;
  return (
    <>
      {said.map((name) => (
        <aside class="notice" aria-label={name === 'notice' ? 'Notice' : 'Change note'}>
          <b>
            {name === 'note'
              ? 'Change note'
              : typed.kind === 'unpublished'
                ? 'Notice, which readers are not shown'
                : 'Notice'}
          </b>
          <NoticeWords notice={typed[name]!} />
        </aside>
      ))}
    </>
  );
}

function Dropping({ dropped }: { dropped: readonly Dropped[] }) {
  if (dropped.length === 0) return null;
  return (
    <div class="notice">
      <b>Not kept as typed</b>
      <ul>
        {dropped.slice(0, 50).map(({ what, line }) => (
          <li>
            <bdi>{what}</bdi>
            {line !== undefined && `, line ${line}`}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Readers({ target: { story, zone, now }, foreseen }: { target: Target; foreseen: Foreseen }) {
  const { readers, version, inForceFrom, slug } = foreseen;
  const later =
    inForceFrom !== undefined && inForceFrom > now && version !== null && version !== readers.versionInForce;
  const open = readers.status === 'published' || readers.status === 'not-yet-in-force';
  const cancelled = foreseen.events.some(
    ({ type, data }) => type === 'VersionCancelled' && (data as { version: number }).version === version,
  );
  return (
    <section aria-labelledby="readers">
      <h2 id="readers">What readers will see</h2>
      <dl class="fields">
        {story && (
          <>
            <dt>Now</dt>
            <dd>{readersFind(story.status, story.versionInForce ?? 0)}</dd>
          </>
        )}
        <dt>Once it is done</dt>
        <dd>{readersFind(readers.status, readers.versionInForce)}</dd>
        {later && !cancelled && (
          <>
            <dt>
              {open ? 'From' : 'Once it is reinstated, from'} <Time at={inForceFrom} zone={zone} detail={full} />
            </dt>
            <dd>Version {version}.</dd>
          </>
        )}
        {slug !== undefined && slug !== story?.slug && (
          <>
            <dt>Address</dt>
            <dd>/stories/{slug}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Words({
  target: { zone },
  foreseen,
  compared,
}: Pick<PreviewPageProps, 'foreseen' | 'compared'> & { target: Target }) {
  const { before, after, inForceFrom } = foreseen;
  if (!after) return null;
  return (
    <>
      {before && compared && <Differing compared={compared} base={before.version} />}
      <details open={!compared} class="whole">
        <summary>
          The whole version{inForceFrom !== undefined && `, in force from ${timeText(inForceFrom, zone, full)}`}
        </summary>
        <Whole content={after} />
      </details>
    </>
  );
}

function Differing({ compared, base }: { compared: Compared | 'busy'; base: number }) {
  return (
    <section aria-labelledby="words">
      <h2 id="words">The words, compared with version {base}</h2>
      {compared === 'busy' ? (
        <p>Too many long comparisons are being made just now. Go back and come here again to see this one.</p>
      ) : (
        <>
          <p>{compared.summary.changed ? <bdi>{compared.summary.sentence}</bdi> : 'The words stay as they are.'}</p>
          {compared.summary.changed && (
            <article
              aria-label="Changes"
              dangerouslySetInnerHTML={{ __html: Buffer.concat(compared.bytes).toString() }}
            />
          )}
        </>
      )}
    </section>
  );
}

function Whole({ content }: { content: Content }) {
  const { fields } = content;
  return (
    <article aria-label="The whole version" {...tongueOf(fields)}>
      {fields.section !== undefined && (
        <p class="kicker">
          <Shown text={fields.section} what="Section" />
        </p>
      )}
      {fields.headline !== undefined && (
        <p class="headline">
          <Shown text={fields.headline} what="Headline" />
        </p>
      )}
      {fields.standfirst !== undefined && (
        <p class="standfirst">
          <Shown text={fields.standfirst} what="Standfirst" />
        </p>
      )}
      {fields.byline !== undefined && (
        <p class="meta">
          <Shown text={fields.byline} what="Byline" />
        </p>
      )}
      {fields.leadImage !== undefined && !isAbsent(fields.leadImage) && <Image image={fields.leadImage} />}
      <Body content={content} />
    </article>
  );
}
