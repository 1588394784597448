/** The desk: what waits, what is withdrawn, what is in force, the newest first; search; and the way to a new story. */
import type { Viewer } from '../access/viewer.js';
import type { StoriesAnswer, StoryItem } from '../history/answers.js';
import type { History, StoriesAsked, StoriesStatus } from '../history/questions.js';
import { detailBeside, Time } from '../reading/times.js';
import { noHeadline, Typed, withdrawalNames } from '../reading/words.js';
import type { Instant } from '../story/instant.js';
import { type Frame, Page } from '../web/page.js';
import { deskPath } from './addresses.js';
import { given } from './target.js';

/** Of a list by itself, and of one among others. */
const [storiesAPage, storiesAList] = [50, 10];

interface Here {
  frame: Frame;
  zone: string;
  now: Instant;
}

interface ListShown {
  status: StoriesStatus;
  title: string;
  answer: StoriesAnswer;
}

const lists = [
  { status: 'waiting', title: 'Waiting', empty: 'Nothing is waiting.' },
  { status: 'withdrawn', title: 'Withdrawn', empty: 'Nothing is withdrawn.' },
  { status: 'never-in-force', title: 'Never in force', empty: undefined },
  { status: 'in-force', title: 'In force', empty: 'Nothing is in force.' },
] as const;

/** `asked`: one list by its status, words to search for, where to go on; all lists where nothing is asked. */
export async function deskPage(
  history: History,
  viewer: Viewer,
  here: Here & { asked: Readonly<Record<string, string>> },
) {
  const { q, status, cursor } = here.asked;
  const one = q ? 'in-force' : lists.find((list) => list.status === status)?.status;
  const list = async (asked: StoriesAsked) => given(await history.stories(viewer, asked));
  const answers = await Promise.all(
    lists
      .filter((list) => one === undefined || list.status === one)
      .map(async ({ status, title }): Promise<ListShown> => {
        const limit = one === undefined && status !== 'in-force' ? storiesAList : storiesAPage;
        const answer = await list({ status, limit, ...(q && { q }), ...(one && cursor && { cursor }) });
        return { status, title, answer };
      }),
  );
  return <DeskPage {...here} answers={answers} writes={viewer.may('publish')} />;
}

type DeskProps = Here & {
  asked: Readonly<Record<string, string>>;
  answers: readonly ListShown[];
  writes: boolean;
};

function DeskPage({ frame, zone, now, asked, answers, writes }: DeskProps) {
  const { q = '', cursor } = asked;
  const empty = answers.every(({ answer }) => answer.items.length === 0);
  const isWhole = answers.length > 1;
  return (
    <Page frame={frame} title={q ? `Desk: ${q}` : 'Desk'} desk unlisted>
      <div class="column">
        <h1>{isWhole ? 'Desk' : <a href="/desk">Desk</a>}</h1>
        <form method="get" action="/desk" class="desk-search">
          <div class="field">
            <label for="q">Search what is in force</label>
            <input type="search" id="q" name="q" value={q} maxlength={500} />
          </div>
          <button type="submit" class="button plain">
            Search
          </button>
          {writes && (
            <a class="button" href="/desk/new">
              New story
            </a>
          )}
        </form>
        {isWhole && empty ? (
          <p class="empty">There are no stories yet.{writes && ' Write the first one.'}</p>
        ) : (
          answers.map((list) => (
            <OneList list={list} isWhole={isWhole} first={cursor === undefined} q={q} zone={zone} now={now} />
          ))
        )}
      </div>
    </Page>
  );
}

interface OneListProps extends Pick<Here, 'zone' | 'now'> {
  list: ListShown;
  isWhole: boolean;
  first: boolean;
  q: string;
}

function OneList({ list, isWhole, first, q, zone, now }: OneListProps) {
  const { status, title, answer } = list;
  // What waits is listed as waiting, what is withdrawn as withdrawn; a search finds all of it.
  const items = answer.items.filter((item) => {
    if (status === 'never-in-force') return !isWhole || !item.waiting;
    return status !== 'in-force' || q !== '' || !item.withdrawal;
  });
  const empty = q ? `Nothing in force says “${q}”.` : lists.find((one) => one.status === status)?.empty;
  if (items.length === 0 && isWhole && empty === undefined) return null;
  const address = (more: Record<string, string>) =>
    `/desk?${new URLSearchParams({ ...(q ? { q } : { status }), ...more })}`;
  return (
    <section aria-labelledby={status}>
      <h2 id={status}>{q ? `In force, with “${q}”` : title}</h2>
      {items.length === 0 ? (
        <p class="meta">{empty}</p>
      ) : (
        <ul class="desk-stories">
          {items.map((item) => (
            <Entry item={item} status={status} zone={zone} now={now} />
          ))}
        </ul>
      )}
      {(!first || answer.next !== null) && (
        <nav class="pages" aria-label={`Pages of the list: ${title}`}>
          {first ? <span /> : <a href={address({})}>To the beginning</a>}
          {answer.next !== null && (
            <a href={isWhole && status !== 'in-force' ? address({}) : address({ cursor: answer.next })} rel="next">
              {isWhole && status !== 'in-force' ? `All of them: ${title.toLowerCase()}` : 'More'}
            </a>
          )}
        </nav>
      )}
    </section>
  );
}

function Entry({ item, status, zone, now }: Pick<Here, 'zone' | 'now'> & { item: StoryItem; status: StoriesStatus }) {
  const { story, headline, version, inForceFrom, withdrawal, hidden, cancelled, section, matches = [] } = item;
  const time = (at: Instant) => <Time at={at} zone={zone} detail={{ ...detailBeside(at, now, zone), zone: true }} />;
  const others = status === 'waiting' ? [] : (story.waiting ?? []);
  return (
    <li>
      <a href={deskPath(story)}>{headline === null ? noHeadline : <Typed text={headline} what="Headline" />}</a>
      {matches.slice(0, 2).map(({ excerpt }) => (
        <p class="words">
          <bdi>{excerpt.map(({ text, match }) => (match ? <mark>{text}</mark> : text))}</bdi>
        </p>
      ))}
      <p class="meta">
        Version {version}
        {status === 'waiting' ? ', from ' : cancelled ? ', cancelled; was to be from ' : ', since '}
        {time(inForceFrom)}
        {section !== null && (
          <>
            {' · '}
            <Typed text={section} what="Section" />
          </>
        )}
        {others.map((waiting) => (
          <>
            {' · '}
            <span class="tag w">Waiting</span> version {waiting.version}, from {time(waiting.inForceFrom)}
          </>
        ))}
        {withdrawal && (
          <>
            {' · '}
            <span class="tag w">{withdrawalNames[withdrawal.kind]}</span> {time(withdrawal.from)}
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
