/** Chooses two versions to compare: a form that works without script. */
import type { StoryAnswer, VersionItem } from '../history/answers.js';
import { storyPath } from './addresses.js';
import { since } from './life.js';
import { detailFor, shown, timeText } from './times.js';
import { actsOf } from './words.js';

interface CompareFormProps {
  story: StoryAnswer;
  /** Newest first. */
  versions: readonly VersionItem[];
  zone: string;
  /** By default the last version and the one before it. */
  a?: number;
  b?: number;
  /** In which they are shown; none: the page's own. */
  view?: string;
}

export function CompareForm({ story, versions, zone, a, b, view }: CompareFormProps) {
  const readable = versions.filter((item) => item.acts.length > 0);
  const options = { versions, zone };
  const action = `${storyPath(story)}/compare`;
  const inView = view && <input type="hidden" name="view" value={view} />;
  return (
    <>
      <form method="get" action={action} class="choose">
        {inView}
        <VersionChoice name="a" label="Compare" chosen={a ?? readable[1]?.version} {...options} />
        <VersionChoice name="b" label="with" chosen={b ?? readable[0]?.version} {...options} />
        <button type="submit" class="button plain">
          Compare
        </button>
      </form>
      <details class="meta">
        <summary>Compare two moments</summary>
        <form method="get" action={action} class="choose">
          {inView}
          <Moment name="a" label="As of" />
          <Moment name="b" label="with" />
          <button type="submit" class="button plain">
            Compare
          </button>
          <span class="meta" data-times="">
            Times are in {zone}.
          </span>
        </form>
      </details>
    </>
  );
}

const Moment = ({ name, label }: { name: string; label: string }) => (
  <label class="field" for={`moment-${name}`}>
    <span>{label}</span>
    <input id={`moment-${name}`} type="datetime-local" name={name} step="1" required />
  </label>
);

interface VersionChoiceProps extends Pick<CompareFormProps, 'versions' | 'zone'> {
  name: string;
  label: string;
  chosen: number | undefined;
}

/** One of a story's versions, of those that may be read. */
export function VersionChoice({ name, label, chosen, versions, zone }: VersionChoiceProps) {
  const readable = versions.filter((item) => item.acts.length > 0);
  const times = readable.map((item) => since(item) ?? item.inForceFrom);
  // The zone is named, and without script it is the publisher's.
  const detail = { ...detailFor(times, zone), zone: true };
  return (
    <label class="field" for={name}>
      <span>{label}</span>
      <select id={name} name={name}>
        {chosen !== undefined && readable.every(({ version }) => version !== chosen) && (
          <option value={chosen} selected>
            Version {chosen}
          </option>
        )}
        {readable.map((item, index) => (
          <option
            value={item.version}
            selected={item.version === chosen}
            data-at={times[index]}
            data-show={shown(detail)}
            data-said={`Version ${item.version}: ${actsOf(item).join(', ')}, `}
          >
            Version {item.version}: {actsOf(item).join(', ')}, {timeText(times[index]!, zone, detail)}
          </option>
        ))}
      </select>
    </label>
  );
}
