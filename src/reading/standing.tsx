/** Says of a page that is not the story as it is now what it is: which version, in force when, recorded when. */
import type { AsOfAnswer, InForce, VersionAnswer, VersionItem } from '../history/answers.js';
import { type Instant, msOf } from '../story/instant.js';
import { storyPath, versionPath } from './addresses.js';
import { type Detail, detailBeside, full, Range, Time } from './times.js';
import { withdrawalNames } from './words.js';

/** The version in force, a version, or what was in force at a moment. */
export type Shown =
  | { kind: 'version'; answer: VersionAnswer }
  /** `asked` is the moment that was asked for, which may be yet to come. */
  | { kind: 'now' | 'as-of'; answer: AsOfAnswer; asked?: Instant };

/** Above a page that is not the story as it is now. */
export function Standing({ page, zone }: { page: Shown; zone: string }) {
  const { answer } = page;
  const { story, version } = answer;
  const back = <a href={storyPath(story)}>Read it as it is now</a>;
  if (page.kind === 'version') {
    return (
      <div class="notice standing">
        <b>Version {version}</b>
        <InForceWords reigns={answer.reigns} answer={answer} zone={zone} />.{' '}
        <RecordedWords answer={answer} zone={zone} />
        {back}
      </div>
    );
  }
  const { at, knownAt, reign, withdrawal } = page.answer.asOf;
  const ahead = page.asked !== undefined && msOf(page.asked) > msOf(at);
  return (
    <div class="notice standing">
      {ahead ? (
        <b>
          <Time at={page.asked!} zone={zone} detail={full} /> is yet to come; this is the story as it is now
        </b>
      ) : (
        <b>
          As of <Time at={at} zone={zone} detail={{ ...full, exact: !at.endsWith(':00.000Z') }} />
        </b>
      )}
      {withdrawal ? (
        <>
          The story was withdrawn then ({withdrawalNames[withdrawal.kind].toLowerCase()}); this is what it had said
          last: version {version}.{' '}
        </>
      ) : (
        <>
          The story stood at <a href={versionPath(story, version)}>version {version}</a>, in force{' '}
          <Range from={reign.from} until={reign.until} zone={zone} detail={reignDetail([reign], at, zone)} />.{' '}
        </>
      )}
      {knownAt && (
        <>
          As known at <Time at={knownAt} zone={zone} detail={full} />.{' '}
        </>
      )}
      <RecordedWords answer={answer} zone={zone} />
      {back}
    </div>
  );
}

/** The same detail for all ends of some times in force, enough to read them beside `other`. */
export function reignDetail(reigns: readonly InForce[], other: Instant, zone: string): Detail {
  const details = reigns
    .flatMap(({ from, until }) => (until ? [from, until] : [from]))
    .map((at) => detailBeside(at, other, zone));
  const short = reigns.flatMap(({ from, until }) => (until ? [detailBeside(from, until, zone)] : []));
  return {
    day: details.some(({ day }) => day),
    year: details.some(({ year }) => year),
    seconds: short.some(({ seconds }) => seconds),
    exact: short.some(({ exact }) => exact),
  };
}

function InForceWords({ reigns, answer, zone }: { reigns: readonly InForce[]; answer: VersionAnswer; zone: string }) {
  if (answer.waiting) {
    return (
      <>
        Waiting: in force from <Time at={answer.inForceFrom} zone={zone} detail={full} />
      </>
    );
  }
  if (reigns.length === 0) return <>Never in force</>;
  return (
    <>
      In force <Reigns reigns={reigns} zone={zone} />
    </>
  );
}

/** `from … to … and …`; of at least one time in force. */
export function Reigns({ reigns: [first, ...rest], zone }: { reigns: readonly InForce[]; zone: string }) {
  const { seconds = false, exact = false } = first!.until ? detailBeside(first!.from, first!.until, zone) : {};
  const detail = { ...full, seconds, exact };
  return (
    <>
      {first!.until === null ? (
        <Range from={first!.from} until={null} zone={zone} detail={detail} />
      ) : (
        <>
          from <Time at={first!.from} zone={zone} detail={detail} /> to{' '}
          <Time at={first!.until} zone={zone} detail={detailBeside(first!.until, first!.from, zone)} />
        </>
      )}
      {rest.map(({ from, until }) => (
        <>
          {' '}
          and <Range from={from} until={until} zone={zone} detail={reignDetail([{ from, until }], first!.from, zone)} />
        </>
      ))}
    </>
  );
}

function RecordedWords({ answer, zone }: { answer: VersionItem; zone: string }) {
  if (answer.recordedAt === answer.inForceFrom) return null;
  return (
    <>
      {answer.imported ? 'Imported, and recorded here' : 'Recorded'}{' '}
      <Time at={answer.recordedAt} zone={zone} detail={full} />.{' '}
    </>
  );
}
