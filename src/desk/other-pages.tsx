/** Pages of the desk for when something is in the way: a session that has ended, a view that has not caught up. */
import { type Frame, Page } from '../web/page.js';
import type { Typed } from './fields.js';
import { Carried } from './form.js';

interface SignedOutProps {
  frame: Frame;
  /** Where what was typed goes on. */
  action: string;
  typed: Typed;
}

/** What was typed is on this page until they are back: signing in elsewhere in the browser is enough. */
export const SignedOutPage = ({ frame, action, typed }: SignedOutProps) => (
  <Page frame={frame} title="You are signed out" desk unlisted>
    <div class="column">
      <h1>You are signed out</h1>
      <p class="summary">
        Your session has ended, so nothing was recorded. What you typed is kept on this page: leave it open, sign in in
        another one, then come back and go on.
      </p>
      <ol>
        <li>
          <a href="/sign-in" target="_blank" rel="noopener">
            Sign in (opens another page)
          </a>
        </li>
        <li>
          <form method="post" action={action}>
            <Carried values={{ ...typed, step: 'edit' }} />
            <button type="submit" class="button">
              Go on with what I typed
            </button>
          </form>
        </li>
      </ol>
    </div>
  </Page>
);

export const LatePage = ({ frame }: { frame: Frame }) => (
  <Page frame={frame} title="Recorded" desk unlisted>
    <div class="column">
      <h1>Recorded</h1>
      <p class="summary">It is recorded for good. This node doesn’t show it yet; load this page again in a moment.</p>
      <p class="meta">
        <a href="/desk">Desk</a>
      </p>
    </div>
  </Page>
);
