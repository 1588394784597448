/** The three ways in which the page shows a comparison. A thread may render them, so they depend on nothing else. */
import { renderToString } from 'preact-render-to-string';
import { renderText } from '../compare/render-text.js';
import type { Comparison } from '../compare/types.js';
import { renderingsOf } from '../history/renderings.js';
import { Changes } from './changes.js';
import { FieldChanges, Headline, SpeakerChanges } from './fields.js';

/** What changed besides the body, then the body. */
export function Differences({ comparison, beside = false }: { comparison: Comparison; beside?: boolean }) {
  const headline = comparison.fields.find(({ name }) => name === 'headline');
  return (
    <>
      {headline && <Headline change={headline} />}
      <FieldChanges changes={comparison.fields.filter((change) => change !== headline)} />
      <SpeakerChanges statements={comparison.statements} />
      <Changes comparison={comparison} beside={beside} />
    </>
  );
}

/** By the names of `?view=`; the first is the default. */
export const viewNames = ['in-place', 'side-by-side', 'plain'] as const;
export type ViewName = (typeof viewNames)[number];

export const renderings = renderingsOf<ViewName>(import.meta.url, {
  'in-place': (comparison) => renderToString(<Differences comparison={comparison} />),
  'side-by-side': (comparison) => renderToString(<Differences comparison={comparison} beside />),
  plain: (comparison) =>
    renderToString(
      <pre class="plain" tabindex={0} dir="auto">
        {renderText(comparison, { context: 1 }).split('\n').slice(2).join('\n')}
      </pre>,
    ),
});
