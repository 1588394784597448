/** Forms of the desk as HTML: labels, groups, what is wrong in words above them and beside each field. */
import type { ComponentChildren } from 'preact';
import { localInput, readMoment } from '../reading/moment.js';
import type { Field, Group, Typed, Wrong } from './fields.js';

interface Shown {
  typed: Typed;
  wrong: readonly Wrong[];
  zone: string;
}

interface FormProps extends Shown {
  /** Where it is sent: the address it stands at. */
  action: string;
  groups: readonly Group[];
  /** Sent along unseen. */
  carried?: Typed;
  children: ComponentChildren;
}

export const Form = ({ action, groups, carried = {}, children, ...shown }: FormProps) => (
  <form method="post" action={action} class="desk-form">
    <Carried values={{ ...carriedOf(groups, shown.typed), ...carried }} />
    {groups.map((group) => (
      <FieldGroup group={group} alone={groups.length === 1} {...shown} />
    ))}
    <div class="buttons">{children}</div>
  </form>
);

const carriedOf = (groups: readonly Group[], typed: Typed): Typed =>
  Object.fromEntries(
    groups
      .flatMap(({ fields }) => fields)
      .filter(({ kind, name }) => kind === 'carried' && typed[name] !== undefined)
      .map(({ name }) => [name, typed[name]!]),
  );

export const Carried = ({ values }: { values: Typed }) => (
  <>
    {Object.entries(values).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
  </>
);

/** What is wrong, first on the page and in focus; each fault leads to its field. */
export function ErrorSummary({
  title,
  wrong,
  groups,
}: {
  title: string;
  wrong: readonly Wrong[];
  groups: readonly Group[];
}) {
  const fields = groups.flatMap((group) => group.fields);
  const labelOf = (name: string) => {
    const field = fields.find((one) => one.name === name);
    return field && field.kind !== 'check' && field.kind !== 'carried' ? `${field.label}: ` : '';
  };
  return (
    <div class="errors" role="alert" aria-labelledby="errors" tabindex={-1} autofocus>
      <h2 id="errors">{title}</h2>
      <ul>
        {wrong.map(({ field, detail }) => (
          <li>
            {field === undefined ? (
              <bdi>{detail}</bdi>
            ) : (
              <a href={`#${field}`}>
                {labelOf(field)}
                {detail}
              </a>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function FieldGroup({ group, alone, ...shown }: { group: Group; alone: boolean } & Shown) {
  const { legend, hint, fields, folded } = group;
  const seen = fields.filter(({ kind }) => kind !== 'carried');
  if (seen.length === 0 && !hint) return null;
  const inside = (
    <>
      {hint && <p class="hint">{hint}</p>}
      {seen.map((field) => (
        <OneField field={field as Seen} {...shown} />
      ))}
    </>
  );
  if (!folded) {
    return (
      <fieldset>
        <legend class={alone ? 'hidden' : undefined}>{legend}</legend>
        {inside}
      </fieldset>
    );
  }
  const open = seen.some(
    ({ name }) => (folded === 'until-typed' && shown.typed[name]) || shown.wrong.some(({ field }) => field === name),
  );
  return (
    <details open={open} class="group">
      <summary>{legend}</summary>
      <fieldset>
        <legend class="hidden">{legend}</legend>
        {inside}
      </fieldset>
    </details>
  );
}

type Seen = Exclude<Field, { kind: 'carried' }>;

function OneField({ field, typed, wrong, zone }: { field: Seen } & Shown) {
  const { name, label, hint, required } = field;
  const value = typed[name] ?? '';
  const faults = wrong.filter((fault) => fault.field === name);
  const described = [hint && `${name}-hint`, faults.length > 0 && `${name}-error`].filter(Boolean).join(' ');
  const attributes = {
    id: name,
    name,
    ...(described && { 'aria-describedby': described }),
    ...(faults.length > 0 && { 'aria-invalid': 'true' as const }),
    ...(required && { 'aria-required': 'true' as const }),
  };
  const about = (
    <>
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {faults.length > 0 && (
        <p class="fault" id={`${name}-error`}>
          {faults.map(({ detail }) => detail).join(' ')}
        </p>
      )}
    </>
  );
  if (field.kind === 'choice') {
    const { id: _, ...group } = attributes;
    return (
      <fieldset class="choice" aria-describedby={group['aria-describedby']}>
        <legend>{label}</legend>
        {about}
        {field.choices.map((choice, index) => (
          <div class="option">
            <input
              type="radio"
              id={index === 0 ? name : `${name}-${choice.value}`}
              name={name}
              value={choice.value}
              checked={choice.value === value}
              aria-describedby={choice.hint && `${name}-${choice.value}-hint`}
            />
            <label for={index === 0 ? name : `${name}-${choice.value}`}>{choice.label}</label>
            {choice.hint && (
              <p class="hint" id={`${name}-${choice.value}-hint`}>
                {choice.hint}
              </p>
            )}
          </div>
        ))}
      </fieldset>
    );
  }
  if (field.kind === 'check') {
    return (
      <div class="option">
        <input type="checkbox" {...attributes} value={field.value} checked={value === field.value} />
        <label for={name}>
          {label}
          {field.excerpt && (
            <span class="excerpt">
              <bdi>
                {field.excerpt.before}
                <mark>{field.excerpt.match}</mark>
                {field.excerpt.after}
              </bdi>
            </span>
          )}
        </label>
        {about}
      </div>
    );
  }
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {about}
      <Control field={field} value={value} attributes={attributes} zone={zone} />
    </div>
  );
}

interface ControlProps {
  field: Exclude<Seen, { kind: 'choice' | 'check' }>;
  value: string;
  attributes: object;
  zone: string;
}

function Control({ field, value, attributes, zone }: ControlProps) {
  switch (field.kind) {
    case 'select':
      return (
        <select {...attributes}>
          {field.choices.map((choice) => (
            <option value={choice.value} selected={choice.value === value}>
              {choice.label}
            </option>
          ))}
        </select>
      );
    case 'moment': {
      const at = readMoment(value, zone);
      // What is no moment, or is told more exactly than the control can show, stays as it was typed.
      const local = at ? localInput(at, zone) : '';
      const fits = value === '' || (local !== '' && readMoment(local, zone) === at);
      return fits ? (
        <input type="datetime-local" step="1" {...attributes} value={local} />
      ) : (
        <input type="text" autocomplete="off" spellcheck={false} {...attributes} value={value} />
      );
    }
    case 'text':
      return (
        <textarea {...attributes} rows={field.rows ?? 3} dir="auto">
          {/* A parser of HTML drops the first line end. */}
          {value.startsWith('\n') ? `\n${value}` : value}
        </textarea>
      );
    case 'line':
      return (
        <input
          type="text"
          {...attributes}
          value={value}
          dir={field.plain ? 'ltr' : 'auto'}
          autocomplete="off"
          spellcheck={field.plain ? false : undefined}
        />
      );
  }
}
