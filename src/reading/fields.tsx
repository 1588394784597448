/** Compared fields: the headline, and a list of the others before and after. */
import type { ComponentChildren } from 'preact';
import type { FieldChange, StatementChanges } from '../compare/types.js';
import { type Absent, isAbsent, type Json } from '../content/types.js';
import { Runs } from './runs.js';
import { Removed, Typed } from './words.js';

export function Headline({ change: { before, after, runs } }: { change: FieldChange }) {
  return <h2>{runs ? <Runs runs={runs} /> : <BeforeAndAfter before={before} after={after} what="Headline" />}</h2>;
}

const labels: Record<FieldChange['name'], string> = {
  headline: 'Headline',
  standfirst: 'Standfirst',
  byline: 'Byline',
  authors: 'Authors',
  section: 'Section',
  tags: 'Tags',
  language: 'Language',
  leadImage: 'Lead image',
  source: 'Source',
  url: 'Address',
  fields: 'Other field',
};

export function FieldChanges({ changes }: { changes: readonly FieldChange[] }) {
  if (changes.length === 0) return null;
  return (
    <dl class="fields">
      {changes.map(({ name, member, before, after, runs }) => (
        <>
          <dt>{member === undefined ? labels[name] : <bdi>{member}</bdi>}</dt>
          <dd>{runs ? <Runs runs={runs} /> : <BeforeAndAfter before={before} after={after} what={labels[name]} />}</dd>
        </>
      ))}
    </dl>
  );
}

/** Statements that have another speaker, or speak for another organisation. */
export function SpeakerChanges({ statements: { changed } }: { statements: StatementChanges }) {
  const apart = (one: Json | Absent | undefined, other: Json | Absent | undefined) =>
    JSON.stringify(one) !== JSON.stringify(other);
  const rows = changed.flatMap(({ before, after }) => [
    ...(apart(before.speaker, after.speaker)
      ? [{ what: 'Statement by', before: before.speaker, after: after.speaker }]
      : []),
    ...(apart(before.organisation, after.organisation)
      ? [{ what: 'Statement for', before: before.organisation, after: after.organisation }]
      : []),
  ]);
  if (rows.length === 0) return null;
  return (
    <dl class="fields">
      {rows.map(({ what, before, after }) => (
        <>
          <dt>{what}</dt>
          <dd>
            <BeforeAndAfter before={before} after={after} what="Name" />
          </dd>
        </>
      ))}
    </dl>
  );
}

type Value = Json | Absent | undefined;

export function BeforeAndAfter({ before, after, what }: { before: Value; after: Value; what: string }) {
  return (
    <>
      {before !== undefined && (
        <del>
          <span class="hidden">Removed: </span>
          <Shown value={before} what={what} />
        </del>
      )}{' '}
      {after !== undefined && (
        <ins>
          <span class="hidden">Added: </span>
          <Shown value={after} what={what} />
        </ins>
      )}
    </>
  );
}

function Shown({ value, what }: { value: Json | Absent; what: string }): ComponentChildren {
  if (isAbsent(value)) return <Removed what={what} absence={value._absent} />;
  return <Typed text={inWords(value as Json)} what={what} />;
}

/** A value as a line of text: lists by commas, members by their names. */
export function inWords(value: Json): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(inWords).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  if (typeof value.name === 'string') return value.role ? `${value.name} (${inWords(value.role)})` : value.name;
  return Object.entries(value)
    .map(([name, member]) => `${name}: ${inWords(member)}`)
    .join('; ');
}
