/** The words that pages use for what happened, how much changed and what is no longer there. */
import type { ComponentChildren } from 'preact';
import { type Absence, type Absent, isAbsent } from '../content/types.js';
import type { CorrectionItem, VersionItem, WithdrawalAnswer } from '../history/answers.js';
import type { Act } from '../story/events.js';
import { plural } from './times.js';

const absences: Record<Absence, string> = {
  hidden: 'removed by the publisher',
  erased: 'erased for good',
  'erasure-pending': 'erased for good',
  missing: 'missing from the record',
};

/** Stands where a text was that may not, or can no longer, be shown: in our words, whatever the story's language. */
export const Removed = ({ what, absence }: { what: string; absence: Absence }) => (
  <span class="removed" lang="en" dir="ltr">
    [{what} {absences[absence]}]
  </span>
);

/** A text somebody typed, kept from turning the words around it; or that it is gone. */
export function Typed({ text, what, children }: { text: string | Absent; what: string; children?: ComponentChildren }) {
  if (isAbsent(text)) return <Removed what={what} absence={text._absent} />;
  return <bdi>{children ?? text}</bdi>;
}

/** For places that hold nothing but characters, such as a document's title: no markup, nothing that turns text around. */
export const plainTitle = (text: string | Absent | null | undefined, otherwise: string): string =>
  text === null || text === undefined || isAbsent(text)
    ? otherwise
    : text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');

export const noHeadline = 'Headline removed';

export { tongueOf } from '../content/tongue.js';

export const actNames: Record<Act, string> = {
  StoryPublished: 'Published',
  StoryUpdated: 'Update',
  StatementAdded: 'Statement added',
  CorrectionIssued: 'Correction',
  VersionRestored: 'Restoration',
};

/** What made a version, most telling first; a plain update is not named beside what it came with. */
export function actsOf(
  item: Pick<VersionItem, 'acts' | 'significance' | 'statements' | 'restored' | 'correction'>,
): string[] {
  const acts = (['StoryPublished', 'CorrectionIssued', 'VersionRestored', 'StatementAdded', 'StoryUpdated'] as const)
    .filter((act) => item.acts.includes(act))
    .filter((act, _, all) => act !== 'StoryUpdated' || all.length === 1);
  return acts.map((act) => {
    if (act === 'StoryUpdated' && item.significance === 'minor') return 'Minor update';
    if (act === 'StatementAdded' && item.statements.length > 1) return `${item.statements.length} statements added`;
    if (act === 'CorrectionIssued' && item.correction) return correctionNames[item.correction];
    if (act === 'VersionRestored' && item.restored !== undefined) return `Version ${item.restored} restored`;
    return actNames[act];
  });
}

/** One of `actsOf(item)`. */
export const ActTag = ({ act, item }: { act: string; item: Pick<VersionItem, 'correction'> }) => (
  <span class={item.correction && act === correctionNames[item.correction] ? 'tag c' : 'tag'}>{act}</span>
);

export const isCorrection = (item: Pick<VersionItem, 'acts'>): boolean => item.acts.includes('CorrectionIssued');

/** Who speaks in the statements a version added. */
export const Speakers = ({ statements }: Pick<VersionItem, 'statements'>) => (
  <>
    {statements.map(({ speaker, organisation }, index) => (
      <>
        {index > 0 && '; '}
        <Typed text={speaker} what="Name" />
        {organisation !== undefined && (
          <>
            , <Typed text={organisation} what="organisation" />
          </>
        )}
      </>
    ))}
  </>
);

/** `+34 −9 words`; all of the words where nothing came before. */
export function Size({ changes, unit = true }: { changes: VersionItem['changes']; unit?: boolean }) {
  if (!changes) return null;
  const { added, removed } = changes.words;
  if (changes.against === null) return <>{plural(added, 'word')}</>;
  if (added + removed === 0) return <>no words of the text changed</>;
  return (
    <>
      {added > 0 && <Count sign="+" count={added} />}
      {added > 0 && removed > 0 && ' '}
      {removed > 0 && <Count sign="−" count={removed} />}
      {unit && ` ${added + removed === 1 ? 'word' : 'words'}`}
    </>
  );
}

export const Count = ({ sign, count }: { sign: '+' | '−'; count: number }) => (
  <span class={sign === '+' ? 'plus' : 'minus'}>
    <span aria-hidden="true">{sign}</span>
    <span class="hidden">{sign === '+' ? 'added: ' : 'removed: '}</span>
    {count.toLocaleString('en')}
  </span>
);

export const correctionNames: Record<CorrectionItem['kind'], string> = {
  correction: 'Correction',
  clarification: 'Clarification',
  'editors-note': 'Editor’s note',
  retraction: 'Retraction',
};

export const withdrawalNames: Record<WithdrawalAnswer['kind'], string> = {
  unpublished: 'Unpublished',
  retracted: 'Retracted',
  killed: 'Withdrawn: not for use',
  takedown: 'Removed by legal demand',
};
