/** Chooses two versions to compare: a form that works without script. */
import type { StoryAnswer, VersionItem } from '../history/answers.js';
import { storyPath } from './addresses.js';
import { since } from './life.js';
import { type Detail, detailFor, timeText } from './times.js';
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
  const times = readable.map((item) => since(item) ?? item.inForceFrom);
  const detail = detailFor(times, zone);
  const options = { readable, detail, zone };
  return (
    <form method="get" action={`${storyPath(story)}/compare`} class="choose">
      {view && <input type="hidden" name="view" value={view} />}
      <label class="field" for="a">
        <span>Compare</span>
        <Choice name="a" chosen={a ?? readable[1]?.version} {...options} />
      </label>
      <label class="field" for="b">
        <span>with</span>
        <Choice name="b" chosen={b ?? readable[0]?.version} {...options} />
      </label>
      <button type="submit" class="button plain">
        Compare
      </button>
    </form>
  );
}

interface ChoiceProps {
  name: string;
  chosen: number | undefined;
  readable: readonly VersionItem[];
  detail: Detail;
  zone: string;
}

const Choice = ({ name, chosen, readable, detail, zone }: ChoiceProps) => (
  <select id={name} name={name}>
    {chosen !== undefined && readable.every(({ version }) => version !== chosen) && (
      <option value={chosen} selected>
        Version {chosen}
      </option>
    )}
    {readable.map((item) => (
      <option value={item.version} selected={item.version === chosen}>
        Version {item.version}, {timeText(since(item) ?? item.inForceFrom, zone, detail)}: {actsOf(item).join(', ')}
      </option>
    ))}
  </select>
);
