/** The desk: what waits, what is withdrawn, what is in force, the newest first; and the way to a new story. */
import type { Viewer } from '../access/viewer.js';
import type { Answer, History, StoriesAnswer, StoriesAsked, StoryItem } from '../history/answers.js';
import { detailBeside, Time } from '../reading/times.js';
import { noHeadline, Typed, withdrawalNames } from '../reading/words.js';
import type { Instant } from '../story/instant.js';
import { type Frame, Page } from '../web/page.js';
import { Refused } from '../web/problem.js';
import { deskPath } from './addresses.js';

const storiesAPage = 30;

interface Here {
  frame: Frame;
  zone: string;
  now: Instant;
  asked: Readonly<Record<string, string>>;
}

type Lists = { [K in 'inForce']: StoriesAnswer };

export async function deskPage(history: History, viewer: Viewer, here: Here) {
  const { cursor } = here.asked;
  const list = async (asked: StoriesAsked) => given(await history.stories(viewer, { limit: storiesAPage, ...asked }));
  const lists = { inForce: await list({ ...(cursor && { cursor }) }) };
  return <DeskPage {...here} lists={lists} writes={viewer.may('publish')} />;
}

function given<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  throw new Refused(answer.refusal);
}

function DeskPage({ frame, zone, now, asked, lists, writes }: Here & { lists: Lists; writes: boolean }) {
  const { items, next } = lists.inForce;
  const first = asked.cursor === undefined;
  return (
    <Page frame={frame} title="Desk" desk unlisted>
      <div class="column">
        <h1>Desk</h1>
        {writes && (
          <p>
            <a class="button" href="/desk/new">
              New story
            </a>
          </p>
        )}
        <section aria-labelledby="in-force">
          <h2 id="in-force">In force</h2>
          <Stories items={items} zone={zone} now={now} empty="Nothing has been published yet." />
          {(!first || next) && (
            <nav class="pages" aria-label="Pages of the list">
              {first ? <span /> : <a href="/desk">Newest stories</a>}
              {next && (
                <a href={`/desk?${new URLSearchParams({ cursor: next })}`} rel="next">
                  Earlier stories
                </a>
              )}
            </nav>
          )}
        </section>
      </div>
    </Page>
  );
}

function Stories({
  items,
  zone,
  now,
  empty,
}: Pick<Here, 'zone' | 'now'> & { items: readonly StoryItem[]; empty: string }) {
  if (items.length === 0) return <p class="meta">{empty}</p>;
  return (
    <ul class="desk-stories">
      {items.map((item) => (
        <Entry item={item} zone={zone} now={now} />
      ))}
    </ul>
  );
}

function Entry({ item, zone, now }: Pick<Here, 'zone' | 'now'> & { item: StoryItem }) {
  const { story, headline, version, inForceFrom, withdrawal, hidden } = item;
  const time = (at: Instant) => <Time at={at} zone={zone} detail={{ ...detailBeside(at, now, zone), zone: true }} />;
  return (
    <li>
      <a href={deskPath(story)}>{headline === null ? noHeadline : <Typed text={headline} what="Headline" />}</a>
      <p class="meta">
        Version {version}, since {time(inForceFrom)}
        {(story.waiting ?? []).map((waiting) => (
          <>
            {' · '}
            <span class="tag w">Waiting</span> version {waiting.version}, from {time(waiting.inForceFrom)}
          </>
        ))}
        {withdrawal && (
          <>
            {' · '}
            <span class="tag w">{withdrawalNames[withdrawal.kind]}</span>
          </>
        )}
        {hidden && (
          <>
            {' · '}
            <span class="tag w">Hidden from readers</span>
          </>
        )}
      </p>
    </li>
  );
}
