/** What each problem code means: the pages that the `type` of a problem document leads to. */
import type { VNode } from 'preact';
import { type Frame, Page } from '../web/page.js';
import type { ProblemType } from '../web/problem.js';

/** A text with `code` in it. */
const explained = (text: string) => text.split('`').map((part, index) => (index % 2 ? <code>{part}</code> : part));

export const problemTypePage = (frame: Frame, code: string, { status, title, explanation }: ProblemType): VNode => (
  <Page frame={frame} title={title}>
    <div class="column">
      <span class="kicker">Problem {status}</span>
      <h1>{title}</h1>
      <p class="summary">{explained(explanation)}</p>
      <p class="meta">
        Code <code>{code}</code>, HTTP status {status} · <a href="/problems">All problems</a>
      </p>
    </div>
  </Page>
);

export const problemListPage = (frame: Frame, types: readonly (readonly [string, ProblemType])[]): VNode => (
  <Page frame={frame} title="Problems">
    <h1>Problems</h1>
    <p class="summary">Every refusal of this service has a code that never changes its meaning.</p>
    <section class="wide" tabindex={0} aria-label="Problem codes">
      <table>
        <caption class="hidden">Problem codes</caption>
        <thead>
          <tr>
            <th scope="col">Code</th>
            <th scope="col">Status</th>
            <th scope="col">Meaning</th>
          </tr>
        </thead>
        <tbody>
          {types.map(([code, { status, title }]) => (
            <tr>
              <td>
                <a href={`/problems/${code}`}>
                  <code>{code}</code>
                </a>
              </td>
              <td class="num">{status}</td>
              <td>{title}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  </Page>
);
