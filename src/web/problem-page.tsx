/** A refusal as a page, for whoever came with a browser. */
import { type Frame, Page, renderPage } from './page.js';
import type { ProblemDocument } from './problem.js';

export function problemPage(problem: ProblemDocument, frame: Frame): string {
  return renderPage(
    <Page frame={frame} title={problem.title} unlisted>
      <div class="column">
        <span class="kicker">{problem.status}</span>
        <h1>{problem.title}</h1>
        <p class="summary">{problem.detail}</p>
        {problem.faults && (
          <ul class="faults">
            {problem.faults.map((fault) => (
              <li>
                <code>{'pointer' in fault ? fault.pointer : fault.parameter}</code> {fault.detail}
              </li>
            ))}
          </ul>
        )}
        {problem.status === 503 && (
          <p>
            <a href={problem.instance}>Try again</a> in a few seconds.
          </p>
        )}
        <p class="meta">
          <a href="/">All stories</a> · <a href={problem.type}>What this means</a> · Correlation id{' '}
          <code>{problem.correlationId}</code>
        </p>
      </div>
    </Page>,
  );
}
