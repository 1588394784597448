/** Who wrote what: a version with each passage marked by the version that wrote it, those versions, and what has left. */
import { isAbsent } from '../content/types.js';
import type {
  AuthoredText,
  AuthoringVersion,
  AuthorshipAnswer,
  RemovedSentenceAnswer,
  VersionAnswer,
  VersionItem,
} from '../history/answers.js';
import { Page } from '../web/page.js';
import { authorshipPath, comparePath, historyPath, storyPath, versionPath } from './addresses.js';
import { Passages, passageId, type Told, tellingOf } from './authored.js';
import { Body } from './body.js';
import { VersionChoice } from './compare-form.js';
import { Recorded } from './life.js';
import { Withdrawal } from './notices.js';
import { Standing } from './standing.js';
import type { Reading } from './story-page.js';
import { TellingOf } from './text.js';
import { detailFor, plural, Time } from './times.js';
import { noHeadline, plainTitle, Typed, tongueOf } from './words.js';

interface AuthorshipPageProps extends Reading {
  answer: AuthorshipAnswer;
  /** The version whose words these are. */
  whole: VersionAnswer;
  /** Marks the words of this version alone. */
  by?: number;
  /** Whether this is the first page of what has left. */
  first: boolean;
  /** For the form that chooses another: newest first; may be empty. */
  versions: readonly VersionItem[];
}

export function AuthorshipPage({ frame, zone, answer, whole, by, first, versions }: AuthorshipPageProps) {
  const { story, version, headline, standfirst, body } = answer;
  const { content } = whole;
  const tongue = tongueOf(content.fields);
  const told = toldOf(answer, by, zone);
  const words = wordsBy(answer);
  const title = plainTitle(whole.headline, noHeadline);
  return (
    <Page
      frame={frame}
      title={`Who wrote what: ${title} (version ${version})`}
      head={<link rel="canonical" href={authorshipPath(story, version)} />}
    >
      <div class="page authorship">
        <div>
          <span class="kicker">Who wrote what</span>
          <h1 {...tongue}>
            <Field
              text={headline}
              otherwise={content.fields.headline ?? { _absent: 'missing' }}
              what="Headline"
              told={told}
            />
          </h1>
          <p class="summary">{sentenceOf(words, version, by)}</p>
          <p class="meta">
            {by === undefined ? (
              'The number before a passage is the version that first wrote it; later versions are marked more strongly. Point at a passage, or go to its number, to see when and why.'
            ) : (
              <a href={authorshipPath(story, version)}>Mark the words of all versions</a>
            )}
          </p>
          {versions.length > 1 && <Choose {...{ story, versions, version, zone }} />}
          <Withdrawal withdrawal={story.withdrawal} zone={zone} />
          <Standing page={{ kind: 'version', answer: whole }} zone={zone} />
          <article {...tongue} aria-label={`Version ${version}`}>
            {content.fields.standfirst !== undefined && (
              <p class="standfirst">
                <Field text={standfirst} otherwise={content.fields.standfirst} what="Standfirst" told={told} />
              </p>
            )}
            <TellingOf.Provider value={tellingOf(content.body, body, told)}>
              <Body content={content} />
            </TellingOf.Provider>
          </article>
          <Left {...{ answer, content, by, first, told }} />
        </div>
        <aside class="history" aria-labelledby="versions">
          <h2 class="kicker" id="versions">
            {by === undefined ? 'Whose words these are' : 'Whose words are marked'}
          </h2>
          <Versions {...{ answer, words, told, by, zone }} />
          <p class="meta">
            <a href={versionPath(story, version)}>Read version {version}</a> ·{' '}
            <a href={historyPath(story)}>All versions</a> · <a href={storyPath(story)}>The story now</a>
          </p>
        </aside>
      </div>
    </Page>
  );
}

/** Steps in which later versions are marked more strongly. */
const ages = 4;

function toldOf(
  { versions, headline, standfirst, body }: AuthorshipAnswer,
  by: number | undefined,
  zone: string,
): Told {
  const authors = new Set(
    [headline, standfirst, ...body].flatMap((text) => text?.spans.map(({ first }) => first) ?? []),
  );
  const line = [...authors].sort((one, other) => one - other);
  return {
    versions: new Map(versions.map((one) => [one.version, one])),
    ageOf: (version) =>
      by !== undefined ? ages : line.length < 2 ? 0 : Math.round((line.indexOf(version) / (line.length - 1)) * ages),
    zone,
    detail: detailFor(
      versions.map(({ inForceFrom }) => inForceFrom),
      zone,
    ),
  };
}

type Words = ReadonlyMap<number, number>;

/** How many words each version first wrote. */
function wordsBy({ headline, standfirst, body }: AuthorshipAnswer): Words {
  const words = new Map<number, number>();
  for (const text of [headline, standfirst, ...body]) {
    for (const span of text?.spans ?? []) words.set(span.first, (words.get(span.first) ?? 0) + span.words);
  }
  return words;
}

function sentenceOf(words: Words, version: number, by: number | undefined): string {
  const all = [...words.values()].reduce((sum, count) => sum + count, 0);
  if (by !== undefined) {
    if (all === 0) return `Version ${version} has no words that version ${by} wrote first.`;
    return `Marked: ${plural(all, 'word')} of version ${version} that version ${by} wrote first.`;
  }
  if (all === 0) return `Version ${version} has no words.`;
  const most = [...words].sort(([one, a], [other, b]) => b - a || one - other);
  if (most.length === 1)
    return `All ${plural(all, 'word')} of version ${version} were first written in version ${most[0]![0]}.`;
  const [told, rest] = most.length > 3 ? [most.slice(0, 2), most.slice(2)] : [most, []];
  const parts = told.map(([number, count], index) =>
    index
      ? `${count.toLocaleString('en')} in version ${number}`
      : `${count.toLocaleString('en')} were first written in version ${number}`,
  );
  if (rest.length) {
    const left = rest.reduce((sum, [, count]) => sum + count, 0);
    parts.push(`${left.toLocaleString('en')} in ${rest.length} others`);
  }
  return `Of the ${plural(all, 'word')} of version ${version}, ${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}.`;
}

interface FieldProps {
  /** null: nothing of it is to be marked. */
  text: AuthoredText | null;
  otherwise: AuthoredText['text'];
  what: string;
  told: Told;
}

function Field({ text, otherwise, what, told }: FieldProps) {
  if (text === null || isAbsent(text.text) || isAbsent(otherwise)) return <Typed text={otherwise} what={what} />;
  return (
    <bdi>
      <Passages text={text.text} spans={text.spans} told={told} id={passageId(what.toLowerCase())} />
    </bdi>
  );
}

interface VersionsProps {
  answer: AuthorshipAnswer;
  words: Words;
  told: Told;
  by: number | undefined;
  zone: string;
}

function Versions({ answer: { story, version, versions }, words, told, by, zone }: VersionsProps) {
  return (
    <ol>
      {[...versions].reverse().map((one) => {
        const { version: number, inForceFrom, note, editor } = one;
        const count = words.get(number);
        return (
          <li id={`version-${number}`} class={number === version ? 'on' : undefined}>
            <span id={`why-${number}`}>
              <Time at={inForceFrom} zone={zone} detail={told.detail} />{' '}
              <a href={versionPath(story, number)} class={count ? `age-${told.ageOf(number)}` : undefined}>
                Version {number}
              </a>
              {editor && (
                <>
                  {', '}
                  <Typed text={'name' in editor ? editor.name : editor} what="Name" />
                </>
              )}
              {note !== null && (
                <>
                  <br />
                  <Typed text={note} what="Note" />
                </>
              )}
              <Recorded item={one} zone={zone} />
            </span>
            <br />
            <span class="size">
              {count ? plural(count, 'word') : 'none of these words'}
              {count && by === undefined && words.size > 1 ? (
                <>
                  {' '}
                  ·{' '}
                  <a href={authorshipPath(story, version, number)}>
                    mark only these<span class="hidden">: the words of version {number}</span>
                  </a>
                </>
              ) : null}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

type ChooseProps = Pick<AuthorshipPageProps, 'versions' | 'zone'> & Pick<AuthorshipAnswer, 'story' | 'version'>;

const Choose = ({ story, versions, version, zone }: ChooseProps) => (
  <form method="get" action={authorshipPath(story)} class="choose">
    <VersionChoice name="version" label="Who wrote" chosen={version} versions={versions} zone={zone} />
    <button type="submit" class="button plain">
      Show
    </button>
  </form>
);

interface LeftProps extends Pick<AuthorshipPageProps, 'answer' | 'by' | 'first'> {
  told: Told;
  content: VersionAnswer['content'];
}

/** The sentences that are gone, the last that left first. */
function Left({ answer: { story, version, removed, next }, content, by, first, told }: LeftProps) {
  if (removed.length === 0 && first) return null;
  const here = authorshipPath(story, version, by);
  const keys = new Set(content.body.map(({ _key }) => _key));
  return (
    <section class="gone-from" aria-labelledby="left">
      <h2 id="left">{by === undefined ? 'Sentences that have left' : `Sentences that left in version ${by}`}</h2>
      {removed.length === 0 && <p class="empty">There are no more.</p>}
      {leavingsOf(removed).map(({ lastIn, leftIn, sentences }) => (
        <>
          <h3>
            <a href={comparePath(story, lastIn, leftIn)}>Left in version {leftIn}</a>
            {lastIn !== leftIn - 1 && `, last in version ${lastIn}`}{' '}
            <Because {...{ version: told.versions.get(leftIn), told }} />
          </h3>
          <ul>
            {sentences.map((sentence) => (
              <li>
                <del class="words">
                  <bdi>{sentence.text}</bdi>
                </del>{' '}
                <span class="meta">
                  <Stood sentence={sentence} here={sentence.block !== undefined && keys.has(sentence.block)} />
                  {sentence.returnedIn !== undefined && (
                    <a href={versionPath(story, sentence.returnedIn)}>back in version {sentence.returnedIn}</a>
                  )}
                </span>
              </li>
            ))}
          </ul>
        </>
      ))}
      {(!first || next) && (
        <nav class="pages" aria-label="Pages of what has left">
          {first ? <span /> : <a href={here}>The last that left</a>}
          {next && (
            <a href={`${here}&cursor=${encodeURIComponent(next)}#left`} rel="next">
              More that left before
            </a>
          )}
        </nav>
      )}
    </section>
  );
}

const Because = ({ version, told: { zone, detail } }: { version: AuthoringVersion | undefined; told: Told }) =>
  version ? (
    <span class="meta">
      <Time at={version.inForceFrom} zone={zone} detail={detail} />
      {version.note !== null && (
        <>
          : <Typed text={version.note} what="Note" />
        </>
      )}
    </span>
  ) : null;

interface Leaving {
  lastIn: number;
  leftIn: number;
  /** In the order of the text. */
  sentences: RemovedSentenceAnswer[];
}

/** Neighbours that left together. */
function leavingsOf(removed: readonly RemovedSentenceAnswer[]): Leaving[] {
  const leavings: Leaving[] = [];
  for (const sentence of removed) {
    const { lastIn, leftIn } = sentence;
    const last = leavings.at(-1);
    if (last && last.lastIn === lastIn && last.leftIn === leftIn) last.sentences.unshift(sentence);
    else leavings.push({ lastIn, leftIn, sentences: [sentence] });
  }
  return leavings;
}

/** Where a sentence stood. `here`: its paragraph is still part of the version. */
function Stood({ sentence: { part, block }, here }: { sentence: RemovedSentenceAnswer; here: boolean }) {
  if (part !== 'body') return <>in the {part} </>;
  if (!here) return null;
  return (
    <>
      in <a href={`#${passageId(block!)}`}>a paragraph that is still here</a>{' '}
    </>
  );
}
